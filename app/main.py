"""The window's start at its former address, for scripts outside the project: see app/shell/main.py."""

from app.shell.main import main as main
