"""The path of an announcement, as a newcomer walks it: typed, read, heard, approved, played on every node, proven."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.whole import sound
from tests.integration.whole.officer import approved, fetch, nodes, played, written
from tests.integration.whole.running_station import RunningStation, running, settings, until, without_ready_texts

pytestmark = [pytest.mark.integration, pytest.mark.long]
ANNOUNCEMENTS = sorted((Path(__file__).parents[2] / "data" / "announcements").glob("*.txt"))
LEVY = next(path for path in ANNOUNCEMENTS if path.name.startswith("04"))


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStation]:
    with running(tmp_path_factory.mktemp("house") / "var") as station:
        until(lambda: all(node["online"] for node in nodes(station)), what="three nodes online")
        yield station


def test_the_start_prints_address_broker_and_first_logins(station: RunningStation) -> None:
    assert f"http://127.0.0.1:{station.port}" in station.words
    assert re.search(r"Broker MQTT +(Mosquitto|broker nhúng)", station.words)
    passwords = re.findall(r"^ +(canbo|chutich|quantri) +(\S{8,}) ", station.words, re.MULTILINE)
    assert {name for name, _ in passwords} == {"canbo", "chutich", "quantri"}
    assert len({password for _, password in passwords}) == 3


def test_the_demo_commune_has_three_nodes_and_marks_the_weak_links(station: RunningStation) -> None:
    found = nodes(station)
    assert len(found) == 3
    assert any(node["weak_link"] for node in found)


def test_an_announcement_is_typed_approved_played_and_proven(station: RunningStation) -> None:
    announcement = approved(station, LEVY.read_text(encoding="utf-8"))
    assert not re.search(r"[0-9%/@]", announcement["script"])
    broadcast = played(station, announcement)
    seconds = announcement["clip"]["seconds"]
    assert broadcast["status"] == "completed", broadcast
    assert len(broadcast["deliveries"]) == 3
    for delivery in broadcast["deliveries"]:
        assert delivery["status"] == "played"
        assert delivery["started_at"]
        assert delivery["played_seconds"] == pytest.approx(seconds, abs=0.1)
        assert not delivery["error"]


def test_what_a_node_played_is_the_clip_whole_and_once(station: RunningStation) -> None:
    text = "Kính mời bà con thôn Lủng Pảng đến nhà văn hóa họp vào 19h30 tối thứ Bảy."
    announcement = approved(station, text, title="Mời họp")
    clip = sound.read(fetch(station, announcement["clip"]["url"]))
    broadcast = played(station, announcement)
    assert broadcast["status"] == "completed"
    for node in nodes(station):
        files = sorted((station.data_dir / "nodes" / node["id"]).rglob(f"*{broadcast['id']}*.wav"))
        assert len(files) == 1, files
        recording = sound.read(files[0])
        heard = sound.find(recording, clip)
        assert heard.correlation > 0.95
        assert heard.copies == 1
        assert len(recording) / sound.RATE == pytest.approx(len(clip) / sound.RATE, abs=0.2)
        assert -35 < sound.level_db(recording) < -5


@pytest.mark.parametrize("path", ANNOUNCEMENTS, ids=lambda path: path.stem)
def test_each_real_announcement_becomes_words_and_a_clip(station: RunningStation, path: Path) -> None:
    announcement = written(station, path.read_text(encoding="utf-8"), title=path.stem)
    assert not re.search(r"[0-9%/@°²<>&]", announcement["script"])
    words = len(announcement["script"].split())
    assert 0.15 < announcement["clip"]["seconds"] / words < 0.8
    assert announcement["clip"]["size_bytes"] * 60 / announcement["clip"]["seconds"] < 200_000


def test_nobody_approves_their_own_and_an_edit_voids_the_approval(station: RunningStation) -> None:
    announcement = approved(station, "Ngày mai thôn ta dọn vệ sinh đường làng.", title="Vệ sinh")
    path = f"/announcements/{announcement['id']}"
    change = {"revision": announcement["revision"], "text": "Ngày kia thôn ta dọn vệ sinh đường làng."}
    edited = station.ask("PATCH", path, change, by="canbo")
    assert (edited.status, edited.body["status"]) == (200, "draft"), edited.body
    assert station.ask("POST", "/broadcasts", {"announcement": announcement["id"]}, by="chutich").status == 409
    until(lambda: station.ask("GET", path, by="canbo").body["clip"], what="the new clip")
    assert station.ask("POST", f"{path}/submit", by="canbo").status == 200
    assert station.ask("POST", f"{path}/approve", by="canbo").status == 403


def test_a_second_start_continues_with_the_same_data(tmp_path: Path) -> None:
    with running(without_ready_texts(tmp_path / "var")) as first:
        made = written(first, "Bản tin còn lại sau khi khởi động lại.", title="Còn lại")
        port, environ = first.port, first.environ
        assert first.stop() == 0
    with running(tmp_path / "var", environ) as second:
        assert second.port == port
        assert second.words.count("canbo") == 1
        second.tokens = first.tokens
        again = second.ask("GET", f"/announcements/{made['id']}", by="canbo")
        assert (again.status, again.body["script"]) == (200, made["script"])


def test_without_mosquitto_the_embedded_broker_carries_the_same_day(tmp_path: Path) -> None:
    data_dir = without_ready_texts(tmp_path / "var")
    with running(data_dir, settings(data_dir, LOA_BROKER__KIND="embedded")) as station:
        assert "broker nhúng" in station.words
        until(lambda: all(node["online"] for node in nodes(station)), what="three nodes online")
        broadcast = played(station, approved(station, "Mời bà con ra họp lúc 19h."))
        assert [delivery["status"] for delivery in broadcast["deliveries"]] == ["played"] * 3
