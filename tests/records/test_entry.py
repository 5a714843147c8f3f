from datetime import time

import pytest

from plaincrm.records.entry import Head, read_head
from plaincrm.records.schema import Schema

SCHEMA = Schema(own_channels={"linkedin": "contact", "diary": "record", "soittopyyntö": "call"})
T = time


@pytest.mark.parametrize(
    ("words", "head"),
    [
        ("14:30 call in, Pekka: wants a quote", (T(14, 30), None, "call", "in", "Pekka", "wants a quote")),
        ("10:00-11:00 meeting: plan", (T(10), T(11), "meeting", None, "", "plan")),
        ("10:00 – 11:30 meeting", (T(10), T(11, 30), "meeting", None, "", "")),
        ("14.30 puhelu ulos: hei", (T(14, 30), None, "call", "out", "", "hei")),
        ("T14:30 x", (T(14, 30), None, None, None, "", "x")),
        ("14:30:59 call: x", (T(14, 30), None, "call", None, "", "x")),
        ("14:30 | Call | x | y", (T(14, 30), None, "call", None, "", "x | y")),
        ("25:61 call: x", (None, None, None, None, "", "25:61 call: x")),
        ("14:30-25:00 call: x", (None, None, None, None, "", "14:30-25:00 call: x")),
        ("email out: thanks", (None, None, "email", "out", "", "thanks")),
        ("E-mail: thanks: again", (None, None, "email", None, "", "thanks: again")),
        ("phone call from them, Pekka - x", (None, None, "call", "in", "Pekka", "x")),
        ("call missed", (None, None, "call", "missed", "", "")),
        ("call no answer", (None, None, "call", "no-answer", "", "")),
        ("call out no answer: rang twice", (None, None, "call", "no-answer", "", "rang twice")),
        ("call missed out", (None, None, "call", "no-answer", "", "")),
        ("call out missed - rang", (None, None, "call", "no-answer", "", "rang")),
        ("call out, missed: rang", (None, None, "call", "no-answer", "", "rang")),
        ("call out, Pekka, no answer: rang", (None, None, "call", "no-answer", "Pekka", "rang")),
        ("call, no answer", (None, None, "call", "no-answer", "", "")),
        ("call out: no answer", (None, None, "call", "no-answer", "", "no answer")),
        (
            "call out, Pekka: No answer, left a message",
            (None, None, "call", "no-answer", "Pekka", "No answer, left a message"),
        ),
        ("call: didn't answer", (None, None, "call", "no-answer", "", "didn't answer")),
        ("soitto ulos: ei vastannut", (None, None, "call", "no-answer", "", "ei vastannut")),
        ("call out: no answer yet on the quote", (None, None, "call", "out", "", "no answer yet on the quote")),
        ("email out: no answer", (None, None, "email", "out", "", "no answer")),
        ("call in: no answer", (None, None, "call", "in", "", "no answer")),
        ("call no answer, Pekka: rang", (None, None, "call", "no-answer", "Pekka", "rang")),
        ("call in, no answer", (None, None, "call", "missed", "", "")),
        ("call in, Pekka, missed: a message", (None, None, "call", "missed", "Pekka", "a message")),
        ("call, missed", (None, None, "call", "missed", "", "")),
        ("puhelu ulos, ei vastausta: soitin", (None, None, "call", "no-answer", "", "soitin")),
        ("puhelu ulos vastaamatta", (None, None, "call", "no-answer", "", "")),
        ("soitto ei vastannut", (None, None, "call", "no-answer", "", "")),
        ("visit", (None, None, "visit", None, "", "")),
        ("visit – on site", (None, None, "visit", None, "", "on site")),
        ("visit — on site", (None, None, "visit", None, "", "on site")),
        ("käynti, Pekka ja Sanna: katsottiin", (None, None, "visit", None, "Pekka ja Sanna", "katsottiin")),
        ("sähköposti sisään: tilaus", (None, None, "email", "in", "", "tilaus")),
        ("puhelu vastaamatta", (None, None, "call", "missed", "", "")),
        ("linkedin out: hei", (None, None, "linkedin", "out", "", "hei")),
        ("soittopyyntö: hei", (None, None, "call", None, "", "hei")),
        ("sms: ok", (None, None, "chat", None, "", "ok")),
        ("wants: a quote", (None, None, None, None, "", "wants: a quote")),
        ("call Pekka about the roof", (None, None, None, None, "", "call Pekka about the roof")),
        ("visit, 3 200 € sold: x", (None, None, None, None, "", "visit, 3 200 € sold: x")),
        (", Pekka: x", (None, None, None, None, "Pekka", "x")),
        (", plain words", (None, None, None, None, "", "plain words")),
        ("", (None, None, None, None, "", "")),
        ("call" + " x" * 200 + ": y", (None, None, None, None, "", "call" + " x" * 200 + ": y")),
    ],
)
def test_heads(words, head):
    assert read_head(words, SCHEMA) == Head(*head)


def test_whom_a_channel_reaches():
    assert SCHEMA.is_contact("call")
    assert SCHEMA.is_contact("linkedin")
    assert not any(map(SCHEMA.is_contact, ["note", "invoice", "diary", None]))


def test_a_finnish_time_of_day() -> None:
    head = read_head("klo 14.30 puhelu ulos, Aino: sovittiin", Schema())
    assert (head.time, head.channel, head.direction, head.summary) == (time(14, 30), "call", "out", "sovittiin")
    assert read_head("klo on paljon", Schema()).summary == "klo on paljon"
