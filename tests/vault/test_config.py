from datetime import date
from decimal import Decimal

import pytest

from plaincrm.dates import Duration, Period
from plaincrm.document.source import decode
from plaincrm.records.schema import STAGES, TIERS
from plaincrm.vault.config import Config, read_config
from plaincrm.vault.playbooks import Playbook
from plaincrm.vault.rules import Bound
from plaincrm.vault.settings import FIELD_TYPES, SETTINGS
from plaincrm.vault.targets import Wanted

ALL = """\
[vault]
name = "Maalarit"
records = ["asiakkaat/**/*.md", "people/*.md"]
ignore = ["asiakkaat/old/**"]
owners = ["liisa", "matti"]
currency = "SEK"
country = "FI"
subdivision = "01"
timezone = "Europe/Mariehamn"

[stages]
order = ["lead", "trial", "customer", "gone", "dead"]
active = ["trial"]
closed = ["gone", "dead"]

[tiers]
order = ["small", "big"]

[tiers.rules]
big = "margin>5000.50 purchases>=3 class:A,B"

[value]
classes = [50, 75.5, 90]

[serving]
hour = 45
contact.soitto = 4.5
contact.linkedin = 2

[channels]
linkedin = "contact"
diary = "record"
"soittopyyntö" = "puhelu"

[cadence]
default = "3m"

[cadence.tier]
big = "6w"

[cadence.stage]
dead = "never"

[agenda]
days = 14
gap = "5d"
forgotten = 3

[hours]
mon-fri = "8-16"
fri = "8-12, 13-15"
"2026-12-24" = "9-12"
"12-31" = "closed"
closed = ["12-24", "2026-07-06..2026-07-26"]

[response]
default = "2 working days"
tier.big = "4h"

[targets]
customers = 40
stage.trial = 5
year.revenue = 2_500_000.50
quarter.new = 3
month = { leads = 2 }
field.email = 90
field.shoe_size = { share = 12.5, of = "type:person" }

[report]
links = "obsidian"

[experience]
min_n = 8
measure_every = "1y"

[quality]
email = 3
shoe_size = 0
needs = 1

[mail]
own = ["liisa@acme.example", "@acme.example"]
text = 200

[git]
commit = true

[notes]
"Agenda.md" = "agenda --owner 'Liisa A'"
parts = ["Home.md"]

[check]
verify_after = "2y"
keep_leads = "1y"
unanswered = 5
far_future = "18m"

[check.severity]
near-name = "off"
dead-link = "error"

[check.paths."people/**"]
no-name = "hint"

[agenda.weights]
promise = 60
day-late = 2

[season]
window = "3w"
ahead = "6w"

[anniversaries]
years = 10
tiers = ["small"]

[growth]
active = "6m"
lost = "18m"

[permissions]
valid = "never"
ahead = "2w"

[playbooks.works]
on = "delivery"
after = "14d"
do = "Ask how it works"
tier = ["big"]
query = "city:Turku"
channel = "soitto"
material = "materials/care.md"

[playbooks]
trial = { on = "stage:trial", do = "Say hello" }

[fields]
shoe_size = "number"
"Trial ends" = { type = "date", label = "Trial ends", help = "When.", aliases = ["koeaika"] }
colour = { type = "choice", choices = ["red", "blue"] }

[segments]
"big.turku" = "tier:big city:Turku"

[rates]
usd = 0.92
GBP = 1
"""


