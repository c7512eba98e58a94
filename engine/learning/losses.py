"""What a training makes small: cross-entropy, overlap losses and their sum, as pure functions of logits and target."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from engine.config import LOSSES
from engine.errors import EngineError
from engine.labels.classes import UNLABELLED
from engine.words import translatable

Loss = Callable[[Tensor, Tensor], Tensor]
"""Takes logits (n, classes, ...) of any float type and target (n, ...) int64 in 0..classes-1, or UNLABELLED, where nothing is learnt;
gives a float32 scalar, 0 where nothing is labelled."""


def make_loss(
    name: str,
    classes: int,
    *,
    task: str,
    class_weights: Tensor | None = None,
    smoothing: float = 0.0,
) -> Loss:
    """The loss of that name (engine.config.LOSSES).

    `task` "classification" knows "ce" and "focal"; "ce+dice", the default of every training, means "ce" there.
    `class_weights` (classes,) weigh images or pixels by their class in "ce" and "focal"; `smoothing` 0..1 softens the target of "ce".
    Always computed in float32, under autocast too: a sum over a million pixels does not fit bfloat16's 8 bits.
    """
    if name not in LOSSES:
        raise EngineError(
            translatable("There is no loss called {name}."),
            translatable("Choose one of: {choices}."),
            name=name,
            choices=", ".join(LOSSES),
        )
    if task == "classification":
        if name not in ("ce", "ce+dice", "focal"):
            raise EngineError(
                translatable("The loss {name} measures overlap, which a class of a whole image does not have."),
                translatable("Choose ce or focal."),
                name=name,
            )
        name = "ce" if name == "ce+dice" else name
    if class_weights is not None and class_weights.shape != (classes,):
        raise EngineError(
            translatable("{given} class weights were given for {classes} classes."),
            translatable("Give one weight a class, the background included."),
            given=len(class_weights),
            classes=classes,
        )
    return _in_float32(_plain(name, class_weights, smoothing))


def _plain(name: str, weights: Tensor | None, smoothing: float) -> Loss:
    def cross_entropy(logits: Tensor, target: Tensor) -> Tensor:
        # torch weighs the smoothed part by each class's own weight: a class that nobody saw would become the likeliest of all
        each = functional.cross_entropy(
            logits, target, ignore_index=UNLABELLED, label_smoothing=smoothing, reduction="none"
        )
        return _weighted_mean(each, target, weights)

    def focal(logits: Tensor, target: Tensor) -> Tensor:
        return focal_loss(logits, target, weights)

    def both(logits: Tensor, target: Tensor) -> Tensor:
        return cross_entropy(logits, target) + dice_loss(logits, target)

    def tversky(logits: Tensor, target: Tensor) -> Tensor:
        return tversky_loss(logits, target, false_positives=0.3, false_negatives=0.7)

    return {
        "ce": cross_entropy,
        "dice": dice_loss,
        "ce+dice": both,
        "focal": focal,
        "tversky": tversky,
        "lovasz": _lovasz,
    }[name]


def shifted_loss(loss: Loss, shift: Tensor) -> Loss:
    """The loss of logits to which `shift` (classes,) is added: what learns with it ends with logits that are lower by that.

    Source: Menon and others, "Long-tail learning via logit adjustment", 2021.
    """

    def run(logits: Tensor, target: Tensor) -> Tensor:
        added = shift.to(logits.device, torch.float32).view(1, -1, *(1,) * (logits.ndim - 2))
        return loss(logits.float() + added, target)

    return run


def _in_float32(loss: Loss) -> Loss:
    def run(logits: Tensor, target: Tensor) -> Tensor:
        with torch.autocast(logits.device.type, enabled=False):
            return loss(logits.float(), target)

    return run


def dice_loss(logits: Tensor, target: Tensor) -> Tensor:
    """1 - soft Dice, 0..1: see `tversky_loss`, of which it is the even-handed case."""
    return tversky_loss(logits, target, false_positives=0.5, false_negatives=0.5)


def tversky_loss(logits: Tensor, target: Tensor, *, false_positives: float, false_negatives: float) -> Tensor:
    """1 - the mean soft Tversky index over the classes that the batch holds, background (class 0) left out.

    Sums run over the whole batch. A class that no pixel of the batch shows is masked out, since its index would be 0
    whatever the network says; with no class left the loss is 0 (and so is its gradient).
    Source: Salehi and others, "Tversky loss function for image segmentation", 2017.
    """
    classes = logits.shape[1]
    axes = [0, *range(2, logits.ndim)]
    shares = logits.softmax(1) * (target != UNLABELLED).unsqueeze(1)
    each = torch.arange(classes, device=target.device).view(1, -1, *(1,) * (target.ndim - 1))
    truth = (target.unsqueeze(1) == each).to(shares.dtype)
    hit = (shares * truth).sum(axes)[1:]
    wrong = shares.sum(axes)[1:] - hit
    size = truth.sum(axes)[1:]
    missed = size - hit
    # a present class makes the divisor positive: hit + missed is its size
    index = hit / (hit + false_positives * wrong + false_negatives * missed).clamp_min(1e-7)
    present = (size > 0).to(index.dtype)
    return ((1 - index) * present).sum() / present.sum().clamp_min(1)


def focal_loss(logits: Tensor, target: Tensor, weights: Tensor | None = None, gamma: float = 2.0) -> Tensor:
    """Cross-entropy that fades out for pixels already sure: the mean of (1 - p)^gamma * -log p, with p of the true class.

    With `weights` (classes,) the mean is weighted, as in cross-entropy. Source: Lin and others, "Focal loss for dense object detection", 2017.
    """
    place = target.where(target != UNLABELLED, 0)
    log_share = logits.log_softmax(1).gather(1, place.unsqueeze(1)).squeeze(1)
    each = -((1 - log_share.exp()) ** gamma) * log_share
    return _weighted_mean(each, target, weights)


def _weighted_mean(each: Tensor, target: Tensor, weights: Tensor | None) -> Tensor:
    """The mean over the labelled pixels, weighted by their class's weight; 0 where there are none."""
    labelled = target != UNLABELLED
    weight = labelled.to(each.dtype)
    if weights is not None:
        weight = weight * weights.to(each.device, each.dtype)[target.where(labelled, 0)]
    return (each * weight).sum() / weight.sum().clamp_min(torch.finfo(each.dtype).tiny)


def _lovasz(logits: Tensor, target: Tensor) -> Tensor:
    from segmentation_models_pytorch.losses import LovaszLoss

    loss: Tensor = LovaszLoss("multiclass", ignore_index=UNLABELLED)(logits, target)
    return loss.sum()  # where nothing is labelled it is empty
