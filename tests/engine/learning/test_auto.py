"""What Auto chooses, and the rules of pixels."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.catalog import encoders_of, rows
from engine.config import TrainConfig, check
from engine.imaging.geometry import uncalibrated
from engine.imaging.image import Image, Window
from engine.imaging.intensity import grey_of, rule_for, to_unit
from engine.learning import auto, classification, segmentation
from engine.learning.auto import Facts
from engine.learning.pace import Pace
from engine.learning.pixels import mean_std, pad, resize, resize_labels, scaled_size, to_batch
from engine.learning.segmentation import class_weights
from engine.learning.survey import PlaceKnowledge, survival
from engine.progress import result_of
from engine.project.project import Project


def disc(side: int, radius: int) -> np.ndarray:
    y, x = np.mgrid[:side, :side] - side / 2
    return np.asarray(y**2 + x**2 < radius**2, np.uint8)


def lines(side: int) -> np.ndarray:
    labels = np.zeros((side, side), np.uint8)
    labels[::6] = 1
    return labels


def test_large_organs_are_seen_whole_and_thin_ones_in_patches() -> None:
    organ, _ = auto.segmentation(TrainConfig(), Facts("cpu", 1024, [disc(1024, 300)], color=False))
    membrane, _ = auto.segmentation(TrainConfig(), Facts("cpu", 512, [lines(512)], color=False))
    assert (organ.size, organ.patch) == (256, 0)
    assert (membrane.size, membrane.patch) == (512, 256)


def test_wishes_are_kept() -> None:
    wish = TrainConfig(arch="fpn", encoder="mobilenet_v2", size=128, batch=3, rate=0.01, epochs=7, preset="gentle")
    chosen, _ = auto.segmentation(wish, Facts("cpu", 512, [], color=True))
    assert chosen == replace(wish, weights="none", sides="keep", first_size=0)


def test_without_a_limit_ten_minutes() -> None:
    assert auto.segmentation(TrainConfig(), Facts("cpu", 64, [], color=False))[0].minutes == auto.MINUTES
    assert auto.classification(TrainConfig(epochs=3), Facts("cpu", 64, [], color=False)).minutes == 0


def test_augmentation_goes_by_the_task_where_it_was_left_to_auto() -> None:
    facts = Facts("cpu", 64, [], color=False)
    assert auto.segmentation(TrainConfig(), facts)[0].preset == "standard"
    assert auto.classification(TrainConfig(), facts).preset == "films"
    assert auto.classification(TrainConfig(), replace(facts, color=True)).preset == "classification"
    assert auto.classification(TrainConfig(preset="standard"), facts).preset == "standard"


def test_a_film_larger_than_any_setting_is_brought_to_the_largest() -> None:
    chosen, _ = auto.segmentation(TrainConfig(), Facts("cpu", 5000, [lines(5000)], color=False))
    assert check(chosen).size == 4096


def test_small_slices_of_volumes_are_enlarged_where_they_are_seen_often() -> None:
    pace = Pace(2, "float32", ((128, 50.0), (256, 12.0)))

    def size(minutes: float = 4.0, images: int = 400, volumes: bool = True, asked: int = 0) -> int:
        facts = Facts("cpu", 48, [disc(48, 12)], color=False, images=images, shape=(48, 40), volumes=volumes)
        return auto.segmentation(TrainConfig(minutes=minutes, size=asked), facts, pace)[0].size

    assert size() == auto.SMALL_VOLUME
    assert size(images=40_000) == size(minutes=0.2) == 48, "minutes are few for so many"
    assert size(volumes=False) == 48 and size(asked=64) == 64


@pytest.mark.parametrize(
    ("asked", "volumes", "color", "seen"),
    [("auto", True, False, "yes"), ("auto", False, False, "no"), ("no", True, False, "no"), ("yes", True, True, "no")],
)
def test_slices_of_grey_volumes_are_seen_with_those_beside_them(
    asked: str, volumes: bool, color: bool, seen: str
) -> None:
    facts = Facts("cpu", 48, [], color=color, volumes=volumes)
    assert auto.neighbours(TrainConfig(neighbours=asked), facts) == seen


def test_the_rate_goes_by_where_a_training_starts() -> None:
    def rate(**wish: str) -> float:
        return auto.segmentation(TrainConfig(**wish), Facts("cpu", 64, [], color=False))[0].rate  # type: ignore[arg-type]

    assert rate() == 2e-3 and rate(weights="none") == 1e-3, "the built-in weights bear large steps"
    assert rate(encoder="resnet34", weights="imagenet") == 5e-4


def test_fine_tuning_steps_are_those_of_the_built_in_weights_and_smaller_elsewhere() -> None:
    facts = Facts("cpu", 64, [], color=False)

    def rate(**asked: str) -> float:
        return auto.segmentation(TrainConfig(**asked), facts)[0].rate  # type: ignore[arg-type]

    assert rate(start_from="run 1") == rate() == 0.002
    assert rate(start_from="run 1", encoder="resnet18") == 0.0003 < rate(encoder="resnet18", weights="none") == 0.001


def test_networks_that_need_two_images_get_them() -> None:
    assert auto.segmentation(TrainConfig(arch="pan", batch=1), Facts("cpu", 64, [], color=False))[0].batch == 2


def test_classes_weigh_more_the_further_they_are_below_the_others_mean() -> None:
    labels = np.zeros((100, 100), np.uint8)
    labels[:40], labels[40:44], labels[44, :10] = 1, 2, 3  # 40 %, 4 %, 0.1 %: 14.7 % on average
    assert class_weights([labels], 5) == pytest.approx([1, 1, 0.441 / 3 / 0.04, 10, 1])
    assert class_weights([np.where(labels == 1, labels, 0)], 5).tolist() == [1, 1, 1, 1, 1], (
        "one class has none to be rare beside"
    )
    assert class_weights([np.where(labels == 3, labels, 0)], 5).tolist() == [1, 1, 1, 10, 1], (
        "but it may be rare by itself"
    )
    assert class_weights([np.zeros_like(labels)], 5).tolist() == [1, 1, 1, 1, 1]


def test_survival() -> None:
    assert survival([disc(512, 150)], 256) > 0.98
    assert survival([lines(512)], 64) < 0.7
    assert survival([], 64) == 1


def shown(pixels: np.ndarray, unit: str = "", *, inverted: bool = False) -> Image:
    return Image(
        pixels,
        uncalibrated(pixels.shape[1], pixels.shape[2], pixels.shape[0]),
        Window(0, 1),
        unit=unit,
        inverted=inverted,
    )


def test_rules() -> None:
    bytes_ = shown(np.zeros((1, 4, 4), np.uint8))
    ct = shown(np.linspace(-1000, 1000, 4096).astype(np.int16).reshape(1, 64, 64), "HU")
    mr = shown(np.ones((1, 4, 4), np.float32))
    assert rule_for([grey_of(bytes_)]).rule == "bytes"
    rule = rule_for([grey_of(ct)])
    assert rule.rule == "range"
    assert rule.low == pytest.approx(-990, abs=5)
    assert rule_for([grey_of(bytes_), grey_of(mr)]).rule == "image"


def test_unit_is_finite_in_range_and_inverted_where_asked() -> None:
    pixels = np.array([[[np.nan, -5.0], [1e30, 3.0]]], np.float32)
    unit = to_unit(shown(pixels), rule_for([grey_of(shown(pixels))]), 1).astype(np.float32)
    assert np.isfinite(unit).all()
    assert unit.min() >= 0
    assert unit.max() <= 1
    grey = np.array([[[0, 255]]], np.uint8)
    assert to_unit(shown(grey, inverted=True), rule_for([grey_of(shown(grey))]), 1).tolist() == [[[255, 0]]]


def test_channels_are_made() -> None:
    grey, rgb = np.full((1, 2, 2), 7, np.uint8), np.full((1, 2, 2, 3), 9, np.uint8)
    assert to_unit(shown(grey), rule_for([grey_of(shown(grey))]), 3).shape == (1, 2, 2, 3)
    assert to_unit(shown(rgb), rule_for([grey_of(shown(rgb))]), 1).shape == (1, 2, 2)


def test_normalised_to_zero_mean_and_unit_spread() -> None:
    pictures = list(np.random.default_rng(0).integers(0, 256, (5, 16, 16)).astype(np.uint8))
    mean, deviation = mean_std(pictures)
    rule = replace(rule_for([grey_of(shown(np.stack(pictures)))]), mean=mean, deviation=deviation)
    batch = to_batch(pictures, rule)
    assert batch.shape == (5, 1, 16, 16)
    assert float(batch.mean()) == pytest.approx(0, abs=1e-3)
    assert float(batch.std()) == pytest.approx(1, abs=1e-2)


def test_sizes() -> None:
    assert scaled_size(100, 50, 64) == (64, 32)
    assert scaled_size(100, 50, 0) == (100, 50)
    labels = np.array([[0, 1], [2, 5]], np.uint8)
    assert set(np.unique(resize_labels(labels, 7, 9))) == {0, 1, 2, 5}
    assert resize(np.full((8, 8), 0.5, np.float16), 4, 4).dtype == np.float16
    assert pad(np.ones((2, 3, 3), np.uint8), 4, 5).shape == (4, 5, 3)


def test_encoder_of_one_side_is_given_patches_of_it() -> None:
    facts = Facts("cpu", 600, [lines(600)], color=False)
    chosen, said = auto.segmentation(TrainConfig(encoder="tu-coat_lite_mini"), facts)
    assert chosen.patch == 224
    assert "224" in str(said)
    assert auto.segmentation(TrainConfig(encoder="tu-maxvit_nano_rw_256", patch=500), facts)[0].patch == 256
    assert auto.segmentation(TrainConfig(encoder="tu-convnext_atto", patch=100), facts)[0].patch == 100


@pytest.mark.parametrize("device", ["cpu", "cuda"])
@pytest.mark.parametrize("weights", ["none", "imagenet"])
def test_auto_takes_an_encoder_that_the_network_can_have(device: str, weights: str) -> None:
    for row in rows("segmentation"):
        chosen, _ = auto.segmentation(TrainConfig(arch=row.name, weights=weights), Facts(device, 96, [], color=False))
        assert not row.encoders or chosen.encoder in encoders_of(row.name)
    assert auto.segmentation(TrainConfig(arch="dpt"), Facts("cpu", 96, [], color=False))[0].encoder.startswith("tu-vit")


def test_a_network_of_one_size_is_not_taken_to_begin_on_smaller_images() -> None:
    facts = Facts("cpu", 224, [disc(224, 60)] * 4, color=False, images=100, shape=(224, 224))
    asked = TrainConfig(encoder="tu-swin_tiny_patch4_window7_224", minutes=4)
    chosen, said = auto.segmentation(asked, facts, FAST)
    images, large = auto.seen(chosen, facts, FAST, chosen.size)
    assert (chosen.size, chosen.first_size, chosen.patch) == (224, 0, 0) and images == large
    assert round(images / chosen.batch) in [notice.values.get("steps") for notice in said]


FAST, SLOW = Pace(2, "float32", ((128, 40.0), (256, 10.0))), Pace(1, "float32", ((128, 4.0), (256, 1.0)))
FILM = Facts("cpu", 1024, [disc(1024, 300)] * 4, color=False, images=100, shape=(1024, 1024))


def test_the_minutes_decide_the_size_and_the_reason_is_said() -> None:
    quick, said = auto.segmentation(TrainConfig(minutes=4), FILM, FAST)
    slow, why = auto.segmentation(TrainConfig(minutes=1), FILM, SLOW)
    assert (quick.size, quick.first_size) == (256, 128)
    assert slow.size == 128
    assert any("4 min buy about" in notice.text and "384 px would buy" in notice.text for notice in said)
    assert any("seen about" in notice.text for notice in why)
    assert (slow.threads, slow.precision) == (1, "float32")
    assert auto.segmentation(TrainConfig(minutes=1, size=512), FILM, SLOW)[0].size == 512


@pytest.mark.parametrize("minutes", [0.5, 1, 2, 4, 8, 20])
@pytest.mark.parametrize("pace", [FAST, SLOW])
def test_a_larger_size_is_held_against_what_is_bought_where_it_buys_less(minutes: float, pace: Pace) -> None:
    whole = replace(FILM, place=PlaceKnowledge(0.5, 0.9, 0.9))
    _, said = auto.segmentation(TrainConfig(minutes=minutes), whole, pace)
    for values in (notice.values for notice in said if "larger" in notice.values):
        few, steps, larger = values["few"], values["steps"], values["larger"]
        assert isinstance(few, int) and isinstance(steps, int) and isinstance(larger, int) and few < steps
        asked, named = auto.segmentation(TrainConfig(minutes=minutes, size=larger), whole, pace)
        assert few in [notice.values.get("steps") for notice in named], f"{larger} px asked for: {asked.first_size}"


def test_where_the_place_tells_the_class_the_image_is_seen_whole() -> None:
    thin = replace(FILM, longest=512, shape=(512, 512), masks=[lines(512)])
    known = replace(thin, place=PlaceKnowledge(0.5, 0.9, 0.9))
    assert auto.segmentation(TrainConfig(minutes=4), thin, FAST)[0].patch == 256
    chosen, said = auto.segmentation(TrainConfig(minutes=4), known, FAST)
    assert chosen.patch == 0
    assert any("whole images" in notice.text for notice in said)


def test_mirror_images_swap_sides_that_names_tell_and_are_left_out_where_places_do() -> None:
    lies = PlaceKnowledge(0.5, 0.9, 0.1)
    for classes, place, rule in (
        (("left lung", "right lung"), lies, "swap"),
        (("a", "b"), lies, "off"),
        (("a", "b"), PlaceKnowledge(0.5, 0.9, 0.8), "keep"),
    ):
        facts = replace(FILM, classes=classes, place=place)
        assert auto.segmentation(TrainConfig(), facts)[0].sides == rule
        assert auto.segmentation(TrainConfig(sides="keep"), facts)[0].sides == "keep"
        for asked in ("auto", "off"):
            said = [notice.text for notice in auto.segmentation(TrainConfig(sides=asked), facts)[1]]
            ours = asked == "auto" and rule == "off"
            assert any("No mirror images" in text for text in said) == ours, "what was set by hand needs no reason"


def test_it_starts_from_the_weights_that_come_with_the_program_where_the_network_takes_them() -> None:
    started = auto.with_network(TrainConfig(), "cpu")
    assert (started.encoder, started.weights) == (auto.BUILT_IN, "imagenet")
    assert auto.with_network(TrainConfig(arch="unet"), "cpu").weights == "none"
    assert auto.with_network(TrainConfig(encoder="resnet18"), "cpu").weights == "none"
    assert auto.with_network(TrainConfig(weights="none"), "cpu").encoder == "resnet18"
    assert auto.with_network(TrainConfig(start_from="run 1", encoder="resnet18"), "cpu").weights == "none"


def test_nothing_is_said_of_settings_left_as_they_come_or_that_count() -> None:
    for learnt in ("masks", "objects", "classes"):
        assert not list(auto.idle_settings(TrainConfig(), learnt))
    assert not list(auto.idle_settings(TrainConfig(label_smoothing=0.1), "classes"))
    assert not list(auto.idle_settings(TrainConfig(loss="focal", balance=False, patch=64, first_size=64), "masks"))


def test_each_idle_setting_is_named() -> None:
    def names(learnt: str) -> list[object]:
        asked = TrainConfig(loss="focal", balance=False, patch=64, first_size=64, label_smoothing=0.1, neighbours="yes")
        return [notice.values["name"] for notice in auto.idle_settings(asked, learnt)]  # type: ignore[arg-type]

    assert names("masks") == ["label_smoothing"]
    assert names("objects") == ["loss", "first_size", "neighbours", "label_smoothing", "balance"]
    assert names("classes") == ["first_size", "patch", "neighbours"]


@pytest.mark.parametrize(("first", "size", "patch"), [(96, 96, 0), (128, 96, 0), (128, 256, 64)])
def test_a_first_size_that_is_not_smaller_is_said(first: int, size: int, patch: int) -> None:
    [said] = auto.never_smaller(TrainConfig(first_size=first), TrainConfig(first_size=first, size=size, patch=patch))
    assert str(first) in said.text and str(patch or size) in said.text


def test_a_first_size_that_counts_or_that_auto_chose_is_not() -> None:
    assert not list(auto.never_smaller(TrainConfig(first_size=128), TrainConfig(first_size=128, size=256)))
    assert not list(auto.never_smaller(TrainConfig(), TrainConfig(first_size=128, size=128)))


def test_plans_say_it(project: Path, classes: Path) -> None:
    with Project.open(project) as opened:
        asked = TrainConfig(epochs=1, size=48, first_size=64, label_smoothing=0.2, device="cpu", weights="none")
        said = [notice.text for notice in result_of(segmentation.planned(opened, asked)).said]
    assert '"Label smoothing" (label_smoothing) was set, and changes nothing in a training of this kind.' in said
    assert "The first size of 64 px changes nothing: the network sees 48 px from the start." in said
    with Project.open(classes) as opened:
        asked = TrainConfig(arch="lenet5", epochs=1, patch=16, device="cpu")
        said = [notice.text for notice in classification.planned(opened, asked).said]
    assert '"Patch" (patch) was set, and changes nothing in a training of this kind.' in said
