"""Which addresses may be asked: of the open internet, of listed networks, and nowhere a playlist must not lead."""

import pytest

from broadcaster.errors import Invalid
from broadcaster.relays import addresses
from broadcaster.relays.troubles import StreamTrouble


@pytest.mark.parametrize(
    "url",
    [
        "http://str.vov.gov.vn/vov1",
        "https://str.vov.gov.vn:8443/live/playlist.m3u8?token=a%20b",
        "http://[2001:4860:4860::8888]:8000/nghe.mp3",
    ],
)
def test_an_address_of_http_is_taken_as_it_is(url: str) -> None:
    assert addresses.checked(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "str.vov.gov.vn/vov1",
        "file:///etc/passwd",
        "ftp://str.vov.gov.vn/a.mp3",
        "rtsp://str.vov.gov.vn/a",
        "concat:http://a/b|file:/etc/passwd",
        "http://",
        "http:///vov1",
        "http://ten:mat@str.vov.gov.vn/",
        "http://str.vov.gov.vn:0/",
        "http://str.vov.gov.vn:99999/",
        "http://str.vov.gov.vn/a b",
        "http://str.vov.gov.vn/\r\nHost: x",
        "http://str.vov.gov.vn\\@127.0.0.1/",
        "http://đài.vn/",
        "http://[::1/",
        "http://a.vn/" + "x" * 400,
    ],
)
def test_anything_else_is_refused_with_its_field(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        addresses.checked(url)
    assert refused.value.field == "addresses"


PRIVATE = [
    "127.0.0.1",
    "10.0.0.8",
    "172.16.9.1",
    "192.168.1.20",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.251",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:192.168.1.20",
    "64:ff9b::a00:8",
    "2002:7f00:1::",
    "::127.0.0.1",
    "no address",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_of_the_open_internet_is_not_asked(address: str) -> None:
    assert not addresses.may_be_asked(address, ())


def test_public_addresses_and_listed_networks_are_asked() -> None:
    assert addresses.may_be_asked("203.162.0.11", ())
    assert addresses.may_be_asked("2001:4860:4860::8888", ())
    assert addresses.may_be_asked("192.168.1.20", ("192.168.1.20",))
    assert addresses.may_be_asked("10.3.4.5", ("10.0.0.0/8", "fd00::/8"))
    assert addresses.may_be_asked("::ffff:10.3.4.5", ("10.0.0.0/8",))
    assert not addresses.may_be_asked("192.168.1.21", ("192.168.1.20",))


@pytest.mark.parametrize("target", ["a/b.ts", "/other.ts", "http://A.vn/c.ts", "https://a.vn:444/c.ts", "?x=1"])
def test_a_playlist_may_lead_on_over_its_own_host(target: str) -> None:
    assert addresses.host_of(addresses.led_to("http://a.vn/live/list.m3u8", target, hosts=())) == "a.vn"


def test_a_playlist_may_lead_to_listed_hosts_and_nowhere_else() -> None:
    for target in ("http://cdn.b.vn/x.ts", "//cdn.b.vn/x.ts"):
        assert addresses.led_to("http://a.vn/l.m3u8", target, hosts=("*.b.vn",)).endswith("cdn.b.vn/x.ts")
    for target, code in (
        ("http://b.vn/x.ts", "relay.leads_elsewhere"),
        ("http://evilb.vn/x.ts", "relay.leads_elsewhere"),
        ("http://127.0.0.1/x.ts", "relay.leads_elsewhere"),
        ("file:///etc/passwd", "relay.leads_nowhere"),
        ("data:audio/mpeg;base64,AA", "relay.leads_nowhere"),
    ):
        with pytest.raises(StreamTrouble) as refused:
            addresses.led_to("http://a.vn/l.m3u8", target, hosts=("*.b.vn",))
        assert refused.value.reason.code == code
