"""A mask file as the labels of an image: what its values mean, and where its voxels lie on the image's grid."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.formats.label_file import labels_beside, read_labels, unread_beside
from engine.formats.targets import labelled_in, values_of
from engine.imaging.accidents import hold_same_voxels, is_made_up, is_turned_round
from engine.imaging.geometry import (
    Geometry,
    covered_slices,
    fraction_outside,
    orientation_labels,
    resample_labels,
    size_words,
    uncalibrated,
    voxel_on_voxel,
)
from engine.imaging.mask_looks import BY_ITSELF, UNSURE_CHANNELS, Convention
from engine.imaging.read import first_slice, read_image, read_mask
from engine.imaging.scan import Found
from engine.imaging.values import LabelName, MaskFile, color_number, color_text
from engine.labels.classes import BACKGROUND, UNLABELLED, UNLABELLED_NAME, LabelClass
from engine.labels.edit import Ids, Labels
from engine.progress import Notice, count_notice
from engine.project.class_files import ClassFile, ClassFiles, read_class
from engine.project.folders import plain_name
from engine.words import translatable

Meanings: TypeAlias = Mapping[int, str] | Mapping[str, str] | Mapping[int | str, str]
"""Which class (its name) each value of masks is, or each file that is of one class alone (its name)."""

_GREY = 0x010101
_NO_CLASSES = {"background": BACKGROUND, "bg": BACKGROUND, "fondo": BACKGROUND, UNLABELLED_NAME: UNLABELLED}
"""What files of one class each are called that are none, by their plain names."""
_CHANGED = 0.1  # share of a structure's volume: above it the change is said
TOO_MUCH = 0.5
"""A single class that covers more of the pixels than this may be the wrong way round."""
_BY_SLICES = translatable(
    "Slices of the image are missing or lie at several distances: the mask was laid on each of them where it truly lies."
)
_MADE_UP = translatable(
    "The mask begins at 0 mm and is not turned, as scripts write it, and the image of its size lies elsewhere: the mask was laid on"
    " voxel by voxel, as stored."
)


def parse_values(text: str) -> dict[int | str, str]:
    """ "0=background,128=cytoplasm,255=unlabelled" as a table; a colour is written "#ff0000=tumour", and files of one class each by
    their names "kidney_left=kidney"."""
    table: dict[int | str, str] = {}
    for part in filter(None, (p.strip() for p in text.split(","))):
        number, _, name = (p.strip() for p in part.partition("="))
        color = re.fullmatch(r"#[0-9a-fA-F]{6}", number)
        whole = re.fullmatch(r"-?[0-9]{1,9}", number)
        if not (color or whole or number[:1].isalpha()) or not name:
            raise EngineError(
                translatable("{part} does not say what a mask value means."),
                translatable("Write for example 0=background,255=lung."),
                part=part,
            )
        value = color_number(int(number[1:], 16)) if color else int(number) if whole else number
        if table.setdefault(value, name) != name:
            raise EngineError(
                translatable("The value {value} is said to be {one} and {other}."),
                translatable("Give every value one meaning."),
                value=number,
                one=table[value],
                other=name,
            )
    return table


def meanings_beside(masks: Path, classes: Sequence[LabelClass]) -> tuple[Meanings | None, tuple[Notice, ...]]:
    """What a file beside the masks (nnU-Net's dataset.json, ITK-SNAP's and Slicer's tables) calls their values, as far as these are
    classes of the project, and that it was followed; None where there is no such file, or where it names none of the classes."""
    file = labels_beside(masks)
    if file is None:
        unread = unread_beside(masks)
        text = translatable("{file} beside the masks does not say what each value means: they go by their numbers.")
        return None, () if unread is None else (Notice(text, {"file": unread.name}),)
    names = {one.name.casefold(): one.name for one in classes}
    called = {value: one.name for value, one in read_labels(file).items()}
    table = {value: names[name.casefold()] for value, name in called.items() if name.casefold() in names}
    if table and UNLABELLED_NAME not in names:
        table |= {value: name for value, name in called.items() if name == UNLABELLED_NAME}
    told = ", ".join(f"{value} = {name}" for value, name in called.items())
    if not table:
        text = translatable(
            "{file} gives the values of the masks names that are no classes here ({values}): they go by their numbers."
        )
        return None, (Notice(text, {"file": file.name, "values": told}),)
    text = translatable("The values of the masks are what {file} says: {values}.")
    return {BACKGROUND: "background"} | table, (Notice(text, {"file": file.name, "values": told}),)


def check_words(table: Meanings | None, classes: Sequence[LabelClass]) -> None:
    """EngineError where a word of a typed table means two things: what nobody labelled (UNLABELLED), and a class of that name. Either
    guess would teach as a class what nobody labelled, or leave a class out of training and scores."""
    words = {name.casefold(): name for name in (table or {}).values()}
    called = next((one.name for one in classes if one.name.casefold() == UNLABELLED_NAME), None)
    if UNLABELLED_NAME in words and called is not None:
        raise EngineError(
            translatable("{word} means pixels that nobody labelled, and the project has a class called {name} too."),
            translatable("Give that class another name in the Data tab, then import again."),
            word=words[UNLABELLED_NAME],
            name=called,
        )


def count_values(values: NDArray[np.integer[Any]]) -> dict[int, int]:
    """How many voxels hold each value, counted slice by slice to spare memory."""
    counts: dict[int, int] = {}
    for plane in values:
        for value, count in zip(*np.unique(plane, return_counts=True), strict=True):
            counts[int(value)] = counts.get(int(value), 0) + int(count)
    return dict(sorted(counts.items()))


def read_named_mask(file: Path, convention: Convention = BY_ITSELF) -> MaskFile:
    """As `read_mask`; of one that Contorno wrote, with what the lists beside it say: names of values, and the slices that are labelled."""
    mask = replace(read_mask(file, convention), labelled=labelled_in(file))
    said = values_of(file) if not mask.names else None
    return replace(mask, names={value: LabelName(name) for value, name in said.items()}) if said else mask


class ImageMask(NamedTuple):
    """A mask on its image's grid, what was assumed or lost on the way, and the slices of the image that it speaks of; `ids` of the
    objects where it is one of objects."""

    labels: Labels
    notes: tuple[Notice, ...]
    slices: frozenset[int]
    ids: Ids | None = None


class Coverage:
    """How much of masks the only class covers, to notice masks that are the wrong way round."""

    def __init__(self, classes: Sequence[LabelClass]) -> None:
        self._only = classes[0].name if len(classes) == 1 else ""
        self._covered = self._all = 0

    def add(self, labels: Labels) -> None:
        if self._only:
            self._covered += int(np.count_nonzero((labels > 0) & (labels < UNLABELLED)))
            self._all += int(np.count_nonzero(labels != UNLABELLED))

    def notices(self) -> Iterator[Notice]:
        if self._covered > TOO_MUCH * self._all:
            text = translatable("{label} covers {share:.0f} % of the masks: they may be the wrong way round.")
            yield Notice(text, {"label": self._only, "share": 100 * self._covered / self._all})


class MaskReader:
    """Reads mask files as classes on an image's grid, and refuses values to which nobody gave a meaning."""

    def __init__(
        self, table: Meanings | None, classes: Sequence[LabelClass], *, others_background: bool = False
    ) -> None:
        """`table` says which value is which class's name, and which the files of one class are of by their own names (texts); None leaves
        it to the masks. Raises EngineError for an unknown class."""
        places = {"background": BACKGROUND, UNLABELLED_NAME: UNLABELLED}
        places |= {c.name.casefold(): place for place, c in enumerate(classes, 1)}
        self.guessed = False  # whether 255 was taken as the only class
        self.convention = BY_ITSELF  # of all the masks of an import
        self._others = others_background
        self._classes = [c.name for c in classes]
        self._table: dict[int, int] | None = None
        self._by_file: dict[str, int] = {}  # by the plain name of a file of one class
        self._unmet: dict[str, str] = {}  # the names among them that no file has borne so far
        if table is not None:
            unknown = [name for name in table.values() if name.casefold() not in places]
            if unknown:
                raise EngineError(
                    translatable("There is no class {name}."),
                    translatable("The classes are: {known}."),
                    name=unknown[0],
                    known=", ".join(self._classes),
                )
            said = {value: places[name.casefold()] for value, name in table.items()}
            self._by_file = {plain_name(name): place for name, place in said.items() if isinstance(name, str)}
            self._unmet = {plain_name(name): name for name in said if isinstance(name, str)}
            self._table = {value: place for value, place in said.items() if isinstance(value, int)} or None

    @property
    def unmet(self) -> list[str]:
        """The names of files, of those that the table has, that no file bore so far."""
        return list(self._unmet.values())

    def read(self, file: Path | ClassFiles, image: Found) -> ImageMask:
        """The mask on the image's grid: by millimetres where both have a place in the patient, else voxel by voxel. Raises EngineError
        for a mask that does not belong to the image."""
        if isinstance(file, ClassFiles):
            return self._join(file, image)
        mask = read_named_mask(file, self.convention)
        return self._on_grid(mask, self._translate(mask), image)

    def _join(self, files: ClassFiles, image: Found) -> ImageMask:
        """Masks of one class each as one, what comes later on top; a slice is labelled where all of them speak of it."""
        labels, slices, notes = np.zeros(image.shape, np.uint8), frozenset(range(image.shape[0])), dict[Notice, None]()
        covered, grid = dict[str, int](), None
        for part in files.parts:
            place = self._place_of(part)
            self._unmet.pop(plain_name(part.name), None)
            mask = read_class(part)
            if place is None and not self._others and mask.values.any():
                raise EngineError(
                    translatable("{file} looks like the mask of {name} alone, and there is no such class."),
                    translatable("Say which class it is, take it as background, or import one folder at a time."),
                    file=f"{part.path.parent.name}/{part.path.name}",
                    name=part.name,
                )
            if grid is None and mask.geometry is not None:
                grid = read_image(image.source).geometry
            laid = np.where(mask.values != 0, np.uint8(place or 0), np.uint8(0))
            found = self._on_grid(mask, laid, image, grid)
            slices &= found.slices
            notes.update(dict.fromkeys(found.notes))
            own = found.labels != 0
            if below := int(np.count_nonzero(labels[own] != 0)):
                covered[part.name] = below
            labels[own] = found.labels[own]
        notes.update(dict.fromkeys(_overlaps(covered)))
        return ImageMask(labels, tuple(notes), slices)

    def _place_of(self, part: ClassFile) -> int | None:
        """The class of a file by its name; None where there is none of it."""
        name = plain_name(part.name)
        if name in self._by_file:
            return self._by_file[name]
        called = self._called(part.name)
        return _NO_CLASSES.get(name) if called is None else called

    def _on_grid(self, mask: MaskFile, labels: Labels, image: Found, known: Geometry | None = None) -> ImageMask:
        """`known` is the image's grid, where it has been read."""
        place = mask.geometry
        # only a mask with millimetres of its own needs more of the image than its shape
        grid = (
            uncalibrated(*image.shape[1:], image.shape[0])
            if place is None
            else known or read_image(image.source).geometry
        )
        notes = [*mask.notes, *self._otherwise_named(mask)]
        if place is not None and is_made_up(place, grid):
            place = replace(place, patient_based=False)
            if image.source.kind != "dicom":
                notes.append(Notice(_MADE_UP))
        elif place is not None and place.patient_based and grid.patient_based:
            _check_order(place, grid)
            first, *others = _parts(image, place, grid)
            if others:
                return self._lay_on_parts(mask, labels, place, (first, *others), notes)
            grid = first
            laid = self._lay(labels, place, grid)
            slices = _known_slices(mask.labelled, labels, place, grid)
            return ImageMask(laid, (*notes, *self._lost(labels, laid, place, grid)), slices)
        else:
            notes += _assumed(place, grid, image)
        if place is not None and grid.patient_based and image.source.kind == "dicom":
            raise EngineError(
                translatable(
                    "The mask does not say where it lies in the patient, so nobody can know how it is turned."
                ),
                translatable("Save it again with the place of the image it was drawn on (NIfTI's sform or qform)."),
            )
        if labels.shape != grid.shape:
            sizes = {"mask": size_words(labels.shape), "image": size_words(grid.shape)}
            raise EngineError(
                translatable("The mask is {mask}, the image {image}."),
                translatable("Choose masks of the image's own size."),
                **sizes,
            )
        whole = frozenset(range(len(labels)))
        return ImageMask(labels, tuple(notes), whole if mask.labelled is None else whole & mask.labelled)

    def _lay(self, labels: Labels, place: Geometry, grid: Geometry) -> Labels:
        return resample_labels(labels, place, grid)

    def _lay_on_parts(
        self, mask: MaskFile, labels: Labels, place: Geometry, parts: Sequence[Geometry], notes: Sequence[Notice]
    ) -> ImageMask:
        """On an image whose slices do not lie at one distance: on each part where it truly lies."""
        laid, slices, first = list[Labels](), set[int](), 0
        for part in parts:
            if _meet(place, part):
                laid.append(self._lay(labels, place, part))
                slices |= {first + z for z in _known_slices(mask.labelled, labels, place, part)}
            else:
                laid.append(np.zeros(part.shape, labels.dtype))
            first += part.shape[0]
        whole = np.concatenate(laid)
        return ImageMask(whole, (*notes, Notice(_BY_SLICES), *self._gone(labels, whole)), frozenset(slices))

    def _gone(self, labels: Labels, laid: Labels) -> tuple[Notice, ...]:
        """EngineError where nothing is left of a class."""
        left = set(np.unique(laid).tolist())
        gone = [value for value in np.unique(labels).tolist() if value and value not in left]
        if gone:
            raise EngineError(
                translatable("Nothing of {label} is left of the mask where the image lies."),
                translatable("Check that both belong to the same study: their positions in millimetres do not meet."),
                label=self._name(gone[0]),
            )
        return ()

    def _lost(self, labels: Labels, laid: Labels, place: Geometry, grid: Geometry) -> tuple[Notice, ...]:
        """What laying it on another grid changed: nothing where voxels lie on voxels, but for what is outside."""
        if place.same_grid(grid):
            return ()
        self._gone(labels, laid)
        kept, had = count_values(laid), count_values(labels)
        beyond = fraction_outside(labels, place, grid)
        text = translatable("{lost:.1f} % of {label} in the mask lies outside the image and was left out.")
        said = [
            Notice(text, {"lost": max(100 * share, 0.1), "label": self._name(value)}) for value, share in beyond.items()
        ]
        if voxel_on_voxel(place, grid):
            return tuple(said)
        text = translatable(
            "The mask lies on another grid ({mask} voxels) than the image ({image}): it was laid on by millimetres."
        )
        said.insert(0, Notice(text, {"mask": size_words(labels.shape), "image": size_words(grid.shape)}))
        for value, count in had.items():
            before, after = count * place.voxel_ml * (1 - beyond.get(value, 0.0)), kept.get(value, 0) * grid.voxel_ml
            if value and abs(after - before) > _CHANGED * before:
                text = translatable(
                    "{label} takes {after:.3g} mL on the image's grid; on the mask's own it took {before:.3g} mL."
                )
                said.append(Notice(text, {"label": self._name(value), "after": after, "before": before}))
        return tuple(said)

    def _name(self, value: int) -> str:
        return self._classes[value - 1] if 0 < value <= len(self._classes) else UNLABELLED_NAME

    def _translate(self, mask: MaskFile) -> Labels:
        values = mask.values
        self._check_channels(mask)
        present = list(count_values(values))
        table = self._table if self._table is not None else self._by_names(mask) or self._by_number(mask, present)
        meaning = {v: _meaning(v, table, colored=mask.colored) for v in present}
        unknown = [v for v in present if meaning[v] is None]
        if unknown and not self._others:
            first = unknown[0]
            raise EngineError(
                translatable("The mask holds the value {value}, which has no class."),
                translatable("Say what it means, or take it as background."),
                value=color_text(first) if mask.colored else _with_name(first, mask),
            )
        labels = np.zeros(values.shape, np.uint8)
        for value in present:
            place = meaning[value]
            if place:
                labels[values == value] = place
        return labels

    def _check_channels(self, mask: MaskFile) -> None:
        """EngineError where nobody can know whether the first of a mask's channels is the background: the table says nothing, and they are
        not as many as the classes."""
        count, _ = mask.channels or (0, 0)
        if self._table is None and count == len(self._classes):
            return
        if not self.convention.unsure.get(count, frozenset()) <= (self._table or {}).keys():
            raise EngineError(
                UNSURE_CHANNELS,
                translatable("Say what the channels mean: their values are 1 to {count}."),
                count=count,
            )

    def _by_names(self, mask: MaskFile) -> dict[int, int]:
        """The values that the file itself calls like classes, with the background; nothing where it calls none so."""
        found = {value: self._called(one.name) for value, one in mask.names.items()}
        meant = {value: place for value, place in found.items() if place}
        void = {value: UNLABELLED for value, one in mask.names.items() if one.name == UNLABELLED_NAME}
        return {BACKGROUND: BACKGROUND} | void | meant if meant or void else {}

    def _by_number(self, mask: MaskFile, present: Sequence[int]) -> dict[int, int]:
        """What values mean by their numbers alone: nothing where the file itself calls them otherwise."""
        return (
            {BACKGROUND: BACKGROUND} if any(value in mask.names for value in present if value) else self._guess(present)
        )

    def _otherwise_named(self, mask: MaskFile) -> list[Notice]:
        """Values that mean another class by the table than by their own names."""
        text = translatable("The mask calls the value {value} {name}; it was taken as {label}.")
        nothing = translatable("The mask calls the value {value} {name}; it was taken as background.")
        return [
            Notice(text, {"value": value, "name": one.name, "label": self._name(taken)})
            if taken
            else Notice(nothing, {"value": value, "name": one.name})
            for value, one in mask.names.items()
            if (taken := (self._table or {}).get(value)) is not None
            and self._called(one.name) not in (None, taken)
            and bool((mask.values == value).any())
        ]

    def _called(self, name: str) -> int | None:
        return next((at for at, one in enumerate(self._classes, 1) if plain_name(one) == plain_name(name)), None)

    def _guess(self, present: Sequence[int]) -> dict[int, int]:
        if len(self._classes) == 1 and 255 in present and set(present) <= {0, 255}:
            self.guessed = True
            return {0: 0, 255: 1}
        return {v: v for v in range(len(self._classes) + 1)}


def _parts(image: Found, place: Geometry, grid: Geometry) -> tuple[Geometry, ...]:
    """Of a DICOM image, whose slices may lie at several distances: its parts, unless the mask holds the same slices at one distance, as
    programs lay them that drew it on this image. Else the grid."""
    if image.source.kind != "dicom" or hold_same_voxels(place, grid):
        return (grid,)
    from engine.imaging.slice_places import runs, stretched

    parts = runs(image.source, grid)
    mean = stretched(parts)
    return (mean,) if len(parts) > 1 and hold_same_voxels(place, mean) else parts


def _meet(place: Geometry, grid: Geometry) -> bool:
    try:
        return bool(covered_slices(place, grid))
    except EngineError:
        return False


def _known_slices(labelled: frozenset[int] | None, mask: Labels, place: Geometry, grid: Geometry) -> frozenset[int]:
    """The slices of the image of which the mask speaks: such as it reaches, without those that reach into slices that nobody labelled."""
    reached = frozenset(range(grid.shape[0])) if place.same_grid(grid) else covered_slices(place, grid)
    unknown = [] if labelled is None else [z for z in range(len(mask)) if z not in labelled]
    if not unknown:
        return reached
    void = np.zeros(mask.shape, np.uint8)
    void[unknown] = 1
    return reached.difference(np.flatnonzero(resample_labels(void, place, grid).any(axis=(1, 2))).tolist())


def _overlaps(covered: Mapping[str, int]) -> Iterator[Notice]:
    one, many = (
        translatable("1 voxel of another class lies under {label}, whose file comes later."),
        translatable("{count} voxels of other classes lie under {label}, whose file comes later."),
    )
    yield from (count_notice(one, many, count, label=name) for name, count in covered.items())


def _meaning(value: int, table: Mapping[int, int], *, colored: bool) -> int | None:
    """A grey is the same in a mask without colours (200) and in one with some (#c8c8c8)."""
    if value in table:
        return table[value]
    if colored:
        grey = value & 0xFF
        return table.get(grey) if value == grey * _GREY else None
    return table.get(value * _GREY) if 0 < value <= 0xFF else None


def _with_name(value: int, mask: MaskFile) -> str:
    return f"{value} ({mask.names[value].name})" if value in mask.names else str(value)


def _check_order(place: Geometry, grid: Geometry) -> None:
    if is_turned_round(place, grid):
        raise EngineError(
            translatable(
                "The mask is {mask}, the image {image}: its axes stand in another order, and its place in the patient does not"
                " say so."
            ),
            translatable("Save it with its axes in the order of the image's."),
            mask=size_words(place.shape),
            image=size_words(grid.shape),
        )


def _assumed(place: Geometry | None, grid: Geometry, image: Found) -> tuple[Notice, ...]:
    """What had to be taken for granted about a mask that could not be laid on by millimetres."""
    if place is not None:
        if place.patient_based == grid.patient_based or image.source.kind not in ("dicom", "nifti", "nrrd"):
            return ()
        text = translatable(
            "Either image or mask has no place in the patient: the mask was laid on voxel by voxel, as stored."
        )
        return (Notice(text),)
    if image.source.kind in ("nifti", "nrrd"):
        text = translatable(
            "The mask does not say where it lies: its slices, rows and columns were taken as those of the image, as stored."
        )
        return (Notice(text),)
    if image.source.kind != "dicom" or image.shape[0] == 1:
        return ()
    *_, first, last = orientation_labels(first_slice(image.source).geometry, "coronal")
    if not first:
        return (Notice(translatable("The mask's slices were taken in the order of the image's.")),)
    text = translatable("The mask's slices were taken in the order of the image's, which run from {first} to {last}.")
    return (Notice(text, {"first": first, "last": last}),)
