"""Images of one case, as their names tell it: the channels of nnU-Net, sequences beside each other. Where no patient is known, nothing
else keeps them in one set."""

import os
import re
from collections import defaultdict
from collections.abc import Iterable

from engine.imaging.files import item_name
from engine.project.items import Item

_WORDS = "t1|t1w|t1n|t1c|t1ce|t1gd|t1post|t2|t2w|t2f|flair|pd|pdw|swi|dwi|adc|cbf|cbv|mtt|tmax|ct|cta|pet"
_SEQUENCE = re.compile(rf"(?:(.*?)[_\-. ]+)?({_WORDS})", re.IGNORECASE)
_CHANNEL = re.compile(r"(.+)_(\d{4})")
_MOST_CHANNELS = 8


def images_of_one_case(items: Iterable[Item]) -> list[tuple[int, ...]]:
    """Groups of two or more ids, each in rising order: "a_t1" and "a_flair" (or t1/a and t2/a, a/t1 and a/t2), and nnU-Net's "a_0000",
    "a_0001", where every case has the same channels. Only items of no known patient, in files of their own."""
    cases, channels = defaultdict[str, dict[str, int]](dict), defaultdict[str, dict[str, int]](dict)
    for item in items:
        if item.patient or item.source.index:
            continue
        folder, name = os.path.split(os.path.abspath(item.source.files[0]))
        name = item_name(name)
        above, inner = os.path.split(folder)
        if match := _SEQUENCE.fullmatch(name):
            cases[f"{folder}/{match[1] or ''}".casefold()][match[2].casefold()] = item.id
        elif _SEQUENCE.fullmatch(inner):
            cases[f"{above}/*/{name}".casefold()][inner.casefold()] = item.id
        elif match := _CHANNEL.fullmatch(name):
            channels[f"{folder}/{match[1]}"][match[2]] = item.id
    found = [tuple(sorted(parts.values())) for parts in cases.values() if len(parts) > 1]
    if len(channels) > 1 and len({tuple(sorted(parts)) for parts in channels.values()}) == 1:
        numbers = sorted(next(iter(channels.values())))
        if 1 < len(numbers) <= _MOST_CHANNELS and numbers == [f"{n:04}" for n in range(len(numbers))]:
            found += [tuple(sorted(parts.values())) for parts in channels.values()]
    return sorted(found)
