"""The step where it is chosen by whose certificate the console is known; in force with the address."""

from flask import request
from sqlalchemy.orm import Session

from broadcaster.certificates import first_certificates
from broadcaster.certificates.first_certificates import CertificateKind
from broadcaster.station.upkeep import first_setup
from web.translations.languages import gettext as _

FILE = "loa-authority.crt"


def choose(s: Session) -> None:
    """The station's own, a pair of files, or that of a server in front."""
    form = request.form
    choice = first_certificates.checked(
        form.get("kind", ""),
        certificate=form.get("tls.certificate", ""),
        key=form.get("tls.key", ""),
        public_url=form.get("public_url", ""),
    )
    first_setup.keep_certificates(s, choice)


def facts() -> dict[str, object]:
    """What the page of this step shows."""
    kinds = [
        (CertificateKind.OWN, _("Của chính đài (dùng trong mạng của xã)")),
        (CertificateKind.FILES, _("Hai tệp chứng chỉ do nơi khác cấp")),
        (CertificateKind.SERVER, _("Của máy chủ đứng trước (ví dụ Caddy) với tên công khai")),
    ]
    return {"kinds": kinds}
