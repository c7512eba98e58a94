"""Who is in which set. What belongs together (a patient, one content, twins) is never torn apart.

Twins show the same pixels within noise (encoded again, saved once more): whoever learns one knows the other. Each item keeps a
signature: the means of a grid of cells of its middle slice. Items whose signatures are alike are compared pixel by pixel.
docs/decisions/0018 says what was measured.
"""

import math
import random
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.config import Split
from engine.errors import EngineError, NotReadable
from engine.imaging.read import first_slice
from engine.labels.classes import BACKGROUND, UNLABELLED
from engine.progress import Progress, Work
from engine.project.companions import images_of_one_case
from engine.project.items import Item
from engine.project.project import Project
from engine.project.set_names import set_named
from engine.project.tables import Headers, ImageTable, is_empty
from engine.words import translatable

SETS: tuple[Split, ...] = ("train", "val", "test")
_FEW = 20  # groups: with fewer, a large one more or less decides what a score is of
_LABELLED = 0  # stands for the class of all that is labelled
_CELLS = 16  # a side; `items.SIGNATURE` follows
_ALIKE = ((0.05, 0.10), (0.02, 0.25))
"""What may differ at most, as a share of the standard deviation of the pixels: root mean squares of the cells' and of the pixels'
differences. The second pair is for JPEG, which costs a fine image its texture but no cell its mean."""
_CLOSE = max(cell for cell, _ in _ALIKE)

_SAMPLED, _DOUBT = 4096, 1.5  # pixels; how much more than may differ at most is surely more by such a sample

_EVERY = 1.0  # seconds between two Signatures: each is stored


def parse_ratios(text: str) -> tuple[float, float, float]:
    """Shares of train, val and test from "70/15/15"; they are scaled to sum to 1."""
    parts = text.replace(",", "/").split("/")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = []
    if len(numbers) != 3 or min(numbers) < 0 or not 0 < sum(numbers) < math.inf:
        raise EngineError(
            translatable("{text} is not a split."), translatable("Write three shares, for example 70/15/15."), text=text
        )
    train, val, test = (number / sum(numbers) for number in numbers)
    return train, val, test


def divide(
    items: Sequence[Item],
    ratios: tuple[float, float, float],
    seed: int = 0,
    *,
    by_patient: bool = True,
    twins: Iterable[Sequence[int]] = (),
    held: Mapping[int, Collection[int]] | None = None,
    keep: Collection[Split] = (),
) -> dict[int, Split]:
    """A set for every item: near the ratios in items and in each class, and the same for the same seed in whatever order the items come.

    What belongs together goes to one set: the items of a patient, those of one content, and `twins` (groups of ids). Classes are those
    of the items, or the values that the masks hold by item (`held`); who has neither is spread over what is left. Sets in `keep` stay
    as they are; who belongs together with one of them comes into no set, since any other would know the kept one. Fewer than 20 groups
    are counted one each, however many items they have, and every set with a share gets one as long as there are enough.
    Source: iterative stratification, Sechidis, Tsoumakas and Vlahavas 2011, with groups in the place of single examples.
    Raises EngineError where `keep` leaves no share.
    """
    left = {name: share for name, share in zip(SETS, ratios, strict=True) if share > 0 and name not in keep}
    if not left and items:
        raise EngineError(
            translatable("There is no share for the sets that are not kept."),
            translatable("Give one of them a share above 0."),
        )
    result: dict[int, Split] = {item.id: item.split for item in items if item.split in keep}
    groups = list[_Group]()
    for members in together(items, twins, by_patient=by_patient):
        free = [item for item in members if item.id not in result]
        if len(free) < len(members):
            result.update((item.id, "") for item in free)
        else:
            groups.append(_group(members, held or {}))
    return result | _spread(groups, {name: share / sum(left.values()) for name, share in left.items()}, seed)


