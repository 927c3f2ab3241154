"""Who has to go when too many stand, and who took too long."""

from dataclasses import dataclass

from web.serving import channels
from web.serving.channels import Channel, longest_for_nothing


@dataclass
class Standing:
    """What the choice looks at in a connection."""

    address: str
    merit: tuple[bool, float]
    dispensable: bool = True

    @property
    def addr(self) -> tuple[str, int]:
        return self.address, 1


def test_the_oldest_that_never_asked_goes_first() -> None:
    old, young = Standing("a", (False, 1.0)), Standing("a", (False, 2.0))
    regular = Standing("a", (True, 0.0))
    assert longest_for_nothing([young, regular, old], 2) == [old, young]


def test_the_address_with_the_most_connections_gives_way() -> None:
    strangers = [Standing("stranger", (False, 10.0 + number)) for number in range(3)]
    officer = Standing("officer", (False, 1.0))
    assert longest_for_nothing([officer, *strangers], 3) == strangers


def test_nobody_who_is_being_answered_goes() -> None:
    assert longest_for_nothing([Standing("a", (False, 1.0), dispensable=False)], 5) == []


def channel(**state: object) -> Channel:
    """A connection of the moment 0."""
    made = Channel.__new__(Channel)
    plain = {"requests": [], "will_close": False, "close_when_flushed": False, "total_outbufs_len": 0, "request": None}
    for name, value in {**plain, "creation_time": 0.0, "last_activity": 0.0, **state}.items():
        setattr(made, name, value)
    return made


@dataclass
class Request:
    headers_finished: bool


def test_who_says_nothing_and_who_never_ends_the_head_is_late() -> None:
    late = channels.HEAD_SECONDS + 1
    assert channel().is_late(late)
    assert not channel().is_late(late - 2)
    assert channel(request=Request(headers_finished=False), _began_at=0.0).is_late(late)
    assert not channel(asked=True).is_late(late)


def test_a_body_over_a_weak_link_is_waited_for_and_a_drip_is_not() -> None:
    minute = 60.0
    weak = channel(request=Request(headers_finished=True), _began_at=0.0, _read_bytes=8_000 * 60)
    drip = channel(request=Request(headers_finished=True), _began_at=0.0, _read_bytes=120)
    assert not weak.is_late(minute)
    assert drip.is_late(minute)


def test_who_waits_for_an_answer_is_never_late() -> None:
    assert not channel(requests=["one"]).is_late(1e9)
