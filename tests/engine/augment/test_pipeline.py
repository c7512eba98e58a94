import colorsys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.augment.advice import side_notices, side_rule
from engine.augment.pipeline import Augmenter, Sample
from engine.augment.presets import load_preset, preset_names
from engine.augment.row import TransformSetting
from engine.augment.tone import _CHUNK, Tone, toned
from engine.augment.transforms import ROWS, TRANSFORMS, AugmentConfig
from engine.errors import EngineError
from engine.imaging.geometry import SideAxis
from engine.labels.sides import SIDE_RULES, Laterality

OFF = AugmentConfig()
ALL_ON = AugmentConfig({row.key: replace(row.default, on=True, chance=1.0) for row in TRANSFORMS})


def only(key: str, low: float, high: float | None = None, chance: float = 1.0) -> Augmenter:
    return Augmenter(AugmentConfig({key: TransformSetting(True, chance, low, low if high is None else high)}))


def scan(height: int = 48, width: int = 64, channels: int = 0) -> NDArray[np.uint8]:
    shape = (height, width, channels) if channels else (height, width)
    return np.random.default_rng(2).integers(0, 256, shape, np.uint8)


def labels(height: int = 48, width: int = 64) -> NDArray[np.uint8]:
    return np.random.default_rng(3).integers(0, 4, (height, width), np.uint8)


def same(one: Sample, other: Sample) -> bool:
    masks = (one.mask is None and other.mask is None) or np.array_equal(np.asarray(one.mask), np.asarray(other.mask))
    return one.image.tobytes() == other.image.tobytes() and masks and one.applied == other.applied


def test_the_lectures_transforms_are_all_there() -> None:
    lecture = {"flip_horizontal", "flip_vertical", "rotation", "zoom", "shift", "shear", "brightness", "noise"}
    assert lecture | {"color_jitter", "cutout"} <= set(ROWS)


@pytest.mark.parametrize("channels", [0, 1, 3])
@pytest.mark.parametrize("kind", [np.uint8, np.float32])
def test_off_returns_the_same_bytes_in_new_arrays(kind: Any, channels: int) -> None:
    image = (scan(channels=channels) / np.array(255 if kind == np.float32 else 1)).astype(kind)
    mask = labels()
    never = AugmentConfig({key: replace(setting, chance=0.0) for key, setting in ALL_ON.settings.items()})
    for config in (OFF, never):
        sample = Augmenter(config).apply(image, mask, (1, 2, 3))
        assert sample.image.tobytes() == image.tobytes() and sample.image.dtype == kind
        assert sample.mask is not None and sample.mask.tobytes() == mask.tobytes()
        assert sample.applied == ()
        assert not np.shares_memory(sample.image, image) and not np.shares_memory(sample.mask, mask)


@pytest.mark.parametrize("name", preset_names())
@pytest.mark.parametrize("channels", [0, 3])
def test_the_same_key_gives_the_same_bytes_in_any_order(name: str, channels: int) -> None:
    image, mask = scan(channels=channels), labels()
    before = (image.copy(), mask.copy())
    keys = [(7, epoch, index) for epoch in range(3) for index in range(4)]
    augmenter = Augmenter(load_preset(name))
    first = [augmenter.apply(image, mask, key, (40, 40)) for key in keys]
    backwards = [Augmenter(load_preset(name)).apply(image, mask, key, (40, 40)) for key in reversed(keys)]
    assert all(same(one, other) for one, other in zip(first, reversed(backwards), strict=True))
    np.testing.assert_array_equal(image, before[0])
    np.testing.assert_array_equal(mask, before[1])
    if name != "none":
        assert len({sample.image.tobytes() for sample in first}) > 6


def test_every_part_of_the_key_counts() -> None:
    keys = [(1, 2, 3), (0, 2, 3), (1, 0, 3), (1, 2, 0), (1, 2, 3, 0), (1, 2), (1, 2, 3, 1)]
    images = {only("rotation", -90, 90).apply(scan(), None, key).image.tobytes() for key in keys}
    assert len(images) == len(keys)


