"""Who is in which set: a bar, its counts, and what is wrong with them."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.desk import Desk
from app.tabs.frame import Follower
from engine.project.splits import SETS, leaks
from widgets import icons, theme
from widgets.controls import Button, Text, named
from widgets.panels import Panel
from widgets.text import tr

_ROLES: tuple[theme.Role, ...] = ("train", "val", "test")


class _Bar(QWidget):
    """Three shares side by side, 6 px high."""

    def __init__(self) -> None:
        super().__init__()
        named(self, "sets_bar", tr("Shares of the sets"))
        self._counts = (0, 0, 0)
        self.setFixedHeight(6)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_counts(self, counts: tuple[int, int, int]) -> None:
        self._counts = counts
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        shape = QPainterPath()
        shape.addRoundedRect(area, 3, 3)
        painter.setClipPath(shape)
        painter.fillRect(area, theme.color("raised_more"))
        total = sum(self._counts)
        left = 0.0
        for role, count in zip(_ROLES, self._counts, strict=True):
            wide = area.width() * count / total if total else 0.0
            painter.fillRect(QRectF(left, 0, max(wide - 1, 0), area.height()), theme.color(role))
            left += wide


class SetsPart(Panel):
    """Patients (or items, where no patient is known) by set. `why` says why nothing can be trained on them, "" where it can."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(tr("Patients"))
        self._desk = desk
        self.why = ""
        self._bar = _Bar()
        self._unit = Text("", "dim")
        self.add_to_heading(self._unit)
        self._counts = [Text() for _ in SETS]
        self._mark, self._status = Text(), Text()
        self._status.setObjectName("sets_status")
        self._status.setWordWrap(True)
        self._mark.setFixedWidth(18)
        self._link = Button("to_data", tr("Go to Data"), role="link")
        Follower(self._link, desk.commands["tab_data"])
        self.add(self._bar)
        counts = QHBoxLayout()
        for place, text in enumerate(self._counts):
            text.setTextFormat(Qt.TextFormat.RichText)
            if place:
                counts.addStretch(1)
            counts.addWidget(text)
        self.body.addLayout(counts)
        row = self.add_row(self._mark, self._status)
        row.setStretch(1, 1)
        row.setAlignment(self._mark, Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self._link, 0, Qt.AlignmentFlag.AlignLeft)
        theme.watch().changed.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Count again."""
        project = self._desk.session.project
        items = self._desk.session.items()
        masked = project.layers.masked() if project is not None else set()
        patients = any(item.patient for item in items)
        groups = [{item.group for item in items if item.split == name} for name in SETS]
        counts = (len(groups[0]), len(groups[1]), len(groups[2]))
        self._unit.setText("" if patients else tr("no patients known: items"))
        self._bar.set_counts(counts)
        for text, word, count in zip(self._counts, (tr("Train"), tr("Validation"), tr("Test")), counts, strict=True):
            dim = theme.color("dim").name()
            text.setText(f"<span style='color:{dim}'>{word}</span>&nbsp;&nbsp;{count}")
        labelled = sum(item.split == "train" and item.id in masked for item in items)
        watched = sum(item.split == "val" and item.id in masked for item in items)
        self._say(len(items), counts, labelled, watched, leaks(items), patients)

    def _say(
        self,
        items: int,
        counts: tuple[int, int, int],
        labelled: int,
        watched: int,
        torn: Mapping[str, object],
        patients: bool,
    ) -> None:
        self.why = ""
        if not items:
            self.why = tr("There are no items yet. Add images in the Data tab.")
        elif not counts[0]:
            self.why = tr("The training set is empty. Divide the items into sets in the Data tab.")
        elif not labelled:
            self.why = tr("No item of the training set has a mask yet. Paint some, or import masks.")
        if self.why:
            self._show(self.why, "warn", "warning", link=True)
        elif torn:
            names = ", ".join(sorted(torn)[:3])
            self._show(tr("In two sets: {names}. The scores would flatter.", names=names), "bad", "error", link=True)
        elif not watched:
            text = tr("No validation item has a mask: the last network is kept, not the best.")
            self._show(text, "warn", "warning", link=True)
        else:
            text = tr("No patient in two sets") if patients else tr("No item in two sets")
            self._show(text, "good", "check", link=False)

    def _show(self, text: str, role: theme.Role, icon: str, *, link: bool) -> None:
        self._status.setText(text)
        self._status.set_role(role)
        self._mark.setPixmap(icons.pixmap(icon, role, 16, self.devicePixelRatioF()))
        self._link.setVisible(link)
