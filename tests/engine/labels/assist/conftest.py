"""A click model of two tiny networks, with the inputs and outputs of a SAM export: its mask is what is bright, and each click that takes
away makes it darker."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

_DECODER = {
    "image_embeddings": [1, 256, 64, 64],
    "point_coords": [1, "n", 2],
    "point_labels": [1, "n"],
    "mask_input": [1, 1, 256, 256],
    "has_mask_input": [1],
    "orig_im_size": [2],
}


def write_encoder(path: Path, channels: int = 256) -> None:
    """All channels are the mean of red in 16 x 16 pixels."""
    nodes = [
        helper.make_node("AveragePool", ["input"], ["small"], kernel_shape=[16, 16], strides=[16, 16]),
        helper.make_node("Conv", ["small", "weights"], ["output"]),
    ]
    weights = np.zeros((channels, 3, 1, 1), np.float32)
    weights[:, 0] = 1
    _write(path, nodes, {"input": ["batch", 3, 1024, 1024]}, {"output": [1, channels, 64, 64]}, {"weights": weights})


def write_decoder(path: Path, *, forgets: bool = False) -> None:
    """Logits are four times the first channel, less one for each point of label 0; one that `forgets` has nothing where it is given the
    mask before."""
    nodes = [
        helper.make_node("Slice", ["image_embeddings", "zero", "one", "axis"], ["first"]),
        helper.make_node("Resize", ["first", "", "scales"], ["large"], mode="nearest"),
        helper.make_node("Equal", ["point_labels", "none"], ["taken"]),
        helper.make_node("Cast", ["taken"], ["counted"], to=TensorProto.FLOAT),
        helper.make_node("ReduceSum", ["counted"], ["less"], keepdims=0),
        helper.make_node("Mul", ["large", "four"], ["bright"]),
        helper.make_node("Mul", ["has_mask_input", "lost"], ["forgotten"]),
        helper.make_node("Sub", ["bright", "less"], ["clicked"]),
        helper.make_node("Sub", ["clicked", "forgotten"], ["low_res_masks"]),
        helper.make_node("Identity", ["low_res_masks"], ["masks"]),
        helper.make_node("Identity", ["opinion"], ["iou_predictions"]),
    ]
    numbers = {
        "zero": np.array([0]),
        "one": np.array([1]),
        "axis": np.array([1]),
        "scales": np.array([1, 1, 4, 4], np.float32),
        "none": np.array(0, np.float32),
        "four": np.array(4, np.float32),
        "lost": np.array([99 if forgets else 0], np.float32),
        "opinion": np.array([[1.02]], np.float32),
    }
    outputs = {"masks": [1, 1, 256, 256], "iou_predictions": [1, 1], "low_res_masks": [1, 1, 256, 256]}
    _write(path, nodes, _DECODER, outputs, numbers)


def _write(path: Path, nodes: list, inputs: dict, outputs: dict, numbers: dict) -> None:  # type: ignore[type-arg]
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "tiny",
        [value(name, TensorProto.FLOAT, shape) for name, shape in inputs.items()],
        [value(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()],
        [numpy_helper.from_array(np.asarray(each), name) for name, each in numbers.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


@pytest.fixture
def click_model(tmp_path: Path) -> Path:
    """The folder of one, with a licence beside it."""
    folder = tmp_path / "click model"
    folder.mkdir()
    write_encoder(folder / "encoder.onnx")
    write_decoder(folder / "decoder.onnx")
    (folder / "LICENSE.txt").write_text("Do what you like.\n", encoding="utf-8")
    return folder
