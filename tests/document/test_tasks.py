import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.document.tasks import Signifier, TaskLine, read_task, write_task


def values(line):
    """Name and value of every signifier, in the order of the line."""
    return [(signifier.name, signifier.value) for signifier in read_task(line).signifiers]


def meaning(task):
    names = {signifier.name for signifier in task.signifiers}
    return task.indent, task.marker, task.status, task.text, task.block_link, {name: task.get(name) for name in names}


# The examples in the plugin's manual, "Tasks Emoji Format" and "Dataview Format", and two of its tests.
DOCUMENTED = """
- [ ] #task Has a created date ➕ 2023-04-13 | created=2023-04-13
- [ ] #task Has a scheduled date ⏳ 2023-04-14 | scheduled=2023-04-14
- [ ] #task Has a start date 🛫 2023-04-15 | start=2023-04-15
- [ ] #task Has a due date 📅 2023-04-16 | due=2023-04-16
- [x] #task Has a done date ✅ 2023-04-17 | done=2023-04-17
- [-] #task Has a cancelled date ❌ 2023-04-18 | cancelled=2023-04-18
- [ ] #task Lowest priority ⏬ | priority=lowest
- [ ] #task Low priority 🔽 | priority=low
- [ ] #task Normal priority |
- [ ] #task Medium priority 🔼 | priority=medium
- [ ] #task High priority ⏫ | priority=high
- [ ] #task Highest priority 🔺 | priority=highest
- [ ] #task Is a recurring task 🔁 every day when done | recurrence=every day when done
- [ ] #task Remove this task when done 🏁 delete | on_completion=delete
- [ ] #task do this first 🆔 dcf64c | id=dcf64c
- [ ] #task do this after first and some other task ⛔ dcf64c,0h17ye | depends_on=dcf64c,0h17ye
- [ ] #task Has a created date  [created:: 2023-04-13] | created=2023-04-13
- [ ] #task Has a scheduled date  [scheduled:: 2023-04-14] | scheduled=2023-04-14
- [ ] #task Has a start date  [start:: 2023-04-15] | start=2023-04-15
- [ ] #task Has a due date  [due:: 2023-04-16] | due=2023-04-16
- [x] #task Has a done date  [completion:: 2023-04-17] | done=2023-04-17
- [-] #task Has a cancelled date  [cancelled:: 2023-04-18] | cancelled=2023-04-18
- [ ] #task Lowest priority  [priority:: lowest] | priority=lowest
- [ ] #task Low priority  [priority:: low] | priority=low
- [ ] #task Medium priority  [priority:: medium] | priority=medium
- [ ] #task High priority  [priority:: high] | priority=high
- [ ] #task Highest priority  [priority:: highest] | priority=highest
- [ ] #task Is a recurring task  [repeat:: every day when done] | recurrence=every day when done
- [ ] #task Remove this task when done  [onCompletion:: delete] | on_completion=delete
- [ ] #task do this first  [id:: dcf64c] | id=dcf64c
- [ ] #task do this after first and some other task  [dependsOn:: dcf64c,0h17ye] | depends_on=dcf64c,0h17ye
- [ ] This is a task  [priority:: high]  [start:: 2023-04-24] | priority=high; start=2023-04-24
- [ ] Stuff 🔁 every week ➕ 2025-08-10 ⏳ 2025-08-08 | recurrence=every week; created=2025-08-10; scheduled=2025-08-08
""".strip().splitlines()


