"""The step of ``loa setup`` that asks by whose certificate the console is known."""

import argparse

from broadcaster.certificates import first_certificates
from broadcaster.certificates.first_certificates import CertificateKind
from broadcaster.commands.context import CommandContext
from broadcaster.commands.installing.answers import answer
from broadcaster.station.upkeep import first_setup

ANSWERS = ("certificate", "key", "public_url")
_QUESTION = "Chứng chỉ của bàn điều khiển: 1 của chính đài, 2 hai tệp do nơi khác cấp, 3 của máy chủ đứng trước (Caddy)"
_KINDS = {"1": CertificateKind.OWN, "2": CertificateKind.FILES, "3": CertificateKind.SERVER}


def add_options(made: argparse.ArgumentParser) -> None:
    """What answers beforehand."""
    made.add_argument("--certificate", metavar="TỆP", help="chứng chỉ riêng của bàn điều khiển (PEM); cần cả --key")
    made.add_argument("--key", metavar="TỆP", help="khóa của chứng chỉ ấy (PEM)")
    made.add_argument("--public-url", metavar="URL", help="máy chủ đứng trước, như Caddy, có chứng chỉ: https://…")


def take(context: CommandContext, arguments: argparse.Namespace) -> None:
    """Nothing given: the station's own authority."""
    kind = _kind(arguments)
    certificate = key = public_url = ""
    if kind is CertificateKind.FILES:
        certificate = answer(arguments.certificate, "  tệp chứng chỉ (PEM)", default="")
        key = answer(arguments.key, "  tệp khóa (PEM)", default="")
    elif kind is CertificateKind.SERVER:
        public_url = answer(arguments.public_url, "  địa chỉ công khai (https://…)")
    choice = first_certificates.checked(kind, certificate=certificate, key=key, public_url=public_url)
    with context.database.session() as s:
        first_setup.keep_certificates(s, choice)


def _kind(arguments: argparse.Namespace) -> CertificateKind:
    if arguments.public_url:
        return CertificateKind.SERVER
    if arguments.certificate or arguments.key:
        return CertificateKind.FILES
    return _KINDS.get(answer(None, _QUESTION, default="1"), CertificateKind.OWN)
