"""Tables about images: CSV files whose column "item" says which image a row is about."""

import csv
import io
import os
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from engine.errors import EngineError, NotReadable
from engine.imaging.files import display_name, item_name, read_bytes
from engine.project.nearness import common
from engine.project.set_names import of_other_sets
from engine.text_encoding import decoded
from engine.words import translatable

_MISSING = ("", "nan", "na", "n/a", "none", "null", "?", "-")
"""What programs write into empty cells, in lower case."""


def is_empty(cell: str) -> bool:
    """Whether it holds nothing, or what programs write for that."""
    return cell.strip().casefold() in _MISSING


class ImageTable:
    """What one column says of each image.

    A row names an image as the program does, or its file with as many folders as tell it apart: of the rows that end a file's path
    the longest counts. Where a name stands once in the table and once among the images, the folders need not fit, nor upper case: but
    they may not say another set. What all rows begin with may be another machine's.
    """

    def __init__(self, file: Path, column: str, headers: "Headers | None" = None) -> None:
        """`headers` says how the file calls the columns item and `column`, where it does not call them so. Raises NotReadable."""
        chosen = headers or Headers()
        self.rows = read_rows(file, ("item", column), {"item": chosen.item, column: chosen.value})
        self._file, self._column = file.name, column
        self._paths = [_parts(row["item"]) for row in self.rows]
        self._named: dict[str, list[int]] = defaultdict(list)
        self._ending: dict[str, list[int]] = defaultdict(list)
        self._folded: dict[str, list[int]] = defaultdict(list)  # without regard to case
        for place, row in enumerate(self.rows):
            self._named[unicodedata.normalize("NFC", row["item"])].append(place)
            self._ending[item_name(self._paths[place][-1])].append(place)
            self._folded[item_name(self._paths[place][-1]).casefold()].append(place)
        self._meant: dict[str, list[int]] = {}
        self._users = Counter[int]()

    def index_images(self, images: Mapping[str, str]) -> None:
        """Say which images there are: their files (the first of a series) by their names."""
        alike = Counter(key for name, file in images.items() for key in _keys(name, file))
        bearers = Counter(key for name, file in images.items() for key in {key.casefold() for key in _keys(name, file)})
        self._meant = {name: self._rows_of(name, file, alike) for name, file in images.items()}
        self._meant |= self._below_another_root({name: file for name, file in images.items() if not self._meant[name]})
        taken = {place for places in self._meant.values() for place in places}
        for name, file in images.items():
            self._meant[name] = self._meant[name] or self._without_case(name, file, bearers, taken)
        self._users = Counter(place for places in self._meant.values() for place in places)

    def of(self, name: str) -> str | None:
        """What the table says of one of the images that were met, None where it does not mention it. Raises EngineError where that
        is not clear."""
        places = self._meant[name]
        if any(self._users[place] > 1 for place in places):
            raise EngineError(
                translatable("{file} does not say which of several images it means by {row}."),
                translatable(
                    "Write the folder before the name of the file in the column item, for example train/001.png."
                ),
                file=self._file,
                row=self.rows[places[0]]["item"],
            )
        if len({self.rows[place][self._column].strip() for place in places}) > 1:
            raise EngineError(
                translatable("{file} says different things of {name}."),
                translatable("Keep one row for each image."),
                file=self._file,
                name=name,
            )
        return self.rows[places[0]][self._column] if places else None

    @property
    def values(self) -> set[str]:
        """All that stands in the column, without empty cells."""
        return {text for row in self.rows if (text := row[self._column].strip())}

    @property
    def unmatched_rows(self) -> int:
        """How many rows are about none of the images."""
        return len(self.rows) - len(self._users)

    def _rows_of(self, name: str, file: str, alike: Mapping[str, int]) -> list[int]:
        named = self._named.get(unicodedata.normalize("NFC", name))
        if named:
            return named
        found = sorted({place for key in _keys(name, file) for place in self._ending.get(key, ())})
        if not found:
            return []
        path = _parts(file)
        fits = {place: _fit(self._paths[place], path) for place in found}
        best = max(fits.values())
        if best[0]:
            return [place for place in found if fits[place] == best]
        written = {self._paths[place] for place in found}
        alone = len(written) == 1 and alike[item_name(self._paths[found[0]][-1])] == 1
        return found if alone and not self._is_of_another_set(found[0], path) else []

    def _is_of_another_set(self, place: int, path: tuple[str, ...]) -> bool:
        return of_other_sets(self._paths[place][-2::-1], path[-2::-1])

    def _below_another_root(self, images: Mapping[str, str]) -> dict[str, list[int]]:
        """The rows of images that no row writes out, by what follows the folder that all rows lie in, as in C:\\data\\train\\001.png and
        C:\\data\\test\\001.png. Of several images that one row could mean the one counts whose folders are the most alike."""
        taken = {place for places in self._meant.values() for place in places}
        folders = [path[:-1] for path in self._paths]
        root = common(min(folders, default=()), max(folders, default=()))  # the first and the last in order differ most
        chosen = dict[str, list[int]]()
        claims: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for name, file in images.items():
            path = _parts(file)
            places = {place for key in _keys(name, file) for place in self._ending.get(key, ())} - taken
            fits = {place: common(folders[place][::-1], path[-2::-1]) for place in sorted(places)}
            fits = {place: fit for place, fit in fits.items() if fit >= len(folders[place]) - root > 0}
            best = [place for place, fit in fits.items() if fit == max(fits.values())]
            if len({self._paths[place] for place in best}) == 1:
                chosen[name] = best
                claims[best[0]].append((fits[best[0]], name))
        for claim in claims.values():
            nearest = [name for fit, name in claim if fit == max(claim)[0]]
            for _, name in claim:
                if nearest != [name]:
                    del chosen[name]
        return chosen

    def _without_case(self, name: str, file: str, bearers: Mapping[str, int], taken: Set[int]) -> list[int]:
        """The rows of a name that is written in other cases, where no other image and no other row could be meant."""
        keys = {key.casefold() for key in _keys(name, file)}
        found = sorted({place for key in keys for place in self._folded.get(key, ())})
        written = {self._paths[place] for place in found}
        unclear = len(written) > 1 or any(bearers[key] > 1 for key in keys) or not taken.isdisjoint(found)
        return [] if unclear or any(self._is_of_another_set(place, _parts(file)) for place in found) else found


