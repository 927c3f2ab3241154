"""What residents may read again: on both databases, what was said and nothing else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from broadcaster.errors import NotAllowed, NotFound
from broadcaster.payments.levy import Levy
from broadcaster.protocol.values import DeliveryState as D
from broadcaster.station.announcements import announcements, approvals
from broadcaster.station.broadcasts import broadcasts, receipts
from broadcaster.station.database.engine import Database
from broadcaster.station.records import residents as heard
from broadcaster.station.schema import Broadcast
from broadcaster.station.schema.announcement_fields import fields_of
from tests.rig.commune import NOW, Commune, approved, fact, render

pytestmark = pytest.mark.integration
LEVY = Levy(bank_bin="970405", account="3713123456789", holder="UBND xã", amount_vnd=50_000, purpose="Quy IV")
LATER = NOW + timedelta(minutes=5)


def said(database: Database, commune: Commune, state: D = D.PLAYED, *, node: str = "ban-cuon") -> Broadcast:
    """A broadcast of which one node stated this much."""
    announcement = approved(database, commune)
    with database.session() as s:
        made = broadcasts.broadcast_now(s, announcement=announcement, by=commune.officer, now_at=NOW)
    with database.session() as s:
        receipts.store(s, node_id=node, receipts=[fact(made, state, 1)], now_at=NOW)
    return made


def listed(database: Database, unit_id: str | None = None) -> list[str]:
    with database.reading() as s:
        unit = heard.place(s, unit_id) if unit_id else None
        return [each.broadcast.id for each in heard.listing(s, unit, now_at=LATER).items]


@pytest.mark.parametrize(
    ("state", "stated"),
    [(D.STORED, False), (D.PLAYING, True), (D.PLAYED, True), (D.INTERRUPTED, True), (D.FAILED, False)],
)
def test_it_is_told_once_a_node_began_to_say_it(database: Database, commune: Commune, state: D, stated: bool) -> None:
    made = said(database, commune, state)
    assert listed(database) == ([made.id] if stated else [])


def test_a_hamlet_is_told_what_its_own_nodes_said_and_the_commune_all_of_it(
    database: Database, commune: Commune
) -> None:
    made = said(database, commune)
    assert listed(database, "ban-cuon") == [made.id]
    assert listed(database, "lung-pang") == []
    assert listed(database, "con-minh") == [made.id]


def test_it_keeps_text_and_levy_as_they_were_approved(database: Database, commune: Commune) -> None:
    announcement = approved(database, commune)
    with database.session() as s:
        announcements.edit(
            s,
            announcement,
            replace(fields_of(announcement), levy=LEVY, text="Nộp quỹ."),
            revision=announcement.revision,
            by=commune.officer,
            now_at=NOW,
        )
    render(database)
    with database.session() as s:
        approvals.submit(s, announcement=announcement, by=commune.officer, now_at=NOW)
    with database.session() as s:
        current = announcements.get(s, announcement.id)
        seal = current.content_hash or ""
        approvals.approve(s, announcement=current, content_hash=seal, by=commune.approver, now_at=NOW)
        made = broadcasts.broadcast_now(s, announcement=current, by=commune.officer, now_at=NOW)
    with database.session() as s:
        receipts.store(s, node_id="ban-cuon", receipts=[fact(made, D.PLAYED, 1)], now_at=NOW)
    with database.session() as s:
        current = announcements.get(s, announcement.id)
        announcements.edit(
            s,
            current,
            replace(fields_of(current), text="Khác.", levy=None),
            revision=current.revision,
            by=commune.officer,
            now_at=NOW,
        )
    with database.reading() as s:
        stored = heard.get(s, made.id, now_at=LATER)
        assert (stored.text, stored.levy) == ("Nộp quỹ.", LEVY)
        assert len(heard.parts(s, stored)) == 1
        assert heard.newer(s, stored) is None


def test_what_is_withdrawn_or_long_ago_is_found_no_more(database: Database, commune: Commune) -> None:
    made = said(database, commune)
    with database.reading() as s:
        assert heard.listing(s, None, now_at=NOW + timedelta(days=15)).total == 0
        with pytest.raises(NotFound):
            heard.get(s, made.id, now_at=NOW + timedelta(days=91))
    with database.session() as s:
        announcement = announcements.get(s, made.announcement_id or "")
        announcements.withdraw(s, announcement=announcement, by=commune.officer, now_at=NOW)
    with database.reading() as s, pytest.raises(NotFound):
        heard.get(s, made.id, now_at=LATER)


def test_only_an_administrator_closes_the_pages(database: Database, commune: Commune) -> None:
    with database.session() as s, pytest.raises(NotAllowed):
        heard.switch(s, on=False, by=commune.officer, now_at=NOW)
    with database.session() as s:
        assert heard.is_open(s)
        heard.switch(s, on=False, by=commune.administrator, now_at=NOW)
        assert not heard.is_open(s)
