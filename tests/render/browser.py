"""Debian's Chromium without a window: what it makes of a page, and what axe-core says of it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium")
_HEADLESS = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
_ASK = """
axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "best-practice"]}).then(found => {
  const told = found.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.map(n => n.html.slice(0, 200))}));
  const text = JSON.stringify(told).replace(/&/g, "&amp;").replace(/</g, "&lt;");
  document.documentElement.innerHTML = "<body><pre>" + text;
});
"""


def _run(page: Path, *options: str) -> subprocess.CompletedProcess[str]:
    assert CHROMIUM
    command = [CHROMIUM, *_HEADLESS, f"--user-data-dir={page.parent / 'chromium'}", *options, page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)


def console_of(page: Path) -> list[str]:
    """What the browser complains of when it shows a page: blocked styles, scripts and loads above all."""
    shown = _run(page, "--enable-logging=stderr", "--v=0", "--dump-dom")
    return [line for line in shown.stderr.split("\n") if "CONSOLE" in line]


def sheets_of_paper(page: Path) -> int:
    """How many sheets of A4 a page is printed on."""
    printed = page.with_suffix(".pdf")
    _run(page, "--no-pdf-header-footer", f"--print-to-pdf={printed}")
    return len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes()))


def violations_of(page: Path, *options: str) -> list[dict[str, Any]]:
    """What axe-core finds in a page; it runs in a copy whose policy lets it."""
    import axe_core_python

    axe = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text(encoding="utf-8"))
    asked = page.with_name(f"asked-{page.name}")
    asked.write_text(text.replace("</body>", f"<script>{axe}</script><script>{_ASK}</script></body>"), encoding="utf-8")
    shown = _run(asked, "--virtual-time-budget=30000", "--dump-dom", *options).stdout
    match = re.search(r"<pre>(.*?)</pre>", shown, re.DOTALL)
    assert match, shown[:500]
    found: list[dict[str, Any]] = json.loads(unescape(match[1]))
    return found


def width_of_page(page: Path, width: int) -> int:
    """How wide a page's content is in a window of a width: more means that one has to scroll sideways."""
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text(encoding="utf-8"))
    script = "document.title = String(document.documentElement.scrollWidth)"
    asked = page.with_name(f"width-{page.name}")
    frame = page.with_name(f"frame-{page.name}")
    asked.write_text(text.replace("</body>", f"<script>{script}</script></body>"), encoding="utf-8")
    inner = "document.body.textContent = f.contentDocument.title"  # a window of Chromium's is never narrower than 500
    frame.write_text(f'<iframe id="f" src="{asked.name}" width="{width}" onload="{inner}"></iframe>', encoding="utf-8")
    shown = _run(frame, "--allow-file-access-from-files", "--virtual-time-budget=5000", "--dump-dom").stdout
    match = re.search(r"<body>(\d+)</body>", shown)
    assert match, shown[:500]
    return int(match[1])
