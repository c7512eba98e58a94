"""The only place with colours: the dark and the light palette, the font, and the style sheet made from them."""

import logging
import sys
from dataclasses import dataclass, fields
from functools import cache
from typing import Literal, TypeAlias

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPainter, QPalette, QPen
from PySide6.QtWidgets import QApplication

from widgets.style_sheet import style_sheet

_LOG = logging.getLogger(__name__)

Role: TypeAlias = Literal[
    "window",
    "panel",
    "raised",
    "raised_more",
    "hairline",
    "text",
    "dim",
    "faint",
    "accent",
    "accent_ground",
    "on_accent",
    "good",
    "warn",
    "bad",
    "scan",
    "knob",
    "train",
    "val",
    "test",
]
Choice: TypeAlias = Literal["dark", "light", "system"]

RADIUS = 5
TEXT_SIZE, SMALL_SIZE, HEADING_SIZE = 13, 12, 11
ROW, TALL_ROW, CONTROL, PRIMARY = 32, 54, 28, 36


@dataclass(frozen=True)
class Theme:
    """Colours by role. `faint` is for what is disabled only; `train`, `val` and `test` are the splits."""

    name: Literal["dark", "light"]
    window: str
    panel: str
    raised: str
    raised_more: str
    hairline: str
    text: str
    dim: str
    faint: str
    accent: str
    accent_ground: str
    on_accent: str
    good: str
    warn: str
    bad: str
    knob: str
    train: str
    val: str
    test: str
    scan: str = "#08090B"


DARK = Theme(
    name="dark",
    window="#15181C",
    panel="#1B1F24",
    raised="#242A31",
    raised_more="#2D343D",
    hairline="#2C323A",
    text="#E4E8ED",
    dim="#98A2AE",
    faint="#626C78",
    accent="#5AA2F7",
    accent_ground="#1F3350",
    on_accent="#0B1524",
    good="#46C08A",
    warn="#EDB64A",
    bad="#F0706A",
    knob="#E4E8ED",
    train="#6FB0FA",
    val="#B79CF5",
    test="#5CC9B4",
)
LIGHT = Theme(
    name="light",
    window="#F3F4F6",
    panel="#FFFFFF",
    raised="#EEF0F3",
    raised_more="#E2E6EA",
    hairline="#DADEE3",
    text="#1A1F26",
    dim="#5A6572",
    faint="#98A2AE",
    accent="#185FBA",
    accent_ground="#DCE9FA",
    on_accent="#FFFFFF",
    good="#19794D",
    warn="#9A5B00",
    bad="#C7362E",
    knob="#FFFFFF",
    train="#185FBA",
    val="#6B46C1",
    test="#0F766E",
)


_ROLES = frozenset(item.name for item in fields(Theme)) - {"name"}


class _Current(QObject):
    """The theme in use. Qt repaints everything when it changes; `changed` is for what was rendered before."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.theme = DARK
        self.follows_system = False

    def follow(self) -> None:
        app = QApplication.instance()
        if self.follows_system and isinstance(app, QApplication):
            _use(app, _of_system(app))


@cache
def watch() -> _Current:
    """The object whose signal `changed` tells that another theme is in use."""
    return _Current()


def current() -> Theme:
    return watch().theme


def color(role: Role, opacity: float = 1.0) -> QColor:
    """The colour of the role in the theme in use; `opacity` is 0 to 1."""
    found = _color(getattr(current(), role))
    if opacity >= 1.0:
        return found
    paler = QColor(found)
    paler.setAlphaF(opacity)
    return paler


def scan_color(role: Role, opacity: float = 1.0) -> QColor:
    """The colour of the role for what is written over a scan, whose ground is black in both themes."""
    found = QColor(getattr(DARK, role))
    found.setAlphaF(opacity)
    return found


def data_color(text: str) -> QColor:
    """The colour of a class or a curve: "#rrggbb", or the name of a role."""
    return color(text) if text in _ROLES else _color(text)  # type: ignore[arg-type]


@cache
def _color(text: str) -> QColor:
    return QColor(text)


def apply(app: QApplication, choice: Choice) -> None:
    """Fusion, palette, font and style sheet for the whole program; "system" follows the desktop and its changes."""
    state = watch()
    state.follows_system = choice == "system"
    if not app.property("contornoThemed"):
        app.setStyle("Fusion")
        app.setFont(font())
        app.styleHints().colorSchemeChanged.connect(state.follow)
        app.setProperty("contornoThemed", True)
    _use(app, {"dark": DARK, "light": LIGHT}.get(choice) or _of_system(app))


def _of_system(app: QApplication) -> Theme:
    """Dark where the desktop does not say: scans are read on dark."""
    return LIGHT if app.styleHints().colorScheme() == Qt.ColorScheme.Light else DARK


def _use(app: QApplication, theme: Theme) -> None:
    state = watch()
    changed = state.theme is not theme or not app.styleSheet()
    if not changed:
        return
    state.theme = theme
    app.setPalette(palette(theme))
    app.setStyleSheet(style_sheet({item.name: getattr(theme, item.name) for item in fields(theme)}))
    state.changed.emit()
    _LOG.debug("theme %s", theme.name)


def palette(theme: Theme) -> QPalette:
    group, role = QPalette.ColorGroup, QPalette.ColorRole
    result = QPalette()
    for which, text in {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.panel,
        role.AlternateBase: theme.window,
        role.Text: theme.text,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.on_accent,
        role.Highlight: theme.accent_ground,
        role.HighlightedText: theme.text,
        role.ToolTipBase: theme.raised_more,
        role.ToolTipText: theme.text,
        role.PlaceholderText: theme.dim,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Accent: theme.accent,
        role.Light: theme.raised_more,
        role.Midlight: theme.raised_more,
        role.Mid: theme.hairline,
        role.Dark: theme.hairline,
        role.Shadow: theme.hairline,
    }.items():
        result.setColor(which, QColor(text))
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        result.setColor(group.Disabled, which, QColor(theme.faint))
    return result


def font(size: int = TEXT_SIZE, bold: bool = False) -> QFont:
    """The program's font at `size` px with tabular figures, so that columns of numbers stand under each other."""
    result = QFont(_family()) if _family() else QFont(QApplication.font())
    result.setPixelSize(size)
    result.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result


def heading_font() -> QFont:
    result = font(HEADING_SIZE, bold=True)
    result.setCapitalization(QFont.Capitalization.AllUppercase)
    result.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.6)
    return result


@cache
def _family() -> str:
    """Inter or Noto Sans on Linux, whose own choice varies most; elsewhere the system's own font."""
    if sys.platform in ("win32", "darwin"):
        return ""
    return next((name for name in ("Inter", "Noto Sans") if QFontDatabase.hasFamily(name)), "")


def focus_ring(painter: QPainter, around: QRectF, radius: float = RADIUS) -> None:
    """The 2 px ring that shows where the keyboard is, drawn just inside `around`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color("accent"), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(around.adjusted(1, 1, -1, -1), radius, radius)
    painter.restore()


def contrast(first: str, second: str) -> float:
    """Contrast of two "#rrggbb" colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    one, two = sorted((_luminance(first), _luminance(second)))
    return (two + 0.05) / (one + 0.05)


def _luminance(text: str) -> float:
    parts = (int(text[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
