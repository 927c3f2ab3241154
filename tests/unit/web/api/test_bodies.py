"""Bodies stand by one convention: each room's in its own ``bodies.py``, under a name that no other body has."""

from collections.abc import Iterator

import web.rooms  # noqa: F401 - so that every body is known
from web.api.bodies import Answer, Request


def bodies(kind: type) -> Iterator[type]:
    for each in kind.__subclasses__():
        yield each
        yield from bodies(each)


ALL = {*bodies(Answer), *bodies(Request)}


def test_every_body_stands_in_the_bodies_of_its_room() -> None:
    assert len(ALL) > 60
    assert [each for each in ALL if not each.__module__.endswith("bodies")] == []


def test_no_two_bodies_share_a_name() -> None:
    names = [each.__name__ for each in ALL]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_every_body_says_what_it_is() -> None:
    assert [each.__name__ for each in ALL if not (each.__doc__ or "").strip()] == []
