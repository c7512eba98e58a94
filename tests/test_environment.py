"""The installation that the program runs in: versions that are known to hold, and nobody else in our rooms."""

import sys
from importlib import metadata

import pytest
from packaging.version import Version


def _installed(name: str) -> Version | None:
    try:
        return Version(metadata.version(name))
    except metadata.PackageNotFoundError:
        return None


def test_libraries_are_new_enough() -> None:
    for name, least in {"torch": "2.10", "pydicom": "3.0.2", "numpy": "2.1"}.items():
        found = _installed(name)
        assert found is not None and found >= Version(least), f"{name} {found}"


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_pyside_is_one_that_does_not_lose_none() -> None:
    found = _installed("PySide6-Essentials")
    assert found is not None and found < Version("6.12")


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_qt_calls_keep_references(qapp: object) -> None:
    """PySide6 6.12.0 drops a reference to None with each call that returns nothing, and aborts Python 3.11 in the end."""
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QImage, QPainter

    thing, image = QObject(), QImage(8, 8, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    for value in (None, True):
        before = sys.getrefcount(value)
        for _ in range(1000):
            painter.drawLine(0, 0, 4, 4)
            thing.setObjectName("x")
            thing.blockSignals(True)
        assert abs(sys.getrefcount(value) - before) < 100
    painter.end()


def test_opencv_is_the_headless_one() -> None:
    """opencv-python brings a Qt of its own, which gets in the way of ours."""
    assert _installed("opencv-python-headless") is not None
    assert _installed("opencv-python") is None


def test_nobody_else_owns_our_folders() -> None:
    """Another distribution with a folder of our name would overwrite ours, and take it along when it leaves."""
    ours = {"app", "widgets", "engine", "resources"}
    owners = metadata.packages_distributions()
    strangers = {name: set(owners.get(name, ())) - {"contorno"} for name in ours}
    assert not any(strangers.values()), strangers
