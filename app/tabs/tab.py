"""What a tab is to the window, and its frame: three columns, or in their place a page that says what is missing."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.shell import settings
from app.shell.context import AppContext
from engine.imaging.geometry import Plane
from widgets.controls import IconButton
from widgets.icons import set_icon
from widgets.text import tr

NARROW, WIDE = 248, 320
_FOLD_BELOW = 1280  # px of the tab: the right column gives way first, and is a drawer at the edge
_USUAL = 1440  # px of the tab: in a wider one the sides grow by an eighth of the rest each
_LEAST = 280  # px of the middle; what needs more is scrolled
_EDGE = 20  # px of the drawer's button


class Tab(QWidget):
    """One tab. The window asks it nothing but what stands here: a new tab is this class with its columns.

    Commands that only this tab does, or does otherwise than others, it takes by `context.commands.connect_to(name, ...)`.
    """

    place_asked = Signal(str, str, int)  # tab, plane, slice: the reader goes on there, on the same item

    steps: Iterator[None] = iter(())  # what is still to be built of it, before it is shown
    _columns: "Columns | None" = None

    def __init__(self, name: str, context: AppContext, parent: QWidget | None = None) -> None:
        """`name` is the tab's in the table of commands."""
        super().__init__(parent)
        if parent is not None:
            self.hide()  # until it is whole and asked for, also where the parent is shown first
        self.setObjectName(f"{name}_tab")
        self.name = name
        self._context = context
        self._instead: dict[str, QWidget] = {}
        self._pages = QStackedWidget(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)

    def build(self, steps: Iterator[None], *, in_steps: bool) -> None:
        """The tab is made in these steps, each some ms of work: now, or `in_steps` by whoever takes them before it is shown; once."""
        self.steps = steps
        if not in_steps:
            for _ in steps:
                pass

    def set_columns(
        self, left: QWidget | None, middle: QWidget, right: QWidget | None, widths: tuple[int, int] = (288, 296)
    ) -> None:
        """The parts of the columns, which are shown first, and their widths in px; once."""
        self._columns = Columns(self.name, left, middle, right, widths, self._pages)
        self._pages.addWidget(self._columns)

    def set_pages(self, **instead: QWidget) -> None:
        """By a word each, pages that may stand in the columns' place."""
        self._instead |= instead
        for page in instead.values():
            self._pages.addWidget(page)

    def show_page(self, word: str = "") -> None:
        """Show the page of that word; without one the columns. The keyboard goes with no page that is left to whatever comes next in the window."""
        before, held = self._pages.currentWidget(), self.window().focusWidget()
        page = self._instead[word] if word else self.columns
        if page is not before and before is not None and held is not None and before.isAncestorOf(held):
            self.setFocus()
        self._pages.setCurrentWidget(page)

    @property
    def columns(self) -> "Columns":
        """The columns; of a tab that has them."""
        assert self._columns is not None, self.name
        return self._columns

    @property
    def page(self) -> str:
        """The word of the page that stands in the columns' place, "" where they are shown."""
        return next((word for word, page in self._instead.items() if page is self._pages.currentWidget()), "")

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._columns is not None:  # else it is being made, in a window that is not shown yet
            self.left()

    # Asked by the window -----------------------------------------------------------------------------------------------

    def shown(self) -> None:
        """The tab came to the front."""

    def left(self) -> None:
        """The tab is no longer seen."""

    def toggle_columns(self, *, right: bool = False) -> None:
        """Hide or show both sides of the columns, or the right one alone; nothing where they are not seen."""
        if self._pages.currentWidget() is not self._columns:
            return
        if right:
            self.columns.toggle_drawer()
        else:
            self.columns.toggle()

    def order(self) -> Sequence[int]:
        """The items in the order in which the tab lists them; () for that of the project."""
        return ()

    def show_place(self, plane: Plane, index: int) -> None:
        """Show that slice of the open item, where the tab shows scans."""


