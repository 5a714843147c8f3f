"""What a note means: the field table, the frozen records, and the reading of a document into one."""
