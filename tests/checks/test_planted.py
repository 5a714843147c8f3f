"""The example vault with one fault of every kind planted: each is found at its place, and nothing else is.

What is to be marked stands between « and », which are taken out before the note is written.
"""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import plaincrm
from plaincrm.checks.rules import BY_CODE
from tests.making import EXAMPLE

TODAY = date(2026, 11, 21)

# Lines put at the end of a front matter.
FIELDS = {
    "value-is-comment": ("companies/apteekki-linna", "website: «#apteekki»"),
    "unlikely-date": ("companies/autokorjaamo-rinne", "vision_review: «0226-12-01»"),
    "bad-response-time": ("companies/hotelli-satama", "respond_within: «soon»"),
    "bad-number": ("companies/kukkakauppa-orvokki", "size: «a few»"),
    "bad-url": ("companies/kuntosali-voima", "website: «ask Jere»"),
    "bad-email": ("companies/leipomo-vehna", "email: «vehna(at)leipomo»"),
    "bad-phone": ("companies/optikko-tarkka", "phone: «'12'»"),
    "wrong-shape": ("companies/parturi-sointu", "website: «{home: sointu.example}»"),
    "unknown-channel": ("companies/pizzeria-vesuvio", "next_channel: «pigeon»"),
    "unfilled-template": ("companies/ravintola-kivi", 'website: «"{{website}}"»'),
    "duplicate-key": ("companies/salo-consulting", "«city»: Naantali"),
    "unknown-tier": ("companies/toimisto-kulma", "tier: «kee»"),
    "bad-link": ("housing/asunto-oy-linnankoski", 'parent: «"[[isannointi-aura"»'),
    "unquoted-link": ("housing/asunto-oy-raunistula", "parent: «[[isannointi-aura]]»"),
    "bad-vat-id": ("housing/isannointi-aura", "vat_id: «FI123»"),
    "dead-relation": ("housing/seurakunta-maaria", 'partner_of: "[[«seurakunta-mikael»]]"'),
    "several-values": ("people/aho-pentti", "website: «[aho.example, pentti.example]»"),
    "date-with-zone": ("people/berg-johan", "quiet_until: «2026-10-01T10:00:00+02:00»"),
    "time-in-date": ("companies/ravintola-silakka", "verified: «2026-10-01T10:30»"),
    "unknown-field": ("people/jarvinen-leena", "«cadense»: 6w"),
    "odd-key": ("people/lindstrom-eva", "«2026-05-01»: first visit"),
    "bad-date": ("people/koskela-ritva", "next: «5/12/2026»"),
    "referral-circle": ("people/heikkila-marja", 'referred_by: "[[«koskela-ritva»]]"'),
    "bad-cadence": ("people/niemi-timo", "cadence: «now and then»"),
    "dash-without-space": ("people/nieminen-sami", "contacts:\n  «-Aino Nieminen\n  -Eino Nieminen»"),
    "field-twice": ("people/rantanen-sofia", '«postal code»: "20810"'),
    "bad-yes-no": ("people/saari-kati", "key_box: «perhaps»"),
    "bad-contact": ("people/savolainen-kirsi", "contacts:\n  - «(the neighbour)»"),
    "unknown-choice": ("people/toivonen-mikko", "paint_system: «oil»"),
    "parent-circle": ("people/virtanen-anna", 'parent: "[[«virtanen-anna»]]"'),
    "key-not-text": ("companies/rautakauppa-nikkari", "? «[a, b]»\n: c"),
}
# Words of a note that are exchanged for others.
SWAPS = {
    "curly-quotes": ("companies/pizzeria-vesuvio", "city: Turku", "city: «„Turku“»"),
    "list-as-text": ("people/ojala-heidi", "tags: [bathroom]", "tags: «bathroom, tiles»"),
    "unknown-stage": ("companies/kahvila-aurinko", "stage: customer", "stage: «custmer»"),
    "odd-spelling": ("housing/kiinteisto-meri", "type: company", "type: «Company»"),
    "unknown-owner": ("people/laakso-perhe", "owner: noora", "owner: «nora»"),
    "unknown-type": ("people/keskinen-auli", "type: company", "type: «firm»"),
    "unquoted-number": ("people/makinen-olavi", 'postcode: "21660"', "postcode: «021660»"),
    "bad-business-id": ("housing/as-oy-hameenkatu-12", "business_id: 3285842-3", "business_id: «3285842-4»"),
    "bad-language": ("people/hamalainen-pertti", "language: fi", "language: «Finlandish»"),
    "bad-country": ("people/saarinen-veikko", "country: FI", "country: «Suommi»"),
    "lost-before-since": ("people/peltola-antti", "lost_on: 2025-08-29", "lost_on: «2024-08-05»"),
    "not-verified": ("people/saarinen-veikko", "verified: 2025-09-14", "verified: «2021-09-14»"),
    "no-name": ("people/lehtonen-jukka", "---\nname: Jukka Lehtonen\n", "«---»\n"),
    "out-of-range": ("people/lindstrom-eva", "learning: 2", "learning: «7»"),
    "bad-tag": ("companies/ravintola-silakka", "tags: [", "tags: [«two words», "),
    "unused-ignore": (
        "companies/kahvila-aurinko",
        "## Deals",
        "«<!-- plaincrm: ignore bad-date: none is bad -->»\n## Deals",
    ),
    "deal-overdue": ("companies/toimisto-kulma", "[expected:: 2027-01-31]", "[expected:: «2026-11-15»]"),
}
# Lines put at the beginning of a log.
LINES = {
    "bad-entry-date": ("companies/apteekki-linna", "- «2026-02-30» visit: measured the door"),
    "bad-time": ("housing/isannointi-aura", "- 2026-10-03 «24:30» visit: the stairs"),
    "misspelt-channel": ("people/nurmi-elina", "- 2025-02-03 «cal» in, Ilmari: asks"),
    "incomplete-date": ("companies/hotelli-satama", "- «6.11.» visit: measured the door"),
    "not-an-entry": ("people/saarinen-veikko", "- «2026/11/03» visit: measured the door"),
    "ends-before-start": ("companies/kukkakauppa-orvokki", "«- 2026-11-03 10:00-09:00 visit: measured the door»"),
    "refund-without-reason": ("companies/kuntosali-voima", "«- 2025-02-03 note: money back [sale:: -120 €]»"),
    "bad-amount": ("companies/leipomo-vehna", "- 2025-02-03 visit: door [sale:: «many €»]"),
    "ambiguous-amount": ("companies/kahvila-aurinko", "- 2025-02-03 visit: door [sale:: «1,200 €»]"),
    "mixed-currencies": ("companies/parturi-sointu", "«- 2025-02-03 visit: door [sale:: 90 €] [cost:: 90 SEK]»"),
    "unknown-mood": ("companies/pizzeria-vesuvio", "- 2026-08-03 visit: door [mood:: «curious»]"),
    "unknown-step": ("companies/rautakauppa-nikkari", "- 2025-02-03 visit: door [step:: «halfway»]"),
    "unknown-inline-field": ("people/wang-li", "- 2025-02-03 visit: door «[sael:: 90 €]»"),
    "unclosed-field": ("companies/ravintola-kivi", "- 2025-02-03 visit: door «[step:: need»"),
    "personal-identity-code": ("companies/salo-consulting", "- 2025-02-03 visit: Sari is «120464-9858», she says"),
    "done-before-created": ("companies/toimisto-kulma", "- [x] Door ➕ 2026-10-05 «✅ 2026-10-04»"),
    "due-before-start": ("housing/asunto-oy-linnankoski", "- [ ] Door 🛫 2027-03-05 «📅 2027-03-01»"),
    "unread-task-date": ("people/makinen-olavi", "- [ ] Door 📅 «2027-03-01» in the morning"),
    "bad-recurrence": ("people/jarvinen-leena", "- [ ] Door «🔁 every two years» 📅 2027-03-01"),
    "unknown-dependency": ("housing/asunto-oy-raunistula", "- [ ] Door ⛔ «stairs» 📅 2027-03-01"),
    "contact-against-ban": ("people/heikkila-marja", "«- 2026-11-19 chat out, Marja: is the yard dry»"),
    "contact-earlier-than-agreed": (
        "people/peltola-antti",
        "«- 2026-11-19 email out: the offer again»\n- 2026-11-18 call in: not before spring [quiet_until:: 2027-03-01]",
    ),
    "other-channel-than-agreed": ("people/laakso-perhe", "«- 2026-11-27 call out, Minna: how the kitchen works»"),
    "dead-link": ("people/koskela-ritva", "- 2025-02-03 visit: showed her [[«rainbow-colours»]]"),
    "far-future-entry": ("people/saari-kati", "- «2062-02-03» visit: the kiln"),
    "not-utf8-in-text": ("people/niemi-timo", "- 2025-02-03 visit: a «\udce4»mm door"),
    "nul-byte-in-text": ("people/ojala-heidi", "- 2026-10-03 visit: a «\0» door"),
    "stray-byte-order-mark": ("people/rantanen-sofia", "- 2025-02-03 visit: a «\ufeff» door"),
    "unknown-code": ("people/savolainen-kirsi", "«<!-- plaincrm: ignore bad-door: it squeaks -->»"),
    "ignore-without-reason": ("people/wang-li", "«<!-- plaincrm: ignore dead-link -->» [[no-such-note]]"),
}
# Notes that are new. Of several in one, each begins with its name.
NOTES = {
    "empty-note": "«» \n",
    "no-front-matter": "«»A painter's apprentice.\n",
    "front-matter-fence": "«----»\nname: Aapo Aalto\n----\n",
    "front-matter-not-closed": "«---»\nname: Bo Berg\n",
    "second-front-matter": "---\nname: Cia Cederberg\n---\n«---»\ncity: Turku\n---\n",
    "front-matter-not-fields": "---\n«- Dan Dahl»\n---\n",
    "front-matter-too-deep": f"---\nname: Elias Elo\nown: {'[' * 31}«[»]{']' * 32}\n---\n",
    "bad-yaml": "---\nname: Fia Fors\ncity: a«:» b\n---\n",
    "yaml-feature": "---\nname: Gun Grön\ncity: «&turku Turku»\n---\n",
    "control-character": "---\nname: Hanna Haka\ncity: Tu«\x07»rku\n---\n",
    "odd-line-separator": "---\nname: Iida Ilo\ncity: Tu«\u2028»rku\n---\n",
    "nul-byte": "---\nname: Jan Jansson\ncity: Tu«\0»rku\n---\n",
    "not-utf8": "---\nname: Kai Korpi\ncity: «\udce5»bo\n---\n",
    "mixed-line-ends": "---«\r»\nname: Lea Lund\r\n---\n",
    "unresolved-merge": "---\nname: Mio Mattila\n---\n«<<<<<<< »HEAD\n=======\n>>>>>>> theirs\n",
    "not-text": "«»\x1f\udc8b a gzip\n",
    "unclosed-fence": "---\nname: Nea Norr\n---\n«```»\ncode\n",
    "unclosed-comment": "---\nname: Olli Oja\n---\n«%% secret»\n",
    "second-log": "---\nname: Pia Palo\n---\n## Log\n- 2026-11-02 visit\n\n«## Log»\n- 2026-11-01 visit\n",
    "field-outside-entry": "---\nname: Raija Ranta\n---\nPaid «[sale:: 90 €]» in cash.\n",
    "too-many-unanswered": "---\nname: Siv Sand\n---\n"
    "«- 2026-11-03 email out»\n- 2026-11-02 call out, no answer\n- 2026-11-01 chat out\n",
    "contact-in-quiet-time": "---\nname: Tor Tall\nquiet_until: 2027-01-01\n---\n"
    "«- 2026-11-03 email out»\n- 2026-11-01 call in\n",
    "kept-too-long": "---\nname: Uma Uusi\nstage: «lead»\nsince: 2024-05-01\nverified"
    ": 2026-05-01\n---\n- 2024-05-01 call in\n",
    "same-business-id": "---\nname: Villa Vit Oy\nbusiness_id: «2779126-0»\n---\n",
    "same-email": "---\nname: Wilma Wallin\nemail: «PEKKA@aurinko.example»\n---\n",
    "same-phone": '---\nname: Yrjö Yli\nphone: "«040 5550101»"\n---\n',
    "near-name": "---\nname: «Kahvila Aurinho»\n---\n",
    "invoice-twice": "---\nname: Åsa Ås\n---\n- 2026-09-30 visit: door [sale:: 90 €] [invoice:: «2026-117»]\n",
    "unlinkable-name # pipe": "«»---\nname: Ära Äng\n---\n",
    "conflict-copy.sync-conflict-20261121-101500-ABCDEFG": "«»---\nname: Örn Öst\n---\n",
    "overlapping-appointments": "---\nname: Zoe Zander\nowner: liisa\n---\n«- 2026-12-24 10:30 visit: door»\n",
    "no-next-step": "---\nname: Xenia Xu\nstage: «customer»\n---\n",
    "duplicate-task-id": "---\nname: Quist Qvick\n---\n"
    "- [ ] One 🆔 door 📅 2027-01-01\n- [ ] Two 🆔 «door» 📅 2027-01-02\n",
}
OTHERS = {
    "duplicate-id": ("sub/conflict.md", "«»---\nname: Alma Alho\n---\n"),
    "odd-file-ending": ("Old Note.markdown", "«»---\nname: Dora Dahl\n---\n"),
    "not-downloaded": (".Far Note.md.icloud", "«»bplist00"),
    "ambiguous-link": ("linking.md", '---\nname: Cleo Carr\npartner_of: "[[«conflict»]]"\n---\n'),
}
SOUND = {  # sound themselves, they make others unsound
    "hour": "---\nname: Ada Adler\nowner: liisa\n---\n- 2026-12-24 10:00-11:00 visit: wall\n",
    "conflict": "---\nname: Bror Boman\n---\n",
}
SETTINGS = {
    "unknown-setting": ("name = ", "«nickname» = "),
    "bad-setting": ('gap = "3d"', '«gap» = "soon"'),
    "bad-query": ('quiet-keys = "tier:key', '«quiet-keys» = "teir:key'),
    "missing-material": ('material = "materials/care-of', '«material» = "material/care-of'),
    "unused-glob": ("customers/housing/**", "«customers/houses/**»"),
}
UNPLANTED = {
    "bad-toml": "then no setting is read at all",
    "unreadable-file": "whoever runs the tests as root may read all",
    "world-readable": "it tells of the machine",
    "public-remote": "it tells of git",
    "dangling-link": "a link",
    "link-out-of-vault": "a link",
    "linked-folder": "a link",
    "not-a-file": "a pipe",
    "too-large": "large",
    "wrong-encoding": "UTF-16 has no place to mark",
    "only-nul-bytes": "nothing to mark",
    "odd-file-name": "not every disk takes it",
    "front-matter-too-large": "64 KiB",
    "front-matter-too-many": "5,000 values",
    "bad-period": "the example has no field of the kind",
    "sale-without-currency": "the example names its currency",
}


