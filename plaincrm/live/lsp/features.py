"""What editors may ask, each request with its answer, and the server made of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from lsprotocol import types

from plaincrm.errors import IndexDamaged
from plaincrm.index.names import customers_like
from plaincrm.live.bringing_up import MANY
from plaincrm.live.lsp import changing, links
from plaincrm.live.lsp.body_completion import body_choices
from plaincrm.live.lsp.choices import Choice, Cursor
from plaincrm.live.lsp.front_completion import front_choices
from plaincrm.live.lsp.hover import hover
from plaincrm.live.lsp.note import Note
from plaincrm.live.lsp.outline import foldings, symbols
from plaincrm.live.lsp.server import Server
from plaincrm.live.lsp.workspace import file_of
from plaincrm.vault.config import NAME

_START = types.Range(types.Position(0, 0), types.Position(0, 0))
_KINDS = {
    "key": types.CompletionItemKind.Field,
    "value": types.CompletionItemKind.EnumMember,
    "customer": types.CompletionItemKind.Reference,
    "day": types.CompletionItemKind.Event,
    "word": types.CompletionItemKind.Keyword,
}
_AT_ONCE = 0.1  # seconds that somebody who types waits for customers
_MOST = 100  # customers that a search through the workspace tells


def initialized(ls: Server, _params: types.InitializedParams) -> None:
    """Ask to be told of files that change, and look at the folders that are open."""
    ls.open.encoding = str(getattr(ls.workspace.position_encoding, "value", ls.workspace.position_encoding) or "utf-16")
    watching = ls.client_capabilities.workspace and ls.client_capabilities.workspace.did_change_watched_files
    if watching and watching.dynamic_registration:
        globs = [types.FileSystemWatcher(f"**/{name}") for name in ("*.md", NAME)]
        options = types.DidChangeWatchedFilesRegistrationOptions(globs)
        asked = types.Registration("files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
        ls.client_register_capability(types.RegistrationParams([asked]))
    for uri in ls.workspace.folders or ([ls.workspace.root_uri] if ls.workspace.root_uri else []):
        ls.visit(uri)


def did_change_folders(ls: Server, params: types.DidChangeWorkspaceFoldersParams) -> None:
    """Folders were added to the editor's window, or closed."""
    for folder in params.event.removed:
        ls.leave(folder.uri)
    for folder in params.event.added:
        ls.visit(folder.uri)


def did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    """A note is opened."""
    note = ls.open.put(params.text_document.uri, params.text_document.text)
    if note:
        ls.publish(note.uri)
        ls.refresh(note.vault)


def did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    """A key was pressed: the whole text comes along."""
    uri = params.text_document.uri
    if ls.note(uri):
        ls.open.put(uri, params.content_changes[-1].text)
        ls.publish_soon(uri)


