"""The running program: the window and the command line."""

from engine import VERSION

__version__ = VERSION
