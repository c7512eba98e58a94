"""What the volumes of one series are called where they stand as one row."""

from collections.abc import Sequence

from engine.imaging.image import SeriesPart
from widgets.text import tr

_LOOSE = " _-.,(#0123456789"  # what is left at the end of a common beginning


def series_title(names: Sequence[str], parts: Sequence[SeriesPart]) -> str:
    """The name that the volumes share: without what sets the first one apart, else their common beginning."""
    first, label = names[0], parts[0].label
    if label and f" {label}" in first:
        return first.replace(f" {label}", "", 1).strip() or first
    low, high = min(names), max(names)
    shared = next((k for k, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), min(len(low), len(high)))
    return low[:shared].rstrip(_LOOSE) or first


def parts_text(count: int) -> str:
    return tr("{count} parts", count=count)


def part_text(part: SeriesPart) -> str:
    """Which part it is: what sets it apart, and its number where that does not say it."""
    number = f"{part.number} of {part.count}"
    return part.label if part.label.endswith(number) else f"{part.label} · {part.number} / {part.count}"
