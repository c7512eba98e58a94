"""Boxes with small masks become objects on the image: drawn, put on top of each other, joined where tiles meet."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from engine.errors import EngineError
from engine.imaging.geometry import uncalibrated
from engine.imaging.image import Image, Window
from engine.imaging.intensity import Intensity
from engine.labels.instances import Instances
from engine.learning import detection
from engine.learning.bundle import ModelCard
from engine.learning.detection import Section, Silhouette, drawn, find_objects, joined, silhouettes, stacked
from engine.learning.predict import Predictor
from engine.project.objects import FoundObjects


def found(*rows: tuple[tuple[float, float, float, float], int, float]) -> dict[str, Tensor]:
    """As a network gives it, every mask full."""
    return {
        "boxes": torch.tensor([row[0] for row in rows]),
        "labels": torch.tensor([row[1] for row in rows]),
        "scores": torch.tensor([row[2] for row in rows]),
        "masks": torch.ones(len(rows), 1, 28, 28),
    }


def block(top: int, left: int, height: int, width: int, sure: float = 0.9, value: int = 1) -> Silhouette:
    return Silhouette(value, sure, top, left, np.ones((height, width), np.bool_))


def test_a_full_mask_fills_its_box() -> None:
    (one,) = silhouettes(found(((10, 20, 40, 35), 2, 0.7)), (0, 0), (64, 64), (64, 64))
    assert (one.top, one.left, one.bottom, one.right) == (20, 10, 35, 40)
    assert one.value == 2 and one.sure == pytest.approx(0.7)
    assert one.mask.mean() > 0.9  # its very rim fades, as beyond a mask there is nothing


def test_half_a_mask_is_the_half_of_its_box() -> None:
    half = found(((0, 0, 56, 28), 1, 0.7))
    half["masks"][..., 14:] = 0
    (one,) = silhouettes(half, (0, 0), (64, 64), (64, 64))
    columns = np.flatnonzero(one.mask[14])
    assert columns[0] <= 1 and columns[-1] in (27, 28)


def test_shapes_come_at_the_images_own_size_and_place() -> None:
    (one,) = silhouettes(found(((8, 4, 16, 12), 1, 0.7)), (32, 64), (128, 128), (256, 512))
    assert (one.top, one.left, one.bottom, one.right) == (72, 288, 88, 320)  # twice as high, four times as wide


def test_what_lies_outside_or_is_empty_is_nothing() -> None:
    assert silhouettes(found(((70, 0, 90, 9), 1, 0.7), ((5, 5, 5, 9), 1, 0.7)), (0, 0), (64, 64), (64, 64)) == []
    dark = found(((0, 0, 9, 9), 1, 0.7))
    dark["masks"][:] = 0.4
    assert silhouettes(dark, (0, 0), (64, 64), (64, 64)) == []


def test_the_surest_lies_on_top_and_what_it_hides_is_left_out() -> None:
    objects = drawn([block(0, 0, 4, 4, 0.5), block(0, 3, 4, 4, 0.9), block(1, 3, 3, 4, 0.7)], (6, 8))
    assert objects.objects.present == (1, 2)
    assert objects.sure.tolist() == pytest.approx([0, 0.9, 0.5])
    assert objects.objects.ids[0, 0].tolist() == [2, 2, 2, 1, 1, 1, 1, 0]
    half = drawn([block(0, 0, 4, 4, 0.5), block(0, 2, 4, 4, 0.9)], (6, 8))
    assert half.objects.present == (1,), "half of it is too little"


def test_an_object_that_keeps_most_of_itself_stays() -> None:
    objects = drawn([block(0, 0, 4, 4, 0.5), block(0, 3, 4, 4, 0.9, value=2)], (6, 8))
    assert objects.objects.ids[0, 0].tolist() == [2, 2, 2, 1, 1, 1, 1, 0]
    assert objects.objects.classes.tolist() == [0, 2, 1]


def test_parts_of_an_object_on_both_sides_of_a_seam_become_one() -> None:
    before = [block(10, 80, 10, 20, 0.6), block(40, 10, 8, 8)]
    window = Section(0, 70, 100, 170)
    result = joined(before, [block(10, 82, 10, 40, 0.8), block(60, 90, 5, 5)], window)
    assert len(result) == 3
    assert (result[0].left, result[0].right, result[0].sure) == (80, 122, 0.8)


def test_neighbours_and_other_classes_at_a_seam_stay_apart() -> None:
    window = Section(0, 70, 100, 170)
    assert len(joined([block(10, 80, 10, 20)], [block(10, 98, 10, 20)], window)) == 2
    assert len(joined([block(10, 80, 10, 20)], [block(10, 80, 10, 20, value=2)], window)) == 2


def test_a_part_that_was_cut_at_the_window_is_compared_within_it() -> None:
    """An object that reaches far out of the window: only its end is seen there, and that end is the object's."""
    result = joined([block(10, 0, 10, 90)], [block(10, 70, 10, 20)], Section(0, 70, 100, 170))
    assert [(one.left, one.right) for one in result] == [(0, 90)]


