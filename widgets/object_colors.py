"""Colours of objects: each has a hue of its own within the colour of its class, so that neighbours are told apart and the class is seen."""

from functools import cache

from PySide6.QtGui import QColor

VARIANTS = 12
"""Hues of a class; ids that follow one another get hues that lie apart."""

_TURN = 56  # degrees of the colour circle that the hues of a class lie within
_LIGHTER = (0, 26, -22)  # of 255, in turn
_GOLDEN = 0.61803


@cache
def object_color(color: str, id: int) -> str:
    """The colour "#rrggbb" of an object of a class that has the colour `color`."""
    variant, base = id % VARIANTS, QColor(color)
    turn = round((variant * _GOLDEN % 1 - 0.5) * _TURN)
    hue = (base.hslHue() + turn) % 360 if base.hslHue() >= 0 else 0  # a grey has none
    lightness = min(max(base.lightness(), 70), 190) + _LIGHTER[variant % len(_LIGHTER)]  # black and white have room too
    return QColor.fromHsl(hue, base.hslSaturation(), lightness).name()
