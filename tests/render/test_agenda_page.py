"""The agenda as a page: read back as HTML it says what the agenda says, does nothing and loads nothing."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import date
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import plaincrm
from plaincrm.cli.run import run
from plaincrm.render.agenda_page import page
from plaincrm.render.agenda_words import Shown
from plaincrm.render.escape import html_text, mail_uri, phone_uri, terminal
from plaincrm.reports.agenda import Agenda
from tests.making import EXAMPLE, vault_of
from tests.render.test_agenda import NOTES
from tests.render.test_check_forms import HOSTILE
from tests.render.test_escape import hostile_vault, is_hostile

TODAY = date(2026, 11, 21)
VOID = {"meta"}
INERT = {*("html", "head", "title", "style", "body", "section", "footer"), *("h1", "h2", "h3", "ul", "li", "p")}
INERT |= {*("main", "strong", "span", "a"), *VOID}


class Read(HTMLParser):
    """The tags of a page, closed in their order, and its texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(re.sub("</?time>", "", text))  # a day is a part of its sentence
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open += [tag] if tag not in VOID else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self.open[-1] if self.open else "", data))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def of(self, tag: str) -> list[str]:
        return [text for within, text in self.texts if within == tag]


def read(report: Agenda, shown: Shown = Shown()) -> Read:  # noqa: B008
    text = page(report, shown)
    assert text.startswith("<!doctype html>\n")
    assert not [character for character in {*text} if is_hostile(character)]
    found = Read(text)
    assert {tag for tag, _attributes in found.tags} <= INERT
    for tag, attributes in found.tags:
        known = {"html": {"lang"}, "a": {"href"}, "meta": {"charset", "http-equiv", "name", "content"}}
        assert set(attributes) <= known.get(tag, {"class", "dir"})
        if tag == "a":
            assert re.fullmatch(r"tel:\+?[0-9]+|mailto:[\w.%-]+@[\w.-]+", attributes["href"] or "", re.ASCII)
    return found


def test_the_style_is_the_one_that_the_policy_lets_through(tmp_path: Path) -> None:
    found = read(vault_of(tmp_path, NOTES).agenda(TODAY))
    (style,) = found.of("style")
    (policy,) = [told["content"] for tag, told in found.tags if tag == "meta" and "http-equiv" in told]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "url" not in style
    assert "@import" not in style


def test_groups_and_foot(tmp_path: Path) -> None:
    report = vault_of(tmp_path, {**NOTES, "x.md": "---\nname: [\n---\n"}).agenda(TODAY)
    found = read(report, Shown(limit=3))
    assert found.of("h2") == ["Overdue", "Today"]
    assert found.of("strong") == ["Anna", "Cia", "Bo"]
    assert found.of("span") == ["promise", "next", "appointment"]
    assert found.texts[-4:] == [
        ("p", "1 more, less urgent; --limit 0 shows all."),
        ("p", "1 held back; --all shows it and says why. 1 paused (quiet_until, or cadence never)."),
        ("p", "1 file not read in full; see plaincrm check:"),
        ("p", "customers/x.md: bad-yaml"),
    ]
    everything = read(report, Shown(everything=True, explain=True))
    assert everything.of("h2") == ["Overdue", "Today", "Without a date", "Held back"]
    assert "The next contact was set for 2026-11-19. Held back: quiet until 2026-12-01." in everything.of("p")
    assert sum(text.startswith("urgency ") for text in everything.of("p")) == len(everything.of("strong")) == 5


def test_an_empty_page_says_why(tmp_path: Path) -> None:
    assert read(vault_of(tmp_path, {}).agenda(TODAY)).of("p") == ["0 customers", "There are no customers yet."]


def test_the_example_vault() -> None:
    report = plaincrm.open_vault(EXAMPLE).agenda(TODAY)
    found = read(report)
    assert sorted(found.of("strong")) == sorted(item.name for item in report.items)
    links = [told["href"] for tag, told in found.tags if tag == "a"]
    assert "tel:+358405550199" in links
    assert len(links) == sum(bool(item.reach) and item.channel in ("call", "email") for item in report.items)


def test_a_page_of_a_hostile_vault(tmp_path: Path) -> None:
    report = plaincrm.open_vault(hostile_vault(tmp_path)).agenda(TODAY)
    found = read(report)
    assert sum(tag == "li" for tag, _attributes in found.tags) == len(report.items) > 20
    assert sum(tag == "style" for tag, _attributes in found.tags) == 1


@given(HOSTILE | st.text("<>&\"'/!-script=x;#", max_size=12))
def test_text_is_nothing_but_text_to_a_page(text: str) -> None:
    found = Read(f'<p class="{html_text(text)}">x{html_text(text)}x</p>')
    assert found.tags == [("p", {"class": terminal(text)})]
    assert found.of("p") == [f"x{terminal(text)}x"]


@given(HOSTILE | st.from_regex(r"[+0-9 ()-]{5,20}|[a-z.+]+@[a-z.-]+", fullmatch=True))
def test_a_link_rings_or_writes_and_does_nothing_else(text: str) -> None:
    assert re.fullmatch(r"(tel:\+?[0-9]{6,})?", phone_uri(text), re.ASCII)
    assert re.fullmatch(r"(mailto:[\w.%-]+@[\w.-]+)?", mail_uri(text), re.ASCII)


@pytest.mark.parametrize(
    ("text", "phone", "mail"),
    [
        ("+358 40 555 0199", "tel:+358405550199", ""),
        ("+358 40 555 0199 (Pekka (isä) Laine)", "tel:+358405550199", ""),
        ("040-555 0199", "tel:0405550199", ""),
        ("+358 40 555 0199;ext=1", "", ""),
        ("112", "", ""),
        ("+٣٥٨٤٠٥٥٥٠١٩٩", "", ""),
        ("pekka+x@aurinko.example (Pekka Laine)", "", "mailto:pekka%2Bx@aurinko.example"),
        ("a@b.example?bcc=c@d.example", "", ""),
        ("a@b.example,c@d.example", "", ""),
        ("javascript:alert(1)", "", ""),
        ("Tuotekatu 10, Raisio", "", ""),
    ],
)
def test_links(text: str, phone: str, mail: str) -> None:
    assert (phone_uri(text), mail_uri(text)) == (phone, mail)


@pytest.mark.parametrize("form", ["md", "ics", "html"])
def test_every_form_of_the_command_is_harmless(form: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    vault = ["--vault", str(hostile_vault(tmp_path)), "--no-cache", "--today", "2026-11-21"]
    assert run([*vault, "agenda", "--all", "--explain", "--format", form]) == 0
    seen = capfd.readouterr()
    assert seen.err == ""
    assert seen.out.count("\n") > 100
    assert not [character for character in {*seen.out.replace("\r\n", "\n")} if is_hostile(character)]
