"""The language server as an editor meets it: the real command, spoken to over its standard streams."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import plaincrm
from plaincrm.live.bringing_up import MANY
from tests.live.client import ABLE, Client, Refused
from tests.making import make_vault

AURINKO = """\
---
name: Kahvila Aurinko Oy
type: company
stage: customer
email: info@aurinko.example
referred_by: "[[salo-consulting]]"
next: 2026-12-01
---

The yellow café. Ask 🙂 [[salo-consulting]] about it.

## Log

### 2026-11-20 call in, Pekka: wants a quote
- [ ] Send the quote 📅 2026-11-25
- 2026-10-02 email out: thanks
"""
SALO = (
    "---\nname: Salo Consulting Oy\ntype: company\nemail: sari@salo.example\n---\n\n## Log\n- 2026-11-17 call: coffee\n"
)
HOME = "Our oldest friend is [[customers/salo-consulting|Sari]].\n"
NOTES = {"kahvila-aurinko.md": AURINKO, "salo-consulting.md": SALO, "notes/home.md": HOME}
PATH = "customers/kahvila-aurinko.md"


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return make_vault(tmp_path / "vault", NOTES)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """One server for all: it starts in the time of many answers."""
    client = Client(make_vault(tmp_path_factory.mktemp("first") / "vault", {}))
    yield client
    assert client.close() == 0


@pytest.fixture
def client(server: Client, vault: Path) -> Client:
    """The same editor with this vault alone open."""
    server.move(vault)
    return server


@pytest.fixture(scope="module")
def simple(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """An editor that can do little."""
    client = Client(make_vault(tmp_path_factory.mktemp("simple") / "vault", NOTES), {})
    client.ready()
    yield client
    assert client.close() == 0


class TestFaults:
    def test_a_fault_is_shown_as_it_is_typed_and_mended_at_a_key(self, client, vault):
        uri = client.open(PATH)
        client.type(uri, AURINKO.replace("next: 2026-12-01", "next: 1.12.2026"))
        (told,) = client.codes(uri, "bad-date")
        assert told["range"] == {"start": {"line": 6, "character": 6}, "end": {"line": 6, "character": 15}}
        assert told["message"].startswith("next: 1.12.2026 is no date. Did you mean 2026-12-01?\nWrite dates as")
        assert (told["severity"], told["source"]) == (1, "plaincrm")
        actions = client.actions(uri, "next: 1.12")
        assert actions["Mend bad-date: 2026-12-01"]["isPreferred"]
        client.do(actions["Mend bad-date: 2026-12-01"])
        assert client.texts[uri] == AURINKO
        assert client.codes(uri) == []
        assert (vault / PATH).read_text(encoding="utf-8") == AURINKO

    def test_all_that_is_certain_is_mended_at_once(self, client):
        uri = client.open(PATH)
        broken = AURINKO.replace("next: 2026-12-01", "next: 1.12.2026").replace("### 2026-11-20", "### 2026-11-5")
        client.type(uri, broken)
        client.diagnostics(uri)
        titles = client.actions(uri, "name: ", "source.fixAll")
        assert list(titles) == ["Mend all faults that can be mended for certain"]
        client.do(*titles.values())
        assert client.texts[uri] == AURINKO.replace("2026-11-20", "2026-11-05")

    def test_places_are_utf_16(self, client):
        uri = client.open(PATH)
        client.type(uri, AURINKO + "- 2026-10-01 visit: hyvä 🙂🙂 [nps:: 99]\n")
        (told,) = client.codes(uri, "out-of-range")
        assert told["range"]["start"] == {"line": 16, "character": 37}  # 35 characters, of which two take two units

    def test_what_only_the_register_knows_is_shown_and_moves_with_its_line(self, client, vault):
        twin = "---\nname: Twin\nemail: info@aurinko.example\n---\n"
        (vault / "customers/twin.md").write_text(twin, encoding="utf-8")
        uri = client.open("customers/twin.md")
        assert [item["range"]["start"]["line"] for item in client.codes(uri, "same-email")] == [2]
        client.type(uri, twin.replace("email:", "city: Turku\nemail:"))
        assert [item["range"]["start"]["line"] for item in client.codes(uri, "same-email")] == [3]
        client.type(uri, twin.replace("info@", "hello@"))
        assert client.codes(uri) == []
        client.save(uri)
        client.type(uri, twin)
        assert client.codes(uri) == []  # until it is saved, the register knows the other address

    def test_what_others_write_is_seen(self, client, vault):
        uri = client.open("customers/salo-consulting.md")
        assert client.codes(uri) == []
        (vault / "customers/alto.md").write_text(SALO.replace("Salo Cons", "Alto Cons"), encoding="utf-8")
        client.notify("workspace/didChangeWatchedFiles", changes=[{"uri": client.uri("customers/alto.md"), "type": 1}])
        client.codes(uri, "same-email")

    def test_a_note_may_keep_quiet_and_a_baseline_too(self, client, vault):
        uri = client.open(PATH, AURINKO.replace("stage: customer", "stage: custmer"))
        client.codes(uri, "unknown-stage")
        client.type(uri, client.texts[uri] + "\n<!-- plaincrm: ignore unknown-stage: to be sorted out -->\n")
        assert client.codes(uri) == []
        client.type(uri, AURINKO.replace("stage: customer", "stage: custmer"))
        client.codes(uri, "unknown-stage")
        (vault / "plaincrm-baseline.txt").write_text(f"1 unknown-stage {PATH}\n", encoding="utf-8")
        client.notify("workspace/didChangeWatchedFiles", changes=[{"uri": client.uri(PATH), "type": 2}])
        assert client.codes(uri) == []

    def test_other_settings_are_seen(self, client, vault):
        uri = client.open(PATH, AURINKO.replace("stage: customer", "stage: friend"))
        client.codes(uri, "unknown-stage")
        (vault / "plaincrm.toml").write_text('[stages]\norder = ["lead", "friend"]\n', encoding="utf-8")
        client.notify("workspace/didChangeWatchedFiles", changes=[{"uri": client.uri("plaincrm.toml"), "type": 2}])
        client.diagnostics(uri, lambda told: "unknown-stage" not in [item["code"] for item in told])

    def test_while_the_settings_are_gone_the_old_ones_hold(self, client, vault):
        uri = client.open(PATH)
        assert client.codes(uri) == []
        (vault / "plaincrm.toml").rename(vault / "plaincrm.toml~")
        client.notify("workspace/didChangeWatchedFiles", changes=[{"uri": client.uri("plaincrm.toml"), "type": 3}])
        client.type(uri, AURINKO.replace("stage: customer", "stage: custmer"))
        client.codes(uri, "unknown-stage")


class TestCompletion:
    def test_a_customer_is_completed_behind_letters_that_take_two_units(self, client):
        uri = client.open(PATH)
        client.type(uri, AURINKO.replace("[[salo-consulting]] about", "[[consul about"))
        assert client.choices(uri, "🙂 [[consul") == {"Salo Consulting Oy": AURINKO.replace("]] about", "]] about")}

    def test_a_customer_is_completed_in_a_note_that_is_no_customer(self, client):
        uri = client.open("notes/home.md", "See [[sal]]")
        assert client.choices(uri, "[[sal") == {"Salo Consulting Oy": "See [[salo-consulting]]"}

    def test_a_day_by_word_and_a_key(self, client):
        uri = client.open(PATH)
        client.type(uri, AURINKO.replace("next: 2026-12-01", "next: next fri"))
        assert client.choices(uri, "next: next fri")["next fri"] == AURINKO.replace("2026-12-01", "2026-11-27")
        client.type(uri, AURINKO.replace("next: 2026-12-01", "cad"))
        assert client.choices(uri, "\ncad") == {"cadence": AURINKO.replace("next: 2026-12-01", "cadence: ")}

    def test_answers_stand_for_the_letters_typed_so_far(self, client):
        uri = client.open("notes/home.md", "See [[sal")
        found = client.request("textDocument/completion", **client.at(uri, "[[sal"))
        assert found["isIncomplete"]
        assert [(item["filterText"], item["detail"]) for item in found["items"]] == [("sal", "salo-consulting")]


class TestLinks:
    @pytest.mark.parametrize("at", ["🙂 [[salo", 'referred_by: "[[salo'])
    def test_a_link_leads_to_its_note(self, client, at):
        uri = client.open(PATH)
        (found,) = client.request("textDocument/definition", **client.at(uri, at))
        assert found["uri"] == client.uri("customers/salo-consulting.md")

    def test_a_link_may_lead_to_any_note(self, client):
        uri = client.open("customers/salo-consulting.md", SALO + "See [[home]].\n")
        (found,) = client.request("textDocument/definition", **client.at(uri, "[[ho"))
        assert found["uri"] == client.uri("notes/home.md")

    def test_links_to_a_customer_are_found_from_a_link_and_from_its_name(self, client):
        uri = client.open(PATH)
        client.type(uri, AURINKO + "\nOnce more: [[salo-consulting]], not saved yet.\n")
        salo = client.open("customers/salo-consulting.md")
        asked = {"context": {"includeDeclaration": False}}
        found = client.request("textDocument/references", **client.at(uri, "🙂 [[salo"), **asked)
        assert [(Path(item["uri"]).name, item["range"]["start"]["line"]) for item in found] == [
            *(("kahvila-aurinko.md", line) for line in (5, 9, 17)),
            ("home.md", 0),  # a note that is no customer
        ]
        assert found[1]["range"] == {"start": {"line": 9, "character": 26}, "end": {"line": 9, "character": 41}}
        assert client.request("textDocument/references", **client.at(salo, "name: Sal"), **asked) == found

    def test_links_to_a_customer_are_bare_and_of_markdown_too_but_not_code(self, client, vault):
        text = "---\nname: Kuu\nreferred_by: salo-consulting\n---\n[S](salo-consulting.md), `[[salo-consulting]]`\n"
        (vault / "customers/kuu.md").write_text(text, encoding="utf-8")
        salo = client.open("customers/salo-consulting.md")
        client.notify("workspace/didChangeWatchedFiles", changes=[{"uri": client.uri("customers/kuu.md"), "type": 1}])
        client.ready("kuu")
        asked = {**client.at(salo, "name: Sal"), "context": {"includeDeclaration": False}}
        found = client.request("textDocument/references", **asked)
        ours = [item["range"] for item in found if item["uri"] == client.uri("customers/kuu.md")]
        assert [(span["start"]["line"], span["start"]["character"], span["end"]["character"]) for span in ours] == [
            (2, 13, 28),
            (4, 4, 22),
        ]

    def test_hover_tells_the_brief_and_what_a_field_is_for(self, client):
        uri = client.open(PATH)
        told = client.request("textDocument/hover", **client.at(uri, "🙂 [[salo"))["contents"]
        assert told["kind"] == "markdown"
        assert told["value"].startswith("# Salo Consulting Oy\n\nsalo-consulting · company")
        assert "2026-11-17 call: coffee" in told["value"]
        told = client.request("textDocument/hover", **client.at(uri, "\nsta"))["contents"]["value"]
        assert told.startswith("**stage** (one): lead, prospect, customer, regular, advocate, former\n\nWhere")
        assert client.request("textDocument/hover", **client.at(uri, "The yell")) is None

    def test_customers_are_found_by_name_before_a_note_is_open(self, client):
        found = client.request("workspace/symbol", query="aurin")
        assert [(item["name"], item["location"]["uri"]) for item in found] == [("Kahvila Aurinko Oy", client.uri(PATH))]


class TestRenaming:
    def test_a_customer_is_renamed_across_the_vault(self, client, vault):
        uri = client.open(PATH)
        text = AURINKO + "Not saved: [[salo-consulting]]\n"
        client.type(uri, text)
        at = client.at(uri, "🙂 [[salo")
        assert client.request("textDocument/prepareRename", **at)["placeholder"] == "Salo Consulting Oy"
        client.make(client.request("textDocument/rename", newName="Sari Salo Oy", **at))
        assert client.texts[uri] == (AURINKO + "Not saved: [[salo-consulting]]\n").replace(
            "salo-consulting", "sari-salo-oy"
        )
        assert (vault / "notes/home.md").read_text() == HOME.replace("salo-consulting", "sari-salo-oy")
        assert not (vault / "customers/salo-consulting.md").exists()
        renamed = plaincrm.open_vault(vault, cache=False).customer("sari-salo-oy")
        assert (renamed.name, renamed.aliases) == ("Sari Salo Oy", ("Salo Consulting Oy",))

    def test_an_editor_that_cannot_rename_files_changes_the_name_alone(self, simple):
        client = simple
        uri = client.open("customers/salo-consulting.md")
        client.make(client.request("textDocument/rename", newName="Sari Salo Oy", **client.at(uri, "name: Sa")))
        assert client.texts[uri] == SALO.replace("name: Salo Consulting Oy", "name: Sari Salo Oy").replace(
            "email", "aliases:\n  - Salo Consulting Oy\nemail"
        )

    def test_what_cannot_be_done_is_refused_with_a_reason(self, client):
        uri = client.open(PATH)
        with pytest.raises(Refused, match="There is no customer here"):
            client.request("textDocument/rename", newName="X", **client.at(uri, "The yell"))
        with pytest.raises(Refused, match="name"):
            client.request("textDocument/rename", newName=" ", **client.at(uri, "🙂 [[salo"))


class TestActions:
    def test_a_promise_is_ticked_off(self, client):
        uri = client.open(PATH)
        client.do(client.actions(uri, "- [ ] Send")["Mark done: Send the quote"])
        assert client.texts[uri] == AURINKO.replace(
            "- [ ] Send the quote 📅 2026-11-25", "- [x] Send the quote 📅 2026-11-25 ✅ 2026-11-21"
        )
        assert not client.actions(uri, "- [x] Send", "refactor")

    def test_a_call_is_logged_and_the_next_step_set(self, client):
        uri = client.open(PATH)
        actions = client.actions(uri, "name: ", "source")
        client.do(actions["Log a call today"])
        assert "## Log\n\n- 2026-11-21 call\n### 2026-11-20" in client.texts[uri]
        client.do(actions["Next step in a week (2026-11-28)"])
        assert "next: 2026-11-28\n" in client.texts[uri]

    def test_an_editor_that_asks_once_gets_the_edits_at_once(self, simple):
        client = simple
        uri = client.open(PATH)
        action = client.actions(uri, "- [ ] Send")["Mark done: Send the quote"]
        client.make(action["edit"])
        assert "- [x] Send the quote 📅 2026-11-25 ✅ 2026-11-21\n" in client.texts[uri]

    def test_a_note_in_no_state_to_be_edited_is_left_alone_and_says_so(self, client):
        uri = client.open(PATH)
        action = client.actions(uri, "name: ", "source")["Next step in a week (2026-11-28)"]
        client.type(uri, AURINKO.replace("next:", "next: 2026-11-30\nnext:"))
        assert "edit" not in client.request("codeAction/resolve", **action)
        assert "stands in it twice" in client.message("window/showMessage")["message"]


class TestOutline:
    def test_entries_and_promises_are_listed_under_their_section(self, client):
        uri = client.open(PATH)
        found = client.request("textDocument/documentSymbol", textDocument={"uri": uri})
        assert [item["name"] for item in found] == ["front matter", "Log"]
        entries = found[1]["children"]
        assert [item["name"] for item in entries] == [
            "2026-11-20 call in, Pekka: wants a quote",
            "2026-10-02 email out: thanks",
        ]
        assert [item["name"] for item in entries[0]["children"]] == ["Send the quote"]

    def test_front_matter_sections_and_entries_fold(self, client):
        uri = client.open(PATH)
        found = client.request("textDocument/foldingRange", textDocument={"uri": uri})
        assert [(item["startLine"], item["endLine"]) for item in found] == [(0, 7), (11, 15), (13, 14)]


class TestOddNotes:
    def everything(self, client: Client, uri: str) -> None:
        """Ask whatever can be asked at each end of a note."""
        lines = client.texts[uri].split("\n")
        document = {"textDocument": {"uri": uri}}
        for line in (0, len(lines) // 2, len(lines) - 1, len(lines) + 5):
            place = {**document, "position": {"line": line, "character": 3}}
            for what in ("completion", "hover", "definition", "prepareRename"):
                client.request(f"textDocument/{what}", **place)
            client.request("textDocument/references", **place, context={"includeDeclaration": True})
            span = {"start": place["position"], "end": place["position"]}
            client.request("textDocument/codeAction", **document, range=span, context={"diagnostics": []})
        client.request("textDocument/documentSymbol", **document)
        client.request("textDocument/foldingRange", **document)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "---",
            "---\n",
            "---\nname: [\n",
            '---\nname: "x\n---\n',
            "---\nname: &a [*a, *a]\n---\n",
            "---\nstage: \n---\n## Log\n- ",
            "---\r\nname: A\r\nnext: fri\r\n---\r\n[[\r\n",
            "\ufeff---\nname: x\n---\n",
            "---\nname: x\rstage: y\u2028\x0b\n---\n- [ ] [[",
            "---\nreferred_by: [[a\n- [b]]\n---\n[a:: [b:: ](c::",
        ],
    )
    def test_half_a_note_is_answered_for(self, client, text):
        uri = client.open(PATH)
        client.type(uri, text)
        self.everything(client, uri)
        client.type(uri, AURINKO)
        assert client.codes(uri) == []

    def test_a_huge_note(self, client):
        entries = "".join(f"- 2026-10-{day % 28 + 1:02} call out: nothing new, number {day}\n" for day in range(5000))
        uri = client.open(PATH, AURINKO + entries)
        self.everything(client, uri)
        client.type(uri, (AURINKO + entries).replace("stage: customer", "stage: custmer"))
        client.codes(uri, "unknown-stage")

    def test_a_note_that_is_no_customer_has_links_and_no_faults(self, client):
        uri = client.open("notes/home.md", "---\nstage: nonsense\n---\n" + HOME)
        self.everything(client, uri)
        assert client.diagnostics(uri, lambda _told: True) == []
        assert client.choices(uri, "stage: ", "nonsense") == {}
        assert client.request("textDocument/definition", **client.at(uri, "customers/salo"))

    def test_what_lies_outside_every_vault_is_left_alone(self, client, tmp_path):
        outside = ((tmp_path / "other.md").as_uri(), "untitled:Untitled-1", "file:///nowhere/at%00/all.md")
        for uri in outside:
            client.texts[uri] = "---\nstage: nonsense\n---\n"
            document = {"uri": uri, "languageId": "markdown", "version": 0, "text": client.texts[uri]}
            client.notify("textDocument/didOpen", textDocument=document)
            self.everything(client, uri)
            client.notify("textDocument/didClose", textDocument={"uri": uri})
        told = {seen["params"]["uri"] for seen in client.seen("textDocument/publishDiagnostics")}
        assert not told & set(outside)

    def test_without_settings_a_folder_is_a_vault_when_it_is_named(self, tmp_path):
        vault = make_vault(tmp_path / "bare", {"a.md": "---\nname: A\nstage: nonsense\n---\n"})
        (vault / "plaincrm.toml").unlink()
        client = Client(vault, ABLE, "--vault", str(vault))
        client.codes(client.open("customers/a.md"), "unknown-stage")
        assert client.close() == 0

    def test_a_closed_note_has_no_faults_any_more(self, client):
        uri = client.open(PATH, AURINKO.replace("stage: customer", "stage: custmer"))
        client.codes(uri, "unknown-stage")
        client.notify("textDocument/didClose", textDocument={"uri": uri})
        assert client.diagnostics(uri, lambda told: not told) == []


class TestManyNotes:
    def test_while_they_are_read_the_editor_shows_how_far_that_is(self, server, tmp_path):
        many = {f"n{number}.md": f"---\nname: Number {number}\n---\n" for number in range(MANY)}
        server.move(make_vault(tmp_path / "vault", many))
        server.wait(lambda: [seen for seen in server.seen("$/progress") if seen["params"]["value"]["kind"] == "end"])
        first, *reports, _end = [seen["params"]["value"] for seen in server.seen("$/progress")]
        assert (first["kind"], first["title"]) == ("begin", "plaincrm: reading notes")
        assert [each["message"].split(" of ")[1] for each in reports] == [str(MANY)] * len(reports)
        done = [first["percentage"], *(each["percentage"] for each in reports)]
        assert done == sorted(set(done))
        assert done[-1] == 100
        assert len(server.seen("window/workDoneProgress/create")) == 1


class TestTheCommand:
    def test_nothing_in_the_vault_is_written(self, client, vault):
        before = {path: path.read_bytes() for path in vault.rglob("*") if path.is_file()}
        uri = client.open(PATH)
        TestOddNotes().everything(client, uri)
        client.request("textDocument/rename", newName="Sari Salo Oy", **client.at(uri, "🙂 [[salo"))
        assert {path: path.read_bytes() for path in vault.rglob("*") if path.is_file()} == before

    @pytest.mark.parametrize(
        ("before", "words", "told"),
        [
            ("import sys; sys.modules['pygls'] = None", ["lsp"], "pip install 'plaincrm[lsp]'"),
            ("", ["--no-cache", "lsp"], "Leave --no-cache out"),
        ],
    )
    def test_what_it_needs_is_told(self, before, words, told):
        script = f"{before}\nfrom plaincrm.cli.run import run\nraise SystemExit(run({words}))"
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (2, "")
        assert told in done.stderr
