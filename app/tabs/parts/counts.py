"""How many items, patients, classes and images there are, in words."""

from collections.abc import Iterable

from engine.words import translatable
from widgets.text import counted


def items_text(number: int) -> str:
    return counted(number, translatable("1 item"), translatable("{count} items"))


def patients_text(number: int) -> str:
    return counted(number, translatable("1 patient"), translatable("{count} patients"))


def classes_text(number: int) -> str:
    return counted(number, translatable("1 class"), translatable("{count} classes"))


def images_text(number: int) -> str:
    return counted(number, translatable("1 image"), translatable("{count} images"))


def not_read_text(number: int) -> str:
    return counted(number, translatable("1 not read"), translatable("{count} not read"))


def patients_of(patients: Iterable[str]) -> int:
    """How many patients are known."""
    return len({patient for patient in patients if patient})
