"""A click model of the SAM family from two ONNX files that a person has: what it is, what it makes of an image, a box and clicks."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.labels.assist.crop import NOTHING, Click, Clicks, DisplayedSlice, ProposedRegion, Rect, kept_parts
from engine.labels.assist.graph_cut import GraphCut
from engine.words import translatable

_FRAME = 1024  # pixels of the longer side that the encoder sees
_LOW = 256  # of the masks that the decoder gives and takes
_MEAN, _SPREAD = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)  # of ImageNet's RGB, in 0 to 255
_DECODER_INPUTS = {
    "image_embeddings",
    "point_coords",
    "point_labels",
    "mask_input",
    "has_mask_input",
    "orig_im_size",
}
_OUTSIDE = -20.0  # a logit that is surely none
_SURE = 6.0  # the logit of a region that it begins from
_CORRECTED = 0.5  # Dice with the mask before: with less a click has not corrected it but lost it
_KEPT = 16  # embeddings, of 4 MB each
_READ_AT_ONCE = 1 << 20

_ALL_MASKS = {
    "800b1500d3e4422f": ("/Reshape_9_output_0", "/iou_prediction_head/layers.2/Gemm_output_0"),
}
"""Beginning of a decoder's SHA-256 -> its inner tensors with all four masks and their predicted IoUs, where the export shows one alone."""

Logits = NDArray[np.float32]


@dataclass(frozen=True)
class ClickModelFiles:
    """The two files of a click model and what they say of themselves. `licence` is "" where nothing beside them says one."""

    encoder: Path
    decoder: Path
    encoder_hash: str  # SHA-256, hexadecimal
    decoder_hash: str
    size: int  # bytes, of both
    licence: str


@dataclass(frozen=True, eq=False)
class Embedding:
    """What the encoder makes of a slice: (1, 256, 64, 64) float32, with the slice's shape and its scale to the encoder's frame."""

    values: NDArray[np.float32]
    shape: tuple[int, int]
    scale: float


class ClickModel:
    """Both networks, ready. One thread at a time; memory for work is given back after each call (385 MB at most for MobileSAM)."""

    def __init__(self, folder: Path) -> None:
        """Raises EngineError where the folder holds no such pair, and says what it holds instead."""
        encoders, decoders = [], []
        for path in sorted(folder.glob("*.onnx")):
            session = _session(path)
            names = {each.name for each in session.get_inputs()}
            if names == _DECODER_INPUTS and {"iou_predictions", "low_res_masks"} <= _outputs(session):
                decoders.append(path)
            elif _is_encoder(session):
                encoders.append((path, session))
        if len(encoders) != 1 or len(decoders) != 1:
            raise _other_network(folder, len(encoders), len(decoders))
        (path, self._encoder), decoder = encoders[0], decoders[0]
        hashes = _hash(path), _hash(decoder)
        size = path.stat().st_size + decoder.stat().st_size
        self.files = ClickModelFiles(path, decoder, *hashes, size, _licence(folder))
        inner = _ALL_MASKS.get(hashes[1][:16])
        self._decoder = _session(decoder if inner is None else _with_outputs(decoder, inner))
        self._all_masks = inner or ("low_res_masks", "iou_predictions")
        self._embeddings: dict[str, Embedding] = {}

    def encode(self, shown: DisplayedSlice) -> Embedding:
        """Of a slice as the screen shows it; known ones by the hash of their pixels."""
        pixels = np.ascontiguousarray(shown)
        key = hashlib.blake2b(pixels.tobytes() + str(pixels.shape).encode(), digest_size=16).hexdigest()
        if key not in self._embeddings:
            frame, scale = encoder_input(pixels)
            (values,) = self._encoder.run(None, {self._encoder.get_inputs()[0].name: frame})
            self._embeddings[key] = Embedding(values, (pixels.shape[0], pixels.shape[1]), scale)
            for old in list(self._embeddings)[:-_KEPT]:
                del self._embeddings[old]
        return self._embeddings[key]

    def decode(
        self, embedding: Embedding, box: Rect | None, clicks: Clicks, previous: Logits | None = None
    ) -> tuple[Logits, NDArray[np.float32]]:
        """All masks that the decoder has, float32 (n, 256, 256) logits, and its own opinion of each (n,): which passes 1 and is no
        confidence. The first mask is the one for several clicks. `previous`: the mask (256, 256) that the clicks correct."""
        points, labels = prompt(embedding.scale, box, clicks)
        inputs = {
            "image_embeddings": embedding.values,
            "point_coords": points,
            "point_labels": labels,
            "mask_input": (np.zeros((_LOW, _LOW), np.float32) if previous is None else previous)[None, None],
            "has_mask_input": np.array([previous is not None], np.float32),
            "orig_im_size": np.array([_LOW, _LOW], np.float32),  # the full size is made here, from fewer numbers
        }
        shown, masks, opinions = self._decoder.run(["low_res_masks", *self._all_masks], inputs)
        found = masks.reshape(-1, _LOW, _LOW)
        return (found if len(found) > 1 else shown[0]), opinions.reshape(-1)


