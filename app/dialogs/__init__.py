"""Dialogs: each edits one dataclass and returns it."""
