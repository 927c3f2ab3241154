"""Reasons: codes with facts, in logs and in rows."""

import pickle
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from broadcaster.errors import Conflict, LoaError, NotFound, Unavailable
from broadcaster.refusals.reasons import Reason, decode, encode, word

EVERY_KIND = Reason(
    "programme.left_out",
    at=datetime(2026, 11, 21, 10, tzinfo=UTC),
    on=date(2026, 11, 21),
    clock=time(17, 30),
    count=3,
    share=0.5,
    names=("Bản Cuôn", "Nà Làng"),
    why=(Reason("announcement.not_approved", title="Họp thôn"), Reason("slot.empty")),
)


def test_a_reason_of_every_kind_of_fact_survives_a_row() -> None:
    assert decode(encode(EVERY_KIND)) == EVERY_KIND


@pytest.mark.parametrize("text", ["Cụm loa không báo đã phát.", "", "[1]", "{}", '{"code": 1, "facts": {}}', "null"])
def test_what_was_written_before_codes_is_kept_as_it_was_written(text: str) -> None:
    assert decode(text) == Reason("reason.as_written", words=text)


def test_a_log_line_tells_code_and_facts() -> None:
    reason = Reason("clip.failed", why=Reason("voice.unknown", voice="x"), count=2, names=["a", "b"])
    assert str(reason) == "clip.failed why=(voice.unknown voice='x') count=2 names=['a', 'b']"


def test_refusals_and_paths_become_plain_facts() -> None:
    reason = Reason("bundle.not_written", path=Path("a/b"), cause=NotFound("node.not_found", node="x"))
    assert reason.facts == {"path": "a/b", "cause": Reason("node.not_found", node="x")}


def test_a_refusal_of_a_known_reason_says_the_same() -> None:
    refusal = Unavailable.of(Reason("broker.port_taken", port=1883), field="broker.port")
    assert isinstance(refusal, Unavailable)
    assert (refusal.code, refusal.reason.facts, refusal.field) == ("broker.port_taken", {"port": 1883}, "broker.port")


def test_a_refusal_crosses_a_process() -> None:
    refusal = Conflict("node.revoked", field="node", node="Bản Cuôn")
    again: LoaError = pickle.loads(pickle.dumps(refusal))
    assert (again.reason, again.field) == (refusal.reason, "node")


def test_a_word_names_a_value_of_a_set() -> None:
    assert word("announcement", "draft") == Reason("announcement.draft")
