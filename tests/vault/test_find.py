import os
import socket
from pathlib import Path

import pytest

from plaincrm.errors import VaultError
from plaincrm.vault.files import FilesOnDisk
from plaincrm.vault.find import Finder, find_root
from plaincrm.vault.vault import load_vault

DEFAULT = ("customers/**/*.md",)


def put(root, *paths):
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("---\nname: x\n---\n")


def look(root, records=DEFAULT, ignore=()):
    finder = Finder(FilesOnDisk(root), records, ignore)
    found, faults = [], []
    for folder in finder.folders():
        out = finder.sort_out(folder)
        prefix = f"{folder.path}/" if folder.path else ""
        found += [prefix + entry.name for entry in out.records]
        faults += [(prefix + name, fault.code) for name, fault in out.faults]
    return sorted(found), sorted(faults)


def test_the_vault_is_found_by_walking_up(tmp_path):
    put(tmp_path, "a/b/c/d.md")
    (tmp_path / "a" / "plaincrm.toml").touch()
    for start in ("a", "a/b", "a/b/c", "a/b/c/d.md"):
        assert find_root(tmp_path / start) == tmp_path / "a"
    (tmp_path / "a" / "b" / "plaincrm.toml").touch()
    assert find_root(tmp_path / "a/b/c") == tmp_path / "a" / "b"


def test_a_folder_without_settings_is_its_own_vault(tmp_path):
    (tmp_path / "plaincrm.toml").mkdir()
    (tmp_path / "x").mkdir()
    assert find_root(tmp_path / "x") == tmp_path / "x"
    vault = load_vault(tmp_path / "x")
    assert (vault.config.records, vault.config_bytes) == (DEFAULT, b"")


