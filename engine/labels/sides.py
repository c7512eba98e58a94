"""Classes that are the left and the right of one thing, told by their names, and what becomes of them in a mirror image."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

SIDE_RULES = ("keep", "swap", "off")
"""In a sample that puts left on the right: classes keep their names, left and right change them, or no such sample is made."""

_Side: TypeAlias = Literal["left", "right"]
_Reading: TypeAlias = tuple[int, _Side, tuple[str, ...]]  # language, side, the words that are left

# Of each language the words for left and for right; a pair is named in one of them.
_WORDS: tuple[tuple[str, str], ...] = (
    ("left lft lt l", "right rgt rt r"),
    (
        "izquierdo izquierda izquierdos izquierdas izqdo izqda izdo izda izq",
        "derecho derecha derechos derechas dcho dcha drcho drcha dch der",
    ),
    ("esquerdo esquerda esquerdos esquerdas esq", "direito direita direitos direitas dir"),
    (
        "sinister sinistra sinistrum sinistro sinistri sinistre sin sn sx",
        "dexter dextra dextrum destro destra destri destre dext dex dx",
    ),
    ("gauche gauches", "droit droite droits droites"),
    ("links linke linker linkes linken", "rechts rechte rechter rechtes rechten"),
    ("os oi", "od"),  # oculus
)
_BOTH: tuple[_Side, _Side] = ("left", "right")
_SIDES = {
    word: (language, side)
    for language, both in enumerate(_WORDS)
    for side, words in zip(_BOTH, both, strict=True)
    for word in words.split()
}
_AMBIGUOUS = frozenset(
    ("sin", "sn", "sx", "dex", "dx")
)  # symptoms and diagnosis too: they name a side beside a thing only
_GLUED = tuple(sorted((word for word in _SIDES if len(word) >= 3 and word not in _AMBIGUOUS), key=len, reverse=True))
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_STEM = 3  # letters before an "l" or "r" that is written onto a word: "lungl"


@dataclass(frozen=True)
class Laterality:
    """Which classes (by their places, from 0) are left and right of one thing, and which of SIDE_RULES mirror images follow."""

    pairs: tuple[tuple[int, int], ...] = ()
    rule: str = "keep"

    def mirrored(self, place: int) -> int:
        """The class that the one at `place` is in a mirror image."""
        if self.rule == "swap":
            for left, right in self.pairs:
                if place in (left, right):
                    return left + right - place
        return place


def side_pairs(names: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """The places (from 0) of classes that are (left, right) of one thing, in the order of the list.

    Sides are whole words or letters of English, Spanish, Portuguese, Italian, Latin, French and German in any case, with or
    without accents, set apart by signs or by capitals ("lung_l", "lungR", "L Kidney", "Pulmón izquierdo"), words written
    onto another ("leftlung"), and "l" and "r" at the end of one ("lungl"). Two names pair where nothing else differs, and
    no third name says the same.
    """
    read = [(list(_separate(name)), list(_written_together(name))) for name in names]
    pairs: list[tuple[int, int]] = []
    for loose in (False, True):
        sides: dict[tuple[int, tuple[str, ...]], dict[_Side, set[int]]] = {}
        paired = {place for pair in pairs for place in pair}
        for place, (strict, glued) in enumerate(read):
            for language, side, rest in (strict + glued if loose else strict) if place not in paired else ():
                sides.setdefault((language, rest), {"left": set(), "right": set()})[side].add(place)
        for both in sides.values():
            if len(both["left"]) == len(both["right"]) == 1 and both["left"] != both["right"]:
                pair = (min(both["left"]), min(both["right"]))
                if not {place for known in pairs for place in known} & set(pair):
                    pairs.append(pair)
    return tuple(sorted(pairs, key=min))


def _separate(name: str) -> Iterator[_Reading]:
    """What a name says where its side is a word of its own, split at capitals or not."""
    bare = _without_accents(name)
    for text in {_HUMP.sub(" ", bare), bare}:
        words = _split(text)
        found = [_SIDES[word] for word in words if word in _SIDES]
        rest = tuple(word for word in words if word not in _SIDES)
        vague = not rest and any(word in _AMBIGUOUS for word in words)
        if len(set(found)) == 1 and not vague:
            yield (*found[0], rest)


def _written_together(name: str) -> Iterator[_Reading]:
    """What a name says where its side is part of a word."""
    words = _split(_without_accents(name))
    for place, word in enumerate(words):
        for side in (*_GLUED, "l", "r"):
            least = _STEM if len(side) == 1 else 1
            stems = [word.removesuffix(side)]
            if len(side) > 1:  # one letter in front makes another word of it: liver, river
                stems.append(word.removeprefix(side))
            for stem in stems:
                if least <= len(stem) < len(word):
                    yield (*_SIDES[side], (*words[:place], stem, *words[place + 1 :]))


def _without_accents(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))


def _split(text: str) -> list[str]:
    return [word for word in re.split(r"[\W_]+", text.casefold()) if word]
