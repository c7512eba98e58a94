"""The table of measures: distances, angles and regions that a person drew on an item's slices."""

import json
import time
from dataclasses import dataclass
from sqlite3 import Row

from engine.labels.measuring import Measure
from engine.progress import Notice, count_notice
from engine.project import salvage
from engine.project.store import Store
from engine.words import translatable


@dataclass(frozen=True)
class StoredMeasure:
    """One measure of an item, by its number in the project."""

    id: int
    measure: Measure


class Measures:
    """Measures by item. They go with their item."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, item: int) -> list[StoredMeasure]:
        """Those of that item, in the order in which they were made. A damaged one is left out: see `damage`."""
        rows = self._store.rows("SELECT * FROM measures WHERE item = ? ORDER BY id", item)
        return [StoredMeasure(row["id"], found) for row in rows if (found := _measure(row)) is not None]

    def add(self, item: int, measure: Measure, number: int | None = None) -> int:
        """Keep it; its number: the next one, or that which it had before it was removed, and so its place."""
        with self._store.transaction() as store:
            return store.run(
                "INSERT INTO measures (id, item, kind, plane, place, points, made) VALUES (?, ?, ?, ?, ?, ?, ?)",
                number,
                item,
                measure.kind,
                measure.plane,
                measure.index,
                json.dumps(measure.points),
                time.time(),
            )

    def remove(self, id: int) -> None:
        with self._store.transaction() as store:
            store.run("DELETE FROM measures WHERE id = ?", id)

    def damage(self) -> list[Notice]:
        """How many measures cannot be read."""
        count = sum(_measure(row) is None for row in self._store.rows("SELECT * FROM measures"))
        one, many = (
            translatable("1 measure is damaged and not shown."),
            translatable("{count} measures are damaged and not shown."),
        )
        return [count_notice(one, many, count)] if count else []


def _measure(row: Row) -> Measure | None:
    try:
        points = tuple((float(down), float(across)) for down, across in json.loads(salvage.text(row["points"])))
        return Measure(row["kind"], row["plane"], int(row["place"]), points)
    except (ValueError, TypeError, RecursionError, OverflowError):
        return None
