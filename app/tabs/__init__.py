"""One package a tab of the window; tab.py in each is its door."""