def test_switching_one_transform_leaves_the_draws_of_the_others() -> None:
    key = (5, 1, 9)
    every = {change.key: change for change in Augmenter(ALL_ON).apply(scan(channels=3), labels(), key).applied}
    assert list(every) == list(ROWS)
    for name, setting in ALL_ON.settings.items():
        alone = Augmenter(AugmentConfig({name: setting})).apply(scan(channels=3), labels(), key).applied
        assert alone == (every[name],)


@pytest.mark.parametrize("chance", [0.0, 0.3, 1.0])
def test_chances_are_kept(chance: float) -> None:
    augmenter = only("flip_horizontal", 0, chance=chance)
    hits = sum(bool(augmenter.apply(scan(4, 4), None, (0, index)).applied) for index in range(600))
    assert hits == 600 * chance if chance in (0, 1) else abs(hits - 180) < 45


def test_strengths_fill_their_range_and_stay_in_it() -> None:
    for key, low, high in (("rotation", -30, 10), ("zoom", 0.5, 2.0), ("noise", 2, 9), ("gamma", 0.8, 1.25)):
        drawn = [only(key, low, high).apply(scan(4, 4), None, (index,)).applied[0].strengths[0] for index in range(200)]
        assert low <= min(drawn) and max(drawn) <= high
        assert max(drawn) - min(drawn) > 0.9 * (high - low)
    halves = [
        only("zoom", 0.5, 2.0).apply(scan(4, 4), None, (index,)).applied[0].strengths[0] < 1 for index in range(400)
    ]
    assert abs(np.mean(halves) - 0.5) < 0.08  # a factor is as often below 1 as above


@pytest.mark.parametrize("kind", [np.uint8, np.float32])
def test_brightness_multiplies_contrast_keeps_the_mean_gamma_keeps_the_ends(kind: Any) -> None:
    full = 255 if kind == np.uint8 else 1
    image = (np.linspace(0.1, 0.7, 4096).reshape(64, 64) * full).astype(kind)
    brighter = only("brightness", 25).apply(image, None, (0,)).image
    np.testing.assert_allclose(brighter / full, image * 1.25 / full, atol=0.003)
    flatter = only("contrast", -50).apply(image, None, (0,)).image
    assert flatter.mean() == pytest.approx(image.mean(), rel=0.005)
    assert flatter.std() == pytest.approx(image.std() / 2, rel=0.02)
    ends = np.array([[0, full]], kind)
    np.testing.assert_array_equal(only("gamma", 2.0).apply(ends, None, (0,)).image, ends)
    np.testing.assert_allclose(
        only("gamma", 2.0).apply(image, None, (0,)).image / full, (image / full) ** 2, atol=0.003
    )


def test_brightness_on_colour_is_the_same_as_on_each_channel() -> None:
    image = scan(channels=3)
    config = AugmentConfig(
        {"brightness": TransformSetting(True, 1, -20, -20), "gamma": TransformSetting(True, 1, 1.3, 1.3)}
    )
    colored = Augmenter(config).apply(image, None, (0,)).image
    for channel in range(3):
        grey = Augmenter(config).apply(np.ascontiguousarray(image[..., channel]), None, (0,)).image
        assert np.abs(colored[..., channel].astype(int) - grey).max() <= 2


@pytest.mark.parametrize("kind", [np.uint8, np.float32])
@pytest.mark.parametrize("sigma", [3.0, 20.0])
def test_noise_has_its_deviation_and_no_bias(kind: Any, sigma: float) -> None:
    full = 255 if kind == np.uint8 else 1
    image = np.full((1100, 1300), 128 / 255 * full, kind)  # more values than one chunk of the pool
    sample = only("noise", sigma).apply(image, None, (1,))
    grain = (sample.image.astype(np.float64) - image) * 255 / full
    assert grain.std() == pytest.approx(sigma, rel=0.03)
    assert abs(grain.mean()) < 0.1
    assert sample.applied[0].text == f"σ {sigma:.0f}"
    flat = grain.ravel()
    rest = flat[_CHUNK:]
    assert abs(np.corrcoef(flat[: rest.size], rest)[0, 1]) < 0.02  # the second chunk is no copy of the first
    other = only("noise", sigma).apply(image, None, (2,)).image.astype(np.float64) * 255 / full - 128
    assert abs(np.corrcoef(grain.ravel(), other.ravel())[0, 1]) < 0.02


