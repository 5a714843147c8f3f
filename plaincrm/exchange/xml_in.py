"""XML of strangers: no DTD, no entity, and not larger, deeper or of more parts than such files are."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

_BYTES = 20 * 1024 * 1024
_DEPTH = 60  # an invoice has about ten levels
_NODES = 200_000  # an invoice of thousands of rows
_PROLOGUE = re.compile(rb"<\?xml[\s?]")


class BadXml(ValueError):
    """XML that is not read, and why."""


def documents(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The documents that stand in a file one behind the other, each with the line where it begins."""
    starts = [found.start() for found in _PROLOGUE.finditer(data)] or [0]
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        yield data.count(b"\n", 0, start) + 1, data[start:end].strip()


def parsed(data: bytes) -> Element:
    """The root of a document, its names without namespaces.

    Raises:
        BadXml: it is no XML, has a DTD, or is larger than such files are.
    """
    from defusedxml import DefusedXmlException  # noqa: PLC0415 (for XML only)
    from defusedxml.ElementTree import iterparse  # noqa: PLC0415

    if len(data) > _BYTES:
        raise BadXml(f"it is larger than {_BYTES // 2**20} MiB")
    depth = nodes = 0
    root: Element | None = None
    try:
        for event, node in iterparse(io.BytesIO(data), ("start", "end"), forbid_dtd=True):
            depth += 1 if event == "start" else -1
            nodes += event == "start"
            if depth > _DEPTH:
                raise BadXml(f"it has more than {_DEPTH} levels")
            if nodes > _NODES:
                raise BadXml(f"it has more than {_NODES:,} parts")
            root = node if root is None else root
            node.tag = node.tag.rpartition("}")[2]
    except DefusedXmlException:
        raise BadXml("it defines things of its own (a DTD), as no invoice does") from None
    except (ParseError, LookupError, ValueError) as error:
        raise error if isinstance(error, BadXml) else BadXml(f"it is no XML: {error}") from None
    if root is None:
        raise BadXml("it is no XML")
    return root


def text_at(node: Element, path: str) -> str:
    """The text of the first part at a path; empty where there is none."""
    return " ".join((node.findtext(path) or "").split())
