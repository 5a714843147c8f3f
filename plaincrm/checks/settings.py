"""What is wrong with plaincrm.toml, beyond what a setting tells alone: codes, queries, notes and files it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from plaincrm.checks.diagnostic import Diagnostic, diagnostic
from plaincrm.checks.names import comparable, ends, meant
from plaincrm.checks.near import near_hint
from plaincrm.checks.policy import idle_globs
from plaincrm.checks.rules import BY_CODE
from plaincrm.document.source import decode
from plaincrm.errors import Fault, QueryError, fault
from plaincrm.index.index import Index
from plaincrm.vault.config import NAME, Config
from plaincrm.vault.kinds import KINDS
from plaincrm.vault.places import setting_place


def setting_faults(index: Index) -> Iterator[Diagnostic]:
    """Each fault of the settings at its place."""
    config, source = index.vault.config, decode(index.vault.config_bytes)
    found = (
        *config.faults,
        *_zone(config, source.text),
        *_codes(config, source.text),
        *_queries(config, source.text),
        *_materials(index, source.text),
        *_idle_globs(index, source.text),
    )
    for item in found:
        yield diagnostic(NAME, (*source.place(item.start), *source.place(item.end)), item.code, dict(item.facts))


def _zone(config: Config, text: str) -> Iterator[Fault]:
    if not config.timezone:
        return
    from plaincrm.worktime import known_zone  # noqa: PLC0415 (where a zone is set only)

    if not known_zone(config.timezone):
        place = setting_place(text, "vault", "timezone")
        yield fault("bad-setting", *place, setting="vault.timezone", wanted=KINDS["zone"])


def _codes(config: Config, text: str) -> Iterator[Fault]:
    """Codes of [check] that are none of the table's, each where it stands."""
    for code in sorted(config.severities.keys() - BY_CODE.keys()):
        table = (
            "check.severity" if re.search(r"^[ \t]*\[[ \t]*check\.severity[ \t]*\]", text, re.MULTILINE) else "check"
        )
        place = setting_place(text, table, code)
        yield fault("unknown-setting", *place, setting=f"check.severity.{code}", hint=near_hint(code))
    for glob, codes in config.path_severities.items():
        for code in sorted(codes.keys() - BY_CODE.keys()):
            _start, begin = _glob_place(text, glob)
            match = re.compile(rf"[\"']?({re.escape(code)})[\"']?[ \t]*=").search(text, begin)
            place = match.span(1) if match else _glob_place(text, glob)
            setting = f'check.paths."{glob}".{code}'
            yield fault("unknown-setting", *place, setting=setting, hint=near_hint(code))


def _glob_place(text: str, glob: str) -> tuple[int, int]:
    """Where a glob of [check.paths] stands, without its quotes; where it is written otherwise, its table."""
    match = re.compile(rf"[\"']({re.escape(glob)})[\"']").search(text, setting_place(text, "check", "paths")[1])
    return match.span(1) if match else setting_place(text, "check", "paths")


def _queries(config: Config, text: str) -> Iterator[Fault]:
    """Queries that are none: of segments, and of playbooks, which are passed over then."""
    asked = [("segments", name, query) for name, query in config.segments.items()]
    asked += [(f"playbooks.{item.name}", "query", item.query) for item in config.playbooks if item.query]
    if not asked:
        return
    from plaincrm.index.query import compile_query  # noqa: PLC0415 (where there are queries only)

    for table, key, query in asked:
        try:
            compile_query(query, config, _ANY_DAY)
        except QueryError as error:
            if not error.segment:  # else it is told where the segment stands
                facts = {"setting": f"{table}.{key}", "problem": error.message, "remedy": error.remedy}
                yield fault("bad-query", *setting_place(text, table, key), **facts)


_ANY_DAY = date(2000, 1, 1)  # a query that is sound on one day is so on each


def _materials(index: Index, text: str) -> Iterator[Fault]:
    """Notes that playbooks send and that are not there."""
    sent = [item for item in index.vault.config.playbooks if item.material]
    if not sent:
        return
    paths = [*index.vault.files.paths()]
    there = {end for path in paths for end in ends(path)}
    for item in sent:
        if comparable(item.material) not in there:
            place = setting_place(text, f"playbooks.{item.name}", "material")
            facts = {"setting": f"playbooks.{item.name}.material", "target": item.material}
            yield fault("missing-material", *place, **facts, hint=meant(item.material, paths))


def _idle_globs(index: Index, text: str) -> Iterator[Fault]:
    """Globs of [check.paths] that fit no file."""
    globs = index.vault.config.path_severities
    if globs:
        paths = [NAME, *(path for (path,) in index.rows("select path from files"))]
        for glob in idle_globs(globs, paths):
            yield fault("unused-glob", *_glob_place(text, glob), glob=glob)