def test_every_setting():
    config = read_config(ALL.encode())
    assert config.faults == ()
    assert (config.name, config.records) == ("Maalarit", ("asiakkaat/**/*.md", "people/*.md"))
    assert (config.ignore, config.owners) == (("asiakkaat/old/**",), ("liisa", "matti"))
    assert (config.currency, config.country) == ("SEK", "FI")
    assert config.stages == ("lead", "trial", "customer", "gone", "dead")
    assert (config.active, config.closed, config.tiers) == (("trial",), ("gone", "dead"), ("small", "big"))
    assert config.channels == {"linkedin": "contact", "diary": "record", "soittopyyntö": "call"}
    assert (config.cadence, config.tier_cadence) == (Duration(3, "m"), {"big": Duration(6, "w")})
    assert config.stage_cadence == {"dead": "never"}
    assert (config.days, config.gap, config.forgotten) == (14, Duration(5, "d"), 3)
    assert (config.subdivision, config.timezone) == ("01", "Europe/Mariehamn")
    assert config.hours == {
        "mon-fri": ((480, 960),),
        "fri": ((480, 720), (780, 900)),
        "2026-12-24": ((540, 720),),
        "12-31": (),
    }
    assert config.closed_days == ("12-24", Period(date(2026, 7, 6), date(2026, 7, 26)))
    assert (config.response, config.tier_response) == ("2 working days", {"big": "4h"})
    assert config.targets == (
        Wanted("customers", "", Decimal(40)),
        Wanted("stage", "trial", Decimal(5)),
        Wanted("year", "revenue", Decimal("2500000.50")),
        Wanted("quarter", "new", Decimal(3)),
        Wanted("month", "leads", Decimal(2)),
        Wanted("field", "email", Decimal(90)),
        Wanted("field", "shoe_size", Decimal("12.5"), "type:person"),
    )
    assert config.tier_rules == {
        "big": (
            Bound("margin>5000.50", "margin", ">", Decimal("5000.50")),
            Bound("purchases>=3", "purchases", ">=", Decimal(3)),
            Bound("class:A,B", "class", classes=("A", "B")),
        )
    }
    assert config.classes == (50, Decimal("75.5"), 90)
    assert (config.serving_hour, config.serving_contact) == (45, {"call": Decimal("4.5"), "linkedin": 2})
    assert config.links == "obsidian"
    assert (config.min_n, config.measure_every) == (8, Duration(1, "y"))
    assert config.quality == (("email", 3), ("shoe_size", 0), ("needs", 1))
    assert (config.verify_after, config.keep_leads) == (Duration(2, "y"), Duration(1, "y"))
    assert (config.mail_own, config.mail_text) == (("liisa@acme.example", "@acme.example"), 200)
    assert config.commit is True
    assert (config.notes, config.note_parts) == ({"Agenda.md": ("agenda", "--owner", "Liisa A")}, ("Home.md",))
    assert (config.unanswered, config.far_future) == (5, Duration(18, "m"))
    assert config.severities == {"near-name": "off", "dead-link": "error"}
    assert config.path_severities == {"people/**": {"no-name": "hint"}}
    assert [(f.key, f.type, f.many, f.choices, f.own, f.spellings) for f in config.fields] == [
        ("shoe_size", "number", False, (), "shoe_size", ()),
        ("Trial ends", "date", False, (), "Trial ends", ("koeaika",)),
        ("colour", "choice", False, ("red", "blue"), "colour", ()),
    ]
    assert (config.weights["promise"], config.weights["day-late"], config.weights["owed"]) == (60, 2, 30)
    assert (config.season_window, config.season_ahead) == (Duration(3, "w"), Duration(6, "w"))
    assert (config.anniversary_years, config.anniversary_tiers) == (10, ("small",))
    assert (config.growth_active, config.growth_lost) == (Duration(6, "m"), Duration(18, "m"))
    assert (config.consent_valid, config.consent_ahead) == (None, Duration(2, "w"))
    assert config.playbooks == (
        Playbook(
            name="works",
            cause="delivery",
            of="",
            after=Duration(14, "d"),
            do="Ask how it works",
            tiers=("big",),
            query="city:Turku",
            channel="call",
            material="materials/care",
        ),
        Playbook(name="trial", cause="stage", of="trial", after=None, do="Say hello"),
    )
    assert config.segments == {"big.turku": "tier:big city:Turku"}
    assert config.rates == {"USD": Decimal("0.92"), "GBP": Decimal(1)}
    places = {(row.table, row.key.partition(".")[0]) for row in SETTINGS}
    assert {table for table, _ in places} == {
        line[1:-1] for line in ALL.split("\n") if line.startswith("[") and "." not in line
    }


