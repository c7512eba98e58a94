"""Losses by hand-made cases and against MONAI and segmentation_models_pytorch."""

import math

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from engine.config import LOSSES
from engine.errors import EngineError
from engine.labels.classes import UNLABELLED
from engine.learning import losses


def certain(mask: Tensor, classes: int) -> Tensor:
    """Logits of a network that is sure of this mask."""
    return (functional.one_hot(mask, classes).movedim(-1, 1).float() - 0.5) * 200


def random_case(classes: int = 4) -> tuple[Tensor, Tensor]:
    torch.manual_seed(3)
    return torch.randn(2, classes, 9, 7), torch.randint(0, classes, (2, 9, 7))


@pytest.mark.parametrize("name", LOSSES)
def test_a_right_mask_costs_nothing_and_a_wrong_one_much(name: str) -> None:
    loss = losses.make_loss(name, 3, task="multiclass")
    target = torch.randint(0, 3, (2, 8, 8))
    assert loss(certain(target, 3), target) == pytest.approx(0, abs=1e-4)
    assert loss(certain((target + 1) % 3, 3), target) > 0.9


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_float32_and_a_gradient_in_any_precision(name: str, dtype: torch.dtype) -> None:
    logits, target = random_case()
    given = logits.to(dtype).requires_grad_()
    with torch.autocast("cpu", torch.bfloat16):
        value = losses.make_loss(name, 4, task="multiclass")(given, target)
    assert value.dtype == torch.float32 and value.ndim == 0
    plain = losses.make_loss(name, 4, task="multiclass")(given.detach(), target)
    assert value.item() == pytest.approx(plain.item())
    value.backward()  # type: ignore[no-untyped-call]
    assert given.grad is not None and given.grad.isfinite().all() and given.grad.abs().sum() > 0


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("name", LOSSES)
def test_unlabelled_pixels_are_not_learnt_from(name: str, weighted: bool) -> None:
    logits, target = random_case()
    logits.requires_grad_()
    weights = torch.tensor([1.0, 2.0, 3.0, 4.0]) if weighted else None
    loss = losses.make_loss(name, 4, task="multiclass", class_weights=weights)
    void = target.clone()
    void[:, :, 4:] = UNLABELLED
    found = loss(logits, void)
    assert found.item() == pytest.approx(loss(logits[..., :4], target[..., :4]).item(), rel=1e-5)
    (gradient,) = torch.autograd.grad(found, logits)
    assert not gradient[..., 4:].any() and gradient[..., :4].any()


@pytest.mark.parametrize("name", LOSSES)
def test_nothing_labelled_moves_nothing(name: str) -> None:
    logits, target = random_case()
    logits.requires_grad_()
    found = losses.make_loss(name, 4, task="multiclass", class_weights=torch.ones(4))(
        logits, torch.full_like(target, UNLABELLED)
    )
    (gradient,) = torch.autograd.grad(found, logits)
    assert found.item() == 0 and gradient.isfinite().all() and not gradient.any()


def test_dice_by_hand() -> None:
    """The lecture's binary example: 3 pixels right of 4 and 4, Dice 0.75."""
    truth = torch.tensor([[[1, 1, 0], [1, 1, 0], [0, 0, 0]]])
    prediction = torch.tensor([[[1, 1, 0], [1, 0, 1], [0, 0, 0]]])
    assert losses.dice_loss(certain(prediction, 2), truth) == pytest.approx(1 - 0.75)


def test_dice_of_half_sure_pixels() -> None:
    """p = 0.5 everywhere, half of the 4 pixels are class 1: 2 * 1 / (2 + 2) = 0.5."""
    target = torch.tensor([[[0, 1], [1, 0]]])
    assert losses.dice_loss(torch.zeros(1, 2, 2, 2), target) == pytest.approx(0.5)


def test_absent_classes_and_background_are_left_out() -> None:
    target = torch.zeros(1, 4, 4, dtype=torch.int64)
    target[0, 0, 0] = 2
    logits = certain(torch.zeros_like(target), 4)
    assert losses.dice_loss(logits, target) == pytest.approx(1)  # class 2 missed; classes 1 and 3 do not dilute it
    assert losses.dice_loss(certain(target, 4), target) == pytest.approx(0)


def test_nothing_but_background_costs_no_dice_and_keeps_the_graph() -> None:
    logits = torch.randn(2, 3, 4, 4, requires_grad=True)
    value = losses.dice_loss(logits, torch.zeros(2, 4, 4, dtype=torch.int64))
    assert value == 0
    value.backward()  # type: ignore[no-untyped-call]
    assert logits.grad is not None and not logits.grad.any()


def test_dice_is_that_of_monai_over_the_batch() -> None:
    from monai.losses import DiceLoss

    logits, target = random_case()
    other = DiceLoss(include_background=False, softmax=True, to_onehot_y=True, batch=True, smooth_nr=0, smooth_dr=1e-7)
    assert losses.dice_loss(logits, target) == pytest.approx(float(other(logits, target[:, None])), abs=1e-5)


def test_dice_and_tversky_are_those_of_smp() -> None:
    from segmentation_models_pytorch.losses import DiceLoss, TverskyLoss

    logits, target = random_case()
    dice = DiceLoss("multiclass", classes=[1, 2, 3])(logits, target)
    assert losses.dice_loss(logits, target) == pytest.approx(float(dice), abs=1e-5)
    tversky = TverskyLoss("multiclass", classes=[1, 2, 3], alpha=0.3, beta=0.7)(logits, target)
    assert losses.make_loss("tversky", 4, task="multiclass")(logits, target) == pytest.approx(float(tversky), abs=1e-5)


