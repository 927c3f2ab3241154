"""The signed end of the audit chain goes out with every agenda and comes back with every status."""

import pytest
from sqlalchemy import text

from broadcaster.delivery import head_inquiry
from broadcaster.delivery.service import DeliveryService
from broadcaster.protocol import signing
from broadcaster.station.audit import entries as audit
from tests.integration.delivery.commune import STATION, Commune, now
from tests.integration.delivery.probe import eventually

pytestmark = pytest.mark.integration


def test_a_head_comes_back_and_proves_a_forged_database(commune: Commune, delivery: DeliveryService) -> None:
    port = delivery.broker.access.port
    with commune.virtual_node("lung-pang", port) as node:
        node.follow()
        eventually(lambda: node.agendas())
        said = node.agendas()[-1].audit
        assert said is not None
        assert signing.is_head_of(said, station=STATION, key=commune.identity.public_key)
        with commune.database.session() as s:
            audit.record(s, by=None, action="test.act", subject="entry:later", now_at=now())
        commune.touch()
        node.status(agenda_number=node.agendas()[-1].number, agenda_audit=said)
        eventually(lambda: _held(commune) == [(said.entry, said.hash)])
        asked = head_inquiry.ask(delivery.broker.access, commune.identity)
        assert [(each.head, each.source) for each in asked or ()] == [(said, "lung-pang")]
    with commune.database.reading() as s:
        assert audit.verify(s, asked or ()) == []
    with commune.database.engine.begin() as connection:
        for verb in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER audit_entries_no_{verb}"))
        connection.execute(text("DROP TRIGGER held_audit_heads_no_delete"))
        connection.execute(text("DELETE FROM held_audit_heads"))
        connection.execute(text("DELETE FROM audit_entries WHERE number >= :n"), {"n": said.entry})
    with commune.database.reading() as s:
        assert audit.verify(s) == []
        found = audit.verify(s, asked or ())
    assert [(each.number, each.reason.code) for each in found] == [(said.entry, "audit.entries_gone")]


def _held(commune: Commune) -> list[tuple[int, str]]:
    with commune.database.reading() as s:
        return [tuple(row) for row in s.execute(text("SELECT entry, hash FROM held_audit_heads"))]  # type: ignore[misc]
