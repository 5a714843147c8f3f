"""How long an editor waits for `plaincrm lsp` on a made-up vault: the median and the worst of some answers.

    python benchmarks/editor.py -n 10000

The server is the real command, spoken to over its standard streams; what is measured is the whole way there and back.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks import generate
from tests.live.client import Client

AIM = 50  # ms, of what is asked while one types
TODAY = date(2026, 11, 21)


def measured(client: Client, note: str) -> dict[str, Callable[[], Any]]:
    """What is asked, by name; each note text stands as it is while its answers are measured."""
    uri = client.open(note)
    text = client.texts[uri]
    customer = client.request("workspace/symbol", query="a")[50]["containerName"]
    front = f'\nreferred_by: "[[{customer}]]"\nver\ncity: \n---\n'
    client.type(uri, text.replace("\n---\n", front, 1) + "\nsee [[ka and [[\n")
    client.diagnostics(uri)
    span = {"start": {"line": 5, "character": 0}, "end": {"line": 5, "character": 0}}

    def at(method: str, before: str, **more: Any) -> Callable[[], Any]:
        return lambda: client.request(f"textDocument/{method}", **client.at(uri, before), **more)

    def of(method: str, **more: Any) -> Callable[[], Any]:
        return lambda: client.request(f"textDocument/{method}", textDocument={"uri": uri}, **more)

    return {
        "completion of a customer": at("completion", "see [[ka"),
        "completion of a key": at("completion", "\nver"),
        "completion of a town": at("completion", "\ncity: "),
        "hover on a link": at("hover", "[[" + customer),
        "definition": at("definition", "[[" + customer),
        "references": at("references", "[[" + customer, context={"includeDeclaration": True}),
        "search for a customer": lambda: client.request("workspace/symbol", query="kahv"),
        "outline": of("documentSymbol"),
        "code actions": of("codeAction", range=span, context={"diagnostics": []}),
        "rename": at("rename", "[[" + customer, newName="Another Name Oy"),
    }


def took(ask: Callable[[], Any], repeats: int) -> list[float]:
    """Milliseconds, each time."""
    found = []
    for _ in range(repeats):
        start = time.perf_counter()
        ask()
        found.append((time.perf_counter() - start) * 1000)
    return found


def main(words: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="How long an editor waits for plaincrm lsp.")
    parser.add_argument("-n", type=int, default=10_000, metavar="N", help="customers (10000)")
    parser.add_argument("--repeats", type=int, default=9, metavar="N", help="times that each is asked (9)")
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        vault = Path(folder) / "vault"
        generate.generate(vault, options.n, today=TODAY)
        client = Client(vault)
        client.ready(patience=600)
        note = sorted(vault.glob("customers/**/*.md"))[3].relative_to(vault).as_posix()
        print(f"{options.n:,} customers: median and worst of {options.repeats}, in ms; aim {AIM}")
        for name, ask in measured(client, note).items():
            times = took(ask, options.repeats)
            print(f"  {name:26}{statistics.median(times):7.1f}{max(times):7.1f}")
        client.close()


if __name__ == "__main__":
    main()
