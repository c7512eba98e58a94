"""Giving images their classes: the image large, the classes as buttons on the digit keys, the items at the left."""

import math
from collections import Counter
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.dialogs.test_class import with_leave_for_class
from app.shell.context import AppContext
from app.tabs.parts.counts import images_text
from app.tabs.parts.explaining import opacity
from app.tabs.scan.why_empty import WhyEmpty
from engine.labels.classes import LabelClass
from engine.project.items import Item
from widgets import theme
from widgets.canvas import Canvas
from widgets.column_parts import HeaderBar, WrappingPair, beside, stacked
from widgets.controls import Button, Choice, FilterChips, KeyCap, SearchField, Separator, named
from widgets.corners import CornerAnnotations
from widgets.elided import ElidedText
from widgets.item_list import ItemList, ItemRow
from widgets.panels import Panel
from widgets.rows import paint_swatch, paint_text
from widgets.text import tip, tr

_KEYS = 9
_LEAST, _MOST = 136, 340  # px: a class button is not narrower, and wishes for no more
_NARROW = 280  # px of the whole page, in the middle of a small window
_NAME, _KEY = 36, 44  # px from the left edge to the name, and that the key takes at the right
_HIGH = 44


class _ClassButton(QAbstractButton):
    """A class: colour, name, how many images have it, its key."""

    def __init__(self, place: int, owner: LabelClass) -> None:
        super().__init__()
        named(self, f"classify.class_{place + 1}", owner.name)
        self.setToolTip(tip(owner.name))
        self._owner, self._count = owner, 0
        self.setCheckable(True)
        self.setFixedHeight(_HIGH)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._key = KeyCap(str(place + 1), self)
        self._key.setVisible(place < _KEYS)

    def show_count(self, count: int) -> None:
        self._count = count
        self.setAccessibleDescription(images_text(count))
        self.update()

    def sizeHint(self) -> QSize:
        name = QFontMetrics(theme.font(14, bold=True)).horizontalAdvance(self._owner.name)
        count = QFontMetrics(theme.font(theme.SMALL_SIZE)).horizontalAdvance(str(self._count))
        return QSize(min(max(_LEAST, _NAME + name + count + _KEY + 10), _MOST), _HIGH)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self._key.sizeHint()
        self._key.move(self.width() - size.width() - 12, (self.height() - 18) // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            ground: theme.Role = (
                "accent_ground" if self.isChecked() else "raised_more" if self.underMouse() else "raised"
            )
            painter.setPen(theme.color("accent") if self.isChecked() else Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(ground))
            painter.drawRoundedRect(area, theme.RADIUS, theme.RADIUS)
            paint_swatch(painter, QRectF(area.left() + 14, area.center().y() - 6, 12, 12), self._owner.color)
            role: theme.Role = "text" if self.isEnabled() else "faint"
            right = area.right() - (_KEY if self._key.isVisible() else 12)
            count = QRectF(area.left(), area.top(), right - area.left(), area.height())
            taken = paint_text(painter, count, str(self._count), "dim", theme.font(theme.SMALL_SIZE), right=True)
            words = QRectF(area.left() + _NAME, area.top(), right - area.left() - _NAME - 8 - taken, area.height())
            paint_text(painter, words, self._owner.name, role, theme.font(14, bold=self.isChecked()))
            if self.hasFocus():
                theme.focus_ring(painter, area)


