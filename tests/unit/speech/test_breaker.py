from broadcaster.refusals.reasons import Reason
from broadcaster.speech.breaker import LONGEST_REST_SECONDS, CircuitBreaker

BROKEN = Reason("fake.broken")


class Clock:
    """Moves only when told."""

    now_seconds = 0.0

    def __call__(self) -> float:
        return self.now_seconds


def breaker(clock: Clock) -> CircuitBreaker:
    return CircuitBreaker(failures=2, rest_seconds=60, clock=clock)


def test_one_failure_is_forgiven() -> None:
    each = breaker(Clock())
    each.failed(BROKEN)
    assert each.refusal() is None


def test_a_success_forgets_the_failures_before_it() -> None:
    each = breaker(Clock())
    each.failed(BROKEN)
    each.succeeded()
    each.failed(BROKEN)
    assert each.refusal() is None


def test_it_opens_with_the_last_reason_and_closes_after_its_rest() -> None:
    clock = Clock()
    each = breaker(clock)
    each.failed(BROKEN)
    each.failed(Reason("fake.again"))
    assert each.refusal() == Reason("fake.again")
    clock.now_seconds = 60.0
    assert each.refusal() is None


def test_a_trial_that_fails_doubles_the_rest_up_to_an_hour() -> None:
    clock = Clock()
    each = breaker(clock)
    each.failed(BROKEN, at_once=True)
    rests = []
    for _ in range(10):
        started = clock.now_seconds
        while each.refusal():
            clock.now_seconds += 30
        rests.append(clock.now_seconds - started)
        each.failed(BROKEN)
    assert rests[:3] == [60, 120, 240]
    assert rests[-1] == LONGEST_REST_SECONDS
