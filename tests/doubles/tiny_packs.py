"""Voice packs of a few kilobytes whose graphs have the signatures of the real ones, and hum in place of speaking."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

from tests.doubles.tiny_voice import SAMPLE_RATE, tiny_model, write_tiny_voice

LICENCE = "Tệp thử của chương trình; dùng tùy ý."
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
MARKS = "\u0300\u0301\u0303\u0309\u0323\u0306\u0302\u031b"
SUPERTONIC_RATE = 16_000


def piper_files(folder: Path, *, tones: bool = True) -> dict[str, str]:
    """Roles by file."""
    write_tiny_voice(folder, name="voice", tones=tones)
    return {"voice.onnx": "model", "voice.onnx.json": "config"}


def sherpa_files(folder: Path, *, tones: bool = True) -> dict[str, str]:
    """The same graph with the notes sherpa-onnx wants in it."""
    folder.mkdir(parents=True, exist_ok=True)
    model = tiny_model()
    notes = {"model_type": "vits", "comment": "piper", "language": "Vietnamese", "voice": "vi", "has_espeak": 1}
    for key, value in {**notes, "n_speakers": 1, "sample_rate": SAMPLE_RATE}.items():
        model.metadata_props.add(key=key, value=str(value))
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    table = {
        each: ids[0] for each, ids in DEFAULT_PHONEME_ID_MAP.items() if (tones or not each.isdigit()) and len(each) == 1
    }
    (folder / "tokens.txt").write_text("".join(f"{each} {number}\n" for each, number in table.items()))
    return {"model.onnx": "model", "tokens.txt": "tokens"}


def plain_files(folder: Path, *, tones: bool = True) -> dict[str, str]:
    """One graph over decomposed letters, with an input for speed."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(_plain_model().SerializeToString())
    symbols = [" ", *LETTERS, "f", "j", "w", "z", ".", ",", *(MARKS if tones else MARKS[5:])]
    (folder / "symbols.json").write_text(json.dumps({each: at + 1 for at, each in enumerate(symbols)}))
    return {"model.onnx": "model", "symbols.json": "symbols"}


PLAIN_OPTIONS = {
    "text": "marks",
    "between": 0,
    "begin": 1,
    "end": 2,
    "inputs": {"tokens": "input", "lengths": "input_lengths", "speed": "length_scale"},
}