def planted(folder: Path) -> tuple[Path, set[tuple[str, str, int, int, int, int]]]:
    """A copy of the example vault with all of it, and what is to be found there: code, file and place."""
    vault = folder / "vault"
    shutil.copytree(EXAMPLE, vault)
    texts: dict[Path, str] = {}

    def read(name: str) -> tuple[Path, str]:
        path = vault / name
        return path, texts.get(path) or path.read_text(encoding="utf-8")

    def put(path: Path, text: str, code: str, old: str, new: str) -> None:
        assert text.count(old) >= 1, (path, old)
        texts[path] = text.replace(old, new.replace("«", f"«{code}§"), 1)

    for code, (name, line) in FIELDS.items():
        path, text = read(f"customers/{name}.md")
        put(path, text, code, "\n---\n", f"\n{line}\n---\n")
    for code, (name, old, new) in SWAPS.items():
        put(*read(f"customers/{name}.md"), code, old, new)
    for code, (name, line) in LINES.items():
        put(*read(f"customers/{name}.md"), code, "\n## Log\n", f"\n## Log\n{line}\n")
    for name, text in NOTES.items():
        code = re.match(r"[a-z0-9-]+", name)
        assert code
        put(vault / f"customers/planted/{name}.md", "", code[0], "", text)
    for code, (name, text) in OTHERS.items():
        put(vault / f"customers/planted/{name}", "", code, "", text)
    for name, text in SOUND.items():
        put(vault / f"customers/planted/{name}.md", "", "", "", text)
    for code, (old, new) in SETTINGS.items():
        put(*read("plaincrm.toml"), code, old, new)
    settings, text = read("plaincrm.toml")
    texts[settings] = f'{text}\n[check.paths."customers/planted/**"]\nno-next-step = "warning"\n'
    expected = set()
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_bare(text).encode("utf-8", "surrogateescape"))
        expected |= {(code, path.relative_to(vault).as_posix(), *place) for code, place in _marks(text)}
    return vault, expected


