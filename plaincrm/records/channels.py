"""What common channels are like: by which nobody is reached, and by which one writes."""

from __future__ import annotations

RECORDED_ONLY = frozenset(("invoice", "note"))  # nobody is contacted
WRITTEN = frozenset(("email", "chat", "letter", "social", "web"))  # a message waits for an answer; a talk is one
UNREACHED = frozenset(("missed", "no-answer"))  # they rang in vain, we rang in vain: nobody was spoken to