@pytest.mark.parametrize("example", DOCUMENTED)
def test_the_plugin_own_examples(example):
    line, _, expected = example.rpartition(" |")
    signifiers = [tuple(part.split("=")) for part in expected.strip().split("; ") if part]
    assert values(line) == signifiers
    assert read_task(line).text == re.match(r"[\w #]+", line[len("- [ ] ") :])[0].rstrip()
    assert write_task(read_task(line)) == line


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("⌛ 2021-06-20", [("scheduled", "2021-06-20")]),
        ("⏳\ufe0f 2024-11-18", [("scheduled", "2024-11-18")]),
        ("📆 2021-06-20", [("due", "2021-06-20")]),
        ("🗓 2021-06-20", [("due", "2021-06-20")]),
        ("🗓\ufe0f2021-06-20", [("due", "2021-06-20")]),
        ("📅   2021-06-20", [("due", "2021-06-20")]),
        ("📅 2021-99-99", [("due", "2021-99-99")]),
        ("⏫\ufe0f", [("priority", "high")]),
        ("⛔\ufe0f F12345", [("depends_on", "F12345")]),
        ("⛔ ab , CD ,  EF  ,    GK", [("depends_on", "ab,CD,EF,GK")]),
        ("🆔 Ab_cd0f-", [("id", "Ab_cd0f-")]),
        ("🏁  Keep", [("on_completion", "keep")]),
        ("🔁 every month on the 2nd, 3rd!", [("recurrence", "every month on the 2nd, 3rd!")]),
        ("🔁 whenever", [("recurrence", "whenever")]),
        ("(due:: 2023-04-16)", [("due", "2023-04-16")]),
        ("[ due::2023-04-16 ]", [("due", "2023-04-16")]),
        ("[priority:: high], [due:: 2023-05-01] ,", [("priority", "high"), ("due", "2023-05-01")]),
        ("[dependsOn:: ab , cd ]", [("depends_on", "ab,cd")]),
        (
            "🔺 (due:: 2023-04-16) ✅ 2023-04-17",
            [("priority", "highest"), ("due", "2023-04-16"), ("done", "2023-04-17")],
        ),
    ],
)
def test_forms_that_are_read(body, expected):
    assert values(f"- [ ] Call Pekka {body}") == expected
    assert read_task(f"- [ ] Call Pekka {body}").text == "Call Pekka"


UNREAD = """
📅\u00a02026-12-01 | 📅 2026\u201012-01 | 📅 ٢٠٢٦-12-01 | 📅 2026-12-1 | 📅 2026-12-01T10:00 | 📅\ufe0f\ufe0f 2026-12-01
📅 | 🔺 high | 🆔 A*bcd0f | 🆔 a b | ⛔ a,,b | 🏁 keep it | 🔁 every week-end | [priority:: none] | [repeat:: ]
[due:: 2026-12-01) | (due:: 2026-12-01] | [Due:: 2026-12-01] | [due :: 2026-12-01] | [due:: tomorrow]
[x [due:: 2026-12-01]] | [due:: 2026-12-01],,
"""


@pytest.mark.parametrize("body", re.split(r" \| |\n", UNREAD.strip()))
def test_forms_that_stay_in_the_text(body):
    task = read_task(f"- [ ] Call {body}")
    assert (task.text, task.signifiers, task.style) == (f"Call {body}", (), "")


@pytest.mark.parametrize(
    ("line", "text", "signifiers"),
    [
        ("- [ ] Quote 📅 2026-12-01 [owes:: them]", "Quote 📅 2026-12-01 [owes:: them]", []),
        ("- [ ] Quote 📅 2026-12-01 soon ⏫", "Quote 📅 2026-12-01 soon", [("priority", "high")]),
        ("- [ ] Quote [owes:: them] 📅 2026-12-01", "Quote [owes:: them]", [("due", "2026-12-01")]),
    ],
)
def test_reading_from_the_end_stops_at_whatever_is_not_the_plugin_own(line, text, signifiers):
    assert read_task(line).text == text
    assert values(line) == signifiers


@pytest.mark.parametrize(
    ("body", "text", "names"),
    [
        ("Do #a 📅 2026-12-01 #b 🛫 2026-11-01", "Do #a #b", ["due", "start"]),
        ("Do 📅 2026-12-01 #a #b/c", "Do #a #b/c", ["due"]),
        ("#a 📅 2026-12-01", "#a", ["due"]),
        ("Do  #a", "Do #a", []),
        ("Do #a, 📅 2026-12-01", "Do #a,", ["due"]),
        ("Do x#a 📅 2026-12-01", "Do x#a", ["due"]),
        ("📅 2026-12-01 x#a", "📅 2026-12-01 x#a", []),
        ("📅 2026-12-01 #a.", "📅 2026-12-01 #a.", []),
        ("Do #a🔺", "Do #a", ["priority"]),
        ("Do #a🆔x", "Do #a🆔x", []),
        ("Do #a🔺 🔁 every day", "Do #a🔺", ["recurrence"]),
    ],
)
def test_tags_among_the_signifiers_stay_in_the_text(body, text, names):
    task = read_task(f"- [ ] {body}")
    assert task.text == text
    assert [signifier.name for signifier in task.signifiers] == names


def test_the_plugin_gives_up_after_twenty_one_runs():
    tags = [f"#t{number}" for number in range(21)]
    assert read_task(f"- [ ] Do 📅 2026-12-01 {' '.join(tags[1:])}").get("due") == "2026-12-01"
    task = read_task(f"- [ ] Do 📅 2026-12-01 {' '.join(tags)}")
    assert task.get("due") is None
    assert task.text == f"Do 📅 2026-12-01 {' '.join(tags)}"


