"""What a part of a network costs, in words and as a bar: weights, multiply-adds, memory of its maps, and what it sees of the image."""

from typing import Protocol

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from widgets import theme
from widgets.figures import NARROW, figure, percent, weight_count
from widgets.text import tr

BAR = 4.0
"""px that the bar of memory is high."""


class Costed(Protocol):
    """A level or a stage: `activations` in bytes for one image, `field` in px, 0 for the whole image."""

    @property
    def parameters(self) -> int: ...

    @property
    def multiply_adds(self) -> int: ...

    @property
    def activations(self) -> int: ...

    @property
    def field(self) -> int: ...


def cost_lines(part: Costed, whole: int, regions: int = 0) -> list[str]:
    """What a part holds, what it works and keeps, and what it sees; `whole` are the bytes of the maps of all parts, `regions` are cut out
    of the maps for it."""
    share = percent(part.activations / whole if whole else None)
    if regions:
        seen = tr("Each of its values sees its region, and what the maps there see around it.")
    elif part.field:
        seen = tr("Each of its values sees {n} × {n} px of the image.", n=part.field)
    else:
        seen = tr("Each of its values sees the whole image.")
    return [
        tr(
            "{weights} weights, {work} multiply-adds",
            weights=weight_count(part.parameters),
            work=work_of(part.multiply_adds),
        ),
        tr("{memory} of maps for one image: {share} of all", memory=memory_of(part.activations), share=share),
        seen,
    ]


def total_in_words(parameters: int, multiply_adds: int, activations: int, image: str) -> str:
    """What the whole network costs for one `image`, whose shape that is."""
    return tr(
        "{weights} weights, {work} multiply-adds and about {memory} of maps that a training keeps, for one image of {shape}",
        weights=weight_count(parameters),
        work=work_of(multiply_adds),
        memory=memory_of(activations),
        shape=image,
    )


def work_of(multiply_adds: int) -> str:
    """Multiply-adds in thousands of millions, or in millions where they are fewer."""
    return figure(multiply_adds / 1e9, 1, "G") if multiply_adds >= 1e8 else figure(multiply_adds / 1e6, 1, "M")


def memory_of(size: int) -> str:
    """Bytes as MB, or GB from a thousand on, or kB under a tenth."""
    if size < 1e5:
        return figure(size / 1e3, 0, "kB")
    return figure(size / 1e9, 1, "GB") if size >= 1e9 else f"{figure(size / 1e6, 0 if size >= 1e7 else 1)}{NARROW}MB"


def paint_memory(painter: QPainter, part: Costed, most: int, bar: QRectF) -> None:
    """How much of the maps' memory a part takes, against the one that takes `most`."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("hairline"))
    painter.drawRoundedRect(bar, 2, 2)
    bar.setWidth(max(bar.width() * part.activations / max(most, 1), 2))
    painter.setBrush(theme.color("val"))
    painter.drawRoundedRect(bar, 2, 2)
