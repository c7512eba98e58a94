"""The entries of a menu of windows: those of the file and the usual ones of CT, each with its numbers."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.tabs.scan.window_choice import own_windows
from engine.imaging.image import Image, Window
from engine.imaging.windows import CT_PRESETS
from widgets.corners import window_numbers
from widgets.text import tr


@dataclass(frozen=True)
class WindowEntry:
    """`command` is that which does the same, "" where there is none."""

    name: str
    window: Window
    command: str = ""

    @property
    def text(self) -> str:
        return f"{self.name}   {window_numbers(self.window)}"


def own_entries(image: Image) -> Iterator[WindowEntry]:
    """The windows that the file recommends."""
    for number, window in enumerate(own_windows(image), start=1):
        if number == 1:
            yield WindowEntry(tr("The file's own window"), window, "reset_window")
        else:
            yield WindowEntry(tr("The file's window {number}", number=number), window)


def preset_entries(image: Image) -> Iterator[WindowEntry]:
    """The usual ones, where values are HU."""
    if image.unit == "HU":
        for number, (name, window) in enumerate(CT_PRESETS.items(), start=1):
            yield WindowEntry(tr(name), window, f"window_{number}")
