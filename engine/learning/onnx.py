"""A trained network as an ONNX file, which other programs run without torch."""

import io
import json
import warnings
from pathlib import Path
from typing import Any

import msgspec
import torch
from torch import nn

from engine import atomic
from engine.errors import EngineError
from engine.learning import bundle
from engine.learning.bundle import ModelCard
from engine.words import translatable

INPUT, OUTPUT = "image", "logits"
CARD = "contorno"
"""The key of the model's card (JSON) among the file's metadata."""

_OPSET = 18
_SIDE = 256  # where the card leaves images as large as they are


def export_onnx(source: Path, path: Path) -> int:
    """Write the network of the bundle `source` as ONNX to `path`; the side in px of the images that it takes comes back.

    Input "image" (n, channels, side, side) float32 of any n, normalised as the card says (pixels in 0..1 by its intensity rule, then
    (x - mean) / deviation); output "logits" (n, classes, side, side), or (n, classes) of a network that classifies. The card lies in the
    file's metadata. NotReadable where the bundle is damaged, EngineError where the network cannot be written so.
    """
    import onnx

    card, network = bundle.restore(source)
    if card.task == "instances":  # its boxes and masks are as many as it finds objects
        raise EngineError(
            translatable("A network that tells objects apart cannot be written as ONNX."),
            translatable("Choose another network, or use the model with Contorno."),
        )
    side = card.patch or card.size or _SIDE
    model = onnx.load_from_string(_exported(network, card, side))
    model.metadata_props.add(key=CARD, value=json.dumps(msgspec.to_builtins(card)))
    atomic.write(path, model.SerializeToString())
    return side


def _exported(network: nn.Module, card: ModelCard, side: int) -> bytes:
    """torch's older exporter takes a tenth of the newer one's time (0.3 s against 5 for SegNet), which knows more operators."""
    example = torch.zeros(2, card.channels, side, side)
    for newer in (False, True):
        file = io.BytesIO()
        any_number: dict[str, Any] = (
            {"dynamic_shapes": ({0: torch.export.Dim.DYNAMIC},)}
            if newer
            else {"dynamic_axes": {INPUT: {0: "n"}, OUTPUT: {0: "n"}}, "opset_version": _OPSET}
        )
        try:
            with warnings.catch_warnings(), torch.no_grad():
                warnings.simplefilter("ignore")  # of sizes that become constants, as they should, and of being older
                torch.onnx.export(
                    network,
                    (example,),
                    file,  # type: ignore[arg-type]  # the stubs know paths alone
                    dynamo=newer,
                    input_names=[INPUT],
                    output_names=[OUTPUT],
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
