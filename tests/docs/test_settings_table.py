"""docs/configuration.md shows every setting of the settings table. Renew it with UPDATE_PAGES=1."""

from __future__ import annotations

from plaincrm.vault.settings import SETTINGS, Setting
from tests.docs.marked import check_part, code, table


def _default(row: Setting) -> str:
    if isinstance(row.default, tuple):
        listed = ", ".join(f'"{item}"' if isinstance(item, str) else str(item) for item in row.default)
        return code(f"[{listed}]")
    if row.default is None:
        return "none"
    return code(f'"{row.default}"' if isinstance(row.default, str) else str(row.default).lower())


def test_the_page_shows_every_setting() -> None:
    rows = ([f"`[{row.table}]`", code(row.key), row.kind, _default(row), row.help] for row in SETTINGS)
    check_part("configuration.md", "settings", table(["table", "key", "kind", "default", "what for"], rows))