def supertonic_files(folder: Path, *, tones: bool = True) -> dict[str, str]:
    """Four graphs, the table of letters, one style."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, model in _supertonic_graphs().items():
        (folder / f"{name}.onnx").write_bytes(model.SerializeToString())
    config = {"ae": {"sample_rate": SUPERTONIC_RATE, "base_chunk_size": 8}, "ttl": {"chunk_compress_factor": 2}}
    config["ttl"]["latent_dim"] = 8
    (folder / "tts.json").write_text(json.dumps(config))
    unknown = set() if tones else set(MARKS[:5])
    (folder / "unicode_indexer.json").write_text(json.dumps([-1 if chr(c) in unknown else c for c in range(1000)]))
    style = {name: {"data": [[0.0] * 6] * 2, "dims": [1, 2, 6]} for name in ("style_ttl", "style_dp")}
    (folder / "F1.json").write_text(json.dumps(style))
    graphs = {f"{name}.onnx": name for name in _supertonic_graphs()}
    return {**graphs, "tts.json": "config", "unicode_indexer.json": "indexer", "F1.json": ""}


Files = Callable[..., dict[str, str]]
KINDS: dict[str, Files] = {"piper": piper_files, "onnx": plain_files, "supertonic": supertonic_files}
if find_spec("sherpa_onnx"):  # no wheel of it for every Python there is
    KINDS["sherpa"] = sherpa_files


def manifest_of(folder: Path, roles: dict[str, str], *, engine: str, pack_id: str) -> dict[str, Any]:
    """What ``voice.json`` says of the files that lie in ``folder``."""
    (folder / "LICENCE.txt").write_text(LICENCE)
    files = [{"path": name, "sha256": _sha256(folder / name), "role": role} for name, role in roles.items()]
    files.append({"path": "LICENCE.txt", "sha256": _sha256(folder / "LICENCE.txt")})
    speaker = {"id": "lan", "name": "Lan", "sex": "female", "region": "south"}
    if engine == "supertonic":
        speaker["style"] = "F1.json"
    return {
        "format": 1,
        "id": pack_id,
        "name": f"Giọng thử {pack_id}",
        "version": "1",
        "engine": engine,
        "sample_rate": SUPERTONIC_RATE if engine == "supertonic" else SAMPLE_RATE,
        "files": files,
        "speakers": [speaker],
        "licence": {"name": "CC0-1.0", "file": "LICENCE.txt", "limits": "Dùng tùy ý."},
        "options": PLAIN_OPTIONS if engine == "onnx" else {},
    }


def write_pack(folder: Path, *, engine: str = "onnx", pack_id: str = "", tones: bool = True, **changes: object) -> Path:
    """A zip with the pack in it; ``changes`` overwrite fields of the manifest."""
    pack_id = pack_id or f"thu-{engine}"
    laid = folder / f"{pack_id}-files"
    roles = KINDS[engine](laid, tones=tones)
    manifest = manifest_of(laid, roles, engine=engine, pack_id=pack_id) | changes
    (laid / "voice.json").write_text(json.dumps(manifest))
    archive = folder / f"{pack_id}.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted(laid.iterdir()):
            file.write(path, path.name)
    return archive


def _plain_model() -> onnx.ModelProto:
    """Repeat every number for its length, add up to a phase, take the sine."""
    constants = {
        "one": np.array([1.0], np.float32),
        "length": np.array([900.0], np.float32),
        "step": np.array([0.001], np.float32),
        "base": np.array([0.03], np.float32),
        "axis": np.array(1, np.int64),
        "level": np.array([0.5], np.float32),
    }
    nodes = [
        helper.make_node("Cast", ["input"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["length_scale", "length"], ["repeat"]),
        helper.make_node("Concat", ["one", "repeat"], ["sizes"], axis=0),
        helper.make_node("Resize", ["numbers", "", "sizes"], ["held"], mode="nearest"),
        helper.make_node("Mul", ["held", "step"], ["scaled"]),
        helper.make_node("Add", ["scaled", "base"], ["turns"]),
        helper.make_node("CumSum", ["turns", "axis"], ["phase"]),
        helper.make_node("Sin", ["phase"], ["wave"]),
        helper.make_node("Mul", ["wave", "level"], ["audio"]),
    ]
    inputs = {
        "input": (TensorProto.INT64, [1, "n"]),
        "input_lengths": (TensorProto.INT64, [1]),
        "length_scale": (TensorProto.FLOAT, [1]),
    }
    return _model(nodes, inputs, ("audio", [1, "samples"]), constants)


def _supertonic_graphs() -> dict[str, onnx.ModelProto]:
    text = {"text_ids": (TensorProto.INT64, [1, "n"]), "text_mask": (TensorProto.FLOAT, [1, 1, "n"])}
    dp, ttl = ((TensorProto.FLOAT, [1, 2, 6]) for _ in range(2))
    durations = [
        helper.make_node("ReduceSum", ["text_mask", "axes"], ["letters"], keepdims=0),
        helper.make_node("Mul", ["letters", "each"], ["duration"]),
    ]
    encoder = [
        helper.make_node("Cast", ["text_ids"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["numbers", "axes"], ["text_emb"]),
    ]
    vocoder = [
        helper.make_node("Transpose", ["latent"], ["turned"], perm=[0, 2, 1]),
        helper.make_node("Reshape", ["turned", "flat"], ["row"]),
        helper.make_node("Tanh", ["row"], ["bounded"]),
        helper.make_node("Mul", ["bounded", "level"], ["wav"]),
    ]
    return {
        "duration_predictor": _model(
            durations, {**text, "style_dp": dp}, ("duration", [1]), {"axes": _whole(1, 2), "each": _real(0.06)}
        ),
        "text_encoder": _model(encoder, {**text, "style_ttl": ttl}, ("text_emb", [1, 1, "n"]), {"axes": _whole(1)}),
        "vector_estimator": _model(
            [helper.make_node("Mul", ["noisy_latent", "latent_mask"], ["cleaned"])],
            _estimator_inputs(),
            ("cleaned", [1, 16, "t"]),
            {},
        ),
        "vocoder": _model(
            vocoder,
            {"latent": (TensorProto.FLOAT, [1, 16, "t"])},
            ("wav", [1, "samples"]),
            {"flat": _whole(1, -1), "level": _real(0.3)},
        ),
    }


def _estimator_inputs() -> dict[str, Any]:
    shapes = {
        "noisy_latent": [1, 16, "t"],
        "text_emb": [1, 1, "n"],
        "style_ttl": [1, 2, 6],
        "text_mask": [1, 1, "n"],
        "latent_mask": [1, 1, "t"],
        "current_step": [1],
        "total_step": [1],
    }
    return {name: (TensorProto.FLOAT, shape) for name, shape in shapes.items()}


def _whole(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def _real(value: float) -> np.ndarray:
    return np.array([value], np.float32)


def _model(
    nodes: list[Any], inputs: dict[str, Any], output: tuple[str, list[Any]], constants: dict[str, np.ndarray]
) -> onnx.ModelProto:
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in inputs.items()],
        [helper.make_tensor_value_info(output[0], TensorProto.FLOAT, output[1])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
