"""What long work says on its way."""

from typing import TypeVar

from engine.progress import Notice, Work

T = TypeVar("T")


def result_and_notices(work: Work[T]) -> tuple[T, list[Notice]]:
    """Run the work to its end: its result, and the notices that it gave."""
    notices: list[Notice] = []
    while True:
        try:
            event = next(work)
        except StopIteration as stop:
            return stop.value, notices
        if isinstance(event, Notice):
            notices.append(event)


def result_and_said(work: Work[T]) -> tuple[T, list[str]]:
    """Run the work to its end: its result, and the texts of its notices."""
    result, notices = result_and_notices(work)
    return result, [each.text for each in notices]
