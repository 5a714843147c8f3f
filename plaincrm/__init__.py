"""plaincrm: a plain-text, git-friendly CRM. Each customer is one Markdown file; this package reads and answers."""

from plaincrm.api import Vault, init_vault, open_vault
from plaincrm.errors import NoMatch, PlaincrmError, UsageError, VaultError

__all__ = ["NoMatch", "PlaincrmError", "UsageError", "Vault", "VaultError", "init_vault", "open_vault"]
