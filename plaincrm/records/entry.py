"""What a log line says before its summary: time, channel, direction, who."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time as Clock
from functools import lru_cache
from typing import NamedTuple, cast

from plaincrm.dates import parse_clock
from plaincrm.language import canonical, fold
from plaincrm.records.channels import UNREACHED, WRITTEN
from plaincrm.records.model import Direction
from plaincrm.records.near import nearest_key
from plaincrm.records.schema import Schema

_TIMES = re.compile(
    r"[T\s]*(\d{1,2}[:.]\d{2})(?::[0-5]\d)?(?:\s?[-–]\s?(\d{1,2}[:.]\d{2}))?(?=[\s,|–—]|:(?!\d)|$)\s*", re.ASCII
)
_LIKE_TIMES = r"(?a)[T\s]*(\d{1,2}:\d{2}(?!\d)[^\s,|]*(?:\s?[-–]\s?\d{1,2}:\d{2})?)"  # few lines: compiled for them
# A colon, a dash between blanks, a long one anywhere. Each begins with one of a set, so that others are passed quickly.
_HEAD_END = re.compile(r"[\s:–—|](?:(?<=:)(?<!::)(?=\s|$)|(?<=\s)[-–—|]\s|(?<=[–—|]))")
_CLAUSE = re.compile(r"([^\W\d_][^,.;:!()–—-]{1,24})(?=[,.;:!()–—-]|$)")


class Slip(NamedTuple):
    """A word that stands where a channel does and is nearly one; the direction behind it, if one is there."""

    word: str
    near: str
    direction: Direction | None


class Head(NamedTuple):
    """The words of a log line by what they mean."""

    time: Clock | None
    end_time: Clock | None
    channel: str | None
    direction: Direction | None
    who: str
    summary: str


def read_head(words: str, schema: Schema) -> Head:
    """Split what stands behind the date. If the words do not fit, all of them are the summary."""
    start, end, words = read_times(words)
    fitting = _fitting(words, schema)
    if fitting is None:
        return Head(start, end, None, None, "", words.strip(" \t\r\u00a0,"))
    channel, direction, who, summary = fitting
    return Head(start, end, channel, direction, who, summary)


def read_times(words: str) -> tuple[Clock | None, Clock | None, str]:
    """The times that words begin with, and the words behind them."""
    first, _blank, rest = words.lstrip().partition(" ")
    is_clock = rest[:1].isdigit() and canonical("clock", first)
    if not is_clock and first[:1].isalpha() and first[0] != "T":  # nearly always
        return None, None, words
    match = _TIMES.match(rest if is_clock else words)
    if match is None:
        return None, None, words
    start = parse_clock(match[1])
    end = parse_clock(match[2]) if match[2] else None
    if start is None or (match[2] and end is None):
        return None, None, words
    behind = match.string[match.end() :].lstrip()
    return start, end, behind[1:].lstrip() if behind[:1] in (":", "|", "–", "—") else behind


def bad_time(line: str, at: int) -> tuple[int, int] | None:
    """Where something stands behind the date that looks like a time of day and is none; None where nothing does."""
    beginning = line[at : at + 2].lstrip()
    if beginning and beginning[0] != "T" and not beginning[0].isdigit():  # nearly always
        return None
    match = re.compile(_LIKE_TIMES).match(line, at)
    return match.span(1) if match and read_times(line[at:])[0] is None else None


def misspelt_channel(words: str, schema: Schema) -> Slip | None:
    """The first word of what stands behind a date, if it is nearly a channel: `cal in, Pekka: x`, `visti: x`.

    Without a direction behind it one letter for another in a short word is another word: `wall: painted`.
    """
    words = read_times(words)[2]
    stop = _HEAD_END.search(words)
    word, _blank, rest = words[: stop.start() if stop else 60].partition(",")[0].strip().partition(" ")
    direction = canonical("directions", rest.strip()) if rest else None
    if stop is None or not word.isalpha() or (rest and not direction) or schema.channel(word):
        return None
    near = nearest_key(fold(word), schema.channel_spellings, 3 if direction else 4)
    if near is None or not (direction or len(word) > 5 or len(word) != len(near) or sorted(word) == sorted(near)):
        return None
    return Slip(word, near, cast("Direction | None", direction))


def _fitting(words: str, schema: Schema) -> tuple[str | None, Direction | None, str, str] | None:
    """Channel, direction, who and summary, or None where the words are no such thing."""
    stop = _HEAD_END.search(words)
    end, begin = stop.span() if stop else (len(words), len(words))
    if end > 100:
        return None
    summary = words[begin:].strip(" -–—|")
    found = _before_summary(words[:end].strip(), schema.channel)
    if found is None:
        return None
    channel, direction, who = found
    if channel is None:
        return (None, None, who, summary) if summary else None
    if summary and direction in (None, "out") and channel not in WRITTEN and _says_in_vain(summary):
        direction = "no-answer"
    return channel, direction, who, summary


@lru_cache(maxsize=4096)
def _before_summary(
    head: str, channel_of: Callable[[str], str | None]
) -> tuple[str | None, Direction | None, str] | None:
    """Channel, direction and who; a comma alone says that somebody follows, without a channel."""
    first, comma, who = head.partition(",")
    who = who.strip()
    if comma and (not who or who[0].isdigit() or len(who) > 60):
        return None
    if not first.strip():
        return (None, None, who) if comma else None
    found = _channel_and_direction(first, channel_of)
    if found is None:
        return None
    channel, direction = found
    return (channel, *_in_vain(direction, who)) if who else (channel, direction, who)


def _says_in_vain(summary: str) -> bool:
    """Whether a summary begins with the words that nobody answered: `call out: no answer, left a message`."""
    first = _CLAUSE.match(summary)
    return first is not None and canonical("directions", first[1]) == "no-answer"


def _in_vain(direction: Direction | None, who: str) -> tuple[Direction | None, str]:
    """Direction and who, where a comma stands before the words that nobody answered: `call out, Pekka, no answer`."""
    parts = [part.strip() for part in who.split(",")]
    said = {part: canonical("directions", part) for part in parts}
    if UNREACHED.isdisjoint(said.values()):
        return direction, who
    rest = ", ".join(part for part in parts if said[part] not in UNREACHED)
    by_us = direction == "out" or (direction is None and "no-answer" in said.values())
    return direction if direction in UNREACHED else "no-answer" if by_us else "missed", rest


@lru_cache(maxsize=4096)
def _channel_and_direction(first: str, channel_of: Callable[[str], str | None]) -> tuple[str, Direction | None] | None:
    words = first.split()
    if len(words) > 5:
        return None
    for count in range(len(words), 0, -1):
        channel = channel_of(" ".join(words[:count]))
        if channel is None:
            continue
        if count == len(words):
            return channel, None
        direction = canonical("directions", " ".join(words[count:]))
        return (channel, cast("Direction", direction)) if direction else None
    return None
