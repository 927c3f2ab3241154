"""What the machine listener made out: beside the sound before approval, and for residents who cannot hear."""

import pytest

from broadcaster.protocol.values import DeliveryState
from broadcaster.speech.listener.marks import WordMark
from broadcaster.station.hearings import hearings
from broadcaster.station.schema import Announcement, Clip
from tests.unit.web.commune import Commune
from tests.unit.web.residents.test_pages import anybody, ordered, tell

pytestmark = pytest.mark.integration
NINE = WordMark(at=3, word="chín", figure=True, before="họp lúc", after="giờ", nats=8.1)


def proven(commune: Commune, made: str, *marks: WordMark, mean_nats: float = 1.0) -> None:
    """The listener heard the clip of this announcement."""
    with commune.database.session() as s:
        sha256 = s.get_one(Announcement, made).clip_sha256 or ""
        assert hearings.take(s, listener="w", now_at=commune.clock())
        hearings.proven(s, sha256, words=5, mean_nats=mean_nats, marks=marks, now_at=commune.clock())


def written(commune: Commune, made: str, text: str) -> None:
    """The listener wrote down the recording of this announcement."""
    with commune.database.session() as s:
        sha256 = s.get_one(Announcement, made).clip_sha256 or ""
        s.get_one(Clip, sha256).engine = "upload"
        s.flush()
        assert hearings.take(s, listener="w", now_at=commune.clock())
        hearings.written(s, sha256, text=text, now_at=commune.clock())


def test_words_not_made_out_stand_beside_the_sound_for_officer_and_approver(commune: Commune) -> None:
    made = commune.write()
    commune.make_clips()
    assert "Máy nghe thử" not in commune.browser().get(f"/announcements/{made}").text
    proven(commune, made, NINE, mean_nats=3.4)
    for person in ("canbo", "chutich"):
        page = commune.browser(person).get(f"/announcements/{made}").text
        assert "Máy nghe thử: 1 tiếng nên nghe lại" in page
        assert "<strong>chín</strong> giờ" in page
        assert "Máy nghe giọng đọc này kém" in page
    assert "<strong>chín</strong>" in commune.browser().get(f"/announcements/{made}/heard").text


def test_that_every_word_was_made_out_is_said_too(commune: Commune) -> None:
    made = commune.write()
    commune.make_clips()
    proven(commune, made)
    assert "nhận ra mọi tiếng" in commune.browser().get(f"/announcements/{made}").text


def test_a_program_reads_the_same(commune: Commune) -> None:
    made = commune.write()
    commune.make_clips()
    api, headers = commune.app.test_client(), commune.token()
    assert api.get(f"/api/v1/announcements/{made}", headers=headers).json["heard"] is None
    proven(commune, made, NINE)
    assert api.get(f"/api/v1/announcements/{made}", headers=headers).json["heard"] == {
        "words": 5,
        "unheard": [{"word": "chín", "figure": True, "before": "họp lúc", "after": "giờ"}],
        "transcript": None,
    }


def test_residents_read_what_the_machine_wrote_of_a_recording_and_that_it_did(commune: Commune) -> None:
    made = commune.approved()
    broadcast = ordered(commune, made=made)
    tell(commune, broadcast, DeliveryState.PLAYED)
    assert "Máy tự nghe" not in anybody(commune).get(f"/tin/{broadcast}").text
    written(commune, made, "mời bà con <đi họp>")
    commune.clock.move(seconds=6)
    page = anybody(commune).get(f"/tin/{broadcast}").text
    assert "Máy tự nghe và ghi lại, chưa ai kiểm tra, có thể sai:" in page
    assert "mời bà con &lt;đi họp&gt;" in page
    staff = commune.browser().get(f"/broadcasts/{broadcast}").text
    assert "Máy tự nghe và ghi lại, chưa ai kiểm tra, có thể sai:" in staff
    assert "Máy ghi lại bản ghi âm" in commune.browser().get(f"/announcements/{made}").text
