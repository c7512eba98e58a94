"""A trained network as an ONNX file, which other programs run without torch."""

import io
import json
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import torch
from torch import Tensor, nn

from engine import atomic
from engine.errors import EngineError
from engine.learning import bundle
from engine.learning.bundle import ModelCard
from engine.learning.detection import TILE
from engine.words import translatable

INPUT, OUTPUT = "image", "logits"
OBJECTS = ("boxes", "labels", "scores", "masks")
CARD = "contorno"
"""The key of the model's card (JSON) among the file's metadata."""

_OPSET = 18
_SIDE = 256  # where the card leaves images as large as they are


def export_onnx(source: Path, path: Path) -> int:
    """Write the network of the bundle `source` as ONNX to `path`; the side in px of the images that it takes comes back.

    Input "image" (n, channels, side, side) float32 of any n, normalised as the card says (pixels in 0..1 by its intensity rule, then
    (x - mean) / deviation; where it sees neighbours, the slice between those beside it); output "logits" (n, classes, side, side), or (n, classes) of a network that classifies. One that finds objects
    takes one image (n = 1) and gives `OBJECTS`, as many as it finds, as nets.mask_rcnn says. The card lies in the file's metadata.
    NotReadable where the bundle is damaged, EngineError where the network cannot be written so.
    """
    import onnx

    card, network = bundle.restore(source)
    if card.task == "instances":
        # patches are for learning alone: it predicts larger squares at once
        side = min(card.size, TILE) or card.patch or _SIDE
        written = _exported(_OneImage(network).eval(), card, torch.zeros(1, card.channels, side, side), OBJECTS)
    else:
        side = card.patch or card.size or _SIDE
        written = _exported(network, card, torch.zeros(2, card.channels, side, side), (OUTPUT,))
    model = onnx.load_from_string(written)
    model.metadata_props.add(key=CARD, value=json.dumps(msgspec.to_builtins(card)))
    atomic.write(path, model.SerializeToString())
    return side


class _OneImage(nn.Module):
    """A network that finds objects, with an array for each of `OBJECTS`."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        (found,) = self.network(x)
        return tuple(found[name] for name in OBJECTS)


@contextmanager
def _unprinted() -> Iterator[None]:
    """torch's older exporter prints a network that it cannot follow, into what a program may read, whether it is to speak or not."""
    kept = torch._C._jit_onnx_log
    torch._C._jit_onnx_log = _nothing
    try:
        yield
    finally:
        torch._C._jit_onnx_log = kept


def _nothing(*words: Any) -> None:
    pass


def _exported(network: nn.Module, card: ModelCard, example: Tensor, outputs: Sequence[str]) -> bytes:
    """torch's older exporter takes a tenth of the newer one's time (0.3 s against 5 for SegNet), which knows more operators but cannot
    follow what finds objects: how many are left on the way depends on the image."""
    finds = card.task == "instances"
    reason = ""
    for newer in (False,) if finds else (False, True):
        file = io.BytesIO()
        varying = outputs if finds else (INPUT, *outputs)
        any_number: dict[str, Any] = (
            {"dynamic_shapes": ({0: torch.export.Dim.DYNAMIC},)}
            if newer
            else {"dynamic_axes": {name: {0: "n"} for name in varying}, "opset_version": _OPSET}
        )
        try:
            with warnings.catch_warnings(), torch.no_grad(), _unprinted():
                warnings.simplefilter("ignore")  # of sizes that become constants, as they should, and of being older
                torch.onnx.export(
                    network,
                    (example,),
                    file,  # type: ignore[arg-type]  # the stubs know paths alone
                    dynamo=newer,
                    input_names=[INPUT],
                    output_names=list(outputs),
                    verbose=False,
                    **any_number,
                )
            return file.getvalue()
        except torch.onnx.errors.OnnxExporterError as fault:
            reason = str(fault).partition("\n")[0]
    raise EngineError(
        translatable("The network {arch} cannot be written as ONNX: {reason}."),
        translatable("Choose another network, or use the model with Contorno."),
        arch=card.arch,
        reason=reason.strip().rstrip("."),
    )
