"""What a person took for the window of an image, and what that is at another image of its kind."""

from dataclasses import dataclass, replace

from engine.imaging.image import Image, VoiTable, Window
from widgets.slice_view import Look

_KINDS = 20  # of images whose windows are remembered


def own_windows(image: Image) -> tuple[Window, ...]:
    """All that its file recommends, the one that it opens with first."""
    return image.windows or (image.window,)


@dataclass(frozen=True, eq=False)
class WindowChoice:
    """How an image was shown, beside what its file recommended. Holds no pixels. `window` None is the file's own."""

    modality: str
    unit: str
    color: bool
    recommended: tuple[Window, ...]
    tables: tuple[VoiTable, ...]
    window: Window | None = None
    table: int | None = None
    inverted: bool = False

    @staticmethod
    def at(image: Image, look: Look) -> "WindowChoice":
        taken = None if look.window == image.window else look.window
        return WindowChoice(
            image.modality, image.unit, image.color, own_windows(image), image.tables, taken, look.table, look.inverted
        )

    def suits(self, image: Image) -> bool:
        """Whether the values of that image mean the same: HU, or numbers for which its file recommends much the same window."""
        return (image.modality, image.color) == (self.modality, self.color) and (
            image.unit == self.unit == "HU" or _alike(self.recommended[0], image.window)
        )

    def taken_to(self, look: Look, image: Image) -> Look:
        """The look with what this choice is at an image that it suits."""
        return replace(look, window=self.window_at(image), table=self.table_at(image), inverted=self.inverted)

    def window_at(self, image: Image) -> Window | None:
        """None is that image's own. Where it was one that the file recommended, the one that the other file recommends in its place."""
        theirs = own_windows(image)
        if self.window in self.recommended:
            number = self.recommended.index(self.window)
            if number < len(theirs) and _alike(self.window, theirs[number]):
                return theirs[number]
        return self.window

    def table_at(self, image: Image) -> int | None:
        """The other file's table of that name; one without a name by its place."""
        if self.table is None or self.table >= len(self.tables):
            return None
        name = self.tables[self.table].name
        if not name:
            return self.table if [table.name for table in image.tables[self.table : self.table + 1]] == [""] else None
        return next((place for place, table in enumerate(image.tables) if table.name == name), None)


class WindowChoices:
    """What was taken last for each kind of image."""

    def __init__(self) -> None:
        self._latest: list[WindowChoice] = []  # the last one first

    def keep(self, image: Image, look: Look) -> None:
        others = [choice for choice in self._latest if not choice.suits(image)]
        self._latest = [WindowChoice.at(image, look), *others][:_KINDS]

    def of(self, image: Image) -> WindowChoice | None:
        """For an image of its kind; None where none was looked at."""
        return next((choice for choice in self._latest if choice.suits(image)), None)

    def clear(self) -> None:
        self._latest.clear()


def _alike(one: Window, two: Window) -> bool:
    return one.width / 2 <= two.width <= one.width * 2 and abs(one.center - two.center) <= one.width
