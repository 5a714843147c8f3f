"""One commit of what one command wrote: its files, nothing that others changed or staged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from plaincrm.document.source import Unreadable, read_bytes
from plaincrm.errors import PlaincrmError
from plaincrm.history.git import Git, GitFailed
from plaincrm.index.paths import disk_path

_NONE = ""  # the name of a blob where there is no file
_UNDER_WAY = {
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
}
_PLAIN = ("100644", "100755")  # modes of files that are no links


class Touched(NamedTuple):
    """A file that a command wrote: the bytes before (None: it was not there) and after (None: it is gone)."""

    path: str
    old: bytes | None
    new: bytes | None


class NotCommitted(PlaincrmError):
    """What was written stands in the files and is not committed."""

    exit_code = 1

    def __init__(self, why: str, remedy: str = "") -> None:
        super().__init__(f"It is written, but not committed: {why}.", remedy)


def commit(root: Path, touched: Sequence[Touched], message: str, *, trusted: bool) -> bool:
    """Commit the files that a command wrote; False where the last commit has all of them so already.

    Each must be in the last commit as it was before the command, so that the lines of nobody else are swept in; what
    is staged of other files stays staged. With `trusted`, which the user alone can say, git runs the hooks and filters
    of the repository.

    Raises:
        NotCommitted: it cannot be done, or git or a hook refused; nothing is changed then.
    """
    git = Git(root, trusted=trusted)
    try:
        _see_ready(git, root)
        if not trusted:
            _see_unfiltered(git)
        changed = [item for item in touched if _see_own(git, root, item)]
        if changed:
            _make(git, changed, message)
        return bool(changed)
    except GitFailed as failure:
        raise NotCommitted(f"git says: {failure.why.rstrip('.')}", failure.remedy) from None


def _see_ready(git: Git, root: Path) -> None:
    """See that there is a repository in which nothing is under way."""
    try:
        git("rev-parse", "--is-inside-work-tree")
    except GitFailed as failure:
        if "not a git repository" not in failure.why:
            raise
        raise NotCommitted("the vault is in no git repository", "Make one with git init, or do without.") from None
    if what := under_way(git, root):
        raise NotCommitted(f"{what} is under way", "Finish it first, then commit with git.")
    try:
        git("var", "GIT_COMMITTER_IDENT")
    except GitFailed:
        remedy = "Set user.name and user.email with git config --global."
        raise NotCommitted("git does not know who you are", remedy) from None


def under_way(git: Git, root: Path) -> str:
    """What was begun in a repository and is not finished, such as `a merge`; empty where nothing was."""
    words = [word for name in _UNDER_WAY for word in ("--git-path", name)]
    for name, line in zip(_UNDER_WAY, git("rev-parse", *words).splitlines(), strict=True):
        if (root / line.decode("utf-8", "surrogateescape")).exists():
            return _UNDER_WAY[name]
    return ""


def _see_unfiltered(git: Git) -> None:
    """See that the repository names no filters: to learn what has changed, git may send any file through them."""
    words = git("config", "--list", "--show-scope", "--name-only", "-z").split(b"\0")
    for scope, key in zip(words[0::2], words[1::2], strict=False):
        if scope in (b"local", b"worktree") and key.startswith(b"filter."):
            why = "the repository sends files through a filter of its own"
            raise NotCommitted(why, "Say --commit yourself: a setting of the vault may run no program.")


def _see_own(git: Git, root: Path, item: Touched) -> bool:
    """See that a file differs from the last commit by what the command wrote alone; False where it does not differ."""
    path = disk_path(item.path)
    if _now(root / path) != item.new:
        raise NotCommitted(f"{item.path} was saved since", "Look at it, then commit with git.")
    before = _committed_blob(git, item, path)
    if before == _name(git, item.new, path):
        return False
    if before != _blob(item, git("ls-files", "-s", "-z", "--", _literal(path))):
        raise NotCommitted(f"{item.path} has staged changes of its own", "Commit them with git.")
    if before != _name(git, item.old, path):
        why = "was not in git before" if before == _NONE else "had changes before that are not committed"
        raise NotCommitted(f"{item.path} {why}", "Commit it with git once; from then on it goes by itself.")
    if item.old is None and _is_ignored(git, path):
        raise NotCommitted(f"{item.path} is ignored by git", "See .gitignore.")
    return True


def _is_ignored(git: Git, path: str) -> bool:
    try:
        git("check-ignore", "--quiet", "--", path)
    except GitFailed:
        return False
    return True


def _now(path: Path) -> bytes | None:
    try:
        return read_bytes(path) if path.exists() else None
    except Unreadable:
        return b""


def _committed_blob(git: Git, item: Touched, path: str) -> str:
    try:
        git("rev-parse", "--verify", "--quiet", "HEAD")
    except GitFailed:
        return _NONE  # nothing is committed yet
    return _blob(item, git("ls-tree", "-z", "HEAD", "--", path))


def _blob(item: Touched, row: bytes) -> str:
    """The blob in a row of `ls-files -s` (mode, name, stage) or `ls-tree` (mode, what it is, name)."""
    if not row:
        return _NONE
    mode, first, second = row.partition(b"\t")[0].decode().split()
    if mode not in _PLAIN:
        raise NotCommitted(f"{item.path} is no plain file in git", "Commit what it leads to with git.")
    return second if first == "blob" else first


def _literal(path: str) -> str:
    """A path as git takes it that has no patterns in it."""
    return f":(literal){path}"


def _name(git: Git, data: bytes | None, path: str) -> str:
    """The name of the blob that git makes of a file's bytes."""
    if data is None:
        return _NONE
    return git("hash-object", "--stdin", f"--path={path}", given=data).decode().strip()


def _make(git: Git, touched: Sequence[Touched], message: str) -> None:
    paths = [_literal(disk_path(item.path)) for item in touched]
    new = [_literal(disk_path(item.path)) for item in touched if item.old is None]
    if new:
        git("add", "--intent-to-add", "--", *new)
    try:
        text = message.encode("utf-8", "replace")
        git("commit", "--quiet", "--only", "--file=-", "--cleanup=verbatim", "--", *paths, given=text)
    except GitFailed:
        if new:
            git("rm", "--cached", "--quiet", "--force", "--", *new)
        raise
