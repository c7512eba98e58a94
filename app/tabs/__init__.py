"""One module a tab of the window."""
