"""Make a vault of any size: `python benchmarks/generate.py DIR -n 10000 --entries 6 --seed 1 --today 2026-11-21`.

The same arguments give the same bytes, and a small vault is the beginning of a larger one. The notes look like those of
`example-vault/`: 15 to 25 fields, free text, a log with sales, promises and moods. The business is in rhythm: every
active customer was in touch within its cadence and has a next step, but for one or two of a hundred that have
something on the agenda in the week of `today`.
"""

import argparse
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random

TODAY = date(2026, 11, 21)
PRESSED = 0.02  # share of the customers with something on the agenda
TROUBLES = {  # what it is, and its weight
    "next": 25, "promise": 25, "waiting": 12, "cadence": 12, "owed": 10, "missed": 8, "appointment": 5, "feedback": 3,
}  # fmt: skip
STAGES = {"lead": 3, "prospect": 3, "customer": 50, "regular": 25, "advocate": 5, "former": 14}
TIERS = {"occasional": 60, "regular": 32, "key": 8}
RHYTHM = {"lead": 14, "prospect": 21, "key": 42, "regular": 122, "occasional": 365}  # days, as in CONFIG
HORIZON = 8  # days ahead in which nothing falls due but trouble
CONFIG = """\
[vault]
name = "Benchmark"
owners = ["liisa", "matti", "noora"]
currency = "EUR"
country = "FI"

[cadence]
default = "12m"
tier.key = "6w"
tier.regular = "4m"
tier.occasional = "12m"
stage.lead = "2w"
stage.prospect = "3w"

[fields]
colour_code = "text"
"""

WORDS = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
NAMES: dict[str, list[str]] = {kind: text.split() for kind, text in WORDS["names"].items()}
LINES_OF_BUSINESS: dict[str, str] = WORDS["companies"]
FIELDS: dict[str, list[str]] = WORDS["fields"]
TEXTS: dict[str, list[str]] = WORDS["texts"]
STRIDE = 7919  # prime to the number of names, so that its multiples visit each of them once


def notes(count: int, entries: int = 6, seed: int = 1, today: date = TODAY) -> Iterator[tuple[str, str]]:
    """The id and the text of each note."""
    for number in range(count):
        plan = make_plan(number, seed, today)
        log = make_log(plan, entries)
        yield plan.id, f"---\n{front_matter(plan, log)}---\n\n{free_text(plan, log)}## Log\n\n{written_log(plan, log)}"


def generate(
    folder: Path, count: int, *, entries: int = 6, seed: int = 1, today: date = TODAY, flat: bool = False
) -> int:
    """Write a vault and return the bytes of its notes. Flat: all in one folder, else by two letters of the id."""
    made: set[Path] = set()
    total = 0
    for customer, text in notes(count, entries, seed, today):
        place = folder / "customers" if flat else folder / "customers" / customer[:2]
        if place not in made:
            place.mkdir(parents=True, exist_ok=True)
            made.add(place)
        total += (place / f"{customer}.md").write_bytes(text.encode())
    (folder / "plaincrm.toml").write_text(CONFIG, encoding="utf-8")
    return total


# The plan: what is decided of a customer before anything is written.


@dataclass
class Plan:
    number: int
    seed: int
    random: Random
    today: date
    person: bool
    name: str
    id: str
    contact: str  # who answers
    stage: str
    tier: str
    trouble: str  # why the customer is on the agenda, if so
    next: date | None = None
    promise: date | None = None  # when our open promise is due
    referrer: str = ""
    no_calls: bool = False
    allows_mail: bool = False
    complained: bool = False

    @property
    def buys(self) -> bool:
        return self.stage not in ("lead", "prospect")

    @property
    def rhythm(self) -> int:
        return RHYTHM[self.tier or self.stage]

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def pick(self, among: Sequence[str]) -> str:
        return among[int(self.random.random() * len(among))]

    def text(self, kind: str) -> str:
        return self.pick(TEXTS[kind])

    def between(self, low: int, high: int) -> int:
        return low + int(self.random.random() * (high - low + 1))

    def ahead(self, low: int, high: int) -> date:
        return self.today + timedelta(self.between(low, high))

    def money(self, amount: int) -> str:
        """An amount as people write it."""
        grouped = f"{amount:,}".replace(",", " ")
        return self.pick((f"{amount} EUR", f"{grouped} €", f"{grouped},50 €", str(amount)))


