"""The little of HTTP that a desk needs which takes one short POST and knows one path."""

import asyncio
from http import HTTPStatus

from broadcaster.protocol.enrolment import PATH

HEAD_BYTES = 4_096
"""The longest request line and headers."""
LONGEST_SECRET = 64
_END = b"\r\n\r\n"


async def secret_in(reader: asyncio.StreamReader) -> str:
    """The secret in a request; empty when it is no request for a bundle. Raises EOFError, ValueError for what never
    ends."""
    try:
        head = await reader.readuntil(_END)
    except asyncio.LimitOverrunError as error:
        raise ValueError("headers without an end") from error
    line, *headers = head.removesuffix(_END).decode("latin-1").split("\r\n")
    length = _length(headers)
    if line.split(" ")[:2] != ["POST", PATH] or not 0 < length <= LONGEST_SECRET:
        return ""
    return (await reader.readexactly(length)).decode("ascii", "replace")


def answer(bundle: bytes | None) -> bytes:
    """The bundle, or that there is none."""
    status = HTTPStatus.NOT_FOUND if bundle is None else HTTPStatus.OK
    body = bundle or b""
    head = f"HTTP/1.0 {status.value} {status.phrase}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + body


def _length(headers: list[str]) -> int:
    for header in headers:
        name, _, value = header.partition(":")
        if name.strip().lower() == "content-length" and value.strip().isdecimal():
            return int(value.strip()[:9])
    return 0
