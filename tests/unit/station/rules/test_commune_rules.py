"""The commune's standing choices."""

from datetime import date
from typing import Any

import pytest

from broadcaster.errors import Invalid, NotAllowed
from broadcaster.station.agendas import content as agenda_content
from broadcaster.station.audit import entries as audit
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.programmes import greetings
from broadcaster.station.rules import commune_rules
from broadcaster.station.rules.commune_rules import CommuneRules
from broadcaster.station.schema import AuditEntry, Node
from tests.rig.commune import NOW, Commune


def change(database: Database, commune: Commune, **wanted: Any) -> None:
    with database.session() as s:
        commune_rules.change(s, wanted=CommuneRules(**wanted), by=commune.administrator, now_at=NOW)


def test_what_is_chosen_reaches_every_node_and_the_audit_trail(database: Database, commune: Commune) -> None:
    change(database, commune, quiet_hours=((1320, 285),), monthly_megabytes=500)
    with database.reading() as s:
        policy = agenda_content.for_node(s, node=s.get_one(Node, "lung-pang"), now_at=NOW).policy
        assert [(each.from_minute, each.to_minute) for each in policy.quiet_hours] == [(1320, 285)]
        assert policy.monthly_megabytes == 500
        entry = s.query(AuditEntry).order_by(AuditEntry.number.desc()).first()
        assert entry
        assert entry.details == {"quiet_hours": [[], [[1320, 285]]], "monthly_megabytes": [0, 500]}
        assert audit.verify(s) == []
        assert commune_rules.read(s).quiet_hours == ((1320, 285),)


def test_a_new_node_is_as_loud_as_the_commune_chose(database: Database, commune: Commune) -> None:
    change(database, commune, default_volume_percent=70)
    with database.session() as s:
        assert nodes.add_node(s, name="Chợ", unit_id="ban-cuon", by=None, now_at=NOW)[0].volume_percent == 70


def test_a_programme_may_open_with_the_communes_own_words() -> None:
    said = greetings.greeting(date(2026, 11, 23), "Côn Minh", "Kính chào bà con Côn Minh")
    assert said.startswith("Kính chào bà con Côn Minh. Hôm nay là thứ Hai, ngày 23 tháng 11 năm 2026")


def test_choosing_the_same_again_leaves_no_trace(database: Database, commune: Commune) -> None:
    with database.reading() as s:
        before = s.query(AuditEntry).count()
    change(database, commune)
    with database.reading() as s:
        assert s.query(AuditEntry).count() == before


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"monthly_megabytes": -1}, "monthly_megabytes"),
        ({"default_volume_percent": 101}, "default_volume_percent"),
        ({"default_cap_minutes": 0}, "default_cap_minutes"),
        ({"quiet_hours": ((5, 5),)}, "quiet_hours"),
        ({"closing_words": "a" * 601}, "closing_words"),
        ({"contact_phone": "<b>"}, "contact_phone"),
    ],
)
def test_nonsense_is_refused_by_name(database: Database, commune: Commune, wanted: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        change(database, commune, **wanted)
    assert refusal.value.field == field


def test_only_an_administrator_chooses(database: Database, commune: Commune) -> None:
    with database.session() as s, pytest.raises(NotAllowed):
        commune_rules.change(s, wanted=CommuneRules(), by=commune.approver, now_at=NOW)
