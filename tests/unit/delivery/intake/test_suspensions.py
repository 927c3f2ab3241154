"""Who floods the broker is shut out for a while, and comes back."""

from broadcaster.delivery.intake.suspensions import EXCESS, SUSPENDED_SECONDS, WINDOW_SECONDS, Suspensions


def test_a_flood_shuts_out_its_sender_alone_and_for_a_while() -> None:
    now, excess = [0.0], {"flood": 0, "busy": 0}
    suspensions = Suspensions(lambda: excess, lambda: now[0])
    assert suspensions.now() == frozenset()
    now[0] += WINDOW_SECONDS
    excess |= {"flood": EXCESS, "busy": EXCESS - 1}
    assert suspensions.now() == {"flood"}
    now[0] += SUSPENDED_SECONDS - 1
    assert suspensions.now() == {"flood"}
    now[0] += 1
    assert suspensions.now() == frozenset()


def test_a_slow_drip_of_excess_shuts_out_nobody() -> None:
    now, excess = [0.0], {"busy": 0}
    suspensions = Suspensions(lambda: excess, lambda: now[0])
    for _ in range(5):
        now[0] += WINDOW_SECONDS
        excess["busy"] += EXCESS // 2
        assert suspensions.now() == frozenset()
