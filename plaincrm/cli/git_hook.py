"""`plaincrm git-hook`: what the hooks run that `plaincrm git-setup --hooks` writes."""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plaincrm.cli.context import Asked

if TYPE_CHECKING:
    from plaincrm.history.git import Git


@click.command("git-hook", hidden=True)
@click.argument("name", type=click.Choice(["pre-commit", "prepare-commit-msg", "post-merge"]))
@click.argument("arguments", nargs=-1)
@click.pass_obj
def command(asked: Asked, name: str, arguments: tuple[str, ...]) -> int:
    """Do what one of git's hooks is for; git calls this.

    The listing of what is staged, as git ls-files --stage -z makes it, is read from the standard input.
    """
    if name == "post-merge":  # so that the next command need not read what came in
        asked.vault.sql("select 1")
        return 0
    from plaincrm.history.git import Git  # noqa: PLC0415 (git is called for this only)

    git = Git(asked.vault.root, trusted=True)  # the user's own commit
    if name == "pre-commit":
        return _check(asked, git)
    _write_message(asked, git, arguments)
    return 0


def _prefix(git: Git) -> str:
    """Where the vault stands in the repository, with a slash at the end; empty for its root."""
    return git("rev-parse", "--show-prefix").decode("utf-8", "surrogateescape").rstrip("\n")


def _check(asked: Asked, git: Git) -> int:
    """The errors of what is staged; 1 where there are any."""
    from plaincrm.checks.several import joined, joined_lines  # noqa: PLC0415
    from plaincrm.history.staged import staged  # noqa: PLC0415
    from plaincrm.render.check import full  # noqa: PLC0415

    prefix, listing = _prefix(git), sys.stdin.buffer.read()
    changed = [file.path for file in staged(git, listing, prefix) if file.new and file.new != file.old]
    if not changed:
        return 0
    vault = asked.vault.staged(listing)
    found = vault.check(asked.today, paths=[vault.root / path for path in changed], severity="error")
    report, lines = joined([(prefix, found)]), joined_lines([(prefix, vault.lines_of(found.diagnostics))])
    if report.errors:
        asked.answer(text=lambda width: full.text(report, lines, width), data=dict, rows=lambda: ((), ()))
        click.echo("plaincrm: nothing is committed. git commit --no-verify commits it all the same.", err=True)
    return 1 if report.errors else 0


def _write_message(asked: Asked, git: Git, arguments: tuple[str, ...]) -> None:
    """Begin a commit's message with what its changes say, where nothing else begins it."""
    from plaincrm.changes.carry_out import Written  # noqa: PLC0415
    from plaincrm.document.source import read_bytes  # noqa: PLC0415
    from plaincrm.history.put import put  # noqa: PLC0415
    from plaincrm.history.said import said  # noqa: PLC0415
    from plaincrm.history.staged import contents, staged  # noqa: PLC0415
    from plaincrm.render.commit import message  # noqa: PLC0415
    from plaincrm.vault.vault import load_vault  # noqa: PLC0415

    file = Path(arguments[0])
    text = read_bytes(file)
    if len(arguments) > 1 or not _is_empty(text, git):
        return  # a message given, a template, a merge, an amended commit
    prefix = _prefix(git)
    vault = load_vault(asked.vault.root)
    files = staged(git, sys.stdin.buffer.read(), prefix)
    changed = [one for one in files if one.new != one.old and vault.finder.would_read(one.path)]
    if not changed:
        return
    data = contents(git, [(blob, prefix + one.path) for one in changed for blob in (one.old, one.new) if blob])
    written = []
    for one in changed:
        old, new = (next(data) if blob else None for blob in (one.old, one.new))
        written.append(Written(one.path, 1, said(one.path, old, new, vault.config.schema), None, None))
    put(file, message(written, [Path(one.path).stem for one in changed]).encode("utf-8", "replace") + text)


_CUT = re.compile(rb"^(?:.{1,8}) -{5,} >8 -{5,}$", re.MULTILINE)  # below it git shows the changes, of commit --verbose


def _is_empty(text: bytes, git: Git) -> bool:
    """Whether nothing but git's own comments stands in a message."""
    from plaincrm.history.git import GitFailed  # noqa: PLC0415

    sign = b"#"
    with suppress(GitFailed):  # it is not set
        sign = git("config", "--get", "core.commentChar").strip()
    lines = _CUT.split(text, maxsplit=1)[0].split(b"\n")
    return all(not line.strip() or line.startswith(sign) for line in lines)
