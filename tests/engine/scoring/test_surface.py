"""Surface distances by hand, and against MONAI (same definition) and DeepMind's surface-distance (maximum distance)."""

import warnings

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.labels.classes import UNLABELLED
from engine.progress import Progress
from engine.scoring.surface import SurfaceScores, class_surfaces, measure_surfaces, surface_scores

Region = NDArray[np.bool_]


def ball(shape: tuple[int, ...], center: tuple[float, ...], radius: float) -> Region:
    grid = np.meshgrid(*(np.arange(n) for n in shape), indexing="ij")
    away = sum((g - c) ** 2 for g, c in zip(grid, center, strict=True))
    return np.asarray(away <= radius**2)


def rough(region: Region, seed: int) -> Region:
    """The region with its edge eaten at random, so that no two surface voxels are alike."""
    return region & (np.random.default_rng(seed).random(region.shape) > 0.2)


PAIRS = [
    pytest.param(ball((60, 70), (30, 30), 14), ball((60, 70), (34, 37), 12), (1.0, 1.0), id="2D"),
    pytest.param(rough(ball((60, 70), (30, 30), 14), 0), ball((60, 70), (34, 37), 12), (0.7, 0.7), id="2D rough"),
    pytest.param(ball((60, 70), (30, 30), 14), rough(ball((60, 70), (9, 9), 8), 1), (0.5, 0.9), id="2D not square"),
    pytest.param(ball((20, 30, 34), (9, 15, 15), 7), ball((20, 30, 34), (11, 17, 14), 8), (1.0, 1.0, 1.0), id="3D"),
    pytest.param(
        rough(ball((12, 30, 34), (6, 15, 15), 9), 2), ball((12, 30, 34), (5, 17, 14), 8), (3.0, 0.7, 0.8), id="3D thick"
    ),
]


