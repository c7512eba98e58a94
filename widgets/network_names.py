"""The catalog's networks that classify, as the window names them."""

from engine.catalog import Architecture, find, rows
from widgets.figures import NONE
from widgets.text import tr


def networks() -> tuple[Architecture, ...]:
    """The architectures that classify, from the simplest on."""
    return rows("classification")


def title(arch: str) -> str:
    return tr(find(arch, "classification").title)


def short(arch: str) -> str:
    """A title for narrow columns: today's LeNet-5 is the usual one, the published one has its year."""
    row = find(arch, "classification")
    plain = tr(row.title).partition(" (")[0]
    return f"{plain} {_MARKS[row.name]}" if row.name in _MARKS else plain


_MARKS = {"lenet5-tanh": "tanh", "lenet5-1998": "1998"}


def top5(row: Architecture) -> str:
    """The error alone; how it was come by stands in the tool tip and in the comparison in detail."""
    return tr(row.top5).partition(" (")[0] if row.top5 else NONE
