"""Two nodes with a (virtual) sound card each play a real broadcast over a real broker, and a recorder listens."""

import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.integration.whole import sound
from tests.integration.whole.running_station import RunningStation, running, settings, until, without_ready_texts
from tests.rig import pulse

pytestmark = [pytest.mark.integration, pytest.mark.alone]
VIRTUAL_NODES = {"left": "Bản Cào", "right": "Áng Hin"}
TOGETHER_SECONDS = 0.02
"""What a listener between two horns does not notice; the figure to reach is measured in bench/step.py."""


@contextmanager
def virtual_nodes(station: RunningStation, server: pulse.Pulse) -> Iterator[None]:
    """One node process per sink, in the hamlets of NODES."""
    processes = []
    try:
        for sink, hamlet in VIRTUAL_NODES.items():
            folder = station.data_dir.parent / sink
            folder.mkdir()
            bundle = folder / "bundle.json"
            station.loa("nodes", "add", f"Cụm loa {hamlet}", "--unit", hamlet, "--id", sink, "--output", str(bundle))
            command = [
                "node",
                "--bundle",
                str(bundle),
                "--data",
                str(folder),
                "--sound",
                f"alsa:{sink}",
                "--trust-clock",
            ]
            processes.append(
                subprocess.Popen([sys.executable, "-m", "loa", *command], env=station.environ | server.environment)
            )
        yield
    finally:
        for process in processes:
            process.terminate()
        assert [process.wait(60) for process in processes] == [0] * len(processes)


def broadcast(station: RunningStation, text: str) -> tuple[dict[str, Any], bytes]:
    """Write, submit, approve and play now; the broadcast as it was ordered, and its clip."""
    body = {"title": "Thử hai cụm loa", "text": text, "zones": list(VIRTUAL_NODES.values()), "class": "priority"}
    answer = station.ask("POST", "/announcements", body, by="canbo")
    assert answer.status == 201, answer.body
    path = f"/announcements/{answer.body['id']}"
    clip = until(lambda: station.ask("GET", path, by="canbo").body["clip"], what="the clip")
    seal = {"content_hash": station.ask("POST", f"{path}/submit", by="canbo").body["content_hash"]}
    assert station.ask("POST", f"{path}/approve", seal, by="chutich").status == 200
    until(station.at_leisure, what="the station having nothing else to make")
    until(lambda: _clips_held(station), what="both nodes holding the clip")
    ordered = station.ask("POST", "/broadcasts", {"announcement": answer.body["id"]}, by="chutich")
    assert ordered.status == 201, ordered.body
    request = urllib.request.Request(
        f"http://127.0.0.1:{station.port}{clip['url']}", headers={"Authorization": f"Bearer {station.token('canbo')}"}
    )
    with urllib.request.urlopen(request, timeout=120) as content:
        return ordered.body, content.read()


def _clips_held(station: RunningStation) -> bool:
    nodes = [node for node in station.ask("GET", "/nodes", by="canbo").body if node["id"] in VIRTUAL_NODES]
    return all(node["online"] and node["agenda_number"] > 1 and not node["clips_missing"] for node in nodes)


def test_both_nodes_play_the_clip_whole_once_and_together(tmp_path: Path) -> None:
    if not pulse.installed():
        pytest.skip("PulseAudio and ALSA's bridge to it are not installed")
    data_dir = without_ready_texts(tmp_path / "var")
    with pulse.running(tmp_path / "pulse") as server, running(data_dir, settings(data_dir)) as station:
        with virtual_nodes(station, server):
            until(lambda: len(station.ask("GET", "/nodes", by="canbo").body) == 5, what="five nodes")
            recorder = server.recorder("pair", channels=2)
            ordered, clip = broadcast(station, "Mời bà con hai thôn ra nhà văn hóa họp lúc 7h30 tối nay.")
            path = f"/broadcasts/{ordered['id']}"
            ended = until(
                lambda: (now := station.ask("GET", path, by="canbo").body)["status"] == "completed" and now,
                what="both nodes having played",
            )
            recording = recorder.stop()
        reference = sound.read(clip, rate=pulse.RATE)
        heard = [pulse.find(recording[:, side], reference, epoch=recorder.epoch()) for side in (0, 1)]
    apart_seconds = abs(heard[0].frame - heard[1].frame) / pulse.RATE
    likeness = [
        sound.faithful(recording[:, side], reference, round(one.frame), rate=pulse.RATE)
        for side, one in enumerate(heard)
    ]
    print(f"two nodes started {apart_seconds * 1000:.2f} ms apart; worst tenth of a second {likeness}")
    assert [one.times for one in heard] == [1, 1]
    assert min(likeness) > 0.8
    assert apart_seconds < TOGETHER_SECONDS
    for delivery in ended["deliveries"]:
        assert delivery["played_seconds"] == pytest.approx(len(reference) / pulse.RATE, abs=0.05)
