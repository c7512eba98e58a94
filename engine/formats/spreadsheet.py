"""Tables as CSV that a spreadsheet shows and does not run."""

import csv
import io
from collections.abc import Iterable, Sequence

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_bytes(rows: Iterable[Sequence[object]]) -> bytes:
    """These rows as UTF-8."""
    text = io.StringIO()
    csv.writer(text).writerows([plain_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8", "surrogateescape")


def plain_cell(value: object) -> object:
    """A text that a spreadsheet would take for a formula with an apostrophe before it (OWASP, CSV injection); numbers stay."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_BEGINS_FORMULA) else value
