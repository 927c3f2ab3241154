"""The list of streams: an administrator's alone, checked as it is written."""

import pytest

from broadcaster.errors import Conflict, Invalid, NotAllowed
from broadcaster.refusals.reasons import Reason
from broadcaster.station.database.engine import Database
from broadcaster.station.relays import sources
from tests.rig.commune import NOW, Commune
from tests.unit.station.relays.relaying import FIRST, SECOND, source

pytestmark = pytest.mark.integration


def test_only_an_administrator_writes_it(database: Database, commune: Commune) -> None:
    with database.session() as s:
        made = source(s, commune)
        for person in (commune.officer, commune.approver, commune.viewer):
            with pytest.raises(NotAllowed):
                sources.add(s, name="X", written=[FIRST], by=person, now_at=NOW)
            with pytest.raises(NotAllowed):
                sources.edit(s, source=made, name="X", written=[FIRST], by=person, now_at=NOW)
            with pytest.raises(NotAllowed):
                sources.remove(s, source=made, by=person, now_at=NOW)


@pytest.mark.parametrize("written", [[], [" "], ["file:///etc/passwd"], [f"http://a.vn/{n}" for n in range(7)]])
def test_what_cannot_be_asked_is_refused(database: Database, commune: Commune, written: list[str]) -> None:
    with database.session() as s, pytest.raises(Invalid) as refused:
        sources.add(s, name="X", written=written, by=commune.administrator, now_at=NOW)
    assert refused.value.field == "addresses"


def test_addresses_stand_in_order_once_each_and_what_was_found_out_belongs_to_them(
    database: Database, commune: Commune
) -> None:
    with database.session() as s:
        made = source(s, commune, f" {FIRST} ", SECOND, FIRST)
        assert made.addresses == [FIRST, SECOND]
        sources.note_probe(s, source=made, trouble=Reason("relay.silent"), now_at=NOW)
        sources.edit(
            s, source=made, name="Đài tiếng nói", written=[FIRST, SECOND], by=commune.administrator, now_at=NOW
        )
        assert made.trouble == Reason("relay.silent")
        sources.edit(s, source=made, name="VOV1", written=[SECOND], by=commune.administrator, now_at=NOW)
        assert (made.trouble, made.probed_at) == (None, None)


def test_a_removed_source_is_gone_from_the_list(database: Database, commune: Commune) -> None:
    with database.session() as s:
        made = source(s, commune)
        sources.remove(s, source=made, by=commune.administrator, now_at=NOW)
        assert (sources.listing(s), sources.of(s, [made.id])) == ([], [])
        with pytest.raises(Conflict):
            sources.remove(s, source=made, by=commune.administrator, now_at=NOW)
