"""Bản cập nhật: one person uploads, another starts, and the page shows how far each node is."""

import io

import pytest

from broadcaster.protocol.release import ReleaseReport, ReleaseState
from broadcaster.protocol.status import NodeStatus
from broadcaster.station.nodes import statuses
from broadcaster.station.people import people
from broadcaster.station.releases import progress, releases
from tests.unit.web.commune import MORNING, PASSWORD, Commune, send

pytestmark = pytest.mark.integration
NODE = "loa-lung-pang"
OWN = "loa_lang-0.3.0-py3-none-any.whl"


@pytest.fixture
def furnished(commune: Commune) -> Commune:
    with commune.database.session() as s:
        people.add_person(
            s,
            username="kythuatxa",
            full_name="Kỹ Thuật",
            password=PASSWORD,
            roles=[("con-minh", "technician")],
            by=None,
            now_at=MORNING,
        )
    say(commune, "0.2.0")
    return commune


def say(commune: Commune, software: str, **more: object) -> None:
    report = ReleaseReport(python="3.11", machine="aarch64", glibc="2.36", **more)  # type: ignore[arg-type]
    said = NodeStatus(node=NODE, connection=1, online=True, at=MORNING, software=software, release=report)
    with commune.database.session() as s:
        statuses.record(s, status=said, now_at=MORNING)
        progress.look(s, now_at=MORNING)


def upload(commune: Commune, *names: str, by: str = "kythuatxa") -> int:
    sent = [(io.BytesIO(name.encode()), name) for name in names]
    return send(commune.browser(by), "/releases", {"files": sent}).status_code


def release_id(commune: Commune) -> str:
    with commune.database.reading() as s:
        return releases.find(s, "0.3.0").id


def test_one_person_uploads_and_another_releases(furnished: Commune) -> None:
    assert upload(furnished, OWN, "msgspec-0.19.0-cp311-cp311-manylinux_2_17_aarch64.whl") == 302
    act = f"/releases/{release_id(furnished)}/start"
    first = {"canaries": NODE, "hours": "24"}
    assert "người khác phải phát hành" in furnished.browser("kythuatxa").get("/releases").text
    assert send(furnished.browser("kythuatxa"), act, first).status_code == 403
    assert send(furnished.browser("quantri"), act, first | {"hours": "x"}).status_code == 422
    assert send(furnished.browser("quantri"), act, {"hours": "24"}).status_code == 422
    assert send(furnished.browser("quantri"), act, first).status_code == 302
    say(furnished, "0.2.0", state=ReleaseState.FETCHING, program="0.3.0")
    assert "đang tải" in furnished.browser("canbo").get("/releases").text
    say(furnished, "0.2.0", state=ReleaseState.FAILED, program="0.3.0", failure="release_no_sound")
    page = furnished.browser("canbo").get("/releases").text
    assert "đã dừng vì lỗi" in page
    assert "không mở được thiết bị âm thanh" in page
    assert 'action="/releases' not in page


def test_mistakes_are_said_on_the_page_and_officers_upload_nothing(furnished: Commune) -> None:
    assert upload(furnished, "ghi-chu.txt") == 422
    assert upload(furnished) == 422
    assert upload(furnished, OWN, by="canbo") == 403
    assert upload(furnished, OWN) == 302
    assert upload(furnished, OWN) == 409


def test_the_same_goes_through_the_api(furnished: Commune) -> None:
    client = furnished.app.test_client()
    made = client.post(f"/api/v1/releases?name={OWN}", data=b"PK", headers=furnished.token("kythuatxa"))
    assert (made.status_code, made.json["stage"], made.json["files"]) == (201, "uploaded", [OWN])  # type: ignore[index]
    one = f"/api/v1/releases/{made.json['id']}"  # type: ignore[index]
    other = furnished.token("quantri")
    started = client.post(f"{one}/start", json={"canaries": [NODE], "hours": 0}, headers=other)
    assert started.json["stage"] == "canary"  # type: ignore[index]
    assert client.post(f"{one}/pause", headers=other).json["paused"]  # type: ignore[index]
    assert not client.post(f"{one}/resume", headers=other).json["paused"]  # type: ignore[index]
    assert client.post(f"{one}/withdraw", headers=other).json["stage"] == "withdrawn"  # type: ignore[index]
    assert client.get("/api/v1/releases", headers=furnished.token("khach")).json[0]["steps"] == []  # type: ignore[index]
