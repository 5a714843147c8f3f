"""Reads and writes one task line as the Obsidian Tasks plugin does, in its emoji and its Dataview format."""

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from plaincrm.document.nodes import new_tuple

StatusType = Literal["todo", "in_progress", "on_hold", "done", "cancelled", "unknown"]
Style = Literal["emoji", "dataview", ""]

# What JavaScript's \s and trim() take for blank, which is not quite what Python does.
_BLANK = "\t\n\v\f\r \u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000\ufeff"
_TASK = re.compile(rf"([{_BLANK}>]*)([-*+]|[0-9]+[.)]) +\[(.)\](.*)")
# Patterns that few notes need are plain texts, which re compiles when one comes: one changed note waits for fewer.
_BLOCK_LINK = r" \^[a-zA-Z0-9-]+"
_TAG = r'#[^ !@#$%^&*(),.?":{}|<>]+'
_MARKS: dict[str, StatusType] = {" ": "todo", "/": "in_progress", "x": "done", "X": "done", "-": "cancelled"}

_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_ID = r"[a-zA-Z0-9_-]+"


class _Kind(NamedTuple):
    """How one signifier is written: its emoji (the first is the one we write), its Dataview key, its values."""

    emoji: str
    key: str
    values: str  # a pattern


# In the order in which the plugin writes them (`TaskLayoutOptions.ts`).
_KINDS = {
    "id": _Kind("🆔", "id", _ID),
    "depends_on": _Kind("⛔", "dependsOn", rf"{_ID}(?: *, *{_ID})*"),
    "priority": _Kind("", "priority", "highest|high|medium|lowest|low"),
    "recurrence": _Kind("🔁", "repeat", r"[a-zA-Z0-9, !]+"),
    "on_completion": _Kind("🏁", "onCompletion", r"[a-zA-Z]+"),
    "created": _Kind("➕", "created", _DATE),
    "start": _Kind("🛫", "start", _DATE),
    "scheduled": _Kind("⏳⌛", "scheduled", _DATE),
    "due": _Kind("📅📆🗓", "due", _DATE),
    "cancelled": _Kind("❌", "cancelled", _DATE),
    "done": _Kind("✅", "completion", _DATE),
}
_PRIORITIES = {"🔺": "highest", "⏫": "high", "🔼": "medium", "🔽": "low", "⏬": "lowest"}
_PRIORITY_EMOJI = {value: emoji for emoji, value in _PRIORITIES.items()}
_BY_EMOJI = {emoji: name for name, kind in _KINDS.items() for emoji in kind.emoji}
_BY_KEY = {kind.key: name for name, kind in _KINDS.items()}
PLUGIN_KEYS = frozenset(_BY_KEY)  # names of Dataview fields that the plugin reads and writes

# One run of the plugin tries these in this order, and it makes at most 21 runs (`DefaultTaskSerializer.ts`).
_DATES_READ = ("done", "cancelled", "due", "scheduled", "start", "created")
DATE_EMOJI = {emoji: name for name in _DATES_READ for emoji in _KINDS[name].emoji}
_READ_ORDER = ("priority", *_DATES_READ, "recurrence", "on_completion", "tag", "id", "depends_on")
_RUNS = 21
_VALUE_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ,!_-"


class Signifier(NamedTuple):
    """A date, a priority or the like, and where it stands from its emoji or bracket to its end."""

    name: str
    value: str
    start: int
    end: int


class TaskLine(NamedTuple):
    """A task as it stands on its line.

    `text` is the plugin's description: what is left of the signifiers, with the tags found among them put
    behind it. `text_start` and `text_end` tell where the part left of the first signifier stands.
    Signifiers are in the order of the line; `style` is that of the last one. A block link is kept as `^id`.
    """

    indent: str
    marker: str
    status: str
    text: str
    text_start: int
    text_end: int
    status_at: int
    signifiers: tuple[Signifier, ...] = ()
    block_link: str = ""
    style: Style = ""

    def get(self, name: str) -> str | None:
        """Return the first value of that name on the line, which is the one that counts for the plugin."""
        for signifier in self.signifiers:
            if signifier.name == name:
                return signifier.value
        return None

    @property
    def status_type(self) -> StatusType:
        """What the mark between the brackets means by the plugin's defaults; a user's own mark is unknown."""
        return _MARKS.get(self.status, "unknown")


def read_task(line: str, offset: int = 0) -> TaskLine | None:
    """Read a task, or return None if the line is none.

    Signifiers are read from the end of the line until something else stands there; whatever is left of
    that is description, signifiers and all. So `📅 2026-12-01 [owes:: them]` has no due date, in the plugin
    and here. Unlike the plugin, which reads the one format it is set to, this reads both, also mixed.
    """
    match = _TASK.match(line)
    if match is None:
        return None
    indent, marker, status, rest = match.groups()
    at = match.start(4) + len(rest) - len(rest.lstrip(_BLANK)) + offset
    body, block_link = _cut_block_link(rest.strip(_BLANK))
    left, eaten = _eat(body)
    found = [item for item in reversed(eaten) if item.name != "tag"]
    moved = [new_tuple(Signifier, (name, value, start + at, end + at)) for name, value, start, end in found]
    described = body[: found[0].start].rstrip(_BLANK) if found else body
    return TaskLine(
        indent,
        marker,
        status,
        text=_with_tags(left, eaten) if eaten else left,
        text_start=at,
        text_end=at + len(described),
        status_at=match.start(3) + offset,
        signifiers=tuple(moved),
        block_link=block_link,
        style=_style(body, found),
    )


