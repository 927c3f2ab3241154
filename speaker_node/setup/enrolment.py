"""``loa node enrol CODE``: fetch the bundle from the station, from no other, once."""

import hmac
import os
import ssl
from http.client import HTTPException, HTTPSConnection
from pathlib import Path

from broadcaster.protocol.codec import decode
from broadcaster.protocol.enrolment import AUTHORITY_PATH, PATH, EnrolmentCode, NodeBundle, fingerprint
from broadcaster.protocol.errors import ProtocolError
from speaker_node.errors import EnrolmentRefused
from speaker_node.setup.pinned_tls import pinned_context, unproven_context

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
    """The encoded bundle. The secret is sent only to a server whose certificate is by the authority the code names.

    Raises EnrolmentRefused.
    """
    status, pem = _ask(code, unproven_context(), "GET", AUTHORITY_PATH)
    try:
        shown = ssl.PEM_cert_to_DER_cert(pem.decode("ascii").strip())
        context = pinned_context(pem.decode("ascii"))
    except ValueError:  # an SSLError is one too
        raise EnrolmentRefused("enrolment.not_the_station") from None
    if status != 200 or not hmac.compare_digest(fingerprint(shown), code.fingerprint):
        raise EnrolmentRefused("enrolment.not_the_station")
    status, content = _ask(code, context, "POST", PATH, code.secret.encode())
    if status != 200:
        raise EnrolmentRefused("enrolment.code_spent")
    return content


def _ask(
    code: EnrolmentCode, context: ssl.SSLContext, method: str, path: str, body: bytes | None = None
) -> tuple[int, bytes]:
    connection = HTTPSConnection(code.host, code.port, timeout=TIMEOUT_SECONDS, context=context)
    try:
        connection.request(method, path, body=body)
        answer = connection.getresponse()
        return answer.status, answer.read(NodeBundle.LIMIT_BYTES + 1)
    except ssl.SSLCertVerificationError:
        raise EnrolmentRefused("enrolment.not_the_station") from None
    except (OSError, HTTPException) as error:
        raise EnrolmentRefused("enrolment.no_connection", host=code.host, port=code.port, error=error) from None
    finally:
        connection.close()