def make_plan(number: int, seed: int, today: date) -> Plan:
    random = Random(f"{seed} {number}")
    person = is_person(number, seed)
    name, customer = names(number, seed)
    stage = weighted(random, STAGES)
    plan = Plan(
        number=number,
        seed=seed,
        random=random,
        today=today,
        person=person,
        name=name,
        id=customer,
        contact=name.partition(" ")[0] if person else random.choice(NAMES["first"]),
        stage=stage,
        tier="" if stage in ("lead", "prospect") else weighted(random, TIERS),
        trouble=weighted(random, TROUBLES) if stage != "former" and random.random() < PRESSED else "",
    )
    if number > 10 and plan.chance(0.15):
        plan.referrer = names(plan.between(0, number - 1), seed)[1]
    plan.no_calls, plan.allows_mail = plan.chance(0.04), plan.chance(0.6)
    plan.complained = plan.buys and plan.chance(0.03)
    plan_next_step(plan)
    return plan


def weighted(random: Random, weights: dict[str, int]) -> str:
    return random.choices(list(weights), list(weights.values()))[0]


def plan_next_step(plan: Plan) -> None:
    """A date or a promise to come for everybody, and one that presses for those in trouble."""
    if plan.stage == "former" or plan.trouble == "cadence":
        return
    if plan.trouble == "next":
        plan.next = plan.ahead(-9, 6)
    elif plan.trouble == "promise":
        plan.promise = plan.ahead(-10, 5)
    elif plan.chance(0.8):
        plan.next = plan.ahead(HORIZON, 120)
    else:
        plan.promise = plan.ahead(HORIZON, 60)


# Names: the customers' numbers walk once through all combinations of the words.


def is_person(number: int, seed: int) -> bool:
    return (number * 2_654_435_761 + seed * 97) % 1009 % 10 < 3


def names(number: int, seed: int) -> tuple[str, str]:
    """The name of a customer, and its id."""
    if is_person(number, seed):
        first, second, last, *again = combination(number, seed, NAMES["first"], NAMES["second"], NAMES["last"])
        return " ".join((first, second, last, *again)), slug(last, first, second, *again)
    place, proper, kind, *again = combination(number, seed, NAMES["places"], NAMES["proper"], list(LINES_OF_BUSINESS))
    found = (kind, proper, place.partition("/")[0], *again)
    return " ".join((*found, "Oy")), slug(*found)