def test_the_vault_behind_a_link_is_the_real_one(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert find_root(tmp_path / "link") == tmp_path / "real"


@pytest.mark.parametrize("name", ["missing", "loop", "nul\0"])
def test_no_such_folder(tmp_path, name):
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(VaultError, match="There is no folder"):
        find_root(tmp_path / name)


def test_settings_are_read_with_the_vault(tmp_path):
    (tmp_path / "plaincrm.toml").write_text('[vault]\nrecords = ["*.md"]\n')
    put(tmp_path, "a.md", "sub/b.md")
    vault = load_vault(tmp_path)
    assert vault.config_bytes == b'[vault]\nrecords = ["*.md"]\n'
    assert [entry.name for folder in vault.finder.folders() for entry in vault.finder.sort_out(folder).records] == [
        "a.md"
    ]


def test_settings_that_cannot_be_read_at_all(tmp_path):
    with (tmp_path / "plaincrm.toml").open("wb") as stream:
        stream.truncate(17 * 1024 * 1024)
    with pytest.raises(VaultError, match="too large"):
        load_vault(tmp_path)


FILES = [
    *("home.md", "customers/a.md", "customers/x/b.md", "customers/x/y/c.md", "customers/x/notes/d.md", "people/e.md"),
    *("people/f/g.md", "customers/[x]/h.md", "customers/a.txt", "customers/a.md.bak"),
]


@pytest.mark.parametrize(
    ("records", "ignore", "expected"),
    [
        (
            ["customers/**/*.md"],
            [],
            [
                "customers/[x]/h.md",
                "customers/a.md",
                "customers/x/b.md",
                "customers/x/notes/d.md",
                "customers/x/y/c.md",
            ],
        ),
        (["customers/*.md"], [], ["customers/a.md"]),
        (["customers/*/*.md"], [], ["customers/[x]/h.md", "customers/x/b.md"]),
        (["customers/x/**/*.md"], [], ["customers/x/b.md", "customers/x/notes/d.md", "customers/x/y/c.md"]),
        (["*.md"], [], ["home.md"]),
        (["**/[x]/*.md"], [], ["customers/[x]/h.md"]),
        (["**/notes/*.md"], [], ["customers/x/notes/d.md"]),
        (["*/f/**/*.md"], [], ["people/f/g.md"]),
        (["people/?.md"], [], ["people/e.md"]),
        (["people/e.md"], [], ["people/e.md"]),
        (["customers/*.md", "people/**/*.md"], [], ["customers/a.md", "people/e.md", "people/f/g.md"]),
        (["customers/**/*.md", "customers/*.md"], ["customers/x/**"], ["customers/[x]/h.md", "customers/a.md"]),
        (
            ["customers/**/*.md"],
            ["customers/x/*.md", "**/d.md"],
            ["customers/[x]/h.md", "customers/a.md", "customers/x/y/c.md"],
        ),
        (["../**/*.md", "/people/e.md", "./people/e.md"], ["customers/**", "people/f/**"], ["home.md", "people/e.md"]),
        (["nowhere/**/*.md"], [], []),
        ([], [], []),
    ],
)
def test_globs(tmp_path, records, ignore, expected):
    root = tmp_path / "vault"
    put(root, *FILES)
    put(tmp_path, "outside.md")
    assert look(root, tuple(records), tuple(ignore)) == (expected, [])


def test_another_ending_of_markdown_is_named(tmp_path):
    put(tmp_path, "customers/a.md", "customers/b.MD", "customers/c.markdown", "customers/old/d.markdown", "e.markdown")
    names = (["customers/a.md", "customers/b.MD"], [("customers/c.markdown", "odd-file-ending")])
    assert look(tmp_path, ("customers/**/*.md",), ("customers/old/**", "customers/old/*")) == names


def test_what_never_is_a_record(tmp_path):
    put(
        tmp_path,
        "customers/.hidden.md",
        "customers/.obsidian/a.md",
        "customers/.trash/b.md",
        "customers/.stversions/c.md",
    )
    put(
        tmp_path,
        "customers/templates/d.md",
        "customers/Templates/e.md",
        "customers/Mallit/f.md",
        "customers/node_modules/g.md",
    )
    put(
        tmp_path,
        "customers/._a.md",
        "customers/a.md~",
        "customers/.a.md.swp",
        "customers/a.md.orig",
        "customers/Blanks/h.md",
    )
    (tmp_path / ".obsidian").mkdir()
    (tmp_path / ".obsidian" / "templates.json").write_text('{"folder": "misc/Blanks"}')
    assert look(tmp_path) == ([], [])


@pytest.mark.parametrize("text", ["", "[]", "{", '{"folder": 3}', "[" * 100_000, '"x"'])
def test_settings_of_obsidian_that_are_odd(tmp_path, text):
    (tmp_path / ".obsidian").mkdir()
    (tmp_path / ".obsidian" / "templates.json").write_text(text)
    put(tmp_path, "customers/a.md")
    assert look(tmp_path) == (["customers/a.md"], [])


COPIES = [
    *("acme.sync-conflict-20261120-101500-ABCDEFG.md", "acme (Liisa's conflicted copy 2026-11-20).md"),
    *("acme (conflicted copy 2026-11-20 101500).md", "acme_conflict-20261120-101500.md", "acme (Case Conflict).md"),
    *("acme-DESKTOP-AB12CD3.md", "acme-LAPTOP-0123ABC.md", "acme 2.md", "acme (1).md", "acme(2).md"),
    *("acme (Conflicted copy phone 202611201015).md", "acme (conflict 2026-11-20).md"),
]


@pytest.mark.parametrize("name", COPIES)
def test_copies_of_conflicts_are_told_and_not_counted(tmp_path, name):
    put(tmp_path, "customers/acme.md", f"customers/{name}")
    assert look(tmp_path) == (["customers/acme.md"], [(f"customers/{name}", "conflict-copy")])


@pytest.mark.parametrize(
    "name", ["studio 54.md", "conflict-mediators.md", "desktop-publishing.md", "a (2024).md", "2.md", "a 123.md"]
)
def test_names_that_are_no_copies(tmp_path, name):
    put(tmp_path, f"customers/{name}", "customers/a.md")
    assert look(tmp_path) == (sorted([f"customers/{name}", "customers/a.md"]), [])


def test_links(tmp_path):
    root = tmp_path / "vault"
    put(root, "customers/a.md", "elsewhere/b.md")
    put(tmp_path, "secret.md")
    (tmp_path / "folder").mkdir()
    customers = root / "customers"
    for name, target in {
        "record.md": "a.md",
        "inside.md": "../elsewhere/b.md",
        "outside.md": "../../secret.md",
        "absolute.md": "/etc/passwd",
        "dangling.md": "nowhere.md",
        "loop.md": "loop.md",
        "round.md": "about.md",
        "about.md": "round.md",
        "folder.md": "../elsewhere",
        "out": "../../folder",
        "back": "..",
        "text.txt": "a.md",
    }.items():
        (customers / name).symlink_to(target)
    assert look(root) == (
        ["customers/a.md", "customers/inside.md"],
        [
            *[("customers/about.md", "dangling-link"), ("customers/absolute.md", "link-out-of-vault")],
            *[("customers/back", "linked-folder"), ("customers/dangling.md", "dangling-link")],
            *[("customers/folder.md", "link-out-of-vault"), ("customers/loop.md", "dangling-link")],
            *[("customers/out", "linked-folder"), ("customers/outside.md", "link-out-of-vault")],
            ("customers/round.md", "dangling-link"),
        ],
    )


def test_a_glob_that_begins_in_a_link_out_of_the_vault_finds_nothing(tmp_path):
    root = tmp_path / "vault"
    root.mkdir()
    put(tmp_path, "other/a.md")
    (root / "customers").symlink_to("../other")
    assert look(root) == ([], [])
    (root / "customers").unlink()
    (root / "customers").symlink_to("customers")
    assert look(root) == ([], [])


def test_the_stamps_of_a_link_are_those_of_its_target(tmp_path):
    put(tmp_path, "customers/x/a.txt")
    (tmp_path / "customers" / "b.md").symlink_to("x/a.txt")
    finder = Finder(FilesOnDisk(tmp_path), DEFAULT, ())
    (entry,) = [entry for folder in finder.folders() for entry in finder.sort_out(folder).records]
    assert entry.size == (tmp_path / "customers/x/a.txt").stat().st_size


def test_what_is_no_plain_file_is_told_and_not_opened(tmp_path):
    put(tmp_path, "customers/a.md")
    folder = tmp_path / "customers"
    os.mkfifo(folder / "pipe.md")
    (folder / "folder.md").mkdir()
    put(folder / "folder.md", "b.md")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.fspath(folder / "socket.md"))
    assert look(tmp_path) == (
        ["customers/a.md"],
        [(f"customers/{name}.md", "not-a-file") for name in ("folder", "pipe", "socket")],
    )