class ModelOutline:
    """One box on one slice, as `graph_cut.GraphCut`, which corrects what the model does not: a click is obeyed in any case."""

    def __init__(
        self,
        model: ClickModel,
        embedding: Embedding,
        box: Rect,
        cut: GraphCut,
        start: ProposedRegion | None = None,
    ) -> None:
        """`cut`: of the same box."""
        self._model, self._embedding, self._box, self._start, self._cut = model, embedding, box, start, cut
        self._known: dict[Clicks, tuple[ProposedRegion, Logits]] = {}

    def propose(self, clicks: Clicks = ()) -> ProposedRegion:
        """What the box holds; each click corrects what was proposed before it."""
        return self._found(clicks)[0]

    def _found(self, clicks: Clicks) -> tuple[ProposedRegion, Logits]:
        if clicks not in self._known:
            self._known[clicks] = self._decode(clicks)
        return self._known[clicks]

    def _decode(self, clicks: Clicks) -> tuple[ProposedRegion, Logits]:
        scale, shape = self._embedding.scale, self._embedding.shape
        if not clicks and self._start is not None:
            return self._start, to_low(self._start, scale)
        if not clicks:
            masks, opinions = self._model.decode(self._embedding, self._box, ())
            return self._shown(masks[best_mask(masks, opinions, self._box, scale, shape)], ())
        before, previous = self._found(clicks[:-1])
        found = self._shown(self._model.decode(self._embedding, self._box, clicks, previous)[0][0], clicks)
        if _shared(found[1], previous) < _CORRECTED:
            anew = self._shown(self._model.decode(self._embedding, self._box, clicks)[0][0], clicks)
            found = max(found, anew, key=lambda each: _shared(each[1], previous))
        if all(found[0].holds(_pixel(click, shape)) == click.adds for click in clicks):
            return found
        corrected = self._cut.correct(before, clicks)
        return corrected, to_low(corrected, scale)

    def _shown(self, low: Logits, clicks: Clicks) -> tuple[ProposedRegion, Logits]:
        touched = [_pixel(click, self._embedding.shape) for click in clicks if click.adds]
        return to_slice(low, self._embedding.scale, self._embedding.shape, touched), low


def encoder_input(shown: DisplayedSlice) -> tuple[NDArray[np.float32], float]:
    """A slice, uint8 (h, w) or (h, w, 3), as the encoder takes it: float32 (1, 3, 1024, 1024), its longer side 1024, normalised by
    ImageNet's means, and 0 to the right and below; and its scale."""
    rgb = shown if shown.ndim == 3 else np.repeat(shown[:, :, None], 3, axis=2)
    scale = _FRAME / max(rgb.shape[:2])
    height, width = (int(side * scale + 0.5) for side in rgb.shape[:2])
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    scaled = cv2.resize(rgb, (width, height), interpolation=way).astype(np.float32)
    frame = np.zeros((1, 3, _FRAME, _FRAME), np.float32)
    normal = (scaled - np.array(_MEAN, np.float32)) / np.array(_SPREAD, np.float32)
    frame[0, :, :height, :width] = normal.transpose(2, 0, 1)
    return frame, scale


