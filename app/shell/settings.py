"""What the program remembers of its user: language, look, reader, and where the window was."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QCoreApplication, QObject, QSettings, QTimer, Signal, Slot

from engine.config import option, option_of
from engine.words import translatable
from widgets.theme import Choice

if TYPE_CHECKING:
    from engine.progress import Work

LANGUAGES = ("system", "en", "es")
THEMES = ("system", "dark", "light")
_MOST_RECENT = 8
_REST = 500  # ms without another change before small choices are written: a slider makes one at every step


@dataclass(frozen=True)
class Settings:
    """The user's choices, as the settings dialog shows them."""

    language: str = option(
        "system",
        translatable("Language"),
        translatable("The program's language; system follows the computer."),
        choices=LANGUAGES,
    )
    theme: Choice = option(
        "system", translatable("Appearance"), translatable("Dark suits a reading room."), choices=THEMES
    )
    reader: str = option(
        "", translatable("Reader"), translatable("Your name as the window shows it. It stays on this computer.")
    )
    wheel_zooms: bool = option(
        False, translatable("Wheel zooms"), translatable("The mouse wheel zooms instead of changing slices.")
    )
    click_model: str = option(
        "",
        translatable("Click model"),
        translatable(
            "A folder with the two ONNX files of a model that outlines what is clicked, for the smart outline."
        ),
    )


class _Watch(QObject):
    """What the settings tell."""

    changed = Signal()  # other choices were saved
    keys_changed = Signal()  # other keys were saved
    recent_changed = Signal()  # other projects than before are known to be gone

    def __init__(self) -> None:
        super().__init__()
        self.gone: frozenset[Path] = frozenset()


@cache
def watch() -> _Watch:
    """The object whose signals tell of changes."""
    return _Watch()


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
    watch().changed.emit()


def keys() -> str:
    """The keys that a person chose, as `app.shell.keys` writes them; "" where none were."""
    return str(_store().value("user_keys", ""))


def set_keys(text: str) -> None:
    _store().setValue("user_keys", text)
    watch().keys_changed.emit()


def recent_projects() -> list[Path]:
    """Projects opened lately, the latest first, without those that `looking` found to be gone."""
    return [path for path in _remembered() if path not in watch().gone]


def _remembered() -> list[Path]:
    found: Any = _store().value("recent", [], list)
    return [Path(os.fsdecode(bytes.fromhex(str(word)))) for word in found if isinstance(word, str)]


def looking() -> "Work[frozenset[Path]]":
    """Which of the projects opened lately are not where they were: for `set_gone`. Never on the window's thread: a drive that does
    not answer holds it up for minutes."""
    from engine.progress import Progress

    gone, paths = set(), _remembered()
    for number, path in enumerate(paths):
        yield Progress(number, len(paths))
        if not path.exists():
            gone.add(path)
    return frozenset(gone)


def set_gone(paths: frozenset[Path]) -> None:
    """These are not offered while they are gone; a drive that is back brings its projects back."""
    if paths != watch().gone:
        watch().gone = paths
        watch().recent_changed.emit()


def remember_project(path: Path) -> None:
    path = path.absolute()
    watch().gone -= {path}
    paths = [path, *(p for p in _remembered() if p != path)][:_MOST_RECENT]
    _store().setValue("recent", [os.fsencode(p).hex() for p in paths])


def layout(key: str) -> QByteArray:
    """A remembered geometry or splitter state; empty where there is none."""
    value = _store().value(f"layout/{key}", QByteArray())
    return value if isinstance(value, QByteArray) else QByteArray()


def remember_layout(key: str, state: QByteArray) -> None:
    _store().setValue(f"layout/{key}", state)


def ui_state(key: str, default: str = "") -> str:
    """A small remembered choice of the window (the tab, the tool, the last folder)."""
    waiting = _unwritten().values
    return waiting[key] if key in waiting else str(_store().value(f"note/{key}", default))


def set_ui_state(key: str, value: str) -> None:
    """Remember it at once; it is on the disk a moment after the last change, or after `write_ui_state`."""
    _unwritten().set(key, value)


def write_ui_state() -> None:
    """Write what is not on the disk yet: the program ends."""
    _unwritten().write()


class _Unwritten(QObject):
    """Small choices that are not on the disk yet. Writing them takes longer than a step of a slider may."""

    def __init__(self, parent: QObject | None) -> None:
        super().__init__(parent)
        self.values: dict[str, str] = {}
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self.write)

    def set(self, key: str, value: str) -> None:
        self.values[key] = value
        if self.parent() is None:  # no program runs that could come back to it
            self.write()
        else:
            self._rest.start()

    @Slot()
    def write(self) -> None:
        self._rest.stop()
        if not self.values:
            return
        store = _store()
        for key, value in self.values.items():
            store.setValue(f"note/{key}", value)
        self.values = {}

    def forget(self) -> None:
        self._rest.stop()
        self.values = {}


def _unwritten() -> _Unwritten:
    return _unwritten_in(QCoreApplication.instance())


@cache
def _unwritten_in(program: QObject | None) -> _Unwritten:
    return _Unwritten(program)


def clear(keys: Sequence[str] = ("layout", "note")) -> None:
    """Forget the window's places and small choices."""
    if "note" in keys:
        _unwritten().forget()
    for key in keys:
        _store().remove(key)
