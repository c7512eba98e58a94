"""Which images of a series are one volume: at each place one image, and no image of another kind, echo or time among them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.imaging.dicom_facts import FACTS, Fact, Facts, Value, label
from engine.imaging.dicom_places import UNEVEN

Numbers: TypeAlias = list[int]
_EACH = 2  # images of a value, on average: with fewer it is one of an image, not of a volume


@dataclass(frozen=True, eq=False)
class Images:
    """What is known of images that could be one volume: facts, number of the place, order, all of one length.

    The order ends with the number of the image where `numbered`, so that gaps in it tell what is missing. `depths` are the
    places in mm along one line, where they are known. Of a `stack`, one place over time, only what is apart is set apart.
    """

    facts: Sequence[Facts]
    places: Sequence[int]
    order: Sequence[tuple[float, ...]]
    depths: Sequence[float] | None = None
    numbered: bool = True
    stack: bool = False


@dataclass(frozen=True)
class Volume:
    """`members` are numbers of images. `label` says what sets the volume apart from its siblings, "" where it has none.

    `told` is False where nothing but their order told images of one place apart. `extra` are pairs of an image that is left
    out and the one that was taken at its place.
    """

    members: tuple[int, ...]
    label: str = ""
    told: bool = True
    extra: tuple[tuple[int, int], ...] = ()


def volumes(images: Images, members: Numbers | None = None) -> list[Volume]:
    """The volumes of these images, each in the order of its places. None is completed from another one."""
    own = list(range(len(images.places))) if members is None else members
    parts = _parts(images, own)
    if parts:
        return [replace(v, label=f"{name} {v.label}".strip()) for name, part in parts for v in volumes(images, part)]
    if images.stack:
        return [Volume(tuple(sorted(own, key=lambda m: images.order[m])))]
    return _by_order(images, own)


def _parts(images: Images, members: Numbers) -> list[tuple[str, Numbers]]:
    """Parts with their labels by the first fact that sets images of one place apart; none where none does.

    Values that whole volumes share come before numbers that only have an order at each place.
    """
    doubled = not images.stack and _most(images, members) > 1
    facts = [(number, fact) for number, fact in enumerate(FACTS) if doubled or fact.apart]
    for divide in (_by_value, _by_rank) if doubled else (_by_value,):
        for number, fact in facts:
            parts = divide(images, members, number, fact)
            if len(parts) > 1:
                return parts
    return [] if images.stack else _interleaved(images, members)


def _interleaved(images: Images, members: Numbers) -> list[tuple[str, Numbers]]:
    """Parts by the first fact of which each value has steps that are regular and wider than those of all together: stations or
    acquisitions that overlap without sharing a place. Slices that are regular together are one volume, however they were taken."""
    steps = _steps(images, members)
    if not len(steps) or steps.max() < (1 + UNEVEN) * steps.min():
        return []
    for number, fact in enumerate(FACTS):
        groups = defaultdict[Value, Numbers](list)
        for m in members:
            groups[images.facts[m][number]].append(m)
        if len(groups) < 2 or min(map(len, groups.values())) < 3:
            continue
        if all(_is_regular(_steps(images, group), float(steps.min())) for group in groups.values()):
            return _labelled(images, fact, groups)
    return []


def _steps(images: Images, members: Numbers) -> NDArray[np.float64]:
    if images.depths is None:
        return np.zeros(0)
    return np.asarray(np.diff(np.sort([images.depths[m] for m in members])))


def _is_regular(steps: NDArray[np.float64], narrow: float) -> bool:
    least = float(steps.min())
    multiples = steps / least if least > 0 else steps
    return least > (1 + UNEVEN) * narrow and bool(np.abs(multiples - np.rint(multiples)).max() < UNEVEN)


def _most(images: Images, members: Numbers) -> int:
    return max(Counter(images.places[m] for m in members).values())


def _by_value(images: Images, members: Numbers, number: int, fact: Fact) -> list[tuple[str, Numbers]]:
    groups, at = defaultdict[Value, Numbers](list), defaultdict[int, set[Value]](set)
    for m in members:
        value = images.facts[m][number]
        groups[value].append(m)
        at[images.places[m]].add(value)
    kinds, most = len(groups), max(map(len, at.values()))
    if most < 2:  # nowhere at one place
        return _labelled(images, fact, groups) if fact.apart and 1 < kinds < max(3, len(members)) else []
    shared = kinds <= most or (not fact.time and len(members) >= _EACH * kinds)
    return _labelled(images, fact, groups) if fact.apart or shared else []


def _labelled(images: Images, fact: Fact, groups: dict[Value, Numbers]) -> list[tuple[str, Numbers]]:
    values = sorted(groups, key=lambda v: _key(v, min(images.order[m] for m in groups[v])))
    return [(label(fact, value, values), groups[value]) for value in values]


def _key(value: Value, first: tuple[float, ...]) -> tuple[object, ...]:
    """What is missing comes first, as images without contrast do; then by number or word; directions as they were taken."""
    if isinstance(value, float):
        return 1, value, ""
    words = (value,) if isinstance(value, str) else value or ()
    said = " ".join(word for word in words if isinstance(word, str))
    return (0 if value is None else 2), 0.0, said, first


def _by_rank(images: Images, members: Numbers, number: int, fact: Fact) -> list[tuple[str, Numbers]]:
    """By the order of the values at each place. Where some are missing, the others go to the part whose values are nearest."""
    of = {m: value for m in members if isinstance(value := images.facts[m][number], float)}
    at = defaultdict[int, set[float]](set)
    for m, value in of.items():
        at[images.places[m]].add(value)
    most = max(map(len, at.values()), default=0)
    full = [sorted(values) for values in at.values() if len(values) == most]
    if most < 2 or len(of) < len(members) or 2 * len(full) < len(at):
        return []
    usual = np.median(np.array(full), axis=0)
    rank = {
        place: dict(zip(sorted(values), _nearest(np.array(sorted(values)), usual), strict=True))
        for place, values in at.items()
    }
    parts = defaultdict[int, Numbers](list)
    for m, value in of.items():
        parts[rank[images.places[m]][value]].append(m)
    return [(f"phase {k + 1} of {most}", parts[k]) for k in range(most)]


def _nearest(found: NDArray[np.float64], usual: NDArray[np.float64]) -> list[int]:
    """For each value a place of its own among the usual ones, in order, so that the distances are least together."""
    if len(found) == len(usual):
        return list(range(len(usual)))
    from scipy.optimize import linear_sum_assignment  # slow to load, and rarely needed

    _, columns = linear_sum_assignment(np.abs(found[:, None] - usual[None]))
    return [int(c) for c in columns]


def _by_order(images: Images, members: Numbers) -> list[Volume]:
    """One volume where each place was taken once; else by their order, where that is regular, and the rest is left out."""
    places = defaultdict[int, Numbers](list)
    for m in sorted(members, key=lambda m: images.order[m]):
        places[images.places[m]].append(m)
    rows = [places[place] for place in sorted(places)]
    times = max(map(len, rows))
    if times == 1:
        return [Volume(tuple(row[0] for row in rows))]
    if all(len(row) == times for row in rows):
        parts: list[Numbers] = [[row[t] for row in rows] for t in range(times)]
    else:
        parts = next(_by_numbering(images, rows, times), []) if images.numbered else []
    if parts:
        return [Volume(tuple(part), f"part {t} of {times}", told=False) for t, part in enumerate(parts, 1)]
    extra = tuple((other, row[0]) for row in rows for other in row[1:])
    return [Volume(tuple(row[0] for row in rows), told=False, extra=extra)]


def _by_numbering(images: Images, rows: list[Numbers], times: int) -> Iterator[list[Numbers]]:
    """Parts by instance number, one volume after the other or place after place: the numbers tell which image is missing."""
    numbers = {m: int(images.order[m][-1]) for row in rows for m in row}
    if len(set(numbers.values())) < len(numbers):
        return
    for start in dict.fromkeys((1, min(numbers.values()), 0)):  # the very first image may be the one that is missing
        counted = {m: number - start for m, number in numbers.items()}
        after_each_other = {m: divmod(n, len(rows)) for m, n in counted.items()}
        in_turn = {m: divmod(n, times)[::-1] for m, n in counted.items()}
        for split in (after_each_other, in_turn):
            heads = [{split[m][1] for m in row} for row in rows]
            parts = {part for part, _ in split.values()}
            if parts == set(range(times)) and all(len(h) == 1 for h in heads) and len(set.union(*heads)) == len(rows):
                yield [[m for row in rows for m in row if split[m][0] == t] for t in range(times)]
