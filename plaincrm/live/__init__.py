"""The vault while somebody works in it: beside the editor, and not for one answer."""
