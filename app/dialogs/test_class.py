"""The question before images of the test set that have a class get another one."""

from collections.abc import Callable, Iterable

from PySide6.QtWidgets import QWidget

from app.dialogs.question import ask
from app.services.project_session import ProjectSession
from widgets.text import tr


def with_leave_for_class(
    session: ProjectSession, parent: QWidget, ids: Iterable[int], label: int | None, give: Callable[[], object]
) -> None:
    """Give these items the class at that place (None: none); where it takes the place of one in the test set, after a yes. What the
    runs are judged by is not changed by a slip of the hand."""
    wanted = set(ids)
    tested = [i for i in session.items() if i.id in wanted and i.split == "test" and i.label not in (None, label)]
    if not tested:
        give()
        return

    def called(place: int | None) -> str:
        return session.classes[place].name if place is not None and place < len(session.classes) else tr("no class")

    if len(tested) == 1:
        text = tr(
            "{name} is in the test set. Change its class from {before} to {after}?",
            name=tested[0].name,
            before=called(tested[0].label),
            after=called(label),
        )
    else:
        text = tr(
            "{count} of the images are in the test set and have a class. Change it to {after}?",
            count=len(tested),
            after=called(label),
        )
    ask(
        parent,
        "test_class",
        text,
        tr("The scores of every run on the test set are counted by its classes. Ctrl+Z takes the change back."),
        tr("Change the class"),
        tr("Leave it"),
        give,
    )
