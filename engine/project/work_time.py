"""How long a person worked on the mask of an item, as far as the journal of its edits tells."""

from engine.project.store import Store

PAUSE = 30.0
"""Seconds: who makes no edit for longer does something else."""


def work_seconds(store: Store, item: int | None = None) -> dict[int, float]:
    """Seconds between the edits of each item's mask, or of that item's, pauses over PAUSE left out, by item; items without any are not
    in it.

    What was undone was work too. Where the clock was set back between two edits, the time between them is not known and left out.
    """
    which, of = ("", ()) if item is None else (" AND item = ?", (item,))
    sql = (
        "SELECT item, sum(gap) AS seconds FROM ("
        " SELECT item, made - lag(made) OVER (PARTITION BY layer ORDER BY edits.id) AS gap"
        f" FROM edits JOIN layers ON layers.id = layer WHERE kind = 'mask'{which}"
        ") WHERE gap > 0 AND gap <= ? GROUP BY item"
    )
    return {row["item"]: float(row["seconds"]) for row in store.rows(sql, *of, PAUSE)}
