"""What stands behind the question mark of a page's address, as typed by anybody."""

from urllib.parse import urlencode

from flask import request

LAST_PAGE = 1_000_000


def asked_page() -> int:
    """The page of a list, from 1; the first when nonsense was asked."""
    return min(max(1, request.args.get("page", 1, int)), LAST_PAGE)


def asked_words(name: str = "q") -> str:
    """Words to look for; without the one character no database takes."""
    return request.args.get(name, "").replace("\x00", "").strip()[:200]


def asked_again(path: str, **changes: object) -> str:
    """``path`` asked for as this page was, with some arguments changed; what was typed never steers the routing."""
    return f"{path}?{urlencode(request.args.to_dict() | {name: str(each) for name, each in changes.items()})}"
