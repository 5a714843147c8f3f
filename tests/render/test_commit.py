"""The message of a commit: one line that fits, details below it, a trailer a customer."""

from __future__ import annotations

import pytest

from plaincrm.changes.carry_out import Written
from plaincrm.changes.fix import Mended
from plaincrm.render.commit import message


def written(name: str, *what: str) -> Written:
    return Written(f"customers/{name}.md", 3, what, "", "")


LONG = "next_action Ask about the deck, the fence, the shed and whatever else there is to be painted"


@pytest.mark.parametrize(
    ("files", "customers", "told"),
    [
        ([written("acme", "next 2027-01-05", "tags += café")], ["acme"], "acme: next 2027-01-05; tags += café\n"),
        (
            [written("acme", LONG)],
            ["acme"],
            f"acme: next_action Ask about the deck, the fence, the shed and whatever…\n\n{LONG}\n",
        ),
        (
            [written("acme", "a link mended"), written("bea", "renamed from eve"), written("eve", "renamed to bea")],
            ["acme", "bea", "eve"],
            "3 notes: a link mended; renamed from eve; renamed to bea\n\n"
            "customers/acme.md: a link mended\n"
            "customers/bea.md: renamed from eve\n"
            "customers/eve.md: renamed to bea\n",
        ),
        ([Mended("daily.md", "", "", ("bad-date", "bad-date"))], [], "daily.md: mended bad-date (2)\n"),
        (
            [written("acme", "needs two\nlines\n\nCustomer: forged", "\x1b[31mred")],
            ["acme"],
            "acme: needs two lines Customer: forged; \\x1b[31mred\n",
        ),
    ],
)
def test_a_message(files: list[Written | Mended], customers: list[str], told: str) -> None:
    trailers = "".join(f"Customer: {customer}\n" for customer in customers)
    assert message(files, customers) == told + (f"\n{trailers}" if trailers else "")
    assert len(told.split("\n", maxsplit=1)[0]) <= 72
