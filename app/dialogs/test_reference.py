"""The question before a prediction is taken over into a mask of the test set."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.dialogs.question import ask
from app.shell.context import AppContext
from widgets.text import tr


def with_leave(context: AppContext, parent: QWidget, take: Callable[[], object]) -> None:
    """Take the prediction of the open item over; where it is a test case, after a yes, which holds as long as the project is open."""
    session = context.session
    item = session.current.item
    if item is None or item.split != "test" or session.predictions.may_help:
        take()
        return

    def agreed() -> None:
        session.predictions.may_help = True
        if session.current.item is not None and session.current.item.id == item.id:
            take()

    ask(
        parent,
        "test_reference",
        tr("{name} is in the test set. Take the prediction over into its mask?", name=item.name),
        tr(
            "A network that is scored against its own answers looks better than it is. The score stays that of your mask"
            " as it is now, and the case is marked."
        ),
        tr("Take it over"),
        tr("Keep my mask"),
        agreed,
    )