class Columns(QWidget):
    """Puts a tab's three parts side by side, `left` and `right` or None. Widths are remembered; a key or a narrow window folds.

    In a narrow window the right part is a drawer: a button at the edge, or its key, opens and closes it.

    The frames are made from the outside in: whatever is moved into another parent is styled anew with all that is in it.
    """

    def __init__(
        self,
        name: str,
        left: QWidget | None,
        middle: QWidget,
        right: QWidget | None,
        widths: tuple[int, int],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._hidden = False
        self._open = {True: left is None, False: True}  # the right part, by whether the window is narrow
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.setObjectName(f"{name}.columns")
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        self._left = self._add_side(left, widths[0])
        self._middle = middle
        self._add(_Fitted(middle, _LEAST, self._splitter, whole=False), 1)
        self._right = self._add_side(right, widths[1])
        self._widths: tuple[int, int] | None = widths  # until a person moves a border
        state = settings.layout(f"{name}.columns")
        if not state.isEmpty() and self._splitter.restoreState(state):
            self._widths = None
        self._drawer = IconButton(f"{name}.drawer", "chevron-left", tr("Show the right column"), side=_EDGE)
        self._drawer.setFixedSize(_EDGE, 3 * _EDGE)
        self._drawer.clicked.connect(self.toggle_drawer)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._splitter, 1)
        layout.addWidget(self._drawer, 0, Qt.AlignmentFlag.AlignVCenter)
        self._drawer.hide()
        self._splitter.splitterMoved.connect(self._moved)

    def _add_side(self, part: QWidget | None, width: int) -> "_Fitted | None":
        if part is None:
            return None
        side = _Fitted(part, min(width, NARROW), self._splitter)
        side.setMaximumWidth(max(WIDE + 60, width))
        self._add(side, 0)
        return side

    def _add(self, part: "_Fitted", stretch: int) -> None:
        self._splitter.addWidget(part)
        self._splitter.setStretchFactor(self._splitter.indexOf(part), stretch)

    @Slot()
    def toggle(self) -> None:
        """Hide both columns so that the scan has the window; again to bring them back."""
        self._hidden = not self._hidden
        self._fold()

    @Slot()
    def toggle_drawer(self) -> None:
        """Open or close the right part."""
        self._open[self._narrow] = self._hidden or not self._open[self._narrow]
        self._hidden = False
        self._fold()
        if self._widths is not None:
            self._divide(*self._widths)

    def show_right(self) -> None:
        """The right part is seen, whatever a person hid."""
        if self._hidden or not self._open[self._narrow]:
            self.toggle_drawer()

    @property
    def hidden(self) -> bool:
        return self._hidden

    @property
    def _narrow(self) -> bool:
        return self.width() < _FOLD_BELOW

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()
        if self._widths is not None:
            self._divide(*self._widths)

    def _divide(self, left: int, right: int) -> None:
        """Give the sides their widths to the pixel; Qt alone would shrink all three alike. Where there is room, names get some; where the
        middle lacks some, the left part gives what it does not need."""
        more = max(self.width() - _USUAL, 0) // 8
        left, right = (min(width + more, max(WIDE + 60, width)) for width in (left, right))
        sides = left * (self._left is not None), right * (self._right is not None)
        edge = 2 * self._splitter.handleWidth() + (0 if self._drawer.isHidden() else _EDGE)
        if self._left is not None and self._right is not None and self._right.isVisibleTo(self):
            lacking = self._middle.minimumSizeHint().width() - (self.width() - sum(sides) - edge)
            spare = sides[0] - self._left.minimumSizeHint().width()
            sides = sides[0] - max(min(lacking, spare), 0), sides[1]
        middle = max(self.width() - sum(sides) - edge, 1)
        self._splitter.setSizes([size for size in (sides[0], middle, sides[1]) if size])

    def _fold(self) -> None:
        if self._left is not None:
            self._left.setVisible(not self._hidden)
        if self._right is None:
            return
        is_open = self._open[self._narrow]
        self._right.setVisible(not self._hidden and is_open)
        may_close = self._narrow and self._left is not None  # in a wide window a key does it
        self._drawer.setVisible(not self._hidden and (may_close or not is_open))
        self._drawer.setToolTip(tr("Hide the right column") if is_open else tr("Show the right column"))
        set_icon(self._drawer, "chevron-right" if is_open else "chevron-left", "dim")

    @Slot(int, int)
    def _moved(self, position: int, index: int) -> None:
        self._widths = None
        settings.remember_layout(f"{self._name}.columns", self._splitter.saveState())


class _Fitted(QScrollArea):
    """A part of the columns, at least `least` px wide, and as wide as it needs where it has to be seen `whole`.

    It is scrolled where a small window has less room than it needs, and else as if it lay there alone.
    """

    def __init__(self, part: QWidget, least: int, parent: QWidget, *, whole: bool = True) -> None:
        super().__init__(parent)
        self._part, self._least, self._whole = part, least, whole
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setWidget(part)

    def minimumSizeHint(self) -> QSize:
        need = max(self._part.minimumSizeHint().width(), self._part.minimumWidth()) if self._whole else 0
        return QSize(max(self._least, need), super().minimumSizeHint().height())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()  # it may need more or less now
        return super().event(event)
