"""Plots of a report as SVG: curves, a calibration diagram, a matrix. Text stays text, and colours are those of the page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from engine.labels.classes import OKABE_ITO
from engine.ticks import decimals, inner_ticks, nice_ticks
from engine.words import Say

_WIDTH, _HEIGHT = 420, 260  # px of a plot, with its margins
_LEFT, _TOP, _RIGHT, _BOTTOM = 66, 14, 12, 40
_TICKS = 5
_CELL = 46  # px of a matrix
_LETTER = 6.5  # px, about, of a name


@dataclass(frozen=True)
class CurveLine:
    """A curve: its points in the order in which they are joined; "" as `color` takes the next of the palette."""

    name: str
    points: Sequence[tuple[float, float]]
    color: str = ""
    dots: bool = False


def line_chart(
    lines: Sequence[CurveLine],
    across: str,
    up: str,
    say: Say,
    *,
    square: bool = False,
    diagonal: bool = False,
    bottom: float | None = None,
) -> str:
    """Curves over common axes that are named `across` and `up`; "" where there is no point. `square`: both axes are 0..1; `diagonal`
    draws the line of chance; `say` writes the numbers in the reader's language; `bottom`: where the upright axis begins at the latest."""
    points = [point for line in lines for point in line.points]
    if not points:
        return ""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    x0, x1 = (0.0, 1.0) if square else (min(xs), max(xs))
    y0, y1 = (0.0, 1.0) if square else (min(ys) if bottom is None else min(bottom, *ys), max(ys))
    x1, ticks = max(x1, x0 + 1e-9), nice_ticks(y0, y1, _TICKS)
    y0, y1 = ticks[0], ticks[-1]

    def place(x: float, y: float) -> tuple[float, float]:
        inner = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
        return _LEFT + (x - x0) / (x1 - x0) * inner[0], _TOP + (1 - (y - y0) / (y1 - y0)) * inner[1]

    whole = all(float(x).is_integer() for x in xs)
    parts = [
        *_axes(place, inner_ticks(x0, x1, _TICKS, whole=whole and not square), ticks, say),
        _text(_WIDTH / 2, _HEIGHT - 4, across),
        _upright(up),
    ]
    if diagonal:
        (ax, ay), (bx, by) = place(x0, y0), place(x1, y1)
        parts.append(f'<line class="chance" x1="{ax:.1f}" y1="{ay:.1f}" x2="{bx:.1f}" y2="{by:.1f}"/>')
    for number, line in enumerate(lines):
        color = line.color or OKABE_ITO[number % len(OKABE_ITO)]
        placed = [place(x, y) for x, y in line.points]
        joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
        parts.append(f'<polyline fill="none" stroke="{color}" stroke-width="1.8" points="{joined}"/>')
        if line.dots or len(placed) == 1:
            parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{color}"/>' for x, y in placed]
    return _svg(_WIDTH, _HEIGHT, parts) + _legend(lines)


def matrix_chart(names: Sequence[str], counts: Sequence[Sequence[int]], down: str, across: str) -> str:
    """A confusion matrix: rows are the truth (`down`), columns what was said (`across`); the darker, the larger the share of its row."""
    short = [name if len(name) <= 14 else name[:13] + "…" for name in names]
    head = 34 + _LETTER * max(map(len, short))
    side = head + _CELL * len(names)
    middle = head + _CELL * len(names) / 2
    parts = [_text(middle, 12, across), _upright(down, middle)]
    for at, name in enumerate(short):
        middle = head + _CELL * (at + 0.5)
        parts.append(f'<text x="{head - 6:.0f}" y="{middle + 4:.0f}" text-anchor="end">{escape(name)}</text>')
        parts.append(
            f'<text x="{middle:.0f}" y="{head - 6:.0f}" text-anchor="start"'
            f' transform="rotate(-45 {middle:.0f} {head - 6:.0f})">{escape(name)}</text>'
        )
    for row, cells in enumerate(counts):
        total = max(sum(cells), 1)
        for column, count in enumerate(cells):
            x, y, share = head + _CELL * column, head + _CELL * row, count / total
            parts.append(
                f'<rect class="cell" x="{x:.0f}" y="{y:.0f}" width="{_CELL - 2}" height="{_CELL - 2}"'
                f' fill-opacity="{0.06 + 0.84 * share:.2f}"/>'
            )
            tone = "on" if share > 0.5 else ""
            parts.append(
                f'<text class="{tone}" x="{x + _CELL / 2 - 1:.0f}" y="{y + _CELL / 2 + 4:.0f}" text-anchor="middle">{count}</text>'
            )
    return _svg(side + head / 2, side, parts)  # the last name leans over the edge


def _axes(
    place: Callable[[float, float], tuple[float, float]], across: Sequence[float], up: Sequence[float], say: Say
) -> list[str]:
    parts = []
    for y, words in zip(up, _numbers(up, say), strict=True):
        _, py = place(0, y)
        parts.append(f'<line class="grid" x1="{_LEFT}" y1="{py:.1f}" x2="{_WIDTH - _RIGHT}" y2="{py:.1f}"/>')
        parts.append(f'<text x="{_LEFT - 5}" y="{py + 4:.1f}" text-anchor="end">{words}</text>')
    for x, words in zip(across, _numbers(across, say), strict=True):
        parts.append(_text(place(x, 0)[0], _HEIGHT - _BOTTOM + 16, words))
    return parts


def _numbers(ticks: Sequence[float], say: Say) -> list[str]:
    """The values of an axis, all with as many decimals as one of them needs."""
    places = max(map(decimals, ticks), default=0)
    return [say(f"{{value:.{places}f}}", value=value) for value in ticks]


def _text(x: float, y: float, words: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{escape(words)}</text>'


def _upright(words: str, middle: float = (_HEIGHT - _BOTTOM + _TOP) / 2) -> str:
    return f'<text x="12" y="{middle}" text-anchor="middle" transform="rotate(-90 12 {middle})">{escape(words)}</text>'


def _legend(lines: Sequence[CurveLine]) -> str:
    if len(lines) < 2:
        return ""
    keys = (
        f'<span><i style="background:{line.color or OKABE_ITO[at % len(OKABE_ITO)]}"></i>{escape(line.name)}</span>'
        for at, line in enumerate(lines)
    )
    return f'<p class="legend">{"".join(keys)}</p>'


def _svg(width: float, height: float, parts: Sequence[str]) -> str:
    return f'<svg viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" role="img">{"".join(parts)}</svg>'