def test_of_two_due_dates_the_first_counts():
    task = read_task("- [ ] Do 📅 2026-12-01 📅 2026-12-24")
    assert task.get("due") == "2026-12-01"
    assert task.get("start") is None
    assert write_task(task) == "- [ ] Do 📅 2026-12-01"


PREFIXES = ["- ", "* ", "+ ", "1. ", "23) ", "\t  - ", "> > - ", ">- "]


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("rest", ["[ ] a", "[ ]a", " [ ]   a", "[ ] a\r\n"])
def test_lines_that_are_tasks(prefix, rest):
    task = read_task(prefix + rest)
    assert (task.indent + task.marker, task.status, task.text) == (prefix[:-1], " ", "a")
    assert task.marker == re.search(r"\S+$", prefix.strip().strip(">"))[0]
    assert write_task(task) == f"{prefix}[ ] a"


NO_TASKS = ["", "- a", "[ ] a", "-[ ] a", "- [] a", "- [xx] a", "x - [ ] a", "-\u00a0[ ] a", "-\t[ ] a", "٣. [ ] a"]


@pytest.mark.parametrize("line", NO_TASKS)
def test_lines_that_are_no_tasks(line):
    assert read_task(line) is None


MARKS = {" ": "todo", "/": "in_progress", "x": "done", "X": "done", "-": "cancelled", "?": "unknown", "🙂": "unknown"}


@pytest.mark.parametrize(("mark", "expected"), MARKS.items())
def test_status(mark, expected):
    line = f"  - [{mark}] Call"
    task = read_task(line, offset=10)
    assert (task.status, task.status_type) == (mark, expected)
    assert line[task.status_at - 10] == mark
    assert write_task(task) == line


@pytest.mark.parametrize(
    ("body", "text", "block_link", "due"),
    [
        ("Do 📅 2026-12-01 ^37066d", "Do", "^37066d", "2026-12-01"),
        ("Do ^a-B-9", "Do", "^a-B-9", None),
        ("Do ^a_b", "Do ^a_b", "", None),
        ("^abc", "^abc", "", None),
        ("Do ^abc 📅 2026-12-01", "Do ^abc", "", "2026-12-01"),
    ],
)
def test_block_link(body, text, block_link, due):
    task = read_task(f"- [ ] {body}")
    assert (task.text, task.block_link, task.get("due")) == (text, block_link, due)
    assert write_task(task) == f"- [ ] {body}"


def test_spans():
    line = "  - [/] Call Pekka ⏫ [due:: 2026-12-01], ^abc"
    task = read_task(line, offset=100)
    assert line[task.status_at - 100] == "/"
    assert line[task.text_start - 100 : task.text_end - 100] == "Call Pekka"
    assert task.signifiers == (Signifier("priority", "high", 119, 120), Signifier("due", "2026-12-01", 121, 140))
    assert line[19:20] == "⏫"
    assert line[21:40] == "[due:: 2026-12-01],"


@pytest.mark.parametrize(
    ("body", "style", "written"),
    [
        ("Do", "", "Do"),
        ("Do ⏫ [due:: 2026-12-01]", "dataview", "Do  [priority:: high]  [due:: 2026-12-01]"),
        ("Do (due:: 2026-12-01) ⏫ #a", "emoji", "Do #a ⏫ 📅 2026-12-01"),
        ("Do (due:: 2026-12-01)", "dataview", "Do  [due:: 2026-12-01]"),
        ("📅 2026-12-01", "emoji", "📅 2026-12-01"),
        ("[due:: 2026-12-01]", "dataview", "[due:: 2026-12-01]"),
    ],
)
def test_style_is_that_of_the_last_signifier(body, style, written):
    task = read_task(f"- [ ] {body}")
    assert task.style == style
    assert write_task(task) == f"- [ ] {written}"


def test_a_task_without_text():
    task = read_task("- [ ] ")
    assert (task.text, task.text_start, task.text_end) == ("", 6, 6)
    assert write_task(task) == "- [ ]"


ALL = {
    "done": "2026-01-06",
    "cancelled": "2026-01-05",
    "due": "2026-01-04",
    "scheduled": "2026-01-03",
    "start": "2026-01-02",
    "created": "2026-01-01",
    "on_completion": "keep",
    "recurrence": "every week",
    "priority": "low",
    "depends_on": "b,c",
    "id": "a",
}


