"""The class of a whole image: from a table, from the file that holds it, or from the name of a folder that it lies in."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.errors import EngineError
from engine.imaging.scan import Found
from engine.labels.classes import LabelClass
from engine.project.folders import folders_of, plain_name
from engine.project.tables import Headers, ImageTable, is_empty
from engine.words import translatable

_NUMBER = re.compile(r"([0-9]{1,9})(\.0+)?")  # one empty cell makes programs write the others as 1.0


class LabelRule:
    """The class of a whole image: from a table, from the file that holds it, or from the name of a folder that it lies in."""

    def __init__(
        self,
        table: Path | None,
        classes: Sequence[LabelClass],
        *,
        headers: Headers | None = None,
        below: Sequence[Path] = (),
        folders: Mapping[str, str] | None = None,
    ) -> None:
        """`table` is a CSV with the columns item and class, or those that `headers` names; folders count up to those of `below` that
        were chosen, and `folders` says which of them is which class, where their names do not. Raises NotReadable."""
        self._exact = {unicodedata.normalize("NFC", c.name).casefold(): place for place, c in enumerate(classes)}
        self._places = {plain_name(c.name): place for place, c in reversed(list(enumerate(classes)))}
        self._below = below
        self._folders = {plain_name(folder): name for folder, name in (folders or {}).items()}
        self._table = ImageTable(table, "class", headers) if table is not None else None
        self._from_one = False

    def index_images(self, images: Sequence[Found]) -> None:
        """Say which images there are, before one is asked about: a row may fit several, and all numbers of a file count from the same."""
        numbers = (
            {image.label for image in images if image.label is not None} if self._table is None else self._numbers()
        )
        self._from_one = bool(numbers) and min(numbers) == 1 and max(numbers) == len(self._exact)
        if self._table is not None:
            self._table.index_images({image.name: image.source.files[0] for image in images})

    @property
    def unmatched_rows(self) -> int:
        """How many rows of the table are about none of the images."""
        return 0 if self._table is None else self._table.unmatched_rows

    @property
    def numbered(self) -> bool:
        """Whether the table has numbers for classes, which count from 0."""
        return self._table is not None and bool(self._numbers())

    @property
    def unknown(self) -> list[str]:
        """What the table calls classes that the project has not, in order, each in one spelling; numbers are none."""
        said = sorted(self._table.values) if self._table is not None else []
        words = [text for text in said if not (self._says_nothing(text) or _NUMBER.fullmatch(text))]
        return list({plain_name(text): text for text in words if self._named(text) is None}.values())

    def of(self, image: Found) -> int | None:
        """The place (from 0) of its class, None where nothing says it. Raises EngineError for a class that does not exist, and where
        the table does not tell it apart from other images."""
        if self._table is not None:
            text = self._table.of(image.name)
            return None if text is None or self._says_nothing(text) else self._place(text)
        if image.class_name:
            return self._place(image.class_name)
        if image.label is not None:
            self._check_numbers()
            if not 0 <= image.label < len(self._exact):
                raise EngineError(
                    translatable("Its class {number} is not in the project."),
                    translatable("Add the class first."),
                    number=image.label,
                )
            return image.label
        if image.source.kind == "npz":  # its folder holds all of them
            return None
        named = (self._named(self._folders.get(plain_name(f), f)) for f in folders_of(image, self._below))
        return next((place for place in named if place is not None), None)

    def _says_nothing(self, text: str) -> bool:
        """Whether the cell is empty, or holds what programs write into an empty one and no class is called."""
        return is_empty(text) and (not text.strip() or self._named(text) is None)

    def _numbers(self) -> set[int]:
        """Those that the table has for classes, where it has nothing else."""
        table = self._table.values if self._table is not None else set()
        said = {text for text in table if not self._says_nothing(text)}
        numbers = [_NUMBER.fullmatch(text) if self._named(text) is None else None for text in said]
        found = {int(number[1]) for number in numbers if number is not None}
        return found if None not in numbers else set()

    def _check_numbers(self) -> None:
        """Numbers count from 0. EngineError where they may as well count from 1."""
        if self._from_one:
            raise EngineError(
                translatable(
                    "The classes of the file are numbered from 1 to {count}, and those of the project from 0 on: the first could be"
                    " 1 or missing."
                ),
                translatable("Number them from 0 in the file, or add a class for 0 to the project."),
                count=len(self._exact),
            )

    def _named(self, name: str) -> int | None:
        """The place of a class that is called so, or, of 1.0, called 1."""
        plain = unicodedata.normalize("NFC", name).strip().casefold()
        number = _NUMBER.fullmatch(plain)
        for exact in (plain, number[1] if number is not None else plain):
            if exact in self._exact:
                return self._exact[exact]
        return self._places.get(plain_name(name))

    def _place(self, text: str) -> int:
        place = self._named(text)
        if place is not None:
            return place
        name = text.strip().casefold()
        number = _NUMBER.fullmatch(name)
        if number is not None:
            self._check_numbers()
            if int(number[1]) < len(self._exact):
                return int(number[1])
        raise EngineError(
            translatable("There is no class {name}."),
            translatable("Add the class first, or mend the table."),
            name=name,
        )