def together(
    items: Iterable[Item], twins: Iterable[Sequence[int]] = (), *, by_patient: bool = True
) -> list[list[Item]]:
    """Items that must be in one set, group by group: those of a patient (or of one case, by their names), of one content, and twins."""
    by_id = {item.id: item for item in items}
    groups, first = Groups(by_id), dict[tuple[str, str], int]()
    for item in by_id.values():
        for key in (("patient", item.patient if by_patient else ""), ("content", item.hash)):
            if key[1]:
                groups.join(first.setdefault(key, item.id), item.id)
    for alike in (*twins, *(images_of_one_case(by_id.values()) if by_patient else ())):
        here = [id for id in alike if id in by_id]
        for id in here[1:]:
            groups.join(here[0], id)
    return [[by_id[id] for id in group] for group in groups.all()]


class Groups:
    """Numbers that belong together, joined two by two (union-find)."""

    def __init__(self, numbers: Iterable[int]) -> None:
        self._above = {number: number for number in numbers}

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self._top(one), self._top(other)))
        self._above[high] = low

    def all(self) -> list[tuple[int, ...]]:
        """Every group, those of one number too, in their order."""
        groups: dict[int, list[int]] = defaultdict(list)
        for number in self._above:
            groups[self._top(number)].append(number)
        return [tuple(group) for group in groups.values()]

    def _top(self, number: int) -> int:
        while self._above[number] != number:
            self._above[number] = number = self._above[self._above[number]]
        return number


@dataclass(frozen=True)
class _Group:
    """Items that are never torn apart, and in how many of them each class is; `_LABELLED` counts all that are labelled."""

    ids: tuple[int, ...]
    classes: Counter[int]


def _group(members: Sequence[Item], held: Mapping[int, Collection[int]]) -> _Group:
    classes = Counter[int]()
    for item in members:
        if item.label is not None:
            classes.update((_LABELLED, item.label + 1))
        elif item.id in held:
            classes.update({_LABELLED, *held[item.id]} - {BACKGROUND, UNLABELLED})
    return _Group(tuple(sorted(item.id for item in members)), classes)


def _spread(groups: Sequence[_Group], shares: Mapping[Split, float], seed: int) -> dict[int, Split]:
    """Rarest class first: each of its groups goes to the set that lacks most of it, then most of anything."""
    few = len(groups) < _FEW
    rest = sorted(groups, key=lambda group: group.ids)
    random.Random(seed).shuffle(rest)
    size = {group.ids: 1 if few else len(group.ids) for group in groups}
    count = {group.ids: Counter(dict.fromkeys(group.classes, 1)) if few else group.classes for group in groups}
    lack: dict[int | None, dict[Split, float]] = {None: _wanted(sum(size.values()), len(groups), shares, whole=few)}
    for each in {kind for group in groups for kind in group.classes}:
        holders = [count[group.ids][each] for group in groups if each in group.classes]
        lack[each] = _wanted(sum(holders), len(holders), shares, whole=False)
    result: dict[int, Split] = {}
    empty = list(shares)
    while rest:
        found = Counter(kind for group in rest for kind in group.classes)
        kind = min(found, key=lambda kind: (found[kind], -kind)) if found else None
        chosen = [group for group in rest if kind is None or kind in group.classes]
        # large groups first, while there is room for them everywhere
        chosen.sort(key=lambda group: -(size[group.ids] if kind is None else count[group.ids][kind]))
        left = len(rest)
        for group in chosen:
            open_sets = [name for name in shares if not few or lack[None][name] >= 1]
            name = max(
                empty if empty and left <= len(empty) else open_sets,
                key=lambda name, kind=kind: (lack[kind][name], lack[None][name]),  # type: ignore[misc]
            )
            lack[None][name] -= size[group.ids]
            for other, number in count[group.ids].items():
                lack[other][name] -= number
            result.update((id, name) for id in group.ids)
            empty = [each for each in empty if each != name]
            left -= 1
        rest = [group for group in rest if group.ids[0] not in result]
    return result


def _wanted(total: int, groups: int, shares: Mapping[Split, float], *, whole: bool) -> dict[Split, float]:
    """How many of `total` each set should get, at least one where there are as many groups as sets; whole numbers by largest remainder."""
    wanted = {name: total * share for name, share in shares.items()}
    if whole:
        wanted = {name: float(math.floor(number)) for name, number in wanted.items()}
        by_rest = sorted(shares, key=lambda name: (wanted[name] - total * shares[name], SETS.index(name)))
        for name in by_rest[: total - int(sum(wanted.values()))]:
            wanted[name] += 1
    for name in shares if groups >= len(shares) else ():
        most = max(wanted, key=lambda each: wanted[each])
        missing = max(0.0, 1 - wanted[name])
        wanted[name] += missing
        wanted[most] -= missing
    return wanted


