"""A second item to look at while the open one is worked on: beside it or laid over it, at the same place."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent

from app.services.side_reader import SideItem, SideReader
from app.shell.context import AppContext
from app.tabs.scan.beside_choice import BesideChoice
from app.tabs.scan.beside_view import BesideView
from app.tabs.scan.beside_window import BesideWindow
from app.tabs.scan.overlay import Overlay
from engine.imaging.geometry import Plane
from engine.imaging.image import Image, Window
from engine.imaging.linking import Link, LinkedSlice, LinkKind, link, linked_geometry, linked_slice
from engine.imaging.windows import to_display
from engine.project.items import Item
from engine.words import translatable
from widgets.canvas import Canvas
from widgets.corners import CornerAnnotations
from widgets.plane_views import PlaneViews
from widgets.side_bar import SideBar
from widgets.slice_renderer import SecondSlice
from widgets.text import tr

_WORDS: dict[LinkKind, str] = {
    "mm": translatable("the same place in mm"),
    "assumed": translatable("the same place in mm, taken for one patient"),
    "apart": translatable("by relative slice: their places do not meet"),
    "other patient": translatable("by relative slice: another patient"),
    "no place": translatable("by relative slice: no place in a patient is known"),
}


@dataclass(frozen=True, eq=False)
class _Pair:
    """The open image and the one that is looked at as well."""

    first: Image
    second: Image
    link: Link
    item: Item  # of the second


@dataclass(frozen=True)
class _Shown:
    """What is laid over or beside a view: drawn anew where one of these is another."""

    plane: Plane
    index: int
    image: Image | None  # the view's
    window: Window  # of the second item
    opacity: float | None  # None: beside it


class Beside(QObject):
    """The second item is read in a job and cut anew, one slice, where the first view shows another: for the `view` beside it, or to lie
    over it. Strokes have nothing to do with it: beside it stands still under them, and over the scan it is part of what lies under the
    mask."""

    def __init__(self, context: AppContext, views: PlaneViews, overlay: Overlay, name: str) -> None:
        super().__init__(views)
        self._session, self._views, self._overlay = context.session, views, overlay
        self._reader = SideReader(context.session, context.jobs, self, masks=False)
        self.bar = SideBar(f"{name}.second_bar")
        self.bar.hide()
        self.window = BesideWindow(context.session, self.bar.windows, self)  # hears of a new project before the choice
        self.choice = BesideChoice(context.session, self)
        self._pair: _Pair | None = None
        self._drawn: dict[Canvas, _Shown | None] = {}  # over or beside each view
        self._missed: set[Canvas] = set()  # views whose slice it does not reach
        self._followed: set[Canvas] = set()
        self.view = BesideView(f"{name}.second", views)
        self.view.hide()
        self._connect(context, name)
        self.follow()

    def _connect(self, context: AppContext, name: str) -> None:
        session, views = context.session, self._views
        context.commands.connect_to(name, look_beside=self.choice.switch, look_over=self.choice.switch_over)
        self.choice.changed.connect(self.follow)
        session.items_changed.connect(self.follow)
        session.images_relocated.connect(self.follow)  # the reader heard of it before
        session.current.item_changed.connect(self.follow)
        views.arranged.connect(self._arranged)
        views.watch(self)
        self._reader.arrived.connect(self.follow)
        self._reader.failed.connect(self._failed)
        self.bar.over_chosen.connect(self.choice.choose_way)
        self.bar.opacity_chosen.connect(self.choice.choose_opacity)
        self.bar.closed.connect(self.choice.close)
        self.view.window_dragged.connect(self.window.take)
        self.view.window_reset.connect(self.window.reset)
        self.window.changed.connect(self._draw)
        self._arranged()

    # What is shown --------------------------------------------------------------------------------------------------------

    @Slot()
    def follow(self) -> None:
        """Bring bar, view and what lies over the scan up to date."""
        options, image = self.choice.options, self._session.current.image
        second = self.choice.second if options.shown else None
        self.bar.setVisible(second is not None)
        self.view.setVisible(second is not None and not options.over)
        if second is None:
            self._reader.want([])
            self._clear()
            return
        self.bar.show_way(options.over, options.opacity)
        if image is not None:  # that is what a person waits for
            self._reader.want([second])
        found = self._reader.get(second.id)
        if found is None or image is None:
            self._clear()
            words = "" if found is not None else tr("Opening {name}…", name=second.name)
            if second.id in self._reader.lost:
                words = tr("The image was not read.")
            self.view.set_empty(words)
            self.bar.show_item(second.name, words)
            return
        self._pair = self._paired(image, found, second)
        self._draw()

    def _paired(self, image: Image, found: SideItem, second: Item) -> _Pair:
        pair = self._pair
        if pair is None or pair.first is not image or pair.second is not found.image:
            open_item = self._session.current.item
            patients = open_item.patient if open_item is not None else "", second.patient
            linked = link(image.geometry, found.image.geometry, patients)
            pair = _Pair(image, found.image, linked, second)
            self.window.show(pair.second)
            self._drawn.clear()
        return pair

    def _clear(self) -> None:
        self._pair = None
        self.window.show(None)
        for view in self._drawn:
            view.set_second(None)
            view.set_mark(None)
        self._drawn.clear()
        self.view.clear()

    @Slot()
    def _draw(self) -> None:
        """Cut the second image where the views are, where that is not what they show already."""
        pair, over = self._pair, self.choice.options.over
        if pair is None or self._session.current.image is not pair.first:
            return
        for view in self._views:
            beside = not over and view is self._views.active
            shown = self._wanted(pair, view) if over or beside else None
            if view in self._drawn and self._drawn[view] == shown:
                continue
            self._drawn[view] = shown
            cut = linked_slice(pair.second, pair.link, view.plane, view.index) if shown is not None else None
            self._missed -= {view}
            if cut is not None and not cut.inside.any():
                self._missed.add(view)
            view.set_second(self._laid_over(pair, cut) if over and cut is not None else None)
            if beside and cut is not None:
                self._show_beside(pair, view, cut)
        if over:
            self.view.rest()
        else:
            self.view.follow()
        self.bar.show_item(pair.item.name, self._words(pair))

    def _words(self, pair: _Pair) -> str:
        """How the second item is linked, or that there is nothing of it here."""
        missed = self._views.active in self._missed
        return tr("it does not reach this slice") if missed else tr(_WORDS[pair.link.kind])

    def _wanted(self, pair: _Pair, view: Canvas) -> _Shown:
        opacity = self.choice.options.opacity if self.choice.options.over else None
        return _Shown(view.plane, view.index, view.image, self.window.of(pair.second), opacity)

    def _laid_over(self, pair: _Pair, cut: LinkedSlice) -> SecondSlice:
        levels = to_display(cut.pixels, self.window.of(pair.second), pair.second.inverted)
        return SecondSlice(levels, cut.inside, self.choice.options.opacity)

    def _show_beside(self, pair: _Pair, view: Canvas, cut: LinkedSlice) -> None:
        words = " · ".join(filter(None, (pair.second.modality, self._words(pair))))
        geometry = linked_geometry(pair.link, view.plane, view.index, cut)
        corners = CornerAnnotations(pair.item.name, words, slice=False)
        self.view.show_cut(cut, pair.second, geometry, self.window.of(pair.second), corners)

    @Slot()
    def _arranged(self) -> None:
        for view in self._views:
            if view not in self._followed:
                self._followed.add(view)
                view.look_changed.connect(self._draw)
        self._drawn.clear()
        self._draw()

    @Slot(int, object)
    def _failed(self, id: int, fault: BaseException) -> None:
        self._session.failed.emit(fault)
        self.follow()

    # The hand -------------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc closes it where no tool has something to drop."""
        if (
            isinstance(watched, Canvas)
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Escape
            and self.bar.isVisible()
            and not (self._views.unfinished is not None or self._views.active.wants(Qt.Key.Key_Escape))
            and not self._overlay.proposing
        ):
            self.choice.close()
            return True
        return super().eventFilter(watched, event)
