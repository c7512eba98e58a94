"""Colours of objects: each has a tone of its own within the colour of its class, so that neighbours are told apart and the class is seen."""

from functools import cache

from PySide6.QtGui import QColor

VARIANTS = 64
"""Tones of a class, all of them different."""

_STEPS = (15, 37, 27)
"""How far hue, lightness and saturation go on from one number to the next, in VARIANTS of their range: of all steps that were tried, those
with which numbers that follow one another are the farthest apart (CIELAB) in every colour of a class and in grey."""

_TURN = 56  # degrees of the colour circle that the hues of a class lie within
_SPAN = 68  # of 255, that their lightness lies within
_PALER = 0.45  # of the class's saturation is taken away at most
_GREY = 32  # of 255: classes of less saturation have no hue, and get tints of all hues
_TINT = (45, 60)  # of 255: the least saturation of a tint, and how much more there is


@cache
def object_color(color: str, id: int) -> str:
    """The colour "#rrggbb" of an object of a class that has the colour `color`."""
    hue, light, pale = ((id * step / VARIANTS + 0.5) % 1 for step in _STEPS)
    base = QColor(color)
    lightness = min(max(base.lightness(), 80), 175) + round((light - 0.5) * _SPAN)  # black and white have room too
    if base.hslSaturation() < _GREY:
        return QColor.fromHsl(round(360 * hue) % 360, round(_TINT[0] + _TINT[1] * pale), lightness).name()
    turned = (base.hslHue() + round((hue - 0.5) * _TURN)) % 360
    return QColor.fromHsl(turned, round(base.hslSaturation() * (1 - _PALER * pale)), lightness).name()