@pytest.mark.parametrize(
    ("style", "written"),
    [
        (
            "emoji",
            "- [ ] Do 🆔 a ⛔ b,c 🔽 🔁 every week 🏁 keep ➕ 2026-01-01 🛫 2026-01-02 ⏳ 2026-01-03 📅 2026-01-04 "
            "❌ 2026-01-05 ✅ 2026-01-06 ^z",
        ),
        (
            "dataview",
            "- [ ] Do  [id:: a]  [dependsOn:: b,c]  [priority:: low]  [repeat:: every week]  [onCompletion:: keep]  "
            "[created:: 2026-01-01]  [start:: 2026-01-02]  [scheduled:: 2026-01-03]  [due:: 2026-01-04]  "
            "[cancelled:: 2026-01-05]  [completion:: 2026-01-06] ^z",
        ),
    ],
)
def test_the_plugin_write_order(style, written):
    signifiers = tuple(Signifier(name, value, 0, 0) for name, value in ALL.items())
    task = TaskLine("", "-", " ", "Do", 0, 0, 0, signifiers, "^z", style)
    assert write_task(task) == written
    assert meaning(read_task(written)) == meaning(task)


ids = st.from_regex(r"[A-Za-z0-9_-]{1,6}", fullmatch=True)
dates = st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", fullmatch=True)
by_name = {
    "id": ids,
    "depends_on": st.lists(ids, min_size=1, max_size=3).map(",".join),
    "priority": st.sampled_from(["highest", "high", "medium", "low", "lowest"]),
    "recurrence": st.sampled_from(["every week", "every 2 weeks on Friday when done", "every month on the 1st"]),
    "on_completion": st.sampled_from(["keep", "delete"]),
    **dict.fromkeys(["created", "start", "scheduled", "due", "cancelled", "done"], dates),
}
words = st.sampled_from(["Call", "#tag", "x#y", "[[Pekka]]", "[owes:: them]", "3 200 €", "(soon)", "Älä", "a:b"])
tasks = st.builds(
    lambda chosen, **parts: TaskLine(
        text_start=0,
        text_end=0,
        status_at=0,
        signifiers=tuple(Signifier(name, value, 0, 0) for name, value in chosen.items()),
        **parts,
    ),
    st.fixed_dictionaries({}, optional=by_name),
    indent=st.text(alphabet=" \t>", max_size=4),
    marker=st.sampled_from(["-", "*", "+", "1.", "12)"]),
    status=st.sampled_from([" ", "x", "X", "/", "-", "?", "]", "🙂"]),
    text=st.lists(words, min_size=1, max_size=5).map(" ".join),
    block_link=st.just("") | st.from_regex(r"\^[A-Za-z0-9-]{1,6}", fullmatch=True),
    style=st.sampled_from(["emoji", "dataview"]),
)


@given(tasks)
def test_what_is_written_reads_as_what_it_meant(task):
    written = write_task(task)
    again = read_task(written)
    assert meaning(again) == meaning(task)
    assert again.style == (task.style if task.signifiers else "")
    assert write_task(again) == written


BITS = ["Do", "#a", "2026-12-01", "every", "keep", "a,b", "-", "^x", "#", "[", "]", "(due::2026-12-01)", "[id::a]", ","]
scraps = st.lists(st.sampled_from([*BITS, *"📅📆⏳🔺⏬🔁🏁⛔🆔✅❌➕🛫", " ", "  ", "\u00a0", "\ufe0f"]), max_size=16)
pieces = scraps.map("".join)


@given(st.text() | st.builds("{}{}".format, st.sampled_from(["- [ ] ", "> 1. [x] ", "- [", "-"]), st.text() | pieces))
def test_spans_slice_back_to_what_they_say(line):
    task = read_task(line, offset=5)
    if task is None:
        return
    padded = "12345" + line
    assert padded[task.status_at] == task.status
    assert padded[5 : 5 + len(task.indent + task.marker)] == task.indent + task.marker
    described = padded[task.text_start : task.text_end]
    assert "".join(task.text.split()).startswith("".join(described.split()))
    behind = task.text_end
    for signifier in task.signifiers:
        whole = padded[signifier.start : signifier.end]
        assert behind <= signifier.start < signifier.end
        assert signifier.value in whole.replace(" ", "").lower() + whole or signifier.name == "priority"
        assert whole[0] in "[(🆔⛔🔺⏫🔼🔽⏬🔁🏁➕🛫⏳⌛📅📆🗓❌✅"
        behind = signifier.end


