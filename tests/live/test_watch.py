"""The watch, whatever way an editor saves and whatever events the system gives: the look is the truth."""

from __future__ import annotations

import mmap
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

import plaincrm
from plaincrm.cli.as_markdown import as_markdown
from plaincrm.cli.context import Asked
from plaincrm.live import watch as watching
from plaincrm.live.hints import Hints
from plaincrm.live.watch import Gone, Many, Moment, Notice, Saved, Told, Watch
from plaincrm.render.generated import Refreshed
from tests.making import make_vault

TODAY = "2026-11-21"
SEEN = 10.0  # seconds, as machines that test are busy; benchmarks/watch.py measures that it takes less than two
GOOD = "---\nname: Aurinko Oy\nstage: customer\nnext: 2026-12-01\n---\n"
BAD = GOOD.replace("customer", "custmer")
SETTINGS = (
    '[check.severity]\nworld-readable = "off"\n\n[notes]\n"Agenda.md" = "agenda --days 30"\nparts = ["daily/*.md"]\n'
)


@pytest.fixture(scope="module", autouse=True)
def impatient() -> Iterator[None]:
    """Looks without a hint follow one another faster, so that the tests do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watching, "SOON", 0.4)
        yield


class Watched:
    """A watch at work, and what it has told."""

    def __init__(self, root: Path, *, cache: bool = False, **how: bool) -> None:
        self.root, self.cache = root, cache
        self.told: list[Told] = []
        self.after: list[str] = []
        self.hints = Hints()
        self.watch = Watch(root, self.now, self.told.append, self.hints, after=self.after.extend, **how)

    def now(self) -> Moment:
        asked = Asked(str(self.root), TODAY, "never", cache=self.cache)
        return Moment(asked.vault, asked.today, partial(as_markdown, asked), self.cache)

    def wait(self, found: Callable[[], bool], seconds: float = SEEN) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found():
                return True
            time.sleep(0.02)
        return found()

    def codes(self, path: str) -> list[list[str]]:
        """What was said of a note, each time it was."""
        return [
            [item.code for item in one.diagnostics] for one in self.told if isinstance(one, Saved) and one.file == path
        ]

    def says(self, path: str, *codes: str) -> bool:
        """Whether, in time, these are the last words on a note."""
        return self.wait(lambda: self.codes(path)[-1:] == [list(codes)])

    def count(self) -> int:
        """How many notes were told as saved."""
        return sum(one.number if isinstance(one, Many) else isinstance(one, Saved) for one in self.told)

    def notices(self) -> str:
        return " ".join(one.text for one in self.told if isinstance(one, Notice))


@contextmanager
def at_work(root: Path, **how: bool) -> Iterator[Watched]:
    watched = Watched(root, **how)
    thread = threading.Thread(target=watched.watch.run)
    thread.start()
    try:
        assert watched.wait(lambda: "Watching" in watched.notices(), 5)
        yield watched
    finally:
        watched.hints.stop()
        thread.join(5)
        assert not thread.is_alive()


def in_place(path: Path, text: str) -> None:
    path.write_text(text)


def vim(path: Path, text: str) -> None:
    """With `set backup`: a swap file, the number 4913, the note renamed, a new one written, the backup deleted."""
    swap, backup = path.with_name(f".{path.name}.swp"), path.with_name(f"{path.name}~")
    swap.write_text("swap")
    (path.parent / "4913").touch()
    (path.parent / "4913").unlink()
    path.rename(backup)
    path.write_text(text)
    backup.unlink()
    swap.unlink()


def emacs(path: Path, text: str) -> None:
    """A lock that is a link to nowhere, an autosave, and the note written in place."""
    lock = path.with_name(f".#{path.name}")
    lock.symlink_to("liisa@desk.4711:1")
    path.with_name(f"#{path.name}#").write_text(text)
    path.write_text(text)
    path.with_name(f"#{path.name}#").unlink()
    lock.unlink()


def atomic(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.tmp-4711")
    temporary.write_text(text)
    temporary.replace(path)


def from_outside(path: Path, text: str) -> None:
    """As a sync program does it, from another folder and with an old time."""
    outside = path.parents[2] / f"sync-{path.name}"
    outside.write_text(text)
    os.utime(outside, (1, 1))
    outside.replace(path)


def truncate_and_write(path: Path, text: str) -> None:
    with path.open("w") as file:
        file.flush()
        time.sleep(0.05)
        file.write(text[:10])
        file.flush()
        time.sleep(0.05)
        file.write(text[10:])


def mapped(path: Path, text: str) -> None:
    with path.open("r+b") as file:
        file.truncate(len(text))
        with mmap.mmap(file.fileno(), 0) as memory:
            memory[:] = text.encode()


def same_size_and_time(path: Path, text: str) -> None:
    """Only the system's own stamp tells."""
    was = path.stat()
    path.write_text(text.ljust(was.st_size, "\n")[: max(was.st_size, len(text))])
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))


