"""A network that classifies whole images sees one slice of a volume, the middle one: how that is said. Needs no torch."""

from collections.abc import Iterator

from engine.progress import Notice, count_notice
from engine.words import translatable


def middle_slices_alone(volumes: int) -> Iterator[Notice]:
    """What is said of so many volumes among the images."""
    if volumes:
        one, many = (
            translatable("1 image is a volume: its middle slice alone is seen."),
            translatable("{count} images are volumes: of each the middle slice alone is seen."),
        )
        yield count_notice(one, many, volumes)