def combination(number: int, seed: int, *kinds: Sequence[str]) -> list[str]:
    """One word of each kind; a number is added when all combinations are taken."""
    size = 1
    for kind in kinds:
        size *= len(kind)
    at, found = (number * STRIDE + seed) % size, []
    for kind in kinds:
        at, index = divmod(at, len(kind))
        found.append(kind[index])
    return found + ([str(number // size + 1)] if number >= size else [])


def slug(*found: str) -> str:
    return "-".join(map(plain, found))


@cache
def plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in decomposed if letter.isalnum())


def business_id(number: int) -> str:
    """A Finnish Y-tunnus with a right check digit, another one for each number below 200,000."""
    for base in range(1_000_000 + number * 40, 1_000_040 + number * 40):
        rest = sum(int(digit) * weight for digit, weight in zip(str(base), (7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
        if rest != 1:
            return f"{base}-{11 - rest if rest else 0}"
    raise ValueError(number)


def phone(plan: Plan, which: int) -> str:
    number = plan.number * 3 + which
    return f"+358 4{number // 10_000_000} {number // 10_000 % 1000:03} {number % 10_000:04}"


# The log, newest first.


@dataclass
class Talk:
    """One entry: what stands on its first line behind the date, the text below it, fields and tasks."""

    day: date
    head: str
    text: str = ""
    fields: str = ""
    tasks: list[str] = field(default_factory=list)


def make_log(plan: Plan, count: int) -> list[Talk]:
    """So many entries, and one more for some troubles; the newest is our own talk within the rhythm."""
    makers = (talk, after, job, quote, question) if plan.buys else (talk, quote, question)
    day = plan.today - timedelta(last_talk(plan))
    log: list[Talk] = []
    for index in range(count):
        make = first if index and index == count - 1 else makers[index % len(makers)]
        log.append(make(plan, day))
        day = log[-1].day - timedelta(plan.between(*GAPS[make.__name__]) if plan.buys else 1)
    if log:
        add_promises(plan, log[0])
    return troubled(plan) + log


# Days from an entry to the one before it. Questions are answered on the next day, and after a job somebody asks.
GAPS = {"talk": (20, 90), "after": (12, 12), "job": (10, 40), "quote": (1, 1), "question": (30, 300), "first": (1, 1)}


def last_talk(plan: Plan) -> int:
    """Days since then."""
    if plan.stage == "former":
        return plan.between(200, 900)
    if plan.trouble == "cadence":
        return plan.between(plan.rhythm + 2, plan.rhythm * 2 + 10)
    return plan.between(4, plan.rhythm - HORIZON - 1)


def off_season(plan: Plan, day: date) -> date:
    """The day, or an earlier one at another time of the year than now: nobody is due just for what was a year ago."""
    while (day - plan.today).days % 365 > 335 or (day - plan.today).days % 365 < 60:
        day -= timedelta(10)
    return day


def talk(plan: Plan, day: date) -> Talk:
    channel = plan.pick(("email out", "email out" if plan.no_calls else "call out", "visit", "meeting"))
    fields = plan.pick(("[mood:: +]", "[topic:: yearly plan]", "[hours:: 1]", ""))
    return Talk(day, f"{channel}, {plan.contact}: {plan.text('talks')}", plan.text("talk_texts"), fields)


def after(plan: Plan, day: date) -> Talk:
    day = off_season(plan, day - timedelta(12)) + timedelta(12)
    channel = "email out" if plan.no_calls else "call out"
    fields = plan.pick((f"[nps:: {plan.between(7, 10)}]", f"[csat:: {plan.between(3, 5)}]", "[ces:: 6]", "[mood:: +]"))
    return Talk(day, f"{channel}, {plan.contact}: {plan.text('after')}", "", f"[step:: use] {fields}")


def job(plan: Plan, day: date) -> Talk:
    sale = plan.between(4, 90) * 100
    cost = sale * plan.between(55, 75) // 100
    invoice = f"{day.year}-{plan.number + 1}{day:%m%d}"
    fields = [f"[sale:: {plan.money(sale)}]", f"[invoice:: {invoice}]", f"[product:: {plan.pick(FIELDS['products'])}]"]
    if plan.chance(0.85):
        fields.insert(1, f"[cost:: {plan.money(cost)}]")
    if plan.chance(0.3):
        fields.append(f"[expect:: {plan.between(3, 5)}] [got:: {plan.between(3, 5)}]")
    return Talk(day, f"visit: {plan.text('jobs')} [step:: delivery]", plan.text("job_texts"), " ".join(fields))


def quote(plan: Plan, day: date) -> Talk:
    fields = "[step:: support] [resolved:: yes]" if plan.complained else "[step:: comparison]"
    due = day + timedelta(plan.between(-1, 6))
    done = day + timedelta(plan.between(0, 1))
    ends = (f"📅 {due} ✅ {done}", f"📅 {due} ✅ {done}", f" [due:: {due}]  [completion:: {done}]")
    task = f"- [x] {plan.text('promises')} {plan.pick(ends)}"
    return Talk(day, f"email out: {plan.text('quotes')}", "", fields, [task] if plan.chance(0.7) else [])


def question(plan: Plan, day: date) -> Talk:
    clock = f"{plan.between(7, 17):02}:{plan.between(0, 59):02}"
    head = f"{clock} {plan.pick(('call in', 'email in'))}, {plan.contact}: {plan.text('questions')}"
    if plan.complained:
        return Talk(day, head, "", f"[mood:: -] [complaint:: {plan.text('complaints')}]")
    return Talk(day, head, "", plan.pick(("[step:: need]", "[step:: decision] [mood:: +]", "")))


def first(plan: Plan, day: date) -> Talk:
    permissions = " [allow:: email]" * plan.allows_mail + " [deny:: call]" * plan.no_calls
    head = f"{plan.pick(('call in', 'web in', 'meeting'))}, {plan.contact}: {plan.text('firsts')}"
    return Talk(off_season(plan, day), head, plan.text("talk_texts"), f"[step:: need] [resolved:: yes]{permissions}")


def add_promises(plan: Plan, newest: Talk) -> None:
    if plan.promise:
        newest.tasks.append(f"- [ ] {plan.text('promises')} 📅 {plan.promise}")
    if plan.trouble == "owed" or (plan.stage != "former" and plan.chance(0.05)):
        due = plan.ahead(-10, 3) if plan.trouble == "owed" else plan.ahead(HORIZON, 40)
        newest.tasks.append(f"- [ ] {plan.contact}: {plan.text('theirs')} [owes:: them]  [due:: {due}]")
    if plan.stage != "former" and plan.chance(0.03):
        newest.tasks.append(f"- [ ] Oil the terrace furniture 🔁 every year 📅 {plan.ahead(100, 300)}")


def troubled(plan: Plan) -> list[Talk]:
    """The newest entry of those whose trouble is one."""
    if plan.trouble == "appointment":
        return [Talk(plan.ahead(1, 6), f"{plan.between(8, 16):02}:00 meeting, {plan.contact}: measure the hall")]
    if plan.trouble == "missed":
        return [Talk(plan.ahead(-3, 0), f"16:45 call missed, {plan.contact}: no message")]
    if plan.trouble == "waiting":
        return [Talk(plan.ahead(-4, -1), f"09:10 email in, {plan.contact}: {plan.text('questions')}")]
    if plan.trouble == "feedback":
        complaint = f"[mood:: -] [complaint:: {plan.text('complaints')}]"
        return [Talk(plan.ahead(-4, -1), f"email in, {plan.contact}: not happy", "", complaint)]
    return []


# The note.


def front_matter(plan: Plan, log: list[Talk]) -> str:
    kind = "person" if plan.person else "company"
    lines = [f"name: {plan.name}", f"type: {kind}", f"stage: {plan.stage}", *standing(plan)]
    lines += [*(person_fields(plan) if plan.person else company_fields(plan)), *place_fields(plan)]
    lines += [*relation(plan, log), *next_step(plan), *judgement(plan)]
    return "".join(f"{line}\n" for line in lines)


def standing(plan: Plan) -> Iterator[str]:
    if plan.tier:
        yield f"tier: {plan.tier}"
    tags = sorted({plan.pick(FIELDS["tags"]) for _ in range(plan.between(1, 3))})
    yield f"tags: [{', '.join(tags)}]"
    yield f"owner: {plan.pick(FIELDS['owners'])}"


def person_fields(plan: Plan) -> Iterator[str]:
    yield f"email: {plain(plan.contact)}@{plan.id}.example"
    yield f'phone: "{phone(plan, 0)}"'
    if plan.chance(0.4):
        born = off_season(plan, date(plan.between(1950, 2000), plan.between(1, 12), plan.between(1, 28)))
        yield f"birthday: {born}{'   # says the sister' if plan.chance(0.1) else ''}"


def company_fields(plan: Plan) -> Iterator[str]:
    yield f"business_id: {business_id(plan.number)}"
    yield f"industry: {LINES_OF_BUSINESS[plan.name.partition(' ')[0]]}"
    yield f"size: {plan.between(1, 60)}"
    yield "contacts:"
    role, last = plan.pick(FIELDS["roles"]), plan.pick(NAMES["last"])
    yield f"  - {plan.contact} {last} <{plain(plan.contact)}@{plan.id}.example> {phone(plan, 0)} ({role})"
    if plan.chance(0.6):
        yield f"  - {plan.pick(NAMES['first'])} {plan.pick(NAMES['last'])} <invoices@{plan.id}.example> (invoices)"
    if plan.chance(0.3):
        yield f"  - {plan.pick(NAMES['first'])} {plan.pick(NAMES['last'])} {phone(plan, 1)} (keys)"
    if plan.chance(0.5):
        yield f"website: https://{plan.id}.example"


def place_fields(plan: Plan) -> Iterator[str]:
    city, _, postcode = combination(plan.number, plan.seed, NAMES["places"])[0].partition("/")
    yield f"address: {plan.pick(NAMES['streets'])} {plan.between(1, 90)}"
    yield f'postcode: "{postcode}"'
    yield f"city: {city}"
    yield "country: FI"
    yield f"language: {plan.pick(('fi', 'fi', 'fi', 'sv', 'en'))}"


def relation(plan: Plan, log: list[Talk]) -> Iterator[str]:
    if plan.buys and log:
        yield f"since: {log[-1].day}"
    yield f"source: {'referral' if plan.referrer else plan.pick(FIELDS['sources'])}"
    if plan.referrer:
        yield f'referred_by: "[[{plan.referrer}]]"'
    if plan.chance(0.6):
        yield f"prefers: {plan.pick(('email', 'email' if plan.no_calls else 'call', 'visit'))}"
    if plan.allows_mail:
        yield "allow: [email]"
    if plan.no_calls:
        yield "deny: [call]"


def next_step(plan: Plan) -> Iterator[str]:
    if plan.next:
        yield f"next: {plan.next}"
        yield f"next_action: {plan.pick(FIELDS['actions'])}"
        yield f"next_channel: {plan.pick(('email', 'email' if plan.no_calls else 'call', 'visit'))}"
    if plan.stage == "former":
        yield f"lost_on: {plan.today - timedelta(plan.between(10, 190))}"
        yield f"lost_reason: {plan.pick(FIELDS['reasons'])}"


def judgement(plan: Plan) -> Iterator[str]:
    if plan.buys and plan.chance(0.5):
        yield f"reference: {plan.between(0, 5)}"
        yield f"learning: {plan.between(0, 5)}"
    quoted = plan.chance(0.01)  # by a backslash, for which libyaml is needed
    yield 'needs: "Says \\"not yellow\\" first"' if quoted else f"needs: {plan.pick(FIELDS['needs'])}"
    if plan.chance(0.05):
        yield f"colour_code: NCS S {plan.between(10, 90)}02-Y"
    if plan.chance(0.6):
        yield f"verified: {plan.today - timedelta(plan.between(20, 300))}"
    if plan.tier == "key" and plan.stage != "former":
        yield f"vision_review: {plan.ahead(30, 300)}"


def free_text(plan: Plan, log: list[Talk]) -> str:
    """What stands above the log."""
    text = "\n".join(plan.random.sample(TEXTS["about"], plan.between(1, 2)))
    if plan.chance(0.03):
        text += f"\n{plan.text('painting')}"
    if plan.referrer and plan.chance(0.3):
        text += f"\nNeighbours of [[{plan.referrer}]], and half a family."
    vision = f"\n## Vision\n{plan.text('vision')}\n" if plan.tier == "key" else ""
    return f"{text}\n{vision}{deals(plan, log)}\n"


def deals(plan: Plan, log: list[Talk]) -> str:
    amount = plan.money(plan.between(5, 150) * 100)
    if plan.stage == "prospect" and plan.chance(0.6):
        end = f"[chance:: {plan.between(2, 9)}0 %] [expected:: {plan.ahead(HORIZON + 10, 150)}]"
    elif plan.buys and log and plan.chance(0.1):
        end = f"[won:: {log[-1].day}]" if plan.chance(0.7) else f"[lost:: {log[-1].day}] [reason:: price]"
    else:
        return ""
    return f"\n## Deals\n- [deal:: {plan.pick(FIELDS['tags'])} next year] [value:: {amount}] {end}\n"


def written_log(plan: Plan, log: list[Talk]) -> str:
    """Entries with a text mostly under headings, short ones as list items."""
    blocks = [heading(talk) if talk.text and plan.chance(0.6) else item(talk) for talk in log]
    return "".join(blocks).replace("\n\n\n", "\n\n").strip("\n") + "\n"


def heading(talk: Talk) -> str:
    below = "\n".join(part for part in (talk.text, talk.fields, *talk.tasks) if part)
    return f"\n### {talk.day} {talk.head}\n{below}\n\n"


def item(talk: Talk) -> str:
    below = "".join(f"\n  {part}" for part in (talk.text, *talk.tasks) if part)
    return f"- {talk.day} {talk.head}{' ' if talk.fields else ''}{talk.fields}{below}\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="Make a vault of any size; the same arguments give the same bytes.")
    parser.add_argument("folder", type=Path, metavar="DIR", help="where to; made if it is not there")
    parser.add_argument("-n", type=int, default=10_000, metavar="N", help="customers (10000)")
    parser.add_argument("--entries", type=int, default=6, metavar="N", help="log entries a customer (6)")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--today", type=date.fromisoformat, default=TODAY, metavar="DATE")
    parser.add_argument("--flat", action="store_true", help="one folder for all notes")
    options = parser.parse_args()
    size = generate(
        options.folder,
        options.n,
        entries=options.entries,
        seed=options.seed,
        today=options.today,
        flat=options.flat,
    )
    print(f"{options.n:,} notes of {size / max(options.n, 1):,.0f} bytes on average in {options.folder}")


if __name__ == "__main__":
    main()
