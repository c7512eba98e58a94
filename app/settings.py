"""What the program remembers of its user: language, look, reader, and where the window was."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings

from engine.config import option, option_of
from engine.words import mark
from widgets.theme import Choice

LANGUAGES = ("system", "en", "es")
THEMES = ("system", "dark", "light")
_MOST_RECENT = 8


@dataclass(frozen=True)
class Settings:
    """The user's choices, as the settings dialog shows them."""

    language: str = option(
        "system", mark("Language"), mark("The program's language; system follows the computer."), choices=LANGUAGES
    )
    theme: Choice = option("system", mark("Appearance"), mark("Dark suits a reading room."), choices=THEMES)
    reader: str = option("", mark("Reader"), mark("Your name as it stands beside your masks. It stays in the project."))
    wheel_zooms: bool = option(False, mark("Wheel zooms"), mark("The mouse wheel zooms instead of changing slices."))


def _store() -> QSettings:
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "contorno", "contorno")


def load() -> Settings:
    store, found = _store(), Settings()
    for item in fields(Settings):
        value: Any = store.value(f"user/{item.name}", getattr(found, item.name), type(getattr(found, item.name)))
        rule = option_of(item)
        if rule is not None and (not rule.choices or value in rule.choices):
            found = replace(found, **{item.name: value})
    return found


def save(settings: Settings) -> None:
    store = _store()
    for item in fields(Settings):
        store.setValue(f"user/{item.name}", getattr(settings, item.name))


def recent_projects() -> list[Path]:
    """Projects opened lately that are still there, the latest first."""
    found: Any = _store().value("recent", [], list)
    paths = [Path(os.fsdecode(bytes.fromhex(str(word)))) for word in found if isinstance(word, str)]
    return [p for p in paths if p.exists()]


def remember_project(path: Path) -> None:
    paths = [path.absolute(), *(p for p in recent_projects() if p != path.absolute())][:_MOST_RECENT]
    _store().setValue("recent", [os.fsencode(p).hex() for p in paths])


def layout(key: str) -> QByteArray:
    """A remembered geometry or splitter state; empty where there is none."""
    value = _store().value(f"layout/{key}", QByteArray())
    return value if isinstance(value, QByteArray) else QByteArray()


def remember_layout(key: str, state: QByteArray) -> None:
    _store().setValue(f"layout/{key}", state)


def note(key: str, default: str = "") -> str:
    """A small remembered choice of the window (the tab, the tool, the last folder)."""
    return str(_store().value(f"note/{key}", default))


def remember(key: str, value: str) -> None:
    _store().setValue(f"note/{key}", value)


def clear(keys: Sequence[str] = ("layout", "note")) -> None:
    """Forget the window's places and small choices."""
    for key in keys:
        _store().remove(key)
