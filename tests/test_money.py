"""Amounts of money: what is read, what is refused and why, and what is written."""

import pickle
import subprocess
import sys
import time
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.money import Money, MoneyError, decimal_text, from_units, parse_money, to_units

AMOUNTS = st.integers(-(10**17) + 1, 10**17 - 1).map(from_units)
MONEY = st.builds(Money, AMOUNTS, st.sampled_from(["EUR", "USD", "SEK", "CHF"]))
ODD_TEXT = st.text() | st.text("0123456789.,' -−€$EURkr\u00a0\u202f٣²", max_size=24)


def euros(amount):
    return Money(Decimal(amount), "EUR")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3200", "3200.00 EUR"),
        ("0", "0.00 EUR"),
        ("-0", "0.00 EUR"),
        ("12,5", "12.50 EUR"),
        ("12.50", "12.50 EUR"),
        ("3 200,50 €", "3200.50 EUR"),
        ("3\u00a0200,50\u00a0€", "3200.50 EUR"),
        ("3\u202f200,50 €", "3200.50 EUR"),
        ("3\u2009200,50 €", "3200.50 EUR"),
        ("3 200", "3200.00 EUR"),
        ("EUR 3,200.50", "3200.50 EUR"),
        ("1.200,50", "1200.50 EUR"),
        ("1,200.50", "1200.50 EUR"),
        ("3'200.00", "3200.00 EUR"),
        ("CHF 3’200", "3200.00 CHF"),
        ("1.234.567", "1234567.00 EUR"),
        ("1,234,567.8", "1234567.80 EUR"),
        ("1.200,125", "1200.1250 EUR"),
        ("1 234.567", "1234.5670 EUR"),
        ("-300 EUR", "-300.00 EUR"),
        ("\u2212300 EUR", "-300.00 EUR"),
        ("EUR -300", "-300.00 EUR"),
        ("-€5", "-5.00 EUR"),
        ("€ 5", "5.00 EUR"),
        ("450,- €", "450.00 EUR"),
        ("450,–", "450.00 EUR"),
        ("450:- SEK", "450.00 SEK"),
        ("1.200,-", "1200.00 EUR"),
        ("1'200.- CHF", "1200.00 CHF"),
        ("5€", "5.00 EUR"),
        ("$5", "5.00 USD"),
        ("£ 1,200.00", "1200.00 GBP"),
        ("100 eur", "100.00 EUR"),
        ("100 sek", "100.00 SEK"),
        ("100 DEM", "100.00 DEM"),
        ("  3200   EUR ", "3200.00 EUR"),
        ("0,125", "0.1250 EUR"),
        ("-0.125 €", "-0.1250 EUR"),
        ("0,0001", "0.0001 EUR"),
        ("12,3456", "12.3456 EUR"),
        ("9999999999999,9999", "9999999999999.9999 EUR"),
    ],
)
def test_amounts(text, expected):
    assert str(parse_money(text)) == expected


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("ambiguous", ["3.200", "3,200", "-3.200 €", "12.345", "1234,567", "00,125"]),
        ("too-precise", ["1,00001", "0.12345", "1.200,50000"]),
        ("too-large", ["10000000000000", "-10 000 000 000 000", "9" * 400]),
        ("unknown-currency", ["100 kr", "kr 100", "100 ABC", "¥ 100", "100 e", "zł 5", "5 ﬁ"]),
        (
            "not-money",
            ["", " ", "-", "€", "EUR", "abc", "NaN", "-inf", "Infinity", "1e5", "1E5", "1e999", "0x10", "1_000"],
        ),
        ("not-money", ["1,00,000", "1,2345,678", "12 34", "1 2345", "0 125", "1.200.50", "1,200,5000", "1 200'300"]),
        ("not-money", ["5.", ",5", ".5", "1..5", "1,,5", "1 200 .50", "3  200", "1.200,50.10"]),
        (
            "not-money",
            ["٣٢٠٠", "３２００", "5²", "5½", "--5", "-€-5", "€ 5 EUR", "+5", "5-", "(5)", "5 %", "3200 euros"],
        ),
    ],
)
def test_refused(kind, texts):
    for text in texts:
        with pytest.raises(MoneyError) as refusal:
            parse_money(text)
        assert (text, refusal.value.kind) == (text, kind)


