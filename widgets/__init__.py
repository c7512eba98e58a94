"""What is drawn: widgets that know no project, open no file and start no thread."""
