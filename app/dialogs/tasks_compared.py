"""Classes and masks: classification beside segmentation, and what a U-Net is good and bad at."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from app.dialogs.answers import answered
from engine.tasks import TASKS_COMPARED, UNET_TRAITS
from widgets.column_parts import fit_window, lay_out_dialog, scrolled
from widgets.controls import Heading, PrimaryButton, Separator, Text, named
from widgets.panels import Panel
from widgets.signs import StatusIcon
from widgets.text import tr

_TOP = Qt.AlignmentFlag.AlignTop


def show_tasks_compared(parent: QWidget | None) -> None:
    """Show it until it is closed."""
    answered(TasksComparedDialog(parent))


class TasksComparedDialog(QDialog):
    """Two tables to read."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        title = tr("Classes and masks")
        named(self, "tasks_compared", title)
        self.setWindowTitle(title)
        head = Panel()
        head.add(Text(tr("A class for the image, or a class for each pixel"), "title"))
        tables = Panel()
        about = Heading(tr("U-Net: what it is good at, what it costs, and what is done about it here"))
        tables.add(_compared(), Separator(), about, _traits())
        tables.body.addStretch(1)
        close = PrimaryButton("tasks_compared.close", tr("Close"))
        close.clicked.connect(self.accept)
        lay_out_dialog(self, head, scrolled("tasks_compared.scroll", tables), Panel(), close)
        self.setMinimumWidth(640)
        fit_window(self, 820, 660)


def _compared() -> QWidget:
    heads = "", tr("Classification"), tr("Segmentation")
    rows = [(tr(each.asked), tr(each.classification), tr(each.segmentation)) for each in TASKS_COMPARED]
    table = QWidget()
    grid = _grid(table, (3, 5, 5))
    for column, head in enumerate(heads):
        grid.addWidget(Text(head, "strong"), 0, column)
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row):
            grid.addWidget(_words(text, "dim" if not column else ""), number, column, _TOP)
    return table


def _traits() -> QWidget:
    table = QWidget()
    grid = _grid(table, (0, 4, 6))
    for number, each in enumerate(UNET_TRAITS):
        icon, role = ("check", "good") if each.good else ("warning", "warn")
        grid.addWidget(StatusIcon(icon, role, 14), number, 0, _TOP)  # type: ignore[arg-type]
        grid.addWidget(_words(tr(each.trait)), number, 1, _TOP)
        grid.addWidget(_words(tr(each.here), "dim"), number, 2, _TOP)
    return table


def _grid(table: QWidget, shares: tuple[int, ...]) -> QGridLayout:
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 0, 0, 8)
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(9)
    for column, share in enumerate(shares):
        grid.setColumnStretch(column, share)
    return grid


def _words(text: str, role: str = "") -> Text:
    found = Text(text, role) if role else Text(text)
    found.setWordWrap(True)
    return found
