"""The sound of an offer comes down whole or not at all, and goes on where the link was cut."""

import io
from pathlib import Path
from typing import Any

import pytest

from broadcaster.errors import Conflict, Invalid, NotFound
from broadcaster.exchange.transport import Transport
from broadcaster.station.announcements import recordings
from broadcaster.station.exchange import choices
from broadcaster.station.province.items import ItemSound
from tests.rig.exchange.sites import AT, Lower, Upper

pytestmark = pytest.mark.integration
SOUND = bytes(range(256)) * 800


def with_sound(upper: Upper, **more: Any) -> str:
    """Release an item with a sound; the sound's sha256."""
    uploaded = recordings.keep(io.BytesIO(SOUND), name="loi.mp3", clips_dir=upper.config.clips_dir, most_megabytes=5)
    sound = ItemSound(sha256=uploaded.sha256, size_bytes=len(SOUND), name=uploaded.name)
    upper.release("con-minh", sound=sound, **more)
    return uploaded.sha256


def part(lower: Lower, sha256: str) -> Path:
    folder = lower.config.clips_dir / recordings.FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{sha256}.exchange.part"


def test_a_sound_arrives_and_is_the_recording_of_what_is_made_of_it(upper: Upper, lower: Lower) -> None:
    link = lower.join(upper)
    sha256 = with_sound(upper)
    link.pull(wait_seconds=0)
    with pytest.raises(Conflict, match=r"exchange\.sound_on_its_way"), lower.database.session() as s:
        choices.take(s, offer=choices.get(s, lower.offers()[0].id), by=lower.person(s, "canbo"), now_at=AT)
    link.fetch_sounds()
    assert recordings.path(lower.config.clips_dir, sha256).read_bytes() == SOUND
    with lower.database.session() as s:
        made = choices.take(s, offer=choices.get(s, lower.offers()[0].id), by=lower.person(s, "canbo"), now_at=AT)
        assert (made.recording_sha256, made.recording_name, made.origin) == (sha256, "loi.mp3", "province")


def test_only_what_is_missing_is_asked_for(upper: Upper, lower: Lower, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    download = Transport.download

    def counted(self: Transport, path: str, *, from_byte: int) -> Any:
        asked.append(from_byte)
        return download(self, path, from_byte=from_byte)

    monkeypatch.setattr(Transport, "download", counted)
    link = lower.join(upper)
    sha256 = with_sound(upper)
    link.pull(wait_seconds=0)
    part(lower, sha256).write_bytes(SOUND[:100_000])
    link.fetch_sounds()
    assert asked == [100_000]
    assert recordings.path(lower.config.clips_dir, sha256).read_bytes() == SOUND


def test_what_is_not_what_was_signed_is_thrown_away(upper: Upper, lower: Lower) -> None:
    link = lower.join(upper)
    sha256 = with_sound(upper)
    link.pull(wait_seconds=0)
    part(lower, sha256).write_bytes(b"x" * 1000)
    with pytest.raises(Invalid, match=r"exchange\.sound_differs"):
        link.fetch_sounds()
    assert lower.offers()[0].sound_at is None
    link.fetch_sounds()
    assert lower.offers()[0].sound_at is not None


def test_a_sound_that_was_not_offered_to_a_commune_is_not_given(upper: Upper, lower: Lower) -> None:
    link = lower.join(upper)
    uploaded = recordings.keep(io.BytesIO(SOUND), name="a", clips_dir=upper.config.clips_dir, most_megabytes=5)
    transport = link._transport("sounds", lower.levels()[0])
    with pytest.raises(NotFound):
        transport.get(f"/exchange/1/clips/{uploaded.sha256}")


def test_an_emergency_without_words_waits_for_its_sound(upper: Upper, lower: Lower) -> None:
    link = lower.join(upper)
    with_sound(upper, text="", title="Báo động", broadcast_class="emergency")
    link.pull(wait_seconds=0)
    assert lower.offers()[0].state == "waiting"
    link.fetch_sounds()
    assert lower.offers()[0].state == "prepared"
