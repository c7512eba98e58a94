from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.augment.pipeline import Augmenter, Sample
from engine.augment.presets import load_preset
from engine.augment.preview import (
    COUNT,
    PreviewRequest,
    PreviewResult,
    class_shares,
    fullest_slice,
    lateral_class,
    network_input,
    preview,
    sample_series,
)
from engine.augment.row import TransformSetting
from engine.augment.transforms import AugmentConfig
from engine.imaging.geometry import display_flips, flip, from_nifti, uncalibrated
from engine.imaging.image import Image, Window
from engine.imaging.intensity import Intensity, to_unit
from engine.labels.classes import UNLABELLED, parse_classes
from engine.progress import Progress, result_of

CLASSES = parse_classes("disc,corner")
BYTES = Intensity("bytes")


def scan(height: int = 120, width: int = 160) -> NDArray[np.uint8]:
    return np.random.default_rng(1).integers(0, 200, (height, width), np.uint8)


def labels(height: int = 120, width: int = 160) -> NDArray[np.uint8]:
    mask = np.zeros((height, width), np.uint8)
    mask[height // 4 : height // 2, width // 4 : width // 2] = 1
    mask[-3:, -3:] = 2  # small and in the corner: easily lost
    return mask


def cutout(side: float) -> AugmentConfig:
    return AugmentConfig({"cutout": TransformSetting(True, 1.0, side, side)})


def test_a_series_is_those_of_an_epoch() -> None:
    config = load_preset("strong")
    longer = sample_series(scan(), labels(), config, 5, 6)
    shorter = sample_series(scan(), labels(), config, 5, 3)
    assert [sample.image.tobytes() for sample in longer[:3]] == [sample.image.tobytes() for sample in shorter]
    assert len({sample.image.tobytes() for sample in longer}) == 6


def test_shares_count_pixels_and_tell_which_samples_lose_a_class() -> None:
    mask = labels()
    whole, lost = mask.copy(), mask.copy()
    lost[mask == 2] = 0
    lost[30:40] = 0
    samples = [Sample(scan(), each, ()) for each in (whole, lost)]
    one, two, three = class_shares(mask, samples, 3)
    assert (one.value, one.before, one.after, one.lost_in) == (1, 1200.0, (1200 + 800) / 2, ())
    assert (two.before, two.after, two.lost_in) == (9.0, 4.5, (1,))
    assert two.change == -0.5
    assert (three.before, three.after, three.lost_in, three.change) == (0.0, 0.0, (), 0.0)


def test_shares_of_smaller_samples_are_compared_in_their_pixels() -> None:
    mask = labels(128, 128)
    (one, _) = class_shares(mask, sample_series(scan(128, 128), mask, AugmentConfig(), 0, 2, (64, 64)), 2)
    assert one.before == (mask == 1).sum() / 4
    assert one.change == pytest.approx(0, abs=0.05)


def test_shares_see_what_the_cutout_hides() -> None:
    mask = labels()
    samples = sample_series(scan(), mask, cutout(50), 0, 40)
    one, two = class_shares(mask, samples, 2)
    assert -0.6 < one.change < -0.1
    hidden = [index for index, sample in enumerate(samples) if not (np.asarray(sample.mask) == 2).any()]
    assert list(two.lost_in) == hidden


def test_without_samples_nothing_changes_and_without_masks_it_is_refused() -> None:
    assert [share.change for share in class_shares(labels(), [], 2)] == [0, 0]
    with pytest.raises(ValueError, match="mask"):
        class_shares(labels(), [Sample(scan(), None, ())], 2)


def slices(pixels: NDArray[Any], inverted: bool = False) -> Image:
    return Image(
        pixels, uncalibrated(pixels.shape[1], pixels.shape[2], pixels.shape[0]), Window(128, 256), inverted=inverted
    )


def previewed(image: Image, mask: NDArray[np.uint8] | None, config: AugmentConfig, **more: Any) -> PreviewResult:
    return result_of(preview(PreviewRequest(image, 0, mask, CLASSES, config, 3, **more)))


def test_a_preview_shows_the_very_samples_of_a_training_with_that_seed() -> None:
    config, picture = load_preset("strong"), scan()
    made = previewed(slices(picture[None]), labels(), config, as_network_input=BYTES)
    assert len(made.samples) == COUNT
    for index, sample in enumerate(made.samples):
        wanted = Augmenter(config).apply(picture, labels(), (3, 0, index))
        np.testing.assert_array_equal(sample.picture, np.repeat(wanted.image[..., None], 3, axis=2))
        assert sample.applied == wanted.applied


def test_a_preview_tells_how_far_it_is_and_draws_the_mask_unless_the_network_looks() -> None:
    request = PreviewRequest(slices(scan()[None]), 0, labels(), CLASSES, AugmentConfig(), 0)
    assert list(preview(request)) == [Progress(done, COUNT) for done in range(COUNT + 1)]
    shown = result_of(preview(request))
    assert np.ptp(shown.original, axis=2).any()
    np.testing.assert_array_equal(shown.samples[0].picture, shown.original)
    bare = previewed(slices(scan()[None]), labels(), AugmentConfig(), as_network_input=BYTES)
    assert not np.ptp(bare.original, axis=2).any()


def test_pictures_hang_as_the_slice_does_on_the_screen() -> None:
    """A NIfTI slice is stored the other way round than it is shown: left and right must not change sides."""
    plain = slices(scan()[None])
    height, width = plain.shape[1:]
    stored = replace(plain, geometry=from_nifti(np.eye(4), (width, height, 1)))
    flips = display_flips(stored.geometry)
    assert flips != (False, False)
    one, two = (previewed(image, labels(), load_preset("strong")) for image in (stored, plain))
    assert np.array_equal(one.original, flip(two.original, flips))
    assert np.array_equal(one.samples[3].picture, flip(two.samples[3].picture, flips))


def test_sides_change_where_the_body_is_turned_over_not_the_picture() -> None:
    """A NIfTI whose rows run from side to side: left and right lie one below the other in the stored slice."""
    lying = slices(scan()[None])
    height, width = lying.shape[1:]
    upright = replace(lying, geometry=from_nifti(np.eye(4)[[1, 0, 2, 3]], (width, height, 1)))
    mask = np.zeros((height, width), np.uint8)
    mask[: height // 4] = 1
    always = {
        key: AugmentConfig({key: TransformSetting(True, 1.0, 0, 0)}) for key in ("flip_horizontal", "flip_vertical")
    }
    for image, key, turned in (
        (lying, "flip_horizontal", True),
        (lying, "flip_vertical", False),
        (upright, "flip_horizontal", False),
        (upright, "flip_vertical", True),
    ):
        made = previewed(image, mask, always[key])
        assert made.effect is not None and made.side_axis == ("across" if image is lying else "down")
        assert len(made.effect.mirrored) == (COUNT if turned else 0)
        assert made.effect.lateral == (image is upright), "it is on one side of the body, not of the picture"


@pytest.mark.parametrize(
    ("more", "shape"),
    [({}, (448, 336)), ({"size": 100}, (448, 336)), ({"as_network_input": BYTES, "size": 100}, (100, 75))],
)
def test_pictures_have_the_size_of_the_training_or_of_the_eye(more: dict[str, Any], shape: tuple[int, int]) -> None:
    made = previewed(slices(scan(800, 600)[None]), None, AugmentConfig(), **more)
    assert {each.shape for each in (made.original, made.samples[0].picture)} == {(*shape, 3)}
    assert made.effect is None


def test_a_preview_counts_what_is_covered_and_what_is_mirrored() -> None:
    always = {"cutout": TransformSetting(True, 1.0, 80, 80), "flip_horizontal": TransformSetting(True, 0.5, 0, 0)}
    mask = labels()
    made = previewed(slices(scan()[None]), mask, AugmentConfig(always))
    effect = made.effect
    assert effect is not None and effect.count == COUNT and effect.lateral == 2
    assert effect.shares[0].before == np.count_nonzero(mask == 1)
    assert effect.shares[0].lost_in and effect.covered == tuple(share.lost_in for share in effect.shares)
    keys = [{change.key for change in sample.applied} for sample in made.samples]
    assert list(effect.mirrored) == [index for index, done in enumerate(keys) if "flip_horizontal" in done]
    assert 0 < len(effect.mirrored) < COUNT
    for index, sample in enumerate(made.samples):
        assert sample.lost == tuple(share.value for share in effect.shares if index in share.lost_in)


def test_what_moves_out_of_the_picture_is_lost_but_not_covered() -> None:
    away = AugmentConfig({"shift": TransformSetting(True, 1.0, 50, 50)}, "constant")
    effect = previewed(slices(scan()[None]), labels(), away).effect
    assert effect is not None
    assert effect.shares[1].lost_in == tuple(range(COUNT)) and effect.covered == ((), ())


def test_a_network_gets_what_its_training_feeds() -> None:
    picture = scan()
    np.testing.assert_array_equal(network_input(slices(picture[None]), 0, BYTES), picture)
    np.testing.assert_array_equal(network_input(slices(picture[None], inverted=True), 0, BYTES), 255 - picture)
    values = np.linspace(-1000, 1000, 2 * 50 * 40, dtype=np.float32).reshape(2, 50, 40)
    values[1, 0, 0] = np.nan
    for inverted, rule in product((False, True), (Intensity("image"), Intensity("range", -150, 250))):
        image = replace(slices(values, inverted), modality="CT", unit="HU")
        (fed,) = to_unit(image, rule, 1)[1:]
        unit = network_input(image, 1, rule)
        assert unit.dtype == np.float32 and np.array_equal(unit, fed)


def test_a_ct_is_shown_in_the_range_of_its_set_whatever_air_is_in_it() -> None:
    values = np.full((1, 50, 40), -1000, np.float32)
    values[0, 20:30] = 100
    unit = network_input(replace(slices(values), modality="CT", unit="HU"), 0, Intensity("range", -150, 250))
    assert unit[0, 0] == 0.0 and unit[25, 5] == pytest.approx(250 / 400, abs=1e-3)


def test_the_lateral_class_is_plainly_on_one_side() -> None:
    mask = np.zeros((10, 100), np.uint8)
    mask[:, 45:56] = 1
    assert lateral_class(mask, 2) == 0
    mask[:, 70:80] = 2
    assert lateral_class(mask, 2) == 2
    mask[:, :5] = 3
    assert lateral_class(mask, 3) == 3
    assert lateral_class(np.zeros((10, 100), np.uint8), 2) == 0


def test_the_fullest_slice_is_the_one_with_most_labels_else_the_middle_one() -> None:
    volume = np.zeros((5, 300, 300), np.uint8)
    assert fullest_slice(volume) == 2 and fullest_slice(volume[:1]) == 0
    volume[4, :50], volume[1, :100] = 1, 1
    assert fullest_slice(volume) == 1
    volume[3] = UNLABELLED
    assert fullest_slice(volume) == 1, "what is unlabelled is no class"
