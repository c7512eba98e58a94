"""What is wrong with a project's data, before it costs a training."""

import time
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.config import Split
from engine.errors import EngineError
from engine.imaging.hounsfield import NOT_IN_HU
from engine.imaging.values import NO_MEASUREMENTS, NO_NUMBERS
from engine.labels.classes import UNLABELLED
from engine.progress import Progress, Work
from engine.project.companions import images_of_one_case
from engine.project.items import Item
from engine.project.likely_masks import LIKE_A_MASK, LIKE_A_SHEET
from engine.project.project import Project
from engine.project.rereading import find_exchanged
from engine.project.splits import find_twins, leaks
from engine.scoring.voxels import values_held
from engine.words import filled, translatable

Level: TypeAlias = Literal["wrong", "look"]
Flags: TypeAlias = NDArray[np.bool_]

_EVERY = 1.0  # seconds between two MaskValues
_NAMED = 4  # items
_LISTED = 12  # classes


@dataclass(frozen=True)
class Finding:
    """One thing to look at. `message` is a template; `items` are the ones concerned."""

    level: Level
    kind: str
    message: str
    items: tuple[int, ...]
    values: dict[str, object] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return filled(self.message, self.values)

    @property
    def unnamed(self) -> tuple[int, ...]:
        """The items that the text does not name."""
        return self.items[_NAMED:] if "names" in self.values else self.items


@dataclass(frozen=True)
class MaskValues:
    """Which values the masks of some items hold, as `values_held` gives them, for the caller to keep."""

    values: Mapping[int, tuple[int, ...]]


def mask_values(project: Project, known: Collection[int] = ()) -> Work[dict[int, tuple[int, ...]]]:
    """Which values the masks hold (`values_held`), by item; items in `known` are passed over. Yields MaskValues once a second, since
    a large project takes minutes. What cannot be read is left out: `check` names it."""
    layers, labelled = project.layers.masks(), project.layers.labelled_slices()
    items = [item for item in project.items.all() if item.id in layers and item.id not in known]
    found: dict[int, tuple[int, ...]] = {}
    told, last = 0, time.monotonic()
    for number, item in enumerate(items):
        try:
            labels = project.layers.read(layers[item.id], item.shape)
        except EngineError:
            continue
        found[item.id] = values_held(labels, labelled.get(item.id, ()))
        if time.monotonic() - last > _EVERY:
            yield MaskValues(dict(islice(found.items(), told, None)))
            told, last = len(found), time.monotonic()
        else:
            yield Progress(number, len(items), item.name)
    yield MaskValues(dict(islice(found.items(), told, None)))
    return found


def check(project: Project, known: Mapping[int, Collection[int]] | None = None) -> Work[list[Finding]]:
    """Damage of the project itself, leaks between sets, twins, files that are gone or others now, items without a set, empty sets, one patient for all,
    what is probably no scan, odd sizes and values, masks that are empty, labelled in part, not at all or of unknown values, and classes that nothing
    shows or that nothing teaches.

    `known` says which values (`values_held`) the masks of some items hold: those masks are not read again. Yields Signatures of images
    that had none, and Stamps of files, for the caller to keep.
    """
    items = project.items.all()
    findings = [
        *_damaged(project),
        *_leaks(items),
        *_missing(project),
        *_unsplit(items),
        *_empty_sets(items),
        *_no_scans(items),
        *_odd(items),
        *_measured(items),
        *_pictures_of_ct(items),
    ]
    if project.task == "classification":
        findings += _unlabelled(items, [one.name for one in project.classes])
    else:
        findings += yield from _masks(project, items, known or {})
    exchanged = yield from find_exchanged(project)
    twins = yield from find_twins(project)
    return [*findings, *_exchanged(exchanged), *_twins(items, twins)]


def _damaged(project: Project) -> list[Finding]:
    return [Finding("wrong", "damage", note.message, (), note.values) for note in project.damage()]


