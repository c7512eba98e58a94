"""Prediction: tiles equal the whole where they must, agree with MONAI's stitcher, and follow the memory."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.utils._python_dispatch import TorchDispatchMode

from engine.config import PredictConfig, TrainConfig
from engine.errors import EngineError
from engine.imaging.geometry import SideAxis, from_nifti, uncalibrated
from engine.imaging.image import Image, Window
from engine.imaging.intensity import Intensity
from engine.labels.classes import parse_classes
from engine.learning import bundle
from engine.learning.bundle import ModelCard, TrainingImages
from engine.learning.evaluate import evaluate_classes
from engine.learning.pixels import resize, scaled_size, to_batch
from engine.learning.predict import Predictor, letterbox, predict_files, predict_items
from engine.progress import Notice, result_of
from engine.project.class_removal import remove_class
from engine.project.layers import Predicted
from engine.project.project import Project
from engine.project.runs import Classified

CARD = ModelCard(
    task="segmentation",
    arch="unet",
    encoder="",
    channels=1,
    classes=(("a", "#E69F00"), ("b", "#56B4E9")),
    intensity=Intensity("bytes", mean=(0.5,), deviation=(0.25,)),
    size=0,
    patch=64,
    options={"width": 8},
)


class Bands(nn.Module):
    """Logits that depend on the pixel alone: background where dark, a in the middle, b where bright."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([-x - 1, -x.abs() * 2, x - 1], dim=1)


class Blur(nn.Module):
    """Logits that depend on a small neighbourhood, as a real network's do."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.conv = nn.Conv2d(1, 3, 9, padding=4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        found: torch.Tensor = self.conv(x)
        return found


def image(height: int, width: int, slices: int = 1, seed: int = 0) -> Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (slices, height, width)).astype(np.uint8)
    return Image(pixels, uncalibrated(height, width, slices), Window(127.5, 255))


def predictor(network: nn.Module, card: ModelCard = CARD, **config: object) -> Predictor:
    return Predictor(network, card, PredictConfig(device="cpu", **config), dtype="float32")  # type: ignore[arg-type]


@pytest.mark.parametrize(("height", "width"), [(64, 64), (65, 200), (200, 65), (150, 333), (20, 300)])
def test_tiles_see_what_the_whole_sees(height: int, width: int) -> None:
    shown = image(height, width)
    tiled = result_of(predictor(Bands()).labels(shown))
    whole = result_of(predictor(Bands(), replace(CARD, patch=0)).labels(shown))
    assert tiled.shape == (1, height, width)
    assert np.array_equal(tiled, whole)


def test_agrees_with_monai() -> None:
    from monai.inferers.utils import sliding_window_inference

    shown, network = image(160, 224), Blur().eval()
    ours = predictor(network, overlap=0.5)
    mine = ours.tiled(shown.pixels[0], ours.card.patch)[0]
    batch = to_batch([shown.pixels[0]], CARD.intensity)
    with torch.inference_mode():
        theirs = sliding_window_inference(batch, (64, 64), 4, network, overlap=0.5, mode="gaussian")
    assert isinstance(theirs, torch.Tensor)
    # away from the tiles' rims, where the weights of both are the same shape, the logits are too
    assert (mine.argmax(0) == theirs[0].argmax(0)).float().mean() > 0.97


def test_volumes_go_slice_by_slice() -> None:
    shown = image(40, 30, slices=11)
    labels = result_of(predictor(Bands(), replace(CARD, patch=0)).labels(shown))
    each = [result_of(predictor(Bands(), replace(CARD, patch=0)).labels(_slice(shown, z)))[0] for z in range(11)]
    assert np.array_equal(labels, np.stack(each))


def test_resized_logits_come_back_at_the_own_size() -> None:
    shown = image(100, 60)
    labels = result_of(predictor(Bands(), replace(CARD, size=32, patch=0)).labels(shown))
    assert labels.shape == (1, 100, 60)


class Many(nn.Module):
    """Logits of 40 classes, each of another neighbourhood."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.conv = nn.Conv2d(1, 41, 5, padding=2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        found: torch.Tensor = self.conv(x)
        return found


