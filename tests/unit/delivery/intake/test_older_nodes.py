"""A node of before says in sentences what nodes today say in codes; the station stores codes."""

import re
from datetime import UTC, datetime

import pytest

from broadcaster.delivery.intake.older_nodes import receipts_of_today, status_of_today
from broadcaster.protocol.reasons import CardCause, ReasonCode, TroubleCode
from broadcaster.protocol.receipts import Receipt, Receipts
from broadcaster.protocol.status import NodeHealth, NodeStatus, Trouble
from broadcaster.protocol.values import DeliveryState

AT = datetime(2026, 11, 21, 10, tzinfo=UTC)


def _coded(reason: str, **facts: str | int) -> tuple[str, dict[str, str | int]]:
    said = Receipt(
        receipt="receipt-1",
        broadcast="broadcast-1",
        state=DeliveryState.FAILED,
        at=AT,
        sequence=1,
        reason=reason,
        facts=facts,
    )
    (found,) = receipts_of_today(Receipts(node="lung-pang", receipts=(said,))).receipts
    return found.reason, found.facts


def _status(**change: object) -> NodeStatus:
    return NodeStatus(node="lung-pang", connection=1, online=True, **change)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sentence", "code", "facts"),
    [
        ("Nhường chỗ cho bản tin khẩn cấp.", ReasonCode.EMERGENCY_FIRST, {}),
        ("Cụm loa mất điện hoặc khởi động lại khi đang phát.", ReasonCode.NODE_RESTARTED, {}),
        (
            "Thiết bị âm thanh hw:1 không phát được: No such device. Hãy kiểm tra dây và card.",
            ReasonCode.DEVICE_FAILED,
            {"device": "hw:1", "error": "No such device"},
        ),
        (
            "Máy thiếu thư viện giải mã âm thanh libsndfile. Hãy cài gói libsndfile1.",
            ReasonCode.SOUND_LIBRARY_MISSING,
            {"library": "libsndfile", "package": "libsndfile1"},
        ),
    ],
)
def test_a_sentence_of_a_receipt_becomes_its_code_and_facts(sentence: str, code: str, facts: dict[str, str]) -> None:
    assert _coded(sentence) == (code, facts)


@pytest.mark.parametrize("reason", ["", "eaten_by_a_buffalo", "Trâu ăn mất dây loa.", "no such sentence"])
def test_what_is_in_no_table_is_kept_as_it_was_said(reason: str) -> None:
    assert _coded(reason, count=2) == (reason, {"count": 2})


def test_troubles_of_a_status_become_codes_and_what_is_unknown_stays() -> None:
    said = _status(
        trouble=(
            "Thẻ nhớ không ghi được sổ phát: thẻ đã đầy. Cụm loa vẫn phát nhưng cần thay thẻ nhớ.",
            "Tạm dừng tải 3 tệp phát vì tải nhiều lần không được.",
            "Trâu ăn mất dây loa.",
        ),
        health=NodeHealth(
            storage_fault="Thẻ nhớ không ghi được agenda.jws: thẻ chỉ còn đọc được. Hãy kiểm tra thẻ nhớ."
        ),
    )
    found = status_of_today(said)
    assert found.troubles == (
        Trouble(code=TroubleCode.LEDGER_NOT_WRITTEN, facts={"cause": CardCause.FULL}),
        Trouble(code=TroubleCode.DOWNLOADS_PAUSED, facts={"count": 3}),
    )
    assert found.trouble == ("Trâu ăn mất dây loa.",)
    assert found.health.storage_fault == TroubleCode.FILE_NOT_WRITTEN


def test_a_status_of_today_passes_as_it_is() -> None:
    said = _status(troubles=(Trouble(code="month_spent"),), health=NodeHealth(storage_fault="card_almost_full"))
    assert status_of_today(said) is said


def test_every_reason_that_nodes_told_in_sentences_has_one_in_the_table() -> None:
    from broadcaster.delivery.intake import older_nodes

    stated = {code for code, _ in older_nodes._patterns("receipt")}
    assert stated == set(ReasonCode) - {ReasonCode.LIVE_NOT_RECEIVED}  # codes came before live sound
    assert {code for code, _ in older_nodes._patterns("trouble")} <= set(TroubleCode)
    assert {code for code, _ in older_nodes._patterns("cause")} == set(CardCause)


def test_no_sentence_of_the_table_is_taken_for_another() -> None:
    from broadcaster.delivery.intake import older_nodes

    for kind in ("receipt", "trouble"):
        for code, pattern in older_nodes._patterns(kind):
            plain = re.sub(r"\\(.)", r"\1", re.sub(r"\(\?P<\w+>\.\+\)", "7", pattern.pattern))
            found = older_nodes._coded(kind, plain)
            assert found is not None
            assert found[0] == code
