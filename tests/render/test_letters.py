"""What a template of letters may hold, what becomes of it in each kind of letter, and what is refused."""

from __future__ import annotations

from datetime import date
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from plaincrm.api.lettering import Letters
from plaincrm.errors import UsageError
from plaincrm.render.letters.letter import Letter
from tests.making import vault_of

TODAY = date(2026, 11, 21)
ACME = """---
name: Acme & <b>Sons</b> Oy
type: company
contacts:
  - Bo (no mail)
  - Eva Berg <eva@berg.example> +358 40 555 0101 (owner)
city: Turku
language: fi
tags: [café, terrace]
next: 2026-12-01
---
"""
CONFIG = '[vault]\nname = "Sävy Oy"\ncountry = "FI"\n'


def letters(folder: Path, template: str, name: str = "x.md", note: str = ACME, purpose: str = "") -> Letters:
    return vault_of(folder, {"acme.md": note}, CONFIG).letters(template, name, today=TODAY, purpose=purpose)


def letter(folder: Path, template: str, name: str = "x.md", note: str = ACME) -> Letter:
    (found,) = letters(folder, template, name, note).letters
    return found


def text(folder: Path, template: str, note: str = ACME) -> str:
    """What a template becomes as a mail's text."""
    return body(letter(folder, f"Subject: s\n\n{template}", "x.eml", note))


def body(made: Letter) -> str:
    return message_from_bytes(made.content, policy=policy.default).get_content().rstrip("\r\n")


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ greeting }},", "Hei Eva,"),
        ("{{ contact.name }} {{ contact.role }}", "Eva Berg owner"),
        ("{{ customer.tags }} {{ customer.tags | join(' ja ') }}", "café, terrace café ja terrace"),
        ("{{ customer.next | long_date }} {{ today }}", "1. joulukuuta 2026 2026-11-21"),
        ("{% if customer.role %}a{% else %}b{% endif %}", "b"),
        ("{{ customer.role | default('-') }} {{ customer.role or '+' }}", "- +"),
        ("{% for tag in customer.tags %}{{ loop.index }} {{ tag | upper }} {% endfor %}", "1 CAFÉ 2 TERRACE"),
        ("{{ sender }} {{ customer.id }} {{ customer['city'] }}", "Sävy Oy acme Turku"),
        ("{{ '{{ customer.name }}' }}", "{{ customer.name }}"),
    ],
)
def test_what_a_template_may_hold(template: str, expected: str, tmp_path: Path) -> None:
    assert text(tmp_path, template).strip() == expected


@pytest.mark.parametrize(
    ("language", "greeting"), [("fi", "Hei Eva"), ("sv", "Hej Eva"), ("en", "Hello Eva"), ("ja", "Hello Eva")]
)
def test_the_greeting_is_in_the_customers_language(language: str, greeting: str, tmp_path: Path) -> None:
    assert text(tmp_path, "{{ greeting }}", ACME.replace("language: fi", f"language: {language}")) == greeting


def test_who_tells_no_language_is_greeted_in_that_of_the_country(tmp_path: Path) -> None:
    assert text(tmp_path, "{{ greeting }}", "---\nname: Eva Berg\ntype: person\nemail: e@x.example\n---\n") == "Hei Eva"
    assert (
        text(tmp_path / "b", "{{ greeting }}.", "---\nname: B Oy\ntype: company\nemail: b@x.example\n---\n") == "Hei."
    )


def test_a_mail_is_a_draft_to_the_person(tmp_path: Path) -> None:
    made = letter(tmp_path, "Subject: Of {{ customer.name }}\nFrom: Me <me@x.example>\n\n{{ greeting }}\n", "x.eml")
    mail = message_from_bytes(made.content, policy=policy.default)
    assert (mail["To"], mail["Subject"]) == ("Eva Berg <eva@berg.example>", "Of Acme & <b>Sons</b> Oy")
    assert (mail["From"], mail["X-Unsent"], mail["Date"]) == ("Me <me@x.example>", "1", None)
    assert made.file == "acme.eml"


