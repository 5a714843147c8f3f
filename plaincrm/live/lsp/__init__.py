"""The language server: what editors ask of a note as it is typed. Here alone pygls and lsprotocol are imported."""
