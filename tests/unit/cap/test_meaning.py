"""How an alert is classed, and what of it is said."""

import pytest

from broadcaster.cap import meaning, reading
from broadcaster.protocol.values import BroadcastClass
from tests.rig.alerts.warnings import AREA, INFO, document

VIETNAMESE = INFO.format(area=AREA)
ENGLISH = VIETNAMESE.replace("vi-VN", "en-US").replace("CẢNH BÁO LŨ QUÉT", "FLASH FLOOD WARNING")


def first(**more: str) -> object:
    return reading.read(document(**more)).infos[0]


@pytest.mark.parametrize(
    ("severity", "urgency", "certainty", "expected"),
    [
        ("Extreme", "Immediate", "Observed", BroadcastClass.EMERGENCY),
        ("Severe", "Immediate", "Likely", BroadcastClass.EMERGENCY),
        ("Extreme", "Future", "Possible", BroadcastClass.PRIORITY),
        ("Severe", "Expected", "Possible", BroadcastClass.PRIORITY),
        ("Moderate", "Expected", "Likely", BroadcastClass.PRIORITY),
        ("Minor", "Immediate", "Observed", BroadcastClass.ROUTINE),
        ("Extreme", "Immediate", "Unlikely", BroadcastClass.ROUTINE),
        ("Extreme", "Past", "Observed", None),
        ("Unknown", "Unknown", "Unknown", BroadcastClass.ROUTINE),
    ],
)
def test_the_class_follows_from_severity_urgency_and_certainty(
    severity: str, urgency: str, certainty: str, expected: BroadcastClass | None
) -> None:
    infos = VIETNAMESE.replace("Extreme", severity).replace("Immediate", urgency).replace("Observed", certainty)
    assert meaning.class_of(reading.read(document(infos=infos)).infos[0]) is expected


def test_every_combination_of_the_standard_has_a_class_or_says_that_it_has_none() -> None:
    for severity in ("Extreme", "Severe", "Moderate", "Minor", "Unknown"):
        for urgency in ("Immediate", "Expected", "Future", "Past", "Unknown"):
            for certainty in ("Observed", "Likely", "Possible", "Unlikely", "Unknown"):
                infos = VIETNAMESE.replace("Extreme", severity).replace("Immediate", urgency)
                found = meaning.class_of(reading.read(document(infos=infos.replace("Observed", certainty))).infos[0])
                assert (found is None) is (urgency == "Past")


def test_vietnamese_comes_first_and_links_and_stars_are_not_said() -> None:
    alert = reading.read(document(infos=ENGLISH + VIETNAMESE))
    said = meaning.words_of(meaning.infos_to_say(alert))
    assert said == "CẢNH BÁO LŨ QUÉT. Mưa rất to trên suối Nà Cọ, nước lên nhanh. Xem. Bà con rời khỏi ven suối ngay."
    assert [info.language for info in meaning.infos_to_say(reading.read(document(infos=ENGLISH)))] == ["en-US"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("*** TIN LŨ ***\nMực nước 5,2 m\nđang lên.", "TIN LŨ. Mực nước 5,2 m đang lên."),
        ("Xem www.example.org/a?b=c hoặc hỏi kttv@example.org nhé!", "Xem hoặc hỏi nhé!"),
        ("<b>Gió</b> giật cấp 10...mưa to", "Gió giật cấp 10. mưa to"),
        ("=====\n-----", ""),
        ("", ""),
    ],
)
def test_ornament_is_left_out(written: str, said: str) -> None:
    assert meaning.spoken(written) == said


def test_a_very_long_text_ends_with_a_whole_sentence() -> None:
    infos = VIETNAMESE.replace("Bà con rời khỏi ven suối ngay.", "Bà con đi ngay. " * 400)
    said = meaning.words_of(list(reading.read(document(infos=infos)).infos))
    assert len(said) <= meaning.LONGEST_WORDS
    assert said.endswith("Bà con đi ngay.")


@pytest.mark.parametrize(
    ("more", "meant"),
    [
        ({}, True),
        ({"status": "Exercise"}, True),
        ({"status": "Test"}, False),
        ({"status": "System"}, False),
        ({"status": "Draft"}, False),
        ({"message_type": "Ack", "references": "a@b,X,2026-11-30T19:00:00+07:00"}, False),
        ({"message_type": "Cancel", "references": "a@b,X,2026-11-30T19:00:00+07:00"}, True),
    ],
)
def test_only_what_is_meant_for_people_is_for_people(more: dict[str, str], meant: bool) -> None:
    assert meaning.is_meant_for_people(reading.read(document(**more))) is meant


def test_an_all_clear_is_known_by_its_type_or_by_what_it_advises() -> None:
    referring = "a@b,X,2026-11-30T19:00:00+07:00"
    assert meaning.is_all_clear(reading.read(document(message_type="Cancel", references=referring)))
    clear = VIETNAMESE.replace("<urgency>", "<responseType>AllClear</responseType><urgency>")
    assert meaning.is_all_clear(reading.read(document(infos=clear)))
    assert not meaning.is_all_clear(reading.read(document()))