def test_the_schema_of_a_config():
    schema = read_config(ALL.encode()).schema
    assert schema.channel("Soittopyyntö") == "call"
    assert schema.table.find("koeaika").key == "Trial ends"
    assert (schema.currency, schema.country, schema.owners) == ("SEK", "FI", ("liisa", "matti"))
    assert schema.choice("stages", "Trial") == "trial"
    assert schema.choice("stages", "prospect") is None
    assert read_config(ALL.encode()).schema is not schema


def test_working_time_and_targets_of_a_config():
    config = read_config(ALL.encode())
    hours = config.working_time
    assert (hours.zone, hours.country, hours.subdivision) == ("Europe/Mariehamn", "FI", "01")
    assert hours.hours(date(2026, 11, 20)) == ((480, 720), (780, 900))
    assert hours.hours(date(2026, 12, 24)) == ((540, 720),)
    assert hours.hours(date(2027, 12, 24)) == ()
    assert hours.hours(date(2026, 7, 14)) == ()
    targets = [config.target(*of) for of in (("30 min", "big"), (None, "big"), (None, "small"), (None, None))]
    assert [str(target) for target in targets] == ["30 min", "4h", "2 working days", "2 working days"]
    assert str(read_config(b"").target(None, None)) == "1 working day"


def test_defaults():
    config = read_config(b"")
    assert config == Config()
    assert (config.stages, config.tiers) == (STAGES, TIERS)
    assert (config.active, config.closed) == (("prospect", "customer", "regular", "advocate"), ("former",))
    assert (config.days, config.gap, config.forgotten, config.cadence) == (7, Duration(3, "d"), 2, None)


@pytest.mark.parametrize(
    "data", [ALL.replace("\n", "\r\n").encode(), b"\xef\xbb\xbf" + ALL.encode()], ids=["CRLF", "BOM"]
)
def test_line_ends_and_byte_order_marks(data):
    assert read_config(data) == read_config(ALL.encode())


def test_stages_in_use_follow_the_order_where_nothing_is_said():
    config = read_config(b'[stages]\norder = ["a", "b", "c", "d"]\n')
    assert (config.active, config.closed) == (("b", "c"), ("d",))


@pytest.mark.parametrize("kind", FIELD_TYPES)
def test_fields_of_every_type(kind):
    choices = ', choices = ["a"]' if kind == "choice" else ""
    config = read_config(f'[fields]\nx = {{ type = "{kind}"{choices} }}\n'.encode())
    assert config.faults == ()
    assert config.fields[0].many == (kind == "list")
    assert config.schema.table.find("x") == config.fields[0]


def faults(text):
    source = decode(text.encode())
    return [
        (found.code, source.place(found.start), source.text[found.start : found.end], dict(found.facts))
        for found in read_config(text.encode()).faults
    ]


def test_a_field_that_there_is_not_weighs_nothing():
    ((code, place, word, facts),) = faults("[quality]\nemial = 2\nneeds = 1\n")
    assert (code, place[:2], word) == ("unknown-setting", (2, 1), "emial")
    assert facts == {"setting": "quality.emial", "hint": " Did you mean email?"}
    assert read_config(b"[quality]\nemial = 2\nneeds = 1\n").quality == (("needs", 1),)
    assert read_config(b"[quality]\nemial = 2\n").quality == Config().quality


