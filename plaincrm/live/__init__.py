"""What stays fresh while one works: notes that are generated, and a watch on the folder."""
