"""Commands: one file each, with its options, one call of the library, one renderer, and the exit code."""
