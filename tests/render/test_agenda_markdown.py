"""The agenda as a note: read back as Markdown it says what the agenda says, whatever notes hold."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given

import plaincrm
from plaincrm.document.tasks import _BY_EMOJI, _PRIORITIES, read_task
from plaincrm.render.agenda_markdown import markdown
from plaincrm.render.agenda_words import Shown
from plaincrm.render.escape import markdown_text, terminal, wiki_link
from tests.making import vault_of
from tests.render.test_agenda import NOTES
from tests.render.test_check_forms import HOSTILE, MARKDOWN, inline_of
from tests.render.test_escape import hostile_vault, is_hostile

TODAY = date(2026, 11, 21)


def test_a_page_of_a_small_vault(tmp_path: Path) -> None:
    report = vault_of(tmp_path, {**NOTES, "x.md": "---\nname: [\n---\n"}).agenda(TODAY)
    assert markdown(report, Shown(limit=3)) == (
        "# Agenda of Saturday 21 November 2026\n\n4 customers\n\n"
        "## Overdue\n\n"
        "- [ ] [[anna|Anna]]: Send it\n  - **promise**, 2 days late, liisa\n  - We promised it for 2026-11-19.\n"
        "  - customers/anna.md:6\n"
        "- [ ] [[cia|Cia]]: Get in touch\n  - **next**, 2 days late\n  - The next contact was set for 2026-11-19.\n"
        "  - customers/cia.md:3\n\n"
        "## Today\n\n"
        "- [ ] [[bo|Bo]]: the yard\n  - **appointment**, today, matti\n  - In the log for today at 09:30.\n"
        "  - visit\n  - customers/bo.md:6\n\n"
        "1 more, less urgent; --limit 0 shows all.\n\n"
        "1 held back; --all shows it and says why. 1 paused (quiet\\_until, or cadence never).\n\n"
        "1 file not read in full; see plaincrm check:\n\n- customers/x.md: bad-yaml\n"
    )


def test_what_is_held_back_stands_last_and_says_why(tmp_path: Path) -> None:
    page = markdown(vault_of(tmp_path, NOTES).agenda(TODAY), Shown(everything=True, explain=True))
    assert "## Held back\n\n- [ ] [[eva|Eva]]: Get in touch\n" in page
    assert "  - The next contact was set for 2026-11-19. Held back: quiet until 2026-12-01.\n" in page
    assert page.count("  - urgency ") == 5


def test_an_empty_page_says_why(tmp_path: Path) -> None:
    page = markdown(vault_of(tmp_path, {}).agenda(TODAY), Shown())
    assert "\n0 customers\n\nThere are no customers yet.\n" in page


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> plaincrm.Vault:
    return plaincrm.open_vault(hostile_vault(tmp_path_factory.mktemp("hostile")), cache=False)


def test_a_page_of_a_hostile_vault(vault: plaincrm.Vault) -> None:
    report = vault.agenda(TODAY)
    page = markdown(report, Shown())
    assert not [character for character in {*page} if is_hostile(character)]
    tokens = MARKDOWN.parse(page)
    inline = inline_of(tokens)
    assert {token.type for token in inline} == {"text", "strong_open", "strong_close"}
    assert {token.tag for token in tokens} == {"h1", "h2", "p", "ul", "li", ""}
    boxes = [row for row in page.split("\n") if row.startswith("- [")]
    assert len(boxes) == len(report.items) > 20
    for row in boxes:
        task = read_task(row)
        assert task
        assert task.status == " "
        assert not task.signifiers
        assert row.count("[[") == row.count("]]") <= 1


@given(HOSTILE, HOSTILE)
def test_a_link_leads_to_the_note_and_nowhere_else(target: str, name: str) -> None:
    for link in (wiki_link(target, name), wiki_link("acme", name), wiki_link(target, "Acme")):
        tokens = inline_of(MARKDOWN.parse(f"- [ ] {link}: x\n"))
        assert {token.type for token in tokens} <= {"text", "text_special"}
        assert link.count("[[") == link.count("]]") <= 1
        assert "|" not in link.split("]]", 1)[-1].replace("\\|", "")
    told = "".join(token.content for token in inline_of(MARKDOWN.parse(f"- {wiki_link('acme', name)}\n")))
    named = terminal(name.strip()).strip()
    assert told.strip() in (f"[[acme|{named}]]", f"[[acme]] {named}".strip())


@pytest.mark.parametrize(
    ("target", "name", "link"),
    [
        ("aho-pentti", "Pentti Aho", "[[aho-pentti|Pentti Aho]]"),
        ("a_b", "Mäki & Pojat (2.), O'Hara+Co", "[[a_b|Mäki & Pojat (2.), O'Hara+Co]]"),
        ("ma\u0308ki", "Ma\u0308ki", "[[ma\u0308ki|Ma\u0308ki]]"),
        ("acme", "*Acme* | [b]", "[[acme]] \\*Acme\\* \\| \\[b\\]"),
        ("acme", "", "[[acme]]"),
        ("a|b", "Acme", "Acme"),
        ("a]]b", "[[x]]", "\\[\\[x\\]\\]"),
        ("_a", "Acme", "Acme"),
    ],
)
def test_links(target: str, name: str, link: str) -> None:
    assert wiki_link(target, name) == link


@pytest.mark.parametrize("sign", [*_BY_EMOJI, *_PRIORITIES])
def test_no_sign_of_the_tasks_plugin_stands_on_the_page(sign: str) -> None:
    assert sign not in markdown_text(f"Send it {sign} 2026-11-21")
    assert sign in MARKDOWN.render(markdown_text(f"Send it {sign} 2026-11-21"))
