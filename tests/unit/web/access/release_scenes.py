"""Newer programs for the nodes in their states, with the buttons of their page."""

from __future__ import annotations

from broadcaster.protocol.release import ReleaseReport, ReleaseWave, ReleaseWheel
from broadcaster.protocol.status import NodeStatus
from broadcaster.station.nodes import statuses
from broadcaster.station.releases import releases
from broadcaster.station.schema import NodeRelease, ReleaseMember
from broadcaster.station.vocabulary.states import ReleaseStage
from tests.unit.web.access.scenes import Button, Scene, by
from tests.unit.web.commune import Commune


def release_scene(stage: str, uploader: str, *, paused: bool = False) -> Scene:
    """A newer program for the nodes; one node can take it."""

    def build(commune: Commune) -> list[Button]:
        now_at, file = commune.clock(), "loa_lang-0.3.0-py3-none-any.whl"
        report = ReleaseReport(python="3.11", machine="aarch64", glibc="2.36")
        said = NodeStatus(node="loa-lung-pang", connection=1, online=True, at=now_at, software="0.2.0", release=report)
        with commune.database.session() as s:
            statuses.record(s, status=said, now_at=now_at)
            release = NodeRelease(
                program="0.3.0",
                wheels=[{"name": file, "sha256": "ab" * 32, "size_bytes": 7}],
                uploaded_by_id=by(commune, s, uploader).id,
                uploaded_at=now_at,
                stage=ReleaseStage(stage),
                paused=paused,
                started_at=None if stage == "uploaded" else now_at,
            )
            s.add(release)
            s.flush()
            member = ReleaseMember(
                release_id=release.id, node_id="loa-lung-pang", wave=ReleaseWave.CANARY, given_at=now_at
            )
            s.add_all([] if stage == "uploaded" else [member])
            one, first = f"/releases/{release.id}", (("canaries", "loa-lung-pang"), ("hours", "24"))
        rest = [Button("/releases", f"{one}/{step}") for step in ("pause", "resume", "withdraw")]
        return [Button("/releases", f"{one}/start", first), *rest]

    return build


RELEASE_SCENES: dict[str, Scene] = {
    f"release {stage}{' paused' if paused else ''} of {uploader}": release_scene(stage, uploader, paused=paused)
    for stage, uploader, paused in (
        ("uploaded", "quantri", False),
        ("uploaded", "canbo", False),
        ("canary", "canbo", False),
        ("all", "quantri", True),
        ("stopped", "canbo", False),
        ("withdrawn", "canbo", False),
    )
}


def furnish_release(commune: Commune) -> dict[str, str]:
    """A release that nobody started yet."""
    file = ReleaseWheel(name="loa_lang-0.3.0-py3-none-any.whl", sha256="ab" * 32, size_bytes=7)
    with commune.database.session() as s:
        made = releases.add(s, files=[file], by=by(commune, s, "quantri"), now_at=commune.clock())
        return {"release_id": made.id}
