"""The folder: where the vault is, what its settings say, which of its files are records."""
