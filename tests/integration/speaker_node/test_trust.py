"""A node obeys only what its own station signed for it, in order, once."""

import secrets

import pytest

from broadcaster.protocol.signing import sign_agenda
from broadcaster.protocol.status import RefusedAgenda
from broadcaster.protocol.values import DeliveryState
from tests.integration.speaker_node.conftest import StartNode
from tests.rig.clips import noise_clip
from tests.rig.station import TestStation, item, soon

pytestmark = pytest.mark.integration
NODE = "loa-1"


def _obeys(station: TestStation, number: int, *, timeout_seconds: float = 60) -> bool:
    return bool(
        station.wait(lambda: any(s.agenda_number == number for s in station.statuses), timeout_seconds=timeout_seconds)
    )


def test_garbage_forged_and_foreign_agendas_are_ignored(station: TestStation, start_node: StartNode) -> None:
    start_node()
    clip = noise_clip(0.3)
    wrong = item(clip, start_at=soon(0))
    station.publish_token(NODE, b"khong phai lich")
    station.publish_agenda(station.agenda(NODE, wrong, clips=[clip], number=7), seed=secrets.token_bytes(32))
    station.publish_token(NODE, sign_agenda(station.agenda("loa-2", wrong, clips=[clip], number=8), station.seed))
    station.publish_agenda(station.agenda(NODE, wrong, clips=[clip], number=9, expires_at=soon(-1)))

    station.publish_agenda(station.agenda(NODE, number=5))

    assert _obeys(station, 5)
    assert not any(s.agenda_number in (7, 8, 9) for s in station.statuses)
    assert station.states(wrong.broadcast) == []


def test_an_older_agenda_does_not_bring_back_what_was_cancelled(station: TestStation, start_node: StartNode) -> None:
    clip = noise_clip(0.3)
    station.publish_clip(clip)
    node = start_node()
    broadcast = item(clip, start_at=soon(2))
    old = station.publish_agenda(station.agenda(NODE, broadcast, clips=[clip]))
    station.receipt(broadcast.broadcast, DeliveryState.STORED)
    station.publish_agenda(station.agenda(NODE))
    station.receipt(broadcast.broadcast, DeliveryState.CANCELLED)

    station.publish_token(NODE, old)
    node.stop()
    start_node()

    assert not station.wait(lambda: DeliveryState.PLAYING in station.states(broadcast.broadcast), timeout_seconds=3)
    assert station.statuses[-1].agenda_number == 2


def test_the_same_agenda_again_plays_nothing_twice(station: TestStation, start_node: StartNode) -> None:
    clip = noise_clip(0.3)
    station.publish_clip(clip)
    node = start_node()
    broadcast = item(clip, start_at=soon(0.5))
    token = station.publish_agenda(station.agenda(NODE, broadcast, clips=[clip]))
    station.receipt(broadcast.broadcast, DeliveryState.PLAYED)

    for _ in range(3):
        station.publish_token(NODE, token)
    station.publish_agenda(station.agenda(NODE, broadcast, clips=[clip]))

    assert _obeys(station, 2)
    assert not station.wait(lambda: len(node.played()) > 1, timeout_seconds=2)


def test_a_take_over_is_obeyed_and_the_machine_before_it_only_told_of(
    station: TestStation, start_node: StartNode
) -> None:
    node = start_node()
    clip = noise_clip(0.3)
    station.publish_agenda(station.agenda(NODE, number=40, issuer="old", term=1))
    assert _obeys(station, 40)

    wanted = item(clip, start_at=soon(3))
    station.publish_clip(clip)
    station.publish_agenda(station.agenda(NODE, wanted, clips=[clip], number=2, issuer="new", term=2))
    assert station.wait(lambda: station.statuses[-1].agenda_issuer == "new")
    assert (station.statuses[-1].agenda_number, station.statuses[-1].agenda_term) == (2, 2)

    station.publish_agenda(station.agenda(NODE, number=41, issuer="old", term=1))
    refused = RefusedAgenda(issuer="old", term=1, number=41, error="Superseded")
    assert station.wait(lambda: station.statuses[-1].refused == refused)
    station.receipt(wanted.broadcast, DeliveryState.PLAYED)

    node.stop()
    start_node()
    assert station.wait(lambda: station.statuses[-1].online and station.statuses[-1].refused == refused)
    assert (station.statuses[-1].agenda_issuer, station.statuses[-1].agenda_number) == ("new", 2)