class _ClassBar(QFrame):
    """The classes side by side, on more rows where the width is used up. `picked(place)` on a press."""

    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.buttons: list[_ClassButton] = []
        self._classes: tuple[LabelClass, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(14, 10, 14, 6)
        self._grid.setSpacing(8)
        self._columns = 0

    def show_classes(self, classes: tuple[LabelClass, ...]) -> None:
        if classes == self._classes:
            return
        self._classes = classes
        for button in self.buttons:
            self._grid.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = [_ClassButton(place, owner) for place, owner in enumerate(classes)]
        for button in self.buttons:
            button.clicked.connect(self._pressed)
        self._columns = 0
        self.arrange()

    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROW, super().minimumSizeHint().height())  # of one column, in which a long name is shortened

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        least = max((button.sizeHint().width() for button in self.buttons), default=_LEAST)
        most = max(1, (self.width() - 28 + 8) // (least + 8))
        columns = math.ceil(len(self.buttons) / max(1, math.ceil(len(self.buttons) / most)))  # rows of one length
        if columns == self._columns:
            return
        self._columns = columns
        for place, button in enumerate(self.buttons):
            self._grid.addWidget(button, place // columns, place % columns)

    @Slot()
    def _pressed(self) -> None:
        button = self.sender()
        place = next((at for at, each in enumerate(self.buttons) if each is button), -1)
        if place >= 0:
            self.picked.emit(place)


class ImagePage(QFrame):
    """The current item, large, and what it is. Digits give it a class; from one that had none they go to the next without one."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.setProperty("role", "scan")
        self._context = context
        self.canvas = Canvas()
        named(self.canvas, "classify.canvas", tr("Image"))
        self._empty = WhyEmpty(context, self.canvas)
        self.bar = _ClassBar()
        self._left = ElidedText("", "dim")
        self._left.setObjectName("classify.left_to_label")
        self._before = Button("classify.previous", tr("Previous"))
        self._after = Button("classify.next", tr("Next"))
        self._none = Button("classify.unlabel", tr("No class"))
        for button, id in ((self._before, "previous_item"), (self._after, "next_item"), (self._none, "unlabel")):
            button.clicked.connect(context.commands[id].trigger)
            button.setToolTip(context.commands[id].toolTip())
        told, walk = QWidget(), beside(KeyCap("A"), self._before, self._after, KeyCap("D"), spacing=8)
        row = QHBoxLayout(told)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._left, 1)
        row.addWidget(KeyCap("0"))
        row.addWidget(self._none)
        foot = QWidget()
        pair = QVBoxLayout(foot)
        pair.setContentsMargins(14, 0, 14, 10)
        pair.addWidget(WrappingPair(told, walk, (1, 0)))
        lower = stacked(Separator(), self.bar, foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.canvas, 1)
        column.addWidget(lower)
        self.bar.picked.connect(self.label)
        session = context.session
        session.current.item_about_to_close.connect(self._empty.clear)
        session.current.image_changed.connect(self._image_changed)
        session.current.item_changed.connect(self._item_changed)
        session.items_changed.connect(self.refresh)
        session.classes_changed.connect(self.refresh)
        session.project_changed.connect(self._project_changed)

    @Slot(int)
    def label(self, place: int) -> None:
        """Give the current item the class at that place (-1: none). From one that had none it goes on to the next without a class;
        another class of a test image is asked about first. Nothing is given to an image that nobody sees yet."""
        session = self._context.session
        item = session.current.item
        if item is None or session.current.image is None or not session.writable or place >= len(session.classes):
            return
        label = place if place >= 0 else None
        if label == item.label:
            return
        if item.label is None:
            session.assignments.set_labels({item.id: label})
            self._go_on(item.id)
        else:  # a correction: the person stays and sees it
            with_leave_for_class(
                session, self, (item.id,), label, partial(session.assignments.set_labels, {item.id: label})
            )

    def _go_on(self, id: int) -> None:
        """To the next image without a class."""
        session = self._context.session
        after = next_unlabelled(session.items(), id)
        if after is not None:
            session.current.open(after)
        else:
            session.notification.emit(tr("Every image has a class."), "good")

    def show_heat(self, case: object) -> None:
        """Lay where a network looked over the image (an Explained of it), or take it away (None)."""
        heat = getattr(case, "heat", None)
        middle = self.canvas.slices // 2  # what networks look at
        self.canvas.set_heat(heat if self.canvas.index == middle else None, opacity())

    @Slot()
    def refresh(self) -> None:
        """The classes, how many images have each, and how many have none."""
        session = self._context.session
        if not self.isVisible() or session.task != "classification":
            return
        self.bar.show_classes(session.classes)
        counts = Counter(item.label for item in session.items())
        for place, button in enumerate(self.bar.buttons):
            button.show_count(counts[place])
        self.bar.arrange()
        left, total = counts[None], sum(counts.values())
        if left == 1:
            text = (
                tr("1 of {total} images has no class yet", total=total)
                if total > 1
                else tr("The image has no class yet")
            )
        elif left:
            text = tr("{left} of {total} images have no class yet", left=left, total=total)
        else:
            text = tr("All {total} images have a class", total=total) if total > 1 else ""
        self._left.say(text)
        self._left.setToolTip(text)
        self._say_why_empty()
        self._tell()

    @Slot()
    def _tell(self) -> None:
        session = self._context.session
        item = session.current.item
        for place, button in enumerate(self.bar.buttons):
            button.setChecked(item is not None and item.label == place)
            button.setEnabled(session.current.image is not None and session.writable)
            button.setToolTip("" if session.writable else tr("The project is open to read only."))
        usable = item is not None and session.current.image is not None and item.label is not None and session.writable
        self._none.setEnabled(usable)
        if item is not None:
            said = session.classes[item.label].name if item.label is not None else tr("no class yet")
            self.canvas.set_corners(CornerAnnotations(title=item.name, subtitle=said, letters=False))

    @Slot()
    def _item_changed(self) -> None:
        if (
            self._context.session.current.image is None
        ):  # the last item's picture must not stand beneath this one's name
            self.canvas.set_image(None)
        self._say_why_empty()
        self._tell()

    @Slot()
    def _image_changed(self) -> None:
        self.canvas.set_image(self._context.session.current.image)
        self._say_why_empty()
        self._tell()

    def _say_why_empty(self) -> None:
        if self._context.session.current.image is not None:
            self._empty.stop_waiting()
        elif self.isVisible():
            self._empty.explain()

    @Slot()
    def _project_changed(self) -> None:
        self.canvas.set_image(None)
        self.refresh()

    def shown(self) -> None:
        """It came to the front."""
        if self._context.session.current.image is not None:
            self.canvas.set_image(self._context.session.current.image)
        self.refresh()
        self.canvas.setFocus()


def next_unlabelled(items: Sequence[Item], after: int) -> int | None:
    """The first item without a class behind that one, from the list's beginning where there is none; None where all have one."""
    ids = [item.id for item in items]
    start = ids.index(after) + 1 if after in ids else 0
    order = [*items[start:], *items[:start]]
    return next((item.id for item in order if item.label is None and item.id != after), None)


class ItemsPanel(QFrame):
    """The project's images with their classes; the ones without first on wish."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._filter = FilterChips("classify.filter", tr("Which images"))
        self.search = SearchField("classify.search", tr("Find an image"))
        self.list = ItemList("classify.items", tr("Images"), tr("No image is like that."))
        head = Panel()
        head.body.setContentsMargins(14, 10, 14, 8)
        head.add(self.search, self._filter)
        frame = stacked(HeaderBar(tr("Images")), head, self.list, grows=self.list)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(frame)
        self.search.searched.connect(self.list.set_search)
        self.search.returnPressed.connect(self.list.pick_first)
        self._filter.picked.connect(self._filtered)
        self.list.picked.connect(context.session.current.open)
        self.list.thumbnail_wanted.connect(context.thumbnails.ask)
        context.thumbnails.ready.connect(self._picture)
        context.thumbnails.forgotten.connect(self.list.forget_thumbnails)
        context.session.project_changed.connect(self._show_all)
        context.session.items_changed.connect(self.refresh)
        context.session.classes_changed.connect(self.refresh)
        context.session.current.item_changed.connect(self._follow)

    @Slot()
    def _show_all(self) -> None:
        """What was looked for was of another project."""
        self.search.clear()
        self._filter.set_choices([Choice("all", tr("All"))], "all")

    @Slot()
    def refresh(self) -> None:
        session = self._context.session
        if not self.isVisible() or session.task != "classification":
            return
        items = session.items()
        counts = Counter(item.label for item in items)
        choices = [
            Choice("all", tr("All"), count=len(items)),
            Choice("none", tr("No class"), count=counts[None]),
            *(Choice(c.identity, c.name, count=counts[place]) for place, c in enumerate(session.classes[:12])),
        ]
        self._filter.set_choices(choices)
        self._fill(items)

    def _fill(self, items: Sequence[Item]) -> None:
        wanted = self._filter.current()
        classes = self._context.session.classes
        shown = [
            item
            for item in items
            if wanted in ("all", "") or wanted == ("none" if item.label is None else classes[item.label].identity)
        ]
        sets = {"train": tr("Training"), "val": tr("Validation"), "test": tr("Test"), "": tr("No set")}
        none = tr("no class")
        by_id = {item.id: item for item in shown}
        self.list.set_ids(list(by_id), lambda id: _row(by_id[id], classes, sets[by_id[id].split], none))
        self._follow()

    @Slot()
    def _filtered(self) -> None:
        self._fill(self._context.session.items())

    @Slot()
    def _follow(self) -> None:
        item = self._context.session.current.item
        self.list.set_current(item.id if item is not None else None)

    @Slot(int, QImage)
    def _picture(self, item: int, picture: QImage) -> None:
        self.list.set_thumbnail(item, picture)


def _row(item: Item, classes: Sequence[LabelClass], split: str, none: str) -> ItemRow:
    if item.label is None or item.label >= len(classes):
        return ItemRow(item.id, item.name, split, none, "dim")
    return ItemRow(item.id, item.name, split, classes[item.label].name, "text")
