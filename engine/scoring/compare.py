"""Scores of any two folders of masks, paired by file name; the values that occur are the classes."""

import os
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.formats.targets import labelled_in, values_of
from engine.imaging.accidents import is_made_up, is_turned_round
from engine.imaging.files import item_name, walk
from engine.imaging.geometry import Geometry, resample_labels, size_words
from engine.imaging.mask_looks import UNSURE_CHANNELS, Convention, plain_greys
from engine.imaging.read import read_mask
from engine.imaging.values import MaskFile, color_text
from engine.labels.classes import MOST_CLASSES, UNLABELLED_NAME
from engine.labels.edit import Labels
from engine.progress import Notice, Progress, Work, count_notice, listed
from engine.project.mask_conventions import convention_of_files
from engine.scoring.metrics import ClassScores, ItemScores, SetScores, confusion, scores, set_scores
from engine.scoring.surface import class_surfaces, unit_of
from engine.words import translatable

_Names: TypeAlias = dict[int, str]

_BYTE = 255
_NAMED = 5  # of the files that have no partner, so that a message stays readable


def compare_folders(
    reference: Path, predicted: Path, distances: bool = False, *, ignore: Collection[int] = ()
) -> Work[SetScores]:
    """Score every mask of `predicted` against the one of the same name (whatever its ending) in `reference`.

    Classes are named by their value ("1", "2", ...) or colour ("#ff0000"), or by what the files or the lists beside them call the values
    where one value is called otherwise in another file. Several values of one name are its objects, and count together. What a file alone cannot say of its numbers (palettes, greys of few bits, channels)
    is decided once for all masks of a folder, as an import does it. `distances` adds those of surfaces, in mm where the reference says how large
    a voxel is, else in pixels: the two are never averaged. Volumes that know where they are in the patient are compared there, in voxels of the reference.
    Where the reference holds one of the values `ignore` (void), or one that the list beside it calls unlabelled, and on slices of which the list that an export left beside it
    says that nobody labelled them, nothing is scored, and no class is made of them. Files
    without a partner are named in a Notice. Raises EngineError where no pair is found or a pair does not fit.
    """
    truths, guesses = _masks(reference), _masks(predicted)
    names = sorted(truths.keys() & guesses.keys())
    if not names:
        raise EngineError(
            translatable("No mask in {one} has the name of one in {other}."),
            translatable("Masks are paired by their file names: x.png with x.png or x.nii.gz."),
            one=reference.name,
            other=predicted.name,
        )
    for alone, folder in ((truths.keys() - guesses.keys(), reference), (guesses.keys() - truths.keys(), predicted)):
        if alone:
            yield _without_partner(sorted(alone), folder)
    of_truths = yield from convention_of_files(truths.values())
    of_guesses = yield from convention_of_files(guesses.values())
    scored, objects = list[tuple[str, _Names, _Names, dict[int, ClassScores]]](), list[str]()
    for number, name in enumerate(names):
        yield Progress(number, len(names), name)
        pair = _Pair(name, _File(truths[name], of_truths), _File(guesses[name], of_guesses), ignore)
        for note in pair.notes:
            yield Notice(translatable("{name}: {note}"), {"name": name, "note": note})
        if pair.renumbered:
            text = translatable(
                "{name}: the values are numbered otherwise in the prediction, and were taken by their names."
            )
            yield Notice(text, {"name": name})
        if pair.void:
            text = translatable("{name}: the value {value} is called unlabelled and was left out.")
            yield Notice(text, {"name": name, "value": ", ".join(map(str, pair.void))})
        if pair.left_out:
            text = translatable("{name}: {count} of {all} slices are not labelled in the reference and were left out.")
            yield Notice(text, {"name": name, "count": len(pair.left_out), "all": len(pair.truth)})
        if pair.moved:
            yield Notice(
                translatable("{name} lies on another grid and was laid on the reference by millimetres."),
                {"name": name},
            )
        if pair.unplaced:
            yield Notice(
                translatable("{name}: one of both does not say where it lies; they were compared as they are stored."),
                {"name": name},
            )
        objects += [name] if pair.objects else []
        scored.append((name, pair.names, pair.called, pair.scores(distances)))
    yield Progress(len(names), len(names))
    yield from listed(
        translatable("The values of 1 mask are objects: those of one class were counted together: {names}."),
        translatable("The values of {count} masks are objects: those of one class were counted together: {names}."),
        objects,
    )
    by_name = bool(objects) or _called_otherwise(called for _, _, called, _ in scored)
    items, values = list[ItemScores](), dict[str, int]()
    for name, shown, called, found in scored:
        shown = {**shown, **called} if by_name else shown
        values |= {shown[value]: value for value in found}
        items.append(ItemScores(name, {shown[value]: one for value, one in found.items()}))
    classes = sorted(values, key=lambda name: (values[name], name))
    yield from _nothing_in_common(items, classes)
    return set_scores(items, classes)


