"""Icons of the program's own family, rendered in the theme's colours and sharp on every display."""

import weakref
from functools import cache
from typing import Protocol

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from shiboken6 import isValid

from resources import path
from widgets import theme
from widgets.theme import Role

SIZE, TOOL_SIZE = 18, 20


class _Bearer(Protocol):
    """What shows an icon: a button, an action."""

    def setIcon(self, icon: QIcon, /) -> None: ...


@cache
def names() -> tuple[str, ...]:
    """Every icon there is."""
    return tuple(sorted(file.stem for file in path("icons").glob("*.svg")))


def icon(name: str, role: Role = "text", size: int = SIZE) -> QIcon:
    """The icon `name` at `size` px in the theme in use: normal in `role`, disabled faint, checked in the accent.

    KeyError for a name that is not in names(). An icon does not change with the theme: see set_icon.
    """
    return _icon(name, role, size, theme.current().name, _densities())


def set_icon(bearer: _Bearer, name: str, role: Role = "text", size: int = SIZE) -> None:
    """Give a button or an action the icon, and again whenever the theme changes."""
    bearer.setIcon(icon(name, role, size))
    if hasattr(bearer, "setIconSize"):
        bearer.setIconSize(QSize(size, size))
    _followers().follow(bearer, name, role, size)


def pixmap(name: str, role: Role = "text", size: int = SIZE, density: float = 1.0) -> QPixmap:
    """The icon as a picture of `size` px for painters; `density` is the device's pixels per px."""
    return _pixmap(name, theme.color(role).name(), size, density)


def app_icon() -> QIcon:
    """The program's mark for the title bar and the task list, 16 to 256 px."""
    result = QIcon()
    for size in (16, 22, 24, 32, 48, 64, 128, 256):
        result.addPixmap(_pixmap("contorno" if size > 24 else "mark", "", size, 1.0))
    return result


def _densities() -> tuple[float, ...]:
    return tuple(sorted({1.0, *(screen.devicePixelRatio() for screen in QGuiApplication.screens())}))


@cache
def _icon(name: str, role: Role, size: int, theme_name: str, densities: tuple[float, ...]) -> QIcon:
    result = QIcon()
    normal, accent, faint = (theme.color(which).name() for which in (role, "accent", "faint"))
    mode, state = QIcon.Mode, QIcon.State
    for density in densities:
        result.addPixmap(_pixmap(name, normal, size, density), mode.Normal, state.Off)
        result.addPixmap(_pixmap(name, accent, size, density), mode.Normal, state.On)
        for each in (state.Off, state.On):
            result.addPixmap(_pixmap(name, faint, size, density), mode.Disabled, each)
    return result


@cache
def _pixmap(name: str, color: str, size: int, density: float) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", color).encode()))
    side = round(size * density)
    result = QPixmap(side, side)
    result.fill(Qt.GlobalColor.transparent)
    with QPainter(result) as painter:
        renderer.render(painter, QRectF(0, 0, side, side))
    result.setDevicePixelRatio(density)
    return result


@cache
def _drawing(name: str) -> str:
    if name not in names():
        raise KeyError(name)
    return path(f"icons/{name}.svg").read_text(encoding="utf-8")


class _Followers(QObject):
    """Who bears which icon, so that a change of theme reaches them."""

    def __init__(self) -> None:
        super().__init__()
        self._wants: weakref.WeakKeyDictionary[_Bearer, tuple[str, Role, int]] = weakref.WeakKeyDictionary()
        theme.watch().changed.connect(self._render)

    def follow(self, bearer: _Bearer, name: str, role: Role, size: int) -> None:
        self._wants[bearer] = (name, role, size)

    @Slot()
    def _render(self) -> None:
        for bearer, (name, role, size) in list(self._wants.items()):
            if not isinstance(bearer, QObject) or isValid(bearer):
                bearer.setIcon(icon(name, role, size))


@cache
def _followers() -> _Followers:
    return _Followers()
