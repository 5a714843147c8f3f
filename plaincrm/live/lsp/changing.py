"""Requests that change notes, each answered with edits that the editor makes: renaming and actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from plaincrm.document.source import Unreadable
from plaincrm.errors import PlaincrmError
from plaincrm.live.lsp import links
from plaincrm.live.lsp.actions import Action, What, actions, carried_out
from plaincrm.live.lsp.edits import text_edits
from plaincrm.live.lsp.note import Note
from plaincrm.live.lsp.renaming import workspace_edit
from plaincrm.live.lsp.server import Server


async def prepare_rename(ls: Server, params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
    """Whose name is here, to be edited."""
    note = ls.note(params.text_document.uri)
    if note is None:
        return None
    offset = note.lines.offset(params.position)
    target = links.target_at(note, offset)
    span = target[1:] if target else links.span_of_name(note, offset)
    async with ls.index(note.vault) as index:
        customer = links.customer_at(note, offset, index) if index else None
    if span is None or customer is None:
        return None
    return types.PrepareRenamePlaceholder(note.lines.range(*span), customer.name)


async def rename(ls: Server, params: types.RenameParams) -> types.WorkspaceEdit | None:
    """A customer by another name, in every note."""
    note = ls.note(params.text_document.uri)
    if note is None:
        return None
    able = ls.client_capabilities.workspace and ls.client_capabilities.workspace.workspace_edit
    moves = able and able.resource_operations and types.ResourceOperationKind.Rename in able.resource_operations
    try:
        async with ls.index(note.vault) as index:
            customer = links.customer_at(note, note.lines.offset(params.position), index) if index else None
            if index is None or customer is None:
                raise _refusal("There is no customer here: put the cursor on a link, or on the name of a note.")
            return workspace_edit(ls.open, note.vault, index, customer, params.new_name, may_move=bool(moves))
    except PlaincrmError as error:
        raise _refusal(f"{error.message} {error.remedy}".strip()) from None
    except Unreadable as error:
        raise _refusal(f"A note cannot be read: {error.fault.code.replace('-', ' ')}.") from None


def _refusal(message: str) -> JsonRpcException:
    return JsonRpcException(message, types.LSPErrorCodes.RequestFailed.value)


def code_actions(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    """What can be done here; how it is done is told when one is chosen, where the editor can ask."""
    note = ls.note(params.text_document.uri)
    if note is None:
        return None
    start, end = note.lines.offset(params.range.start), note.lines.offset(params.range.end)
    wanted = params.context.only
    found = [
        action
        for action in actions(note, start, end, ls.open.today())
        if not wanted or any(action.kind == kind or action.kind.startswith(f"{kind}.") for kind in map(_name, wanted))
    ]
    told = [_code_action(note, action, params.context.diagnostics) for action in found]
    return told if _resolves(ls) else [whole for action in told if (whole := _with_edit(ls, action))]


def _name(kind: types.CodeActionKind | str) -> str:
    return kind.value if isinstance(kind, types.CodeActionKind) else kind


def _code_action(note: Note, action: Action, told: Sequence[types.Diagnostic]) -> types.CodeAction:
    fault = action.fault
    mended = [item for item in told if fault and item.code == fault.code and item.range.start.line == fault.line - 1]
    return types.CodeAction(
        title=action.title,
        kind=action.kind,
        diagnostics=mended or None,
        is_preferred=True if fault else None,
        data={"uri": note.uri, "what": action.what, "given": action.given},
    )


def _resolves(ls: Server) -> bool:
    able = ls.client_capabilities.text_document and ls.client_capabilities.text_document.code_action
    return bool(able and able.resolve_support and "edit" in able.resolve_support.properties)


def _with_edit(ls: Server, action: types.CodeAction) -> types.CodeAction | None:
    """An action with its edits; none where the note is in no state for it."""
    data = cast("dict[str, Any]", action.data)
    note = ls.note(str(data["uri"]))
    if note is None:
        return None
    try:
        new = carried_out(note, cast("What", data["what"]), str(data["given"]), ls.open.today())
    except PlaincrmError:
        return None
    action.edit = types.WorkspaceEdit(changes={note.uri: text_edits(note.lines, new)})
    return action


def resolve_action(ls: Server, action: types.CodeAction) -> types.CodeAction:
    """The edits of an action that was chosen; a refusal is shown."""
    data = cast("dict[str, Any]", action.data or {})
    note = ls.note(str(data.get("uri")))
    if note is None:
        return action
    try:
        new = carried_out(note, cast("What", data.get("what")), str(data.get("given")), ls.open.today())
    except PlaincrmError as error:
        ls.say(error)
        return action
    action.edit = types.WorkspaceEdit(changes={note.uri: text_edits(note.lines, new)})
    return action
