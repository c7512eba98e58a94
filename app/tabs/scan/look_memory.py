"""How images were looked at: kept with the project, and taken over by the next one that is like the one before."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Slot

from app.services.project_session import ProjectSession
from app.tabs.scan.look import look_at_same_place, look_key, place_for_alike, read_look, slice_of_look, write_look
from app.tabs.scan.window_choice import WindowChoices
from engine.imaging.glimpse import Glimpse
from engine.imaging.image import Image
from widgets.slice_view import Look


@dataclass(frozen=True, eq=False)
class _Left:
    """The image before, and how it was looked at."""

    image: Image
    look: Look


class LookMemory(QObject):
    """Knows how the session's item was looked at last, and how it is to be looked at when it comes."""

    def __init__(self, session: ProjectSession, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._looks: dict[str, Look] = {}  # at the images of the project
        self._left: _Left | None = None
        self._choices = WindowChoices()
        self._carried = False  # the look goes with it to the part of the series that is on its way
        session.project_changed.connect(self._forget)

    @Slot()
    def _forget(self) -> None:
        self._looks.clear()
        self._left = None
        self._choices.clear()

    def carry(self, on: bool) -> None:
        """Whether the item that is on its way is another part of the same series: it is looked at in the same way, at the same place."""
        self._carried = on

    def keep(self, image: Image, look: Look) -> None:
        """How the item was looked at, for when it is opened again and for the next one."""
        session, item = self._session, self._session.current.item
        if item is None or image is not session.current.image:
            return
        key = look_key(item)
        self._left = _Left(image, look)
        self._choices.keep(image, look)
        if self._looks.get(key) != look:
            self._looks[key] = look
            session.set_note(key, write_look(look))

    def look_at(self, image: Image) -> Look | None:
        """How this image of the item is to be looked at; None: as an image that nobody has seen."""
        if self._carried and self._left is not None:
            self._carried = False
            return look_at_same_place(self._left.image, self._left.look, image)
        return self._kept_or_alike(image)

    def look_to_come(self, glimpse: Glimpse, shape: tuple[int, int, int]) -> Look | None:
        """As far as it is known before all is read, the look that the whole will have."""
        if self._carried and self._left is not None:
            look = self._left.look
            return replace(look, window=look.window or self._left.image.window)
        part = glimpse.image
        whole = replace(part, geometry=replace(part.geometry, shape=shape))  # of one slice: nobody looks at its pixels
        return self._kept_or_alike(whole)

    def first_slice(self, otherwise: int) -> int:
        """Of the item that opens, the stored slice that will be seen first; `otherwise` where that is not known."""
        item, look, left = self._session.current.item, self._kept(), self._left
        if look is None and item is not None and left is not None:
            look = place_for_alike(left.image.shape, left.look, item.shape)
        return otherwise if look is None else slice_of_look(look, otherwise)

    def _kept_or_alike(self, image: Image) -> Look | None:
        kept, left = self._kept(), self._left
        if kept is not None or left is None:
            return kept
        look = place_for_alike(left.image.shape, left.look, image.shape)
        choice = self._choices.of(image)
        return look if choice is None else choice.taken_to(look, image)

    def _kept(self) -> Look | None:
        """How the open item was looked at last."""
        item, project = self._session.current.item, self._session.project
        if item is None or project is None:
            return None
        return self._looks.get(look_key(item)) or read_look(project.note(look_key(item)))
