"""Pictures of what lies in the folders that were chosen."""

from collections.abc import Sequence

from PySide6.QtCore import QObject

from app.services.thumbnails import Thumbnails
from app.shell.context import AppContext
from engine.imaging.image import Source
from engine.imaging.scan import Found


class FoundPictures(Thumbnails):
    """Pictures of images that are no items yet, by their place among the found."""

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(context.session, context.jobs, parent)
        self._found: Sequence[Found] = ()

    def show_found(self, found: Sequence[Found]) -> None:
        self._forget()
        self._found = found

    def _sources(self, wanted: Sequence[int]) -> list[tuple[int, Source]]:
        return [(id, self._found[id].source) for id in wanted if 0 <= id < len(self._found)]