def did_save(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    """A note or the settings were saved."""
    _changed(ls, [params.text_document.uri])


def did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    """A note is closed."""
    ls.close(params.text_document.uri)


def did_change_files(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
    """Files were changed by others: a sync program, git, plaincrm itself."""
    _changed(ls, [change.uri for change in params.changes])


def _changed(ls: Server, uris: list[str]) -> None:
    files = [file for uri in uris if (file := file_of(uri))]
    for file in files:
        if file.name == NAME:
            ls.open.reload(file.parent)
    vaults = {
        vault.root: vault for folder in {file.parent for file in files} if (vault := ls.open.vault_of(folder / "any"))
    }
    for vault in vaults.values():
        if len(files) >= MANY:
            ls.expect_many(vault)
        ls.refresh(vault)


async def completion(ls: Server, params: types.CompletionParams) -> types.CompletionList | None:
    """What may be typed here."""
    note = ls.note(params.text_document.uri)
    if note is None:
        return None
    offset, today = note.lines.offset(params.position), ls.open.today()
    sign = (params.context.trigger_character if params.context else "") or ""
    async with ls.index(note.vault, _AT_ONCE) as index:
        at = Cursor(note, offset, today, index, partial(ls.values, note.vault, index), sign)
        try:
            found = [*(front_choices if note.in_front(offset) else body_choices)(at)]
        except IndexDamaged:
            found = []
    items = [_item(note, offset, number, choice) for number, choice in enumerate(found)]
    return types.CompletionList(is_incomplete=True, items=items)


def _item(note: Note, offset: int, number: int, choice: Choice) -> types.CompletionItem:
    """An item that fits what is typed already, whatever way its editor has of choosing among items."""
    return types.CompletionItem(
        label=choice.label,
        kind=_KINDS[choice.kind],
        detail=choice.about or None,
        sort_text=f"{number:04}",
        filter_text=note.text[choice.start : offset] or None,
        text_edit=types.TextEdit(note.lines.range(choice.start, choice.end), choice.text),
    )


async def hovering(ls: Server, params: types.HoverParams) -> types.Hover | None:
    """What this word means."""
    note = ls.note(params.text_document.uri)
    if note is None:
        return None
    async with ls.index(note.vault) as index:
        told = hover(note, note.lines.offset(params.position), ls.open.today(), index)
    if told is None:
        return None
    text = types.MarkupContent(types.MarkupKind.Markdown, told.text)
    return types.Hover(text, note.lines.range(told.start, told.end))


async def definition(ls: Server, params: types.DefinitionParams) -> list[types.Location] | None:
    """Where this link leads."""
    note = ls.note(params.text_document.uri)
    target = links.target_at(note, note.lines.offset(params.position)) if note else None
    if note is None or target is None:
        return None
    async with ls.index(note.vault) as index:
        paths = links.paths_of(note.vault, index, target.name)
    return [types.Location(ls.open.uri(note.vault, path), _START) for path in paths]


async def references(ls: Server, params: types.ReferenceParams) -> list[types.Location] | None:
    """Who links to this customer."""
    note = ls.note(params.text_document.uri)
    if note is None:
        return None
    async with ls.index(note.vault) as index:
        customer = links.customer_at(note, note.lines.offset(params.position), index) if index else None
        if index is None or customer is None:
            return None
        found = [*links.references(ls.open, note.vault, index, customer)]
    return [
        types.Location(ls.open.uri(note.vault, place.path), place.lines.range(place.start, place.end))
        for place in found
    ]


def document_symbols(ls: Server, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol] | None:
    """The outline of a note."""
    note = ls.note(params.text_document.uri)
    return symbols(note) if note and note.is_record else None


def folding(ls: Server, params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
    """What of a note can be folded."""
    note = ls.note(params.text_document.uri)
    return [*foldings(note)] if note and note.is_record else None


async def workspace_symbols(ls: Server, params: types.WorkspaceSymbolParams) -> list[types.WorkspaceSymbol]:
    """Customers by a part of their names."""
    found = []
    for vault in ls.open.vaults:
        async with ls.index(vault) as index:
            for row in customers_like(index, params.query, _MOST) if index else ():
                place = types.Location(ls.open.uri(vault, row.path), _START)
                found.append(
                    types.WorkspaceSymbol(place, row.name, types.SymbolKind.Object, container_name=row.customer)
                )
    return found


_SIGNS = types.CompletionOptions(trigger_characters=["[", ":", "@", " "])
_DOING = types.CodeActionOptions(
    code_action_kinds=["quickfix", "source.fixAll.plaincrm", "source.plaincrm", "refactor.rewrite.plaincrm"],
    resolve_provider=True,
)
FEATURES: tuple[tuple[str, Callable[..., Any], Any], ...] = (
    (types.INITIALIZED, initialized, None),
    (types.TEXT_DOCUMENT_DID_OPEN, did_open, None),
    (types.TEXT_DOCUMENT_DID_CHANGE, did_change, None),
    (types.TEXT_DOCUMENT_DID_SAVE, did_save, None),
    (types.TEXT_DOCUMENT_DID_CLOSE, did_close, None),
    (types.WORKSPACE_DID_CHANGE_WATCHED_FILES, did_change_files, None),
    (types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, did_change_folders, None),
    (types.TEXT_DOCUMENT_COMPLETION, completion, _SIGNS),
    (types.TEXT_DOCUMENT_HOVER, hovering, None),
    (types.TEXT_DOCUMENT_DEFINITION, definition, None),
    (types.TEXT_DOCUMENT_REFERENCES, references, None),
    (types.TEXT_DOCUMENT_PREPARE_RENAME, changing.prepare_rename, None),
    (types.TEXT_DOCUMENT_RENAME, changing.rename, types.RenameOptions(prepare_provider=True)),
    (types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, document_symbols, None),
    (types.TEXT_DOCUMENT_FOLDING_RANGE, folding, None),
    (types.WORKSPACE_SYMBOL, workspace_symbols, None),
    (types.TEXT_DOCUMENT_CODE_ACTION, changing.code_actions, _DOING),
    (types.CODE_ACTION_RESOLVE, changing.resolve_action, None),
)


def language_server(today: Callable[[], date], named: Path | None = None) -> Server:
    """A server that answers for the vaults of the notes that are opened; `today` tells the day whenever it is asked."""
    server = Server(today, named)
    for method, answer, options in FEATURES:
        server.feature(method, options)(answer)
    return server