def test_float_stays_within_0_and_1() -> None:
    image = scan(channels=3).astype(np.float32) / np.float32(255)
    for index in range(10):
        changed = Augmenter(load_preset("strong")).apply(image, None, (index,)).image
        assert changed.dtype == np.float32 and changed.min() >= 0 and changed.max() <= 1


def test_colour_jitter_turns_hues_keeps_grey_and_skips_grey_pictures() -> None:
    red = np.full((8, 8, 3), (180, 40, 40), np.uint8)
    hues, values = set(), set()
    for index in range(20):
        sample = only("color_jitter", -30, 30).apply(red, None, (index,))
        hues.add(round(colorsys.rgb_to_hsv(*(sample.image[0, 0] / 255))[0], 3))
        values.add(tuple(sample.image[0, 0]))
    assert len(hues) > 15 and len(values) > 15
    for channels in (0, 1):
        sample = only("color_jitter", -30, 30).apply(scan(channels=channels), None, (0,))
        assert sample.applied == () and sample.image.tobytes() == scan(channels=channels).tobytes()
    assert only("color_jitter", -30, 30).apply(red, None, (0,), grey=True).image.tobytes() == red.tobytes()


def test_turning_the_hue_turns_colours_by_that_angle_and_leaves_grey_alone() -> None:
    grey = np.repeat(np.arange(256, dtype=np.uint8)[:, None, None], 3, axis=2)
    np.testing.assert_array_equal(toned(grey, Tone(hue=0.4)), grey)
    color = np.array([[[150, 110, 110]]], np.float32) / np.float32(255)
    turned = toned(color, Tone(hue=2 / 3))[0, 0]  # 120 degrees: red becomes green
    np.testing.assert_allclose(turned, np.array([110, 150, 110]) / 255, atol=1e-3)
    pale = toned(color, Tone(saturation=-1.0))[0, 0]
    assert np.ptp(pale) < 1e-6
    np.testing.assert_allclose(toned(color, Tone(balance=(0.1, 0, -0.1)))[0, 0] / color[0, 0], [1.1, 1, 0.9], atol=1e-5)


def test_cutout_blackens_one_square_and_takes_the_mask_with_it() -> None:
    image, mask = np.full((50, 80, 3), 255, np.uint8), np.full((50, 80), 2, np.uint8)
    places = set()
    for index in range(20):
        sample = only("cutout", 20).apply(image, mask, (index,))
        black = (sample.image == 0).all(axis=2)
        rows, columns = np.flatnonzero(black.any(axis=1)), np.flatnonzero(black.any(axis=0))
        assert black.sum() == 100 and len(rows) == len(columns) == 10  # a fifth of the shorter side
        np.testing.assert_array_equal(sample.mask == 0, black)
        assert sample.applied[0].text == "10 px"
        places.add((rows[0], columns[0]))
    assert len(places) > 15


def test_texts_of_what_was_applied() -> None:
    text = {key: row.text for key, row in ROWS.items()}
    assert text["rotation"]((-11.2,)) == "−11°"
    assert text["zoom"]((1.118,)) == "1.12"
    assert text["shift"]((8.0, -3.4)) == "+8 %, −3 %"
    assert text["shear"]((0.15,)) == "+0.1°"
    assert text["flip_horizontal"](()) == ""
    spans = {key: row.range_text(row.default) for key, row in ROWS.items()}
    assert spans["rotation"] == "±15°" and spans["zoom"] == "0.85–1.20" and spans["noise"] == "σ 0–14"
    assert spans["elastic"] == "0.5–1.5 %" and spans["cutout"] == "8–20 %" and spans["flip_vertical"] == ""
    assert ROWS["rotation"].range_text(TransformSetting(True, 1, -10, 20)) == "−10°–+20°"


