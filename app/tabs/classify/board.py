"""The board of Classify: every run a row with its curve and scores, the best one marked."""

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QAction, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QMenu

from app.dialogs.remove_run import ask_remove_run
from app.dialogs.run_report import ask_run_report
from app.shell.context import AppContext
from app.tabs.classify.runs import BoardRow
from engine.project.runs import Run, classifier_of
from widgets import icons, network_names, theme
from widgets.csv_text import Row
from widgets.figures import figure, time_taken
from widgets.row_list import RowDelegate, RowTable, TableModel
from widgets.rows import paint_text
from widgets.small_plots import paint_sparkline
from widgets.text import tr
from widgets.theme import Role

_WIDTHS = (28, 0, 0, 116, 74, 74, 60, 70, 106)
_STAR, _NETWORK, _START, _CURVE, _ACCURACY, _F1, _AUC, _TIME, _STATE = range(9)
_GOING = (_CURVE, _TIME, _F1, _AUC, _STATE)  # columns in the order in which they give way: the accuracy is always seen
_NAMES = 270  # px that names and what tells runs of one network apart keep


class _Model(TableModel[BoardRow]):
    def __init__(self) -> None:
        super().__init__(lambda _, row: row.name if row.run is None else row.run.id, len(_WIDTHS))

    def describe(self, row: BoardRow, column: int, role: Qt.ItemDataRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole and column == _NETWORK:
            return f"{row.name} {row.network}".strip()
        if role == Qt.ItemDataRole.ToolTipRole and column == _STAR and row.run is not None:
            return tr("Best on the validation set") if row.best else None
        if role == Qt.ItemDataRole.ToolTipRole and column == _NETWORK and row.run is not None:
            return f"{row.name}\n{network_names.title(classifier_of(row.run))}\n{_began(row)}"
        if role == Qt.ItemDataRole.ToolTipRole and column == _START:
            return _began(row)
        return None

    def table(self) -> Sequence[Row]:
        heads = (
            tr("Name"),
            tr("Network"),
            tr("Started from"),
            tr("Frozen epochs"),
            tr("Encoder's rate"),
            tr("Own settings"),
            tr("Accuracy"),
            tr("Macro F1"),
            tr("AUC"),
            tr("Seconds"),
            tr("State"),
        )
        return [heads, *map(_cells, self.rows)]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        heads = (
            "",
            tr("Network"),
            tr("Start and settings"),
            tr("Learning curve"),
            tr("Accuracy"),
            tr("Macro F1"),
            tr("AUC"),
            tr("Time"),
            "",
        )
        if role == Qt.ItemDataRole.DisplayRole:
            return heads[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section > _CURVE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole and section == _CURVE:
            return tr("Accuracy on the validation set by epoch")
        if role == Qt.ItemDataRole.ToolTipRole and section == _TIME:
            return tr("How long it trained")
        if role == Qt.ItemDataRole.ToolTipRole and section == _START:
            return tr(
                "The weights it started from, for how many epochs they were frozen, the encoder's share of the rate, and the network's own settings that were changed"
            )
        return None


def _text(row: BoardRow, column: int) -> str:
    if column == _NETWORK:
        return row.name
    if column == _START:
        return " · ".join(filter(None, (row.began.line, row.began.own_line)))
    if column == _STATE:
        return row.state
    if _ACCURACY <= column <= _AUC:
        return figure(row.numbers[column - _ACCURACY], 3) if row.run is not None else ""
    return time_taken(row.seconds) if column == _TIME and row.run is not None else ""


def _began(row: BoardRow) -> str:
    """All that tells it from another run of its network."""
    began = row.began
    own = [f"{each.label}: {each.text}" for each in began.own]
    return "\n".join([began.words, *own])


def _cells(row: BoardRow) -> Row:
    began = row.began
    own = "; ".join(f"{each.label}: {each.text}" for each in began.own)
    arch = network_names.short(classifier_of(row.run)) if row.run is not None else None
    told = (row.name, arch, began.start, began.frozen, began.encoder_rate, own)
    return (*told, *row.numbers, row.seconds, row.state)


class _Delegate(RowDelegate[BoardRow]):
    def paint_row(self, painter: QPainter, area: QRectF, row: BoardRow, column: int, picked: bool) -> None:
        if column == _STAR:
            _paint_sign(painter, area, row)
        elif column == _CURVE:
            role: Role = "accent" if picked or row.trains else "dim"
            paint_sparkline(painter, area.adjusted(4, 5, -18, -5), row.curve[-400:], role, row.share)
        else:
            small = column in (_START, _STATE)
            font = theme.font(theme.SMALL_SIZE) if small else theme.font(bold=picked)
            dim = row.run is None or column == _START
            tone: Role = row.tone if column == _STATE else "dim" if dim else "text"
            right = column > _CURVE
            margins = (4, -14 if column == _STATE else -8) if right else (6, -4)
            inner = area.adjusted(margins[0], 0, margins[1], 0)
            taken = paint_text(painter, inner, _text(row, column), tone, font, right=right)
            if column == _NETWORK and row.network:
                rest = inner.adjusted(taken + 8, 0, 0, 0)
                paint_text(painter, rest, row.network, "dim", theme.font(theme.SMALL_SIZE))


def _paint_sign(painter: QPainter, area: QRectF, row: BoardRow) -> None:
    """A star at the best run, a ring that closes at the one that trains."""
    centre = area.center()
    if row.best:
        density = painter.device().devicePixelRatio()
        picture = icons.pixmap("star-filled", "accent", 14, density)
        painter.drawPixmap(round(centre.x() - 6), round(centre.y() - 7), picture)
    elif row.trains:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = QRectF(centre.x() - 6, centre.y() - 6, 12, 12)
        painter.setPen(QPen(theme.color("raised_more"), 2.4))
        painter.drawEllipse(ring)
        painter.setPen(QPen(theme.color("accent"), 2.4))
        painter.drawArc(ring, 90 * 16, -round(360 * 16 * row.share))


class Board(RowTable[BoardRow]):
    """Runs as rows. `picked(run)` when a person goes to another; its menu uses, resumes, reports and removes runs."""

    picked = Signal(object)
    _column = _NETWORK

    def __init__(self, context: AppContext) -> None:
        super().__init__("classify.board", tr("Networks compared"), _Model(), _Delegate())
        self._context = context
        self.set_columns(_WIDTHS, _GOING, _NAMES)

    def set_rows(self, rows: Iterable[BoardRow]) -> None:
        """Show these; the picked run stays picked. Sends nothing."""
        super().set_rows(rows)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where all that may give way is gone, the names have the room of what tells the runs apart: their tool tips say it."""
        super().resizeEvent(event)
        self.setColumnHidden(_START, event.size().width() < _WIDTHS[_STAR] + _NAMES + _WIDTHS[_ACCURACY])

    def current(self) -> Run | None:
        row = self.current_row()
        return None if row is None else row.run

    def _announce(self, row: BoardRow, place: int) -> None:
        self.picked.emit(row.run)

    def _fit(self) -> None:
        """As high as its rows, up to eight; the rest scrolls."""
        shown = min(max(len(self._rows.rows), 1), 8)
        self.setFixedHeight(32 + theme.ROW * shown)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        run = self.current()
        if run is not None and run.bundle.exists():
            self._context.session.predictions.use_run(run)
        super().mouseDoubleClickEvent(event)

    def fill_menu(self, menu: QMenu) -> None:
        run = self.current()
        if run is None:
            return
        writable = self._context.session.writable
        trains = self._context.trainings.run is not None and self._context.trainings.run.id == run.id
        for name, text, does, usable in (
            ("use", tr("Use for predictions"), self._use, run.bundle.exists()),
            (
                "resume",
                tr("Go on training"),
                self._resume,
                writable and run.state == "paused" and not self._context.trainings.training,
            ),
            ("report", tr("Report…"), self._report, run.bundle.exists()),
            ("remove", tr("Remove"), self._remove, writable and not trains),
        ):
            action: QAction = menu.addAction(text)
            action.setObjectName(f"classify.board.{name}")
            action.setEnabled(usable)
            action.triggered.connect(does)

    @Slot()
    def _use(self) -> None:
        run = self.current()
        if run is not None:
            self._context.session.predictions.use_run(run)

    @Slot()
    def _resume(self) -> None:
        run = self.current()
        if run is not None:
            self._context.trainings.resume(run)

    @Slot()
    def _report(self) -> None:
        run = self.current()
        if run is not None:
            ask_run_report(self._context, run, self)

    @Slot()
    def _remove(self) -> None:
        run = self.current()
        if run is not None:
            ask_remove_run(self._context, run, self)