WAYS = [in_place, vim, emacs, atomic, from_outside, truncate_and_write, mapped, same_size_and_time]


@pytest.fixture(scope="module")
def everyday(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    root = make_vault(tmp_path_factory.mktemp("outer") / "vault", {"aurinko.md": GOOD}, SETTINGS)
    with at_work(root) as watched:
        yield watched


@pytest.mark.parametrize("save", WAYS, ids=lambda way: way.__name__)
def test_a_save_is_seen_in_whatever_way_it_is_done(everyday: Watched, save: Callable[[Path, str], None]) -> None:
    note, path = everyday.root / "customers/aurinko.md", "customers/aurinko.md"
    everyday.told.clear()
    save(note, BAD)
    assert everyday.says(path, "unknown-stage"), everyday.told
    everyday.told.clear()
    save(note, GOOD)
    assert everyday.says(path), everyday.told
    everyday.told.clear()
    note.write_text(GOOD.replace("Aurinko", save.__name__))
    agenda = everyday.root / "Agenda.md"
    shown = save.__name__.replace("_", "\\_")
    assert everyday.wait(lambda: shown in agenda.read_text() or save.__name__ in agenda.read_text())
    assert everyday.says(path)
    assert {one.file for one in everyday.told if isinstance(one, Saved)} == {path}


def test_a_new_note_in_new_folders_is_seen_and_one_that_goes(everyday: Watched) -> None:
    note = everyday.root / "customers/new/deep/kuu.md"
    note.parent.mkdir(parents=True)
    note.write_text(BAD)
    assert everyday.says("customers/new/deep/kuu.md", "unknown-stage")
    time.sleep(watching.SOON)
    note.write_text(GOOD.replace("Aurinko", "Kuu"))
    assert everyday.says("customers/new/deep/kuu.md")
    shutil.rmtree(everyday.root / "customers/new")
    assert everyday.wait(lambda: Gone("customers/new/deep/kuu.md") in everyday.told)


def test_its_own_writes_do_not_keep_it_busy(everyday: Watched) -> None:
    (everyday.root / "customers/aurinko.md").write_text(GOOD.replace("Aurinko", "Tähti"))
    assert everyday.wait(lambda: "Tähti" in (everyday.root / "Agenda.md").read_text())
    time.sleep(2 * watching.SOON)
    everyday.told.clear()
    looks = everyday.watch.cost
    time.sleep(1.2 * watching.SOON)
    assert everyday.told == []
    assert everyday.watch.cost == looks  # no look at all: nothing happened


def test_a_tick_in_the_agenda_is_carried_to_its_promise(everyday: Watched) -> None:
    note, agenda = everyday.root / "customers/aurinko.md", everyday.root / "Agenda.md"
    note.write_text(GOOD + "\n## Log\n\n### 2026-11-01 call\n- [ ] Send the quote 📅 2026-11-20\n", encoding="utf-8")
    assert everyday.wait(lambda: "Send the quote" in agenda.read_text())
    agenda.write_text(agenda.read_text().replace("- [ ] [[aurinko|Aurinko Oy]]", "- [x] [[aurinko|Aurinko Oy]]"))
    assert everyday.wait(lambda: "- [x] Send the quote 📅 2026-11-20 ✅ 2026-11-21" in note.read_text())
    assert everyday.wait(lambda: "Send the quote" not in agenda.read_text())
    assert everyday.wait(lambda: any(isinstance(one, Refreshed) and one.pulled.files for one in everyday.told))


def test_new_settings_count_at_once(everyday: Watched) -> None:
    settings = everyday.root / "plaincrm.toml"
    (everyday.root / "people").mkdir()
    settings.write_text(SETTINGS + '[vault]\nrecords = ["customers/**/*.md", "people/**/*.md"]\nnmae = "x"\n')
    assert everyday.says("plaincrm.toml", "unknown-setting")
    (everyday.root / "people/berg.md").write_text(BAD.replace("Aurinko", "Berg"))
    assert everyday.says("people/berg.md", "unknown-stage")
    settings.write_text(SETTINGS)
    assert everyday.says("plaincrm.toml")


def test_a_burst_is_told_in_one_line_and_the_last_of_it_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apart: list[Path] = []
    monkeypatch.setattr(watching, "MANY", 100)
    monkeypatch.setattr(watching, "bring_up", lambda folder, _progress: apart.append(folder.root))
    root = make_vault(tmp_path / "vault", {"aurinko.md": GOOD}, SETTINGS)
    (root / "customers/many").mkdir()
    with at_work(root, cache=True) as watched:
        for number in range(500):
            (root / f"outside-{number}").write_text(f"---\nname: N{number}\nstage: lead\nnext: 2026-12-01\n---\n")
        for number in range(500):
            (root / f"outside-{number}").replace(root / f"customers/many/n{number}.md")
        assert watched.wait(lambda: watched.count() >= 500, 30)
        assert len([one for one in watched.told if isinstance(one, Many | Saved)]) < 30
        assert watched.wait(lambda: "N499" in (root / "Agenda.md").read_text(), 5)
        assert set(apart) == {root}
        assert "notes that were saved." in watched.notices()


def test_a_folder_that_goes_and_comes_back(tmp_path: Path) -> None:
    root = make_vault(tmp_path / "vault", {"aurinko.md": GOOD}, SETTINGS)
    with at_work(root) as watched:
        shutil.rmtree(root)
        assert watched.wait(lambda: "is gone; waiting for it" in watched.notices())
        make_vault(root, {"aurinko.md": BAD}, SETTINGS)
        assert watched.wait(lambda: "is there again" in watched.notices())
        assert watched.says("customers/aurinko.md", "unknown-stage")
        time.sleep(2 * watching.SOON)
        (root / "customers/aurinko.md").write_text(GOOD)
        assert watched.says("customers/aurinko.md")


def test_a_folder_that_is_made_anew_at_once(tmp_path: Path) -> None:
    root = make_vault(tmp_path / "vault", {"aurinko.md": GOOD}, SETTINGS)
    with at_work(root) as watched:
        shutil.rmtree(root)
        make_vault(root, {"aurinko.md": GOOD, "kuu.md": BAD.replace("Aurinko", "Kuu")}, SETTINGS)
        assert watched.says("customers/kuu.md", "unknown-stage")
        time.sleep(2 * watching.SOON)
        (root / "customers/kuu.md").write_text(GOOD.replace("Aurinko", "Kuu"))
        assert watched.says("customers/kuu.md")


def test_without_events_all_is_seen_by_looking(tmp_path: Path) -> None:
    root = make_vault(tmp_path, {"aurinko.md": GOOD}, SETTINGS)
    with at_work(root, poll=True) as watched:
        time.sleep(0.3)
        (root / "customers/aurinko.md").write_text(BAD)
        assert watched.says("customers/aurinko.md", "unknown-stage")
        assert watched.wait(lambda: watched.after == ["customers/aurinko.md"])


def test_lost_events_are_found_by_the_next_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Hints, "nudge", lambda _self: None)
    monkeypatch.setattr(watching, "RARELY", 1.0)
    root = make_vault(tmp_path, {"aurinko.md": GOOD}, SETTINGS)
    watched = Watched(root)
    thread = threading.Thread(target=watched.watch.run, daemon=True)
    thread.start()
    assert watched.wait(lambda: "Watching" in watched.notices(), 5)
    (root / "customers/aurinko.md").write_text(BAD)
    assert watched.wait(lambda: watched.codes("customers/aurinko.md") == [["unknown-stage"]])
    watched.hints.stopped = True
    thread.join(3)


