"""Classes, masks and the edits that painting makes."""
