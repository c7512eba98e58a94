"""Settings of a network's own, beside those of every training: one row of options per kind, from which forms and `--set` are made."""

from dataclasses import dataclass, field
from typing import Any

from engine.config import Settings, option
from engine.words import translatable

ACTIVATIONS = ("relu", "tanh", "sigmoid")


_LEFT_OUT = translatable("Share of the units left out at each step.")


def _dropout(share: float, help: str = _LEFT_OUT) -> Any:
    return option(share, translatable("Dropout"), help, low=0.0, high=0.9, step=0.05)


def _batch_norm(help: str) -> Any:
    return option(True, translatable("Batch normalisation"), help)


@dataclass(frozen=True)
class NetworkOptions:
    """None: for networks that are built in one way only."""


@dataclass(frozen=True)
class UNetOptions(NetworkOptions):
    """How far the published U-Net is built as published."""

    width: int = option(
        64,
        translatable("Width"),
        translatable("Maps of the first level; 64 is the published width, and less is lighter."),
        low=4,
        high=128,
        step=4,
    )
    batch_norm: bool = _batch_norm(
        translatable("After each convolution; the published network has none, and hardly learns from scratch.")
    )
    padding: str = option(
        "same",
        translatable("Padding"),
        translatable(
            "valid: as published, the mask is 184 px smaller than what the network is given, so images are mirrored outwards and large ones read in tiles; same: as most do today."
        ),
        choices=("same", "valid"),
    )
    dropout: float = _dropout(
        0.0,
        translatable(
            "Share of the values left out at each step at the end of the contracting path, its last two levels."
        ),
    )


@dataclass(frozen=True)
class DropoutOptions(NetworkOptions):
    """Of a network that is built in one way, but for what it leaves out before its last layer or in its decoder."""

    dropout: float = _dropout(
        0.0,
        translatable("Share of the values left out at each step, before the last layer or where the decoder has it."),
    )


@dataclass(frozen=True)
class WidthOptions(NetworkOptions):
    """How wide a network on VGG-16 is."""

    width: int = option(
        64,
        translatable("Width"),
        translatable(
            "Maps of the first level; 64 is the published width, which ImageNet weights need; less is lighter."
        ),
        low=4,
        high=64,
        step=4,
    )


@dataclass(frozen=True)
class SegNetOptions(WidthOptions):
    dropout: float = _dropout(
        0.0,
        translatable(
            "Share of the values left out at each step behind the three deepest levels of encoder and decoder."
        ),
    )


@dataclass(frozen=True)
class FCNOptions(WidthOptions):
    dropout: float = _dropout(
        0.5, translatable("Share of the maps left out at each step behind the two layers that were fully connected.")
    )


@dataclass(frozen=True)
class DepthOptions(NetworkOptions):
    """Which ResNet reads the image."""

    depth: str = option(
        "50", translatable("Layers"), translatable("Of the ResNet that reads the image."), choices=("50", "101")
    )
    dropout: float = _dropout(0.1, translatable("Share of the values left out at each step before the last layer."))


@dataclass(frozen=True)
class MaskOptions(NetworkOptions):
    """Which objects Mask R-CNN looks for."""

    anchors: str = option(
        "32,64,128,256,512",
        translatable("Anchors"),
        translatable(
            "Sides in px of the squares in which objects are looked for, the smallest first, five of them; a training takes those of its own objects where this is left as it is."
        ),
        pattern=r"[1-9][0-9]{0,3}(,[1-9][0-9]{0,3}){4}",
    )
    most: int = option(
        100,
        translatable("Objects"),
        translatable("The most that an image may have; a training counts its own where this is left as it is."),
        low=1,
        high=5000,
    )

    @property
    def sides(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.anchors.split(","))


@dataclass(frozen=True)
class DeepOptions(NetworkOptions):
    """What decides whether gradients reach the first layer of a deep network."""

    activation: str = option(
        "relu",
        translatable("Activation"),
        translatable("sigmoid and tanh flatten out, so that gradients vanish in deep networks; relu does not."),
        choices=ACTIVATIONS,
    )
    batch_norm: bool = _batch_norm(
        translatable("Brings what each convolution makes to mean 0 and deviation 1, so that gradients stay alive.")
    )
    dropout: float = _dropout(0.0, translatable("Share of the values left out at each step before the last layer."))


@dataclass(frozen=True)
class ActivationOptions(NetworkOptions):
    """What follows each layer but the last."""

    activation: str = option(
        "relu",
        translatable("Activation"),
        translatable(
            "What follows each layer but the last; sigmoid flattens out on both sides, so that it learns slowly."
        ),
        choices=ACTIVATIONS,
    )


@dataclass(frozen=True)
class MLPOptions(NetworkOptions):
    """Layers and widths of the multilayer perceptron."""

    hidden: str = option(
        "512,256",
        translatable("Hidden layers"),
        translatable("Units of each layer between image and output, with commas: 512,256 are two layers."),
        pattern=r"[1-9][0-9]{0,3}(,[1-9][0-9]{0,3}){0,19}",
    )
    activation: str = option(
        "relu", translatable("Activation"), translatable("What follows each hidden layer."), choices=ACTIVATIONS
    )
    dropout: float = _dropout(0.2)

    @property
    def widths(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.hidden.split(","))


@dataclass(frozen=True)
class DenseOptions(NetworkOptions):
    """The fully connected layers of AlexNet and VGG, which hold most of their weights."""

    units: int = option(
        4096,
        translatable("Units"),
        translatable("Of the two fully connected layers; 4096 as published, where most of the weights are."),
        low=16,
        high=8192,
        step=16,
    )
    dropout: float = _dropout(0.5)


@dataclass(frozen=True)
class UntrainedNetwork:
    """A network that is still to be trained: `classes` of the project, `size` px a side, 0 of an image left as it is. `neighbours`: its
    channels are a slice and those beside it."""

    task: str
    arch: str
    encoder: str
    channels: int
    classes: int
    size: int
    options: Settings = field(default_factory=dict)
    seed: int = 0
    neighbours: bool = False
