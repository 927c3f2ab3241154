"""Guards around an answer from the network: its status, its length, its speed, what the failure means."""

import requests
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as ReadTimeout

from broadcaster.errors import LoaError
from broadcaster.speech.deadline import Deadline
from broadcaster.speech.errors import EngineUnavailable

LARGEST_ANSWER_BYTES = 4_000_000
NETWORK_FAULTS = (requests.exceptions.RequestException, HTTPError)

_LEAVE_ALONE = (401, 403, 429)


class AnswerRefused(LoaError):
    """The answer is no use, but the next may be."""


def check_status(status: int) -> None:
    """Raises ``EngineUnavailable`` when the server wants to be left alone, ``AnswerRefused`` for any other failure."""
    if status in _LEAVE_ALONE:
        raise EngineUnavailable("online_voice.refusing", status=status)
    if status != 200:
        raise AnswerRefused("online_answer.status", status=status)


def whole_body(answer: requests.Response, *, deadline: Deadline) -> bytes:
    """Read as it comes: waiting for a full buffer would let a server that drips bytes outlast every limit."""
    received = bytearray()
    while piece := answer.raw.read1(16_384, decode_content=True):
        received += piece
        if deadline.passed:
            raise AnswerRefused("online_answer.too_slow")
        if len(received) > LARGEST_ANSWER_BYTES:
            raise AnswerRefused("online_answer.too_long")
    return bytes(received)


def network_fault(error: Exception) -> AnswerRefused:
    """What a person is told of a connection that failed."""
    late = isinstance(error, requests.exceptions.Timeout | ReadTimeout)
    return AnswerRefused("online_answer.no_reply" if late else "online_answer.cut_off")
