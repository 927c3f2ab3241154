"""TLS with one authority pinned, for a machine that may have no time of day yet."""

import ssl

NO_CHECK_TIME = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME, which ``ssl`` has no name for."""


class _TidySocket(ssl.SSLSocket):
    """paho leaves a socket open whose handshake failed."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


def pinned_context(authority_pem: str) -> ssl.SSLContext:
    """For connections to servers whose certificate is by this authority, and for the name they are reached by.

    Dates are not looked at: a board boots in 1970 and learns the time over this very connection. Whoever could use a
    certificate that is over has the authority's own machine. Raises ssl.SSLError for what is no certificate.
    """
    context = ssl.create_default_context(cadata=authority_pem)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = _TidySocket
    context.verify_flags |= ssl.VerifyFlags(NO_CHECK_TIME)
    return context


def unproven_context() -> ssl.SSLContext:
    """For asking what is public and proves itself, such as an authority's certificate by its fingerprint."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
