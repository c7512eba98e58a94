"""Another phase laid over the views: the open item stays open beneath, with its mask and its tools."""

from PySide6.QtCore import QObject, Slot

from app.services.item_session import ItemSession
from app.services.side_reader import SideItem
from app.tabs.scan.look import look_at_same_place
from app.tabs.scan.overlay import Overlay
from app.tabs.scan.words import corner_words
from engine.project.items import Item
from widgets.canvas import Canvas
from widgets.cover import Cover
from widgets.plane_views import PlaneViews


class PhaseCover(QObject):
    """Shows a phase as the open item is looked at, and goes with that to another slice, zoom or window."""

    def __init__(self, current: ItemSession, views: PlaneViews, overlay: Overlay, parent: QObject) -> None:
        super().__init__(parent)
        self._current, self._views, self._overlay = current, views, overlay
        self._item: Item | None = None  # that follows how the open one is looked at
        self._found: SideItem | None = None  # its image and mask; the reader may have let go of them
        self._covers: dict[Canvas, Cover] = {}
        views.arranged.connect(self._arranged)

    def lay(self, item: Item, found: SideItem) -> None:
        """Lay this phase over the views."""
        self._item, self._found = item, found
        self._follow()

    def keep(self) -> None:
        """What is seen stays as it is: the phase is being opened."""
        self._item, self._found = None, None

    def lift(self) -> None:
        """The open item is seen again."""
        self.keep()
        for cover in self._covers.values():
            if cover.image is not None:
                cover.lift()

    @Slot()
    def _follow(self) -> None:
        open_image, item, found = self._current.image, self._item, self._found
        if open_image is None or item is None or found is None:
            return
        layers = [] if found.labels is None else [self._overlay.mask_layer(found.labels)]
        for view in self._views:
            cover = self._covers.get(view) or self._cover(view)
            words = corner_words(item, found.image, view.plane)
            cover.lay(found.image, look_at_same_place(open_image, view.look, found.image), layers, words)

    def _cover(self, view: Canvas) -> Cover:
        cover = self._covers[view] = Cover(view)
        view.look_changed.connect(self._follow)
        return cover

    @Slot()
    def _arranged(self) -> None:
        shown = list(self._views)
        for view, cover in self._covers.items():
            if view not in shown:
                cover.lift()
        self._follow()
