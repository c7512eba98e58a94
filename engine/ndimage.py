"""SciPy's ndimage, loaded when something of it is first used: that takes a quarter of a second, and the window's start needs none of it."""

from typing import Any


def __getattr__(name: str) -> Any:
    from scipy import ndimage

    return getattr(ndimage, name)
