"""Scores of masks and of classes, and how they are drawn."""
