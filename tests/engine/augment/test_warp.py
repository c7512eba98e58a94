import math
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import ndimage

from engine.augment.pipeline import Augmenter
from engine.augment.row import TransformSetting
from engine.augment.transforms import AugmentConfig
from engine.augment.warp import FILLS, Fill, Motion, inverse_affine, warp

Bytes = NDArray[np.uint8]
RNG = np.random.default_rng(0)
OFF = AugmentConfig()
_SCIPY: dict[Fill, Any] = {"reflect": "mirror", "nearest": "nearest", "constant": "constant"}


def only(fill: Any = "reflect", **on: Any) -> Augmenter:
    """An augmenter of these transforms alone, always applied, each in the range (low, high) given."""
    chosen: dict[str, Any] = {key: TransformSetting(True, 1.0, *span) for key, span in on.items()}
    return Augmenter(AugmentConfig(chosen, fill))


def picture(height: int = 60, width: int = 80) -> Bytes:
    """Soft random blobs, RGB."""
    rough = np.random.default_rng(5).integers(0, 256, (height, width, 3), np.uint8)
    soft = cv2.GaussianBlur(rough, (0, 0), 4).astype(np.float32)
    stretched: Bytes = np.rint((soft - soft.min()) / np.ptp(soft) * 255).astype(np.uint8)
    return stretched


