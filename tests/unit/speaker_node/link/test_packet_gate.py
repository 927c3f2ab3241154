"""A flood of live packets does not reach the node's loop."""

from speaker_node.link.packet_gate import MOST_A_SECOND, PacketGate


def test_what_comes_faster_than_any_session_is_dropped_and_counted() -> None:
    gate = PacketGate()
    admitted = [gate.admits(5.0 + number / 1000) for number in range(500)]
    assert (sum(admitted), gate.dropped) == (MOST_A_SECOND, 500 - MOST_A_SECOND)
    assert gate.admits(7.0)


def test_a_session_passes_whole() -> None:
    gate = PacketGate()
    assert all(gate.admits(number * 0.4) for number in range(1000))