MANY = replace(CARD, classes=tuple((f"c{n}", "#E69F00") for n in range(40)))


class Largest(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Notes the bytes of the largest tensor that is made meanwhile."""

    most = 0

    def __torch_dispatch__(
        self, func: Callable[..., object], types: object, args: tuple[object, ...] = (), kwargs: Any = None
    ) -> object:
        made = func(*args, **(kwargs or {}))
        for one in made if isinstance(made, tuple | list) else (made,):
            if isinstance(one, torch.Tensor):
                self.most = max(self.most, one.untyped_storage().nbytes())
        return made


def _whole(asked: Predictor, shown: Image, side: int) -> torch.Tensor:
    """All class scores of all slices at the image's own size: what is never held."""
    size = asked.card.size or max(shown.shape[1:])
    pictures = [resize(p, *scaled_size(*shown.shape[1:], size)) for p in shown.pixels]
    scores = torch.cat([asked.tiled(p, side) for p in pictures]) if side else asked.logits(pictures)
    return functional.interpolate(scores, size=shown.shape[1:], mode="bilinear", align_corners=False)


@pytest.mark.parametrize("flips", [False, True], ids=["plain", "mirrored"])
@pytest.mark.parametrize(
    ("size", "patch"), [(0, 0), (80, 0), (300, 0), (0, 64), (130, 64), (500, 64)], ids=lambda n: str(n)
)
def test_parts_say_what_the_whole_says(monkeypatch: pytest.MonkeyPatch, size: int, patch: int, *, flips: bool) -> None:
    """Bands, strips and pieces of any size: the likeliest class is that of all scores at once."""
    monkeypatch.setattr("engine.learning.predict._SUMS", 41 * 64 * 100 * 4)
    monkeypatch.setattr("engine.learning.predict._PIECE", 41 * 200 * 4 * 7)
    shown = image(211, 257, slices=2)
    asked = predictor(Many(), replace(MANY, size=size, patch=patch), flips=flips)
    scores = _whole(asked, shown, patch)
    said = result_of(asked.labels(shown))
    best, chosen = scores.max(dim=1).values, scores.gather(1, torch.from_numpy(said)[:, None].long())[:, 0]
    assert (best - chosen).max() < 1e-4
    assert (scores.argmax(dim=1).numpy() == said).mean() > 0.9999


@pytest.mark.parametrize("flips", [False, True], ids=["plain", "mirrored"])
@pytest.mark.parametrize(("size", "patch"), [(64, 0), (0, 64), (150, 64), (700, 64)], ids=lambda n: str(n))
def test_memory_does_not_grow_with_size_nor_classes(
    monkeypatch: pytest.MonkeyPatch, size: int, patch: int, *, flips: bool
) -> None:
    room = 41 * 64 * 64 * 4 * 2  # 1.3 MB: two tiles; all scores of the image would be 25 MB
    for name in ("_SUMS", "_SCORES", "_PIECE"):
        monkeypatch.setattr(f"engine.learning.predict.{name}", room)
    card = replace(MANY, size=size, patch=patch)
    asked, shown = predictor(Many(), card, flips=flips, overlap=0.25), image(300, 500, slices=2)
    with Largest() as made:  # type: ignore[no-untyped-call]
        result_of(asked.labels(shown))
    assert 0 < made.most < 1.2 * room


def test_flips_are_averaged() -> None:
    shown = image(48, 48)
    plain = predictor(Blur(), replace(CARD, patch=0)).logits([shown.pixels[0]])
    mirrored = predictor(Blur(), replace(CARD, patch=0), flips=True).logits([shown.pixels[0]])
    other = predictor(Blur(), replace(CARD, patch=0)).logits([np.ascontiguousarray(shown.pixels[0][:, ::-1])]).flip(-1)
    assert torch.allclose(mirrored, (plain + other) / 2, atol=1e-5)


@pytest.mark.parametrize(
    ("rule", "side_axis", "exchanged"),
    [
        ("keep", "across", False),
        ("swap", "across", True),
        ("off", "across", True),
        (None, "across", False),
        ("swap", "down", False),
        ("off", "", False),
    ],
)
def test_a_mirror_image_says_right_of_what_is_left(rule: str | None, side_axis: SideAxis, exchanged: bool) -> None:
    shown, recipe = image(48, 48), {} if rule is None else {"sides": rule}
    card = replace(CARD, patch=0, classes=(("lung L", ""), ("lung R", "")), recipe=recipe)
    plain = predictor(Blur(), card).logits([shown.pixels[0]])
    other = predictor(Blur(), card).logits([np.ascontiguousarray(shown.pixels[0][:, ::-1])]).flip(-1)
    other = other[:, [0, 2, 1]] if exchanged else other
    averaged = predictor(Blur(), card, flips=True).logits([shown.pixels[0]], side_axis)
    assert averaged.shape[1] == 3 and not torch.equal(averaged[:, 1], averaged[:, 2])
    assert torch.allclose(averaged, (plain + other) / 2, atol=1e-5)


@pytest.mark.parametrize("patch", [0, 32])
def test_left_and_right_of_a_volume_are_those_of_its_grid(patch: int) -> None:
    """Its rows run from side to side, so that a mirror image turns the front to the back."""
    shown = image(48, 48)
    shown = replace(shown, geometry=from_nifti(np.eye(4)[[1, 0, 2, 3]], (48, 48, 1)))
    card = replace(CARD, patch=patch, classes=(("lung L", ""), ("lung R", "")))
    kept, swapped = (replace(card, recipe={"sides": rule}) for rule in ("keep", "swap"))
    one, other = (result_of(predictor(Blur(), each, flips=True).labels(shown)) for each in (kept, swapped))
    assert len(np.unique(one)) == 3 and np.array_equal(one, other)


def test_small_memory_takes_fewer_at_a_time() -> None:
    network = Bands()
    asked = predictor(network, replace(CARD, patch=0))
    network.register_forward_pre_hook(_refuse(3))
    labels = result_of(asked.labels(image(16, 16, slices=9)))
    assert labels.shape == (9, 16, 16)
    assert asked.batch == 2
    assert "2 images" in list(asked.drain_notices())[-1].text


def test_small_memory_takes_fewer_tiles_at_a_time() -> None:
    network = Bands()
    asked, shown = predictor(network), image(64, 300)
    wanted = result_of(predictor(Bands()).labels(shown))
    network.register_forward_pre_hook(_refuse(1))
    assert np.array_equal(result_of(asked.labels(shown)), wanted)
    assert [notice.text for notice in asked.drain_notices()] == [
        "The memory was too small: 2 images at a time now.",
        "The memory was too small: one image at a time now.",
    ]
    assert not list(asked.drain_notices())


def test_too_small_a_memory_for_one_is_said_in_words() -> None:
    network = Bands()
    network.register_forward_pre_hook(_refuse(0))
    for card in (CARD, replace(CARD, patch=0)):
        with pytest.raises(EngineError, match="single image") as raised:
            result_of(predictor(network, card).labels(image(16, 80)))
        assert "another device" in raised.value.advice


def test_too_small_a_memory_for_the_full_size_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = predictor(Bands(), replace(CARD, size=32, patch=0))

    def refused(*_: object, **__: object) -> None:
        raise torch.OutOfMemoryError("made by the test")

    monkeypatch.setattr("torch.lerp", refused)
    with pytest.raises(EngineError, match="single image"):
        result_of(asked.labels(image(100, 60)))


def test_what_the_device_cannot_hold_is_made_on_the_processor() -> None:
    asked = predictor(Bands())
    asked.device = torch.device("meta")  # stands for a graphics card: what fails there is tried once more
    tried = []

    def once(tensors: Sequence[torch.Tensor]) -> torch.Tensor:
        tried.append(len(tensors))
        if len(tried) == 1:
            raise torch.OutOfMemoryError("made by the test")
        return tensors[0] + 1

    assert asked.with_cpu_fallback(once, [torch.zeros(2)]).tolist() == [1, 1]
    assert tried == [1, 1]


def test_other_faults_are_not_taken_for_memory() -> None:
    network = Bands()

    def fail(*_: object) -> None:
        raise RuntimeError("shapes do not match")

    network.register_forward_pre_hook(fail)
    with pytest.raises(RuntimeError, match="shapes"):
        result_of(predictor(network).labels(image(16, 16)))


def test_the_layout_is_that_of_the_training() -> None:
    network = nn.Conv2d(3, 3, 3, padding=1)
    for wanted, layout in (("yes", torch.channels_last), ("no", torch.contiguous_format)):
        Predictor(network, replace(CARD, channels=3), PredictConfig(device="cpu"), "float32", wanted)
        assert network.weight.is_contiguous(memory_format=layout)


def test_squared_keeps_the_proportions() -> None:
    picture = np.zeros((40, 80), np.uint8)
    picture[10:30, 20:60] = 200
    done = letterbox(picture, 32)
    assert done.shape == (32, 32)
    inner = done > 100
    assert inner.sum(axis=1).max() == pytest.approx(16, abs=1)
    assert inner.sum(axis=0).max() == pytest.approx(8, abs=1)


def _refuse(more_than: int) -> Callable[[nn.Module, tuple[torch.Tensor]], None]:
    def hook(module: nn.Module, inputs: tuple[torch.Tensor]) -> None:
        if len(inputs[0]) > more_than:
            raise torch.OutOfMemoryError("made by the test")

    return hook


def _slice(shown: Image, z: int) -> Image:
    return replace(
        shown, pixels=shown.pixels[z : z + 1], geometry=uncalibrated(shown.pixels.shape[1], shown.pixels.shape[2])
    )


def test_class_that_the_project_no_longer_has_is_background(project: Path) -> None:
    card = ModelCard(
        task="segmentation",
        arch="unet-smp",
        encoder="resnet18",
        channels=1,
        classes=(("disc", "#E69F00"), ("square", "#56B4E9"), ("slip", "#009E73")),
        intensity=Intensity("bytes"),
        size=48,
    )
    weights = bundle.build(card).state_dict()
    weights["net.segmentation_head.0.bias"] = torch.tensor([0.0, 0.0, 0.0, 99.0])  # sees the third class everywhere
    with Project.open(project) as opened:
        run = opened.runs.add(TrainConfig(), "r")
        bundle.save(run.bundle, card, weights)
        items = [item.id for item in opened.items.all("test")]
    events = list(predict_items(project, "r", items, PredictConfig(device="cpu")))
    said = [event.text for event in events if isinstance(event, Notice)]
    assert said[0] == "r knows slip, which the project no longer has: it was taken as background."
    assert [event.tiles for event in events if isinstance(event, Predicted)] == [()] * len(items)


def overflowing(card: ModelCard) -> dict[str, torch.Tensor]:
    """Weights, each a number, whose sums are none: the last ones are added up over features that are far above 0."""
    weights = bundle.build(card).state_dict()
    last = [name for name, values in weights.items() if values.ndim > 1][-1]
    biases = {name: torch.ones_like(values) for name, values in weights.items() if name.endswith(".bias")}
    return weights | biases | {last: torch.full_like(weights[last], 3e38)}


@pytest.mark.parametrize("count", [1, 3])
def test_answers_of_a_classifier_that_are_no_numbers_are_said_and_count_as_wrong(classes: Path, count: int) -> None:
    card = ModelCard("classification", "lenet5", "", 1, (("dark", ""), ("bright", "")), Intensity("bytes"), 32)
    with Project.open(classes) as opened:
        run = opened.runs.add(TrainConfig(), "r")
        bundle.save(run.bundle, card, overflowing(card))
        items = opened.items.all("test")[:count]
        said = []
        for event in predict_items(classes, "r", [item.id for item in items], PredictConfig(device="cpu")):
            if isinstance(event, Classified):
                opened.keep_prediction(run, event)
            elif isinstance(event, Notice):
                said.append(event.text)
    names = ", ".join(item.name for item in items)
    assert said == [
        f"The network's answer to 1 image is no number (NaN or infinite), so that it names no class: {names}."
        if count == 1
        else f"The network's answers to 3 images are no numbers (NaN or infinite), so that they name no class: {names}."
    ]
    scores = evaluate_classes(classes, "r", "test")
    assert (scores.n, scores.unanswered, scores.accuracy, scores.auc) == (count, count, 0.0, None)


def test_masks_of_scores_that_are_no_numbers_are_said(project: Path) -> None:
    with Project.open(project) as opened:
        run = opened.runs.add(TrainConfig(), "r")
        items = opened.items.all("test")[:2]
    bundle.save(run.bundle, CARD, overflowing(CARD))
    expected = (
        "Some of the network's scores of 2 images are no numbers (NaN or infinite): what it paints there means nothing"
    )
    ids, config = [item.id for item in items], PredictConfig(device="cpu")
    said = [event.text for event in predict_items(project, run.id, ids, config) if isinstance(event, Notice)]
    assert said == [f"{expected}: {items[0].name}, {items[1].name}."]
    of_files = predict_files(run.bundle, [item.present() for item in items], config)
    said = [event.text for event in of_files if isinstance(event, Notice)]
    assert len(said) == 1 and said[0].startswith(expected) and f"{items[0].name}.png" in said[0]
    bundle.save(run.bundle, CARD, bundle.build(CARD).state_dict())
    assert not [event for event in predict_items(project, run.id, ids, config) if isinstance(event, Notice)]


@pytest.mark.parametrize("patch", [0, 64])
def test_wide_field_is_predicted_at_the_scale_of_the_training(patch: int) -> None:
    """A mosaic of 4 x 4 tiles, of which one has the field of the training's images: each is labelled as if it came alone."""
    tile = image(64, 64).pixels[0]
    mosaic = np.tile(tile, (4, 4))[None]
    shown = Image(mosaic, uncalibrated(256, 256, 1, (1.0, 1.0, 1.0)), Window(127.5, 255))
    card = replace(CARD, size=64, patch=patch, images=TrainingImages(sides=(64, 64), spacing=(1.0, 1.0)))
    alone = result_of(predictor(Bands(), card).labels(image(64, 64)))[0]
    assert np.array_equal(result_of(predictor(Bands(), card).labels(shown))[0], np.tile(alone, (4, 4)))


def test_items_unlike_the_training_are_spoken_of_once(project: Path) -> None:
    with Project.open(project) as opened:
        run = opened.runs.add(TrainConfig(), "r")
        items = [item.id for item in opened.items.all()]
    card = replace(CARD, intensity=Intensity("range", -1000.0, 1000.0))
    bundle.save(run.bundle, card, bundle.build(card).state_dict())
    said = [str(e) for e in predict_items(project, run.id, items, PredictConfig(device="cpu")) if isinstance(e, Notice)]
    assert len(said) == 2
    assert "HU" in said[0]
    assert str(len(items) - 1) in said[1]


@pytest.mark.parametrize("kept", [True, False])
def test_what_a_run_paints_follows_its_classes(project: Path, kept: bool) -> None:
    def painted() -> np.ndarray:
        events = list(predict_items(project, run.id, [item], PredictConfig(device="cpu")))
        said.extend(str(event) for event in events if isinstance(event, Notice) and "knows" in event.message)
        with Project.open(project) as opened:
            for event in events:
                if isinstance(event, Predicted):
                    opened.keep_prediction(run, event)
            layer = opened.layers.prediction(item, run.id)
            assert layer is not None
            return opened.layers.read(layer, (1, 48, 48))

    said: list[str] = []
    torch.manual_seed(3)
    with Project.open(project) as opened:
        item = opened.items.all()[0].id
        run = opened.runs.update(opened.runs.add(TrainConfig(), "r"), "finished")
        names = tuple((one.name, one.color) for one in opened.classes)
        card = replace(CARD, classes=names, identities=tuple(one.identity for one in opened.classes) if kept else ())
        bundle.save(run.bundle, card, bundle.build(card).state_dict())
    before = painted()
    assert {1, 2} <= set(np.unique(before).tolist()) and not said
    with Project.open(project) as opened:
        opened.set_classes(parse_classes("disc,square,new"))
        result_of(remove_class(opened, 1))
        assert [one.name for one in opened.classes] == ["square", "new"]
    np.testing.assert_array_equal(painted(), np.array([0, 0, 1], np.uint8)[before])
    assert said == ["r knows disc, which the project no longer has: it was taken as background."]
