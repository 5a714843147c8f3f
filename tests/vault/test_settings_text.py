"""The settings of a new vault: all of them stand there, and each works once its sign is taken away."""

from __future__ import annotations

import re

from plaincrm.vault.config import read_config
from plaincrm.vault.settings import SETTINGS
from plaincrm.vault.settings_text import settings_text


def test_what_is_chosen_is_in_action_and_all_else_a_comment() -> None:
    text = settings_text({("vault", "name"): 'Sävy "Oy"', ("vault", "owners"): ["liisa", "matti"]})
    assert 'name = "Sävy \\"Oy\\""\n' in text
    config = read_config(text.encode())
    assert not config.faults
    assert (config.name, config.owners) == ('Sävy "Oy"', ("liisa", "matti"))
    assert config == read_config(b"")._replace(name=config.name, owners=config.owners)


def test_every_setting_stands_there_once_with_what_it_is_for() -> None:
    text = settings_text({})
    for row in SETTINGS:
        assert text.count(f"\n# {row.help}\n") == sum(other.help == row.help for other in SETTINGS), row


def test_every_setting_works_once_its_sign_is_taken_away() -> None:
    assert read_config(re.sub(r"(?m)^#(?! )", "", settings_text({})).encode()).faults == ()


def test_three_playbooks_are_there_to_begin_with() -> None:
    config = read_config(re.sub(r"(?m)^#(?! )", "", settings_text({})).encode())
    assert [(one.name, one.do) for one in config.playbooks] == [
        ("how-it-works", "Ask how it works"),
        ("after-complaint", "Ask whether all is well now"),
        ("tenth", "Say thanks, with buns for everybody"),
    ]
