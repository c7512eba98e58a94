"""The torch wing: networks, training, prediction and explanation."""
