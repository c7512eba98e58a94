"""What the window works with, no widget in it: jobs, the open project, trainings, thumbnails."""
