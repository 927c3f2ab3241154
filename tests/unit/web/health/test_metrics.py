"""Figures for Prometheus: read by its own parser, given to those who may have them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select

from broadcaster.config import MetricsSettings, WebSettings
from broadcaster.protocol.values import DeliveryState
from broadcaster.refusals.reasons import Reason
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.rows import backup_states, heartbeats
from broadcaster.station.rows.backup_states import BackupState, PlaceState
from broadcaster.station.schema import Announcement, Clip, Delivery, Person, RenderJob
from broadcaster.station.vocabulary.states import JobState
from tests.unit.web.commune import Commune

pytestmark = pytest.mark.integration
GRAFANA = Path("deploy/grafana")


@pytest.fixture(autouse=True)
def _settings(commune: Commune) -> Iterator[None]:
    """Each test begins with a console that has counted nothing, and puts back what it set."""
    commune.app.extensions.pop("loa_measurements", None)
    before = commune.app.extensions["loa"]
    yield
    commune.app.extensions["loa"] = before
    commune.app.extensions.pop("loa_measurements", None)


def scraped(commune: Commune) -> dict[str, dict[tuple[str, ...], float]]:
    """Value by name and labels' values."""
    answer = commune.app.test_client().get("/metrics")
    assert answer.status_code == 200
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(answer.text):
        assert family.documentation
        for sample in family.samples:
            values = found.setdefault(sample.name, {})
            key = tuple(sample.labels.values())
            assert key not in values, f"{sample.name}{sample.labels} twice"
            values[key] = sample.value
    return found


def test_what_the_tally_counted_is_given_by_reason(commune: Commune) -> None:
    counts = {"refused_Malformed": 3, "refused_excess_status": 2, "receipts": 40}
    with commune.database.session() as s:
        heartbeats.beat(s, "publisher", commune.clock(), {"connected": True, "counts": counts})
    found = scraped(commune)
    assert found["loa_refused_messages_total"] == {("Malformed",): 3, ("excess_status",): 2}
    assert found["loa_wire_events_total"] == {("receipts",): 40}


def test_from_press_to_sound_and_rendering_are_counted_once(commune: Commune) -> None:
    scraped(commune)
    made = commune.approved()
    with commune.database.session() as s:
        officer = s.scalars(select(Person).where(Person.username == "canbo")).unique().one()
        announcement = s.get_one(Announcement, made)
        broadcast = broadcasts.broadcast_now(s, announcement=announcement, by=officer, now_at=commune.clock())
        delivery = s.scalars(select(Delivery).where(Delivery.broadcast_id == broadcast.id)).unique().first()
        assert delivery is not None
        delivery.state, delivery.started_at = DeliveryState.PLAYING, commune.clock() + timedelta(seconds=1.2)
        job = s.scalars(select(RenderJob)).unique().first()
        assert job is not None
        job.state, job.claimed_at = JobState.DONE, commune.clock()
        job.ended_at = commune.clock() + timedelta(seconds=4)
        clip = s.scalars(select(Clip)).first()
        assert clip is not None
        clip.engine, clip.fallback_reason = "espeak", Reason("online_voice.unreachable")
    commune.clock.move(seconds=10)
    for _ in range(2):
        found = scraped(commune)
        assert found["loa_press_to_sound_seconds_count"] == {(): 1}
        assert found["loa_press_to_sound_seconds_bucket"][("1.0",)] == 0
        assert found["loa_press_to_sound_seconds_bucket"][("1.5",)] == 1
        assert found["loa_rendering_seconds_count"] == {(): 1}
    assert found["loa_clip_fallbacks_total"][("espeak",)] == 1
    assert found["loa_deliveries_by_class"][("routine", "playing")] == 1


def test_each_node_and_the_last_backup_are_there(commune: Commune) -> None:
    state = BackupState(
        commune.clock(),
        commune.clock(),
        (PlaceState("/media/usb", commune.clock(), 3, 5), PlaceState("sftp://a@b", None)),
    )
    with commune.database.session() as s:
        backup_states.write(s, state, now_at=commune.clock())
    found = scraped(commune)
    assert len(found["loa_node_online"]) == 3
    assert found["loa_backup_good_timestamp_seconds"][("/media/usb",)] == commune.clock().timestamp()
    assert found["loa_backup_good_timestamp_seconds"][("sftp://a@b",)] == 0


def test_strangers_get_nothing_without_the_token(commune: Commune) -> None:
    services = commune.app.extensions["loa"]
    token = "a-token-of-sixteen-and-more"
    config = replace(services.config, metrics=MetricsSettings(allow=("10.1.0.0/16",), token=token))
    commune.app.extensions["loa"] = replace(services, config=config)
    client = commune.app.test_client()

    def status(address: str, **headers: str) -> int:
        return client.get("/metrics", environ_base={"REMOTE_ADDR": address}, headers=headers).status_code

    assert status("10.1.2.3") == 200
    assert status("::ffff:10.1.2.3") == 200
    assert status("10.2.0.1") == 403
    assert status("127.0.0.1") == 403
    assert status("10.2.0.1", Authorization=f"Bearer {token}") == 200
    assert status("10.1.2.3", Authorization="Bearer wrong-wrong-wrong") == 403
    assert status("10.1.2.3", **{"X-Forwarded-For": "203.0.113.9"}) == 403
    assert WebSettings().trusted_proxies == 0


def test_dashboard_and_alerts_ask_for_figures_that_there_are(commune: Commune) -> None:
    commune.beat()
    known = set(scraped(commune))
    families = {re.sub(r"_(total|bucket|sum|count|created)$", "", name) for name in known}
    texts = [path.read_text(encoding="utf-8") for path in GRAFANA.iterdir()]
    asked = {name for text in texts for name in re.findall(r"\bloa_[a-z_]+", text)}
    assert asked
    missing = {each for each in asked if re.sub(r"_(total|bucket|sum|count)$", "", each) not in families}
    # families without any sample yet are announced all the same
    text = commune.app.test_client().get("/metrics").text
    assert {
        each for each in missing if f" {re.sub('_total$', '', each)} " not in text and f" {each} " not in text
    } == set()


def test_the_alert_rules_are_rules(commune: Commune) -> None:
    rules = yaml.safe_load((GRAFANA / "alerts.yaml").read_text(encoding="utf-8"))
    found = [rule for group in rules["groups"] for rule in group["rules"]]
    assert len(found) >= 10
    for rule in found:
        assert rule["expr"]
        assert {"summary", "description"} <= rule["annotations"].keys()
        assert rule["labels"]["severity"] in ("page", "warning")
