"""Which names the console takes for its own."""

import socket

import pytest

from broadcaster.config import WebSettings, load
from broadcaster.errors import Invalid
from web.shell.hosts import LOOKED_AGAIN_SECONDS, Hosts, configured_names, own_names

CONFIGURED = WebSettings(
    host="192.0.2.7", public_url="https://loa.conminh.vn/", allowed_hosts=("Loa.Lan", "*.backan.vn", "FD00:0::7")
)


def hosts(settings: WebSettings = CONFIGURED, *, own: frozenset[str] = frozenset()) -> Hosts:
    return Hosts(configured_names(settings), lambda: own)


@pytest.mark.parametrize(
    "host",
    [
        "localhost:8080",
        "127.0.0.1",
        "127.8.8.8:1",
        "[::1]:8080",
        "192.0.2.7:8080",
        "loa.conminh.vn",
        "LOA.conminh.vn.",
        "loa.lan:80",
        "xa.backan.vn",
        "[fd00::7]",
    ],
)
def test_loopback_and_what_the_settings_name_are_always_ours(host: str) -> None:
    assert hosts().allows(host)


@pytest.mark.parametrize(
    "host", ["", "backan.vn", "evilbackan.vn", "conminh.vn", "192.0.2.8", "a@localhost", "[::1", "x:y"]
)
def test_any_other_name_is_a_strangers(host: str) -> None:
    assert not hosts().allows(host)


def test_a_newcomer_gets_in_by_this_machines_own_addresses_and_names() -> None:
    """Every address that something could be listened on here."""
    machine = Hosts(configured_names(WebSettings(host="0.0.0.0")), own_names)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # a datagram socket sends nothing by this
        except OSError:
            pytest.skip("this machine has no route to anywhere")
        address = probe.getsockname()[0]
    assert machine.allows(f"{address}:8080")
    assert machine.allows(socket.gethostname())
    assert machine.allows(f"{socket.gethostname()}.local:8080")


def test_where_it_listens_everywhere_everywhere_is_no_name() -> None:
    assert not hosts(WebSettings(host="0.0.0.0")).allows("0.0.0.0")


def test_a_new_address_is_found_and_strangers_do_not_make_it_look_each_time() -> None:
    looked, now = [], [0.0]

    def own() -> frozenset[str]:
        looked.append(1)
        return frozenset({"192.168.1.9"} if len(looked) > 1 else ())

    ours = Hosts(frozenset(), own, lambda: now[0])
    assert not ours.allows("192.168.1.9")
    assert not ours.allows("evil.example")
    assert len(looked) == 1
    now[0] = LOOKED_AGAIN_SECONDS
    assert ours.allows("192.168.1.9")


@pytest.mark.parametrize("typed", ["[http://loa.vn]", "['loa.vn:80']", "['*']", "['a b']", "loa.vn"])
def test_a_setting_that_is_no_list_of_names_is_refused_by_name(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        load(environ={"LOA_WEB__ALLOWED_HOSTS": typed})
    assert refusal.value.field == "web.allowed_hosts" or (refusal.value.field or "").startswith("web.allowed_hosts[")
