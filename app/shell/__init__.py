"""What a running window is: its start, frame, commands, errors, settings and language."""
