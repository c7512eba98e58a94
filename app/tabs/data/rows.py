"""The rows of the Data tab's table: an item of the project, an image that could come in, or a file that could not be read."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from app.shell.i18n import translate_notice
from app.tabs.parts.counts import classes_text
from app.tabs.parts.series import parts_text
from engine.config import Split
from engine.imaging.hounsfield import is_guess
from engine.imaging.image import SeriesPart, series_title
from engine.imaging.scan import Found, Refused
from engine.labels.classes import BACKGROUND, UNLABELLED, LabelClass
from engine.progress import Notice
from engine.project.items import Item
from widgets.figures import NARROW, NONE, figure
from widgets.text import tr
from widgets.theme import Role

MaskState: TypeAlias = Literal["yes", "no", "unknown"]

_TIMES = f"{NARROW}×{NARROW}"


@dataclass(frozen=True)
class Row:
    """One line of the table. `held` are the values that its mask holds (`values_held`), None where nobody looked yet; `label` its class's place.

    One that stands for a whole series has its rows as `parts`.
    """

    id: int
    name: str
    patient: str = ""
    modality: str = ""
    shape: tuple[int, int, int] = (0, 0, 0)
    spacing: tuple[float, float, float] | None = None
    mask: MaskState = "unknown"
    held: tuple[int, ...] | None = None
    label: int | None = None
    split: Split = ""
    refused: str = ""
    file: str = ""  # it comes from, by its path
    lines: tuple[str | Notice, ...] = ()  # what else is said of it
    part: SeriesPart | None = None
    parts: "tuple[Row, ...]" = ()
    guessed: bool = False  # the modality, from the values
    taken: bool = True  # into the project, of an import
    why_not: str = ""  # it should be: it is probably no scan

    @property
    def classes_held(self) -> tuple[int, ...]:
        """Of those that its mask holds, as far as is known: neither the background nor what is unlabelled."""
        return tuple(value for value in self.held or () if BACKGROUND < value < UNLABELLED)

    @property
    def series(self) -> str:
        """The key of the series that it is a part of, "" of none."""
        return self.part.key if self.part is not None else ""

    @property
    def help(self) -> str:
        """Its file's name and what is said of it, put together for the one row under the pointer."""
        said = (line if isinstance(line, str) else translate_notice(line) for line in self.lines)
        return "\n".join(filter(None, (os.path.basename(self.file), *said)))

    @property
    def masked(self) -> int:
        """How many of its parts have a mask."""
        return sum(row.mask == "yes" for row in self.parts)

    def differs(self, field: str) -> bool:
        """Whether its parts have not all the same there."""
        return len({getattr(row, field) for row in self.parts}) > 1

    @property
    def size_text(self) -> str:
        return NONE if self.refused else _TIMES.join(str(n) for n in _across(self.shape))

    @property
    def spacing_text(self) -> str:
        """Millimetres of a voxel, x first; a dash where the file does not say."""
        if self.spacing is None:
            return NONE
        shown = self.spacing[::-1] if self.shape[0] > 1 else self.spacing[:0:-1]
        return _TIMES.join(figure(mm, 1 if mm >= 0.1 else 3) for mm in shown)


def _across(shape: tuple[int, int, int]) -> tuple[int, ...]:
    """Width, height and, of volumes, slices."""
    return (shape[2], shape[1], shape[0]) if shape[0] > 1 else (shape[2], shape[1])


def of_item(item: Item, masked: bool, held: tuple[int, ...] | None) -> Row:
    return Row(
        item.id,
        item.name,
        item.patient,
        item.modality,
        item.shape,
        item.spacing if item.calibrated else None,
        "yes" if masked else "no",
        held,
        item.label,
        item.split,
        file=item.source.files[0],
        lines=item.notes,
        part=item.part,
        guessed=item.guessed,
    )


def of_found(
    id: int,
    found: Found,
    patient: str,
    mask: MaskState,
    label: int | None,
    split: Split,
    *,
    taken: bool = True,
    why_not: str = "",
) -> Row:
    return Row(
        id,
        found.name,
        patient,
        found.modality,
        found.shape,
        found.spacing if found.calibrated else None,
        mask,
        None,
        label,
        split,
        file=found.source.files[0],
        lines=(why_not, *found.notes),
        part=found.part,
        guessed=any(is_guess(note) for note in found.notes),
        taken=taken,
        why_not=why_not,
    )


def of_series(row: Row, rows: tuple[Row, ...]) -> Row:
    """The one line of a series that is closed, with the picture and the size of `row`, which is one of it."""
    parts = [each.part for each in rows if each.part is not None]
    name = series_title([each.name for each in rows], parts)
    held = [each.held for each in rows]
    return replace(
        row,
        name=f"{name} · {parts_text(len(rows))}",
        mask=row.mask if len({each.mask for each in rows}) == 1 else "unknown",
        held=None if None in held else tuple(sorted({value for values in held for value in values or ()})),
        file="",
        lines=(name, ", ".join(part.label for part in parts)),
        taken=any(each.taken for each in rows),
        parts=rows,
    )


def of_refused(id: int, refused: Refused) -> Row:
    reason = reason_of(refused)
    return Row(id, refused.file, refused=reason, lines=(refused.file, reason))


def reason_of(refused: Refused) -> str:
    """Why a file was refused, and what to do, in the program's language."""
    error = refused.error
    if error is None:
        return refused.reason
    return f"{tr(error.message, **error.values)} {tr(error.hint, **error.values) if error.hint else ''}".strip()


def mask_text(row: Row, classes: Sequence[LabelClass]) -> tuple[str, Role]:
    """What the table says of a mask, and in which colour."""
    if row.refused:
        return tr("not read: {reason}", reason=row.refused), "bad"
    if row.why_not and not row.taken:
        return row.why_not, "warn"
    if row.differs("mask"):
        return tr("{count} of {total} with a mask", count=row.masked, total=len(row.parts)), "text"
    if row.mask == "unknown":
        return "", "dim"
    if row.mask == "no":
        return tr("no mask"), "dim"
    if row.held is None:
        return tr("mask"), "text"
    held = row.classes_held
    if any(value > len(classes) for value in held):
        return tr("value {value} has no class", value=max(held)), "warn"
    if not held:
        words = {(UNLABELLED,): tr("only unlabelled pixels"), (BACKGROUND, UNLABELLED): tr("empty where labelled")}
        return words.get(row.held, tr("empty")), "warn"
    if len(held) == 1:
        return classes[held[0] - 1].name, "text"
    return classes_text(len(held)), "text"


def class_text(row: Row, classes: Sequence[LabelClass]) -> tuple[str, Role]:
    """What the table says of the class of a whole image."""
    if row.refused:
        return tr("not read: {reason}", reason=row.refused), "bad"
    if row.why_not and not row.taken:
        return row.why_not, "warn"
    if row.differs("label"):
        return tr("several"), "dim"
    if row.label is None:
        return tr("no class"), "dim"
    if row.label >= len(classes):
        return tr("class {number} does not exist", number=row.label + 1), "bad"
    return classes[row.label].name, "text"


Test: TypeAlias = Callable[[Row], bool]

FILTERS: Mapping[str, Test] = {
    "all": lambda row: not row.refused,
    "masked": lambda row: row.mask == "yes" and not row.refused,
    "unmasked": lambda row: row.mask == "no" and not row.refused,
    "labelled": lambda row: row.label is not None and not row.refused,
    "unlabelled": lambda row: row.label is None and not row.refused,
    "unassigned": lambda row: not row.split and not row.refused,
    "refused": lambda row: bool(row.refused),
}
