"""The local switch."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from speaker_node.body.local_switch import LocalSwitch, contact
from speaker_node.errors import SettingsRefused


@dataclass
class Lever:
    is_pressed: bool = False


def test_a_closed_contact_silences_and_an_open_one_does_not(tmp_path: Path) -> None:
    lever = Lever()
    mute = LocalSwitch(tmp_path, lever)
    assert not mute.on
    lever.is_pressed = True
    assert mute.on


def test_a_file_silences_where_there_is_no_contact(tmp_path: Path) -> None:
    mute = LocalSwitch(tmp_path, contact(0))
    assert not mute.on
    (tmp_path / "mute").touch()
    assert mute.on
    (tmp_path / "mute").unlink()
    assert not mute.on


def test_a_pin_that_cannot_be_read_is_refused_with_a_way_out() -> None:
    with pytest.raises(SettingsRefused, match="mute_pin = 0"):
        contact(27)
