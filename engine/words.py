"""Marks texts of the engine that the window shows, so that tools/i18n.py finds them for translation."""


def translatable(text: str) -> str:
    """The text itself: translated where it is shown, not here, since the engine knows no language."""
    return text
