"""The scan as Label and Review show it."""