def _measured(items: list[Item]) -> list[Finding]:
    odd = [item.id for item in items if any(note.message in (NO_NUMBERS, NO_MEASUREMENTS) for note in item.notes)]
    one = translatable("1 image holds values that no scanner measured (NaN, infinite or 1e30 and more).")
    many = translatable("{count} images hold values that no scanner measured (NaN, infinite or 1e30 and more).")
    return _counted("look", "numbers", one, many, odd)


def _pictures_of_ct(items: list[Item]) -> list[Finding]:
    """Beside CT in HU only: pictures of CT alone can be learnt from as pictures."""
    ct = [item for item in items if item.modality == "CT"]
    odd = [item.id for item in ct if any(note.message == NOT_IN_HU for note in item.notes)]
    one = translatable("1 image is called CT as the others are, and is not in HU: together they lose their HU.")
    many = translatable(
        "{count} images are called CT as the others are, and are not in HU: together they lose their HU."
    )
    return _counted("look", "pictures_of_ct", one, many, odd) if len(odd) < len(ct) else []


def _leaks(items: list[Item]) -> list[Finding]:
    patients = {item.patient for item in items}
    if len(patients) == 1 and len(items) > 1 and items[0].patient:  # then no split is free of a leak
        text = translatable("All items are of one patient: no score will be of anybody else.")
        return [Finding("look", "one_patient", text, tuple(item.id for item in items))]
    by_id, found = {item.id: item for item in items}, list[Finding]()
    for ids in images_of_one_case(items):
        alike = [by_id[id] for id in ids]
        if len({item.split for item in alike if item.split}) > 1:
            text = translatable("Images of one case, by their names, stand in different sets: {names}.")
            found.append(Finding("wrong", "torn", text, ids, {"names": _listed(alike)}))
    of_patient = defaultdict[str, list[int]](list)
    for item in items:
        of_patient[item.patient].append(item.id)
    return found + [
        Finding(
            "wrong",
            "leak",
            translatable("Patient {patient} is in more than one set: {sets}."),
            tuple(of_patient[patient]),
            {"patient": patient, "sets": ", ".join(sorted(sets))},
        )
        for patient, sets in leaks(items).items()
    ]


def _twins(items: list[Item], groups: list[tuple[int, ...]]) -> list[Finding]:
    """Items of one content ("duplicate"), and those whose pixels differ by noise alone ("twins")."""
    by_id, found = {item.id: item for item in items}, list[Finding]()
    texts = {
        ("duplicate", True): translatable("The same image stands in different sets: {names}."),
        ("duplicate", False): translatable("The same image stands twice: {names}."),
        ("twins", True): translatable("Images that differ by noise alone stand in different sets: {names}."),
        ("twins", False): translatable("Images differ by noise alone: {names}."),
    }
    for ids in groups:
        alike = [by_id[id] for id in ids]
        kind = "duplicate" if len({item.hash for item in alike}) == 1 else "twins"
        across = len({item.split for item in alike if item.split}) > 1
        names = _listed(alike)
        if len({item.label for item in alike if item.label is not None}) > 1:
            text = translatable("The same image is of different classes: {names}.")
            found.append(Finding("wrong", "contradiction", text, ids, {"names": names}))
        found.append(Finding("wrong" if across else "look", kind, texts[kind, across], ids, {"names": names}))
    return found


def _listed(items: list[Item]) -> str:
    """Their names, as many as stay readable: all are shown on wish."""
    return ", ".join(item.name for item in items[:_NAMED]) + (", …" if len(items) > _NAMED else "")


def _listed_classes(classes: Sequence[str]) -> str:
    """The names of classes, of dozens the first ones and how many more there are."""
    more = len(classes) - _LISTED
    return ", ".join(classes) if more <= 1 else f"{', '.join(classes[:_LISTED])}, … (+{more})"


