"""``loa node enrol CODE``: fetch the bundle from the station, from no other, once."""

import hmac
import os
import ssl
from http.client import HTTPException, HTTPSConnection
from pathlib import Path

from broadcaster.protocol.codec import decode
from broadcaster.protocol.enrolment import PATH, EnrolmentCode, NodeBundle, fingerprint
from broadcaster.protocol.errors import ProtocolError
from speaker_node.errors import EnrolmentRefused

TIMEOUT_SECONDS = 30.0


def enrol(code: str, output: Path) -> NodeBundle:
    """Write the bundle, readable by the owner alone. Raises EnrolmentRefused or OSError; a file there is kept."""
    try:
        parsed = EnrolmentCode.parse(code)
    except ProtocolError:
        raise EnrolmentRefused("enrolment.code_malformed") from None
    handle = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # before the code is spent
    try:
        content = fetch(parsed)
        bundle = decode(NodeBundle, content)
        with os.fdopen(os.dup(handle), "wb") as file:
            file.write(content)
            os.fsync(file.fileno())
    except ProtocolError as error:
        output.unlink()
        raise EnrolmentRefused("enrolment.answer_malformed", error=error) from None
    except (EnrolmentRefused, OSError):
        output.unlink()
        raise
    finally:
        os.close(handle)
    return bundle


def fetch(code: EnrolmentCode) -> bytes:
    """The encoded bundle. The secret is sent only to the server whose fingerprint the code names.

    Raises EnrolmentRefused.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False  # the fingerprint below says more, and needs no time of day
    context.verify_mode = ssl.CERT_NONE
    connection = HTTPSConnection(code.host, code.port, timeout=TIMEOUT_SECONDS, context=context)
    try:
        connection.connect()
        _check_identity(connection, code)
        connection.request("POST", PATH, body=code.secret.encode())
        answer = connection.getresponse()
        content = answer.read(NodeBundle.LIMIT_BYTES + 1)
    except (OSError, HTTPException) as error:
        raise EnrolmentRefused("enrolment.no_connection", host=code.host, port=code.port, error=error) from None
    finally:
        connection.close()
    if answer.status != 200:
        raise EnrolmentRefused("enrolment.code_spent")
    return content


def _check_identity(connection: HTTPSConnection, code: EnrolmentCode) -> None:
    shown: bytes = connection.sock.getpeercert(binary_form=True) or b""
    if not hmac.compare_digest(fingerprint(shown), code.fingerprint):
        raise EnrolmentRefused("enrolment.not_the_station")
