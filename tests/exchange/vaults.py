"""A small vault into which entries are brought, and what is asked of every way in."""

from __future__ import annotations

from pathlib import Path

import plaincrm
from tests.making import make_vault

FIXTURES = Path(__file__).parents[1] / "fixtures"

AURINKO = """---
name: Kahvila Aurinko Oy
business_id: 2779126-0
contacts:
  - Pekka Laine <pekka@aurinko.example>
---

## Log
- 2026-10-02 email out: thanks and the invoice
- 2026-09-30 visit: painting done [sale:: 3200 EUR] [invoice:: 2026-117]
"""
MERI = """---
nimi: Ravintola Meri
alv-tunnus: FI20774740
sähköposti: kippari@meri.example
---

## Loki

### 1.9.2026 puhelu ulos: sovittiin ajasta
Aamulla ennen kuutta.
"""
CONFIG = """
[vault]
country = "FI"
timezone = "Europe/Helsinki"

[mail]
own = ["liisa@savy.example", "@painter.example"]
"""


def vault_with(folder: Path, **more: str) -> plaincrm.Vault:
    """The vault of the two customers, and of others by the names of their notes."""
    notes = {"aurinko.md": AURINKO, "meri.md": MERI, **{f"{name}.md": text for name, text in more.items()}}
    return plaincrm.open_vault(make_vault(folder / "vault", notes, CONFIG), cache=False)


def added(vault: plaincrm.Vault, name: str, before: str) -> str:
    """The lines of a note that it did not have before, in their order; nothing of it may be gone."""
    lines, old = (vault.root / f"customers/{name}.md").read_text(encoding="utf-8").split("\n"), before.split("\n")
    new: list[str] = []
    for line in lines:
        if old and line == old[0]:
            old.pop(0)
        else:
            new.append(line)
    assert not old
    return "\n".join(new)


def notes_of(vault: plaincrm.Vault) -> dict[str, bytes]:
    """Every note as it stands."""
    return {path.name: path.read_bytes() for path in (vault.root / "customers").glob("*.md")}
