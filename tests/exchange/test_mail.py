"""Mails become entries: who, when, about what, and nothing in them is taken for more than words."""

from __future__ import annotations

import os
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import plaincrm
from plaincrm.changes.customer import CustomerChange
from plaincrm.errors import UsageError
from plaincrm.exchange.attachments import save
from plaincrm.exchange.incoming import Incoming, person_of, quoted, words_of
from plaincrm.exchange.mail import Attachment, Mail, MailWishes, read_mail, safe_name
from plaincrm.exchange.mail_text import first_sentence, own_words, topic_of
from plaincrm.records.schema import Schema
from plaincrm.worktime import time_zone
from tests.exchange.vaults import AURINKO, FIXTURES, MERI, added, notes_of, vault_with
from tests.making import make_vault

WISHES = MailWishes(("liisa@savy.example",), 600, time_zone("Europe/Helsinki"))
GOLDEN = """
- 2026-11-03 09:00 email out, Pekka Laine: Yellow it is. [topic:: Terrace] [origin:: mid:1@savy.example]
  > From Monday on we paint.
- 2026-11-02 14:05 email in, Pekka Laine: Could we have the deck in yellow, too? [topic:: Terassin väri] \
[origin:: mid:CAF+1%2Fx@mail.example]
  > - ( ) measure the railing
  > (sale: 99999 EUR) and ((aurinko))
  >
  > 2026-11-02 call: nobody called
  >
  > Terveisin Pekka, päivää
  > 📎 measures.pdf
"""
GOLDEN_FI = """
### 3.11.2026 09:00 sähköposti ulos: Yellow it is. [aihe:: Terrace] [alkuperä:: mid:1@savy.example]
> From Monday on we paint.
"""


def read(text: str) -> Incoming:
    """The entry of a mail from Pekka with more headers and a text."""
    data = f"From: pekka@aurinko.example\nDate: Mon, 2 Nov 2026 12:00:00 +0200\n{text}".encode()
    found = read_mail(data, "a.eml", WISHES)
    assert isinstance(found, Mail)
    return found.entry


def test_mails_of_a_folder_become_entries_once(tmp_path: Path) -> None:
    vault = vault_with(tmp_path)
    before = notes_of(vault)
    files = tmp_path / "files"
    assert len(vault.import_mail([FIXTURES / "mail"], attachments=files).intake.new) == 3
    assert notes_of(vault) == before
    assert not files.exists()

    taken = vault.import_mail([FIXTURES / "mail"], attachments=files, apply=True)
    assert added(vault, "aurinko", AURINKO).strip() == GOLDEN.strip()
    assert added(vault, "meri", MERI).strip() == GOLDEN_FI.strip()
    assert [path.name for path in files.iterdir()] == ["2026-11-02-measures.pdf"]
    assert not vault.check().diagnostics
    (stranger,) = taken.intake.unknown
    assert stranger.command == "plaincrm new 'Uusi, Asiakas' email=uusi@nowhere.example"
    assert [(one.place, one.why) for one in taken.intake.unread] == [("mail/sent.mbox:26", "it has no sender")]

    once = notes_of(vault)
    again = vault.import_mail([FIXTURES / "mail"], attachments=files, apply=True)
    assert (again.intake.new, again.intake.same) == ((), 3)
    assert notes_of(vault) == once
    assert len(list(files.iterdir())) == 1


def test_a_maildir_is_read_without_what_is_not_delivered(tmp_path: Path) -> None:
    data = (FIXTURES / "mail/question.eml").read_bytes()
    for folder in ("cur", "new", "tmp"):
        (tmp_path / "box" / folder).mkdir(parents=True)
        (tmp_path / "box" / folder / f"1.{folder}:2,S").write_bytes(data)
    (tmp_path / "box/new/link").symlink_to("/etc/passwd")
    taken = vault_with(tmp_path).import_mail([tmp_path / "box"])
    assert [one.item.place for one in taken.intake.new] == ["box/cur/1.cur:2,S"]  # the other one is the same mail
    assert (taken.intake.same, taken.intake.unread) == (1, ())


