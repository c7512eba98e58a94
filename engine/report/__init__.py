"""The report of a run: one page that opens without anything else, and the same as JSON."""
