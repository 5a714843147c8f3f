"""plaincrm.toml as a new vault gets it: every setting with what it is for, those not chosen out of action."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from plaincrm.vault.settings import SETTINGS, Setting

Chosen = Mapping[tuple[str, str], object]  # by table and key

_HEAD = """\
# Settings of the vault. Everything here is data: nothing in this file runs.
# A line that begins with `#` and a name is a setting at its default, or an example of one: take the `#` away to use it.
"""


_FURTHER = {  # examples that are more than one setting
    "playbooks": """\
# Two more: a month after a complaint, whether all is well; and a thank-you for each tenth purchase.
#after-complaint.on = "complaint"
#after-complaint.after = "4w"
#after-complaint.do = "Ask whether all is well now"
#after-complaint.channel = "call"
#tenth.on = "nth-purchase:10"
#tenth.do = "Say thanks, with buns for everybody"
"""
}


def settings_text(chosen: Chosen) -> str:
    """The file with the settings that are chosen, and all others as comments."""
    tables: dict[str, list[str]] = {}
    for row in SETTINGS:
        tables.setdefault(row.table, []).extend(_lines(row, chosen))
    return _HEAD + "".join(
        f"\n[{table}]\n" + "\n".join(lines) + f"\n{_FURTHER.get(table, '')}" for table, lines in tables.items()
    )


def _lines(row: Setting, chosen: Chosen) -> Iterator[str]:
    yield f"# {row.help}"
    value = chosen.get((row.table, row.key))
    if value is not None:
        yield f"{row.key} = {as_toml(value)}"
    else:
        yield f"#{row.example}" if row.example else f"#{row.key} = {as_toml(row.default)}"


def as_toml(value: object) -> str:
    """A setting's value as TOML has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(map(as_toml, value))}]"
    return json.dumps(str(value), ensure_ascii=False)  # the escapes of a basic string are those of JSON