BAD = [
    ("[vault]\nname = 3\n", (2, 1), "name", "vault.name", "a text in quotes"),
    ('[vault]\nname = "x"\nrecords = "a/*.md"\n', (3, 1), "records", "vault.records", "a list of texts"),
    ("[vault]\nowners = [1]\n", (2, 1), "owners", "vault.owners", "a list of texts"),
    ('[vault]\n  currency = "€"\n', (2, 3), "currency", "vault.currency", "a currency code such as EUR"),
    ('[vault]\ncountry = "Finland"\n', (2, 1), "country", "vault.country", "a country code such as FI"),
    ("[agenda]\ndays = -1\n", (2, 1), "days", "agenda.days", "a whole number of 0 or more"),
    ("[agenda]\ndays = 1.5\n", (2, 1), "days", "agenda.days", "a whole number of 0 or more"),
    ("[git]\ncommit = 1\n", (2, 1), "commit", "git.commit", "true or false"),
    ("[agenda]\ndays = true\n", (2, 1), "days", "agenda.days", "a whole number of 0 or more"),
    ("[agenda]\ndays = nan\n", (2, 1), "days", "agenda.days", "a whole number of 0 or more"),
    ("[agenda]\nforgotten = inf\n", (2, 1), "forgotten", "agenda.forgotten", "a whole number of 0 or more"),
    ('[agenda]\ngap = "never"\n', (2, 1), "gap", "agenda.gap", "a length of time"),
    ("[rates]\nUSD = nan\n", (2, 1), "USD", "rates.USD", "a number of 0 or more"),
    ('[rates]\nUSD = "1"\n', (2, 1), "USD", "rates.USD", "a number of 0 or more"),
    ('[cadence]\ndefault = "often"\n', (2, 1), "default", "cadence.default", "a length of time"),
    ('[cadence.tier]\nkey = "often"\n', (2, 1), "key", "cadence.tier.key", "a length of time"),
    (
        '[cadence]\ntier = { key = "x" }\n[segments]\nkey = "y"\n',
        (2, 10),
        "key",
        "cadence.tier.key",
        "a length of time",
    ),
    ('[channels]\nfax = "no"\n', (2, 1), "fax", "channels.fax", "contact"),
    ('[fields]\nshoe = "numbr"\n', (2, 1), "shoe", "fields.shoe", "one of the types"),
    ('[fields]\ncity = "text"\n', (2, 1), "city", "fields.city", "a name that no field has"),
    ('[fields]\nx = { type = "choice" }\n', (2, 1), "x", "fields.x", "one of the types"),
    ('[fields]\nx = { type = "text", choices = ["a"] }\n', (2, 1), "x", "fields.x", "one of the types"),
    ('[fields]\nx = { kind = "text" }\n', (2, 1), "x", "fields.x", "one of the types"),
    ('[fields.x]\ntype = ["text"]\n', (1, 2), "fields", "fields.x", "one of the types"),
    ('[stages]\norder = ["a", "b"]\nclosed = ["c"]\n', (3, 1), "closed", "stages.closed", "one of a, b"),
    ('[vault]\ntimezone = "+02:00"\n', (2, 1), "timezone", "vault.timezone", "such as Europe/Helsinki"),
    ('[hours]\nmon-fri = "17-9"\n', (2, 1), "mon-fri", "hours.mon-fri", 'with "9-17"'),
    ('[hours]\n"13-24" = "9-17"\n', (2, 2), "13-24", "hours.13-24", 'a day such as mon, mon-fri, "12-24"'),
    ("[hours]\nsat = 9\n", (2, 1), "sat", "hours.sat", 'with "9-17"'),
    ('[hours]\nclosed = "12-24"\n', (2, 1), "closed", "hours.closed", "a list of days"),
    ('[hours]\nclosed = ["12-24", "2026"]\n', (2, 1), "closed", "hours.closed", "a list of days"),
    ('[response]\ndefault = "soon"\n', (2, 1), "default", "response.default", "a length of working time"),
    ('[response.tier]\nkey = "4 weeks"\n', (2, 1), "key", "response.tier.key", "a length of working time"),
    ("[targets]\ncustomers = -1\n", (2, 1), "customers", "targets.customers", "a number of 0 or more"),
    ('[targets]\nyear.revenue = "1"\n', (2, 6), "revenue", "targets.year.revenue", "a number of 0 or more"),
    ("[targets]\nfield.email = 101\n", (2, 7), "email", "targets.field.email", "per cent from 0 to 100"),
    ("[targets]\nfield.email = { of = 'x' }\n", (2, 7), "email", "targets.field.email", "a table with share and of"),
    ("[value]\nclasses = [95, 80]\n", (2, 1), "classes", "value.classes", "a list of rising numbers"),
    ("[value]\nclasses = [80, 101]\n", (2, 1), "classes", "value.classes", "a list of rising numbers"),
    ("[value]\nclasses = [0, 80]\n", (2, 1), "classes", "value.classes", "a list of rising numbers"),
    ("[value]\nclasses = [80.123]\n", (2, 1), "classes", "value.classes", "a list of rising numbers"),
    ("[value]\nclasses = []\n", (2, 1), "classes", "value.classes", "a list of rising numbers"),
    ("[value]\nclasses = 80\n", (2, 1), "classes", "value.classes", "a list of rising numbers"),
    ('[serving]\nhour = "45"\n', (2, 1), "hour", "serving.hour", "a number of 0 or more"),
    ("[serving]\ncontact.pigeon = 1\n", (2, 9), "pigeon", "serving.contact.pigeon", "the name of a channel"),
    ('[tiers.rules]\nkey = "rich"\n', (2, 1), "key", "tiers.rules.key", "conditions such as"),
    ('[tiers.rules]\nkey = "revenue>=1 rich"\n', (2, 1), "key", "tiers.rules.key", "conditions such as"),
    ('[tiers.rules]\nkey = "class:D"\n', (2, 1), "key", "tiers.rules.key", "classes from A to C"),
    ('[tiers.rules]\noccasional = "revenue>1"\n', (2, 1), "occasional", "tiers.rules.occasional", "above occasional"),
    ("vault.name = 3\n", (1, 7), "name", "vault.name", "a text in quotes"),
    ('[vault]\n"name" = 3\n', (2, 2), "name", "vault.name", "a text in quotes"),
]


