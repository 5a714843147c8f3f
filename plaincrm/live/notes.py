"""Generated notes: which there are by the settings, what each should say, and what may be written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from plaincrm.changes.draft import Step
from plaincrm.changes.edits import in_lines_of, new_bytes
from plaincrm.changes.plan import Change
from plaincrm.dates import parse_date
from plaincrm.document.source import Source, Unreadable, decode, is_generated, read_bytes
from plaincrm.errors import PlaincrmError, UsageError, WriteRefused
from plaincrm.index.paths import disk_path
from plaincrm.live import generated, parts
from plaincrm.live.ticks import Tick, ticks_of
from plaincrm.render.generated import Refused
from plaincrm.vault.config import Config
from plaincrm.vault.find import Finder
from plaincrm.vault.kinds import is_note_name
from plaincrm.vault.vault import Vault

Answer = Callable[[Sequence[str]], str]  # the words of a command -> its answer in Markdown
OWNER = "{owner}"


class Note(NamedTuple):
    """A note to keep fresh: the words of the command that it answers; none where only parts of it are generated."""

    path: str
    words: tuple[str, ...]


class Plan(NamedTuple):
    """What is to be written so that all notes are fresh, those that are so already, and what is left as it is."""

    steps: tuple[Step, ...]
    fresh: tuple[str, ...]
    refused: tuple[Refused, ...]


def notes_of(vault: Vault, today: date, names: Iterable[str] = ()) -> list[Note]:
    """The notes that the settings name, one for each of us where `{owner}` stands; or those of them with some names.

    A note of a day that is past (`2026-11-20.md`) keeps the parts that it has.

    Raises:
        UsageError: a name is none of them.
    """
    found = {path: Note(path, words) for path, words in generated_notes(vault.config).items()}
    for path in _with_parts(vault):
        day = parse_date(path.rpartition("/")[2].removesuffix(".md"))
        if day is None or day >= today:
            found.setdefault(path, Note(path, ()))
    wanted = [name.removeprefix("./") for name in names]
    for name in wanted:
        if name not in found:
            listed = ", ".join(found) or "none"
            raise UsageError(f"{name} is no generated note.", f"Those that [notes] of plaincrm.toml names: {listed}.")
    return [found[name] for name in dict.fromkeys(wanted)] if wanted else list(found.values())


def generated_notes(config: Config) -> dict[str, tuple[str, ...]]:
    """The notes that are generated as a whole, with the words of their commands.

    Raises:
        UsageError: a name has `{owner}`, and nobody works here.
    """
    return dict(_whole(config))


def _whole(config: Config) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, words in config.notes.items():
        if OWNER in name and not config.owners:
            remedy = "Name yourselves in [vault] owners, or take {owner} out of it."
            raise UsageError(f"[notes] has {name}, and nobody works here.", remedy)
        for owner in config.owners if OWNER in name else ("",):
            yield name.replace(OWNER, owner), tuple(word.replace(OWNER, owner) for word in words)


def _with_parts(vault: Vault) -> Iterator[str]:
    """The notes of `[notes] parts` in which a marker stands."""
    if not vault.config.note_parts:
        return
    finder = Finder(vault.files, vault.config.note_parts, ())
    for folder in finder.folders():
        for entry in finder.sort_out(folder).records:
            path = f"{folder.path}/{entry.name}".lstrip("/")
            try:
                data = read_bytes(vault.root / path)
                marked = any(marker in data for marker in parts.MARKERS)
            except Unreadable:
                marked = True  # which is told when it is to be written
            if marked:
                yield path


def plan(vault: Vault, notes: Iterable[Note], answer: Answer, seen: Collection[Tick] = ()) -> Plan:
    """What makes notes fresh. One that cannot be written, or that holds what is not ours, is told and left.

    A note with a ticked box is left, too, unless it is among those that have been `seen` to.
    """
    steps: list[Step] = []
    fresh: list[str] = []
    refused: list[Refused] = []
    for note in notes:
        try:
            step, left = (_whole_step if note.words else _parts_step)(vault, note, answer, seen)
        except _Left as error:
            refused.append(error.told)
            continue
        refused += left
        if step:
            steps.append(step)
        elif not left:
            fresh.append(note.path)
    return Plan(tuple(steps), tuple(fresh), tuple(refused))


class _Left(Exception):
    """Ends the work on one note or part, which stays as it is."""

    def __init__(self, file: str, line: int, why: str, remedy: str) -> None:
        super().__init__(why)
        self.told = Refused(file, line, why, remedy)


_STEP = tuple[Step | None, list[Refused]]


def _whole_step(vault: Vault, note: Note, answer: Answer, seen: Collection[Tick]) -> _STEP:
    path = note.path
    if not is_note_name(path):
        raise _Left(path, 0, "a note cannot be called so", "Give it a plain name that ends in .md.")
    old = _source(vault, path)
    text = "" if old is None else old.text
    if text.strip():
        if not is_generated(text.encode("utf-8", "surrogateescape")):
            raise _Left(path, 0, "it was not generated and stays as it is", "Rename one: the note, or that in [notes].")
        if generated.is_edited(text):
            raise _Left(path, 0, _EDITED, "Move what is yours into a note of your own, then delete this one.")
        _see_no_ticks(path, text, (generated.body_at(text), len(text)), seen)
    body = _answered(path, 0, note.words, answer)
    new = in_lines_of(text, generated.whole_note(note.words, body, text))
    if new == text:
        return None, []
    data = None if old is None else new_bytes(old, [])
    return Step(Change(path, data, new.encode()), (_what(note.words),)), []


def _parts_step(vault: Vault, note: Note, answer: Answer, seen: Collection[Tick]) -> _STEP:
    path = note.path
    old = _source(vault, path)
    if old is None:
        raise _Left(path, 0, "it is no longer there", "See where it has gone.")
    if vault.finder.would_read(path):
        raise _Left(path, 0, "it is a customer, and promises in a part would be read as theirs", "Use another note.")
    found, bad = parts.parts_of(old.text)
    left = [Refused(path, *one) for one in bad]
    edits = []
    done: list[str] = []
    for part in found:
        try:
            _see_unedited(path, old.text, part)
            _see_no_ticks(path, old.text, (part.start, part.end), seen)
            edit = parts.filled(old.text, part, _answered(path, part.line, part.words, answer))
        except _Left as error:
            left.append(error.told)
            continue
        if old.text[edit.start : edit.end] != edit.text:
            edits.append(edit)
            done.append(_what(part.words))
    step = Step(Change(path, new_bytes(old, []), new_bytes(old, edits)), tuple(done)) if edits else None
    return step, left


def _see_unedited(path: str, text: str, part: parts.Part) -> None:
    if parts.is_edited(text, part):
        raise _Left(path, part.line, _EDITED, "Move what is yours out of the part, and delete what is left.")


_EDITED = "somebody has written into what was generated"


def _what(words: Sequence[str]) -> str:
    return f"generated: {' '.join(words)}"


def _source(vault: Vault, path: str) -> Source | None:
    """A note as it is, None where there is none."""
    where = vault.root / disk_path(path)
    if not where.exists() and not where.is_symlink():
        return None
    try:
        source = decode(read_bytes(where))
    except Unreadable as error:
        reason = dict(error.fault.facts).get("reason", error.fault.code.replace("-", " "))
        raise _Left(path, 0, f"it cannot be read ({reason})", "See to its rights.") from None
    if source.refusal:
        raise _Left(path, 0, "it is no text that plaincrm can read", "Rename it, or name another note.")
    return source


def ticks_in(vault: Vault, notes: Iterable[Note]) -> Iterator[Tick]:
    """The boxes that are ticked in what was generated, as far as nobody has written into it."""
    for note in notes:
        with suppress(_Left):
            old = _source(vault, note.path)
            text = old.text if old else ""
            for start, end in _untouched(note, text):
                yield from ticks_of(note.path, text, start, end)


def _untouched(note: Note, text: str) -> Iterator[tuple[int, int]]:
    """Where in a note stands what was generated, ticks apart."""
    if not note.words:
        yield from ((part.start, part.end) for part in parts.parts_of(text)[0] if not parts.is_edited(text, part))
    elif not generated.is_edited(text):
        yield generated.body_at(text), len(text)


def _see_no_ticks(path: str, text: str, span: tuple[int, int], seen: Collection[Tick]) -> None:
    """See that no tick is lost that has not been seen to."""
    found = [tick for tick in ticks_of(path, text, *span) if tick not in seen]
    if found:
        boxes = "a ticked box waits" if len(found) == 1 else f"{len(found)} ticked boxes wait"
        raise _Left(path, found[0].line, f"{boxes} there", "plaincrm notes --pull ticks the promises off first.")


def _answered(path: str, line: int, words: Sequence[str], answer: Answer) -> str:
    try:
        return answer(words)
    except WriteRefused:
        raise
    except PlaincrmError as error:
        raise _Left(path, line, f"{' '.join(words)}: {error.message.rstrip('.')}", error.remedy) from None
