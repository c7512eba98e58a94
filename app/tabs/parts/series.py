"""What is said of the volumes of one series."""

from engine.imaging.image import SeriesPart
from widgets.text import tr


def parts_text(count: int) -> str:
    return tr("{count} parts", count=count)


def part_text(part: SeriesPart) -> str:
    """Which part it is: what sets it apart, and its number where that does not say it."""
    number = f"{part.number} of {part.count}"
    return part.label if part.label.endswith(number) else f"{part.label} · {part.number} / {part.count}"
