"""The YAML of docs/ci.md is YAML, and its local hook is the hook that other repositories get."""

from __future__ import annotations

import re

import yaml

from plaincrm.cli.group import COMMANDS
from tests.docs.blocks import ROOT

PAGE = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
YAML = [yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)]
HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}


def test_the_local_hook_is_the_published_one() -> None:
    (local,) = (repo["hooks"][0] for block in YAML for repo in block.get("repos", ()) if repo["repo"] == "local")
    published = {key: value for key, value in HOOKS[local["id"]].items() if key != "description"}
    assert local == {**published, "language": "system"}


def test_the_hooks_and_commands_of_the_page_are_there() -> None:
    assert {hook["id"] for block in YAML for repo in block.get("repos", ()) for hook in repo["hooks"]} <= set(HOOKS)
    runs = [
        step["run"]
        for block in YAML
        for job in block.get("jobs", {}).values()
        for step in job["steps"]
        if "run" in step
    ]
    commands = re.findall(r"plaincrm (\w+)", "\n".join(run for run in runs if "pip install" not in run))
    assert commands
    assert set(commands) <= set(COMMANDS)