def test_slices_are_numbered_on() -> None:
    one = drawn([block(0, 0, 2, 2, 0.6), block(4, 4, 2, 2, 0.9, value=2)], (6, 8))
    volume = stacked([one, drawn([], (6, 8)), one])
    assert volume.objects.ids.shape == (3, 6, 8)
    assert volume.objects.classes.tolist() == [0, 2, 1, 2, 1]
    assert [int(plane.max()) for plane in volume.objects.ids] == [2, 0, 4]
    assert volume.sure.tolist() == pytest.approx([0, 0.9, 0.6, 0.9, 0.6])


def test_more_objects_than_numbers_are_refused() -> None:
    many = FoundObjects(
        Instances(np.zeros((1, 1, 1), np.uint16), np.ones(40_000, np.uint8)), np.ones(40_000, np.float32)
    )
    with pytest.raises(EngineError, match="65,535"):
        stacked([many, many])


class Bright(nn.Module):
    """Finds every connected bright part of what it is shown, as a trained network would."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))
        self.seen: list[tuple[int, ...]] = []

    def forward(self, x: Tensor) -> list[dict[str, Tensor]]:
        import cv2

        self.seen.append(tuple(x.shape))
        _, _, about, _ = cv2.connectedComponentsWithStats((x[0, 0].numpy() > 0).astype(np.uint8))
        boxes = [(float(x), float(y), float(x + w), float(y + h)) for x, y, w, h, _ in about[1:]]
        return [found(*((box, 1, 0.9) for box in boxes))] if boxes else [found(((0, 0, 0, 0), 1, 0.0))]


def test_a_large_image_is_looked_at_in_tiles_and_its_objects_are_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detection, "TILE", 64)
    monkeypatch.setattr(detection, "OVERLAP", 24)
    pixels = np.zeros((1, 100, 150), np.uint8)
    pixels[0, 30:70, 40:60] = pixels[0, 10:20, 100:140] = pixels[0, 80:95, 2:12] = 255
    card = ModelCard("instances", "mask-rcnn-light", "resnet18", 1, (("a", "#ff0000"),), Intensity("bytes"), 0)
    network = Bright()
    work = find_objects(
        Predictor(network, card, dtype="float32"), Image(pixels, uncalibrated(100, 150), Window(127.5, 255))
    )
    try:
        while True:
            next(work)
    except StopIteration as stop:
        objects = stop.value
    assert len(network.seen) == 8 and set(network.seen) == {(1, 1, 64, 64)}
    assert len(objects.objects.present) == 3
    inside = objects.objects.ids > 0
    assert np.count_nonzero(inside != (pixels > 0)) < 0.05 * np.count_nonzero(pixels)
