"""The catalog's networks that classify, as the window names them."""

from engine.catalog import Architecture, find, rows
from engine.titles import short_title
from widgets.figures import NONE
from widgets.text import tr


def networks() -> tuple[Architecture, ...]:
    """The architectures that classify, from the simplest on."""
    return rows("classification")


def title(arch: str) -> str:
    return tr(find(arch, "classification").title)


def short(arch: str) -> str:
    """A title for narrow columns."""
    return short_title(find(arch, "classification").name, tr)


def top5(row: Architecture) -> str:
    """The error alone; how it was come by stands in the tool tip and in the comparison in detail."""
    return tr(row.top5).partition(" (")[0] if row.top5 else NONE