def test_odd_names_are_taken_literally(tmp_path):
    names = [
        "-rf.md",
        "--output=x.md",
        ":(top)x.md",
        "*.md",
        "$(x).md",
        "a\nb.md",
        "a\x1bb.md",
        "UPPER.MD",
        "\u00e9.md",
        "e\u0301.md",
    ]
    put(tmp_path, *(f"customers/{name}" for name in names))
    bad = os.fsdecode(b"caf\xe9.md")
    put(tmp_path, f"customers/{bad}")
    assert look(tmp_path) == (sorted(f"customers/{name}" for name in [*names, bad]), [])


def test_an_unreadable_folder_is_told_and_hides_no_other(tmp_path, monkeypatch):
    put(tmp_path, "customers/a.md", "customers/closed/b.md", "customers/open/c.md")
    opened = os.open

    def refuse(path, flags):
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return opened(path, flags)

    monkeypatch.setattr(os, "open", refuse)  # root may read every folder
    assert look(tmp_path) == (
        ["customers/a.md", "customers/open/c.md"],
        [("customers/closed/", "unreadable-file")],
    )
    finder = Finder(FilesOnDisk(tmp_path), DEFAULT, ())
    (found,) = [fault for folder in finder.folders() for _, fault in finder.sort_out(folder).faults]
    assert dict(found.facts) == {"reason": "Permission denied"}


def test_a_deep_folder_ends_somewhere(tmp_path):
    put(tmp_path, "customers/" + "d/" * 200 + "x.md", "customers/a.md")
    assert look(tmp_path) == (["customers/a.md"], [])
