"""Sentences of reasons, in the reader's language."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from broadcaster.refusals.reasons import Reason
from broadcaster.refusals.sentences import sentence

NOON = datetime(2026, 11, 21, 10, 5, tzinfo=UTC)


def both(reason: Reason) -> tuple[str, str]:
    return sentence(reason, "vi"), sentence(reason, "en")


def test_a_refusal_is_told_in_each_language() -> None:
    vietnamese, english = both(Reason("node.revoked", node="Bản Cuôn"))
    assert vietnamese == "Cụm loa Bản Cuôn đã bị thu hồi. Hãy thêm cụm loa mới."
    assert english == "The node Bản Cuôn was revoked. Add a new node."


def test_numbers_are_grouped_as_the_language_does() -> None:
    vietnamese, english = both(Reason("announcement.text_too_long", length=12345, longest=10000))
    assert "12.345" in vietnamese
    assert "12,345" in english


def test_an_instant_is_told_in_the_readers_zone() -> None:
    reason = Reason("announcement.edited_meanwhile", person="Hoa", at=NOON)
    assert both(reason) == (
        "Bản tin vừa được Hoa sửa lúc 17:05 ngày 21/11/2026. Hãy xem bản mới rồi sửa lại phần của mình.",
        "Hoa changed the announcement at 17:05 on 21/11/2026. See the new version, then make your change again.",
    )
    assert "06:05" in sentence(reason, zone=timezone(timedelta(hours=-4)))


def test_days_and_times_of_day_are_told_shortly() -> None:
    reason = Reason("slot.plays_then_on", at=time(5), on=date(2026, 11, 21))
    assert sentence(reason, "en") == "This slot plays at 05:00 on 21/11/2026 already. Choose another time."


def test_lists_and_reasons_inside_a_reason_are_told_in_the_same_language() -> None:
    assert "a, b" in sentence(Reason("chime.not_found", chime="x", known=("a", "b")))
    inner = Reason("clip.gone")
    assert both(Reason("api.field_wrong", name="text", cause=inner)) == (
        f"Trường “text” không đúng: {sentence(inner)}. Hãy xem kiểu dữ liệu trong openapi.json.",
        sentence(Reason("api.field_wrong", name="text", cause=sentence(inner, "en")), "en"),
    )


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_a_newer_program_says_is_shown_by_its_code(language: str) -> None:
    assert sentence(Reason("pole.melted", degrees=900), language) == "pole.melted degrees=900"


def test_a_missing_fact_does_not_hide_the_rest() -> None:
    assert sentence(Reason("node.revoked"), "en") == "The node ? was revoked. Add a new node."


def test_braces_in_facts_are_only_text() -> None:
    assert "{x}" in sentence(Reason("node.revoked", node="{x}"))


def test_another_language_reads_vietnamese() -> None:
    assert sentence(Reason("script.empty"), "fr") == sentence(Reason("script.empty"), "vi")
