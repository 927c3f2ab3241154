"""Enveloped XML signatures (W3C XMLDSig, as CAP 1.2 §3.3.4 asks): checked against one pinned certificate, and made."""

from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from lxml import etree
from signxml.exceptions import InvalidInput, SignXMLException
from signxml.signer import XMLSigner
from signxml.verifier import SignatureConfiguration, XMLVerifier

from broadcaster.errors import Invalid

_ENVELOPED_AT_THE_ROOT = SignatureConfiguration(require_x509=True, location="./", expect_references=1)


def check_certificate(pem: str) -> x509.Certificate:
    """One certificate. Raises Invalid."""
    try:
        return x509.load_pem_x509_certificate(pem.encode("ascii"))
    except ValueError as error:
        raise Invalid("cap.certificate_malformed", field="certificate") from error


def signed_part(document: bytes, certificate: str, *, now_at: datetime | None = None) -> bytes:
    """The part that the certificate's key signed, and nothing around it; the signature itself is not in it.

    The signature stands directly in the document's root and covers the whole root: an old message moved inside another
    one is refused. Raises Invalid.
    """
    pinned = check_certificate(certificate)
    if now_at is not None and not pinned.not_valid_before_utc <= now_at <= pinned.not_valid_after_utc:
        raise Invalid("cap.certificate_expired", field="certificate")
    root = etree.fromstring(document, _parser())
    if len(root.findall(".//{http://www.w3.org/2000/09/xmldsig#}Signature")) != 1:
        raise Invalid("cap.unsigned")
    try:
        found = XMLVerifier().verify(root, x509_cert=pinned, expect_config=_ENVELOPED_AT_THE_ROOT)
    except (SignXMLException, InvalidInput, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Invalid("cap.signature_wrong") from error
    signed: Any = found[0].signed_xml if isinstance(found, list) else found.signed_xml
    if signed is None or signed.tag != root.tag:
        raise Invalid("cap.signature_wrong")
    covered = bytes(etree.tostring(signed))
    if _bare(etree.fromstring(document, _parser())) != _bare(etree.fromstring(covered, _parser())):
        raise Invalid("cap.signature_wrong")  # it covers something within, not the document
    return covered


def sign(
    document: bytes, *, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, certificate: x509.Certificate
) -> bytes:
    """The document with an enveloped signature as the last element of its root."""
    signer: Any = XMLSigner(
        c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#",
        signature_algorithm="ecdsa-sha256" if isinstance(key, ec.EllipticCurvePrivateKey) else "rsa-sha256",
    )
    signed = signer.sign(etree.fromstring(document, _parser()), key=key, cert=[certificate])
    return bytes(etree.tostring(signed, xml_declaration=True, encoding="UTF-8"))


def _parser() -> Any:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _bare(root: Any) -> bytes:
    """The document without its signature, in one form."""
    for signature in root.findall("{http://www.w3.org/2000/09/xmldsig#}Signature"):
        tail = signature.tail or ""
        before = signature.getprevious()
        root.remove(signature)
        if before is not None:
            before.tail = (before.tail or "") + tail
    return bytes(etree.tostring(root, method="c14n2", strip_text=True))
