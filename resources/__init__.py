"""Files only: icons, translations, presets. `path` finds them, installed or in a checkout."""

from pathlib import Path

_HERE = Path(__file__).parent


def path(name: str) -> Path:
    """The file or folder of that name below resources/, for example path("icons/brush.svg")."""
    return _HERE / name
