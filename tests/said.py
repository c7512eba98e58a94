"""What long work says on its way."""

from typing import TypeVar

from engine.progress import Notice, Work

T = TypeVar("T")


def result_and_said(work: Work[T]) -> tuple[T, list[str]]:
    """Run the work to its end: its result, and the texts of its notices."""
    said: list[str] = []
    while True:
        try:
            event = next(work)
        except StopIteration as stop:
            return stop.value, said
        if isinstance(event, Notice):
            said.append(event.text)
