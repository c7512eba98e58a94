"""How networks, their encoders and what trained them are called."""

import re

from engine.catalog import TIMM, rows
from engine.config import AUTO
from engine.words import Say, translatable

_ENCODERS = {
    "resnet18": "ResNet-18",
    "resnet34": "ResNet-34",
    "resnet50": "ResNet-50",
    "resnet101": "ResNet-101",
    "efficientnet_lite0": "EfficientNet-Lite0",
    "efficientnet-b0": "EfficientNet-B0",
    "efficientnet-b3": "EfficientNet-B3",
    "mobilenet_v2": "MobileNetV2",
    "densenet121": "DenseNet-121",
    "vgg16_bn": "VGG-16 BN",
    "se_resnet50": "SE-ResNet-50",
    "resnext50_32x4d": "ResNeXt-50 32x4d",
    "mit_b0": "MiT-B0",
    "mit_b2": "MiT-B2",
    "convnext_tiny": "ConvNeXt-T",
    "vit_base_patch16_224": "ViT-B/16",
}

_SHORT = {"lenet5": "LeNet-5", "lenet5-tanh": "LeNet-5 tanh", "lenet5-1998": "LeNet-5 1998"}


def short_title(arch: str, say: Say) -> str:
    """A title for narrow columns and names: today's LeNet-5 is the usual one, the published one has its year."""
    return _SHORT.get(arch) or network_title(arch, say).removeprefix(TIMM)


def network_title(arch: str, say: Say) -> str:
    """A network by a short name: "U-Net" for the one with an encoder, since that is the usual one; `arch` where a newer program knows it."""
    if arch in ("", AUTO):
        return "Auto"
    if arch == "unet-smp":
        return "U-Net"
    return next((say(row.title) for row in rows() if row.name == arch), arch)


def encoder_title(name: str) -> str:
    """An encoder as its authors call it, without the marks of the library that it comes from."""
    plain = name.removeprefix("timm-").removeprefix("tu-").removeprefix("tf_")
    return _ENCODERS.get(plain, plain)


def model_title(arch: str, encoder: str, say: Say) -> str:
    """Network and encoder: "U-Net · ResNet-34"; the network alone where it takes no encoder or Auto has not chosen one."""
    has_encoder = any(row.encoders for row in rows() if row.name == arch)
    shown = has_encoder and encoder not in ("", AUTO)
    return f"{network_title(arch, say)} · {encoder_title(encoder)}" if shown else network_title(arch, say)


def machine_title(machine: str, say: Say) -> str:
    """What trained a run, as its summary keeps it: "CPU, 2 threads", or the name of a graphics card."""
    cores = re.fullmatch(r"CPU, (\d+) threads", machine)
    return say(translatable("CPU, {count} threads"), count=int(cores[1])) if cores else machine