def _called_otherwise(every: Iterable[_Names]) -> bool:
    """Whether one value has two names, or one name two values."""
    pairs = {pair for called in every for pair in called.items()}
    return any(len(set(ends)) < len(pairs) for ends in zip(*pairs, strict=True))


def _nothing_in_common(items: Sequence[ItemScores], classes: Sequence[str]) -> Iterator[Notice]:
    """That no value is in both folders: one structure that is 1 here and 255 there scores 0 throughout. Or that one is in the references
    alone that often means what nobody labelled. Of `classes` in their order."""
    every = [(value, one) for item in items for value, one in item.classes.items()]
    here, there = ({v for v, one in every if getattr(one, side)} for side in ("truth", "predicted"))
    if here and there and not here & there:
        text = translatable(
            "The references hold the values {one} and the predictions {other}: none is in both, so nothing can agree."
        )
        one, other = (", ".join([name for name in classes if name in held][:_NAMED]) for held in (here, there))
        yield Notice(text, {"one": one, "other": other})
    elif str(_BYTE) in here - there and here & there:
        text = translatable(
            "The value {value} is in the references alone. If it stands for what nobody labelled, leave it out: --ignore {value}."
        )
        yield Notice(text, {"value": _BYTE})


def _masks(folder: Path) -> Mapping[str, Path]:
    """The files of a folder by name without ending, below the folder; accents are composed, which macOS takes apart."""
    if not os.path.isdir(folder):
        raise EngineError(
            translatable("{name} is not a folder."),
            translatable("Give two folders of masks."),
            name=folder.name or str(folder),
        )
    found: dict[str, Path] = {}
    for entry in walk([folder]):
        if entry.fault is not None:
            raise entry.fault
        name = unicodedata.normalize("NFC", str(PurePosixPath(entry.shown).with_name(item_name(entry.path))))
        if name in found:
            raise EngineError(
                translatable("{folder} holds two masks named {name}."),
                translatable("Leave one of them there."),
                folder=folder.name,
                name=name,
            )
        found[name] = Path(entry.path)
    return found


def _without_partner(names: Sequence[str], folder: Path) -> Notice:
    shown = ", ".join(names[:_NAMED]) + (", ..." if len(names) > _NAMED else "")
    single, many = (
        translatable("1 mask in {folder} has no partner and was left out: {names}."),
        translatable("{count} masks in {folder} have no partner and were left out: {names}."),
    )
    return count_notice(single, many, len(names), folder=folder.name, names=shown)


class _File:
    """A mask with its `path`, read as all of its folder are; its greys are the same numbers with colours beside them and without."""

    def __init__(self, path: Path, convention: Convention) -> None:
        self.path, self.mask = path, read_mask(path, convention)
        self.values = plain_greys(self.mask.values) if self.mask.colored else self.mask.values
        count, _ = self.mask.channels or (0, 0)
        if count in convention.unsure:
            raise _unsure_channels(count)


def _unsure_channels(count: int) -> EngineError:
    return EngineError(UNSURE_CHANNELS, translatable("Save it as one mask with one value per class."), count=count)