def _no_scans(items: list[Item]) -> list[Finding]:
    """What was taken for a scan and is probably the mask of one, or a sheet of thumbnails."""
    unlikely = [i.id for i in items if any(note.message in (LIKE_A_MASK, LIKE_A_SHEET) for note in i.notes)]
    one = translatable("1 item looks like a mask or a sheet of pictures, not like a scan.")
    many = translatable("{count} items look like masks or sheets of pictures, not like scans.")
    return _counted("look", "no_scan", one, many, unlikely)


def _missing(project: Project) -> list[Finding]:
    gone = [i.id for i in project.items.missing()]
    one, many = translatable("1 image is not where it was."), translatable("{count} images are not where they were.")
    return _counted("wrong", "missing", one, many, gone)


def _exchanged(ids: list[int]) -> list[Finding]:
    one = translatable("At the place of 1 image lies another than was imported: its mask may not fit.")
    many = translatable("At the places of {count} images lie others than were imported: their masks may not fit.")
    return _counted("wrong", "exchanged", one, many, ids)


def _unsplit(items: list[Item]) -> list[Finding]:
    unassigned = [i.id for i in items if not i.split]
    return _counted(
        "look",
        "unsplit",
        translatable("1 item is in no set."),
        translatable("{count} items are in no set."),
        unassigned,
    )


def _empty_sets(items: list[Item]) -> list[Finding]:
    """Sets that nobody is in, where others have some: without training cases nothing is learnt, without the others nothing is measured."""
    held = {item.split for item in items if item.split}
    texts: dict[Split, str] = {
        "train": translatable("The training set is empty: nothing can be learnt."),
        "val": translatable("The validation set is empty: the best epoch cannot be told."),
        "test": translatable("The test set is empty: no score will be of cases that the network never met."),
    }
    return [
        Finding("wrong" if split == "train" else "look", "empty_set", text, ())
        for split, text in texts.items()
        if held and split not in held
    ]


def _odd(items: list[Item]) -> list[Finding]:
    """Items much smaller or larger than is usual here, or grey among colours."""
    if len(items) < 3:
        return []
    sides = np.array([max(i.shape[1:]) for i in items])
    usual = float(np.median(sides))
    odd = [i.id for i, side in zip(items, sides, strict=True) if side < usual / 3 or side > usual * 3]
    one, many = translatable("1 item is of an unusual size."), translatable("{count} items are of an unusual size.")
    found = _counted("look", "size", one, many, odd)
    colors = sum(i.color for i in items)
    if 0 < colors < len(items):
        rarer = [i.id for i in items if i.color == (colors * 2 < len(items))]
        one = translatable("Grey and colour images are mixed: 1 differs.")
        many = translatable("Grey and colour images are mixed: {count} differ.")
        found += _counted("look", "color", one, many, rarer)
    return found


def _counted(level: Level, kind: str, one: str, many: str, items: list[int]) -> list[Finding]:
    """The finding about these items, in the words for their number; none without items."""
    if not items:
        return []
    return [Finding(level, kind, one if len(items) == 1 else many, tuple(items), {"count": len(items)})]


def _unlabelled(items: list[Item], classes: list[str]) -> list[Finding]:
    """Of a classification: items without a class, and classes without items."""
    bare = [i.id for i in items if i.label is None]
    seen, learnt = np.zeros(256, bool), np.zeros(256, bool)
    for item in items:
        if item.label is not None and item.label < len(classes):
            seen[item.label + 1] = True
            learnt[item.label + 1] |= item.split == "train" and not item.rejected
    one, many = translatable("1 item has no class."), translatable("{count} items have no class.")
    texts = {
        "absent": (
            translatable("No item is of the class {names}."),
            translatable("No item is of any of the classes {names}."),
        )
    }
    return [*_counted("look", "unlabelled", one, many, bare), *_absent(classes, seen, learnt, texts)]


