"""Who is in which set. A patient is never split: all items of one group go to one set."""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from engine.config import Split
from engine.errors import EngineError, NotReadable
from engine.project.items import Item
from engine.project.tables import Headers, ImageTable
from engine.words import translatable

SETS: tuple[Split, ...] = ("train", "val", "test")


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
    items: Sequence[Item], ratios: tuple[float, float, float], seed: int = 0, *, by_patient: bool = True
) -> dict[int, Split]:
    """A set for every item, near the ratios in items and, where items have a class, in each class.

    Groups are drawn in an order that the seed decides; each goes to the set that lacks most of what the group holds. A set with a
    share above 0 gets at least one group as long as there are enough.
    """
    groups: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        groups[item.group if by_patient else str(item.id)].append(item)
    order = sorted(groups)
    random.Random(seed).shuffle(order)
    order.sort(key=lambda name: -len(groups[name]))  # large groups first, while there is room for them everywhere

    wanted = Counter(item.label for item in items)
    shares = {name: share for name, share in zip(SETS, ratios, strict=True) if share > 0}
    have = {name: dict.fromkeys(wanted, 0) for name in shares}
    empty = list(shares)
    result: dict[int, Split] = {}
    for place, name in enumerate(order):
        members = groups[name]
        # plain loops: thousands of groups of one are divided anew at each change of the shares
        kinds = Counter(item.label for item in members) if len(members) > 1 else {members[0].label: 1}
        most = -math.inf
        for split in empty if empty and len(order) - place <= len(empty) else shares:
            lack = 0.0
            for label, count in kinds.items():
                lack += count * (shares[split] - have[split][label] / wanted[label])
            if lack > most:
                chosen, most = split, lack
        for label, count in kinds.items():
            have[chosen][label] += count
        if chosen in empty:
            empty.remove(chosen)
        for item in members:
            result[item.id] = chosen
    return result


def divide_new(
    items: Sequence[Item], new: Collection[int], ratios: tuple[float, float, float], seed: int = 0
) -> dict[int, Split]:
    """A set for the items whose ids are `new`, by patient: who is in a set already stays there, the others are divided."""
    known: dict[str, Split] = {item.group: item.split for item in items if item.id not in new and item.split}
    fresh = [item for item in items if item.id in new]
    joining: dict[int, Split] = {item.id: known[item.group] for item in fresh if item.group in known}
    return joining | divide([item for item in fresh if item.group not in known], ratios, seed)


def read_table(file: Path, items: Iterable[Item], headers: Headers | None = None) -> tuple[dict[int, Split], int]:
    """Sets from a CSV with the columns item (a name, or the file it came from) and split (train, val or test), and how many of its
    rows are about no item. `headers` names the columns where the file calls them otherwise. Raises NotReadable, and EngineError where a row could mean several items."""
    table = ImageTable(file, "split", headers)
    for number, row in enumerate(table.rows, 2):
        if _set(row["split"]) is None:
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
    word = text.strip().lower()
    word = {"validation": "val", "valid": "val", "training": "train", "testing": "test"}.get(word, word)
    return next((name for name in SETS if name == word), None)


def leaks(items: Iterable[Item]) -> dict[str, set[Split]]:
    """Patients whose items stand in more than one set."""
    sets: Mapping[str, set[Split]] = defaultdict(set)
    for item in items:
        if item.split and item.patient:
            sets[item.patient].add(item.split)
    return {patient: found for patient, found in sets.items() if len(found) > 1}
