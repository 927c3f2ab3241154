"""Orders for newer programs: whose they are, and which files run where."""

import pytest

from broadcaster.protocol.agenda import Agenda
from broadcaster.protocol.codec import decode, encode
from broadcaster.protocol.errors import Malformed, Unsigned, WronglyAddressed
from broadcaster.protocol.release import (
    ReleaseReport,
    fits,
    is_newer,
    is_wheel,
    open_release,
    sign_release,
    wheel_version,
)
from broadcaster.protocol.signing import Audience, public_key, sign_agenda
from tests.rig.releases.programs import SEED, ReleaseWheel, order
from tests.unit.protocol import samples

AUDIENCE = Audience("xa", "loa-1", public_key(SEED))
WHEEL = ReleaseWheel(name="loa_lang-1.2-py3-none-any.whl", sha256="ab" * 32, size_bytes=7)
BOARD = ReleaseReport(python="3.11", machine="aarch64", glibc="2.36")


def test_an_order_is_opened_by_the_nodes_of_its_station_alone() -> None:
    release = order(program="1.2")
    whole = type(release)(
        station="xa", program="1.2", wheels=(WHEEL,), not_before_at=release.not_before_at, oldest="1.0"
    )
    token = sign_release(whole, SEED)
    assert open_release(token, AUDIENCE) == whole
    with pytest.raises(Unsigned):
        open_release(token, Audience("xa", "loa-1", public_key(bytes(32))))
    with pytest.raises(WronglyAddressed):
        open_release(token, Audience("xa-khac", "loa-1", AUDIENCE.key))
    with pytest.raises(Malformed):
        open_release(sign_release(release, SEED), AUDIENCE)


def test_an_agenda_is_no_order() -> None:
    with pytest.raises(Unsigned):
        open_release(sign_agenda(samples.agenda(), SEED).decode(), AUDIENCE)


def test_an_agenda_without_a_release_is_what_it_was_before() -> None:
    assert b"release" not in encode(samples.agenda())
    assert b"wheels" not in encode(samples.agenda())
    assert decode(Agenda, encode(samples.agenda(release="x", wheels=(samples.CLIP,)))).wheels == (samples.CLIP,)


@pytest.mark.parametrize(
    ("name", "runs"),
    [
        ("loa_lang-1.2-py3-none-any.whl", True),
        ("paho_mqtt-2.1.0-py2.py3-none-any.whl", True),
        ("msgspec-0.19.0-cp311-cp311-manylinux_2_17_aarch64.manylinux2014_aarch64.whl", True),
        ("msgspec-0.19.0-cp313-cp313-manylinux_2_17_aarch64.whl", False),
        ("PyNaCl-1.5.0-cp36-abi3-manylinux_2_17_aarch64.manylinux2014_aarch64.manylinux_2_24_aarch64.whl", True),
        ("PyNaCl-1.5.0-cp312-abi3-manylinux_2_17_aarch64.whl", False),
        ("PyNaCl-1.5.0-cp36-abi3-manylinux_2_17_x86_64.whl", False),
        ("PyNaCl-1.5.0-cp36-abi3-manylinux2014_aarch64.whl", True),
        ("cffi-1-cp311-cp311-manylinux_2_38_aarch64.whl", False),
        ("cffi-1-cp311-cp311-musllinux_1_2_aarch64.whl", False),
        ("cffi-1-cp311-cp311-win_amd64.whl", False),
        ("cffi-1.tar.gz", False),
    ],
)
def test_a_file_fits_by_its_name(name: str, runs: bool) -> None:
    assert fits(name, BOARD) is runs
    assert is_wheel(name) is name.endswith(".whl")


def test_versions_are_compared_by_their_numbers() -> None:
    assert is_newer("0.10", "0.9.3")
    assert not is_newer("0.9.3", "0.10")
    assert not is_newer("1.2", "1.2.0")
    assert is_newer("0.1", "source")
    assert not is_newer("source", "0.1")
    assert wheel_version("Loa_Lang-1.2-py3-none-any.whl") == ("loa-lang", "1.2")
    assert wheel_version("x.zip") == ("", "")