def prompt(scale: float, box: Rect | None, clicks: Clicks) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Points (1, n, 2), x and y in the encoder's frame, and labels (1, n): 1 in, 0 out, 2 and 3 the box's corners; without a box a
    padding point of -1 at the end."""
    points = [(click.at[1] + 0.5, click.at[0] + 0.5) for click in clicks]
    labels = [1.0 if click.adds else 0.0 for click in clicks]
    if box is not None:
        points = [(box.left, box.top), (box.right, box.bottom), *points]
        labels = [2.0, 3.0, *labels]
    scaled = [(x * scale, y * scale) for x, y in points]
    if box is None:
        scaled.append((0.0, 0.0))
        labels.append(-1.0)
    return np.array([scaled], np.float32), np.array([labels], np.float32)


def best_mask(masks: Logits, opinions: NDArray[np.float32], box: Rect, scale: float, shape: tuple[int, int]) -> int:
    """Which of the masks to begin with: the decoder's opinion, and how well its extent fits the box. Its opinion alone would take the
    whole body on most scans."""
    height, width = (max(1, int(side * scale * _LOW / _FRAME)) for side in shape)
    best, best_score = 0, -np.inf
    for number, (mask, opinion) in enumerate(zip(masks, opinions, strict=True)):
        around = Rect.around(mask[:height, :width] > 0)
        if around is None:
            continue
        factor = _FRAME / (_LOW * scale)
        extent = Rect(*(edge * factor for edge in (around.top, around.left, around.bottom, around.right)))
        score = min(float(opinion), 1.0) + 2 * _overlap(extent, box)
        if score > best_score:
            best, best_score = number, score
    return best


def to_slice(
    low: Logits, scale: float, shape: tuple[int, int], touched: Sequence[tuple[int, int]] = ()
) -> ProposedRegion:
    """What logits (256, 256) of the decoder say on a slice of that shape: the connected parts that hold one of the pixels, or the
    largest. Only the pixels around it are worked on."""
    around = Rect.around(low > 0)
    if around is None:
        return NOTHING
    factor = scale * _LOW / _FRAME
    edges = (around.top - 1, around.left - 1, around.bottom + 1, around.right + 1)
    rect = Rect(*(edge / factor for edge in edges)).within(shape)
    top, left, size = int(rect.top), int(rect.left), (int(rect.height), int(rect.width))
    if not min(size):
        return NOTHING
    region = _warped(low, factor, (top, left), size, cv2.BORDER_REPLICATE) > 0
    parts = kept_parts(region, [(y - top, x - left) for y, x in touched if rect.holds((y, x))])
    return ProposedRegion.of(parts).moved(top, left)


def to_low(region: ProposedRegion, scale: float) -> Logits:
    """A region of the slice as logits (256, 256) for the decoder to correct."""
    logits = np.where(np.pad(region.region, 1), np.float32(_SURE), np.float32(-_SURE))
    top, left = region.corner
    factor = _FRAME / (scale * _LOW)
    shift = (1 - top) / factor, (1 - left) / factor
    return _warped(logits, factor, shift, (_LOW, _LOW), cv2.BORDER_CONSTANT)


def _warped(logits: Logits, factor: float, corner: tuple[float, float], shape: tuple[int, int], border: int) -> Logits:
    """So many pixels from `corner` on, of a grid whose pixels are `factor` of those of the logits."""
    down, across = ((start + 0.5) * factor - 0.5 for start in corner)
    place = np.array([[factor, 0, across], [0, factor, down]], np.float32)
    way = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    found = cv2.warpAffine(logits, place, shape[::-1], flags=way, borderMode=border, borderValue=_OUTSIDE)
    return np.asarray(found, np.float32)


def _overlap(one: Rect, two: Rect) -> float:
    """Intersection over union of two rectangles."""
    down = min(one.bottom, two.bottom) - max(one.top, two.top)
    across = min(one.right, two.right) - max(one.left, two.left)
    both = max(down, 0.0) * max(across, 0.0)
    return both / max(one.height * one.width + two.height * two.width - both, 1e-6)


def _shared(one: Logits, two: Logits) -> float:
    """Dice of what they say."""
    both = int(np.count_nonzero(one > 0)) + int(np.count_nonzero(two > 0))
    return 2 * int(np.count_nonzero((one > 0) & (two > 0))) / max(both, 1)


def _pixel(click: Click, shape: tuple[int, int]) -> tuple[int, int]:
    down, across = (min(max(round(v), 0), n - 1) for v, n in zip(click.at, shape, strict=True))
    return down, across


def _session(model: Path | bytes) -> Any:
    import onnxruntime  # type: ignore[import-untyped]  # loaded on first use: most never need it

    options = onnxruntime.SessionOptions()
    options.enable_cpu_mem_arena = False
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # a job takes one core
    options.log_severity_level = 4
    try:
        source = model if isinstance(model, bytes) else str(model)
        return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
    except Exception as fault:  # its errors have no class of their own that stays
        name = model.name if isinstance(model, Path) else "ONNX"
        raise EngineError(translatable("{name} is no network that can be run."), name=name) from fault


def _outputs(session: Any) -> set[str]:
    return {each.name for each in session.get_outputs()}


def _is_encoder(session: Any) -> bool:
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if len(inputs) != 1 or len(outputs) != 1:
        return False
    return bool(inputs[0].shape[1:] == [3, _FRAME, _FRAME] and outputs[0].shape[1:] == [256, 64, 64])


def _other_network(folder: Path, encoders: int, decoders: int) -> EngineError:
    hint = translatable("A click model is two .onnx files in one folder: the encoder and the decoder of a SAM export.")
    if not any(folder.glob("*.onnx")):
        return EngineError(translatable("{name} holds no .onnx file."), hint, name=folder.name)
    if not encoders:
        return EngineError(
            translatable("{name} holds no image encoder of the SAM family (1024 pixels in, 256 × 64 × 64 out)."),
            hint,
            name=folder.name,
        )
    if not decoders:
        return EngineError(
            translatable("{name} holds no mask decoder of the SAM family (points, boxes and a mask in)."),
            hint,
            name=folder.name,
        )
    return EngineError(translatable("{name} holds several encoders or decoders."), hint, name=folder.name)


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_READ_AT_ONCE):
            digest.update(block)
    return digest.hexdigest()


def _licence(folder: Path) -> str:
    """The text of a licence file beside the networks; "" where there is none."""
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.stem.upper() in ("LICENSE", "LICENCE", "COPYING"):
            return path.read_text(encoding="utf-8", errors="replace").strip()
    return ""


def _with_outputs(path: Path, names: Sequence[str]) -> bytes:
    """The network with inner tensors named as outputs; its weights are the same."""
    import onnx

    model = onnx.load(str(path))
    for name in names:
        model.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    return bytes(model.SerializeToString())
