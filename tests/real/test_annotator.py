"""The smart tools on real masks, by the simulated annotator: they do not get worse."""

from pathlib import Path

import numpy as np
import pytest

from engine.labels.assist.click_model import ClickModel
from tests.benchmarks.annotator import NAMES, by_graph_cut, by_live_wire, by_model, targets
from tests.benchmarks.whole_organs import (
    ORGANS,
    Organ,
    carried_contours,
    carried_outline,
    contours_and_fill,
    leak,
    organ,
    zoomed_contours_and_fill,
)


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


@pytest.fixture
def abdomen(data: Path) -> dict[str, Organ]:
    if not (data / "ct_totalseg_dicom").is_dir():
        pytest.skip("there is no ct_totalseg_dicom among the real data")
    return {name: organ(data, value) for name, value in ORGANS.items()}


@pytest.mark.parametrize("name", ["liver", "spleen", "stomach", "aorta"])
def test_an_organ_over_twenty_slices_takes_at_most_sixteen_gestures(abdomen: dict[str, Organ], name: str) -> None:
    assert abdomen[name].truth.any(axis=(1, 2)).all() and len(abdomen[name].truth) == 20
    spent = contours_and_fill(abdomen[name]).reached[-1]
    assert spent is not None and spent.gestures <= 16


@pytest.mark.parametrize("name", ["vena cava", "spinal canal"])
def test_a_small_structure_takes_at_most_twenty_five_gestures_where_it_is_looked_at_large(
    abdomen: dict[str, Organ], name: str
) -> None:
    spent = zoomed_contours_and_fill(abdomen[name]).reached[-1]
    assert spent is not None and spent.gestures <= 25


def test_the_liver_takes_one_contour_or_a_box_and_some_clicks(abdomen: dict[str, Organ]) -> None:
    contour, box = (way(abdomen["liver"]).reached[-1] for way in (carried_contours, carried_outline))
    assert contour is not None and contour.gestures <= 6
    assert box is not None and box.gestures <= 20 and box.centimetres < 20


def test_what_is_carried_from_one_slice_reaches_nine_tenths_in_four_structures(abdomen: dict[str, Organ]) -> None:
    ways = [
        carried_contours(abdomen[name]).reached[0] for name in ("spleen", "aorta", "humerus, left", "humerus, right")
    ]
    assert all(spent is not None and spent.gestures <= 6 for spent in ways)


def test_a_leak_over_twenty_slices_is_cut_off_in_two_gestures(abdomen: dict[str, Organ]) -> None:
    cut = leak(abdomen["liver"])
    assert cut.slices == 20 and cut.hand.gestures == 2
    assert cut.before < 0.91 and cut.after > 0.985