@pytest.mark.parametrize(("text", "place", "shown", "setting", "wanted"), BAD, ids=[text for text, *_ in BAD])
def test_a_setting_that_is_not_sound_is_named_and_its_default_used(text, place, shown, setting, wanted):
    ((code, at, marked, facts),) = faults(text)
    assert (code, at, marked, facts["setting"]) == ("bad-setting", place, shown, setting)
    assert wanted in facts["wanted"]


UNKNOWN = [
    ("[vault]\nrecord = []\n", (2, 1), "record", "vault.record", " Did you mean records?"),
    ('[valt]\nname = "x"\n', (1, 2), "valt", "valt", " Did you mean vault?"),
    ("[agenda]\nday = 3\n", (2, 1), "day", "agenda.day", " Did you mean days?"),
    ('[cadence.tier]\nregulr = "6w"\n', (2, 1), "regulr", "cadence.tier.regulr", " Did you mean regular?"),
    ('[tiers.rules]\nregulr = "class:A"\n', (2, 1), "regulr", "tiers.rules.regulr", " Did you mean regular?"),
    ('[response.tier]\nregulr = "4h"\n', (2, 1), "regulr", "response.tier.regulr", " Did you mean regular?"),
    ('[cadence]\nxyzzy = "6w"\n', (2, 1), "xyzzy", "cadence.xyzzy", ""),
    ("[targets]\nyear.revenu = 3\n", (2, 6), "revenu", "targets.year.revenu", " Did you mean revenue?"),
    ("[targets]\nstage.custmer = 3\n", (2, 7), "custmer", "targets.stage.custmer", " Did you mean customer?"),
    ("[targets]\nfield.emial = 3\n", (2, 7), "emial", "targets.field.emial", " Did you mean email?"),
    ('title = "x"\n', (1, 1), "title", "title", ""),
    ('[[fields]]\nname = "x"\n', (1, 3), "fields", "fields", " Did you mean fields?"),
]


