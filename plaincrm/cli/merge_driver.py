"""`plaincrm merge-driver`: what git calls to merge two versions of a note; `plaincrm git-setup` tells it to."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("merge-driver", hidden=True)
@click.argument("base", metavar="%O", type=click.Path(path_type=Path))
@click.argument("ours", metavar="%A", type=click.Path(path_type=Path))
@click.argument("theirs", metavar="%B", type=click.Path(path_type=Path))
@click.argument("marker_size", metavar="%L", type=click.IntRange(1, 1000))
@click.argument("path", metavar="%P", type=click.Path(path_type=Path))
def command(base: Path, ours: Path, theirs: Path, marker_size: int, path: Path) -> int:
    """Merge two versions of a note since a common one; git calls this.

    The result takes the place of %A. The exit code is 1 where it holds conflicts.
    """
    from plaincrm.history.driver import drive  # noqa: PLC0415 (what merges is loaded for a merge)

    return 0 if drive(base, ours, theirs, marker_size, path) else 1
