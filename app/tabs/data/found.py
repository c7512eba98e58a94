"""What lies in the folders that were chosen: looked through in jobs, with a picture of each image."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject

from app.services.thumbnails import Thumbnails
from app.shell.context import AppContext
from app.tabs.data.plan import images_among, suggest_masks
from engine.imaging.image import Source
from engine.imaging.scan import Found, Scan, scan
from engine.progress import Work
from engine.project.importing import MaskSurvey, survey_masks


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


def look(paths: tuple[Path, ...], of_whole_images: bool) -> Work[tuple[Scan, Path | None]]:
    """What is there, and where the masks of it may lie."""
    found = yield from scan(paths)
    return found, None if of_whole_images else suggest_masks(paths, found.found)


def survey(found: Sequence[Found], masks: Path) -> Work[tuple[list[Found], MaskSurvey]]:
    """Which of the found are images, and what the masks of those hold."""
    images = images_among(found, masks)
    return images, (yield from survey_masks(images, masks))
