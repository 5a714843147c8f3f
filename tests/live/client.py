"""A small language client: JSON-RPC over the standard streams of the real `plaincrm lsp`, by no library."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

WAIT = 30.0  # seconds; a machine may be busy
ABLE: dict[str, Any] = {
    "workspace": {
        "workspaceEdit": {"documentChanges": True, "resourceOperations": ["create", "rename", "delete"]},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
    },
    "window": {"workDoneProgress": True},
    "textDocument": {"codeAction": {"resolveSupport": {"properties": ["edit"]}}},
}


class Client:
    """An editor with one server; `texts` are the open notes by address, kept as an editor keeps them."""

    def __init__(self, vault: Path, able: Mapping[str, Any] = ABLE, *arguments: str) -> None:
        command = [sys.executable, "-m", "plaincrm", "--today", "2026-11-21", *arguments, "lsp"]
        own = {f"XDG_{what}_HOME": str(vault.parent / what.lower()) for what in ("CACHE", "STATE")}
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **own}, cwd=vault.parent
        )
        self.vault = vault
        self.texts: dict[str, str] = {}
        self.asked: list[dict[str, Any]] = []  # requests and notes of the server, in their order
        self._told: dict[str, list[dict[str, Any]]] = {}  # what is wrong with a note since it was last touched
        self._number = 0
        self._seen: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        self.able = self.request("initialize", processId=None, rootUri=vault.as_uri(), capabilities=able)[
            "capabilities"
        ]
        self.notify("initialized")

    def ready(self, query: str = "", patience: float = WAIT) -> None:
        """Wait until the index is there, by which customers are known, or one that is named so."""
        end = time.monotonic() + patience
        while not self.request("workspace/symbol", query=query):
            assert time.monotonic() < end
            time.sleep(0.02)

    def move(self, vault: Path) -> None:
        """Close all notes and the folder of the vault, and open another vault."""
        for uri in self.texts:
            self.notify("textDocument/didClose", textDocument={"uri": uri})
        self.texts.clear()
        folders = [[{"uri": each.as_uri(), "name": each.name}] for each in (vault, self.vault)]
        self.notify("workspace/didChangeWorkspaceFolders", event=dict(zip(("added", "removed"), folders, strict=True)))
        self.vault = vault
        self.asked.clear()
        self.ready()
        self._told.clear()

    def uri(self, path: str) -> str:
        return (self.vault / path).as_uri()

    def request(self, method: str, /, **params: Any) -> Any:
        """The answer to a request. What the server says meanwhile is kept; what it asks is answered with nothing."""
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        answer = self._next(lambda seen: seen.get("id") == self._number and "method" not in seen)
        if "error" in answer:
            raise Refused(answer["error"]["message"])
        return answer["result"]

    def notify(self, method: str, /, **params: Any) -> None:
        self._send({"method": method, "params": params})

    def open(self, path: str, text: str | None = None) -> str:
        """Open a note as it lies on the disk, or as if it had another text; its address."""
        uri = self.uri(path)
        self.texts[uri] = (self.vault / path).read_bytes().decode() if text is None else text
        self._told.pop(uri, None)
        document = {"uri": uri, "languageId": "markdown", "version": 0, "text": self.texts[uri]}
        self.notify("textDocument/didOpen", textDocument=document)
        return uri

    def type(self, uri: str, text: str) -> None:
        """Let a note have another text."""
        self.texts[uri] = text
        self._told.pop(uri, None)
        self.notify("textDocument/didChange", textDocument={"uri": uri, "version": 1}, contentChanges=[{"text": text}])

    def save(self, uri: str) -> None:
        Path(self.vault / uri.removeprefix(self.vault.as_uri() + "/")).write_text(self.texts[uri], encoding="utf-8")
        self.notify("textDocument/didSave", textDocument={"uri": uri})

    def at(self, uri: str, before: str, behind: str = "") -> dict[str, Any]:
        """The place behind some words of a note (and before others), counted in UTF-16 as the protocol does."""
        text = self.texts[uri]
        start = text.index(before + behind) + len(before)
        line = text.count("\n", 0, start)
        head = text[text.rfind("\n", 0, start) + 1 : start]
        place = {"line": line, "character": len(head.encode("utf-16-le")) // 2}
        return {"textDocument": {"uri": uri}, "position": place}

    def choices(self, uri: str, before: str, behind: str = "") -> dict[str, str]:
        """What may be typed at a place: each label with the text of the note as it then is."""
        found = self.request("textDocument/completion", **self.at(uri, before, behind))
        return {item["label"]: made(self.texts[uri], [item["textEdit"]]) for item in (found or {"items": []})["items"]}

    def actions(self, uri: str, before: str, *kinds: str) -> dict[str, dict[str, Any]]:
        """What can be done behind some words of a note: each title with its edit."""
        place = self.at(uri, before)["position"]
        context = {"diagnostics": [], **({"only": [*kinds]} if kinds else {})}
        span = {"start": place, "end": place}
        found = self.request("textDocument/codeAction", textDocument={"uri": uri}, range=span, context=context)
        return {item["title"]: item for item in found or ()}

    def do(self, action: Mapping[str, Any]) -> None:
        """Do what was chosen."""
        self.make(self.request("codeAction/resolve", **action)["edit"])

    def diagnostics(self, uri: str, wanted: Callable[[list[dict[str, Any]]], bool] = bool) -> list[dict[str, Any]]:
        """What is told of a note, as soon as it is what is wanted."""

        while uri not in self._told or not wanted(self._told[uri]):
            self._next(lambda seen: seen.get("method") == "textDocument/publishDiagnostics")
        return self._told[uri]

    def codes(self, uri: str, *codes: str) -> list[dict[str, Any]]:
        """What is told of a note, as soon as it is just these codes."""
        return self.diagnostics(uri, lambda told: sorted(item["code"] for item in told) == sorted(codes))

    def seen(self, method: str) -> list[dict[str, Any]]:
        """What the server has asked or said in one way."""
        return [seen for seen in self.asked if seen["method"] == method]

    def wait(self, found: Callable[[], object]) -> None:
        """Hear what the server says until something is found in it."""
        while not found():
            self._next(lambda _seen: True)

    def message(self, method: str) -> dict[str, Any]:
        """The last message of a kind."""
        found: dict[str, Any] = self.seen(method)[-1]["params"]
        return found

    def make(self, edit: Mapping[str, Any]) -> None:
        """Make the edits of the server in the open notes and in the files, as an editor does."""
        for change in edit.get("documentChanges", ()):
            if change.get("kind") == "rename":
                old, new = self._file(change["oldUri"]), self._file(change["newUri"])
                assert not new.exists()
                old.rename(new)
            else:
                self._edit(change["textDocument"]["uri"], change["edits"])
        for uri, edits in edit.get("changes", {}).items():
            self._edit(uri, edits)

    def _edit(self, uri: str, edits: list[dict[str, Any]]) -> None:
        text = self.texts.get(uri)
        new = made(self._file(uri).read_bytes().decode() if text is None else text, edits)
        if text is None:
            self._file(uri).write_bytes(new.encode())
        else:
            self.type(uri, new)

    def _file(self, uri: str) -> Path:
        return self.vault / uri.removeprefix(self.vault.as_uri() + "/")

    def close(self) -> int:
        self.request("shutdown")
        self.notify("exit")
        return self.process.wait(WAIT)

    def _send(self, message: Mapping[str, Any]) -> None:
        assert self.process.stdin
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self.process.stdin.flush()

    def _listen(self) -> None:
        assert self.process.stdout
        while header := self.process.stdout.readline():
            size = int(header.split(b":")[1])
            while self.process.stdout.readline().strip():
                pass
            self._seen.put(json.loads(self.process.stdout.read(size)))

    def _next(self, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        while True:
            seen = self._seen.get(timeout=WAIT)
            if "method" in seen:
                self.asked.append(seen)
                if seen["method"] == "textDocument/publishDiagnostics":
                    self._told[seen["params"]["uri"]] = seen["params"]["diagnostics"]
                if "id" in seen:
                    self._send({"id": seen["id"], "result": None})
            if fits(seen):
                return seen


class Refused(Exception):
    """The server's refusal of a request."""


def made(text: str, edits: list[dict[str, Any]]) -> str:
    """A text with edits made, whose places are lines and UTF-16 units."""
    lines = text.split("\n")
    starts = [sum(len(line) + 1 for line in lines[:at]) for at in range(len(lines))]

    def offset(place: Mapping[str, int]) -> int:
        units = lines[place["line"]].encode("utf-16-le")[: place["character"] * 2]
        return starts[place["line"]] + len(units.decode("utf-16-le"))

    for edit in sorted(edits, key=lambda edit: offset(edit["range"]["start"]), reverse=True):
        text = text[: offset(edit["range"]["start"])] + edit["newText"] + text[offset(edit["range"]["end"]) :]
    return text
