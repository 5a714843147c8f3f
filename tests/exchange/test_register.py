"""A company looked up in the Finnish register: from a saved answer, from a pipe, and from a server of its shape."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from plaincrm.cli.group import cli
from plaincrm.errors import NoMatch, UsageError
from plaincrm.exchange import register
from plaincrm.exchange.register import company, fetched
from plaincrm.records.schema import Schema

ANSWER = Path(__file__).parents[1] / "fixtures/import/prh.json"
FIELDS = {
    "type": ("company",),
    "business_id": ("2077474-0",),
    "vat_id": ("FI20774740",),
    "website": ("www.aijalanverstas.example",),
    "address": ("Satamakatu 2 B 3",),
    "postcode": ("20100",),
    "city": ("Turku",),
    "country": ("FI",),
    "industry": ("Maalaus",),
}


def test_an_answer_tells_what_is_so_now() -> None:
    assert company(ANSWER.read_bytes(), "2077474-0", Schema()) == ("Äijälän Verstas Oy", FIELDS)
    assert company(ANSWER.read_bytes(), "", Schema(), "en")[1]["industry"] == ("Painting",)


@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        (b"<html>", UsageError, "no JSON"),
        (b'{"companies": [{"x": 1}]}', UsageError, "no answer of the company register"),
        (b'{"totalResults": 0, "companies": []}', NoMatch, "2077474-0 is not in the register's answer"),
        (b'{"companies": [{"businessId": {"value": "2077474-0"}, "endDate": "2020-01-02"}]}', NoMatch, "ended on 2020"),
        (b'{"companies": [{"businessId": {"value": "2077474-0"}, "names": [null]}]}', NoMatch, "tells no name"),
    ],
)
def test_an_answer_that_does_not_tell_is_refused(answer: bytes, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        company(answer, "2077474-0", Schema())


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        known = self.path == "/v3/companies?businessId=2077474-0"
        self.send_response(200 if known else 429)
        self.end_headers()
        self.wfile.write(ANSWER.read_bytes() if known else b"slow down")

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Handler) as here:
        threading.Thread(target=here.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{here.server_port}/v3"
        here.shutdown()


def test_the_register_is_asked_and_its_refusal_is_told(server: str) -> None:
    assert fetched("2077474-0", server) == ANSWER.read_bytes()
    with pytest.raises(UsageError, match="asked too often"):
        fetched("1572860-0", server)
    with pytest.raises(UsageError, match="cannot be reached") as offline:
        fetched("2077474-0", "http://127.0.0.1:9/v3")
    assert "--from-register FILE" in offline.value.remedy
    with pytest.raises(UsageError, match="no address that is asked"):
        fetched("2077474-0", "file:///etc")


def new(tmp_path: Path, *arguments: str, piped: bytes = b"") -> Result:
    (tmp_path / "customers").mkdir(exist_ok=True)
    (tmp_path / "plaincrm.toml").touch()
    asked = ["--no-cache", "--vault", str(tmp_path), "--today", "2026-11-21", "new", *arguments]
    return CliRunner().invoke(cli, asked, input=piped)


NOTE = """---
name: Äijälän Verstas Oy
type: company
business_id: 2077474-0
vat_id: FI20774740
website: www.aijalanverstas.example
address: Satamakatu 2 B 3
postcode: "20100"
city: Turku
country: FI
industry: Painter
stage: lead
---

## Log
"""


def test_a_new_note_gets_what_the_register_tells_and_what_is_given_goes_before(tmp_path: Path) -> None:
    done = new(tmp_path, "--business-id", "20774740", "--from-register", str(ANSWER), "ala=Painter")
    assert (done.exit_code, done.stderr) == (0, "") or "first one" in done.stderr
    assert (tmp_path / "customers/äijälän-verstas-oy.md").read_text(encoding="utf-8") == NOTE


def test_an_answer_is_piped_and_a_name_may_be_given(tmp_path: Path) -> None:
    assert new(tmp_path, "Verstas", "--from-register", "-", piped=ANSWER.read_bytes()).exit_code == 0
    assert "name: Verstas\n" in (tmp_path / "customers/verstas.md").read_text(encoding="utf-8")


def test_without_a_source_nothing_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: str) -> None:
    from plaincrm.errors import PlaincrmError

    with pytest.raises(PlaincrmError, match="Where does the register's answer come from"):
        raise new(tmp_path, "--business-id", "2077474-0").exception or AssertionError
    with pytest.raises(PlaincrmError, match="has a wrong check digit"):
        raise new(tmp_path, "--business-id", "2077474-1", "--fetch").exception or AssertionError
    monkeypatch.setattr(register.fetched, "__defaults__", (server,))
    assert new(tmp_path, "--business-id", "2077474-0", "--fetch").exit_code == 0