def test_no_value_makes_a_header(tmp_path: Path) -> None:
    note = '---\nname: "A\\nBcc: all@x.example"\ntype: person\nemail: a@x.example\n---\n'
    mail = message_from_bytes(
        letter(tmp_path, "Subject: {{ customer.name }}\n\nx", "x.eml", note).content, policy=policy.default
    )
    assert (mail["Bcc"], mail["Subject"]) == (None, "A Bcc: all@x.example")


def test_a_page_and_a_note_show_values_as_they_are(tmp_path: Path) -> None:
    page = letter(tmp_path, "<p>{{ customer.name }}</p>", "x.html").content.decode()
    assert page == "<p>Acme &amp; &lt;b&gt;Sons&lt;/b&gt; Oy</p>"
    starred = ACME.replace("& <b>Sons</b>", "*and* [[Sons]]")
    note = letter(tmp_path / "b", "# {{ customer.name }}", note=starred).content.decode()
    assert note == r"# Acme \*and\* \[\[Sons\]\] Oy"


def test_what_a_note_lacks_is_told_all_at_once(tmp_path: Path) -> None:
    made = letter(tmp_path, "{{ customer.role }} {{ customer.city }} {{ customer.parent | upper }}{{ contact.name }}")
    assert made.lacks == ("customer.role", "customer.parent")


def test_a_mail_needs_an_address(tmp_path: Path) -> None:
    note = "---\nname: A\ntype: person\n---\n"
    assert letter(tmp_path, "Subject: s\n\nx", "x.eml", note).lacks == ("an e-mail address",)


def test_who_forbids_mails_gets_none(tmp_path: Path) -> None:
    note = ACME.replace("type:", "deny: [email]\ntype:")
    found = letters(tmp_path, "Subject: s\n\nx", "x.eml", note)
    assert (found.letters, [one.why for one in found.permitted.left_out]) == ((), ["forbids email"])
    assert len(letters(tmp_path / "b", "x", "x.html", note).letters) == 1  # a letter on paper
    assert letters(tmp_path / "c", "x", "x.html", note, "marketing:email").letters == ()


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{{ customer.nmae }}", "asks for nmae"),
        ("{{ custmer.name }}", "there is no custmer"),
        ("{{ customer.name.upper() }}", "knows no call"),
        ("{{ customer.name.__class__ }}", "unsafe"),
        ("{{ customer.__init__ }}", "asks for __init__"),
        ("{{ 'a' * 1000000000 }}", "knows no mul"),
        ("{{ 10 ** 10 }}", "knows no pow"),
        ("{{ '%0999999999d' % 1 }}", "knows no mod"),
        ("{{ customer.name | center(1000000000) }}", "knows no filter center"),
        ("{{ customer.name | attr('x') }}", "knows no filter attr"),
        ("{% include '/etc/passwd' %}", "knows no include"),
        ("{% import 'os' as os %}", "knows no import"),
        ("{% set x = 1 %}", "knows no assign"),
        ("{% macro x() %}{% endmacro %}", "knows no macro"),
        ("{% for a in customer.tags recursive %}{% endfor %}", "knows no for"),
        ("{% if %}", "x.md:1"),
        ("{{ customer.city | long_date }}", "Turku is no date"),
        ("x" * 200_001, "longer than"),
        ("{{ 'ab' | join('12345678') " + "| join('12345678') " * 40 + "}}{{ customer.x }}", "asks for x"),
        (
            "{% for a in customer.name %}" * 5 + "x" + "{% endfor %}" * 5,
            "goes round more than",
        ),
        ("{% for a in customer.name %}" * 2 + "x" * 9999 + "{% endfor %}" * 2, "is longer than"),
    ],
    ids=lambda text: text[:40],
)
def test_what_a_template_may_not_hold_is_refused_and_soon(template: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=message) as error:
        letters(tmp_path, template)
    assert error.value.remedy


@pytest.mark.parametrize(
    "template", ["Hello\n\nx", "Subject: \n\nx", "Subject: x", "Subject: x\nBcc: a@b.example\n\nx"]
)
def test_a_mail_begins_with_its_headers(template: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not begin as a mail"):
        letters(tmp_path, template, "x.eml")


def test_the_name_tells_the_kind(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no template of letters"):
        letters(tmp_path, "x", "x.docx")
