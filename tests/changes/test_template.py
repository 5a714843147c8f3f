"""Templates filled in: what stands between which quotes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.changes.parts import reading
from plaincrm.changes.template import built_in, filled
from plaincrm.errors import UsageError
from plaincrm.records.schema import Schema

DAY = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("template", "name", "note"),
    [
        ('---\nname: "{{title}}"\n---\n', 'A "B" \\', '---\nname: "A \\"B\\" \\\\"\n---\n'),
        ("---\nname: '{{name}}'\n---\n", "It's", "---\nname: 'It''s'\n---\n"),
        ("---\nname: {{title}}  # who\n---\n", "Acme", "---\nname: Acme  # who\n---\n"),
        ("---\nname: {{ Title }}\n---\n", "a: b", '---\nname: "a: b"\n---\n'),
        ("---\naliases:\n- {{title}}\n---\n", "# 1", '---\naliases:\n- "# 1"\n---\n'),
        ("---\nname: Firm {{title}}\n---\n", "Acme", "---\nname: Firm Acme\n---\n"),
        ("---\nsince: {{date}}\n---\n- {{date}} note\n", "A", "---\nsince: 2026-11-01\n---\n- 2026-11-01 note\n"),
        ('---\nsince: "{{date}}"\n---\n"{{date}}"', "A", '---\nsince: 2026-11-01\n---\n"2026-11-01"'),
        ("---\nown: '{{ date:D.M.YYYY }}' # x\n---\n", "A", '---\nown: "1.11.2026" # x\n---\n'),
        ('---\nname: "A {{date}}"\n---\n', "A", '---\nname: "A 2026-11-01"\n---\n'),
        ("{{date:D.M.YYYY}} {{date:YY/MM/DD}}", "A", "1.11.2026 26/11/01"),
        ("# {{title}}: {{other}} {title}", "A #x", "# A #x: {{other}} {title}"),
        ("\ufeff---\r\nname: '{{title}}'\r\n---\r\n{{name}}", "A", "\ufeff---\r\nname: 'A'\r\n---\r\nA"),
    ],
)
def test_placeholders(template: str, name: str, note: str) -> None:
    assert filled(template, name, DAY) == note


@pytest.mark.parametrize(("template", "day"), [("{{date}}", None), ("{{date:dddd}}", DAY), ("{{date:HH}}", DAY)])
def test_days_that_are_not_known(template: str, day: date | None) -> None:
    with pytest.raises(UsageError):
        filled(template, "Acme", day)


NAMES = (
    st.text(min_size=1, max_size=40)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: text and text.isprintable())
)


@given(NAMES, st.sampled_from(["{{title}}", '"{{title}}"', "'{{name}}'", "{{name}} # comment"]))
def test_any_name_is_read_as_it_is(name: str, form: str) -> None:
    note = filled(f"---\ncity: Turku\nname: {form}\nstage: lead\n---\nText\n", name, None)
    customer = reading("customers/x.md", note.encode(), Schema()).record.customer
    assert (customer.name, customer.stage, customer.city) == (name, "lead", "Turku")


@given(NAMES, st.sampled_from(["en", "fi"]))
def test_the_built_in_one(name: str, language: str) -> None:
    note = reading("customers/x.md", built_in(name, language).encode(), Schema())
    assert note.record.customer.name == name
    assert [section.title for section in note.document.body.sections][1:] == ["Log" if language == "en" else "Loki"]
    assert note.record.faults == ()
