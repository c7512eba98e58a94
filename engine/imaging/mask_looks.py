"""What the numbers of a mask file look like, and when that counts instead of the numbers: nobody chose those that an encoder gave."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.imaging.image import Pixels
from engine.imaging.values import one_number_a_colour
from engine.progress import Notice
from engine.words import translatable

EVIDENT = 15
"""Up to here a grey of 8 bits is the number of a class: black to the eye, whatever it is."""

UNSURE_CHANNELS = translatable(
    "Of the masks with {count} channels some leave places free in all of them and others do not, so nobody can know whether"
    " the first channel is the background."
)

_GREY, _WHITE = 0x010101, 255
_COLORS = translatable(
    "Its colours were taken: the numbers that its palette gives them are those of the program that saved it."
)
_GREYS = translatable(
    "It has {bits} bits a pixel, and others have more or fewer: its greys were taken as 0 (black) to 255 (white)."
)


@dataclass(frozen=True)
class Looks:
    """The colours (0xRRGGBB) of the numbers in use, where these are no greys of 8 bits: `bits` a pixel of a grey picture, 0 of a palette.

    `least`: the palette lists nothing but what is used, so that an encoder may have made it for this picture; `grey`: nor any colour;
    `zero` is what 0 looks like."""

    colors: tuple[tuple[int, int], ...]
    zero: int = 0
    bits: int = 0
    least: bool = False
    grey: bool = True
    black: bool = True  # or transparent, somewhere

    @property
    def empty(self) -> bool:
        return not self.zero and all(not color for _, color in self.colors)


@dataclass(frozen=True)
class Convention:
    """How the masks of one import count where a file by itself cannot say it: palettes by their colours, None for as each looks by
    itself; greys of few bits as those of 8; and of how many channels some masks leave places free and others do not, with the values that
    such masks hold if the first channel is 1."""

    by_color: bool | None = None
    by_grey: bool = False
    unsure: Mapping[int, frozenset[int]] = field(default_factory=dict)


BY_ITSELF = Convention()
"""Of a file that nothing is known beside."""


def looks_of_palette(numbers: Pixels, palette: NDArray[np.uint8], alpha: NDArray[np.uint8] | None) -> Looks | None:
    """None where every number looks like the grey of that number."""
    used = np.unique(numbers).tolist()
    seen = np.unique(numbers if alpha is None else numbers[alpha > 0]).tolist()
    red, green, blue = palette.astype(np.int64).T
    colors = (red << 16) | (green << 8) | blue
    if all(colors[number] == number * _GREY for number in used):
        return None
    listed = max(int(np.flatnonzero(colors).max(initial=0)), used[-1]) + 1
    grey = bool((palette[:listed] == palette[:listed, :1]).all())
    pairs = tuple((number, int(colors[number])) for number in seen)
    black = len(seen) < len(used) or any(not color for _, color in pairs)
    return Looks(pairs, int(colors[0]), least=len(used) == listed, grey=grey, black=black)


def plain_greys(numbers: NDArray[np.int32]) -> NDArray[np.int32]:
    """The numbers of a coloured mask with its greys as 0 to 255, as masks without colours hold them."""
    grey = numbers & 0xFF
    return np.where(numbers == grey * np.int32(_GREY), grey, numbers)


def looks_of_greys(numbers: NDArray[np.int32], bits: int) -> Looks:
    """Of a grey picture of 1, 2 or 4 bits a pixel."""
    step = _WHITE // (2**bits - 1)
    return Looks(tuple((number, number * step * _GREY) for number in np.unique(numbers).tolist()), bits=bits)


def palettes_by_color(looks: Iterable[Looks]) -> bool:
    """Whether palettes are those of encoders: they give numbers in another way from file to file, or list nothing but what is used with
    black somewhere but at 0. Sets of masks whose numbers are meant have one palette for all, or one that begins with black."""
    palettes = [one for one in looks if not one.bits and not one.empty]
    made = [one for one in palettes if one.least]
    if made and _differ(palettes):
        return True
    return bool(made) and len(made) == len(palettes) and any(one.zero and (one.grey or one.black) for one in made)


def greys_differ(looks: Iterable[Looks], *, deeper: bool) -> bool:
    """Whether an encoder chose the bits a pixel: they differ from file to file; `deeper`: greys of 8 bits above EVIDENT are among the
    masks."""
    greys = [one for one in looks if (one.bits or (one.least and one.grey)) and not one.empty]
    bits = {one.bits for one in greys if one.bits}
    return len(bits) > 1 or _differ(greys) or (bool(greys) and deeper)


def _differ(looks: Sequence[Looks]) -> bool:
    """Whether a number looks otherwise in another file, or what looks so has no number that it has elsewhere."""
    color_of, numbers_of = dict[int, int](), defaultdict[int, set[int]](set)
    for one in looks:
        here = defaultdict[int, set[int]](set)
        for number, color in one.colors:
            here[color].add(number)
            if color_of.setdefault(number, color) != color:
                return True
        for color, numbers in here.items():
            if numbers_of[color] and numbers.isdisjoint(numbers_of[color]):
                return True
            numbers_of[color] |= numbers
    return False


def numbers_of_palette(
    numbers: Pixels,
    palette: NDArray[np.uint8],
    looks: Looks | None,
    convention: Convention,
    shown: str,
) -> tuple[NDArray[np.int32], bool, tuple[Notice, ...]]:
    """The numbers as they are, or those of their colours (whether they are colours, as `one_number_a_colour`), and which were taken."""
    if looks is None:
        return numbers.astype(np.int32), False, ()
    by_color = palettes_by_color([looks]) if convention.by_color is None else convention.by_color
    if not by_color and not (convention.by_grey and looks.least and looks.grey):
        return numbers.astype(np.int32), False, ()
    return *one_number_a_colour(palette[numbers], shown), (Notice(_COLORS),)


def numbers_of_greys(
    numbers: NDArray[np.int32], bits: int, convention: Convention
) -> tuple[NDArray[np.int32], tuple[Notice, ...]]:
    """Of a picture of 1, 2 or 4 bits a pixel: as they are, or as greys of 8 bits."""
    if not convention.by_grey:
        return numbers, ()
    return numbers * np.int32(_WHITE // (2**bits - 1)), (Notice(_GREYS, {"bits": bits}),)
