"""Is it sound: one ordered table of what can be wrong, and the check that puts words to what was found."""
