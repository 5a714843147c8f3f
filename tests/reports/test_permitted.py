"""Who may be contacted for a purpose: bans, consents and their ends, and notes that could not be read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from plaincrm.errors import UsageError
from plaincrm.index.condition import EVERY
from plaincrm.reports.permitted import Permitted, permitted, purpose_of
from tests.making import vault_of

TODAY = date(2026, 11, 21)


def asked(folder: Path, note: str, purpose: str, config: str = "") -> Permitted:
    vault = vault_of(folder, {"x.md": note}, config)
    return vault._ask(lambda index: permitted(index, TODAY, EVERY, purpose_of(vault.config.schema, purpose)))


def why(folder: Path, note: str, purpose: str, config: str = "") -> str:
    """Why the customer is left out; empty where they may be contacted."""
    return "".join(one.why for one in asked(folder, note, purpose, config).left_out)


COMPANY = "---\nname: X\ntype: company\n{}---\n{}"
ENDED = "consent to marketing:email ended on 2026-11-20"
PERSON = "---\nname: X\ntype: person\n{}---\n{}"


@pytest.mark.parametrize(
    ("note", "purpose", "expected"),
    [
        (COMPANY.format("", ""), "marketing:email", ""),
        (COMPANY.format("deny: [email]\n", ""), "marketing:email", "forbids email"),
        (COMPANY.format("deny: [marketing]\n", ""), "marketing:email", "forbids marketing"),
        (COMPANY.format("deny: ['marketing:email']\n", ""), "marketing:email", "forbids marketing:email"),
        (COMPANY.format("deny: [all]\n", ""), "marketing:email", "forbids all"),
        (COMPANY.format("deny: ['marketing:letter', call]\n", ""), "marketing:email", ""),
        (COMPANY.format("deny: [marketing]\n", ""), "email", ""),
        (COMPANY.format("", "- 2026-01-05 call in: no more mails [deny:: email]\n"), "email", "forbids email"),
        (
            COMPANY.format("", "- 2026-01-05 call: no [deny:: email]\n- 2026-02-05 call: yes again [allow:: email]\n"),
            "email",
            "",
        ),
        (PERSON.format("", ""), "marketing:email", "no consent to marketing:email"),
        (PERSON.format("allow: [email]\n", ""), "marketing:email", "no consent to marketing:email"),
        (PERSON.format("allow: ['marketing:email']\n", ""), "marketing:email", ""),
        (PERSON.format("allow: [marketing]\n", ""), "marketing:email", ""),
        (PERSON.format("allow: ['marketing:letter']\n", ""), "marketing:email", "no consent to marketing:email"),
        (PERSON.format("", ""), "marketing:chat", "no consent to marketing:chat"),
        (PERSON.format("", ""), "marketing", "no consent to marketing"),
        (PERSON.format("", ""), "marketing:letter", ""),
        (PERSON.format("", ""), "marketing:puhelu", ""),
        (PERSON.format("", ""), "email", ""),
        ("---\nname: X\n---\n", "marketing:email", "no consent to marketing:email"),  # it may be a person
    ],
)
def test_bans_and_consents(note: str, purpose: str, expected: str, tmp_path: Path) -> None:
    assert why(tmp_path, note, purpose) == expected


@pytest.mark.parametrize(
    ("entry", "config", "expected"),
    [
        ("2024-11-21 call: yes [allow:: marketing:email]", "", ""),  # 24 months to the day
        ("2024-11-20 call: yes [allow:: marketing:email]", "", ENDED),
        ("2024-11-20 call: yes [allow:: marketing:email]", '[permissions]\nvalid = "never"\n', ""),
        ("2026-11-01 call: yes [allow:: marketing] [until:: 2026-11-20]", "", ENDED),
        ("2020-11-01 call: yes [allow:: marketing] [until:: 2026-11-21]", "", ""),
        ("2026-11-22 call: will say yes [allow:: marketing]", "", "no consent to marketing:email"),  # not yet
    ],
)
def test_a_consent_in_the_log_ends(entry: str, config: str, expected: str, tmp_path: Path) -> None:
    assert why(tmp_path, PERSON.format("", f"- {entry}\n"), "marketing:email", config) == expected


def test_who_is_left_out_is_told_with_the_line_that_says_so(tmp_path: Path) -> None:
    (one,) = asked(tmp_path, COMPANY.format("deny: [email]\n", ""), "email").left_out
    assert one == ("x", "X", "customers/x.md", 4, "forbids email")


def test_a_note_that_could_not_be_read_may_hold_a_ban(tmp_path: Path) -> None:
    note = "---\nname: X\ntype: company\ndeny: [emial]\n---\n"
    assert why(tmp_path, note, "marketing:email") == "its note could not be read"


def test_reasons_are_counted_without_the_days(tmp_path: Path) -> None:
    notes = {f"{n}.md": PERSON.format("", f"- 2020-01-0{n} call: yes [allow:: marketing:email]\n") for n in range(1, 4)}
    vault = vault_of(tmp_path, {**notes, "z.md": COMPANY.format("deny: [email]\n", "")})
    found = vault._ask(lambda index: permitted(index, TODAY, EVERY, "marketing:email"))
    assert found.reasons == {"consent to marketing:email ended": 3, "forbids email": 1}


@pytest.mark.parametrize("text", ["x", "all", "", "marketing:x"])
def test_what_is_no_purpose_is_refused(text: str, tmp_path: Path) -> None:
    schema = vault_of(tmp_path, {}).config.schema
    with pytest.raises(UsageError, match="no purpose"):
        purpose_of(schema, text)


@pytest.mark.parametrize(
    ("purpose", "left_out"),
    [
        ("marketing:email", {"x": None, "acme": 5}),
        ("email", {"x": None, "acme": 5}),
        ("marketing", {"acme": 5, "x": None}),
        ("call", {}),
        ("letter", {}),
    ],
)
def test_an_address_that_forbids_in_another_note_is_noticed(
    purpose: str, left_out: dict[str, int | None], tmp_path: Path
) -> None:
    notes = {
        "x.md": PERSON.format("email: Eva@Acme.example\ndeny: [email, marketing]\nallow: []\n", ""),
        "acme.md": COMPANY.format("contacts:\n  - Eva <eva@acme.example> +358 40 123 4567\n", ""),
        "bolt.md": COMPANY.format("email: info@bolt.example\n", ""),
    }
    vault = vault_of(tmp_path, notes)
    found = vault._ask(lambda index: permitted(index, TODAY, EVERY, purpose_of(vault.config.schema, purpose)))
    acme = next((one for one in found.left_out if one.customer == "acme"), None)
    assert {one.customer for one in found.left_out} == set(left_out)
    assert (acme.line if acme else None) == left_out.get("acme")
    assert not acme or acme.why.startswith("has an address or number that forbids ")