_MARK = re.compile("«(?P<code>[a-z0-9-]+)§(?P<text>[^»]*)»")


def _bare(text: str) -> str:
    return _MARK.sub(lambda match: match["text"], text)


def _marks(text: str) -> list[tuple[str, tuple[int, int, int, int]]]:
    found = []
    for match in _MARK.finditer(text):
        before = _bare(text[: match.start()])
        found.append((match["code"], (*_place(before), *_place(before + match["text"]))))
    return found


def _place(before: str) -> tuple[int, int]:
    lines = before.split("\n")
    return len(lines), len(lines[-1]) + 1


def test_each_planted_fault_is_found_and_nothing_else(tmp_path: Path) -> None:
    vault, expected = planted(tmp_path)
    report = plaincrm.open_vault(vault, cache=False).check(TODAY)
    found = {(d.code, d.file, *d.place) for d in report.diagnostics}
    assert sorted(found - expected) == []
    assert sorted(expected - found) == []
    assert len(report.diagnostics) == len(found) == len({code for code, *_place in found})
    assert len(found) >= 60


def test_every_code_is_planted_or_said_why_not() -> None:
    codes = {re.match(r"[a-z0-9-]+", name)[0] for name in NOTES}  # type: ignore[index]  # every name begins so
    planted_codes = codes | {*FIELDS, *SWAPS, *LINES, *OTHERS, *SETTINGS}
    assert planted_codes | set(UNPLANTED) == set(BY_CODE)
    assert not planted_codes & set(UNPLANTED)