def shape(size: int = 256) -> Bytes:
    """A blob of 200 on black without any symmetry."""
    canvas = np.zeros((size, size), np.uint8)
    cv2.ellipse(canvas, (size // 2 + 20, size // 2 - 10), (size // 4, size // 7), 25, 0, 360, 200, -1)
    cv2.rectangle(canvas, (size // 3, size // 2), (size // 3 + size // 6, size // 2 + size // 4), 200, -1)
    return canvas


def overlap(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    return float((one & other).sum() / (one | other).sum())


@pytest.mark.parametrize(
    ("keys", "mirrored"),
    [
        (("flip_horizontal",), lambda array: array[:, ::-1]),
        (("flip_vertical",), lambda array: array[::-1]),
        (("flip_horizontal", "flip_vertical"), lambda array: array[::-1, ::-1]),
    ],
)
def test_flips_are_exact(keys: tuple[str, ...], mirrored: Callable[[Bytes], Bytes]) -> None:
    image = picture()
    mask = image[..., 0] // 64
    sample = only(**dict.fromkeys(keys, (0.0, 0.0))).apply(image, mask, (1,))
    np.testing.assert_array_equal(sample.image, mirrored(image))
    np.testing.assert_array_equal(sample.mask, mirrored(mask))
    assert [change.key for change in sample.applied] == list(keys)


@pytest.mark.parametrize("share", [10.0, -20.0])
def test_shift_moves_by_its_share_of_the_sides(share: float) -> None:
    image = picture(60, 80)
    sample = only("constant", shift=(share, share)).apply(image, image[..., 0].copy(), (3,))
    down, right = round(60 * share / 100), round(80 * share / 100)
    expected = np.zeros_like(image)
    target = tuple(slice(max(0, by), side + min(0, by)) for by, side in ((down, 60), (right, 80)))
    source = tuple(slice(max(0, -by), side + min(0, -by)) for by, side in ((down, 60), (right, 80)))
    expected[target] = image[source]
    np.testing.assert_array_equal(sample.image, expected)
    np.testing.assert_array_equal(sample.mask, expected[..., 0])


def test_shift_draws_across_and_down_apart() -> None:
    across, down = only(shift=(-20, 20)).apply(picture(), None, (8,)).applied[0].strengths
    assert across != down and abs(across) <= 20 and abs(down) <= 20


@pytest.mark.parametrize("factor", [0.7, 1.25])
def test_zoom_changes_areas_by_its_square(factor: float) -> None:
    mask = (shape() > 0).astype(np.uint8)
    zoomed = only("constant", zoom=(factor, factor)).apply(shape(), mask, (0,)).mask
    assert zoomed is not None
    assert zoomed.sum() / mask.sum() == pytest.approx(factor**2, rel=0.01)


def test_a_turn_by_plus_90_is_counter_clockwise_and_exact() -> None:
    image = np.ascontiguousarray(picture(64, 64)[..., 0])
    sample = only(rotation=(90, 90)).apply(image, image.copy(), (0,))
    np.testing.assert_array_equal(sample.image, np.rot90(image))
    np.testing.assert_array_equal(sample.mask, np.rot90(image))


def test_shear_slants_along_one_axis_only() -> None:
    bar = np.zeros((101, 101), np.uint8)
    bar[:, 50] = 255  # on an upright and a lying line at once, each axis shows which way it went
    bar[50] = 255
    seen = set()
    for index in range(12):
        image = only("constant", shear=(20, 20)).apply(bar, None, (index,)).image
        upright, lying = bool((image[:, 50] > 200).all()), bool((image[50] > 200).all())
        assert upright != lying
        top = int(image[10].argmax()) if lying else int(image[:, 10].argmax())
        assert top - 50 == pytest.approx(-40 * math.tan(math.radians(20)), abs=1)
        seen.add(lying)
    assert seen == {True, False}


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("angle", [-33.0, 7.5, 120.0])
def test_mask_and_image_stay_registered(angle: float, fill: Fill) -> None:
    image = shape()
    sample = only(fill, rotation=(angle, angle), zoom=(0.8, 1.2), shift=(-15, 15), shear=(-10, 10)).apply(
        image, (image > 0).astype(np.uint8), (4,)
    )
    assert sample.mask is not None
    assert overlap(sample.mask > 0, sample.image > 100) > 0.99


def test_registered_too_under_an_elastic_field_and_a_resize() -> None:
    image = shape(400)
    sample = only(elastic=(3, 3), rotation=(-20, 20)).apply(image, (image > 0).astype(np.uint8), (1,), (300, 260))
    assert sample.mask is not None and sample.mask.shape == (300, 260)
    assert overlap(sample.mask > 0, sample.image > 100) > 0.98
    still = only(rotation=(-20, 20)).apply(image, (image > 0).astype(np.uint8), (1,), (300, 260))
    assert 0.8 < overlap(sample.mask > 0, np.asarray(still.mask) > 0) < 0.99  # and it did move


def test_the_limit_of_the_elastic_field_does_not_fold() -> None:
    ramp = np.tile(np.arange(256, dtype=np.uint8), (256, 1))
    for image in (ramp, ramp.T.copy()):
        for index in range(8):
            moved = (
                only("nearest", elastic=(5, 5)).apply(image.astype(np.float32) / np.float32(255), None, (index,)).image
            )
            along = np.diff(moved if image is ramp else moved.T, axis=1)
            assert along.min() > -1e-3  # grows everywhere: no place is shown twice


@pytest.mark.parametrize("fill", FILLS)
def test_the_affine_map_agrees_with_scipy(fill: Fill) -> None:
    image = picture(40, 56)[..., 0].astype(np.float32) / np.float32(255)
    mask = (image * 5).astype(np.uint8)
    motion = Motion(flip_x=True, angle=17, zoom=0.9, shear_y=6, shift_x=0.07, shift_y=-0.11)
    box, out = (3.0, 5.0, 33.0, 41.0), (48, 44)
    a, b, c, d, e, f = inverse_affine(motion, box, out)
    expected = ndimage.affine_transform(image, [[e, d], [b, a]], [f, c], out, order=1, mode=_SCIPY[fill])
    nearest = ndimage.affine_transform(mask, [[e, d], [b, a]], [f, c], out, order=0, mode=_SCIPY[fill])
    moved, moved_mask = warp(image, mask, motion, fill, out, box, RNG)
    assert moved_mask is not None
    inside = slice(None)
    if fill == "constant":  # scipy blends the last pixel with black only from its centre inwards: leave the rim out
        ones = ndimage.affine_transform(np.ones_like(image), [[e, d], [b, a]], [f, c], out, order=1, mode="constant")
        inside = ndimage.binary_erosion(ones > 0.999, iterations=2)  # type: ignore[assignment]
    assert np.abs(moved - expected)[inside].max() < 0.02  # OpenCV may round places to 1/32 pixel
    assert (moved_mask != nearest)[inside].mean() < 0.01


def test_resize_alone_is_cv2_resize() -> None:
    image = picture(60, 80)
    for out in ((90, 120), (45, 50)):
        resized = Augmenter(OFF).apply(image, None, (0,), out).image
        expected = cv2.resize(image, out[::-1], interpolation=cv2.INTER_LINEAR)
        assert resized.shape == (*out, 3)
        assert np.abs(resized.astype(int) - expected).max() <= 2


def test_strong_shrinking_averages_instead_of_picking() -> None:
    stripes = np.zeros((512, 512), np.uint8)
    stripes[:, ::2] = 200  # finer than the output can show: only the mean is right
    shrunk = only(rotation=(5, 5)).apply(stripes, None, (0,), (64, 64)).image
    assert np.abs(shrunk.astype(int) - 100).max() <= 4


def test_shrinking_does_not_move_the_picture() -> None:
    ramp = np.tile(np.linspace(0, 1, 513, dtype=np.float32), (513, 1))
    shrunk = Augmenter(OFF).apply(ramp, None, (0,), (60, 60)).image
    centres = (np.arange(60) + 0.5) * 513 / 60 - 0.5
    np.testing.assert_allclose(shrunk[30, 1:-1], centres[1:-1] / 512, atol=2e-4)  # a pixel of the ramp is 2e-3
    np.testing.assert_allclose(Augmenter(OFF).apply(ramp.T.copy(), None, (0,), (60, 60)).image, shrunk.T, atol=1e-6)


@pytest.mark.parametrize("fill", FILLS)
def test_a_crop_shows_what_the_whole_picture_would_show_there(fill: Fill) -> None:
    image = picture(200, 240)
    mask = image[..., 1] // 50
    turned = Motion(angle=21, zoom=1.1, shift_x=0.1, elastic=0.02)
    inside, over_the_edge, outside, far_outside = (
        (60, 80, 50, 70),
        (-20, 150, 64, 120),
        (-60, 50, 50, 70),
        (150, -300, 90, 90),
    )
    below = (210, 60, 60, 60)
    for box, motion in (
        *((box, turned) for box in (inside, over_the_edge, outside, far_outside)),
        *((box, Motion()) for box in (inside, outside, below)),
    ):
        cropped, cropped_mask = warp(image, mask, motion, fill, (64, 64), box, np.random.default_rng(1))
        pad = (
            400  # the same picture on a wider canvas, on which nothing has to be cut or mirrored by the code under test
        )
        border = {"reflect": cv2.BORDER_REFLECT_101, "nearest": cv2.BORDER_REPLICATE, "constant": cv2.BORDER_CONSTANT}[
            fill
        ]
        wide, wide_mask = (
            cv2.copyMakeBorder(array, pad, pad, pad, pad, border).astype(np.uint8) for array in (image, mask)
        )
        there = (box[0] + pad, box[1] + pad, box[2], box[3])
        expected, expected_mask = warp(wide, wide_mask, motion, fill, (64, 64), there, np.random.default_rng(1))
        assert np.abs(cropped.astype(int) - expected).max() <= 3
        assert cropped_mask is not None and (cropped_mask != expected_mask).mean() < 0.01


def test_a_patch_of_a_picture_beyond_opencvs_limit() -> None:
    wide = np.zeros((64, 40_000), np.uint8)
    wide[:, 35_000:35_010] = 255
    sample = only(rotation=(1, 1)).apply(wide, wide, (0,), None, (0, 34_976, 64, 64))
    assert sample.image.shape == (64, 64) and sample.image[32, 28] == 255 and sample.image[32, 5] == 0


@settings(deadline=None, max_examples=60)
@given(
    size=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    out=st.none() | st.tuples(st.integers(1, 50), st.integers(1, 50)),
    fill=st.sampled_from(FILLS),
    key=st.tuples(st.integers(0, 2**40), st.integers(0, 100)),
    wide=st.booleans(),
)
def test_labels_are_never_invented(
    size: tuple[int, int], out: tuple[int, int] | None, fill: Fill, key: tuple[int, int], wide: bool
) -> None:
    kind: Any = np.uint16 if wide else np.uint8
    values = np.array([0, 7, 300, 65535] if wide else [0, 7, 31, 255], kind)
    mask: NDArray[np.uint8] = values[np.random.default_rng(key).integers(1, 4, size)]
    sample = only(fill, rotation=(-90, 90), zoom=(0.5, 2), shift=(-30, 30), shear=(-20, 20), elastic=(1, 5)).apply(
        mask.astype(np.uint8), mask, key, out
    )
    assert sample.mask is not None and sample.mask.dtype == mask.dtype
    assert sample.mask.shape == sample.image.shape == (out or size)
    background = {0} if fill == "constant" else set()
    assert set(np.unique(sample.mask)) <= set(np.unique(mask)) | background


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("elastic", [0.0, 0.05])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_sides_that_opencv_refuses_are_warped_as_others(
    fill: Fill, elastic: float, dtype: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    image: NDArray[Any] = picture(90, 120).astype(dtype)
    mask = (image[..., 0] > 100).astype(np.uint8)
    motion = Motion(angle=20, zoom=1.2, shift_x=0.2, elastic=elastic)

    def warped() -> tuple[NDArray[Any], NDArray[Any]]:
        new, new_mask = warp(image, mask, motion, fill, (70, 110), None, np.random.default_rng(1))
        assert new_mask is not None
        return new, new_mask

    whole, whole_mask = warped()
    monkeypatch.setattr("engine.augment.warp._OPENCV", 50)
    monkeypatch.setattr("engine.augment.warp._BAND", 1000)
    new, new_mask = warped()
    assert new.dtype == dtype
    assert np.abs(new.astype(float) - whole).max() <= 5  # OpenCV's weights are of 1/32 px
    assert (new_mask == whole_mask).mean() > 0.97


@pytest.mark.parametrize("out", [(40, 33000), (1, 288)])
def test_very_wide_picture_keeps_image_and_mask_together(out: tuple[int, int]) -> None:
    mask = np.zeros((40, 33000), np.uint8)
    mask[:, 30000:] = 1
    new, new_mask = warp(mask * 200, mask, Motion(angle=0.001), "reflect", out, None, RNG)
    assert new_mask is not None
    assert new.shape == new_mask.shape == out
    assert new_mask.mean() == pytest.approx(1 / 11, abs=0.01)
    assert ((new > 100) == (new_mask == 1)).mean() > 0.99
