"""An answer held against a second reckoning, leaf by leaf: what has no counterpart fails."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from plaincrm.render.data import as_json


def answer_of(data: object) -> Any:
    """What a program reads: the data of a report as it is printed with `--format json`, read back."""
    return json.loads(as_json(data))


def agree(answer: object, reckoned: object, no_figures: Collection[str] = ()) -> int:
    """How many leaves of an answer agree with their counterparts; all that do not are told.

    `reckoned` has the same shape: objects, lists in the same order, and as leaves Decimal for amounts and shares, dates
    for days, whole numbers, texts, booleans and None. `no_figures` names what needs no counterpart, as
    `customers[].name`; only a text can be named so, and none that is a number or a day.
    """
    told = list(_compared("", answer, reckoned, frozenset(no_figures)))
    wrong = [text for text in told if text]
    assert not wrong, "\n".join([f"{len(wrong)} of {len(told)} leaves:", *wrong[:40]])
    return len(told)


def _compared(path: str, answer: object, own: object, no_figures: frozenset[str]) -> Iterator[str]:
    """An empty text for each leaf that agrees, a sentence for each that does not."""
    if isinstance(answer, dict) and isinstance(own, dict):
        for key in [*answer, *(key for key in own if key not in answer)]:
            at = f"{path}.{key}".lstrip(".")
            if key not in answer:
                yield f"{at} is {own[key]!r}, and the answer has no such thing"
            elif key in own:
                yield from _compared(at, answer[key], own[key], no_figures)
            else:
                yield from _without(at, answer[key], no_figures)
    elif isinstance(answer, list) and isinstance(own, list | tuple):
        for number, (left, right) in enumerate(zip(answer, own, strict=False)):
            yield from _compared(f"{path}[{number}]", left, right, no_figures)
        if len(answer) != len(own):
            yield f"{path} has {len(answer)} in the answer, reckoned are {len(own)}"
    else:
        yield "" if _same(answer, own) else f"{path} is {answer!r} in the answer, reckoned is {own!r}"


def _without(path: str, answer: object, no_figures: frozenset[str]) -> Iterator[str]:
    """The leaves of what has no counterpart: a fault each, unless it is told to be no figure, and is none."""
    if isinstance(answer, dict):
        for key, value in answer.items():
            yield from _without(f"{path}.{key}", value, no_figures)
    elif isinstance(answer, list):
        for number, value in enumerate(answer):
            yield from _without(f"{path}[{number}]", value, no_figures)
    elif _general(path) not in no_figures or not _is_text(answer):
        yield f"{path} is {answer!r} in the answer, and nobody has reckoned it"


def _same(answer: object, own: object) -> bool:
    if isinstance(own, Decimal):
        return isinstance(answer, str) and _number(answer) == own
    if isinstance(own, date):
        return answer == own.isoformat()
    return type(answer) is type(own) and answer == own


def _is_text(answer: object) -> bool:
    """Whether it is words, neither a number nor a day."""
    if not isinstance(answer, str):
        return False
    try:
        date.fromisoformat(answer)
    except ValueError:
        return _number(answer) is None
    return False


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _general(path: str) -> str:
    """`customers[].name` for `customers[12].name`."""
    return re.sub(r"\[\d+\]", "[]", path)