@pytest.mark.parametrize(
    ("image", "mask"),
    [
        (np.zeros((4, 4), np.uint16), None),
        (np.zeros((1, 4, 4, 3), np.uint8), None),
        (np.zeros((4, 4), np.uint8), np.zeros((4, 5), np.uint8)),
        (np.zeros((4, 4), np.uint8), np.zeros((4, 4), np.int64)),
    ],
)
def test_arrays_of_other_kinds_are_refused(image: Any, mask: Any) -> None:
    with pytest.raises(ValueError, match="image"):
        Augmenter(OFF).apply(image, mask, (0,))


def test_an_augmentation_out_of_its_limits_is_refused_by_name() -> None:
    with pytest.raises(EngineError) as refused:
        Augmenter(AugmentConfig({"zoom": TransformSetting(False, 1.0, 0.0, 1.0)}))
    assert "zoom" in refused.value.text


def test_read_only_and_strided_input_is_fine() -> None:
    wide = scan(96, 128, 3)
    image, mask = wide[::2, ::2], labels(96, 128)[::2, ::2]
    image.flags.writeable = mask.flags.writeable = False
    expected = Augmenter(ALL_ON).apply(image.copy(), mask.copy(), (3,))
    assert same(Augmenter(ALL_ON).apply(image, mask, (3,)), expected)


@settings(deadline=None, max_examples=40)
@given(
    size=st.tuples(st.integers(1, 33), st.integers(1, 33)),
    channels=st.sampled_from([0, 1, 3, 4]),
    kind=st.sampled_from([np.uint8, np.float32]),
    out=st.none() | st.tuples(st.integers(1, 40), st.integers(1, 40)),
    name=st.sampled_from(preset_names()),
    key=st.lists(st.integers(0, 2**63), min_size=1, max_size=4),
)
def test_any_picture_comes_back_in_its_kind(
    size: tuple[int, int], channels: int, kind: Any, out: tuple[int, int] | None, name: str, key: list[int]
) -> None:
    image = (scan(*size, channels) / np.array(255 if kind == np.float32 else 1)).astype(kind)
    mask = labels(*size)
    sample = Augmenter(load_preset(name)).apply(image, mask, tuple(key), out)
    assert sample.image.shape == (*(out or size), *image.shape[2:]) and sample.image.dtype == kind
    assert sample.mask is not None and sample.mask.shape == (out or size)
    assert same(sample, Augmenter(load_preset(name)).apply(image, mask, tuple(key), out))


SIDED = np.array([[1, 2, 3, 0], [1, 0, 2, 255]], np.uint8)
"""Classes: 1 left, 2 heart, 3 right."""
PAIR = ((0, 2),)


def sided(config: AugmentConfig, rule: str, side_axis: SideAxis = "across") -> Sample:
    image = np.arange(8, dtype=np.uint8).reshape(2, 4)
    return Augmenter(config, Laterality(PAIR, rule)).apply(image, SIDED, (0,), side_axis=side_axis)


@pytest.mark.parametrize(
    ("keys", "turn", "across", "down"),
    [
        (("flip_horizontal",), 0.0, True, False),
        (("flip_vertical",), 0.0, False, True),
        (("flip_horizontal", "flip_vertical"), 0.0, True, True),
        (("rotation",), 180.0, True, True),
        (("rotation",), -180.0, True, True),
        (("rotation",), 90.0, False, False),
        (("flip_horizontal", "rotation"), 180.0, False, True),
        (("flip_vertical", "rotation"), 180.0, True, False),
        ((), 0.0, False, False),
    ],
)
@pytest.mark.parametrize("side_axis", ["across", "down", ""])
def test_left_and_right_change_names_where_they_change_places(
    keys: tuple[str, ...], turn: float, across: bool, down: bool, side_axis: SideAxis
) -> None:
    """Side by side, one below the other, or before and behind the slice."""
    swaps = {"across": across, "down": down, "": False}[side_axis]
    settings = {key: TransformSetting(True, 1.0, turn, turn) for key in keys}
    config = AugmentConfig(settings, fill="nearest")
    kept, swapped = sided(config, "keep", side_axis), sided(config, "swap", side_axis)
    assert kept.mirrored is swapped.mirrored is swaps
    np.testing.assert_array_equal(kept.image, swapped.image)
    assert kept.mask is not None and swapped.mask is not None
    other = {0: 0, 1: 3, 2: 2, 3: 1, 255: 255}
    expected = np.array([[other[value] if swaps else value for value in row] for row in kept.mask.tolist()], np.uint8)
    np.testing.assert_array_equal(swapped.mask, expected)


