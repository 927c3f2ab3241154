"""Channels: what may be added, how they are paired, and what nobody sees of them."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from broadcaster.errors import Conflict, Invalid
from broadcaster.station.database.engine import Database
from broadcaster.station.notices import channels
from broadcaster.station.notices.channels import NewChannel
from broadcaster.station.notices.sealing import Sealer
from broadcaster.station.schema import (
    AuditEntry,
    NoticeChannel,
    NoticeSending,
    Person,
)
from broadcaster.station.vocabulary.notices import ChannelKind, SendingState
from tests.rig.commune import NOW, Commune

SEALER = Sealer(b"k" * 32)


def paired(database: Database, person: Person, target: str = "https://ngoai.test/nhan") -> str:
    """A channel of this person that is in use; its id."""
    wanted = NewChannel(kind=ChannelKind.WEBHOOK, typed=target, base_url="http://loa.test/", language="vi")
    with database.session() as s:
        made, _secret = channels.add(s, wanted, by=s.get_one(Person, person.id), sealer=SEALER, now_at=NOW)
        s.flush()
        code = SEALER.open(made.code_sealed or "")
        assert channels.confirm(s, made, code, by=person, sealer=SEALER, now_at=NOW)
        s.execute(update(NoticeSending).where(NoticeSending.channel_id == made.id).values(state=SendingState.SENT))
        return made.id


def test_a_code_is_tried_a_few_times_and_for_a_quarter_of_an_hour(database: Database, commune: Commune) -> None:
    wanted = NewChannel(kind=ChannelKind.EMAIL, typed="hoa@xa.test", base_url="http://loa.test/", language="vi")
    with database.session() as s:
        made, _ = channels.add(s, wanted, by=commune.officer, sealer=SEALER, now_at=NOW)
        s.flush()
        for _try in range(channels.MOST_TRIES):
            assert not channels.confirm(s, made, "không", by=commune.officer, sealer=SEALER, now_at=NOW)
        with pytest.raises(Conflict, match=r"notice\.code_over"):
            channels.confirm(s, made, "000000", by=commune.officer, sealer=SEALER, now_at=NOW)
        channels.send_code(s, made, sealer=SEALER, now_at=NOW)
        code, late_at = SEALER.open(made.code_sealed or ""), NOW + timedelta(minutes=15)
        with pytest.raises(Conflict, match=r"notice\.code_over"):
            channels.confirm(s, made, code, by=commune.officer, sealer=SEALER, now_at=late_at)
        assert channels.confirm(s, made, f" {code[:3]} {code[3:]}", by=commune.officer, sealer=SEALER, now_at=NOW)


def test_no_secret_stands_in_a_row_or_in_the_audit_trail(database: Database, commune: Commune) -> None:
    paired(database, commune.officer, "https://ngoai.test/bi-mat-cua-toi")
    with database.reading() as s:
        row = s.scalars(select(NoticeChannel)).unique().one()
        details = [each.details for each in s.scalars(select(AuditEntry))]
    assert "bi-mat" not in f"{row.target_sealed}{row.label}{details}"


def test_nobody_writes_to_strangers_through_the_station(database: Database, commune: Commune) -> None:
    wanted = NewChannel(kind=ChannelKind.EMAIL, typed="la@xa.test", base_url="http://loa.test/", language="vi")
    with database.session() as s:
        made, _ = channels.add(s, wanted, by=commune.officer, sealer=SEALER, now_at=NOW)
        for _again in range(channels.MOST_ASKED - 1):
            channels.send_code(s, made, sealer=SEALER, now_at=NOW)
        with pytest.raises(Conflict, match=r"notice\.asked_too_often"):
            channels.send_code(s, made, sealer=SEALER, now_at=NOW)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (ChannelKind.EMAIL, "hoa@xa.test\nBcc: ai@do.vn"),
        (ChannelKind.EMAIL, "hoa"),
        (ChannelKind.WEBHOOK, "ftp://ngoai.test"),
        (ChannelKind.WEBHOOK, "https://ai:mat@ngoai.test/"),
        (ChannelKind.NTFY, "https://ntfy.sh/a/b"),
        (ChannelKind.TELEGRAM, "@ai-do"),
        (ChannelKind.ZALO, "a/b"),
        (ChannelKind.WEB_PUSH, "{}"),
        (ChannelKind.WEB_PUSH, '{"endpoint":"https://p.test","keys":{"p256dh":"AA","auth":"AA"}}'),
    ],
)
def test_a_malformed_address_is_refused(database: Database, commune: Commune, kind: ChannelKind, typed: str) -> None:
    wanted = NewChannel(kind=kind, typed=typed, base_url="http://loa.test/", language="vi")
    with database.session() as s, pytest.raises(Invalid) as refused:
        channels.add(s, wanted, by=commune.officer, sealer=SEALER, now_at=NOW)
    assert refused.value.field == "target"
