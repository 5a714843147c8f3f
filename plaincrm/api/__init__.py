"""The Python API: open a vault, ask it, change it. Nothing here prints, and nothing reads the clock."""

from plaincrm.api.starting import init_vault
from plaincrm.api.vault import Vault, open_vault

__all__ = ["Vault", "init_vault", "open_vault"]
