"""How the Classify tab says networks and times."""

from collections.abc import Collection

from engine.catalog import Architecture, find, rows
from engine.project.runs import Run
from widgets.figures import NONE
from widgets.text import tr

AUTO_ARCH = "resnet18"  # what the Auto recipe takes for classification


def networks() -> tuple[Architecture, ...]:
    """The architectures that classify, from the simplest on."""
    return rows("classification")


def arch_of(run: Run) -> str:
    """The catalog's name of a run's network."""
    name = str(run.summary.get("arch") or run.config.arch)
    return name if any(row.name == name for row in networks()) else AUTO_ARCH


def title(arch: str) -> str:
    return tr(find(arch, "classification").title)


def short(arch: str) -> str:
    """A title for narrow columns: today's LeNet-5 is the usual one, the published one has its year."""
    row = find(arch, "classification")
    plain = tr(row.title).partition(" (")[0]
    return f"{plain} {row.year}" if row.name == "lenet5-tanh" else plain


def top5(row: Architecture) -> str:
    """The error alone; how it was come by stands in the tool tip and in the comparison in detail."""
    return tr(row.top5).partition(" (")[0] if row.top5 else NONE


def free_name(wanted: str, taken: Collection[str]) -> str:
    """The name, or the first with a number behind it that nobody has."""
    number, name = 2, wanted
    while name in taken:
        name, number = f"{wanted} {number}", number + 1
    return name


def minutes(value: float) -> str:
    """A time budget: "10 min", "1 h 30 min"."""
    hours, rest = divmod(round(value), 60)
    if not hours:
        return tr("{minutes} min", minutes=rest)
    return tr("{hours} h {minutes} min", hours=hours, minutes=rest) if rest else tr("{hours} h", hours=hours)
