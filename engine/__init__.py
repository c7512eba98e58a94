"""What is known: images, masks, models, projects and scores. No Qt."""

VERSION = "0.1.0"