@pytest.mark.parametrize(("text", "place", "shown", "setting", "hint"), UNKNOWN, ids=[text for text, *_ in UNKNOWN])
def test_settings_that_are_unknown(text, place, shown, setting, hint):
    ((code, at, marked, facts),) = faults(text)
    assert (code, at, marked) == ("unknown-setting", place, shown)
    assert (facts["setting"], facts["hint"]) == (setting, hint)


def test_a_bad_setting_hides_no_good_one():
    config = read_config(b'[vault]\nname = 3\ncountry = "FI"\n[agenda]\ndays = "x"\nforgotten = 5\n')
    assert (config.name, config.country, config.days, config.forgotten) == ("", "FI", 7, 5)
    assert len(config.faults) == 2


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[vault\n", (1, 7)),
        ('[vault]\nname = "x\n', (2, 10)),
        ("[vault]\nname = x\n", (2, 8)),
        ('[vault]\nname = "a"\nname = "b"\n', (3, 11)),
        ("\ufeff[vault\n", (1, 7)),
        ('[vault]\r\nname = "ä" x\r\n', (2, 12)),
        ("a = [", (1, 6)),
    ],
)
def test_toml_that_cannot_be_read(text, place):
    ((code, at, _, facts),) = faults(text)
    assert (code, at) == ("bad-toml", place)
    assert facts["problem"]
    assert "(at" not in facts["problem"]


def test_letters_that_toml_takes_in_quotes_only():
    ((code, at, shown, facts),) = faults('[channels]\nsähköposti = "email"\n')
    assert (code, at, shown) == ("bad-toml", (2, 2), "ä")
    assert facts == {"problem": "a name with the letter ä needs quotes around it"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("[vault]".encode("utf-16"), "wrong-encoding"),
        (b"\x89PNG", "not-text"),
        (b'[vault]\nname = "\xff"\n', None),
        (b"a = " + b"[" * 100_000, "bad-toml"),
        (b"a = " + b"9" * 10_000 + b"\n", None),
        (b"a = 1e999999999999999999999\n", None),
        (b"\0" * 100, "only-nul-bytes"),
    ],
)
def test_hostile_settings_raise_nothing(data, code):
    config = read_config(data)
    assert config.records == ("customers/**/*.md",)
    assert code is None or [fault.code for fault in config.faults] == [code]


PLAYBOOK_FAULTS = {
    "a cause that there is not": ('on = "rain"', "bad-setting", "on"),
    "a stage that there is not": ('on = "stage:custmer"', "bad-setting", "on"),
    "a number that is none": ('on = "nth-purchase:0"', "bad-setting", "on"),
    "a word behind what takes none": ('on = "sale:first"', "bad-setting", "on"),
    "no cause at all": ("", "bad-setting", "p"),
    "a length of time that is none": ('on = "sale"\nafter = "soon"', "bad-setting", "after"),
    "a tier that there is not": ('on = "sale"\ntier = ["keys"]', "bad-setting", "tier"),
    "a channel that there is not": ('on = "sale"\nchannel = "pigeon"', "bad-setting", "channel"),
    "a slip in a key": ('on = "sale"\nafterr = "2d"', "unknown-setting", "afterr"),
}


@pytest.mark.parametrize(("lines", "code", "place"), PLAYBOOK_FAULTS.values(), ids=PLAYBOOK_FAULTS)
def test_a_playbook_with_a_fault_is_left_out_and_named_with_its_line(lines: str, code: str, place: str):
    text = f'[playbooks.o]\non = "sale"\ndo = "x"\n[playbooks.p]\ndo = "Ask"\n{lines}\n'
    config = read_config(text.encode())
    assert [playbook.name for playbook in config.playbooks] == ["o"]
    (found,) = config.faults
    assert (found.code, text[found.start : found.end].rpartition(".")[2]) == (code, place)
    assert found.start > text.index("[playbooks.p]")


def test_a_weight_that_there_is_not_is_named():
    (found,) = read_config(b"[agenda.weights]\npromize = 3\n").faults
    assert found.code == "unknown-setting"
    assert dict(found.facts)["hint"] == " Did you mean promise?"
