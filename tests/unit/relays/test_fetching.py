"""One request: checked where it connects, redirects too, within limits of time and bytes."""

from collections.abc import Iterator

import pytest

from broadcaster.relays.fetching import opened
from broadcaster.relays.troubles import StreamTrouble
from tests.doubles.radio import Radio, plays, radio, redirects, shoutcast
from tests.unit.relays.pulling import reach


@pytest.fixture
def station() -> Iterator[Radio]:
    with radio() as made:
        yield made


def code(url: str, **within: object) -> str:
    with pytest.raises(StreamTrouble) as refused:
        _read(url, **within)
    return refused.value.reason.code


def _read(url: str, **within: object) -> None:
    with opened(url, reach(**within)) as answer:  # type: ignore[arg-type]
        while answer.read():
            pass


def test_an_answer_is_read_to_its_end(station: Radio) -> None:
    station.answers["/a"] = plays(b"x" * 50_000, "audio/mpeg; charset=x")
    with opened(station.url("/a"), reach()) as answer:
        assert answer.kind == "audio/mpeg"
        assert b"".join(iter(answer.read, b"")) == b"x" * 50_000


def test_an_old_server_that_says_icy_is_understood(station: Radio) -> None:
    station.answers["/a"] = shoutcast(b"y" * 1000)
    with opened(station.url("/a"), reach()) as answer:
        assert (answer.kind, b"".join(iter(answer.read, b""))) == ("audio/mpeg", b"y" * 1000)


def test_redirects_are_followed_and_end_when_they_go_on_for_ever(station: Radio) -> None:
    station.answers |= {"/a": redirects("/b", 307), "/b": redirects("c"), "/c": plays(b"z")}
    with opened(station.url("/a"), reach()) as answer:
        assert answer.url == station.url("/c")
    station.answers["/round"] = redirects("/round")
    assert code(station.url("/round")) == "relay.redirects_for_ever"
    assert station.asked.count("/round") <= 6


def test_no_private_address_is_asked_by_name_by_redirect_or_after_the_name_changed(station: Radio) -> None:
    port = station.url("").rsplit(":", 1)[1]
    station.answers["/inside"] = redirects(f"http://inside.vn:{port}/secret")
    station.answers["/secret"] = plays(b"secret")
    found = {"inside.vn": ["10.1.2.3"], "127.0.0.1": ["127.0.0.1"], "localhost": ["::1", "127.0.0.1"]}
    resolve = found.__getitem__
    inside = {"resolve": lambda host, _port: resolve(host)}
    assert code(station.url("/secret"), private_networks=()) == "relay.private_address"
    assert code(station.url("/inside"), **inside) == "relay.private_address"
    assert (
        code(f"http://localhost:{port}/secret", private_networks=("10.0.0.0/8",), **inside) == "relay.private_address"
    )
    assert "/secret" not in station.asked


@pytest.mark.parametrize("target", ["file:///etc/passwd", "gopher://a/", "", "http://a:b@127.0.0.1/"])
def test_a_redirect_to_no_address_of_http_is_refused(station: Radio, target: str) -> None:
    station.answers["/a"] = redirects(target)
    assert code(station.url("/a")) == "relay.leads_nowhere"


def test_refusals_strangers_and_limits_are_said_by_their_codes(station: Radio) -> None:
    station.answers["/much"] = plays(b"x" * 200_000)
    assert code(station.url("/nothing")) == "relay.refused"
    assert code(station.url("/much"), most_bytes=100_000) == "relay.too_many_bytes"
    assert code(station.url("/much"), seconds=-1) == "relay.out_of_time"
    assert code("http://127.0.0.1:9/") == "relay.silent_host"
    assert code(station.url("/much").replace("http:", "https:")) in ("relay.not_trusted", "relay.silent_host")


def test_a_name_nobody_knows_is_said(station: Radio) -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise OSError("no such name")

    assert code("http://khong.vn/", resolve=unknown) == "relay.unknown_host"
