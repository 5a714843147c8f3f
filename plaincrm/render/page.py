"""A page of HTML: one file that loads nothing and runs nothing, and a policy (CSP) that would let it do neither."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256

from plaincrm.render.escape import html_text

_STYLE = """
:root { --ink: #1b1b1b; --soft: #595959; --rule: #c9c9c9; --paper: #fff; --late: #a11212; --bar: #1f6f8b;
  --heat: 31 111 139; --second: #b3541e; --third: #7a7a7a; --good: #3d7a46; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e6e3; --soft: #aaa8a4; --rule: #4a4a4a; --paper: #1a1a1c; --late: #ff9b8f; --bar: #6db9d4;
    --heat: 109 185 212; --second: #e8a06a; --third: #a0a0a0; --good: #7cbf86; }
}
@media print {
  :root { --ink: #000; --soft: #444; --rule: #bbb; --paper: #fff; --late: #a11212; --bar: #1f6f8b;
    --heat: 31 111 139; --second: #b3541e; --third: #7a7a7a; --good: #3d7a46; color-scheme: light; }
}
@page { size: A4; margin: 15mm 16mm; }
* { box-sizing: border-box; }
body { max-width: 48rem; margin: 2rem auto; padding: 0 1rem; font: 0.95rem/1.45 system-ui, sans-serif;
  color: var(--ink); background: var(--paper); overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.2; }
h2 { margin: 1.4rem 0 0.3rem; padding-bottom: 0.2rem; border-bottom: 2px solid var(--ink); font-size: 1.1rem; }
h1, h2, h3 { break-after: avoid; }
a { color: inherit; text-decoration-color: var(--rule); text-underline-offset: 0.2em; }
time { white-space: nowrap; }
footer { margin-top: 1.2rem; font-size: 0.85rem; color: var(--soft); }
@media print { html { font-size: 9pt; } body { max-width: none; margin: 0; padding: 0; } }
"""


def page(title: str, style: str, body: Iterable[str]) -> str:
    """A whole document. The body is HTML; of styles only these count, by their hash, and no attribute.

    The style of all pages (colours, day and night, paper, headings) comes before that of this one.
    """
    style = _STYLE + style
    known = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{known}'; base-uri 'none'; form-action 'none'"
    return "\n".join(
        (
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="referrer" content="no-referrer">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{html_text(title)}</title>",
            f"<style>{style}</style>",
            "</head>",
            "<body>",
            "<main>",
            *body,
            "</main>",
            "</body>",
            "</html>",
            "",
        )
    )