class _Pair:
    """Two masks on one grid, with their values as places in the list `values`."""

    def __init__(self, name: str, truth: _File, predicted: _File, ignore: Collection[int]) -> None:
        reference, guess = truth.mask, predicted.mask
        (count, first), (also, other_first) = reference.channels or (0, 0), guess.channels or (0, 0)
        if count == also and first != other_first:
            raise _unsure_channels(count)
        self.notes = (*reference.notes, *guess.notes)
        one, grid, other, place = truth.values, reference.geometry, predicted.values, guess.geometry
        wanted, called = _names(truth.path, reference), _names(predicted.path, guess)
        self.objects = _several_of_a_name(wanted) or _several_of_a_name(called)
        if self.objects:
            ours, theirs = _of_one_name(name, one, wanted, called), _of_one_name(name, other, called, wanted)
            one, wanted, other, called = *_together(one, ours), *_together(other, theirs)
        other, self.renumbered = _by_names(name, other, wanted, called)
        self.void = sorted(
            {value for value, said in (wanted | called).items() if said == UNLABELLED_NAME} - set(ignore)
        )
        ignore = (*ignore, *self.void)
        void = np.isin(one, list(ignore)) if ignore else None
        labelled = labelled_in(truth.path)
        self.left_out = [] if labelled is None else [z for z in range(len(one)) if z not in labelled]
        if self.left_out:
            void = np.zeros(one.shape, bool) if void is None else void
            void[self.left_out] = True
        if void is not None:
            one, other = np.where(void, 0, one), np.where(np.isin(other, list(ignore)), 0, other)
        self.values = _values(name, one, other)
        colored = reference.colored or guess.colored
        self.names: _Names = {v: color_text(v) if colored and v > _BYTE else str(v) for v in self.values}
        known = wanted if self.renumbered else called | wanted
        self.called: _Names = {value: known[value] for value in self.values if value in known}
        self.truth, self.predicted = _coded(one, self.values), _coded(other, self.values)
        made_up = _is_made_up(place, grid)
        if _is_made_up(grid, place):
            made_up, grid = True, place
        self.spacing = grid.spacing if grid is not None else (1.0, 1.0, 1.0)
        self.unit = unit_of(grid is not None and grid.calibrated)
        self.moved = not made_up and _elsewhere(grid, place)
        self.unplaced = made_up or _is_placed(grid) != _is_placed(place)
        if not self._is_as_large(one.shape, other.shape, grid, place):
            raise EngineError(
                translatable("{name}: the reference has {one} pixels, the prediction {other}."),
                translatable("Compare masks of the same size."),
                name=name,
                one=size_words(one.shape),
                other=size_words(other.shape),
            )
        if self.moved and grid is not None and place is not None:
            self.predicted = resample_labels(self.predicted, place, grid)
        if void is not None:
            self.predicted[void] = 0

    def _is_as_large(
        self, one: Sequence[int], other: Sequence[int], grid: Geometry | None, place: Geometry | None
    ) -> bool:
        if not self.moved or grid is None or place is None:
            return one == other
        return sorted(one) == sorted(other) and not (is_turned_round(place, grid) or is_turned_round(grid, place))

    def scores(self, distances: bool) -> dict[int, ClassScores]:
        found = scores(confusion(self.truth, self.predicted, len(self.values))).classes
        if distances and not self.left_out:  # where slices are missing, surfaces end that do not
            surfaces = class_surfaces(self.truth, self.predicted, len(self.values), self.spacing, unit=self.unit)
            found = tuple(ClassScores(c.truth, c.predicted, c.both, s) for c, s in zip(found, surfaces, strict=True))
        return dict(zip(self.values, found, strict=True))


def _names(file: Path, mask: MaskFile) -> _Names:
    """What the file, or the list beside it, calls its values, as names are compared."""
    said = {value: one.name for value, one in mask.names.items()} or values_of(file) or {}
    return {value: name.casefold().strip() for value, name in said.items()}


def _several_of_a_name(names: _Names) -> bool:
    return len(set(names.values())) < len(names)


