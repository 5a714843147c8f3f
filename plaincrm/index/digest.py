"""Hashes: of what is compared with what was there, and of contents as git names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import blake2b, sha1
else:
    try:  # as Python's own `random` does: hashlib would load OpenSSL (3 ms), which is not needed
        from _blake2 import blake2b
        from _sha1 import sha1
    except ImportError:
        from hashlib import blake2b, sha1

__all__ = ["blake2b", "sha1"]
