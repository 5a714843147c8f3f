"""Who may be contacted for a purpose, and who may not and why: bans, consents that marketing needs, unread notes."""

from __future__ import annotations

import json
from datetime import date
from typing import NamedTuple

from plaincrm.checks.unread import unread
from plaincrm.errors import UsageError
from plaincrm.index.condition import Condition
from plaincrm.index.index import Index
from plaincrm.records.schema import Schema
from plaincrm.records.values import BadValue, read_value

# Marketing by these needs no consent before it (Finland: 917/2014, 200 §); by all others of a person it does.
_FREE = frozenset(("call", "letter", "visit", "meeting", "event"))
_BY_PLACE = frozenset(("letter", "visit", "meeting", "event"))  # which need neither an address of mail nor a number


class LeftOut(NamedTuple):
    """A customer who may not be contacted, why, and the line that says so, where one does."""

    customer: str
    name: str
    file: str
    line: int | None
    why: str

    @property
    def reason(self) -> str:
        """The same without the day when a consent ended."""
        return self.why.partition(" on ")[0]


class Permitted(NamedTuple):
    """Who of some customers may be contacted for a purpose: a condition, and all others by name."""

    purpose: str
    where: Condition
    left_out: tuple[LeftOut, ...]

    @property
    def reasons(self) -> dict[str, int]:
        """How many are left out for what reason, the commonest first."""
        counts: dict[str, int] = {}
        for one in self.left_out:
            counts[one.reason] = counts.get(one.reason, 0) + 1
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def purpose_of(schema: Schema, text: str) -> str:
    """What contacts are for, as a permission names it: `email`, `marketing`, `marketing:email`.

    Raises:
        UsageError: it is none.
    """
    try:
        found = str(read_value(text, schema.table.customer["allow"], schema))
    except BadValue:
        found = "all"
    if found == "all":
        raise UsageError(
            f"--for: {text} is no purpose.", "Write marketing:email, marketing:letter, marketing or email."
        )
    return found


def permitted(index: Index, today: date, where: Condition, purpose: str) -> Permitted:
    """Who of the customers of a condition may be contacted for a purpose.

    A ban of the purpose, of its channel, of marketing or of all leaves out. Marketing to a person by e-mail, message or
    the like needs a consent, too: in the front matter, or in the log and not ended, by its `until` or by the setting
    `[permissions] valid`. Who is not told to be a company counts as a person. A note that could not be read in full
    may hold a ban, and is left out; so is whoever has an address or a number, their own or a contact person's, of
    somebody who forbids it in a note of their own.
    """
    scope, _, channel = purpose.rpartition(":")
    is_marketing = purpose.startswith("marketing")
    reach = "" if purpose == "marketing" else channel
    bans = list(dict.fromkeys(word for word in ("all", reach, scope, purpose) if word))
    needed, valid = is_marketing and reach not in _FREE, index.vault.config.consent_valid
    consents = list(dict.fromkeys(("all", "marketing", purpose)))
    reached = {"email": ["email"], "": ["email", "phone"]}.get(reach, [] if reach in _BY_PLACE else ["phone"])
    given = (
        *(today.isoformat(), json.dumps(bans), json.dumps(consents), needed, str(valid) if valid else None),
        json.dumps(reached),
    )
    unread_files = unread(index)
    allowed, left_out = list[int](), list[LeftOut]()
    for batch in index.batches(_STATES % where.sql, (*given, *where.parameters)):
        for file, customer, name, path, ban, line, lacks, ended, shared, at in batch:
            why = _why(purpose, ban, lacks, ended) or ("its note could not be read" if path in unread_files else "")
            if why:
                left_out.append(LeftOut(customer, name, path, line, why))
            elif shared:
                told = f"has an address or number that forbids {shared} in another note"
                left_out.append(LeftOut(customer, name, path, at, told))
            else:
                allowed.append(file)
    may = Condition("c.file in (select value from json_each(?))", (json.dumps(allowed),))
    return Permitted(purpose, may, tuple(left_out))


def _why(purpose: str, ban: str | None, lacks: int, ended: str | None) -> str:
    if ban:
        return f"forbids {ban}"
    if not lacks:
        return ""
    return f"consent to {purpose} ended on {ended}" if ended else f"no consent to {purpose}"


# Of several statements about one thing in the log the last one counts: `denied` has the bans that are left of them.
_STATES = """
    with given (today, bans, consents, needed, valid, reached) as (values (?, ?, ?, ?, ?, ?)),
    consents as materialized (
        select file, max(ends) as ends from (
            select m.file, max(m.date), coalesce((
                select u.text from entries e join measures u on u.file = e.file
                where e.file = m.file and m.line between e.line and e.end_line and u.name = 'until'
                    and u.line between e.line and e.end_line
            ), after(m.date, g.valid), '9999-12-31') as ends
            from measures m, given g
            where m.name = 'allow' and m.date <= g.today
                and m.text in (select value from json_each(g.consents))
            group by m.file, m.text
        ) group by file
    ),
    noted as materialized (
        select distinct v.file from fields v, given g
        where v.field = 'allow' and v.value in (select value from json_each(g.consents))
    ),
    banned as materialized (
        select c.file, min(b.key) as at, b.value as ban from customers c, given g, json_each(g.bans) b
        where c.denied <> '' and instr(',' || c.denied || ',', ',' || b.value || ',') > 0
        group by c.file
    ),
    shared as materialized (
        select i.file, min(i.line) as line, b.ban
        from banned b join identities o on o.file = b.file and o.person = ''
            join identities i on i.kind = o.kind and i.value = o.value and i.file <> o.file, given g
        where o.kind in (select value from json_each(g.reached))
        group by i.file
    )
    select c.file, c.customer, c.name, f.path, b.ban, coalesce(
            (select v.line from fields v where v.file = c.file and v.field = 'deny' and v.value = b.ban),
            (select m.line from measures m where m.file = c.file and m.name = 'deny' and m.text = b.ban
                order by m.date desc limit 1)
        ),
        g.needed and c.type is not 'company' and n.file is null and coalesce(s.ends < g.today, true), s.ends,
        a.ban, a.line
    from customers c join files f using (file) cross join given g left join banned b on b.file = c.file
        left join consents s on s.file = c.file left join noted n on n.file = c.file
        left join shared a on a.file = c.file
    where %s order by c.sort_name, c.customer, f.path
    """