def _of_one_name(name: str, values: NDArray[np.int32], names: _Names, others: _Names) -> _Names:
    """What the values are of which the other file says that they are objects: by their own names, or all what the others are. EngineError
    where those are of several classes."""
    there = [value for value in _unique(values).tolist() if value]
    if names or not there:
        return names
    if len(kinds := set(others.values()) - {UNLABELLED_NAME}) > 1:
        raise EngineError(
            translatable(
                "{name}: one of both holds objects of several classes, and the other does not say of which its values are."
            ),
            translatable("Give both the same classes before they are compared."),
            name=name,
        )
    return dict.fromkeys(there, *kinds)


def _together(values: NDArray[np.int32], names: _Names) -> tuple[NDArray[np.int32], _Names]:
    """Values of one name as the first of them."""
    firsts = {called: value for value, called in sorted(names.items(), reverse=True)}
    present, places = np.unique(values, return_inverse=True)
    meant = np.array([firsts[names[v]] if v in names else v for v in present.tolist()], np.int32)
    return meant[places].reshape(values.shape), {value: called for called, value in firsts.items()}


def _by_names(
    name: str, values: NDArray[np.int32], wanted: Mapping[int, str], called: Mapping[int, str]
) -> tuple[NDArray[np.int32], bool]:
    """The prediction with the reference's numbers for what both call the same, and whether any was another. EngineError where one number
    means two things then."""
    numbers = {one: value for value, one in wanted.items()}
    meant = {value: numbers.get(one, value) for value, one in called.items()}
    there = {value: meant.get(value, value) for value in _unique(values).tolist() if value}
    for value, number in there.items():
        stays = number == value  # it bears no name, or one that the reference does not know
        if stays and value in wanted and called.get(value, wanted[value]) != wanted[value]:
            raise _ambiguous(name, value, wanted[value], called[value])
        if stays and any(n == value and v != value for v, n in there.items()):
            raise _ambiguous(name, value, wanted[value], called.get(value, "?"))
    if all(value == number for value, number in there.items()):
        return values, False
    changed = values.copy()
    for value, number in there.items():
        changed[values == value] = number
    return changed, True


def _ambiguous(name: str, value: int, one: str, other: str) -> EngineError:
    return EngineError(
        translatable("{name}: the value {value} means {one} in the reference and {other} in the prediction."),
        translatable("Give both the same classes before they are compared."),
        name=name,
        value=value,
        one=one,
        other=other,
    )


def _is_made_up(one: Geometry | None, other: Geometry | None) -> bool:
    return one is not None and other is not None and is_made_up(one, other)


def _is_placed(geometry: Geometry | None) -> bool:
    return geometry is not None and geometry.patient_based


def _elsewhere(grid: Geometry | None, place: Geometry | None) -> bool:
    """Whether both know their place in the patient, and it is not the same voxel for voxel."""
    if grid is None or place is None or not (grid.patient_based and place.patient_based):
        return False
    return not grid.same_grid(place)


def _values(name: str, one: NDArray[np.int32], other: NDArray[np.int32]) -> list[int]:
    """The values but 0 that occur in either mask, rising."""
    values = [int(v) for v in np.union1d(_unique(one), _unique(other)) if v]
    if len(values) > MOST_CLASSES:
        raise EngineError(
            translatable(
                "{name} holds {count} different values: that is an image or a map of instances, not of classes."
            ),
            translatable("Compare masks with at most 254 classes."),
            name=name,
            count=len(values),
        )
    return values


def _unique(mask: NDArray[np.int32]) -> NDArray[np.int64]:
    """Counting is many times faster than sorting; masks seldom hold more than a byte does."""
    if mask.size and mask.min() >= 0 and mask.max() <= _BYTE:
        small = mask.astype(np.uint8)
        return np.flatnonzero(confusion(small, small, _BYTE).any(axis=0))
    return np.unique(mask).astype(np.int64)


def _coded(mask: NDArray[np.int32], values: Sequence[int]) -> Labels:
    """The mask with each value's place in the list, from 1; 0 stays."""
    if list(values) == list(range(1, len(values) + 1)):
        return mask.astype(np.uint8)
    known = np.array(sorted((0, *values)))
    codes = np.array([0 if v == 0 else values.index(v) + 1 for v in known], np.uint8)
    coded: Labels = codes[np.searchsorted(known, mask)]
    return coded
