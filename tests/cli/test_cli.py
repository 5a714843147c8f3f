"""The command line where things go wrong: one clear message, the right exit code, never a traceback."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import plaincrm.reports.listing
from plaincrm.cli.group import COMMANDS
from plaincrm.cli.run import run
from tests.making import EXAMPLE, make_vault

PYTHON = [sys.executable, "-m", "plaincrm"]
NOTES = {
    "acme.md": "---\nname: Äcme Oy\nnext: 2026-11-21\n---\n- 2026-11-20 call: painting [sale:: 5 €]\n",
    "bea.md": "---\nname: Bea\n---\n",
    "berg.md": "---\nname: Berg\n---\n",
}


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return make_vault(tmp_path / "vault", NOTES, '[segments]\nme = "@me"\n')


def ask(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*PYTHON, *arguments], check=False, **{"stdin": subprocess.DEVNULL, "capture_output": True, **options}
    )


# arguments -> (exit code, what stands on the error stream)
REFUSED: dict[str, tuple[int, str]] = {
    "agnda": (2, "No such command 'agnda'. Did you mean 'agenda'?\nSee plaincrm --help.\n"),
    "xyzzy": (2, "No such command 'xyzzy'.\nSee plaincrm --help.\n"),
    "agenda --dys 3": (2, "No such option '--dys'. Did you mean '--days'?\nSee plaincrm agenda --help.\n"),
    "agenda --days -1": (
        2,
        "--days: -1 is no whole number from 0 to 3650.\nSee plaincrm agenda --help.\n",
    ),
    "agenda --owner nobody": (2, "Nobody here is called nobody.\n"),
    "promises --owner nobody": (2, "Nobody here is called nobody.\n"),
    "response --by mood": (
        2,
        "--by: there is no mood.\nWrite one of tier, channel, owner, month.\nSee plaincrm response --help.\n",
    ),
    "show": (2, "Missing argument 'CUSTOMER...'.\nSee plaincrm show --help.\n"),
    "show nobody": (1, "No customer is called nobody.\nSee plaincrm list for all of them.\n"),
    "show bergg": (1, "No customer is called bergg.\nDid you mean berg?\n"),
    "show be": (
        1,
        "Several customers are called be:\n  bea  Bea  (customers/bea.md)\n  berg  Berg  (customers/berg.md)\n",
    ),
    "show bea --format csv": (2, "A record is no table.\nUse --format json, or plaincrm list --format csv.\n"),
    "show bea --format xml": (
        2,
        "--format: there is no xml.\nWrite one of text, json, csv, md, html.\nSee plaincrm show --help.\n",
    ),
    "list stge:customer": (2, "There is no field stge to ask for.\n  stge:customer\n  ^^^^\nDid you mean stage?\n"),
    "list @nobody": (2, "There is no segment @nobody.\n  @nobody\n   ^^^^^^\nSegments are named in plaincrm.toml.\n"),
    "list @me": (
        2,
        "The segment @me names itself.\n  @me = @me\n        ^^^\nTake it out of its own query in plaincrm.toml.\n",
    ),
    "list next<soon": (2, "soon is no date.\n  next<soon\n       ^^^^\nWrite it as 2026-12-01, tomorrow or +2w.\n"),
    "--today soon list": (2, "--today: soon is no date.\nWrite it as 2026-11-21, tomorrow or +2w.\n"),
    "value --period soon": (
        2,
        "--period: soon is no period.\nWrite 2026, 2026-Q3, 2026-03, last-year, 12m or 2026-01-01..2026-06-30.\n",
    ),
    "value --from soon": (2, "--from: soon is no date.\nWrite it as 2026-11-21, tomorrow or +2w.\n"),
    "value --from 2026-02-01 --to 2026-01-01": (
        2,
        "--from is later than --to.\nGive the earlier day as --from.\n",
    ),
    "value --period 2026 --from 2026-01-01": (
        2,
        "--period and --from or --to name two periods.\nGive one of them.\n",
    ),
    "sql selct": (
        2,
        'The query cannot be run: near "selct": syntax error.\ndocs/index.md lists the tables and columns.\n',
    ),
    "list -o nowhere/out.txt": (
        2,
        "nowhere/out.txt cannot be written: No such file or directory.\nName a file in a folder that is there.\n",
    ),
    "agenda --days abc": (
        2,
        "--days: abc is no whole number from 0 to 3650.\nSee plaincrm agenda --help.\n",
    ),
    "list --limit -3": (2, "--limit: -3 is no whole number from 0 on.\nSee plaincrm list --help.\n"),
    "undo x": (2, "NUMBER: x is no whole number from 1 on.\nSee plaincrm undo --help.\n"),
    "trend agend": (2, "REPORT: there is no agend.\nDid you mean agenda?\nSee plaincrm trend --help.\n"),
    "trend nosuch": (
        2,
        "REPORT: there is no nosuch.\nWrite one of agenda, list, value, retention, tiers, deals, growth, response,\n"
        "promises, experience, quality, targets.\nSee plaincrm trend --help.\n",
    ),
    "log bea call --in --missed": (2, "--in and --missed cannot go together.\nAn entry has one direction.\n"),
    "next bea 31.2. Ask": (
        2,
        "31.2.: the calendar has no such day.\nLook at the day and the month; they are written 2026-12-01.\n",
    ),
    "list --today": (2, "Option '--today' requires an argument.\nSee plaincrm --help.\n"),
    "list --today soonish": (2, "--today: soonish is no date.\nWrite it as 2026-11-21, tomorrow or +2w.\n"),
    "list -o .": (2, ". cannot be written: Is a directory.\nName a file in a folder that is there.\n"),
}


@pytest.mark.parametrize("line", REFUSED)
def test_what_cannot_be_done_is_said_in_a_sentence_and_a_remedy(
    line: str, vault: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code, said = REFUSED[line]
    assert run(["--vault", str(vault), *line.split()]) == code
    seen = capfd.readouterr()
    assert (seen.out, seen.err) == ("", f"plaincrm: {said}")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("", 0),
        ("--help", 0),
        ("--version", 0),
        ("agenda", 0),
        ("list", 0),
        ("list tier:key", 1),
        ("search painting", 0),
        ("search nothing", 1),
        ("show bea", 0),
        ("value", 0),
        ("response --by month", 0),
        ("promises --by customer", 0),
        ("fields", 0),
        ("check", 0),
        ("check --strict", 0),
        ("explain bad-date", 0),
        ("explain --all", 0),
        ("sql values(1)", 0),
    ],
)
def test_exit_codes(line: str, code: int, vault: Path, capfd: pytest.CaptureFixture[str]) -> None:
    options = ["--vault", str(vault), "--today", "2026-11-21"] if line else []
    assert run([*options, *line.split()]) == code
    seen = capfd.readouterr()
    assert seen.out
    assert seen.err == ""


@pytest.mark.parametrize(
    ("note", "plain_code", "strict_code"),
    [("---\nname: X\nsizze: 3\n---\n", 0, 1), ("---\nname: X\nsize: y\n---\n", 1, 1)],
)
def test_check_fails_for_errors_and_if_asked_for_warnings(
    note: str, plain_code: int, strict_code: int, vault: Path
) -> None:
    (vault / "customers" / "x.md").write_text(note)
    assert run(["--vault", str(vault), "check"]) == plain_code
    assert run(["--vault", str(vault), "check", "--strict"]) == strict_code


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_that_fits_the_page(
    command: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert run([command, "--help"]) == 0
    shown = capfd.readouterr().out
    assert shown.startswith(f"Usage: plaincrm {command} [OPTIONS]")
    assert max(map(len, shown.split("\n"))) <= 80


def test_negated_words_are_no_options(vault: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["--vault", str(vault), "list", "-owner:liisa", "-name:acme", '-"bea"', "--format", "csv"]) == 0
    assert [row.split(",")[0] for row in capfd.readouterr().out.split()[1:]] == ["berg"]
    assert run(["--vault", str(vault), "list", "--format", "csv", "--", "-name:acme"]) == 0
    assert "acme" not in capfd.readouterr().out


@pytest.mark.parametrize(
    "line",
    ["--vault {} --today 2026-11-21 list name:acme", "list --today 2026-11-21 --vault {} name:acme --no-cache"],
)
def test_options_of_every_command_stand_on_either_side_of_it(
    line: str, vault: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run([*line.format(vault).split(), "--format=csv"]) == 0
    assert "acme" in capfd.readouterr().out
    capfd.readouterr()
    assert (
        run(["--vault", str(vault), "list", "--format=csv", "--", "-name:acme", "--today"]) == 0
    )  # words, all of them
    assert "acme" not in capfd.readouterr().out


def test_a_folder_that_is_not_there(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["--vault", str(tmp_path / "nowhere"), "list"]) == 2
    remedy = "Name the vault with --vault DIR or PLAINCRM_VAULT."
    assert capfd.readouterr().err == f"plaincrm: There is no folder {tmp_path}/nowhere.\n{remedy}\n"


@pytest.mark.parametrize("command", ["agenda", "list", "value", "search x", "check", "sql values(1)"])
def test_an_empty_folder_says_what_to_do(command: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run(["--vault", str(tmp_path), "--no-cache", *command.split()])
    seen = capfd.readouterr()
    assert seen.out
    assert seen.err == (
        f"plaincrm: There are no notes at customers/**/*.md in {tmp_path}: plaincrm init begins a vault,"
        " and --vault DIR names another folder.\n"
    )


def test_a_vault_without_notes_says_what_to_do(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    make_vault(tmp_path, {"notes.txt": ""}, '[vault]\nrecords = ["clients/*.md"]\n')
    assert run(["--vault", str(tmp_path), "--no-cache", "list"]) == 0
    assert "There are no notes at clients/*.md in " in capfd.readouterr().err


def test_the_vault_is_found_upwards_and_by_the_environment(
    vault: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(vault / "customers")
    assert run(["list"]) == 0
    monkeypatch.chdir("/")
    monkeypatch.setenv("PLAINCRM_VAULT", str(vault))
    assert run(["list"]) == 0
    assert capfd.readouterr().out.count("Äcme") == 2


def test_into_a_file(vault: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for form, start in (("text", "Customer"), ("json", "{"), ("csv", "customer,")):
        target = tmp_path / f"out.{form}"
        assert run(["--vault", str(vault), "list", "--format", form, "-o", str(target)]) == 0
        assert target.read_text(encoding="utf-8").startswith(start)
        assert "Äcme" in target.read_text(encoding="utf-8")
    assert capfd.readouterr().out == ""


def test_same_files_and_same_day_give_the_same_bytes(vault: Path) -> None:
    for command in (["agenda"], ["list"], ["value", "--period", ".."], ["search", "a"], ["check"], ["show", "acme"]):
        arguments = ["--vault", str(vault), "--today", "2026-11-21", *command]
        first, second, third = ask(*arguments), ask(*arguments), ask("--no-cache", *arguments)
        assert first.stdout == second.stdout == third.stdout
        assert first.stdout


def test_a_reader_that_goes_away(vault: Path) -> None:
    query = "with recursive t(x) as (select 1 union all select x + 1 from t limit 200000) select x from t"
    command = f"{' '.join(PYTHON)} --vault {vault} sql '{query}' | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert done.stdout.split() == [b"x", b"0"]
    assert done.stderr == b""


def test_help_for_a_reader_that_goes_away() -> None:
    command = f"{' '.join(PYTHON)} --help | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert done.stderr == b""


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-"])
def test_closed_streams(vault: Path, closed: str) -> None:
    command = f"{' '.join(PYTHON)} --vault {vault} list {closed}; exit $?"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert done.returncode == (2 if closed.startswith(">") else 0)
    assert b"Traceback" not in done.stderr
    if closed == ">&-":
        assert done.stderr == b"plaincrm: Output: Bad file descriptor.\n"


def test_a_disk_that_is_full(vault: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = ask("--vault", str(vault), "list", capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (2, b"plaincrm: Output: No space left on device.\n")


def test_a_file_that_may_not_grow(vault: Path, tmp_path: Path) -> None:
    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))

    target = tmp_path / "out.txt"
    done = ask("--no-cache", "--vault", str(vault), "list", "-o", str(target), preexec_fn=limit)
    assert done.returncode == 2
    assert b"out.txt cannot be written: File too large.\n" in done.stderr


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1"},
        {"PYTHONIOENCODING": "utf-16"},
        {"LANG": "tr_TR.UTF-8"},
        {"LANG": "fi_FI.UTF-8", "LC_ALL": "fi_FI.UTF-8"},
    ],
    ids=str,
)
@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_any_locale(vault: Path, environment: dict[str, str], form: str) -> None:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON"))}
    done = ask("--vault", str(vault), "list", "--format", form, env={**clean, **environment})
    assert (done.returncode, done.stderr) == (0, b"")
    if form == "json":
        import json

        encoding = environment.get("PYTHONIOENCODING", "utf-8")
        names = [row["name"] for row in json.loads(done.stdout.decode(encoding))["customers"]]
        assert "Äcme Oy" in names


def test_arguments_that_are_no_utf8(vault: Path) -> None:
    for arguments in (
        [b"list", b"city:\xff"],
        [b"list", b"\xff"],
        [b"search", b"\xff\xfe"],
        [b"show", b"\xff"],
        [b"sql", b"select '\xff'"],
        [b"--today", b"\xff", b"list"],
        [b"value", b"--period", b"\xff"],
        [b"\xff"],
        [b"agenda", b"--owner", b"\xff"],
    ):
        done = subprocess.run(
            [*map(os.fsencode, PYTHON), b"--vault", os.fsencode(vault), *arguments], capture_output=True, check=False
        )
        assert done.returncode in (0, 1, 2), arguments
        assert b"fault of plaincrm" not in done.stderr, (arguments, done.stderr)
        assert b"Traceback" not in done.stderr, arguments


def test_no_home(vault: Path) -> None:
    clean = {k: v for k, v in os.environ.items() if k not in ("HOME", "XDG_CACHE_HOME")}
    done = ask("--vault", str(vault), "--no-cache", "list", env=clean)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_home_that_cannot_be_written(vault: Path) -> None:
    done = ask("--vault", str(vault), "list", env={**os.environ, "XDG_CACHE_HOME": "/proc/nowhere"})
    assert done.returncode == 0
    assert "Äcme".encode() in done.stdout
    assert done.stderr.startswith(b"plaincrm: The index cannot be used (")
    assert done.stderr.count(b"\n") == 1


def _processor_seconds(pid: int) -> float:
    """How long a process has been at work itself, as Linux counts it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the system does not tell")
