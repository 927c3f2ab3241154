"""onnxruntime, the only file of ours that runs graphs through it directly."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Graph:
    """One ONNX file, run on the processor."""

    def __init__(self, path: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self.inputs: dict[str, Any] = {each.name: each for each in self._session.get_inputs()}
        self.outputs = [each.name for each in self._session.get_outputs()]

    def run(self, values: Mapping[str, NDArray[Any]], *, output: str | None = None) -> NDArray[np.float32]:
        """The named output, else the first."""
        (found,) = self._session.run([output or self.outputs[0]], dict(values))
        return np.asarray(found)
