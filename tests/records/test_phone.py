"""Phone numbers: the short way for plainly written ones says what libphonenumber says."""

from __future__ import annotations

import subprocess
import sys

import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plaincrm.records.phone import _PLAIN, _plan, phone_number

CODES = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)


def by_library(text, country):
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return None
    possible = phonenumbers.is_possible_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if possible else None


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        ("+358 40 123 4567", True),
        ("+358 (0)40 123 4567", True),
        ("+39 06 6982 0000", True),
        ("+44 0 20 7946 0958", True),
        ("+1-650-253-0000", True),
        ("040 123 4567", True),
        ("+358 1", False),
        ("+999 123 456 789", False),
        ("+0 123 456 789", False),
        ("call me", False),
    ],
)
def test_possible_numbers(text, possible):
    assert phone_number(text, "FI") == by_library(text, "FI")
    assert (phone_number(text, "FI") is not None) is possible


@settings(max_examples=300)
@given(
    st.sampled_from([1, 7, 39, 44, 49, 52, 54, 55, 61, 262, 290, 358, 372, 800, 881, 999, *CODES]),
    st.lists(st.sampled_from(["", " ", "-"]), min_size=17, max_size=17),
    st.text("0123456789", min_size=2, max_size=16),
    st.sampled_from(["", "FI", "US", "IT"]),
)
@example(39, [""] * 17, "000000", "FI")
def test_plainly_written_numbers_are_what_the_library_makes_of_them(code, gaps, digits, country):
    text = f"+{code}" + "".join(gap + digit for gap, digit in zip(gaps, digits, strict=False))
    assert phone_number(text, country) == by_library(text, country)


@pytest.mark.parametrize("code", CODES)
def test_every_country_has_its_plan(code):
    """Of each country the numbers that the library gives as examples; those without a country go the long way."""
    region = phonenumbers.region_code_for_country_code(code)
    number = phonenumbers.example_number(region)
    if number is None:
        assert region == "001"
        return
    text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    assert phone_number(text, "") == by_library(text, "")
    plan = _plan(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)[1:4])
    assert plan is not None
    assert _PLAIN.fullmatch(text) is None or plan.code_length == len(str(code))


def test_what_was_found_before_is_not_asked_of_the_library_again():
    """One changed note is read without it: loading takes longer than all the rest."""
    script = """if True:
        import sys
        from plaincrm.records.phone import phone_number, remember
        remember([("040 123 4567", "+358401234567")], "FI")
        print(phone_number("040 123 4567", "FI"), "phonenumbers" in sys.modules)
        print(phone_number("040 123 4567", "SE"), phone_number("040 123 4568", "FI"))
    """
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert told.split() == ["+358401234567", "False", "+46401234567", "+358401234568"]
