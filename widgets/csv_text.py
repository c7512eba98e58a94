"""Tables as other programs read them: commas and decimal points in every language, numbers at their full precision."""

import csv
import io
from collections.abc import Iterable, Sequence

from engine.formats.spreadsheet import plain_cell

Row = Sequence[str | float | None]
"""Cells of a table: text, a number, or None where there is no such number."""


def csv_text(rows: Iterable[Row]) -> str:
    """These rows; None is an empty cell. No text is one that a spreadsheet would run."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([plain_cell(each) for each in row] for row in rows)
    return text.getvalue()
