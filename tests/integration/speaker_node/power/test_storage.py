"""A card that fills up, turns read-only or loses bits: the node reports it and plays what is sound."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadcaster.protocol.reasons import ReasonCode, TroubleCode
from broadcaster.protocol.values import DeliveryState
from speaker_node.assembly import Substitutes
from speaker_node.memory import card_recovery
from speaker_node.setup.settings import LocalSettings
from speaker_node.sound.player.file import FilePlayer
from tests.integration.speaker_node.conftest import QUICK, RunningNode
from tests.rig.clips import noise_clip
from tests.rig.mosquitto import free_port
from tests.rig.station import TestStation, item, soon

pytestmark = pytest.mark.integration
State = DeliveryState
NODE = "loa-1"
CARD = "size=40m"


def _mount(*words: str) -> bool:
    return subprocess.run(["mount", *words], capture_output=True).returncode == 0


@pytest.fixture
def card(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own."""
    place = tmp_path / "card"
    place.mkdir()
    if os.geteuid() != 0 or not _mount("-t", "tmpfs", "-o", CARD, "tmpfs", str(place)):
        pytest.skip("needs the right to mount")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def _fill(card: Path) -> None:
    with pytest.raises(OSError, match="No space"):
        (card / "ballast").write_bytes(bytes(64_000_000))


def _start(
    station: TestStation, card: Path, played: Path, *, port: int | None = None, data: str = "data"
) -> RunningNode:
    memory = played.with_name("memory")
    memory.mkdir(exist_ok=True)
    settings = LocalSettings(
        station.bundle(NODE, port=port), card / data, memory=memory, sound="file", trust_clock=True
    )
    return RunningNode(settings, Substitutes(player=FilePlayer(played), times=QUICK))


def test_a_card_that_turned_read_only_plays_what_is_stored_reports_and_repeats_nothing(
    station: TestStation, card: Path, tmp_path: Path
) -> None:
    played = tmp_path / "played"
    clip = noise_clip(0.5)
    station.publish_clip(clip)
    node = _start(station, card, played)
    first = item(clip, start_at=soon(1.5), within_seconds=600)
    station.publish_agenda(station.agenda(NODE, first, clips=[clip]))
    station.receipt(first.broadcast, State.PLAYED)
    node.stop()
    assert _mount("-o", "remount,ro", str(card))

    for _ in range(2):
        node = _start(station, card, played)
        later = item(clip, start_at=soon(2), within_seconds=600)
        station.publish_agenda(station.agenda(NODE, first, later, clips=[clip]))
        station.receipt(later.broadcast, State.PLAYED)
        assert station.wait(lambda: TroubleCode.LEDGER_NOT_WRITTEN in [t.code for t in station.statuses[-1].troubles])
        node.stop()

    assert len(list(played.glob("*.wav"))) == 3
    assert station.states(first.broadcast).count(State.PLAYED) == 1


def test_a_power_cut_with_a_read_only_card_repeats_nothing(station: TestStation, card: Path, tmp_path: Path) -> None:
    played = tmp_path / "played"
    clip = noise_clip(0.5)
    station.publish_clip(clip)
    node = _start(station, card, played)
    first = item(clip, start_at=soon(4), within_seconds=600)
    station.publish_agenda(station.agenda(NODE, first, clips=[clip]))
    station.receipt(first.broadcast, State.STORED)
    shutil.copytree(card / "data", card / "as-the-card-was")  # with SQLite's journal, as no polite end leaves it
    station.receipt(first.broadcast, State.PLAYED)
    node.stop()
    assert _mount("-o", "remount,ro", str(card))

    node = _start(station, card, played, data="as-the-card-was")
    later = item(clip, start_at=soon(2), within_seconds=600)
    station.publish_agenda(station.agenda(NODE, first, later, clips=[clip]))
    station.receipt(later.broadcast, State.PLAYED)
    node.stop()
    assert [path.stem.partition("-")[2] for path in sorted(played.glob("*.wav"))] == [first.broadcast, later.broadcast]


