"""`plaincrm done` with the next step: said in one go, or asked for on a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from plaincrm.cli.group import cli
from plaincrm.errors import UsageError
from tests.cli.test_log_command import TODAY, at_terminal, note_after
from tests.making import make_vault

NOTE = "---\nname: Acme\nstage: customer\n---\n\n## Log\n\n- 2026-11-01 call: a\n  - [ ] Send it 📅 2026-11-20\n"
DONE = NOTE.replace("- [ ] Send it 📅 2026-11-20", "- [x] Send it 📅 2026-11-20 ✅ 2026-11-21")


def with_fields(note: str, fields: str) -> str:
    return note.replace("customer\n", f"customer\n{fields}")


def test_the_next_step_is_written_in_one_go(tmp_path: Path) -> None:
    vault = make_vault(tmp_path, {"acme.md": NOTE})
    words = ["--vault", str(vault), "--today", TODAY, "done", "acme", "send", "--next", "friday", "Ask"]
    assert CliRunner().invoke(cli, words, catch_exceptions=False).output == (
        "customers/acme.md:4: next 2026-11-27\n"
        "customers/acme.md:5: next_action Ask\n"
        "customers/acme.md:11: done 2026-11-21: Send it\n"
    )
    assert note_after(vault) == with_fields(DONE, "next: 2026-11-27\nnext_action: Ask\n")


def test_a_next_step_without_a_promise_is_refused(tmp_path: Path) -> None:
    vault = make_vault(tmp_path, {"acme.md": NOTE})
    words = ["--vault", str(vault), "--today", TODAY, "done", "acme", "--next", "friday", "Ask"]
    with pytest.raises(UsageError, match="Which promise is done is not said"):
        CliRunner().invoke(cli, words, catch_exceptions=False)
    assert note_after(vault) == NOTE


def test_it_is_asked_for_where_nothing_lies_ahead(tmp_path: Path) -> None:
    vault = make_vault(tmp_path, {"acme.md": NOTE})
    code, said = at_terminal(vault, ["done", "acme", "send"], "fri\nAsk\n")
    assert (code, said.count("When to be in touch next")) == (0, 1)
    assert note_after(vault) == with_fields(DONE, "next: 2026-11-27\nnext_action: Ask\n")


@pytest.mark.parametrize(
    "note",
    [
        with_fields(NOTE, "next: 2026-12-24\n"),
        NOTE.replace("Send it", "Send it 🔁 every month").replace("2026-11-20", "2026-12-20"),
        NOTE + "  - [ ] Ring 📅 2026-12-01\n",
    ],
    ids=["set", "comes round", "another promise"],
)
def test_nothing_is_asked_where_something_lies_ahead(note: str, tmp_path: Path) -> None:
    vault = make_vault(tmp_path, {"acme.md": note})
    code, said = at_terminal(vault, ["done", "acme", "send"], "")
    assert (code, said) == (0, "")
    assert "[x] Send it" in note_after(vault)


def test_the_promise_that_is_done_does_not_lie_ahead(tmp_path: Path) -> None:
    vault = make_vault(tmp_path, {"acme.md": NOTE.replace("2026-11-20", "2026-12-20")})
    _code, said = at_terminal(vault, ["done", "acme", "send"], "\n")
    assert said.count("When to be in touch next") == 1
