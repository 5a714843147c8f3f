"""Templates of letters: Jinja's words and nothing that calls, reckons or reads, so that any template is soon done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, Undefined, meta, nodes
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from plaincrm.errors import UsageError
from plaincrm.records.values import nearest

NAMES = ("customer", "contact", "greeting", "today", "sender")
_MOST_TEMPLATE = 200_000  # characters
_MOST_LETTER = 1_000_000  # characters
_MOST_STEPS = 10_000  # turns of the loops of one letter
_FILTERS = (
    "capitalize",
    "default",
    "d",
    "e",
    "escape",
    "first",
    "join",
    "last",
    "length",
    "lower",
    "sort",
    "title",
    "trim",
    "unique",
    "upper",
)
_NODES = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Slice,
    nodes.Filter,
    nodes.Keyword,
    nodes.Test,
    nodes.If,
    nodes.CondExpr,
    nodes.For,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Compare,
    nodes.Operand,
    nodes.Concat,
    nodes.List,
    nodes.Tuple,
)


class Told(dict[str, Any]):
    """Values by their names: `customer.city` is the value of that name, and never anything else of the object."""


class Missing(Undefined):
    """A value that a note lacks: no text may stand where it should, but one may ask whether it is there."""

    lacking: Callable[[str], object]

    def __str__(self) -> str:
        """Nothing; that it was wanted is kept."""
        self.lacking(self._undefined_name or "")
        return ""


class _Environment(SandboxedEnvironment):
    """Jinja with lookups in our own values only, and loops that are counted."""

    def __init__(self, name: str, finalize: Callable[[Any], Any], *, html: bool) -> None:
        super().__init__(
            undefined=StrictUndefined,
            autoescape=html,
            finalize=finalize,
            keep_trailing_newline=True,
            trim_blocks=True,  # a line of a condition or a loop alone leaves no empty line
            lstrip_blocks=True,
        )
        self.globals.clear()
        self._name = name
        self.filters = {name: self.filters[name] for name in _FILTERS} | {
            "join": _joined,
            "long_date": _unset,
            "_each": self._each,
        }
        self.steps = 0

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 (Jinja's own signature)
        """A value by its name; of a loop what Jinja tells of it."""
        if not isinstance(obj, Told):
            return super().getattr(obj, attribute)
        if attribute not in obj:
            near = nearest(attribute, list(obj))
            raise UsageError(
                f"{self._name} asks for {attribute}, which there is not.",
                f"Did you mean {near}?" if near else "See plaincrm fields.",
            )
        return obj[attribute]

    def getitem(self, obj: Any, argument: Any) -> Any:  # noqa: ANN401 (Jinja's own signature)
        """The same by brackets."""
        return self.getattr(obj, str(argument)) if isinstance(obj, Told) else super().getitem(obj, argument)

    def _each(self, values: Iterable[Any]) -> Iterator[Any]:
        for value in values:
            self.steps += 1
            if self.steps > _MOST_STEPS:
                raise UsageError(
                    f"{self._name} goes round more than {_MOST_STEPS:,} times for one letter.", "Take loops out of it."
                )
            yield value


def _joined(values: Any, between: str = ", ") -> Any:  # noqa: ANN401 (any value)
    """Several values as one text; one text stays as it is, or joins of joins would grow without end."""
    return between.join(map(str, values)) if isinstance(values, tuple | list) else values


def _unset(value: Any) -> Any:  # noqa: ANN401 (any value)
    return value


class Template:
    """A template that has been read and found harmless. `finalize` makes a value fit to stand in the letter."""

    def __init__(self, source: str, name: str, finalize: Callable[[str], str], *, html: bool = False) -> None:
        if len(source) > _MOST_TEMPLATE:
            raise UsageError(f"{name} is longer than {_MOST_TEMPLATE:,} characters.", "Make it shorter.")
        self._environment = _Environment(name, lambda value: finalize(_as_text(value)), html=html)
        self._name = name
        try:
            tree = self._environment.parse(source)
            self._see_harmless(tree)
            for loop in tree.find_all(nodes.For):
                loop.iter = nodes.Filter(loop.iter, "_each", [], [], None, None, lineno=loop.lineno)
            self._template = self._environment.from_string(tree)
        except (TemplateSyntaxError, RecursionError) as error:
            line = f":{error.lineno}" if isinstance(error, TemplateSyntaxError) else ""
            raise UsageError(
                f"{name}{line}: {str(error).rstrip('.')}.", "docs/letters.md shows what a template may hold."
            ) from None

    def render(self, values: Mapping[str, Any], language: str) -> tuple[str, tuple[str, ...]]:
        """The text for one customer, and the names of what it wanted and the note lacks.

        Raises:
            UsageError: the template asks for what there is not, or goes too far.
        """
        lacks = dict[str, None]()
        self._environment.steps = 0
        self._environment.filters["long_date"] = lambda value: _long_date(value, language)
        told = {name: _with_gaps(name, value, lacks) for name, value in values.items()}
        text, size = list[str](), 0
        try:
            for piece in self._template.generate(told):
                size += len(piece)
                if size > _MOST_LETTER:
                    raise UsageError(f"A letter is longer than {_MOST_LETTER:,} characters.", "Make it shorter.")
                text.append(piece)
        except (UndefinedError, SecurityError, TypeError, ValueError) as error:
            raise UsageError(
                f"{self._name}: {str(error).rstrip('.')}.", "docs/letters.md shows what a template may hold."
            ) from None
        return "".join(text), tuple(lacks)

    def _see_harmless(self, tree: nodes.Template) -> None:
        for node in tree.find_all(nodes.Node):
            filtered = isinstance(node, nodes.Filter) and node.name not in (*_FILTERS, "long_date")
            if not isinstance(node, _NODES) or filtered or getattr(node, "recursive", False):
                what = f"filter {node.name}" if isinstance(node, nodes.Filter) else type(node).__name__.lower()
                remedy = f"There are values, if, for and the filters {', '.join((*_FILTERS, 'long_date'))}."
                raise UsageError(f"{self._name}:{node.lineno}: a template of letters knows no {what}.", remedy)
        for unknown in sorted(meta.find_undeclared_variables(tree) - set(NAMES)):
            near = nearest(unknown, NAMES)
            raise UsageError(
                f"{self._name}: there is no {unknown}.",
                f"Did you mean {near}?" if near else f"There are {', '.join(NAMES)}: write {{{{ customer.city }}}}.",
            )


def _with_gaps(name: str, value: Any, lacks: dict[str, None]) -> Any:  # noqa: ANN401 (any value)
    """A value whose empty parts tell when they are wanted."""
    if isinstance(value, Mapping):
        return Told({key: _with_gaps(f"{name}.{key}", part, lacks) for key, part in value.items()})
    if value not in ("", None):
        return value
    gap = Missing(name=name)
    gap.lacking = lacks.setdefault
    return gap


def _as_text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def _long_date(value: object, language: str) -> str:
    """A day as people of a language write it: `21. marraskuuta 2026`."""
    from babel.dates import format_date  # noqa: PLC0415 (where a letter asks for it only)

    if isinstance(value, Undefined):
        return str(value)
    try:
        return format_date(date.fromisoformat(str(value)), "long", locale=language)
    except ValueError:
        raise UsageError(f"long_date: {value} is no date.", "Give it a field that is a date: next, since.") from None
