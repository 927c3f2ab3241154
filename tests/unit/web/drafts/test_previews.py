"""What will be heard, sentence by sentence, while it is still being written."""

import unicodedata
from pathlib import Path

import pytest

from broadcaster.refusals.reasons import Reason
from broadcaster.rendering import RenderedClip
from broadcaster.station.clips import clips, station_clips, voices
from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration


def test_a_pasted_decomposed_text_is_read_like_any_other(commune: Commune) -> None:
    browser = commune.browser()
    shown = send(browser, "/preview", {"text": unicodedata.normalize("NFD", "Họp lúc 19h tại nhà văn hóa.")}).text
    assert "Họp lúc mười chín giờ tại nhà văn hóa." in shown


def test_a_sentence_is_made_once_and_then_heard(commune: Commune) -> None:
    browser = commune.browser()
    words = {"sentence": "Họp lúc mười chín giờ."}
    assert 'data-sentence="Họp lúc mười chín giờ."' in send(browser, "/preview", {"text": "Họp lúc 19h."}).text
    assert send(browser, "/preview/sentence", words).json == {"clip": None, "error": None}
    assert send(browser, "/preview/sentence", words).json == {"clip": None, "error": None}
    with commune.database.session() as s:
        row = station_clips.QUEUE.claim(s, worker="test", now_at=commune.clock())
        assert row is not None
        assert row.text == words["sentence"]
        made = RenderedClip(Path("nowhere.ogg"), "5e" * 32, 9_000, 2_000, "espeak", None, -16.0)
        station_clips.QUEUE.finish(s, key=row.plan_hash, clip=clips.record(s, made, row.plan_hash, commune.clock()))
    assert send(browser, "/preview/sentence", words).json == {"clip": f"/clips/{'5e' * 32}.ogg", "error": None}


def test_a_sentence_is_said_by_the_voice_that_was_chosen(commune: Commune) -> None:
    browser, words = commune.browser(), {"sentence": "Một câu.", "voice": "espeak@south"}
    send(browser, "/preview/sentence", words)
    with commune.database.session() as s:
        row = station_clips.QUEUE.claim(s, worker="test", now_at=commune.clock())
        assert row is not None
        assert station_clips.plan_of(s, row).voice == voices.voice_of(s, "espeak@south")
        made = RenderedClip(Path("nowhere.ogg"), "5e" * 32, 9_000, 2_000, "espeak", None, -16.0)
        station_clips.QUEUE.finish(s, key=row.plan_hash, clip=clips.record(s, made, row.plan_hash, commune.clock()))
    assert send(browser, "/preview/sentence", words).json["clip"] == f"/clips/{'5e' * 32}.ogg"
    assert send(browser, "/preview/sentence", {**words, "voice": "auto"}).json == {"clip": None, "error": None}
    assert send(browser, "/preview/sentence", {**words, "voice": "<b>"}).status_code == 422


def test_why_a_sentence_cannot_be_heard_is_said(commune: Commune) -> None:
    browser, words = commune.browser(), {"sentence": "Một câu."}
    send(browser, "/preview/sentence", words)
    with commune.database.session() as s:
        row = station_clips.QUEUE.claim(s, worker="test", now_at=commune.clock())
        assert row is not None
        station_clips.QUEUE.fail(s, key=row.plan_hash, error=Reason("speech.no_engine"))
    assert send(browser, "/preview/sentence", words).json == {"clip": None, "error": "Chưa cài giọng đọc nào."}


def test_only_who_may_write_has_sentences_made_and_none_without_end(commune: Commune) -> None:
    assert send(commune.browser("khach"), "/preview/sentence", {"sentence": "Một."}).status_code == 403
    for words in ("", " ", "a" * 1001):
        assert send(commune.browser(), "/preview/sentence", {"sentence": words}).status_code == 422


def test_every_place_is_offered_once_under_its_commune(commune: Commune) -> None:
    page = commune.browser().get("/announcements/new").text
    for zone in ("con-minh", "lung-pang", "lung-vai", "ban-cuon"):
        assert page.count(f'name="zones" value="{zone}"') == 1
    assert page.index('value="con-minh"') < page.index('value="lung-pang"')
