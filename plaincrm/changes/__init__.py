"""Edits: an intent becomes a plan of span edits, the plan is proved, and only then a file is written."""
