"""What proposes an outline from a few gestures: graph cut from a box, flood, live-wire, growing from seeds, a click model from a file."""
