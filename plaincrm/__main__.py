"""The command `plaincrm`, also as `python -m plaincrm`."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    gc.set_threshold(200_000, 50, 50)  # a command is short, and looking for cycles among its rows finds none
    from plaincrm.cli.run import run  # noqa: PLC0415 (kept out of `import plaincrm.__main__`)

    code = run(sys.argv[1:])
    gc.freeze()  # all that is left goes with the process; Python would look for cycles in it at the end (15 ms)
    sys.exit(code)


if __name__ == "__main__":
    main()
