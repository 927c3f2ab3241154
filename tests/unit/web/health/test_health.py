"""Health says what nobody would notice."""

import pytest

from broadcaster.refusals.reasons import Reason
from broadcaster.station.rows import heartbeats
from broadcaster.station.upkeep import soundness
from tests.unit.web.commune import Commune

pytestmark = pytest.mark.integration


def test_a_damaged_database_is_said_by_health_and_at_home(commune: Commune) -> None:
    commune.beat()
    assert commune.app.test_client().get("/health").json["status"] == "ok"
    with commune.database.session() as s:
        soundness.note(s, Reason("database.damaged", cause="page 7"), now_at=commune.clock())
    stated = commune.app.test_client().get("/health").json
    assert (stated["status"], stated["hindrances"]) == ("degraded", ["database_damaged"])
    assert "Cơ sở dữ liệu của đài bị hỏng" in commune.browser().get("/").text


def test_enrolment_that_is_not_open_is_said_at_home(commune: Commune) -> None:
    commune.beat()
    with commune.database.session() as s:
        detail = {"connected": True, "hindrances": ["enrolment_closed"]}
        heartbeats.beat(s, "publisher", commune.clock(), detail)
    assert commune.app.test_client().get("/health").json["hindrances"] == ["enrolment_closed"]
    assert "enrolment.port" in commune.browser().get("/").text