def test_tversky_minds_missed_pixels_more() -> None:
    truth = torch.tensor([[[1, 1, 0, 0]]])
    loss = losses.make_loss("tversky", 2, task="binary")
    missed = loss(certain(torch.tensor([[[1, 0, 0, 0]]]), 2), truth)
    added = loss(certain(torch.tensor([[[1, 1, 1, 0]]]), 2), truth)
    assert missed == pytest.approx(1 - 1 / 1.7) and added == pytest.approx(1 - 2 / 2.3)


def test_focal_is_that_of_monai() -> None:
    from monai.losses import FocalLoss

    logits, target = random_case()
    # MONAI averages over classes too, of which only the true one counts
    other = FocalLoss(include_background=True, to_onehot_y=True, use_softmax=True, gamma=2.0)
    assert losses.focal_loss(logits, target) == pytest.approx(4 * float(other(logits, target[:, None])), rel=1e-5)


def test_focal_without_fading_is_cross_entropy() -> None:
    logits, target = random_case()
    weights = torch.tensor([1.0, 2.0, 3.0, 4.0])
    for weight in (None, weights):
        plain = functional.cross_entropy(logits, target, weight)
        assert losses.focal_loss(logits, target, weight, gamma=0) == pytest.approx(float(plain))


def test_sum_of_both_and_class_weights() -> None:
    logits, target = random_case()
    weights = torch.tensor([0.1, 1.0, 2.0, 5.0])
    both = losses.make_loss("ce+dice", 4, task="multiclass", class_weights=weights)(logits, target)
    parts = functional.cross_entropy(logits, target, weights) + losses.dice_loss(logits, target)
    assert both == pytest.approx(float(parts))


def test_what_learns_with_a_shifted_loss_ends_lower_by_the_shift() -> None:
    """Five pixels that nothing tells apart, of which two are of class 1 and one of each other."""
    shift, target = torch.tensor([0.0, 1.5, 0.0, -1.0]), torch.tensor([0, 1, 1, 2, 3])
    plain = losses.make_loss("ce", 4, task="multiclass")

    def learnt(loss: losses.Loss) -> Tensor:
        logits = torch.zeros(4, requires_grad=True)
        way = torch.optim.LBFGS([logits], line_search_fn="strong_wolfe", max_iter=100)

        def cost() -> Tensor:
            way.zero_grad()
            value = loss(logits.view(1, 4, 1).expand(1, 4, 5), target[None])
            value.backward()  # type: ignore[no-untyped-call]
            return value

        way.step(cost)  # type: ignore[no-untyped-call]
        return logits.detach() - logits.detach()[0]

    assert torch.allclose(learnt(losses.shifted_loss(plain, shift)), learnt(plain) - shift, atol=1e-3)


def test_classification_knows_cross_entropy_and_focal() -> None:
    logits, target = torch.zeros(3, 2), torch.tensor([0, 1, 1])
    for name in ("ce", "ce+dice"):
        assert losses.make_loss(name, 2, task="classification")(logits, target) == pytest.approx(math.log(2))
    focal = losses.make_loss("focal", 2, task="classification")(logits, target)
    assert focal == pytest.approx(math.log(2) / 4)
    smooth = losses.make_loss("ce", 2, task="classification", smoothing=0.1)
    sure = torch.tensor([[10.0, -10.0]])
    assert smooth(sure, torch.tensor([0])) == pytest.approx(0.05 * 20, rel=1e-3)
    with pytest.raises(EngineError, match="overlap"):
        losses.make_loss("dice", 2, task="classification")


def test_refusals() -> None:
    with pytest.raises(EngineError, match="no loss called hinge"):
        losses.make_loss("hinge", 2, task="binary")
    with pytest.raises(EngineError, match="3 class weights were given for 2"):
        losses.make_loss("ce", 2, task="binary", class_weights=torch.ones(3))


def test_a_class_that_no_image_shows_is_not_the_likeliest() -> None:
    """With smoothing and balance: half of the images of the first class, half of the second, none of the third."""
    weights = torch.tensor([2 / 3, 2 / 3, 1000 / 3])
    loss = losses.make_loss("ce", 3, task="classification", class_weights=weights, smoothing=0.05)
    logits = torch.zeros(3, requires_grad=True)
    way = torch.optim.LBFGS([logits], line_search_fn="strong_wolfe", max_iter=100)

    def cost() -> Tensor:
        way.zero_grad()
        value = loss(logits.expand(2, 3), torch.tensor([0, 1]))
        value.backward()  # type: ignore[no-untyped-call]
        return value

    way.step(cost)  # type: ignore[no-untyped-call]
    shares = logits.detach().softmax(0).tolist()
    assert shares[2] == pytest.approx(0.05 / 3, abs=1e-3)
    assert shares[0] == pytest.approx(shares[1], abs=1e-3)


def test_rare_images_weigh_more_and_stay_distinct_under_smoothing() -> None:
    """One of two classes at 1 : 40: an image of the common one alone is answered with the common one."""
    weights = torch.tensor([41 / 80, 41 / 2])
    loss = losses.make_loss("ce", 2, task="classification", class_weights=weights, smoothing=0.05)
    target = torch.zeros(1, dtype=torch.int64)
    common, rare = torch.tensor([[1.0, -1.0]]), torch.tensor([[-1.0, 1.0]])
    assert loss(common, target) < loss(rare, target)
    plain = functional.cross_entropy(common, target, label_smoothing=0.05)
    assert loss(common, target) == pytest.approx(plain.item())
    both = torch.cat([common, rare]), torch.tensor([0, 0])
    assert loss(*both) == pytest.approx(functional.cross_entropy(*both, label_smoothing=0.05).item())