def write_task(task: TaskLine) -> str:
    """Write a task in the plugin's order and spacing, in its own style, and in emoji if it has none.

    As the plugin does, this writes one value of each name and square brackets in place of round ones. The
    Dataview form has two blanks before each field, without which Obsidian takes every other one for a link.
    """
    values = {name: task.get(name) for name in _KINDS}
    written = "".join(signifier_text(name, value, task.style) for name, value in values.items() if value)
    block_link = f" {task.block_link}" if task.block_link else ""
    body = (task.text + written + block_link).lstrip(" ")
    return f"{task.indent}{task.marker} [{task.status}] {body}".rstrip(" ")


def signifier_text(name: str, value: str, style: Style) -> str:
    """A signifier as the plugin writes it behind what stands there: ` 📅 2026-12-01`, `  [due:: 2026-12-01]`."""
    return _write_dataview(name, value) if style == "dataview" else _write_emoji(name, value)


def _write_emoji(name: str, value: str) -> str:
    if name == "priority":
        return f" {_PRIORITY_EMOJI[value]}"
    return f" {_KINDS[name].emoji[0]} {value}"


def _write_dataview(name: str, value: str) -> str:
    return f"  [{_KINDS[name].key}:: {value}]"


def _cut_block_link(body: str) -> tuple[str, str]:
    """Split `text ^id` into text and `^id`; the plugin does so before it looks for signifiers."""
    at = body.rfind(" ^")
    if at < 0 or not re.compile(_BLOCK_LINK).fullmatch(body, at):
        return body, ""
    return body[:at].rstrip(_BLANK), body[at + 1 :]


def _eat(body: str) -> tuple[str, list[Signifier]]:
    """Take signifiers and tags from the end of the body; return what is left and what was taken, last first.

    The runs and their order are the plugin's: they decide who gets `#tag🔺`, and how many tags are too many.
    """
    left, eaten, ends = body, list[Signifier](), _ends(body)
    for _ in range(_RUNS):
        if not ends:
            break
        for name in _READ_ORDER:
            if end := ends.get(name):
                eaten.append(end)
                left = left[: end.start].rstrip(_BLANK)
                ends = _ends(left)
    return left, eaten


def _with_tags(left: str, eaten: list[Signifier]) -> str:
    """Put the tags found among the signifiers behind what is left, one blank before each, as the plugin does."""
    tags = [item.value for item in reversed(eaten) if item.name == "tag"]
    return " ".join([left, *tags] if left else tags)


def _ends(body: str) -> dict[str, Signifier]:
    """Return by name what the end of the body can be read as: a signifier, a tag, rarely both."""
    ends = {}
    if signifier := _dataview_end(body) or _emoji_end(body):
        ends[signifier.name] = signifier
    if tag := _tag_end(body):
        ends[tag.name] = tag
    return ends


def _tag_end(body: str) -> Signifier | None:
    at = body.rfind("#")
    if at < 0 or (at and body[at - 1] not in _BLANK) or not re.compile(_TAG).fullmatch(body, at):
        return None
    return Signifier("tag", body[at:], at, len(body))


def _emoji_end(body: str) -> Signifier | None:
    """Read `📅 2026-12-01`. No value holds an emoji, so the emoji stands right before the last value characters."""
    head = body.rstrip(_VALUE_CHARACTERS)
    value = body[len(head) :].strip(" ")
    head = head.removesuffix("\ufe0f")
    emoji, start = head[-1:], len(head) - 1
    if emoji in _PRIORITIES and not value:
        return Signifier("priority", _PRIORITIES[emoji], start, len(body))
    return _signifier(_BY_EMOJI.get(emoji), value, start, len(body))


def _dataview_end(body: str) -> Signifier | None:
    """Read `[due:: 2026-12-01]`, also with round brackets and with a comma behind."""
    field = body[:-1].rstrip(" ") if body.endswith(",") else body
    start = field.rfind({"]": "[", ")": "("}.get(field[-1:], "\n"))
    if start < 0:
        return None
    key, _, value = field[start + 1 : -1].partition("::")
    return _signifier(_BY_KEY.get(key.lstrip(" ")), value.strip(" "), start, len(body))


def _signifier(name: str | None, value: str, start: int, end: int) -> Signifier | None:
    """Return the signifier if its value is one; dates need only look like dates, as in the plugin."""
    if name is None or not _is_value(name, value):
        return None
    if name == "depends_on":
        value = value.replace(" ", "")
    return new_tuple(Signifier, (name, value.lower() if name == "on_completion" else value, start, end))


@lru_cache(maxsize=4096)
def _is_value(name: str, value: str) -> bool:
    return re.fullmatch(_KINDS[name].values, value) is not None


def _style(body: str, found: list[Signifier]) -> Style:
    if not found:
        return ""
    return "dataview" if body[found[-1].start] in "[(" else "emoji"
