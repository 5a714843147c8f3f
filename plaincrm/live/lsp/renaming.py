"""A customer called otherwise, from the editor: name, file and links in the vault, as one edit that it makes."""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types

from plaincrm.changes.draft import Step
from plaincrm.changes.rename import rename, renaming
from plaincrm.document.source import decode
from plaincrm.index.index import Index
from plaincrm.index.names import Named
from plaincrm.live.lsp.edits import text_edits
from plaincrm.live.lsp.positions import Lines
from plaincrm.live.lsp.workspace import Workspace
from plaincrm.vault.vault import Vault


def workspace_edit(
    workspace: Workspace, vault: Vault, index: Index, customer: Named, name: str, *, may_move: bool
) -> types.WorkspaceEdit:
    """The edits in every note that a new name of a customer takes, on what the editor shows of the open ones.

    Where the editor cannot rename files (`may_move`), the file keeps its name, and so do the links to it.

    Raises:
        UsageError: the name is none, or no file can be called so.
        WriteRefused: a note is in no state to be edited.
        Unreadable: a note cannot be read.
    """
    what = renaming(index, customer, name, keep_file=not may_move)
    others = {note.path for note in workspace.in_vault(vault)} if what.moves else set()
    what = what._replace(linking=tuple(sorted({*what.linking, *others})))
    steps = rename(what, lambda path: workspace.read(vault, path), vault.config.schema)
    return types.WorkspaceEdit(document_changes=[*_changes(workspace, vault, steps, what.move.old)])


def _changes(
    workspace: Workspace, vault: Vault, steps: Sequence[Step], old: str
) -> list[types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile]:
    """The texts first, each under the name that the editor knows, and then the file's new name."""
    found: list[types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile] = []
    moved: types.RenameFile | None = None
    for step in steps:
        change = step.change
        if change.new is None:
            continue
        path = change.path if change.old is not None else old
        before = workspace.read(vault, path)
        edits = text_edits(Lines(decode(before).text, workspace.encoding), decode(change.new).text)
        if edits:
            document = types.OptionalVersionedTextDocumentIdentifier(workspace.uri(vault, path))
            found.append(types.TextDocumentEdit(document, list(edits)))
        if change.old is None:
            moved = types.RenameFile(workspace.uri(vault, old), workspace.uri(vault, change.path))
    return [*found, *([moved] if moved else [])]
