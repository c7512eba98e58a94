"""The installation that the program runs in: versions that are known to hold, and nobody else in our rooms."""

import ast
import os
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
OURS = {"app", "widgets", "engine", "resources"}

NEVER_IMPORTED = {
    "onnxscript": "torch's newer ONNX exporter loads it",
    "pylibjpeg": "pydicom finds it by its entry points",
    "pylibjpeg-openjpeg": "the JPEG 2000 codec of pylibjpeg, found by its entry points",
    "pylibjpeg-rle": "the RLE codec of pylibjpeg, found by its entry points",
}
"""Declared all the same, and why."""

NEVER_DECLARED = {"shiboken6": "a part of PySide6-Essentials, which requires the very same version"}
"""Imported all the same, and why."""


def _installed(name: str) -> Version | None:
    try:
        return Version(metadata.version(name))
    except metadata.PackageNotFoundError:
        return None


def test_benchmarks_start_without_a_display() -> None:
    """With no part measured: that would take a minute."""
    command = "import sys, tests.benchmarks.__main__ as table; table.NAMES = (); sys.argv = ['table']; table.main()"
    displays = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")
    environment = {name: value for name, value in os.environ.items() if name not in displays}
    done = subprocess.run([sys.executable, "-c", command], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert sys.platform != "linux" or "windows on offscreen" in done.stdout


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
    owners = metadata.packages_distributions()
    strangers = {name: set(owners.get(name, ())) - {"contorno"} for name in OURS}
    assert not any(strangers.values()), strangers


def test_what_is_declared_is_imported_and_the_other_way_round() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    owners = metadata.packages_distributions()
    imported = {canonicalize_name(owner) for name in _imported() for owner in owners.get(name, [name])}
    assert declared - imported == set(NEVER_IMPORTED)
    assert imported - declared == set(NEVER_DECLARED)


def _imported() -> set[str]:
    """The outermost names of all that our code imports and that is neither ours nor Python's."""
    found: set[str] = set()
    for path in (path for folder in OURS for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                found.update(name.name.split(".")[0] for name in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found - OURS - sys.stdlib_module_names
