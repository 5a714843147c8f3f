"""The Python API: open a vault, ask it, change it. Nothing here prints, and nothing reads the clock."""

from plaincrm.api.vault import Vault, open_vault

__all__ = ["Vault", "open_vault"]
