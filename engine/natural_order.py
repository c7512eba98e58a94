"""The order that people expect of names: case 2 before case 10."""

import re
from functools import lru_cache

_DIGITS = re.compile(r"(\d+)")


@lru_cache(2**16)  # thousands of names are sorted at each change of one of them
def natural(text: str) -> tuple[object, ...]:
    """A key to sort by: digits count as numbers, letters without their case. Qt's collator does so in some builds only."""
    return tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part) for part in _DIGITS.split(text.casefold()) if part
    )
