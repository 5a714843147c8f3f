"""History: what git knows of the vault."""