@given(scraps.map(" ".join))
def test_a_written_task_keeps_its_values_when_read_again(body):
    task = read_task(f"- [ ] Do {body}")
    written = read_task(write_task(task))
    assert written.status == task.status
    assert {signifier.name for signifier in task.signifiers} <= {signifier.name for signifier in written.signifiers}
    assert all(written.get(signifier.name) == task.get(signifier.name) for signifier in task.signifiers)


# In the order in which the plugin tries them.
EMOJI_RULES = {
    "priority": "(🔺|⏫|🔼|🔽|⏬)\ufe0f?$",
    "done": "✅",
    "cancelled": "❌",
    "due": "(?:📅|📆|🗓)",
    "scheduled": "(?:⏳|⌛)",
    "start": "🛫",
    "created": "➕",
    "recurrence": "🔁\ufe0f? *([a-zA-Z0-9, !]+)$",
    "on_completion": "🏁\ufe0f? *([a-zA-Z]+)$",
    "tag": r'(?:^|\s)(#[^ !@#$%^&*(),.?":{}|<>]+)$',
    "id": "🆔\ufe0f? *([a-zA-Z0-9_-]+)$",
    "depends_on": "⛔\ufe0f? *([a-zA-Z0-9_-]+( *, *[a-zA-Z0-9_-]+ *)*)$",
}
DATE = r"\ufe0f? *(\d{4}-\d{2}-\d{2})$"


def plugin_reading(body):
    """The plugin's loop with patterns like its own, anchored at the end of the line."""
    body, found, tags = body.strip(), {}, []
    for _ in range(21):
        left = body
        for name, pattern in EMOJI_RULES.items():
            if match := re.search(pattern if "$" in pattern else pattern + DATE, body):
                body = body[: match.start()].strip()
                if name == "tag":
                    tags.insert(0, match[1])
                else:
                    found[name] = match[1].strip()
        if left == body:
            break
    return " ".join([body, *tags]).strip(), found


@given(pieces.filter(lambda body: not set(body) & set("[(^")))
def test_the_loop_reads_what_patterns_like_the_plugin_own_read(body):
    task = read_task(f"- [ ] {body}")
    text, found = plugin_reading(body)
    names = {"🔺": "highest", "⏬": "lowest"}
    cleaned = {"depends_on": lambda value: value.replace(" ", ""), "on_completion": str.lower}
    assert task.text == text
    assert {name: task.get(name) for name, _, _, _ in task.signifiers} == {
        name: names.get(value) or cleaned.get(name, str)(value) for name, value in found.items()
    }


@pytest.mark.parametrize(
    "body",
    [
        "a" * 50_000,
        " " * 50_000,
        " " * 50_000 + "x",
        "a " * 25_000,
        "🔁" + " " * 50_000 + "-",
        "🔁" + "a" * 50_000 + "-",
        "🔁 " * 25_000,
        "⛔ " + "a , " * 12_000 + "!",
        "⛔ " + "a," * 25_000 + "a!",
        "📅 2026-12-01 " * 4_000,
        "#a " * 16_000,
        "#" * 50_000,
        "#" + "a" * 50_000 + "!",
        "#" + "a" * 50_000,
        "[due:: " * 7_000,
        "[due:: 2026-12-01] " * 2_600,
        "[" * 50_000 + "]",
        "[due::" + " " * 50_000 + "]",
        "[repeat::" + " " * 50_000 + "-]",
        "x" + " ," * 25_000,
        " ^a" * 16_000,
        " ^" + "a" * 50_000 + "_",
    ],
    ids=lambda body: repr(body[:12]),
)
@pytest.mark.parametrize("start", ["- [ ] ", ""], ids=["task", "text"])
def test_long_lines_take_linear_time(start, body):
    began = time.process_time()
    task = read_task(start + body)
    if task:
        write_task(task)
    assert time.process_time() - began < 0.5


def test_changing_one_part_leaves_the_others():
    task = read_task("> - [ ] Call Pekka #vip ⏫ 📅 2026-12-01 ^abc")
    done = task._replace(status="x", signifiers=(*task.signifiers, Signifier("done", "2026-11-30", 0, 0)))
    assert write_task(done) == "> - [x] Call Pekka #vip ⏫ 📅 2026-12-01 ✅ 2026-11-30 ^abc"
