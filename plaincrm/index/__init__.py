"""The hub: what the vault's notes say, as tables of one SQLite file that can be thrown away at any time."""