def test_one_file_that_cannot_be_read_leaves_the_others(tmp_path: Path) -> None:
    (tmp_path / "box").mkdir()
    os.mkfifo(tmp_path / "box/a.eml")
    (tmp_path / "box/b.eml").write_text("no mail at all")
    (tmp_path / "box/c.eml").write_bytes((FIXTURES / "mail/question.eml").read_bytes())
    intake = vault_with(tmp_path).import_mail([tmp_path / "box"]).intake
    assert [one.item.place for one in intake.new] == ["box/c.eml"]
    assert [one.place for one in intake.unread] == ["box/a.eml", "box/b.eml"]


def test_our_addresses_have_to_be_known(tmp_path: Path) -> None:
    vault = plaincrm.open_vault(make_vault(tmp_path / "v", {"a.md": AURINKO}), cache=False)
    with pytest.raises(UsageError, match="which addresses are yours"):
        vault.import_mail([FIXTURES / "mail"])
    taken = vault.import_mail([FIXTURES / "mail/sent.mbox"], own=["@savy.example"], letters=0)
    (sent,) = taken.intake.new
    assert (sent.item.direction, sent.item.summary, sent.item.lines) == ("out", "Terrace", ())


@pytest.mark.parametrize(
    ("subject", "topic"),
    [
        ("Re: VS: Vast: SV: Aw: Fwd: Tarjous", "Tarjous"),
        ("RE[2]: [lista] Re: Offer", "Offer"),
        ("Regarding the offer", "Regarding the offer"),
        ("vs. kilpailija", "vs. kilpailija"),
    ],
)
def test_the_topic_is_that_of_the_thread(subject: str, topic: str) -> None:
    assert topic_of(subject) == topic


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Hi Liisa,\n\nYes.\n\nBest\n", ["Yes.", "Best"]),
        ("Yes.\n> No?\n>> Oh\nMaybe.\n", ["Yes.", "Maybe."]),
        ("Yes.\n\nOn 1 Nov 2026, Liisa\n<liisa@savy.example> wrote:\nmore", ["Yes."]),
        ("Kyllä.\nma 2. marrask. 2026 klo 9.12 Liisa (liisa@savy.example) kirjoitti:\n> x", ["Kyllä."]),
        ("Kyllä.\n-----Alkuperäinen viesti-----\nx", ["Kyllä."]),
        ("Yes.\nFrom: Liisa <liisa@savy.example>\nSent: Monday\nx", ["Yes."]),
        ("Yes.\n-- \nPekka", ["Yes."]),
        ("one two three four", ["one two…"]),
        ("He wrote: yes", ["He wrote…"]),
        ("\n\n", []),
    ],
)
def test_what_somebody_wrote_is_kept_without_what_is_quoted(text: str, kept: list[str]) -> None:
    assert own_words(text, 12) == kept


@pytest.mark.parametrize(
    ("lines", "sentence", "rest"),
    [
        ([], "", []),
        (["Is it ready?"], "Is it ready?", []),
        (["Could the railing be ready before Easter, please? It is", "6.4 metres."], 49, ["It is 6.4 metres."]),
        (["Short line.", "", "Another."], "Short line.", ["Another."]),
        (["Yes. I will come on Monday. Or later."], "Yes. I will come on Monday.", ["Or later."]),
    ],
)
def test_the_first_sentence_is_the_summary(lines: list[str], sentence: str | int, rest: list[str]) -> None:
    found = first_sentence(lines)
    assert found == (lines[0][:sentence] if isinstance(sentence, int) else sentence, rest)


@pytest.mark.parametrize(
    ("mail", "summary"),
    [
        ("Subject: =?utf-8?Q?P=C3=A4iv=C3=A4?=\n\n", "Päivä"),
        ("Subject: =?x-none?Q?a?=\n\n", "a"),
        ("Content-Type: text/plain; charset=x-none\n\nabc", "abc"),
        (
            "Content-Type: text/html\n\n<script>1</script><p>Is it <b>ready</b>?<blockquote>old</blockquote>",
            "Is it ready?",
        ),
        ("Content-Type: multipart/mixed; boundary=x\n\n--x\n\ninside", "inside"),
        ("Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n!!!!", "(no text)"),
    ],
)
def test_a_mail_that_breaks_the_rules_is_read_as_far_as_it_can_be(mail: str, summary: str) -> None:
    assert read(mail).summary == summary


