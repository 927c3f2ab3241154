"""TLS between two contexts, in memory: no socket, no thread."""

import ssl


def handshake(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> bytes:
    """The certificate that the server showed, in DER. Raises ssl.SSLError as the client does."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    asking = client.wrap_bio(to_client, to_server, server_hostname=name)
    answering = server.wrap_bio(to_server, to_client, server_side=True)
    for _round in range(10):
        done = [_step(each) for each in (asking, answering)]
        if all(done):
            return asking.getpeercert(binary_form=True) or b""
    raise AssertionError("the handshake did not end")


def _step(side: ssl.SSLObject) -> bool:
    try:
        side.do_handshake()
    except ssl.SSLWantReadError:
        return False
    return True
