"""Where people's channels may lead."""

import pytest

from broadcaster.notices.outside import AddressRule


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.1.9",
        "169.254.169.254",
        "172.16.0.1",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "not an address",
    ],
)
def test_addresses_of_private_networks_are_refused_however_they_are_written(address: str) -> None:
    assert not AddressRule().allows(address)


def test_what_the_operator_lists_is_allowed_and_nothing_beside_it() -> None:
    rule = AddressRule(("192.168.1.0/24",))
    assert rule.allows("192.168.1.9")
    assert not rule.allows("192.168.2.9")


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888"])
def test_the_rest_of_the_world_is_allowed(address: str) -> None:
    assert AddressRule().allows(address)
