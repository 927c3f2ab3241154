"""Who has waited longest at the listener goes first; who belongs inside is never kept out by those who wait."""

from broadcaster.delivery.broker import admission
from broadcaster.delivery.broker.admission import Admission, AdmissionLimits, BrokerClient, network_of


class Street:
    """An admission, and everybody who was sent away from it."""

    def __init__(self, **limits: int) -> None:
        self.now = 100.0
        self.gone: list[str] = []
        bounds = {"waiting": 3, "of_address": 2, "admitted": 2, "of_name": 1} | limits
        self.admission = Admission(AdmissionLimits(**bounds), lambda: self.now)

    def arrive(self, who: str, address: str) -> BrokerClient:
        return self.admission.arrive(address, lambda: self.gone.append(who))


def test_another_stranger_sends_away_the_one_that_has_waited_longest() -> None:
    street = Street(of_address=9)
    for who in "abcd":
        street.arrive(who, "10.0.0.1")
    assert street.gone == ["a"]


def test_one_address_sends_away_its_own_first() -> None:
    street = Street()
    street.arrive("other", "10.0.0.2")
    for who in "abc":
        street.arrive(who, "10.0.0.1")
    assert street.gone == ["a"]


def test_who_was_let_in_waits_no_more() -> None:
    street = Street(waiting=1)
    node = street.arrive("node", "10.0.0.1")
    assert street.admission.admit(node, "na-ca")
    street.arrive("stranger", "10.0.0.2")
    assert street.gone == []


def test_inside_one_name_has_its_places_and_takes_no_others() -> None:
    street = Street()
    first, second, other = (street.arrive(who, "10.0.0.1") for who in ("first", "second", "other"))
    assert street.admission.admit(second, "na-ca")
    assert street.admission.admit(other, "na-ca")
    assert street.gone == ["first", "second"]
    assert first.name == ""
    assert street.admission.admit(street.arrive("ang-hin", "10.0.0.2"), "ang-hin")


def test_inside_there_is_an_end_of_places_until_somebody_leaves() -> None:
    street = Street()
    inside = [street.arrive(who, f"10.0.0.{number}") for number, who in enumerate("ab")]
    assert all(street.admission.admit(each, f"name-{number}") for number, each in enumerate(inside))
    late = street.arrive("late", "10.0.0.9")
    assert not street.admission.admit(late, "late")
    street.admission.leave(inside[0])
    assert street.admission.admit(late, "late")


def test_it_counts_as_crowded_for_a_while() -> None:
    street = Street(waiting=1)
    assert not street.admission.crowded
    street.arrive("a", "10.0.0.1")
    street.arrive("b", "10.0.0.2")
    assert street.admission.crowded
    street.now += admission.CROWDED_SECONDS
    assert not street.admission.crowded


def test_the_addresses_of_one_subscriber_are_one() -> None:
    assert network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9") != network_of("2001:db8:1:3::1")
    assert network_of("::ffff:10.0.0.1") == network_of("10.0.0.1")
    assert network_of("fe80::1%eth0") == network_of("fe80::2%eth0")