def test_a_save_that_an_editor_is_not_through_with_is_told_when_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = make_vault(tmp_path, {"aurinko.md": GOOD}, SETTINGS) / "customers/aurinko.md"
    ends_the_save = SimpleNamespace(monotonic=time.monotonic, sleep=lambda _seconds: note.write_text(GOOD + "more\n"))
    monkeypatch.setattr(watching, "time", ends_the_save)
    watched = Watched(tmp_path)
    watched.watch.look()
    note.write_text("---\nname: Aur")
    watched.watch.look()
    assert watched.codes("customers/aurinko.md") == []
    watched.watch.look()
    assert watched.codes("customers/aurinko.md") == [[]]
    watched.hints.deafen()


def test_an_inotify_limit_is_told_and_all_is_seen_nevertheless(tmp_path: Path) -> None:
    root = make_vault(tmp_path / "vault", {f"customers/f{n}/a{n}.md": GOOD for n in range(20)}, SETTINGS)
    allowed = subprocess.run(
        ["unshare", "-Ur", "sh", "-c", "echo 5 > /proc/sys/user/max_inotify_watches"], capture_output=True, check=False
    )
    if allowed.returncode:
        pytest.skip("no user namespaces here")
    command = f"echo 5 > /proc/sys/user/max_inotify_watches; exec {sys.executable} -m plaincrm watch"
    environment = {**os.environ, "PLAINCRM_VAULT": str(root), "PLAINCRM_TODAY": TODAY, "XDG_CACHE_HOME": str(tmp_path)}
    running = subprocess.Popen(
        ["unshare", "-Ur", "sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
    )
    assert running.stdout
    try:
        said = b""
        while b"Watching 20 notes" not in said:
            said += running.stdout.readline()
        assert b"Watching in part: the system gives events of 5 of 22 folders" in said
        time.sleep(0.5)
        (root / "customers/f19/a19.md").write_text(BAD)
        began = time.monotonic()
        while b"unknown-stage" not in said and time.monotonic() < began + SEEN:
            said += running.stdout.readline()
        assert time.monotonic() < began + SEEN
    finally:
        running.send_signal(signal.SIGINT)
        assert running.wait(5) == 130
        running.stdout.close()


def test_where_the_system_gives_no_events_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_arguments: object) -> None:
        raise OSError(24, "inotify instance limit reached")

    monkeypatch.setattr(Hints, "_start", refused)
    root = make_vault(tmp_path, {"aurinko.md": GOOD}, SETTINGS)
    with at_work(root) as watched:
        assert "Watching in part: the system gives no events (inotify instance limit reached)." in watched.notices()
        time.sleep(0.3)
        (root / "customers/aurinko.md").write_text(BAD)
        assert watched.says("customers/aurinko.md", "unknown-stage")


