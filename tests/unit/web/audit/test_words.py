"""The words of the audit trail."""

from web.audit.words import ACTS, KINDS


def test_every_act_belongs_to_a_kind() -> None:
    assert {code.partition(".")[0] for code in ACTS} <= set(KINDS) | {"broadcasts"}