def test_a_mirror_image_exchanges_the_names_pixel_by_pixel() -> None:
    swapped = sided(AugmentConfig({"flip_horizontal": TransformSetting(True, 1.0, 0, 0)}), "swap")
    np.testing.assert_array_equal(swapped.image, [[3, 2, 1, 0], [7, 6, 5, 4]])
    assert swapped.mask is not None and swapped.mask.dtype == np.uint8
    np.testing.assert_array_equal(swapped.mask, [[0, 1, 2, 3], [255, 2, 0, 3]])


def test_without_mirror_images_no_sample_has_left_on_the_right() -> None:
    wild = {"flip_horizontal": TransformSetting(True, 1.0, 0, 0), "rotation": TransformSetting(True, 1.0, -180, 180)}
    for rule, count in (("keep", 40), ("off", 0)):
        augmenter = Augmenter(AugmentConfig(wild), Laterality((), rule))
        made = [augmenter.apply(scan(), None, (0, index)) for index in range(80)]
        assert sum(sample.mirrored for sample in made) == pytest.approx(count, abs=count / 2)
        assert {change.key for sample in made for change in sample.applied} == (
            {"rotation"} if rule == "off" else {"rotation", "flip_horizontal"}
        )
    with pytest.raises(EngineError, match="rotation"):
        Augmenter(AugmentConfig({"rotation": TransformSetting(True, 1.0, -500, 0)}), Laterality((), "off"))


def test_without_mirror_images_none_is_made_the_way_the_body_lies_either() -> None:
    both = {key: TransformSetting(True, 1.0, 0, 0) for key in ("flip_horizontal", "flip_vertical")}
    left: dict[SideAxis, set[str]] = {"across": {"flip_vertical"}, "down": set(), "": {"flip_vertical"}}
    for axis, keys in left.items():
        made = sided(AugmentConfig(both), "off", axis)
        assert {change.key for change in made.applied} == keys and not made.mirrored


def test_only_augmentations_that_mirror_are_warned_of_and_only_where_names_pair() -> None:
    names, flip = ("lung L", "heart", "lung R"), {"flip_horizontal": TransformSetting(True, 0.5, 0, 0)}
    for chosen in (
        {},
        {"flip_horizontal": TransformSetting(True, 0.0, 0, 0)},
        {"rotation": ROWS["rotation"].default},
    ):
        assert not list(side_notices(names, AugmentConfig(chosen), "keep"))
    assert not list(side_notices(("liver", "river"), AugmentConfig(flip), "keep"))
    [unpaired] = side_notices(("liver", "river"), AugmentConfig(flip), "swap")
    assert unpaired.text == "No two classes are left and right by their names: in mirror images all keep theirs."
    turned = {"rotation": TransformSetting(True, 0.5, -180, 180)}
    for chosen in (flip, turned):
        said = [notice.text for rule in SIDE_RULES for notice in side_notices(names, AugmentConfig(chosen), rule)]
        assert len(said) == 3 and all("lung L / lung R" in text for text in said)
        assert "sides=swap" in said[0]


def test_flips_up_and_down_are_warned_of_where_left_and_right_lie_so() -> None:
    names, flip = ("lung L", "lung R"), AugmentConfig({"flip_vertical": TransformSetting(True, 0.5, 0, 0)})
    assert not list(side_notices(names, flip, "keep")) and not list(side_notices(names, flip, "keep", [""]))
    (said,) = side_notices(names, flip, "keep", {"across", "down"})
    assert "sides=swap" in said.text
    across = AugmentConfig({"flip_horizontal": TransformSetting(True, 0.5, 0, 0)})
    assert not list(side_notices(names, across, "keep", ["down"]))
    asked: list[SideAxis] = ["down"]
    assert [side_rule(names, config, "swap", asked) for config in (flip, across)] == ["swap", "off"]
