"""Random changes of an image and its mask, for training and for the preview alike."""
