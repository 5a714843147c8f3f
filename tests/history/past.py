"""A vault in a repository with a past: commits by people, at times, of notes."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import plaincrm
from plaincrm.history.story import Event, History
from plaincrm.render.history_words import change_words

PEOPLE = {"liisa": "Liisa Savi", "matti": "Matti Savi"}
CONFIG = '[vault]\ntimezone = "Europe/Helsinki"\n'


class PastVault:
    """A vault below a folder. `at` is where it lies in the repository."""

    def __init__(self, folder: Path, at: str = "", config: str = CONFIG, form: str = "sha1") -> None:
        self.repository = folder / "vault"
        self.root = self.repository / at
        (self.root / "customers").mkdir(parents=True)
        (self.root / "plaincrm.toml").write_text(config, encoding="utf-8")
        self.home = folder
        self.git("init", "--quiet", "--initial-branch=main", f"--object-format={form}")

    def git(self, *words: str, when: str = "2026-01-01T12:00:00Z", who: str = "liisa", given: bytes = b"") -> str:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        people = {"NAME": PEOPLE.get(who, who), "EMAIL": f"{who}@savy.example", "DATE": when}
        named = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in people.items()}
        plain = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_EDITOR": "true"}
        done = subprocess.run(
            ["git", *words],
            cwd=self.repository,
            env={**kept, **named, **plain},
            input=given,
            check=True,
            capture_output=True,
        )
        return done.stdout.decode("utf-8", "replace").strip()

    def write(self, name: str, text: str | bytes | None) -> None:
        """Put a note there, or (None) away."""
        path = self.root / "customers" / name
        if text is None:
            path.unlink()
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def commit(self, day: str, words: str, who: str = "liisa", **notes: str | bytes | None) -> str:
        """Commit everything, with notes by their names without `.md`; the day may have a time."""
        for name, text in notes.items():
            self.write(f"{name}.md", text)
        self.git("add", "--all")
        when = day if "T" in day else f"{day}T10:00:00Z"
        self.git("commit", "--quiet", "--allow-empty", "--message", words, when=when, who=who)
        return self.git("rev-parse", "HEAD")

    @property
    def vault(self) -> plaincrm.Vault:
        return plaincrm.open_vault(self.root, cache=False)


def words(event: Event) -> list[str]:
    """What a commit did, in words; those of its sides behind the first letters of the parent."""
    own = [change_words(change, event) for note in event.notes for change in note.changes]
    return own + [
        f"{side.parent[:4]}: {change_words(change)}"
        for side in event.sides
        for note in side.notes
        for change in note.changes
    ]


def story(history: History) -> list[tuple[str, list[str]]]:
    """First lines of commits with what they did."""
    return [(event.subject, words(event)) for event in history.events]