def test_an_error_is_a_sentence_and_survives_pickling():
    error = pickle.loads(pickle.dumps(MoneyError("too-precise")))
    assert (error.kind, str(error)) == ("too-precise", "The amount has more than four decimals.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("5", "5.00 SEK"), ("5 sek", "5.00 SEK"), ("5 €", "5.00 EUR"), ("5 eur", "5.00 EUR")],
)
def test_another_default_currency(text, expected):
    assert str(parse_money(text, "SEK")) == expected


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("3200", "3200.00"),
        ("3200.5000", "3200.50"),
        ("1.2500", "1.25"),
        ("1.125", "1.125"),
        ("1E+5", "100000.00"),
        ("1E-4", "0.0001"),
        ("-0.00", "0.00"),
        ("-12", "-12.00"),
    ],
)
def test_decimal_text(amount, expected):
    assert decimal_text(Decimal(amount)) == expected


def test_sums_within_a_currency():
    assert euros("5") + euros("1.50") == euros("6.50")
    assert euros("5") - euros("6") == euros("-1")
    assert -euros("5") == euros("-5")
    assert sum([euros("1"), euros("2")], start=euros("0")) == euros("3")


def test_no_sum_across_currencies():
    with pytest.raises(ValueError, match="EUR and USD"):
        euros("5") + Money(Decimal(5), "USD")
    with pytest.raises(ValueError, match="EUR and USD"):
        euros("5") - Money(Decimal(5), "USD")


@pytest.mark.parametrize("odd", [lambda m: m + tuple(m), lambda m: m - 3, lambda m: m * 2, lambda m: 2 * m])
def test_money_is_no_tuple_to_join_or_repeat(odd):
    with pytest.raises(TypeError):
        odd(euros("5"))


@pytest.mark.parametrize(
    ("amount", "kind"),
    [
        ("0.00001", "too-precise"),
        ("1e-999999", "too-precise"),
        ("1e15", "too-large"),
        ("-1e999999", "too-large"),
        ("NaN", "not-money"),
        ("sNaN", "not-money"),
        ("-Infinity", "not-money"),
    ],
)
def test_units_are_exact_or_refused(amount, kind):
    with pytest.raises(MoneyError) as refusal:
        to_units(Decimal(amount))
    assert refusal.value.kind == kind


@pytest.mark.parametrize(
    ("amount", "units"), [("3200.50", 32_005_000), ("-0.0001", -1), ("0E+50", 0), ("1.00000", 10_000)]
)
def test_units(amount, units):
    assert to_units(Decimal(amount)) == units


def test_babel_is_imported_only_for_a_foreign_currency():
    script = (
        "import sys; from plaincrm.money import parse_money\n"
        "parse_money('5 €'); parse_money('5 eur'); print('babel' in sys.modules)\n"
        "parse_money('5 SEK'); print('babel' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "True"]


@given(st.integers(-(10**18), 10**18))
def test_units_round_trip(units):
    with localcontext(prec=5):  # a caller's context must not round money
        assert to_units(from_units(units)) == units


@given(MONEY)
def test_what_is_written_reads_back(money):
    assert parse_money(str(money)) == money
    assert parse_money(str(-money)) == -money


@given(AMOUNTS)
def test_every_way_of_grouping_reads_the_same(amount):
    english = f"{amount:,.4f}"
    assert parse_money(english).amount == amount
    for thousands, decimal in ((".", ","), (" ", ","), ("\u202f", ","), ("'", "."), ("’", ",")):
        text = english.translate(str.maketrans({",": thousands, ".": decimal}))
        assert parse_money(text).amount == amount


@given(ODD_TEXT)
def test_only_money_errors_are_raised(text):
    try:
        money = parse_money(text)
    except MoneyError:
        return
    assert parse_money(str(money)) == money


@pytest.mark.parametrize(
    "text",
    [
        "9" * 50_000,
        "1" + ",000" * 12_500,
        "1" + ".000" * 12_500 + "x",
        "1 200" * 10_000,
        "1" + ".," * 25_000,
        "1" + " " * 50_000 + "x",
        "EUR" + " " * 50_000 + "x",
        "-" + " " * 50_000 + "-",
        "-" * 50_000,
        "a" * 50_000,
    ],
)
def test_long_text_is_quick(text):
    begun = time.process_time()
    with pytest.raises(MoneyError):
        parse_money(text)
    assert time.process_time() - begun < 0.2
