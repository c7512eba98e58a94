"""What is said of the volumes of one series."""

import re
from collections import defaultdict
from collections.abc import Sequence

from engine.imaging.image import SeriesPart, series_title
from engine.imaging.phase_time import PhaseTime
from engine.project.items import Item
from engine.words import translatable
from widgets.figures import figure
from widgets.text import tr

_WORDS = (  # what parts are called by, as a project keeps it in English, beside the words of the files
    translatable("phase {number} of {count}"),
    translatable("part {number} of {count}"),
    translatable("contrast {number} of {count}"),
    translatable("flow {number} of {count}"),
    translatable("coil {number} of {count}"),
    translatable("stack {number} of {count}"),
    translatable("protocol {number} of {count}"),
    translatable("station {number} of {count}"),
    translatable("corrections {number} of {count}"),
    translatable("comment {number} of {count}"),
    translatable("echo {number}"),
    translatable("direction {number}"),
    translatable("acquisition {number}"),
    translatable("energy window {number}"),
    translatable("flip {number}"),
    translatable("interval {number}"),
    translatable("detector {number}"),
    translatable("index {number}"),
    translatable("series {number}"),
)
_NUMBERS = {"number": r"(?P<number>\d+(?:\.\d+)?)", "count": r"(?P<count>\d+)"}
_LABELS = {re.compile(rf"\b{words.format(**_NUMBERS)}(?![\w.])"): words for words in _WORDS}


def parts_text(count: int) -> str:
    return tr("{count} parts", count=count)


def part_text(part: SeriesPart, time: PhaseTime | None = None) -> str:
    """Which part it is: what sets it apart, its number where that does not say it, and when it was taken where that is known."""
    number, label = f"{part.number} of {part.count}", part.label
    for pattern, template in _LABELS.items():
        label = pattern.sub(lambda found, template=template: tr(template, **found.groupdict()), label)  # type: ignore[misc]
    text = label if part.label.endswith(number) else f"{label} · {part.number} / {part.count}"
    if time is None or f"{time.value:g} {time.unit}" in part.label:
        return text
    return f"{text} · {figure(time.value, 0, time.unit)}"


def series_titles(items: Sequence[Item]) -> dict[str, str]:
    """What each series is called of which several items are there, by its key."""
    members = defaultdict[str, list[Item]](list)
    for item in items:
        if item.part is not None:
            members[item.part.key].append(item)
    return {
        key: series_title([one.name for one in own], [one.part for one in own if one.part is not None])
        for key, own in members.items()
        if len(own) > 1
    }