def test_a_full_card_fetches_no_more_but_plays_and_accounts_for_what_it_has(
    station: TestStation, card: Path, tmp_path: Path
) -> None:
    clip, further = noise_clip(0.5, seed=1), noise_clip(0.5, seed=2)
    for each in (clip, further):
        station.publish_clip(each)
    node = _start(station, card, tmp_path / "played")
    station.publish_agenda(station.agenda(NODE, clips=[clip]))
    assert station.wait(lambda: (card / "data/clips" / f"{clip.ref.sha256}.clip").exists())
    _fill(card)

    broadcast = item(clip, start_at=soon(2))
    station.publish_agenda(station.agenda(NODE, broadcast, clips=[clip, further]))

    station.receipt(broadcast.broadcast, State.PLAYED)
    assert station.wait(lambda: TroubleCode.LEDGER_NOT_WRITTEN in [t.code for t in station.statuses[-1].troubles])
    assert station.statuses[-1].clips_missing == 1
    node.stop()


def test_a_node_that_restarts_on_a_full_card_without_link_knows_what_it_played_and_what_was_taken_back(
    station: TestStation, card: Path, tmp_path: Path
) -> None:
    clip, played = noise_clip(0.5), tmp_path / "played"
    station.publish_clip(clip)
    node = _start(station, card, played)
    first, second, third = (item(clip, start_at=soon(seconds), within_seconds=600) for seconds in (2, 7, 8))
    station.publish_agenda(station.agenda(NODE, first, clips=[clip]))
    assert station.wait(lambda: (card / "data/clips" / f"{clip.ref.sha256}.clip").exists())
    _fill(card)
    station.publish_agenda(station.agenda(NODE, first, second, third, clips=[clip]))
    station.receipt(first.broadcast, State.PLAYED)
    station.publish_agenda(station.agenda(NODE, first, third, clips=[clip]))
    station.receipt(second.broadcast, State.CANCELLED)
    node.stop()

    node = _start(station, card, played, port=free_port())
    assert station.wait(lambda: len(list(played.glob("*.wav"))) == 2)
    node.stop()
    assert [path.stem.partition("-")[2] for path in sorted(played.glob("*.wav"))] == [first.broadcast, third.broadcast]


def test_a_card_that_has_room_again_is_returned_to_without_a_restart(
    station: TestStation, card: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card_recovery, "TRY_SECONDS", 1.0)
    clip = noise_clip(0.5)
    station.publish_clip(clip)
    node = _start(station, card, tmp_path / "played")
    station.publish_agenda(station.agenda(NODE, clips=[clip]))
    assert station.wait(lambda: (card / "data/clips" / f"{clip.ref.sha256}.clip").exists())
    _fill(card)
    first = item(clip, start_at=soon(2), within_seconds=600)
    station.publish_agenda(station.agenda(NODE, first, clips=[clip]))
    station.receipt(first.broadcast, State.PLAYED)
    assert station.wait(lambda: TroubleCode.LEDGER_NOT_WRITTEN in [t.code for t in station.statuses[-1].troubles])

    (card / "ballast").unlink()
    assert station.wait(lambda: not station.statuses[-1].troubles)
    assert station.wait(lambda: not station.statuses[-1].health.storage_fault)
    second = item(clip, start_at=soon(1.5), within_seconds=600)
    station.publish_agenda(station.agenda(NODE, first, second, clips=[clip]))
    station.receipt(second.broadcast, State.STORED)
    node.stop()

    node = _start(station, card, tmp_path / "played")
    station.receipt(second.broadcast, State.PLAYED)
    node.stop()
    assert (
        station.states(first.broadcast).count(State.PLAYED) == station.states(second.broadcast).count(State.PLAYED) == 1
    )


def test_a_damaged_ledger_repeats_nothing_and_plays_what_comes(station: TestStation, tmp_path: Path) -> None:
    clip = noise_clip(0.5)
    station.publish_clip(clip)
    played = tmp_path / "played"
    node = _start(station, tmp_path, played)
    first = item(clip, start_at=soon(1.5), within_seconds=600)
    station.publish_agenda(station.agenda(NODE, first, clips=[clip]))
    station.receipt(first.broadcast, State.PLAYED)
    node.stop()
    ledger = tmp_path / "data/ledger.db"
    ledger.write_bytes(bytes(len(ledger.read_bytes())))

    node = _start(station, tmp_path, played)
    second = item(clip, start_at=soon(2))
    station.publish_agenda(station.agenda(NODE, first, second, clips=[clip]))
    station.receipt(second.broadcast, State.PLAYED)
    assert station.receipt(first.broadcast, State.FAILED).reason == ReasonCode.LEDGER_LOST
    node.stop()
    assert len(list(played.glob("*.wav"))) == 2
