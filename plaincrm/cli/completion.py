"""`plaincrm completion`: what a shell needs to complete our command line."""

from __future__ import annotations

import os
import re
import shlex
import sys

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    add_completion_class,
    get_completion_class,
)

from plaincrm.cli.run import COMPLETE
from plaincrm.render.terminal import write

SHELLS = ("bash", "zsh", "fish")

# Bash breaks words at : = < > of its own accord, and replaces what stands behind the last of them. Ours are words of a
# query, so we take the line as it was typed, and give back what stands behind that sign.
_BASH = """\
%(complete_func)s() {
    local IFS=$'\\n' response completion
    response=$(env COMP_WORDS="${COMP_LINE:0:COMP_POINT}" COMP_CWORD=0 %(complete_var)s=bash_complete $1 2>/dev/null)
    for completion in $response; do
        IFS=',' read -r type value <<< "$completion"
        case $type in
            plain) COMPREPLY+=("$value"); [[ $value == *[:,] ]] && compopt -o nospace ;;
            file) compopt -o default ;;
            dir) compopt -o dirnames ;;
        esac
    done
    return 0
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""


class OurBash(BashComplete):
    """Bash, with words of a query as one word each."""

    source_template = _BASH

    @classmethod
    def _check_version(cls) -> None:
        """Ours runs in every Bash that has compopt (4.0)."""

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is typed, and that one."""
        line = os.environ["COMP_WORDS"]
        words = click.shell_completion.split_arg_string(line)
        self.quoted = _is_quoted(line)
        self.begun = "" if (line[-1:].isspace() and not self.quoted) or not words else words.pop()
        return words[1:], self.begun

    def format_completion(self, item: CompletionItem) -> str:
        """A suggestion without what bash keeps; a word in quotes it does not break."""
        kept = None if self.quoted else re.match(r".*[:=<>]", self.begun)
        value = item.value.removeprefix(kept[0]) if kept else item.value
        return f"{item.type},{value}"


def _is_quoted(line: str) -> bool:
    """Whether the line ends in a quotation that is not closed."""
    try:
        shlex.split(line)
    except ValueError:
        return line[-1:] != "\\"
    return False


class OurFish(FishComplete):
    """Fish, with suggestions and words about them that have commas in them."""

    source_template = FishComplete.source_template.replace('string split ","', 'string split -m 1 ","')


add_completion_class(OurBash, "bash")
add_completion_class(OurFish, "fish")


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """The script by which a shell completes plaincrm: commands, options, customers, words of a query, codes.

    \b
    plaincrm completion bash > ~/.local/share/bash-completion/completions/plaincrm
    plaincrm completion zsh > "${fpath[1]}/_plaincrm"
    plaincrm completion fish > ~/.config/fish/completions/plaincrm.fish
    """  # noqa: D301 (\b is the sign by which click leaves lines as they are)
    kind = get_completion_class(shell)
    assert kind is not None, "each of SHELLS has one"
    write(kind(context.find_root().command, {}, "plaincrm", COMPLETE).source(), sys.stdout)