@dataclass(frozen=True)
class Division:
    """How new items come into the sets: `ratios` of train, val and test in percent, and the `seed` of the draw; `from_folders`: only
    validation is drawn, from what their folders have not put into the test set."""

    ratios: tuple[int, int, int]
    seed: int
    from_folders: bool = False

    @property
    def shares(self) -> tuple[float, float, float]:
        """Of train, val and test, 0 to 1."""
        train, val, test = self.ratios
        return train / 100, val / 100, test / 100


def divide_new(
    items: Sequence[Item],
    new: Collection[int],
    ratios: tuple[float, float, float],
    seed: int = 0,
    *,
    twins: Iterable[Sequence[int]] = (),
    held: Mapping[int, Collection[int]] | None = None,
) -> dict[int, Split]:
    """A set for the items whose ids are `new`: who belongs together with one that is in a set already joins it, the others are divided."""
    twins = list(twins)
    result: dict[int, Split] = {}
    fresh = list[Item]()
    for members in together(items, twins):
        known = next((item.split for item in members if item.id not in new and item.split), None)
        joining = [item for item in members if item.id in new]
        if known:
            result.update((item.id, known) for item in joining)
        else:
            fresh += joining
    return result | divide(fresh, ratios, seed, twins=twins, held=held)


def divide_by_folders(
    items: Sequence[Item],
    new: Collection[int],
    folders: Mapping[int, Split],
    ratios: tuple[float, float, float],
    seed: int = 0,
    *,
    by_patient: bool = True,
    twins: Iterable[Sequence[int]] = (),
    held: Mapping[int, Collection[int]] | None = None,
) -> dict[int, Split]:
    """A set for the items whose ids are `new`, as their folders say (`folders`: the set by the item's id). Where no folder is of
    validation, that is divided off what is not in the test set, by the shares of train and val.

    Who is outside the folder of the test set but belongs together with one in it (a patient, twins) comes into no set: any other would
    know the test set. Who belongs together with one of the other items joins its set.
    """
    if "val" in folders.values():
        return {id: folders.get(id, "") for id in new}
    twins, result, rest = list(twins), dict[int, Split](), list[Item]()
    tested = {item.id for item in items if (folders.get(item.id) if item.id in new else item.split) == "test"}
    for members in together(items, twins, by_patient=by_patient):
        known = next((item.split for item in members if item.id not in new and item.split), None)
        unassigned = [item for item in members if item.id in new and item.id not in tested]
        result.update((item.id, "test") for item in members if item.id in new and item.id in tested)
        if not tested.isdisjoint(item.id for item in members):
            result.update((item.id, "") for item in unassigned)
        elif known:
            result.update((item.id, known) for item in unassigned)
        else:
            rest += unassigned
    shares = (*ratios[:2], 0.0) if sum(ratios[:2]) else (1.0, 0.0, 0.0)
    return result | divide(rest, shares, seed, by_patient=by_patient, twins=twins, held=held)


