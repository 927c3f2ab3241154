"""A broker of others is told of accounts beside everything else, again and again until it takes them."""

import threading
import time
from collections.abc import Callable, Collection, Mapping

from broadcaster.delivery.broker.access import BrokerAccess
from broadcaster.delivery.broker.cluster.book import AccountBook
from broadcaster.delivery.broker.cluster.tenancy import Tenancy
from broadcaster.delivery.broker.credentials import Credential
from broadcaster.delivery.broker.external import External
from broadcaster.errors import Unavailable

PATIENCE_SECONDS = 60.0


class Interface:
    """What a broker's interface was told; ``away`` it refuses."""

    def __init__(self) -> None:
        self.away = False
        self.tries = 0
        self.inside = {"con-minh.of-last-year"}
        self.lock = threading.Lock()

    def admit(self, new: Mapping[str, Credential]) -> None:
        self._answer()
        with self.lock:
            self.inside |= new.keys()

    def admitted(self) -> set[str]:
        self._answer()
        return set(self.inside)

    def cut_off(self, names: Collection[str]) -> None:
        self._answer()
        with self.lock:
            self.inside -= set(names)

    def _answer(self) -> None:
        self.tries += 1
        if self.away:
            raise Unavailable("broker.management_refused", url="http://there", cause="HTTP 503")


def node(name: str) -> Credential:
    return Credential(username=name, password_hash="$7$")


def eventually(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.005)


def external(interface: Interface) -> External:
    book = AccountBook(Tenancy("con-minh", "station", "con-minh."), "")
    return External(BrokerAccess(host="there", port=1883), book=book, management=interface)


def test_who_is_new_is_let_in_and_who_is_gone_cut_off_also_what_was_left_from_before() -> None:
    interface = Interface()
    broker = external(interface)
    broker.start()
    broker.apply([node("na-ca"), node("ang-hin")])
    eventually(lambda: interface.inside == {"con-minh.na-ca", "con-minh.ang-hin"})
    broker.apply([node("na-ca")])
    eventually(lambda: interface.inside == {"con-minh.na-ca"})
    broker.stop()


def test_a_broker_that_does_not_answer_keeps_nobody_waiting_and_is_told_later() -> None:
    interface = Interface()
    interface.away = True
    broker = external(interface)
    broker.start()
    broker.apply([node("na-ca")])
    eventually(lambda: broker.untold)
    interface.away = False
    eventually(lambda: interface.inside == {"con-minh.na-ca"} and not broker.untold)
    broker.stop()
