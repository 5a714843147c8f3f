"""What the register would say of a change, said before it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

import plaincrm
from plaincrm.errors import WriteRefused
from tests.making import vault_of

NOTES = {
    "acme.md": "---\nname: Acme\nbusiness_id: 2779126-0\n---\n",
    "bea.md": '---\nname: Bea\nreferred_by: "[[acme]]"\nparent: "[[acme]]"\n---\n',
    "cee.md": '---\nname: Cee\nreferred_by: "[[bea]]"\n---\n',
}


@pytest.fixture
def vault(tmp_path: Path) -> plaincrm.Vault:
    return vault_of(tmp_path, NOTES)


def written(vault: plaincrm.Vault, name: str) -> str:
    return (vault.root / f"customers/{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "fields", "why"),
    [
        ("cee", {"business_id": "2779126-0"}, "the business id 2779126-0 is that of Acme (customers/acme.md:3)"),
        ("acme", {"referred_by": "cee"}, "referred_by would lead in a circle: acme → cee → bea → acme"),
        ("acme", {"parent": "bea"}, "parent would lead in a circle: acme → bea → acme"),
        ("cee", {"referred_by": "cee"}, "referred_by would lead in a circle: cee → cee"),
    ],
)
def test_what_makes_the_register_worse_is_refused(
    name: str, fields: dict[str, str], why: str, vault: plaincrm.Vault
) -> None:
    with pytest.raises(WriteRefused) as refused, vault.change(name) as change:
        change.set(**fields)
    assert refused.value.why == why
    assert refused.value.remedy == "If that is meant, write it with --force."
    assert written(vault, name) == NOTES[f"{name}.md"]
    with vault.change(name, force=True) as change:
        change.set(**fields)
    assert next(iter(fields.values())) in written(vault, name)


def test_a_branch_may_have_the_id_of_its_parent_and_what_stands_there_is_not_asked_again(
    vault: plaincrm.Vault,
) -> None:
    with vault.change("bea") as change:
        change.set(business_id="2779126-0")
    with vault.change("acme") as change:
        change.set(business_id="2779126-0", stage="customer")
    assert "stage: customer" in written(vault, "acme")
    with vault.change("cee") as change:  # no circle: two ways to one
        change.set(parent="acme")


def test_one_command_does_not_give_an_id_twice(vault: plaincrm.Vault) -> None:
    paths = ["customers/bea.md", "customers/cee.md"]
    with pytest.raises(WriteRefused, match=r"customers/bea\.md would have the same business id, 2201263-5"):
        vault.change_each(paths, lambda change: change.set(business_id="2201263-5"))
    assert written(vault, "bea") == NOTES["bea.md"]


@pytest.mark.parametrize(
    ("target", "notices"),
    [
        ("ceee", ["referred_by: there is no note ceee yet. Did you mean cee?"]),
        ("Somebody Else", ["referred_by: there is no note Somebody Else yet."]),
        ("Home", []),  # a note, if no customer
        ("bea", []),
    ],
)
def test_a_relation_to_nobody_is_written_and_told(target: str, notices: list[str], vault: plaincrm.Vault) -> None:
    (vault.root / "Home.md").write_text("Home\n", encoding="utf-8")
    with vault.change("acme", force=True) as change:
        change.set(referred_by=target)
    assert f"[[{target}]]" in written(vault, "acme")
    assert vault.notices == notices
