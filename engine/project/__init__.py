"""A project on disk: items, layers, splits and runs in one SQLite database."""
