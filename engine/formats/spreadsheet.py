"""Tables as CSV that a spreadsheet shows and does not run."""

import csv
import io
from collections.abc import Iterable, Sequence

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_bytes(rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8; a text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV injection). Numbers stay."""
    text = io.StringIO()
    csv.writer(text).writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8", "surrogateescape")


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_BEGINS_FORMULA) else value
