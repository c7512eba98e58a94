"""What is known: images, masks, models, projects and scores. No Qt."""
