"""A real Piper voice of a few hundred bytes: every phoneme is a hum whose pitch is its number."""

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

SAMPLES_PER_PHONEME = 900
SAMPLE_RATE = 22_050


def write_tiny_voice(folder: Path, *, name: str = "vi_VN-tiny", tones: bool = True) -> Path:
    """Writes NAME.onnx and NAME.onnx.json; without ``tones`` the phoneme map lacks the tone digits."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.onnx"
    path.write_bytes(tiny_model().SerializeToString())
    Path(f"{path}.json").write_text(json.dumps(_config(tones=tones)))
    return path


def _config(*, tones: bool) -> dict[str, object]:
    phonemes = {each: ids for each, ids in DEFAULT_PHONEME_ID_MAP.items() if tones or not each.isdigit()}
    return {
        "audio": {"sample_rate": SAMPLE_RATE},
        "espeak": {"voice": "vi"},
        "phoneme_type": "espeak",
        "num_symbols": 256,
        "num_speakers": 1,
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "phoneme_id_map": phonemes,
        "speaker_id_map": {},
    }


def tiny_model() -> onnx.ModelProto:
    """Repeat every phoneme's number for its length, add up to a phase, take the sine."""
    constants = {
        "one": np.array([1.0], np.float32),
        "length": np.array([float(SAMPLES_PER_PHONEME)], np.float32),
        "which": np.array([1], np.int64),
        "step": np.array([0.002], np.float32),
        "base": np.array([0.03], np.float32),
        "axis": np.array(1, np.int64),
        "level": np.array([0.5], np.float32),
    }
    nodes = [
        helper.make_node("Cast", ["input"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("Gather", ["scales", "which"], ["slowness"]),
        helper.make_node("Mul", ["slowness", "length"], ["repeat"]),
        helper.make_node("Concat", ["one", "repeat"], ["sizes"], axis=0),
        helper.make_node("Resize", ["numbers", "", "sizes"], ["held"], mode="nearest"),
        helper.make_node("Mul", ["held", "step"], ["scaled"]),
        helper.make_node("Add", ["scaled", "base"], ["turns"]),
        helper.make_node("CumSum", ["turns", "axis"], ["phase"]),
        helper.make_node("Sin", ["phase"], ["wave"]),
        helper.make_node("Mul", ["wave", "level"], ["output"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [
            helper.make_tensor_value_info("input", TensorProto.INT64, [1, "phonemes"]),
            helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
            helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
        ],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, "samples"])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
