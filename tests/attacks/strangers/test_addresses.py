"""A link to the console carries where to go next; whoever writes it must not lead anybody away."""

import re

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from web.shell.logins import local_path

console = Flask("console")
console.add_url_rule("/", endpoint="home.show")
NASTY = st.text(alphabet="/\\\t\n\r\f\v\0 .:@?#aevil\u00a0\u2028\u3000\uff0f", max_size=12)


def as_a_browser_reads(address: str) -> str:
    """WHATWG URL, section 4.4: the ends trimmed, tabs and line breaks dropped, a backslash is a slash."""
    trimmed = address.strip("".join(map(chr, range(0x21))))
    return re.sub(r"[\t\n\r]", "", trimmed).replace("\\", "/")


def followed(target: str) -> str:
    with console.test_request_context():
        return local_path(target)


@given(st.one_of(NASTY, st.text(max_size=30), NASTY.map(lambda rest: "/" + rest)))
def test_next_never_leads_away_whatever_is_typed_into_it(target: str) -> None:
    read = as_a_browser_reads(followed(target))
    assert read.startswith("/")
    assert not read.startswith("//")


@pytest.mark.parametrize(
    "target", ["/\t/evil.com", "/\n/evil.com", "/\r\n/evil.com", "/\\evil.com", "/a\\..\\/x", "/\0/e"]
)
def test_a_path_with_something_a_browser_drops_is_none_of_ours(target: str) -> None:
    assert followed(target) == "/"


@pytest.mark.parametrize("target", ["/nodes?x=1", "/log?q=h%E1%BB%8Dp", "/thon/lủng-pảng#a", "/a//b", "/"])
def test_paths_of_ours_are_followed(target: str) -> None:
    assert followed(target) == target
