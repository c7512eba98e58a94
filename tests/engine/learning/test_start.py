"""Fine-tuning: outputs are matched by class name, and what is new starts afresh."""

from dataclasses import replace

import pytest
import torch

from engine.errors import EngineError
from engine.imaging.intensity import Intensity
from engine.learning import bundle
from engine.learning.bundle import ModelCard
from engine.learning.weights import fine_tune, matched_outputs

OLD = ModelCard(
    task="segmentation",
    arch="unet-smp",
    encoder="resnet18",
    channels=1,
    classes=(("liver", "#E69F00"), ("spleen", "#56B4E9")),
    intensity=Intensity("bytes"),
    size=64,
)


def head(weights: dict[str, torch.Tensor]) -> torch.Tensor:
    return next(v for k, v in weights.items() if k.endswith("segmentation_head.0.weight"))


def test_same_classes_take_everything() -> None:
    torch.manual_seed(0)
    old, new = bundle.build(OLD), bundle.build(OLD)
    assert fine_tune(new, OLD, OLD, old.state_dict()) == []
    assert all(torch.equal(a, b) for a, b in zip(old.state_dict().values(), new.state_dict().values(), strict=True))


def test_classes_are_matched_by_name() -> None:
    torch.manual_seed(0)
    now = replace(OLD, classes=(("spleen", "#000000"), ("kidney", "#111111"), ("liver", "#222222")))
    old, new = bundle.build(OLD), bundle.build(now)
    fresh = head(new.state_dict()).clone()
    said = fine_tune(new, now, OLD, old.state_dict())
    before, after = head(old.state_dict()), head(new.state_dict())
    assert torch.equal(after[0], before[0])  # background
    assert torch.equal(after[1], before[2])  # spleen
    assert torch.equal(after[3], before[1])  # liver
    assert torch.equal(after[2], fresh[2])  # kidney is new
    assert "kidney" in said[0].text
    assert "liver" not in said[0].text


def test_classes_are_matched_by_what_they_are_before_what_they_are_called() -> None:
    torch.manual_seed(0)
    before = replace(OLD, identities=("a", "b"))
    swapped = replace(OLD, classes=(("spleen", ""), ("liver", "")), identities=("a", "b"))
    other = replace(OLD, classes=(("spleen", ""), ("liver", "")), identities=("c", "d"))  # as of a project of before
    for now, expected in ((swapped, {0: 0, 1: 1, 2: 2}), (other, {0: 0, 1: 2, 2: 1})):
        assert matched_outputs(now, before) == expected
        assert matched_outputs(now, OLD) == {0: 0, 1: 2, 2: 1}, "a run that kept none is matched by name"
    old, new = bundle.build(before), bundle.build(swapped)
    (said,) = fine_tune(new, swapped, before, old.state_dict())
    assert torch.equal(head(new.state_dict()), head(old.state_dict()))
    assert said.text.endswith("spleen (liver), liver (spleen).")
    whole = replace(before, task="classification", arch="lenet5", encoder="")
    assert matched_outputs(replace(whole, classes=(("x", ""), ("y", "")), identities=("b", "z")), whole) == {0: 1}


def test_another_network_is_refused() -> None:
    now = replace(OLD, encoder="resnet34")
    with pytest.raises(EngineError, match="another network"):
        fine_tune(bundle.build(now), now, OLD, bundle.build(OLD).state_dict())


def test_what_does_not_fit_is_counted() -> None:
    old, new = bundle.build(OLD).state_dict(), bundle.build(OLD)
    first, *_ = [name for name in old if name.endswith("conv1.weight")]
    old[first] = torch.ones(2, 2)
    del old[next(name for name in old if name.endswith("layer1.0.bn1.weight"))]
    (said,) = fine_tune(new, OLD, OLD, old)
    assert said.text == f"2 of {len(new.state_dict())} parts of the network do not fit that run's and start afresh."
