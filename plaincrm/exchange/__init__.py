"""Exchange: what other programs write, read as plain values."""
