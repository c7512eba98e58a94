"""The main window at its former address, for scripts outside the project: see app/shell/window.py."""

from app.shell.window import MainWindow as MainWindow
