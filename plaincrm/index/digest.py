"""The digest that tells two states of the same thing apart."""

from __future__ import annotations

try:  # as Python's own `random` does: hashlib would load OpenSSL (3 ms), of which nothing is used
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

__all__ = ["blake2b"]