def test_faults_of_the_vault_do_not_end_it(tmp_path: Path) -> None:
    root = make_vault(tmp_path, {"aurinko.md": GOOD}, SETTINGS)
    with at_work(root) as watched:
        (root / "plaincrm.toml").write_text("[notes\n")
        assert watched.says("plaincrm.toml", "bad-toml")
        (root / "plaincrm.toml").write_text('[notes]\n"{owner}.md" = "agenda"\n')
        assert watched.wait(lambda: "nobody works here" in watched.notices())
        (root / "plaincrm.toml").write_text('[notes]\n"Agenda.md" = "log x y"\n')
        assert watched.wait(
            lambda: any(
                "No such command" in left.why
                for one in watched.told
                if isinstance(one, Refreshed)
                for left in one.refused
            )
        )
        (root / "customers/aurinko.md").write_text(BAD)
        assert watched.says("customers/aurinko.md", "unknown-stage")


def test_what_it_writes_is_not_what_undo_takes_back(tmp_path: Path) -> None:
    root = make_vault(tmp_path, {"aurinko.md": GOOD}, SETTINGS)
    with at_work(root) as watched:
        assert watched.wait((root / "Agenda.md").exists)
    assert list(plaincrm.open_vault(root, cache=False).journal()) == []


def test_the_schema_for_editors_follows_the_settings(tmp_path: Path) -> None:
    root = make_vault(tmp_path, {"aurinko.md": GOOD}, SETTINGS)
    schema = root / ".plaincrm/front-matter.schema.json"
    watched = Watched(root)
    watched.watch.look()
    assert not schema.exists()
    schema.parent.mkdir()
    schema.write_text("{}")
    (root / "plaincrm.toml").write_text(SETTINGS + '[fields]\ncolour_code = "text"\n')
    watched.watch.look()
    assert "colour_code" in schema.read_text()
    watched.hints.deafen()


def test_a_new_day_makes_new_notes(tmp_path: Path) -> None:
    root = make_vault(tmp_path, {"aurinko.md": GOOD}, SETTINGS)
    watched = Watched(root)
    watched.watch.look()
    assert "21 November" in (root / "Agenda.md").read_text()
    moment = watched.now()
    asked = Asked(str(root), "2026-11-22", "never", cache=False)
    watched.watch.now = lambda: moment._replace(today=date(2026, 11, 22), answer=partial(as_markdown, asked))
    watched.watch.look()
    assert "22 November" in (root / "Agenda.md").read_text()
    watched.hints.deafen()
