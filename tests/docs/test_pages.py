"""README, docs and transcripts show what the program does. `UPDATE_PAGES=1 pytest tests/docs` writes them anew."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, Block, blocks_of, run_console, run_python

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "tests/transcripts").glob("*.md"))]
BLOCKS = [block for page in PAGES for block in blocks_of(page)]


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages")


@pytest.fixture
def folder(pages: Path, request: pytest.FixtureRequest) -> Path:
    """Where a page's blocks leave what the next ones of the page go on with, and no other page finds anything."""
    page = pages / "page"
    name = request.node.callspec.params["block"].page.name
    if not page.exists() or page.read_text() != name:
        for left in {*pages.iterdir()} - {pages / "example-vault", pages / "cache"}:
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        page.write_text(name)
    return pages


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"{block.page.name}:{block.line}")
def test_a_page_shows_what_the_program_does(block: Block, folder: Path) -> None:
    if block.kind == "python":
        assert run_python(block.text, folder) == ""
        return
    shown = run_console(block.text, folder)
    if os.environ.get("UPDATE_PAGES") and shown != block.text:
        text = block.page.read_text(encoding="utf-8")
        block.page.write_text(text.replace(block.indented(block.text), block.indented(shown), 1), encoding="utf-8")
        return
    assert shown == block.text


def test_pages_have_blocks() -> None:
    assert any(block.page.name == "README.md" for block in BLOCKS)


def test_the_readme_names_every_page() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in (ROOT / "docs").glob("*.md") if f"(docs/{page.name})" not in readme] == []
