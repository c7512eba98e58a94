"""The window of the second item: its own, chosen from a menu or dragged, and taken over by the next second item of its kind."""

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMenu

from app.services.project_session import ProjectSession
from app.tabs.scan.window_choice import WindowChoices
from app.tabs.scan.window_menu import WindowEntry, own_entries, preset_entries
from engine.imaging.image import Image, Window
from engine.imaging.windows import auto_window
from widgets.slice_view import Look
from widgets.text import tr


class BesideWindow(QObject):
    """`menu` is made when it opens: what it offers, and what is on, belong to the image that is shown."""

    changed = Signal()

    def __init__(self, session: ProjectSession, menu: QMenu, parent: QObject) -> None:
        super().__init__(parent)
        self._menu = menu
        self._image: Image | None = None
        self._choices = WindowChoices()
        menu.aboutToShow.connect(self._fill)
        session.project_changed.connect(self._choices.clear)

    def show(self, image: Image | None) -> None:
        """This is the second image now."""
        self._image = image

    def of(self, image: Image) -> Window:
        """What this image is shown by: what was taken for one of its kind, else what its file recommends."""
        choice = self._choices.of(image)
        return (choice.window_at(image) if choice is not None else None) or image.window

    @Slot(object)
    def take(self, window: Window) -> None:
        """Show the image by this one, and those of its kind that come after it."""
        if self._image is not None:
            least = 1e-6 if self._image.pixels.dtype.kind == "f" else 1.0
            self._choices.keep(self._image, Look(window=replace(window, width=max(window.width, least))))
            self.changed.emit()

    @Slot()
    def reset(self) -> None:
        if self._image is not None:
            self.take(self._image.window)

    @Slot()
    def _auto(self) -> None:
        if self._image is not None:
            self.take(auto_window(self._image.pixels, self._image.unit))

    @Slot()
    def _fill(self) -> None:
        self._menu.clear()
        image = self._image
        if image is None:
            return
        self._add(image, own_entries(image))
        self._menu.addAction(tr("Window by the image's values"), self._auto)
        self._menu.addSeparator()
        self._add(image, preset_entries(image))

    def _add(self, image: Image, entries: Iterable[WindowEntry]) -> None:
        for entry in entries:
            action = self._menu.addAction(entry.text)
            action.triggered.connect(lambda _checked, window=entry.window: self.take(window))
            action.setCheckable(True)
            action.setChecked(entry.window == self.of(image))
