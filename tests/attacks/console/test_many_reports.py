"""Three hundred residents report within a minute, and an alarm is ordered as if nobody did."""

import re
import threading
from urllib.parse import urlencode

import pytest

from broadcaster.station.schema import Feedback
from tests.attacks.console.many_requests import ConsoleAddress, asked, console
from tests.attacks.console.ready import orders_are_answered, ready_text
from tests.unit.web.commune import HAMLETS, Commune
from web.feedback import genuine
from web.feedback.limits import FeedbackLimits, MessageAllowance

pytestmark = [pytest.mark.integration, pytest.mark.limit(120)]
RESIDENTS, AT_ONCE = 300, 10
NODES = ("loa-lung-pang", "loa-lung-vai", "loa-ban-cuon")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_three_hundred_reports_in_a_minute_keep_no_alarm_waiting(commune: Commune) -> None:
    assert len(NODES) == len(HAMLETS)
    ready = ready_text(commune)
    tokens = commune.token("canbo"), commune.token("chutich")
    each_from_elsewhere = MessageAllowance(RESIDENTS, 600.0)  # here all of them have one address
    commune.app.extensions["loa_feedback_limits"] = FeedbackLimits(address=each_from_elsewhere)
    with console(commune) as at:
        stamps = {node: stamp(at, node) for node in NODES}
        commune.clock.move(seconds=genuine.LEAST_SECONDS + 1)
        answers: list[int] = []
        senders = [threading.Thread(target=report, args=(at, stamps, first, answers)) for first in range(AT_ONCE)]
        for each in senders:
            each.start()
        rounds = 0
        while any(each.is_alive() for each in senders) or not rounds:
            orders_are_answered(commune, at, ready, tokens)
            rounds += 1
    assert len(answers) == RESIDENTS
    assert set(answers) <= {303, 429, 503}, "each is taken, or told what to do instead"
    with commune.database.reading() as s:
        assert s.query(Feedback).count() == answers.count(303) >= 100


def stamp(at: ConsoleAddress, node: str) -> str:
    found = re.search(r'name="stamp" value="([^"]+)"', asked(at, "GET", f"/loa/{node}", headers={})[1])
    assert found
    return found[1]


def report(at: ConsoleAddress, stamps: dict[str, str], first: int, answers: list[int]) -> None:
    for number in range(first, RESIDENTS, AT_ONCE):
        node = NODES[number % len(NODES)]
        said = {"stamp": stamps[node], "problem": "not_heard", "text": f"Nhà số {number} không nghe thấy gì."}
        answers.append(asked(at, "POST", f"/loa/{node}", headers=FORM, body=urlencode(said))[0])
