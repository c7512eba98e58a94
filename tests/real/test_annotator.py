"""The smart tools on real masks, by the simulated annotator: they do not get worse."""

from pathlib import Path

import numpy as np
import pytest

from engine.labels.assist.click_model import ClickModel
from tests.benchmarks.annotator import NAMES, by_graph_cut, by_live_wire, by_model, targets


def test_a_box_and_clicks_need_three_clicks_at_most(data: Path) -> None:
    efforts = [by_graph_cut(target) for name in NAMES for target in targets(data, name, 3)]
    assert np.mean([effort.clicks[0] for effort in efforts]) <= 2.8
    assert np.mean([effort.box for effort in efforts if effort.box is not None]) >= 0.8
    assert np.median([effort.seconds for effort in efforts]) < 0.1


def test_a_click_model_begins_better_on_photographs(data: Path) -> None:
    folder = data / "sam_onnx"
    if not folder.is_dir():
        pytest.skip("there is no click model among the real data")
    model = ClickModel(folder)
    assert len(model._all_masks) == 2 and model._all_masks[0] != "low_res_masks"  # the export whose masks are known
    efforts = [by_model(model, target) for target in targets(data, "nuclei of white cells (stain)", 2)]
    assert np.mean([effort.clicks[0] for effort in efforts]) <= 4.5


def test_a_live_wire_needs_a_dozen_points_at_most(data: Path) -> None:
    efforts = [
        by_live_wire(target) for name in ("vertebrae (MR)", "lungs (X-ray)") for target in targets(data, name, 2)
    ]
    assert np.mean([effort.clicks[0] for effort in efforts]) <= 12
