"""The command line: `main` is the door, one module a group of verbs. Never loads Qt itself."""

from app.cli.main import main as main
