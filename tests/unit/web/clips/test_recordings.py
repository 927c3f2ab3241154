"""What an officer is told about a recording: its length before and after, and whatever is unusual about it."""

from dataclasses import asdict, replace

import pytest

from broadcaster.audio.recording.found import Found
from broadcaster.station.schema import Announcement, Clip
from tests.unit.web.commune import Commune

pytestmark = pytest.mark.integration
USUAL = Found(
    container="mp3",
    codec="mp3float",
    stated_ms=61_000,
    decoded_ms=61_040,
    recordings=1,
    tracks=1,
    packets=2_300,
    broken_packets=0,
)


@pytest.fixture
def made(commune: Commune) -> str:
    made = commune.write()
    commune.make_clips()
    return made


def page(commune: Commune, made: str, found: Found) -> str:
    with commune.database.session() as s:
        clip = s.get_one(Clip, s.get_one(Announcement, made).clip_sha256)
        clip.recorded, clip.engine = asdict(found), "upload"
    return commune.browser().get(f"/announcements/{made}/sound").text


def test_the_length_before_and_after_stands_on_the_page(commune: Commune, made: str) -> None:
    stated = page(commune, made, USUAL)
    assert "Tệp ghi dài 1 phút 01 giây · giải nén được 1 phút 01 giây · tệp phát 21 giây" in stated
    assert "notice" not in stated
    assert "Tệp không ghi độ dài" in page(commune, made, replace(USUAL, stated_ms=None))


@pytest.mark.parametrize(
    ("found", "remark"),
    [
        (replace(USUAL, stated_ms=30_000), "Tệp ghi dài 30 giây nhưng thật ra dài 1 phút 01 giây; loa phát trọn."),
        (replace(USUAL, stated_ms=120_000), "nhưng chỉ có 1 phút 01 giây tiếng"),
        (replace(USUAL, broken_packets=200), "Tệp có chỗ hỏng"),
        (replace(USUAL, recordings=2), "Tệp gồm 2 bản ghi nối nhau"),
        (replace(USUAL, tracks=3), "Tệp có 3 phần tiếng"),
        (replace(USUAL, overdriven=0.2), "Tiếng thu bị vỡ vì quá to"),
        (replace(USUAL, longest_gap_ms=25_000), "Giữa bản ghi có 25 giây không có tiếng"),
    ],
)
def test_what_is_unusual_is_said(commune: Commune, made: str, found: Found, remark: str) -> None:
    assert remark in page(commune, made, found)


def test_a_program_is_told_the_same(commune: Commune, made: str) -> None:
    page(commune, made, replace(USUAL, stated_ms=30_000))
    stated = commune.app.test_client().get(f"/api/v1/announcements/{made}", headers=commune.token()).json
    assert stated["clip"]["recorded"] == {
        "container": "mp3",
        "codec": "mp3float",
        "stated_seconds": 30.0,
        "seconds": 61.04,
        "recordings": 1,
        "tracks": 1,
        "broken": 0.0,
    }