@pytest.mark.parametrize(("truth", "predicted", "spacing"), PAIRS)
def test_distances_agree_with_monai(truth: Region, predicted: Region, spacing: tuple[float, ...]) -> None:
    found = surface_scores(truth, predicted, spacing, tolerance=1.5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import torch
        from monai.metrics import compute_average_surface_distance, compute_hausdorff_distance, compute_surface_dice

        pair = [torch.from_numpy(m)[None, None].float() for m in (predicted, truth)]
        hd95 = compute_hausdorff_distance(*pair, include_background=True, percentile=95, spacing=spacing)
        assd = compute_average_surface_distance(*pair, include_background=True, symmetric=True, spacing=spacing)
        nsd = compute_surface_dice(*pair, class_thresholds=[1.5], include_background=True, spacing=spacing)
    assert found.hd95 == pytest.approx(float(hd95), rel=1e-5)
    assert found.assd == pytest.approx(float(assd), rel=1e-5)
    assert found.nsd == pytest.approx(float(nsd), rel=1e-5)


def test_shifted_balls_agree_with_surface_distance() -> None:
    """DeepMind weighs by area, so only near figures can be asked for."""
    truth, predicted = ball((40, 40, 40), (18, 20, 20), 10), ball((40, 40, 40), (22, 20, 20), 10)
    found = surface_scores(truth, predicted, (1.0, 1.0, 1.0))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import surface_distance

        theirs = surface_distance.compute_surface_distances(truth, predicted, (1.0, 1.0, 1.0))
        hd95 = surface_distance.compute_robust_hausdorff(theirs, 95)
    assert found.hd95 == pytest.approx(hd95, abs=0.5)


def test_two_squares_by_hand() -> None:
    truth, predicted = np.zeros((9, 9), bool), np.zeros((9, 9), bool)
    truth[2:5, 2:5], predicted[2:5, 3:6] = True, True
    found = surface_scores(truth, predicted, (1.0, 1.0), tolerance=0.5)
    # eight border pixels each: four lie on the other's border, four are one pixel off
    assert found.assd == pytest.approx(0.5)
    assert found.nsd == pytest.approx(0.5)
    assert found.hd95 == 1.0


def test_the_border_of_the_image_counts_as_outside() -> None:
    truth = np.ones((5, 5), bool)
    predicted = truth.copy()
    predicted[:, -1] = False
    assert surface_scores(truth, predicted, (1.0, 1.0)).hd95 == 1.0


def test_one_pixel_each() -> None:
    truth, predicted = np.zeros((1, 8, 8), bool), np.zeros((1, 8, 8), bool)
    truth[0, 0, 0] = predicted[0, 3, 4] = True
    assert surface_scores(truth, predicted, (9.0, 1.0, 1.0), 5.0) == SurfaceScores(5.0, 5.0, 1.0, 5.0)


def test_a_volume_of_one_slice_is_a_picture() -> None:
    truth, predicted = ball((60, 70), (30, 30), 14), ball((60, 70), (34, 37), 12)
    assert surface_scores(truth[None], predicted[None], (5.0, 0.8, 0.8)) == surface_scores(truth, predicted, (0.8, 0.8))


def test_the_image_around_the_objects_does_not_matter() -> None:
    truth, predicted = ball((60, 70), (30, 30), 14), ball((60, 70), (34, 37), 12)
    wider = surface_scores(np.pad(truth, 50), np.pad(predicted, 50), (1.0, 1.0))
    assert wider == surface_scores(truth, predicted, (1.0, 1.0))


@pytest.mark.parametrize(("side", "steps"), [(0.1, 3), (np.float32(0.7), 2), (np.float32(0.1), 3), (1 / 3, 6)])
@pytest.mark.parametrize("thick", [1.0, 0.0])
def test_a_distance_of_exactly_the_tolerance_is_within_it(side: float, steps: int, thick: float) -> None:
    spacing = (float(side) + thick, float(side))
    truth, predicted = np.zeros((3, 12), bool), np.zeros((3, 12), bool)
    truth[1, 1] = predicted[1, 1 + steps] = True
    at = round(float(side) * steps, 4)
    assert surface_scores(truth, predicted, spacing, tolerance=at).nsd == 1.0
    assert surface_scores(truth, predicted, spacing, tolerance=at * 0.99).nsd == 0.0


def test_empty_masks_have_no_distance() -> None:
    none, some = np.zeros((4, 4), bool), np.eye(4, dtype=bool)
    assert surface_scores(none, none, (1.0, 1.0)) == SurfaceScores(None, None, None, 2.0)
    for pair in ((none, some), (some, none)):
        assert surface_scores(*pair, (1.0, 1.0)) == SurfaceScores(None, None, 0.0, 2.0)


def test_classes_are_scored_each_for_itself() -> None:
    truth, predicted = np.zeros((1, 20, 20), np.uint8), np.zeros((1, 20, 20), np.uint8)
    truth[0, 2:6, 2:6], predicted[0, 2:6, 4:8], truth[0, 12, 12] = 1, 1, 2
    found = class_surfaces(truth, predicted, 3, (4.0, 0.5, 0.5))
    told = list(measure_surfaces(truth, predicted, 3, (4.0, 0.5, 0.5)))
    assert told == [Progress(done, 3) for done in range(3)]
    assert found[0] == surface_scores(truth == 1, predicted == 1, (4.0, 0.5, 0.5)) and found[0].hd95 == 1.0
    assert (found[1].nsd, found[2].nsd) == (0.0, None)


@pytest.mark.parametrize("depth", [1, 3])
def test_what_is_unlabelled_has_no_surface(depth: int) -> None:
    """As Dice leaves it out, so do distances: what a prediction says there is neither near nor far."""
    truth, predicted = np.zeros((depth, 20, 30), np.uint8), np.zeros((depth, 20, 30), np.uint8)
    truth[:, 4:10, 4:10] = predicted[:, 4:10, 4:10] = 1
    before = class_surfaces(truth, predicted, 1, (1.0, 1.0, 1.0))
    truth[:, 12:, 12:], predicted[:, 15:18, 20:28] = UNLABELLED, 1
    assert class_surfaces(truth, predicted, 1, (1.0, 1.0, 1.0)) == before
    assert (truth == UNLABELLED).any() and (predicted == 1)[:, 15].any(), "neither is written to"


def test_what_does_not_fit_is_refused() -> None:
    one = np.ones((4, 5), bool)
    for other, spacing in ((one.T, (1.0, 1.0)), (one, (1.0, 1.0, 1.0))):
        with pytest.raises(ValueError, match="with spacing"):
            surface_scores(one, other, spacing)


def test_opencv_distances_are_exact() -> None:
    """The picture's path rests on OpenCV's precise map; a version that approximates would shift every HD95."""
    surface = np.ones((200, 301), np.uint8)
    surface[17, 250] = 0
    found = cv2.distanceTransform(surface, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    y, x = np.indices(surface.shape)
    np.testing.assert_allclose(found, np.hypot(y - 17, x - 250), rtol=1e-6)
