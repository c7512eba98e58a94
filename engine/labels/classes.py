"""Classes of a project: what a mask's values mean. Value 0 is background; value n is the n-th class of the list; 255 is nobody's."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.errors import EngineError
from engine.words import translatable

BACKGROUND = 0
UNLABELLED = 255
"""The value of pixels that nobody labelled on purpose (void, borders to ignore): no class, never learnt and never scored."""
UNLABELLED_NAME = "unlabelled"
UNLABELLED_COLOR = "#FFFFFF"
"""What it is drawn in, as every value that no class stands for."""
MOST_CLASSES = 254
_MOST_KEYED = 99  # by two digits
_LONGEST_CODE = 64

OKABE_ITO = ("#E69F00", "#56B4E9", "#009E73", "#D55E00", "#0072B2", "#CC79A7", "#F0E442")
"""Okabe and Ito's palette, told apart by colour-blind eyes (Color Universal Design, 2008)."""

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class LabelClass:
    """A class: its name, its colour "#rrggbb", and the digits that pick it ("" beyond the ninety-ninth).

    `code` says what it is in a terminology, for example "SCT 10200004" (SNOMED CT: liver), or "". `identity` is what stays where a class is
    renamed; "" before it is in a project. Two classes are compared without it.
    """

    name: str
    color: str
    key: str = ""
    code: str = ""
    identity: str = field(default="", compare=False)


def keys_of(place: int) -> str:
    """The digits that pick the class at that place (from 0)."""
    return str(place + 1) if place < _MOST_KEYED else ""


def checked_code(text: str) -> str:
    """The code in one line. Raises EngineError where it is too long for one."""
    code = " ".join(text.split())
    if len(code) > _LONGEST_CODE:
        raise EngineError(
            translatable("A code of {count} characters is too long."),
            translatable("Write the scheme and the number alone, for example SCT 10200004."),
            count=len(code),
        )
    return code


def default_color(place: int) -> str:
    """The colour of the class at that place (from 0): Okabe and Ito's, then the same hues darker and lighter."""
    base = OKABE_ITO[place % len(OKABE_ITO)]
    turn = place // len(OKABE_ITO)
    if turn == 0:
        return base
    step = 0.3 * ((turn + 1) // 2)
    toward = 0 if turn % 2 else 255
    parts = (int(base[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(p + (toward - p) * min(step, 0.8)):02X}" for p in parts)


def colour(text: str) -> str:
    """The text itself. Raises EngineError unless it is a colour, "#rrggbb"."""
    if not isinstance(text, str) or not _COLOR.fullmatch(text):
        raise EngineError(
            translatable("{color} is not a colour."),
            translatable("Write a colour as #rrggbb, for example #E69F00."),
            color=text,
        )
    return text


def make_classes(names: Sequence[tuple[str, str]]) -> tuple[LabelClass, ...]:
    """Classes from (name, colour or "") pairs, in order; checked for names that are empty or stand twice."""
    seen: set[str] = set()
    classes = []
    for place, (name, color) in enumerate(names):
        clean = name.strip()
        if not clean:
            raise EngineError(translatable("A class has no name."), translatable("Give every class a name."))
        if clean.casefold() in seen or clean.casefold() == "background":
            raise EngineError(
                translatable("The class {name} stands twice."),
                translatable("Give every class a name of its own; background is always there."),
                name=clean,
            )
        if color:
            colour(color)
        seen.add(clean.casefold())
        classes.append(LabelClass(clean, color or default_color(place), keys_of(place)))
    if len(classes) > MOST_CLASSES:
        raise EngineError(
            translatable("{count} classes are too many."),
            translatable("A project has at most 254 classes, as many as a mask can hold."),
            count=len(classes),
        )
    return tuple(classes)


def parse_classes(text: str) -> tuple[LabelClass, ...]:
    """Classes from "lung,heart:#ff0000"."""
    pairs = []
    for part in text.split(","):
        name, _, color = part.rpartition(":") if part.rpartition(":")[2].strip().startswith("#") else (part, "", "")
        pairs.append((name, color.strip()))
    return make_classes(pairs)
