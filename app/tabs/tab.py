"""What a tab is to the window, and its frame: three columns, or in their place a page that says what is missing."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.shell import settings
from app.shell.context import AppContext
from engine.imaging.geometry import Plane

NARROW, WIDE = 248, 320
_FOLD_BELOW = 1280  # px of the tab: the right column gives way first


class Tab(QWidget):
    """One tab. The window asks it nothing but what stands here: a new tab is this class with its columns.

    Commands that only this tab does, or does otherwise than others, it takes by `context.commands.connect_to(name, ...)`.
    """

    place_asked = Signal(str, str, int)  # tab, plane, slice: the reader goes on there, on the same item

    columns: "Columns"

    def __init__(self, name: str, context: AppContext) -> None:
        """`name` is the tab's in the table of commands."""
        super().__init__()
        self.setObjectName(f"{name}_tab")
        self.name = name
        self._context = context
        self._pages = QStackedWidget(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)

    def set_pages(self, columns: "Columns", **instead: QWidget) -> None:
        """The columns, which are shown first, and by a word each the pages that may stand in their place; once."""
        self.columns, self._instead = columns, instead
        for page in (columns, *instead.values()):
            self._pages.addWidget(page)

    def show_page(self, word: str = "") -> None:
        """Show the page of that word; without one the columns."""
        self._pages.setCurrentWidget(self._instead[word] if word else self.columns)

    @property
    def page(self) -> str:
        """The word of the page that stands in the columns' place, "" where they are shown."""
        return next((word for word, page in self._instead.items() if page is self._pages.currentWidget()), "")

    # Asked by the window -----------------------------------------------------------------------------------------------

    def shown(self) -> None:
        """The tab came to the front."""

    def order(self) -> Sequence[int]:
        """The items in the order in which the tab lists them; () for that of the project."""
        return ()

    def show_place(self, plane: Plane, index: int) -> None:
        """Show that slice of the open item, where the tab shows scans."""


class Columns(QWidget):
    """Puts a tab's three parts side by side, `left` and `right` or None. Widths are remembered; a key or a narrow window folds."""

    def __init__(
        self,
        name: str,
        left: QWidget | None,
        middle: QWidget,
        right: QWidget | None,
        widths: tuple[int, int] = (288, 296),
    ) -> None:
        super().__init__()
        self._name, self._left, self._right = name, left, right
        self._hidden = False
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.setObjectName(f"{name}.columns")
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        for part, width in ((left, widths[0]), (middle, 0), (right, widths[1])):
            if part is None:
                continue
            self._splitter.addWidget(part)
            place = self._splitter.indexOf(part)
            self._splitter.setStretchFactor(place, 0 if width else 1)
            if width:
                part.setMinimumWidth(NARROW if width >= NARROW else width)
                part.setMaximumWidth(max(WIDE + 60, width))
        self._widths: tuple[int, int] | None = widths  # until a person moves a border
        state = settings.layout(f"{name}.columns")
        if not state.isEmpty() and self._splitter.restoreState(state):
            self._widths = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._splitter)
        self._splitter.splitterMoved.connect(self._moved)

    @Slot()
    def toggle(self) -> None:
        """Hide both columns so that the scan has the window; again to bring them back."""
        self._hidden = not self._hidden
        self._fold()

    @property
    def hidden(self) -> bool:
        return self._hidden

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()
        if self._widths is not None:
            self._divide(*self._widths)

    def _divide(self, left: int, right: int) -> None:
        """Give the sides their widths to the pixel; Qt alone would shrink all three alike."""
        sides = left * (self._left is not None), right * (self._right is not None)
        middle = max(self.width() - sum(sides), 1)
        self._splitter.setSizes([size for size in (sides[0], middle, sides[1]) if size])

    def _fold(self) -> None:
        if self._left is not None:
            self._left.setVisible(not self._hidden)
        if self._right is not None:
            self._right.setVisible(not self._hidden and (self.width() >= _FOLD_BELOW or self._left is None))

    @Slot(int, int)
    def _moved(self, position: int, index: int) -> None:
        self._widths = None
        settings.remember_layout(f"{self._name}.columns", self._splitter.saveState())