def test_interrupted(vault: Path) -> None:
    query = "with recursive t(x) as (select 1 union all select x + 1 from t) select max(x) from t"
    before = signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # who runs in the background hands on its deafness
    process = subprocess.Popen([*PYTHON, "--vault", vault, "sql", query], stderr=subprocess.PIPE)
    signal.signal(signal.SIGINT, before)
    try:
        while _processor_seconds(process.pid) < 1.0:  # by then it is at the query, however busy the machine
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _out, said = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 130
    assert b"Traceback" not in said


def test_a_fault_of_ours_is_one_sentence(
    vault: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(plaincrm.reports.listing, "listing", broken)
    assert run(["--vault", str(vault), "list"]) == 2
    assert capfd.readouterr().err == (
        "plaincrm: This is a fault of plaincrm itself (ZeroDivisionError), not of your notes.\n"
        "With PLAINCRM_DEBUG=1 the same command shows the traceback that a report of the fault needs.\n"
    )
    monkeypatch.setenv("PLAINCRM_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        run(["--vault", str(vault), "list"])


def test_our_own_sql_is_never_taken_for_damage(
    vault: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(index: plaincrm.reports.listing.Index, *_arguments: object) -> None:
        index.rows("select nothing from nowhere")

    monkeypatch.setattr(plaincrm.reports.listing, "listing", broken)
    assert run(["--vault", str(vault), "list"]) == 2
    seen = capfd.readouterr()
    assert seen.out == ""
    assert "This is a fault of plaincrm itself (OperationalError)" in seen.err


def test_a_damaged_index_costs_time_and_no_answer(
    vault: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["--vault", str(vault), "list"]) == 0
    expected = capfd.readouterr().out
    (index,) = (tmp_path / "cache").rglob("*.sqlite")
    stamp = index.stat()
    data = bytearray(index.read_bytes())
    data[4096:] = os.urandom(len(data) - 4096)
    index.write_bytes(data)
    os.utime(index, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    for _again in range(2):
        assert run(["--vault", str(vault), "list"]) == 0
        assert capfd.readouterr().out == expected


def test_every_command_on_the_example_vault(capfd: pytest.CaptureFixture[str]) -> None:
    for line in (
        "agenda",
        "list",
        "value",
        "check",
        "explain --all",
        "fields",
        "search maalaus",
        "show kahvila-aurinko",
    ):
        assert run(["--vault", str(EXAMPLE), "--today", "2026-11-21", *line.split()]) == 0
        seen = capfd.readouterr()
        assert seen.out
        assert seen.err == ""


def test_an_answer_is_not_written_over_a_note(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    note = "---\nname: Acme\n---\n"
    vault = make_vault(tmp_path / "vault", {"acme.md": note})
    code = run(["--no-cache", "--vault", str(vault), "list", "-o", str(vault / "customers/acme.md")])
    assert code == 2
    assert "is not written over" in capfd.readouterr().err
    assert (vault / "customers/acme.md").read_text(encoding="utf-8") == note
