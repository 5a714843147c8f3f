"""Debian's Chromium without a window: what it makes of pages, and what axe-core says of them.

A browser takes longer to start than to look at a page, so it looks at several at once, each in a frame of its own.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium")
_HEADLESS = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
_POLICY = r'<meta http-equiv="Content-Security-Policy"[^>]*>'
# Each page tells its answer to the frame around it, which shows all of them once they are there.
_FRAMES = """<!doctype html><title>Frames</title><meta name="color-scheme" content="light dark">
<script>
const told = {}, count = %d;
function tell(name, answer) {
  told[name] = answer;
  if (Object.keys(told).length < count) return;
  const text = JSON.stringify(told).replace(/&/g, "&amp;").replace(/</g, "&lt;");
  document.documentElement.innerHTML = "<body><pre>" + text;
}
</script>
"""
_AXE = """
axe.run(document, {runOnly: %s, resultTypes: ["violations"], selectors: false}).then(found => parent.tell(name,
  found.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.map(n => n.html.slice(0, 200))}))));
"""
_RULES = ("wcag2a", "wcag2aa", "best-practice")
_WIDTH = """
const further = [...document.querySelectorAll("figure")].map(chart => chart.scrollWidth - chart.clientWidth);
parent.tell(name, document.documentElement.scrollWidth + Math.max(0, ...further));
"""


def _run(page: Path, *options: str) -> subprocess.CompletedProcess[str]:
    assert CHROMIUM
    command = [CHROMIUM, *_HEADLESS, f"--user-data-dir={page.parent / 'chromium'}", *options, page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)


def console_of(folder: Path, pages: Mapping[str, str]) -> list[str]:
    """What the browser complains of when it shows pages: blocked styles, scripts and loads above all."""
    frames = folder / "console.html"
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    frames.write_text("".join(f'<iframe src="{name}.html"></iframe>' for name in pages), encoding="utf-8")
    shown = _run(frames, "--enable-logging=stderr", "--v=0", "--dump-dom")
    return [line for line in shown.stderr.split("\n") if "CONSOLE" in line]


def sheets_of_paper(folder: Path, page: str) -> int:
    """How many sheets of A4 a page is printed on."""
    file, printed = folder / "page.html", folder / "page.pdf"
    file.write_text(page, encoding="utf-8")
    _run(file, "--no-pdf-header-footer", f"--print-to-pdf={printed}")
    return len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes()))


def violations_of(
    folder: Path, pages: Mapping[str, str], width: int, scheme: str, rules: tuple[str, ...] = _RULES
) -> dict[str, list[dict[str, Any]]]:
    """What axe-core finds by some of its rules in pages in a window of a width, by day or (`dark`) by night."""
    script = f"{_axe()}</script><script>{_AXE % json.dumps(rules)}"
    colours = f"--blink-settings=preferredColorScheme={int(scheme != 'dark')}"
    return _told(folder, {(name, width): page for name, page in pages.items()}, script, colours)


def widths_of(folder: Path, pages: Mapping[tuple[str, int], str]) -> dict[str, int]:
    """How wide the content of each page is in a window of its width: more means that one has to scroll it sideways, or
    a chart of it.
    """
    return _told(folder, pages, _WIDTH)


@cache
def _axe() -> str:
    import axe_core_python

    return (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def _told(folder: Path, pages: Mapping[tuple[str, int], str], script: str, *options: str) -> dict[str, Any]:
    """What a script tells of pages by name; it runs in copies whose policy lets it, in frames of a width."""
    frames = [_FRAMES % len(pages)]
    for (name, width), page in pages.items():
        asked = f"<script>const name = {json.dumps(name)};</script><script>{script}</script></body>"
        text = re.sub(_POLICY, "", page).replace("</body>", asked)
        (folder / f"asked-{name}.html").write_text(text, encoding="utf-8")
        frames.append(f'<iframe src="asked-{name}.html" width="{width}" height="900"></iframe>')
    around = folder / "frames.html"
    around.write_text("".join(frames), encoding="utf-8")
    given = ("--allow-file-access-from-files", "--virtual-time-budget=30000", "--dump-dom")
    shown = _run(around, *given, *options).stdout
    match = re.search(r"<pre>(.*?)</pre>", shown, re.DOTALL)
    assert match, shown[:500]
    found: dict[str, Any] = json.loads(unescape(match[1]))
    return found