def _fit(row: tuple[str, ...], path: tuple[str, ...]) -> tuple[int, bool]:
    """How much of the path the row writes out (0: it is another path), and whether the file's ending is the same too."""
    end = path[-len(row) :]
    fits = row[:-1] == end[:-1] and item_name(row[-1]) == item_name(end[-1])
    return len(row) if fits else 0, row[-1] == end[-1]


def _parts(path: str) -> tuple[str, ...]:
    parts = [part for part in re.split(r"[/\\]", path) if part not in ("", ".")]
    return tuple(unicodedata.normalize("NFC", display_name(part)) for part in parts or ["?"])


def _keys(name: str, file: str) -> set[str]:
    return {unicodedata.normalize("NFC", key) for key in (name, item_name(os.path.basename(file)))}


@dataclass(frozen=True)
class Headers:
    """How a table calls the column of the images and that of what it says of them; "" where it uses our names."""

    item: str = ""
    value: str = ""


_USUAL: Mapping[str, str] = {
    "item": "item, image, image_id, image id, filename, file_name, file name, file, image_name, image name, name, path, id, imagen,"
    " archivo, fichero",
    "class": "class, label, labels, diagnosis, dx, target, category, finding, class_name, clase, diagnóstico, etiqueta",
    "split": "split, set, subset, partition, fold, dataset, conjunto, partición",
}


_CLASS, _ONES = "class", {"1", "1.0"}
_MARKS = {*_ONES, "0", "0.0", ""}
"""What the columns hold that stand for a class each."""


