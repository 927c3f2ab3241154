"""The little of HTTP that a server needs which shows one certificate and takes one short POST."""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus

from broadcaster.protocol.enrolment import AUTHORITY_PATH, PATH

HEAD_BYTES = 4_096
"""The longest request line and headers."""
LONGEST_SECRET = 64
_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class EnrolmentRequest:
    """authority: whether the authority's certificate is asked for; secret: of a code, empty when no bundle is."""

    authority: bool = False
    secret: str = ""


async def read_request(reader: asyncio.StreamReader) -> EnrolmentRequest:
    """What is asked for; nothing for any other request. Raises EOFError, ValueError for what never ends."""
    try:
        head = await reader.readuntil(_END)
    except asyncio.LimitOverrunError as error:
        raise ValueError("headers without an end") from error
    line, *headers = head.removesuffix(_END).decode("latin-1").split("\r\n")
    if line.split(" ")[:2] == ["GET", AUTHORITY_PATH]:
        return EnrolmentRequest(authority=True)
    length = _length(headers)
    if line.split(" ")[:2] != ["POST", PATH] or not 0 < length <= LONGEST_SECRET:
        return EnrolmentRequest()
    return EnrolmentRequest(secret=(await reader.readexactly(length)).decode("ascii", "replace"))


def answer(content: bytes | None) -> bytes:
    """The content, or that there is none."""
    status = HTTPStatus.NOT_FOUND if content is None else HTTPStatus.OK
    body = content or b""
    head = f"HTTP/1.0 {status.value} {status.phrase}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + body


def _length(headers: list[str]) -> int:
    for header in headers:
        name, _, value = header.partition(":")
        if name.strip().lower() == "content-length" and value.strip().isdecimal():
            return int(value.strip()[:9])
    return 0
