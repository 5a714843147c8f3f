"""What the shell may complete on the command line. Nothing here fails: what cannot be known is not suggested."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from plaincrm.index.index import Index
    from plaincrm.reports.completion import Suggestion
    from plaincrm.vault.config import Config


def customers(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """The id of one customer."""
    from plaincrm.reports import completion  # noqa: PLC0415 (all modules here: when the shell asks only)

    if context.params.get(parameter.name or ""):
        return []  # it is named already
    return _asked(context, lambda index, _config: completion.customers(index, begun))


def query_words(context: click.Context, _parameter: click.Parameter | None, begun: str) -> list[CompletionItem]:
    """The next word of a query."""
    from plaincrm.reports import completion  # noqa: PLC0415

    return _asked(context, lambda index, config: completion.query_words(index, config, begun))


def paths_and_words(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """A file or folder, or the next word of a query."""
    from click.shell_completion import CompletionItem  # noqa: PLC0415

    words = query_words(context, parameter, begun)
    return words if words and begun else [*words, CompletionItem(begun, type="file")]


def columns(context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Columns of the list."""
    from plaincrm.reports import completion  # noqa: PLC0415

    return _asked(context, lambda _index, config: completion.columns(config, begun))


def owners(context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """One of us."""
    from plaincrm.reports import completion  # noqa: PLC0415

    return _asked(context, lambda index, config: completion.owners(index, config, begun))


def revisions(context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """A branch or a tag of the vault's repository."""
    from click.shell_completion import CompletionItem  # noqa: PLC0415

    from plaincrm.history.repository import Repository  # noqa: PLC0415
    from plaincrm.vault.find import find_root  # noqa: PLC0415

    names = Repository(find_root(Path(context.params.get("vault") or "."))).names()
    return [CompletionItem(name) for name in names if name.startswith(begun)]


def codes(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Codes of checks."""
    from plaincrm.reports import completion  # noqa: PLC0415

    return _items(completion.codes(begun))


def _asked(
    context: click.Context, question: Callable[[Index | None, Config], Iterable[Suggestion]]
) -> list[CompletionItem]:
    from plaincrm.index.glance import glance  # noqa: PLC0415
    from plaincrm.vault.vault import load_vault  # noqa: PLC0415

    vault = load_vault(Path(context.find_root().params.get("vault") or "."))
    with glance(vault) as index:
        return _items(question(index, vault.config))


def _items(found: Iterable[Suggestion]) -> list[CompletionItem]:
    """What the shell shows; help is one short line, as each suggestion is one."""
    from click.shell_completion import CompletionItem  # noqa: PLC0415

    return [CompletionItem(value, help=" ".join(about.split())[:60] or None) for value, about in found]
