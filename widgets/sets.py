"""The sets that items are divided into: what they are called, and their colours."""

from engine.config import Split
from engine.words import translatable
from widgets.figures import NONE
from widgets.theme import Role

SETS: dict[Split, str] = {
    "train": translatable("Training"),
    "val": translatable("Validation"),
    "test": translatable("Test"),
    "": NONE,
}
SET_ROLES: dict[Split, Role] = {"train": "train", "val": "val", "test": "test", "": "dim"}
