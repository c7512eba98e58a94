"""How the Classify tab says runs and times."""

from collections.abc import Collection

from engine.catalog import rows
from engine.project.runs import Run
from widgets.text import tr

AUTO_ARCH = "resnet18"  # what the Auto recipe takes for classification


def arch_of(run: Run) -> str:
    """The catalog's name of a run's network."""
    name = str(run.summary.get("arch") or run.config.arch)
    return name if any(row.name == name for row in rows("classification")) else AUTO_ARCH


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