def far_apart(groups: Sequence[Sequence[Item]], now: Mapping[int, Split], wanted: Mapping[int, Split]) -> bool:
    """Whether the sizes of the sets are others than `divide` would make them, so that dividing anew is worth it: in groups where these
    are few, else in items, where a twentieth is chance."""
    few = len(groups) < _FEW
    sizes = [Counter[Split](), Counter[Split]()]
    for group in groups:
        for size, splits in zip(sizes, (now, wanted), strict=True):
            size.update(splits[item.id] for item in (group[:1] if few else group))
    if any(bool(sizes[0][name]) != bool(sizes[1][name]) for name in SETS):
        return True
    allowed = 0 if few else max(1, sum(sizes[0].values()) // 20)
    return any(abs(sizes[0][name] - sizes[1][name]) > allowed for name in SETS)


def leaked(groups: Iterable[Sequence[Item]]) -> list[Item]:
    """The items of groups that stand in more than one set."""
    return [item for group in groups if len({i.split for i in group if i.split}) > 1 for item in group]


def read_table(file: Path, items: Iterable[Item], headers: Headers | None = None) -> tuple[dict[int, Split], int]:
    """Sets from a CSV with the columns item (a name, or the file it came from) and split (train, val or test), and how many of its
    rows are about no item. An empty cell says nothing. `headers` names the columns where the file calls them otherwise. Raises NotReadable, and EngineError where a row could mean several items."""
    table = ImageTable(file, "split", headers)
    for number, row in enumerate(table.rows, 2):
        if _set(row["split"]) is None and not is_empty(row["split"]):
            raise NotReadable(
                translatable("{file}, line {line}: {split} is not a set."),
                translatable("Use train, val or test."),
                file=file.name,
                line=number,
                split=row["split"].strip().lower(),
            )
    items = list(items)
    table.index_images({item.name: item.source.files[0] for item in items})
    said = {item.id: _set(table.of(item.name) or "") for item in items}
    result = {id: split for id, split in said.items() if split is not None}
    if not result:
        raise NotReadable(
            translatable("No item of {file} is in the project."),
            translatable("The column item must hold the items' names as the Data tab shows them."),
            file=file.name,
        )
    return result, table.unmatched_rows


def _set(text: str) -> Split | None:
    return set_named(text) or None


def leaks(items: Iterable[Item]) -> dict[str, set[Split]]:
    """Patients whose items stand in more than one set."""
    sets: Mapping[str, set[Split]] = defaultdict(set)
    for item in items:
        if item.split and item.patient:
            sets[item.patient].add(item.split)
    return {patient: found for patient, found in sets.items() if len(found) > 1}


# Twins ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Signatures:
    """Signatures that were made, by item, for the caller to keep (`Items.set_signatures`)."""

    of: Mapping[int, bytes]


def find_twins(project: Project) -> Work[list[tuple[int, ...]]]:
    """The numbers of items that belong together, group by group: of the same content or the same pixels within noise. Yields
    Signatures of items that had none, once a second; those that cannot be read have no twin."""
    items = project.items.all()
    known = project.items.signatures()
    fresh, last = dict[int, bytes](), time.monotonic()
    for number, item in enumerate(items):
        if item.id in known:
            continue
        yield Progress(number, len(items), item.name)
        made = _signature(item)
        if made is not None:
            known[item.id] = fresh[item.id] = made
        if time.monotonic() - last > _EVERY:
            yield Signatures(fresh)
            fresh, last = {}, time.monotonic()
    if fresh:
        yield Signatures(fresh)
    groups = Groups(item.id for item in items)
    first: dict[str, Item] = {}
    for item in items:
        groups.join(first.setdefault(item.hash, item).id if item.hash else item.id, item.id)
    kinds: dict[tuple[int, ...], list[Item]] = defaultdict(list)
    for item in first.values():
        if item.id in known:
            kinds[item.shape].append(item)
    for alike in kinds.values():
        samples: dict[int, NDArray[np.float32]] = {}
        signatures = np.stack([np.frombuffer(known[item.id], np.float32) for item in alike])
        joined = np.arange(len(alike))
        for one, other in _candidates(signatures, joined):
            a, b = alike[one], alike[other]
            yield Progress(0, 0, a.name)
            deviation = float(signatures[[one, other], -1].min())
            if _maybe_same_pixels(a, b, deviation, samples) and _same_pixels(a, b):
                groups.join(a.id, b.id)
                joined[joined == joined[other]] = joined[one]
    return [group for group in groups.all() if len(group) > 1]


def keep_twins(project: Project) -> Work[list[tuple[int, ...]]]:
    """`find_twins` of a project that is open for writing, where the signatures are kept."""
    work = find_twins(project)
    while True:
        try:
            event = next(work)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
        if isinstance(event, Signatures):
            project.items.set_signatures(event.of)
        else:
            yield event


def _signature(item: Item) -> bytes | None:
    """The cells' means and the standard deviation, as float32; None where the image cannot be read."""
    plane = _plane(item)
    if plane is None:
        return None
    with np.errstate(over="ignore"):  # of values that no scanner measured
        return np.append(_cells(plane), plane.std(dtype=np.float64)).astype(np.float32).tobytes()


def _plane(item: Item) -> NDArray[np.float32] | None:
    """The middle slice in grey."""
    try:
        pixels = first_slice(item.present()).pixels
    except (EngineError, OSError):
        return None
    plane = pixels[len(pixels) // 2]
    grey = plane.mean(axis=-1, dtype=np.float32) if plane.ndim == 3 else plane.astype(np.float32)
    return np.asarray(np.nan_to_num(grey), np.float32)


_plane_again = lru_cache(maxsize=8)(_plane)


def _cells(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cv2.resize(plane, (_CELLS, _CELLS), interpolation=cv2.INTER_AREA), np.float32).reshape(-1)


def _candidates(signatures: NDArray[np.float32], joined: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
    """Pairs of rows that may be twins: their cells differ by noise alone. Each pair once, and none of what is `joined` (n,: alike in what
    belongs together, for the caller to write): of thousands of pictures of one scene the pairs would fill the memory."""
    sound = np.flatnonzero(np.isfinite(signatures).all(axis=1) & (signatures[:, -1] > 0))
    cells, deviations = signatures[sound, :-1].astype(np.float64), signatures[sound, -1].astype(np.float64)
    for one, others in _near(cells, deviations):
        others = others[joined[sound[others]] != joined[sound[one]]]
        apart = _root_mean_square(cells[others] - cells[one])
        close = apart <= _CLOSE * np.minimum(deviations[others], deviations[one])
        for other in sound[others[close]].tolist():
            if joined[other] != joined[sound[one]]:
                yield int(sound[one]), other


def _near(cells: NDArray[np.float64], deviations: NDArray[np.float64]) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """For each row the others among which its twins are, each pair once."""
    from scipy.spatial import cKDTree

    # means over cells differ no more than the cells do: a search among few numbers leaves few pairs to be compared
    coarse = cells.reshape(-1, 4, 4, 4, 4).mean(axis=(2, 4)).reshape(-1, 16)
    scale = np.floor(np.log2(deviations))  # twins spread alike: one image of huge values makes no others look alike
    for low in np.unique(scale):
        own = np.flatnonzero(scale == low)
        here = np.concatenate([own, np.flatnonzero(scale == low + 1)])
        radius = _CLOSE * float(deviations[here].max()) * np.sqrt(coarse.shape[1])
        tree = cKDTree(coarse[here])
        for at, one in enumerate(own.tolist()):
            found = np.array(tree.query_ball_point(coarse[one], radius, return_sorted=True), np.intp)
            yield one, here[found[found > at]]


def _maybe_same_pixels(one: Item, other: Item, deviation: float, samples: dict[int, NDArray[np.float32]]) -> bool:
    """Whether a sample of their pixels, kept in `samples`, leaves it possible: of frames that noise alone tells apart each would else
    be read anew for each other."""
    for item in (one, other):
        if item.id not in samples:
            plane = _plane_again(item)
            if plane is None:
                return False
            samples[item.id] = plane.reshape(-1)[np.random.default_rng(0).integers(0, plane.size, _SAMPLED)]
    first, second = samples[one.id], samples[other.id]
    apart = float(_root_mean_square(first.astype(np.float64) - second))
    return apart <= _DOUBT * max(pixel for _, pixel in _ALIKE) * deviation


def _same_pixels(one: Item, other: Item) -> bool:
    planes = _plane_again(one), _plane_again(other)
    if planes[0] is None or planes[1] is None or planes[0].shape != planes[1].shape:
        return False
    first, second = (plane.astype(np.float64) for plane in planes if plane is not None)
    deviation = min(first.std(), second.std())
    pixels = float(_root_mean_square((first - second).reshape(-1)))
    cells = float(_root_mean_square(_cells(planes[0]).astype(np.float64) - _cells(planes[1])))
    return any(cells <= cell * deviation and pixels <= pixel * deviation for cell, pixel in _ALIKE)


def _root_mean_square(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Along the last axis."""
    return np.asarray(np.sqrt(np.square(values).mean(axis=-1)))
