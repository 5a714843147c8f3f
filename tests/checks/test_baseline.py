"""A baseline is read as it was written, whatever files are called, and what it knows is taken from what is found."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import plaincrm
from plaincrm.checks.baseline import NAME, as_text, read_baseline, subtract
from plaincrm.checks.diagnostic import Diagnostic
from plaincrm.vault.files import FilesOnDisk

PATHS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1) | st.sampled_from(
    ["customers/a.md", '"', '"a"', "#", " ", "1 bad-date a.md", "a\nb", "a\r\nb", "a\u2028b", "\\xff.md"]
)
ITEMS = st.lists(
    st.builds(
        lambda path, code: Diagnostic(path, 1, 1, 1, 1, "error", code, "", "", None),
        PATHS,
        st.sampled_from(["bad-date", "bad-phone"]),
    ),
    max_size=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=ITEMS)
def test_what_is_written_is_read(items: list[Diagnostic], tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(as_text(items).encode())
    known = read_baseline(FilesOnDisk(tmp_path))
    assert known == Counter((item.file, item.code) for item in items)
    assert subtract(items, known, None) == ([], len(items), 0)


@given(ITEMS, ITEMS)
def test_new_known_and_gone_are_all_there_is(now: list[Diagnostic], before: list[Diagnostic]) -> None:
    known = Counter((item.file, item.code) for item in before)
    new, held, gone = subtract(now, known, None)
    assert len(new) + held == len(now)
    assert held + gone == len(before)
    assert Counter((item.file, item.code) for item in new) == Counter((i.file, i.code) for i in now) - known


def test_lines_may_end_as_on_windows(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"\xef\xbb\xbf# head\r\n\r\n2 bad-date a.md\r\n1 bad-date a.md\r\n")
    assert read_baseline(FilesOnDisk(tmp_path)) == {("a.md", "bad-date"): 3}


@pytest.mark.parametrize("line", ["bad-date a.md", "0 bad-date a.md", '1 bad-date "a', '1 bad-date "a" b', "\ufeffx"])
def test_a_line_of_another_kind_is_named(line: str, tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(f"# head\n{line}\n")
    with pytest.raises(plaincrm.UsageError, match=f"{NAME}:2: This line is no count, code and file"):
        read_baseline(FilesOnDisk(tmp_path))
