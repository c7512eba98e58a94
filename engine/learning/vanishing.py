"""The laboratory of vanishing gradients: which networks are held side by side, what is reported of them, what it comes to in words."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.config import Settings
from engine.progress import Notice
from engine.words import translatable

DEPTHS = (20, 56)
LEAST = 1e-38
"""About the smallest float32 that processors reckon quickly with: less is 0, and is drawn there."""

_VANISHES, _SHRINKS = 1e-3, 0.1  # first layer's gradient against the last's
_ALIKE = 0.1  # losses that differ by less than this share are one
_LEARNT = 0.9  # of its first loss is left of one that fell


@dataclass(frozen=True)
class GradientCandidate:
    """One of the networks: `arch` takes the depth, `options` are its own settings."""

    title: str
    arch: str
    options: Settings

    def of(self, depth: int) -> str:
        return self.arch.format(depth=depth)


CANDIDATES: dict[str, GradientCandidate] = {
    "sigmoid": GradientCandidate(
        translatable("plain, sigmoid"), "plain{depth}", {"activation": "sigmoid", "batch_norm": False}
    ),
    "relu": GradientCandidate(translatable("plain, ReLU"), "plain{depth}", {"activation": "relu", "batch_norm": False}),
    "norm": GradientCandidate(
        translatable("plain, ReLU, batch norm"), "plain{depth}", {"activation": "relu", "batch_norm": True}
    ),
    "residual": GradientCandidate(
        translatable("residual twin"), "resnet{depth}", {"activation": "relu", "batch_norm": True}
    ),
}
"""In the order in which they are trained; the last two differ in the skips alone."""


@dataclass(frozen=True)
class GradientStep:
    """One optimizer step: the loss before it, and the L2 norm of the loss's gradient by each layer's weights, from the image on."""

    candidate: str
    step: int
    loss: float
    norms: tuple[float, ...]


@dataclass(frozen=True)
class GradientTrial:
    """What came of a candidate: `norms` are each layer's geometric means over all steps. `broke`: the loss became no number and it ended
    there. `seconds` are those of the steps alone."""

    candidate: str
    losses: tuple[float, ...]
    norms: tuple[float, ...]
    seconds: float
    broke: bool = False

    @property
    def ratio(self) -> float:
        """The first layer's gradient against the last convolution's; the fully connected layer behind it sees no depth."""
        return max(self.norms[0], LEAST) / max(self.norms[-2], LEAST)

    @property
    def start(self) -> float:
        return self.losses[0]

    @property
    def learnt(self) -> bool:
        return self.end < _LEARNT * self.start

    @property
    def end(self) -> float:
        """The mean loss of the last tenth of the steps."""
        last = self.losses[-max(1, len(self.losses) // 10) :]
        return sum(last) / len(last)


def trial_of(steps: Sequence[GradientStep], seconds: float, *, broke: bool = False) -> GradientTrial:
    """The summary of a candidate's steps, one at least."""
    logs = [[math.log(max(norm, LEAST)) for norm in step.norms] for step in steps]
    means = tuple(math.exp(sum(layer) / len(logs)) for layer in zip(*logs, strict=True))
    return GradientTrial(steps[0].candidate, tuple(step.loss for step in steps), means, seconds, broke)


def findings(trials: Mapping[str, GradientTrial], depth: int) -> Iterator[Notice]:
    """What the trials show, in sentences with their figures; also where it is not what textbooks say."""
    for name in ("sigmoid", "relu", "norm", "residual"):
        if name in trials:
            yield _gradient(name, trials[name], depth)
    if "norm" in trials and "residual" in trials:
        yield _skips(trials["norm"], trials["residual"])


def _gradient(name: str, trial: GradientTrial, depth: int) -> Notice:
    values: dict[str, object] = {
        "name": Notice(CANDIDATES[name].title),
        "depth": depth,
        "ratio": trial.ratio,
        "start": trial.start,
        "end": trial.end,
        "steps": len(trial.losses),
    }
    if trial.broke:
        return Notice(
            translatable("{name}, {depth} layers: the loss became no number at step {steps}; its gradients explode."),
            values,
        )
    if trial.norms[0] <= LEAST * (1 + 1e-6):
        return Notice(
            translatable(
                "{name}, {depth} layers: the gradient vanishes. Nothing of it reaches the first layer, less than a number can hold (10⁻³⁸); loss {start:.2f} to {end:.2f} in {steps} steps."
            ),
            values,
        )
    if trial.ratio < _VANISHES:
        return Notice(
            translatable(
                "{name}, {depth} layers: the gradient vanishes. The first layer gets {ratio:.1e} of the last's; loss {start:.2f} to {end:.2f} in {steps} steps."
            ),
            values,
        )
    if trial.ratio < _SHRINKS:
        return Notice(
            translatable(
                "{name}, {depth} layers: the gradient shrinks, but arrives. The first layer gets {ratio:.1e} of the last's; loss {start:.2f} to {end:.2f} in {steps} steps."
            ),
            values,
        )
    if not trial.learnt:
        return Notice(
            translatable(
                "{name}, {depth} layers: the gradient does not vanish, and yet it hardly learns. The first layer gets {ratio:.1f} times the last's; loss {start:.2f} to {end:.2f} in {steps} steps."
            ),
            values,
        )
    return Notice(
        translatable(
            "{name}, {depth} layers: the gradient does not vanish. The first layer gets {ratio:.1f} times the last's; loss {start:.2f} to {end:.2f} in {steps} steps."
        ),
        values,
    )


def _skips(plain: GradientTrial, residual: GradientTrial) -> Notice:
    values: dict[str, object] = {"plain": plain.end, "residual": residual.end, "steps": len(residual.losses)}
    if not (plain.learnt or residual.learnt):
        return Notice(
            translatable(
                "In {steps} steps neither the plain network nor its residual twin learnt enough to be compared (loss {plain:.2f} and {residual:.2f}): give them more."
            ),
            values,
        )
    if residual.end < plain.end * (1 - _ALIKE):
        return Notice(
            translatable(
                "Skips helped: the residual twin ended at a loss of {residual:.2f}, the plain network at {plain:.2f}."
            ),
            values,
        )
    if residual.end > plain.end * (1 + _ALIKE):
        return Notice(
            translatable(
                "Unlike in textbooks, the plain network learnt better here: it ended at a loss of {plain:.2f}, its residual twin at {residual:.2f}. So few steps may be too few."
            ),
            values,
        )
    return Notice(
        translatable(
            "Skips made no difference here: both ended at a loss near {residual:.2f} (plain {plain:.2f}). Batch normalisation alone lets this depth learn; skips show their worth in longer trainings and deeper networks."
        ),
        values,
    )
