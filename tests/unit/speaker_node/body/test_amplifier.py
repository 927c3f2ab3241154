"""The relay: early enough, not too long, and never in the way of a node without one."""

import pytest

from speaker_node.body.amplifier import POST_ROLL_SECONDS, Amplifier, relay
from speaker_node.errors import SettingsRefused


class SwitchContact:
    """Remembers what was done to it."""

    def __init__(self) -> None:
        self.closed = False
        self.changes = 0

    def on(self) -> None:
        self.closed, self.changes = True, self.changes + 1

    def off(self) -> None:
        self.closed, self.changes = False, self.changes + 1


def test_it_is_awake_before_a_planned_broadcast_and_off_a_while_after() -> None:
    contact = SwitchContact()
    amplifier = Amplifier(contact, pre_roll_seconds=3)
    amplifier.step(0, next_seconds=100, playing=False)
    assert not contact.closed
    amplifier.step(100 - 3 - POST_ROLL_SECONDS, next_seconds=100, playing=False)
    assert contact.closed
    assert amplifier.awake_seconds(99) < 100
    amplifier.step(110, next_seconds=None, playing=True)
    amplifier.step(110 + POST_ROLL_SECONDS - 0.1, next_seconds=None, playing=False)
    assert contact.closed
    amplifier.step(110 + POST_ROLL_SECONDS, next_seconds=None, playing=False)
    assert (contact.closed, contact.changes) == (False, 2)


def test_an_order_given_now_waits_until_it_is_awake() -> None:
    contact = SwitchContact()
    amplifier = Amplifier(contact, pre_roll_seconds=3)
    assert amplifier.awake_seconds(50) == 53
    assert contact.closed
    assert amplifier.awake_seconds(60) == 53


def test_without_a_relay_nothing_waits() -> None:
    amplifier = Amplifier(None, pre_roll_seconds=3)
    assert amplifier.awake_seconds(50) == 50
    amplifier.step(100, next_seconds=None, playing=False)
    assert relay(0) is None


def test_a_relay_that_cannot_be_driven_is_named() -> None:
    with pytest.raises(SettingsRefused, match="chân 17"):
        relay(17)