def _masks(project: Project, items: list[Item], known: Mapping[int, Collection[int]]) -> Work[list[Finding]]:
    labelled, classes, layers = project.layers.labelled_slices(), project.classes, project.layers.masks()
    empty, nothing, unknown, void, broken = [], [], [], [], []
    seen, learnt = np.zeros(256, bool), np.zeros(256, bool)
    for number, item in enumerate(items):
        yield Progress(number, len(items), item.name)
        layer = layers.get(item.id) if item.id in labelled else None
        if layer is None:
            continue
        if item.id in known:
            present = np.isin(np.arange(256), list(known[item.id]))
        else:
            try:
                labels = project.layers.read(layer, item.shape)
            except EngineError:
                broken.append(item.id)
                continue
            present = np.isin(np.arange(256), values_held(labels, labelled[item.id]))
        seen |= present
        if item.split == "train" and not item.rejected:
            learnt |= present
        if not present[:UNLABELLED].any():
            nothing.append(item.id)
            continue
        if not present[1:UNLABELLED].any():
            empty.append(item.id)
        if present[len(classes) + 1 : UNLABELLED].any():
            unknown.append(item.id)
        if present[UNLABELLED]:
            void.append(item.id)
    one, many = (
        translatable("1 mask holds values without a class."),
        translatable("{count} masks hold values without a class."),
    )
    found = [
        *_counted(
            "wrong", "broken", translatable("1 mask is damaged."), translatable("{count} masks are damaged."), broken
        ),
        *_counted("wrong", "values", one, many, unknown),
        *_counted("look", "empty", translatable("1 mask is empty."), translatable("{count} masks are empty."), empty),
        *_counted(
            "look",
            "unmasked",
            translatable("1 item has no mask."),
            translatable("{count} items have no mask."),
            [item.id for item in items if item.id not in labelled],
        ),
        *_half_labelled(items, labelled),
        *_counted(
            "look",
            "void",
            translatable("1 mask has unlabelled pixels: they are neither learnt nor scored."),
            translatable("{count} masks have unlabelled pixels: they are neither learnt nor scored."),
            void,
        ),
        *_counted(
            "look",
            "void_alone",
            translatable("1 mask holds only unlabelled pixels: nothing of it is learnt or scored."),
            translatable("{count} masks hold only unlabelled pixels: nothing of them is learnt or scored."),
            nothing,
        ),
    ]
    return [*found, *_absent([c.name for c in classes], seen, learnt)]


def _half_labelled(items: list[Item], labelled: Mapping[int, frozenset[int]]) -> list[Finding]:
    """Volumes of which some slices are labelled and some are not."""
    part = [item for item in items if 0 < len(labelled.get(item.id, ())) < item.shape[0]]
    values = {"slices": sum(len(labelled[i.id]) for i in part), "total": sum(i.shape[0] for i in part)}
    one = translatable("1 volume: {slices} of {total} slices are labelled; the others are neither learnt nor scored.")
    many = translatable(
        "{count} volumes: {slices} of {total} slices are labelled; the others are neither learnt nor scored."
    )
    found = _counted("look", "half", one, many, [item.id for item in part])
    return [replace(finding, values=finding.values | values) for finding in found]


def _absent(
    names: list[str], seen: Flags, learnt: Flags, texts: Mapping[str, tuple[str, str]] | None = None
) -> list[Finding]:
    """Classes that nothing shows, and those that nothing of the training set does."""
    nowhere = [name for place, name in enumerate(names, 1) if not seen[place]]
    elsewhere = [name for place, name in enumerate(names, 1) if seen[place] and not learnt[place]]
    said = {
        "absent": (
            translatable("No mask holds the class {names}."),
            translatable("No mask holds any of the classes {names}."),
        ),
        "unlearnt": (
            translatable("The training set has no example of {names}: it is not learnt."),
            translatable("The training set has no example of {names}: they are not learnt."),
        ),
    } | dict(texts or {})
    needed = {"absent": seen.any(), "unlearnt": learnt.any()}  # without masks there is another finding
    return [
        Finding("look", kind, said[kind][len(found) > 1], (), {"names": _listed_classes(found)})
        for kind, found in (("absent", nowhere), ("unlearnt", elsewhere))
        if found and needed[kind]
    ]
