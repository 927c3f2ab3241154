"""An agenda is whole in itself: it can be obeyed without asking anybody anything."""

from datetime import timedelta

import pytest

from broadcaster.protocol import codec, errors
from broadcaster.protocol.agenda import Agenda, AgendaItem, Policy
from tests.unit.protocol.samples import AT, CLIP, agenda, item


def test_an_item_may_not_name_a_clip_the_agenda_does_not_describe() -> None:
    with pytest.raises(ValueError, match=r"items\[0\]\.parts"):
        agenda(items=(item(parts=("ee" * 32,)),), clips=(CLIP,))


def test_an_item_on_the_wire_without_its_clip_is_malformed() -> None:
    payload = codec.encode(agenda(items=(item(),), clips=(CLIP,))).replace(b"clips", b"clipz")
    with pytest.raises(errors.Malformed, match="parts"):
        codec.decode(Agenda, payload)


@pytest.mark.parametrize("late_by", [timedelta(0), timedelta(seconds=-1)])
def test_an_item_must_end_after_it_starts(late_by: timedelta) -> None:
    with pytest.raises(ValueError, match="expires_at"):
        AgendaItem(
            broadcast="broadcast-1", parts=(CLIP.sha256,), broadcast_class=item().broadcast_class,
            start_at=AT, expires_at=AT + late_by, duration_ms=1,
        )  # fmt: skip


def test_a_clip_is_found_by_its_name() -> None:
    held = agenda(clips=(CLIP,))
    assert held.clip(CLIP.sha256) is CLIP
    with pytest.raises(KeyError):
        held.clip("ff" * 32)


@pytest.mark.parametrize("hours", [1, 23])
def test_volumes_by_hour_are_for_every_hour_or_none(hours: int) -> None:
    with pytest.raises(ValueError, match="24 hours"):
        Policy(volume_profile=(50,) * hours)
    whole = codec.encode(agenda(policy=Policy(volume_profile=(50,) * 24)))
    with pytest.raises(errors.Malformed, match="24 hours"):
        codec.decode(Agenda, whole.replace(b"50," * (24 - hours), b""))


def test_hours_all_alike_leave_no_trace_on_the_wire() -> None:
    assert b"volume_profile" not in codec.encode(agenda(policy=Policy(volume_percent=80)))
