import pytest

from plaincrm.errors import NoMatch, UsageError
from plaincrm.index.names import find_customer, find_owner
from tests.index.conftest import Notes


@pytest.fixture
def vault(notes: Notes) -> Notes:
    notes.write("kahvila-aurinko", "---\nname: Kahvila Aurinko Oy\naliases: [Auringon kahvila, Café Sol]\n---\n")
    notes.write("ravintola-kivi", "---\nname: Ravintola Kivi\n---\n")
    notes.write("kivi", "---\nname: Kivi ja Kumppanit\n---\n")
    notes.write("Äänekosken-Sähkö", "---\nname: Äänekosken Sähkö\n---\n")
    notes.write("customers/people/virtanen-1.md", "---\nname: Matti Virtanen\n---\n")
    notes.write("customers/people/virtanen-2.md", "---\nname: Matti Virtanen\n---\n")
    notes.write("unnamed", "Just a text.\n")
    return notes


@pytest.mark.parametrize(
    ("text", "customer"),
    [
        ("kahvila-aurinko", "kahvila-aurinko"),
        ("KAHVILA-AURINKO", "kahvila-aurinko"),
        ("Kahvila Aurinko Oy", "kahvila-aurinko"),
        ("  kahvila aurinko oy ", "kahvila-aurinko"),
        ("aurinko", "kahvila-aurinko"),
        ("Café Sol", "kahvila-aurinko"),
        ("cafe sol", "kahvila-aurinko"),
        ("auringon KAHVILA", "kahvila-aurinko"),
        ("auringon", "kahvila-aurinko"),  # a part of an alias, where no id and no name has it
        ("kivi", "kivi"),  # the id before parts of others
        ("ravintola", "ravintola-kivi"),
        ("kumppanit", "kivi"),
        ("aanekoski".replace("ki", "ken"), "Äänekosken-Sähkö"),
        ("A\u0308A\u0308NEKOSKEN", "Äänekosken-Sähkö"),
        ("sahko", "Äänekosken-Sähkö"),
        ("virtanen-2", "virtanen-2"),
        ("unnamed", "unnamed"),
    ],
)
def test_a_customer_is_found_by_id_name_alias_or_a_unique_part(vault, text, customer):
    with vault.open() as index:
        assert find_customer(index, text).customer == customer


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("virtanen", "Several customers are called virtanen:", "  virtanen-1  Matti Virtanen"),
        ("matti virtanen", "Several customers are called matti virtanen:", "(customers/people/virtanen-2.md)"),
        ("avintola kivii", "No customer is called avintola kivii.", "Did you mean ravintola-kivi"),
        ("kahvla aurinko", "No customer is called kahvla aurinko.", "Did you mean kahvila-aurinko?"),
        ("xyzzy", "No customer is called xyzzy.", "See plaincrm list for all of them."),
        ("", "No customer is called .", "See plaincrm list for all of them."),
        ("%", "No customer is called %.", "See plaincrm list for all of them."),
        ("' or 1=1 --", "No customer is called ' or 1=1 --.", ""),
        ("\udcff", "No customer is called \udcff.", ""),
        ("x" * 50_000, "No customer is called " + "x" * 50_000 + ".", ""),
    ],
)
def test_a_text_that_names_none_or_several(vault, text, message, remedy):
    with vault.open() as index, pytest.raises(NoMatch) as refusal:
        find_customer(index, text)
    assert refusal.value.message == message
    assert remedy in refusal.value.remedy
    assert refusal.value.exit_code == 1


PEOPLE = {
    "kivi": "---\nname: Kivi\nphone: 02 555 0110\ncontacts: [Sanna Salo <s@kivi.example> +358 40 555 0101]\n---\n",
    "meri": "---\nname: Meri\ncontacts: [Sanna Virta, Pekka Salonen <p@meri.example>]\n---\n",
    "salo": "---\nname: Kirjakauppa Salo\nemail: Myynti@Salo.example\n---\n",
}


@pytest.fixture
def people(notes: Notes) -> Notes:
    for name, text in PEOPLE.items():
        notes.write(name, text)
    notes.write("plaincrm.toml", '[vault]\ncountry = "FI"\n')
    return notes


@pytest.mark.parametrize(
    ("text", "customer", "through"),
    [
        ("salo", "salo", ""),  # customers are asked first
        ("sanna salo", "kivi", "Sanna Salo"),
        ("SALO sanna", "kivi", "Sanna Salo"),
        ("virta", "meri", "Sanna Virta"),
        ("P@Meri.example", "meri", "Pekka Salonen p@meri.example"),
        ("myynti@salo.example", "salo", "Myynti@Salo.example"),
        ("040 5550101", "kivi", "Sanna Salo +358 40 555 0101"),
        ("+358 (40) 555-0101", "kivi", "Sanna Salo +358 40 555 0101"),
        ("+35825550110", "kivi", "02 555 0110"),
    ],
)
def test_a_customer_is_found_by_what_reaches_it(people, text, customer, through):
    with people.open() as index:
        found = find_customer(index, text)
    assert (found.customer, found.through) == (customer, through)


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        (
            "sanna",
            "Several customers are reached by sanna:",
            "  kivi  Kivi: Sanna Salo  (customers/kivi.md)\n  meri  Meri: Sanna Virta  (customers/meri.md)",
        ),
        ("virt", "No customer is called virt.", "See plaincrm list for all of them."),  # no whole word of a name
        ("040 555 0199", "No customer is called 040 555 0199.", "See plaincrm list for all of them."),
        ("x@meri.example", "No customer is called x@meri.example.", ""),
    ],
)
def test_what_reaches_none_or_several(people, text, message, remedy):
    with people.open() as index, pytest.raises(NoMatch) as refusal:
        find_customer(index, text)
    assert refusal.value.message == message
    assert remedy in refusal.value.remedy


def test_many_matches_are_counted(notes):
    for number in range(13):
        notes.write(f"oy-{number:02}", f"---\nname: Yhtiö {number}\n---\n")
    with notes.open() as index, pytest.raises(NoMatch) as refusal:
        find_customer(index, "yhtio")
    assert refusal.value.remedy.count("\n") == 10
    assert refusal.value.remedy.endswith("\n  and 3 more")


@pytest.fixture
def team(notes: Notes) -> Notes:
    notes.write("a", "---\nname: A\nowner: liisa\n---\n")
    notes.write("b", "---\nname: B\nowner: Åke\n---\n")
    return notes


@pytest.mark.parametrize(("text", "owner"), [("liisa", "liisa"), ("LIISA", "liisa"), ("åke", "Åke")])
def test_an_owner_is_found(team, text, owner):
    with team.open() as index:
        assert find_owner(index, text) == owner


@pytest.mark.parametrize(
    ("text", "remedy"),
    [("liiisa", "Did you mean liisa?"), ("nobody", "Owners are liisa, Åke."), ("", "Owners are liisa, Åke.")],
)
def test_a_text_that_names_no_owner(team, text, remedy):
    with team.open() as index, pytest.raises(UsageError) as refusal:
        find_owner(index, text)
    assert (refusal.value.message, refusal.value.remedy) == (f"Nobody here is called {text}.", remedy)
