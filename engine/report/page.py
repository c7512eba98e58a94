"""A page that stands alone: headings, tables, plots and pictures in one HTML file that loads nothing from anywhere."""

import base64
from collections.abc import Sequence
from html import escape

import cv2
import numpy as np
from numpy.typing import NDArray

_STYLE = """
:root{color-scheme:light dark;--ground:#fff;--text:#1a1f26;--dim:#5a6572;--line:#dadee3;--panel:#f3f4f6;--accent:#185fba;--warn:#9a5b00}
@media(prefers-color-scheme:dark){:root{--ground:#15181c;--text:#e4e8ed;--dim:#98a2ae;--line:#2c323a;--panel:#1b1f24;--accent:#5aa2f7;--warn:#edb64a}}
body{background:var(--ground);color:var(--text);font:15px/1.5 Inter,"Noto Sans",system-ui,sans-serif;margin:0 auto;max-width:960px;padding:32px 24px 64px}
h1{font-size:26px;margin:0 0 4px}h1.part{margin-top:56px}h2{font-size:18px;margin:36px 0 10px;border-bottom:1px solid var(--line);padding-bottom:4px}
h3{font-size:14px;margin:18px 0 6px}p{margin:6px 0}.dim{color:var(--dim)}
table{border-collapse:collapse;margin:8px 0}th,td{padding:4px 14px 4px 0;text-align:right;font-variant-numeric:tabular-nums;border-bottom:1px solid var(--line)}
th{color:var(--dim);font-weight:600}th:first-child,td:first-child{text-align:left}
svg{max-width:100%;height:auto}svg text{fill:var(--dim);font-size:11px}svg text.on{fill:var(--ground)}
.grid{stroke:var(--line)}.chance{stroke:var(--dim);stroke-dasharray:4 4}.cell{fill:var(--accent)}
.row{display:flex;flex-wrap:wrap;gap:16px}figure{margin:8px 0;max-width:225px}figure img{max-width:100%;min-width:150px;border-radius:4px;background:#08090b}
figcaption{color:var(--dim);font-size:13px}.legend span{margin-right:16px;font-size:13px}.legend i{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:6px}
.warn{border-left:3px solid var(--warn);background:var(--panel);padding:6px 12px;margin:6px 0}
@media print{body{max-width:none}h2{break-after:avoid}figure,table,svg{break-inside:avoid}}
"""


class Page:
    """What is added stands in that order. Every text is plain: what looks like HTML in it is shown as it is."""

    def __init__(self, title: str, language: str = "en") -> None:
        self._title, self._language = title, language
        self._parts: list[str] = [f"<h1>{escape(title)}</h1>"]

    def part(self, title: str) -> None:
        """What follows is a part of its own, with headings of its own."""
        self._parts.append(f'<h1 class="part">{escape(title)}</h1>')

    def heading(self, text: str) -> None:
        self._parts.append(f"<h2>{escape(text)}</h2>")

    def text(self, text: str, *, dim: bool = False) -> None:
        self._parts.append(f"<p{' class=dim' if dim else ''}>{escape(text)}</p>")

    def caution(self, text: str) -> None:
        self._parts.append(f'<p class="warn">{escape(text)}</p>')

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Rows of as many cells as the head has; nothing where there is no row."""
        if rows:
            lines = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows]
            top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
            self._parts.append(f"<table><tr>{top}</tr>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>")

    def plots(self, plots: Sequence[tuple[str, str]]) -> None:
        """Plots (title, SVG) side by side; those without a drawing are left out."""
        drawn = [f"<div><h3>{escape(title)}</h3>{svg}</div>" for title, svg in plots if svg]
        if drawn:
            self._parts.append(f'<div class="row">{"".join(drawn)}</div>')

    def pictures(self, pictures: Sequence[tuple[str, NDArray[np.uint8]]]) -> None:
        """Pictures (caption, RGB (h, w, 3) uint8) side by side."""
        shown = [
            f'<figure><img alt="{escape(caption, quote=True)}" src="data:image/png;base64,{_png(picture)}">'
            f"<figcaption>{escape(caption)}</figcaption></figure>"
            for caption, picture in pictures
        ]
        if shown:
            self._parts.append(f'<div class="row">{"".join(shown)}</div>')

    def html(self) -> str:
        """The whole file; its beginning says who wrote it (formats.targets)."""
        head = (
            f'<meta charset="utf-8"><meta name="generator" content="Contorno"><title>{escape(self._title)}</title>'
            '<meta name="viewport" content="width=device-width"><meta http-equiv="Content-Security-Policy"'
            " content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">"
        )
        body = "\n".join(self._parts)
        return f'<!doctype html>\n<html lang="{self._language}"><head>{head}<style>{_STYLE}</style></head>\n<body>\n{body}\n</body></html>\n'


def _png(picture: NDArray[np.uint8]) -> str:
    done, data = cv2.imencode(".png", np.ascontiguousarray(picture[..., ::-1]))
    assert done
    return base64.b64encode(data.tobytes()).decode()