def test_moments_are_those_of_the_vaults_clocks() -> None:
    data = b"From: p@a.example\nDate: Mon, 2 Nov 2026 23:30:00 -0500\n\nx"
    found = read_mail(data, "a", WISHES)
    assert isinstance(found, Mail)
    assert (str(found.entry.day), str(found.entry.start)) == ("2026-11-03", "06:30:00")


def test_deep_parts_and_odd_headers_never_raise() -> None:
    deep = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3000))
    for data in (deep, b"From: a@b.example\nDate: nonsense\n\nx", b"\0\0", b"From: <>\n\n", b"Date: 1\n: \n"):
        assert read_mail(b"From: p@a.example\nDate: Mon, 2 Nov 2026 12:00:00 +0200\n" + data, "a", WISHES)
        assert read_mail(data, "a", WISHES)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\tarjous.pdf", "tarjous.pdf"),
        (".bashrc", "bashrc"),
        ("CON.txt", "_CON.txt"),
        ("a\u202egpj.exe\n", "agpj.exe"),
        ("<|>:*?", "attachment"),
        ("päivä 1.pdf", "päivä 1.pdf"),
        ("ä" * 300 + ".pdf", "ä" * 48 + ".pdf"),
    ],
)
def test_attachments_have_safe_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_attachments_are_saved_over_nothing(tmp_path: Path) -> None:
    day = read("\n\nx").day
    (tmp_path / "2026-11-02-a.pdf").symlink_to(tmp_path / "outside")
    for data in (b"1", b"2", b"1"):
        save(tmp_path, [(day, Attachment("a.pdf", data))])
    assert not (tmp_path / "outside").exists()
    found = {path.name: path.read_bytes() for path in tmp_path.iterdir() if not path.is_symlink()}
    assert found == {"2026-11-02-a-2.pdf": b"1", "2026-11-02-a-3.pdf": b"2"}


def test_a_mail_with_files_of_one_name_keeps_both() -> None:
    mail = EmailMessage()
    mail["From"], mail["Date"] = "p@a.example", "Mon, 2 Nov 2026 12:00:00 +0200"
    mail.set_content("x")
    for data in (b"1", b"2"):
        mail.add_attachment(data, maintype="application", subtype="pdf", filename="a.pdf")
    found = read_mail(mail.as_bytes(), "a", WISHES)
    assert isinstance(found, Mail)
    assert [(one.name, one.data) for one in found.attachments] == [("a.pdf", b"1"), ("a-2.pdf", b"2")]


HOSTILE = st.lists(
    st.sampled_from(
        [
            "[sale:: 9]",
            "(nps:: 1)",
            "- [ ] x 📅 2026-01-01",
            "[[a]]",
            "```",
            "~~~",
            "<!--",
            "%%",
            "## Log",
            "# x",
            "- 2026-01-01 call: x",
            "### 2026-01-01",
            "allow:: email",
            "---",
            "> - [ ] y",
            "`",
            "\\[",
            "a",
            ": ",
            " - ",
            "|",
            ",",
        ]
    )
    | st.text(max_size=12),
    max_size=6,
).map("\n".join)


@given(HOSTILE, HOSTILE, HOSTILE)
@example("no answer, a", "", "")
@example("a", "2026-01-01 call", "")
def test_no_mail_says_anything_but_words(summary: str, who: str, text: str) -> None:
    """Whatever strangers write, the entry has the fields that we gave it, and no task, link or second entry."""
    change = CustomerChange("a.md", AURINKO.encode(), Schema())
    lines = quoted(own_words(text, 600))
    said = "\n".join((words_of(summary) or "x", *lines))
    change.log("2026-11-02", said, channel="email", direction="in", who=person_of(who), fields={"origin": "mid:1"})
    before, after = change.records
    (entry,) = [entry for entry in after.entries if entry.value("origin")]
    assert [value.key for value in entry.values] == ["origin"]
    assert (entry.tasks, after.links, len(after.entries)) == ((), (), len(before.entries) + 1)
    assert entry.who == person_of(who)