def propose_headers(file: Path, column: str) -> tuple[Headers, tuple[str, ...]]:
    """Which columns of a table most likely hold the images and their "class" or "split" ("" where none is called so), and all that
    there are. Raises NotReadable."""
    names = tuple(_read(file)[0])
    by_name = {_plain(name): name for name in reversed(names)}
    item, value = (
        next((by_name[w] for w in _USUAL[kind].split(", ") if w in by_name), "") for kind in ("item", column)
    )
    return Headers(item, value), names


def read_rows(file: Path, columns: Sequence[str], called: Mapping[str, str] | None = None) -> list[dict[str, str]]:
    """The rows of a CSV file, parted by commas, semicolons or tabs, under the names of `columns`; `called` says what the file calls
    them, where it calls them otherwise. Upper and lower case are one. Raises NotReadable where one is missing."""
    names, rows = _read(file)
    wanted = {column: (called or {}).get(column) or column for column in columns}
    meant = {column: _called(name, names) for column, name in wanted.items()}
    found = {column: alike[0] if alike else None for column, alike in meant.items()}
    for column, name in found.items():
        if len(meant[column]) > 1:
            raise NotReadable(
                translatable("{file} has {count} columns called {column}."),
                translatable("Keep one of them, or give them different names."),
                file=file.name,
                count=len(meant[column]),
                column=wanted[column],
            )
        if name is None:
            raise NotReadable(
                translatable("{file} lacks the column {column}. It has: {there}."),
                translatable("The first line must name the columns: {columns}. Or say which columns are meant."),
                file=file.name,
                column=wanted[column],
                columns=", ".join(columns),
                there=", ".join(names) or "-",
            )
    return [{column: row.get(name or "") or "" for column, name in found.items()} for row in rows]


def _called(name: str, names: Sequence[str]) -> list[str]:
    """The columns of this name: as it is written, else but for upper case."""
    return [one for one in names if one == name] or [one for one in names if _plain(one) == _plain(name)]


def _read(file: Path) -> tuple[Sequence[str], list[dict[str, str]]]:
    """The names of the columns, and the rows by them."""
    data = read_bytes(str(file))
    text = decoded(data)
    if "\0" in text:
        raise NotReadable(
            translatable("{file} is no text, and so no table."), translatable("Choose a CSV file."), file=file.name
        )
    stated = re.match(r"sep=(.)\r?\n", text)  # Excel's own line
    text = text[stated.end() :] if stated else text
    first = text.split("\n", 1)[0]
    mark_of = stated[1] if stated else max(",;\t", key=lambda sign: (first.count(sign), sign == ","))
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=mark_of)
        names = [name for name in reader.fieldnames or () if name]
        return _with_classes(names, [{k: v or "" for k, v in row.items() if k is not None} for row in reader])
    except csv.Error as fault:
        raise NotReadable(
            translatable("{file} cannot be read: {reason}."),
            translatable("Choose a CSV file."),
            file=file.name,
            reason=getattr(fault, "strerror", None) or str(fault),
        ) from fault


def _with_classes(names: list[str], rows: list[dict[str, str]]) -> tuple[list[str], list[dict[str, str]]]:
    """With a column "class" where the table has a column of 0 and 1 for each class instead: the name of the one that holds 1, "" where
    several do or none."""
    marks = [name for name in names if {row.get(name, "").strip() for row in rows} <= _MARKS]
    if not rows or len(marks) < 2 or any(_plain(name) == _CLASS for name in names):
        return names, rows
    held = [[name for name in marks if row.get(name, "").strip() in _ONES] for row in rows]
    if 2 * sum(len(ones) == 1 for ones in held) < len(rows):  # they are answers to questions of their own
        return names, rows
    return [*names, _CLASS], [
        {**row, _CLASS: ones[0] if len(ones) == 1 else ""} for row, ones in zip(rows, held, strict=True)
    ]


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip().casefold()
