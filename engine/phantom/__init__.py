"""Believable scans of nobody, drawn by formulas: for the demo, for tests and for pictures that may be shown."""

from engine.phantom.body import CLASSES
from engine.phantom.film import CHEST_CLASSES, chest, write_chests
from engine.phantom.scanner import Phantom, patient
from engine.phantom.series import write_demo, write_mask, write_series

__all__ = [
    "CHEST_CLASSES",
    "CLASSES",
    "Phantom",
    "chest",
    "patient",
    "write_chests",
    "write_demo",
    "write_mask",
    "write_series",
]
