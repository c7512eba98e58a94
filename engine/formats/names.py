"""File names that every system can hold: Linux, Windows and macOS, archives, network shares."""

import unicodedata
from collections.abc import Sequence

LONGEST = 200  # bytes of UTF-8, ending included: file systems take 255, and programs add to names

_FORBIDDEN = frozenset('<>:"/\\|?*')
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul", "clock$", "conin$", "conout$"]
    + [f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"]
)


def safe_name(text: str, room: int = LONGEST) -> str:
    """The text as a name of at most `room` bytes of UTF-8, as close to the text as every system allows; never empty.

    Characters that a system forbids become "_", so do a leading dash (an option to a command), a leading dot (hidden) and
    the bytes of a name that is not UTF-8 (surrogates) which no Latin-1 letter stands for. Pass less `room` to add an ending.
    """
    clean = "".join(map(_safe_character, unicodedata.normalize("NFC", "".join(map(_decoded, text))))).strip()
    if clean[:1] in ("-", "."):
        clean = "_" + clean[1:]
    clean = _cut(clean, room)
    if clean.split(".")[0].rstrip().casefold() in _RESERVED:
        clean = _cut("_" + clean, room)
    return clean or "item"


def unique(names: Sequence[str], room: int = LONGEST) -> list[str]:
    """The names, those that repeat an earlier one (upper and lower case, composed or not, being the same) with "_2", "_3", ...
    added within `room` bytes. A name that stands once keeps itself."""
    taken = {_key(name) for name in names}
    seen: set[str] = set()
    result = []
    for name in names:
        chosen = name
        if _key(name) in seen:
            number = 2
            while _key(chosen) in taken:
                suffix = f"_{number}"
                chosen = _cut(name, room - len(suffix)) + suffix
                number += 1
        seen.add(_key(chosen))
        taken.add(_key(chosen))
        result.append(chosen)
    return result


def _decoded(character: str) -> str:
    """A byte that was no UTF-8 stands in the text as a surrogate: most such names are Latin-1, "caf\\udce9"."""
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return chr(code - 0xDC00)
    return character


def _safe_character(character: str) -> str:
    kind = unicodedata.category(character)
    if character in _FORBIDDEN or kind in ("Cc", "Cs", "Zl", "Zp") or unicodedata.bidirectional(character) in _TURNING:
        return "_"
    return character


_TURNING = frozenset(["LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"])
"""Marks that turn the direction of writing: "exe.gnp" can be made to read "png.exe" with them."""


def _cut(text: str, room: int) -> str:
    """At most `room` bytes, whole characters, and no dot or blank at the end, which Windows drops."""
    cut = text.encode()[: max(room, 0)].decode(errors="ignore")
    while cut != (shorter := cut.rstrip().rstrip(".")):
        cut = shorter
    return cut


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())
