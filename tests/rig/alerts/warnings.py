"""Warnings as a weather service writes them: CAP 1.2 documents and a key to sign them with."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from broadcaster.cap import signatures

AREA = """<area><areaDesc>Xã Côn Minh, tỉnh Thái Nguyên</areaDesc>
<polygon>22.00,105.80 22.00,106.10 22.30,106.10 22.30,105.80 22.00,105.80</polygon></area>"""
INFO = """<info><language>vi-VN</language><category>Met</category><event>Lũ quét</event>
<urgency>Immediate</urgency><severity>Extreme</severity><certainty>Observed</certainty>
<expires>2026-12-01T05:00:00+07:00</expires><senderName>Đài Khí tượng Thủy văn</senderName>
<headline>CẢNH BÁO LŨ QUÉT</headline>
<description>*** Mưa rất to trên suối Nà Cọ, nước lên nhanh. Xem https://example.org/lu ***</description>
<instruction>Bà con rời khỏi ven suối ngay.</instruction>{area}</info>"""


def document(
    *,
    identifier: str = "VN-2026-1130-01",
    sender: str = "kttv@example.org",
    sent: str = "2026-11-30T20:00:00+07:00",
    status: str = "Actual",
    message_type: str = "Alert",
    scope: str = "Public",
    references: str = "",
    infos: str | None = None,
    area: str = AREA,
) -> bytes:
    """A valid warning of a flash flood, but for what is said otherwise."""
    said = INFO.format(area=area) if infos is None else infos
    referring = f"<references>{references}</references>" if references else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{identifier}</identifier><sender>{sender}</sender>
<sent>{sent}</sent><status>{status}</status><msgType>{message_type}</msgType><scope>{scope}</scope>{referring}{said}
</alert>""".encode()


@dataclass
class Signer:
    """An elliptic key with a certificate of its own."""

    name: str = "Đài Khí tượng Thủy văn"
    lasts_days: int = 3650

    @cached_property
    def key(self) -> ec.EllipticCurvePrivateKey:
        return ec.generate_private_key(ec.SECP256R1())

    @cached_property
    def certificate(self) -> x509.Certificate:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])
        begins = datetime(2026, 1, 1, tzinfo=UTC)
        made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(self.key.public_key())
        made = made.serial_number(x509.random_serial_number()).not_valid_before(begins)
        made = made.not_valid_after(begins + timedelta(days=self.lasts_days))
        return made.sign(self.key, hashes.SHA256())

    @cached_property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    def sign(self, unsigned: bytes) -> bytes:
        return signatures.sign(unsigned, key=self.key, certificate=self.certificate)
