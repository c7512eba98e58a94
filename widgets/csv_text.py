"""Tables as other programs read them: commas and decimal points in every language, numbers at their full precision."""

import csv
import io
from collections.abc import Iterable, Sequence

Row = Sequence[str | float | None]
"""Cells of a table: text, a number, or None where there is no such number."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a text begins that a spreadsheet would run


def csv_text(rows: Iterable[Row]) -> str:
    """These rows; None is an empty cell."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([_cell(each) for each in row] for row in rows)
    return text.getvalue()


def _cell(value: str | float | None) -> str | float | None:
    """A name that a spreadsheet would take for a formula becomes text by an apostrophe, as spreadsheets have it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
