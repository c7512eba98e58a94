"""Which keys run which command: the profiles, what a person changed, and why a key is refused."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from app.shell import settings
from widgets.text import tr

if TYPE_CHECKING:
    from app.shell.actions import Command

OWN = "Contorno"
_ALT_DIGITS = {f"class_{n}": (f"Alt+{n}",) for n in range(1, 10)} | {"background": ("Alt+0",)}
PROFILES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    OWN: {},
    "ITK-SNAP": _ALT_DIGITS
    | {
        "pan": ("2", "1"),  # a click with it places the crosshair
        "polygon": ("3",),
        "brush": ("4",),
        "swap_background": ("Ctrl+Shift+L",),
        "more_opaque": ("D",),
        "less_opaque": ("A",),
        "next_item": ("Ctrl+PgDown",),
        "previous_item": ("Ctrl+PgUp",),
        "zoom_in": ("Ctrl++", "Ctrl+=", "Ctrl+Up"),
        "zoom_out": ("Ctrl+-", "Ctrl+Down"),
    },
    "3D Slicer": _ALT_DIGITS  # the digits are the effects of its segment editor, in their order
    | {
        "gate": ("I", "1"),
        "brush": ("2",),
        "polygon": ("3",),
        "eraser": ("4", "E"),
        "smart": ("5",),
        "grow_seeds": ("6",),
        "fill_between": ("7",),
        "clean_up": ("8", "Ctrl+L"),
        "previous_class": ("Q", ","),
        "next_slice": ("Right", "F", "PgDown", "Down"),
        "previous_slice": ("Left", "B", "PgUp", "Up"),
        "fill": ("Shift+F",),
        "fit": ("R", "Ctrl+F"),
        "previous_tool": ("Shift+R",),
        "show_mask": ("G",),
        "show_prediction": ("T",),
        "rectangle": ("S",),
        "ellipse": ("Shift+E",),
        "redo": ("Y", "Ctrl+Y", "Ctrl+Shift+Z"),
    },
    "napari": _ALT_DIGITS
    | {
        "next_slice": ("Right", "PgDown", "Down"),
        "previous_slice": ("Left", "PgUp", "Up"),
        "eraser": ("1", "E"),
        "brush": ("2", "P"),
        "polygon": ("3",),
        "fill": ("4", "F"),
        "pan": ("6", "Z"),
        "undo": ("Ctrl+Z",),
        "add_class": ("M",),
        "next_class": ("=", "."),
        "previous_class": ("-", ","),
        "larger_brush": ("]", "+"),
        "smaller_brush": ("[",),
        "fit": ("Ctrl+R", "Ctrl+F"),
        "predict_item": ("Ctrl+Alt+R",),
        "lock_class": ("B",),
        "show_mask": ("V",),
        "views": ("Ctrl+G",),
    },
    "labelme": {
        "polygon": ("Ctrl+N", "P"),
        "rectangle": ("Ctrl+R",),
        "predict_item": ("Ctrl+Alt+R",),
        "show_mask": ("T",),
    },
}
"""The keys that differ from the table's, by command. A command whose keys another takes has new ones here."""

_EVERYWHERE = (
    "Tab",
    "Shift+Tab",
    "Return",
    "Enter",
    "Esc",
)  # the keyboard goes from part to part, takes and drops with these
_HELD = ("W", "Space")  # over a scan: held for a while
_SCANS = ("label", "review")


@dataclass(frozen=True)
class Keys:
    """A profile and what a person changed of it, by command; () is a command without keys."""

    profile: str = OWN
    changes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def profiled(self, command: "Command") -> tuple[str, ...]:
        """The command's keys without the person's changes."""
        return PROFILES[self.profile].get(command.id, command.keys)

    def wanted(self, command: "Command") -> tuple[str, ...]:
        return self.changes.get(command.id, self.profiled(command))

    def changed(self, command: "Command", keys: Sequence[str]) -> "Keys":
        """With these keys for that command."""
        changes = {id: each for id, each in self.changes.items() if id != command.id}
        if tuple(keys) != self.profiled(command):
            changes[command.id] = tuple(keys)
        return replace(self, changes=changes)

    def in_force(self, table: Sequence["Command"]) -> dict[str, tuple[str, ...]]:
        """The keys of every command. Qt runs neither of two commands that share one: where a tab has such, which a newer version of the
        program can bring about, what the person chose has it before the profile, and that before the table."""
        owners: dict[str, list[Command]] = defaultdict(list)
        found: dict[str, tuple[str, ...]] = {}
        profile = PROFILES[self.profile]
        for command in sorted(table, key=lambda each: (each.id not in self.changes, each.id not in profile)):
            free = [key for key in self.wanted(command) if not any(_meet(command, other) for other in owners[key])]
            found[command.id] = tuple(free)
            for key in free:
                owners[key].append(command)
        return {command.id: found[command.id] for command in table}

    def refusal(self, command: "Command", key: str, table: Sequence["Command"]) -> str:
        """Why the command cannot have that key, in words; "" where it can."""
        shown = native(key)
        if key in _EVERYWHERE:
            return tr("{keys} moves on, takes or drops everywhere: no command can have it.", keys=shown)
        if key in _HELD and (not command.tabs or set(command.tabs) & set(_SCANS)):
            return tr("{keys} is held over the scan: no command there can have it.", keys=shown)
        taken = self.in_force(table)
        for other in table:
            if other.id != command.id and key in taken[other.id] and _meet(command, other):
                return tr(
                    "{keys} is taken by “{command}”. Give that other keys first.",
                    keys=shown,
                    command=tr(other.text).rstrip("…"),
                )
        return ""


def _meet(one: "Command", two: "Command") -> bool:
    """Whether a tab has both."""
    return not one.tabs or not two.tabs or bool(set(one.tabs) & set(two.tabs))


def native(key: str) -> str:
    """As this computer writes it."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def load() -> Keys:
    """What was saved, as far as it can be read."""
    if not settings.keys():
        return Keys()
    import json

    try:
        profile, changes = json.loads(settings.keys())
        if profile not in PROFILES:
            profile = OWN
        kept = {str(id): tuple(key for key in map(_plain, keys) if key) for id, keys in dict(changes).items()}
    except (ValueError, TypeError, RecursionError):
        return Keys()
    return Keys(profile, kept)


def _plain(key: object) -> str:
    return QKeySequence(str(key)).toString()


def save(keys: Keys) -> None:
    """From now on these are in force."""
    import json

    settings.set_keys(json.dumps([keys.profile, keys.changes]))
