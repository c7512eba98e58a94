"""From a bundle and an image to labels or class probabilities: whole images in batches, large ones in blended tiles, band by band."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from engine.config import AUTO, PredictConfig
from engine.errors import EngineError
from engine.imaging.geometry import SideAxis, side_axis
from engine.imaging.image import Image, Source
from engine.imaging.intensity import to_unit
from engine.imaging.read import read_image
from engine.labels.edit import Labels
from engine.labels.instances import Instances
from engine.labels.sides import side_pairs
from engine.learning import bundle, device
from engine.learning.bundle import ModelCard
from engine.learning.detection import find_objects
from engine.learning.feeding import fed_slices
from engine.learning.likeness import Differences, working_size
from engine.learning.one_slice import middle_slices_alone
from engine.learning.pixels import Picture, Taps, interpolate, pad, resize, scaled_size, taps, to_batch
from engine.progress import Notice, Progress, Work, listed
from engine.project.items import Item
from engine.project.layers import Predicted, pack
from engine.project.objects import pack_objects
from engine.project.project import Project
from engine.project.runs import Classified
from engine.words import translatable

T = TypeVar("T")

_BATCH = 8
_CLASSIFIED = 32
_TILES = 4  # tiles of one forward pass: more gains nothing on a CPU and costs memory
_SUMS = 3 << 26  # bytes of class scores that are blended at a time: with more classes or wider images, in strips
_SCORES = 1 << 26  # and of those that leave the network in one pass
_PIECE = 1 << 24  # and of those that are brought to the image's own size

_PAINTED_GONE = translatable("{run} knows {names}, which the project no longer has: it was taken as background.")
_CALLED_GONE = translatable(
    "{run} also knows {names}, which is no class any more: images that it calls so count as wrong."
)
_PAINTED_ODD = (
    translatable(
        "Some of the network's scores of 1 image are no numbers (NaN or infinite): what it paints there means nothing: {names}."
    ),
    translatable(
        "Some of the network's scores of {count} images are no numbers (NaN or infinite): what it paints there means nothing: {names}."
    ),
)
_CALLED_ODD = (
    translatable("The network's answer to 1 image is no number (NaN or infinite), so that it names no class: {names}."),
    translatable(
        "The network's answers to {count} images are no numbers (NaN or infinite), so that they name no class: {names}."
    ),
)


@dataclass(frozen=True, eq=False)
class FilePredicted:
    """The prediction of a file that belongs to no project: labels (z, y, x) and, from a network that tells them apart, objects; or
    probabilities."""

    source: Source
    image: Image
    labels: Labels | None
    probabilities: NDArray[np.float32] | None
    objects: Instances | None = None


class Predictor:
    """A network with its card, ready to predict on a device. Frees memory and takes smaller batches where the device runs out of it.

    `dtype` is a name of `engine.config.PRECISIONS`, `channels_last` "auto", "yes" or "no". EngineError where the device does not exist,
    and of its methods where not even one image fits into the memory.
    """

    def __init__(
        self,
        network: nn.Module,
        card: ModelCard,
        config: PredictConfig | None = None,
        dtype: str = AUTO,
        channels_last: str = AUTO,
    ) -> None:
        self.config = config or PredictConfig()
        self.card = card
        self.device = device.choose(self.config.device)
        self.dtype, last = device.precision(self.device, dtype, channels_last)
        layout = torch.channels_last if last else torch.contiguous_format
        self._layout = layout
        self.network = network.to(self.device).to(memory_format=layout)
        self.batch = _CLASSIFIED if card.task == "classification" else _BATCH
        self._notices: list[Notice] = []
        self._odd = False

    def had_odd_scores(self) -> bool:
        """Whether a score of the images since the last call was no number (NaN or infinite): the network answers nothing there."""
        found, self._odd = self._odd, False
        return found

    def drain_notices(self) -> Iterator[Notice]:
        """What is worth knowing since the last call: that the memory was too small."""
        said, self._notices = self._notices, []
        yield from said

    def labels(self, image: Image) -> Work[Labels]:
        """Class of every voxel (z, y, x) uint8 at the image's own size, 0 background; yields Progress by slice.

        Class scores are held for a part of a slice alone, so that the memory does not grow with the image nor with the classes.
        """
        fed = fed_slices(self.card, image)
        slices, height, width = image.shape
        result = np.zeros(image.shape, np.uint8)
        working, axis = working_size(self.card, image), side_axis(image.geometry)
        down, across = taps(height, working[0]), taps(width, working[1])
        side = self.card.patch or self.card.size  # where only a scaling by millimetres makes an image larger than that
        tiled = bool(side) and max(working) > side
        group = 1 if tiled else self._fitting(self.batch, working)
        for start in range(0, slices, group):
            yield Progress(start, slices, "")
            pictures = [resize(p, *working) for p in fed(range(start, min(start + group, slices)))]
            if not tiled:
                for z, scores in enumerate(self.logits(pictures, axis), start):
                    self._write_likeliest(result[z], scores, (0, 0), down, across)
                continue
            carried: dict[
                int, Tensor
            ] = {}  # the last row so far of each strip: the rows between it and the next lie between both
            for top, left, scores in self._blended(pictures[0], side, axis):
                if left in carried and not down.same:
                    seam = torch.cat([carried[left], scores[:, :1]], dim=1)
                    self._write_likeliest(result[start], seam, (top - 1, left), down, across)
                self._write_likeliest(result[start], scores, (top, left), down, across)
                carried = {left: scores[:, -1:].clone()}
                yield Progress(start, slices, "")
        return result

    def probabilities(self, image: Image) -> NDArray[np.float32]:
        """Class probabilities (classes,) float32 of the image's middle slice, summing to 1."""
        found: NDArray[np.float32] = self.classify([self.square(image)])[0]
        return found

    def square(self, image: Image) -> Picture:
        """The image's middle slice as a classifying network is fed it."""
        unit = to_unit(image, self.card.intensity, self.card.channels)
        return letterbox(unit[len(unit) // 2], self.card.size)

    def classify(self, pictures: Sequence[Picture]) -> NDArray[np.float32]:
        """Probabilities (n, classes) of pictures that were made square to the card's size."""
        shares: NDArray[np.float32] = np.empty((len(pictures), self.card.outputs), np.float32)
        shares[:] = functional.softmax(self.logits(pictures), dim=1).cpu().numpy()
        return shares

    def logits(self, pictures: Sequence[Picture], side_axis: SideAxis = "across") -> Tensor:
        """Logits (n, classes, h, w) or (n, classes) of pictures of one size, in which left and right lie so, float32 on the device."""
        parts: list[Tensor] = []
        at = 0
        while at < len(pictures):
            group = pictures[at : at + self.batch]
            try:
                parts.append(self._averaged(to_batch(group, self.card.intensity), side_axis))
                self._odd |= not all(end.isfinite() for end in parts[-1].aminmax())
                at += len(group)
                continue
            except (RuntimeError, MemoryError) as fault:
                reraise_unless_oom(fault, last=len(group) == 1)
            self._take_fewer(len(group) // 2)
        return parts[0] if len(parts) == 1 else self.with_cpu_fallback(lambda found: torch.cat([*found]), parts)

    def detections(self, pictures: Sequence[Picture]) -> list[dict[str, Tensor]]:
        """The objects in pictures of one size, as nets.mask_rcnn gives them, on the CPU."""
        found: list[dict[str, Tensor]] = []
        while len(found) < len(pictures):
            group = pictures[len(found) : len(found) + self.batch]
            batch = to_batch(group, self.card.intensity)
            try:
                batch = batch.to(self.device, non_blocking=True).contiguous(memory_format=self._layout)
                with (
                    torch.inference_mode(),
                    torch.autocast(self.device.type, self.dtype, enabled=self.dtype != torch.float32),
                ):
                    found += [{name: part.cpu() for name, part in one.items()} for one in self.network(batch)]
                continue
            except (RuntimeError, MemoryError) as fault:
                reraise_unless_oom(fault, last=len(group) == 1)
            del batch
            self._take_fewer(len(group) // 2)
        return found

    def forward(self, batch: Tensor) -> Tensor:
        """One pass (n, c, h, w) through the network, float32 logits on the device, no gradients."""
        batch = batch.to(self.device, non_blocking=True).contiguous(memory_format=self._layout)
        with torch.inference_mode(), torch.autocast(self.device.type, self.dtype, enabled=self.dtype != torch.float32):
            logits: Tensor = self.network(batch)
        return logits.float()

    def _averaged(self, batch: Tensor, side_axis: SideAxis) -> Tensor:
        logits = self.forward(batch)
        if not (self.config.flips or self.card.mirrored) or self.card.task == "classification":
            return logits
        with torch.inference_mode():
            outputs = mirrored_outputs(self.card, side_axis)
            for picture, mirrored in zip(
                logits, self.forward(batch.flip(-1)), strict=True
            ):  # one at a time: less memory
                picture.add_(mirrored.flip(-1)[outputs]).div_(2)
        return logits

    def _take_fewer(self, count: int) -> None:
        """After the failed tensors went out of scope: give the memory back and go on with so many images at a time."""
        device.free(self.device)
        self.batch = count
        self._notices.append(
            Notice(translatable("The memory was too small: {count} images at a time now."), {"count": count})
            if count > 1
            else Notice(translatable("The memory was too small: one image at a time now."))
        )

    def with_cpu_fallback(self, work: Callable[[Sequence[Tensor]], Tensor], tensors: Sequence[Tensor]) -> Tensor:
        """What `work` makes of tensors of the device, made on the CPU where the device's memory is too small for it."""
        try:
            return work(tensors)
        except (RuntimeError, MemoryError) as fault:
            reraise_unless_oom(fault, last=self.device.type == "cpu")
        device.free(self.device)
        try:
            return work([tensor.cpu() for tensor in tensors])
        except (RuntimeError, MemoryError) as fault:
            reraise_unless_oom(fault, last=True)
            raise

    def _fitting(self, count: int, size: tuple[int, int]) -> int:
        """As many of `count` pictures as one pass may score."""
        return max(1, min(count, _SCORES // (4 * self.card.outputs * size[0] * size[1])))

    def _write_likeliest(
        self, labels: NDArray[np.uint8], scores: Tensor, at: tuple[int, int], down: Taps, across: Taps
    ) -> None:
        """The likeliest class into `labels` (h, w), wherever the scores (classes, rows, columns) of the place `at` tell it: scores are
        brought to the image's own size first, which keeps edges where they are, and a few rows of it at a time."""
        rows = down.told_by(at[0], at[0] + scores.shape[1])
        columns = across.told_by(at[1], at[1] + scores.shape[2])
        step = max(1, _PIECE // max(1, 4 * len(scores) * len(columns)))
        for first in range(rows.start, rows.stop, step):
            some = range(first, min(first + step, rows.stop))

            def likeliest(tensors: Sequence[Tensor], some: range = some) -> Tensor:
                found = interpolate(tensors[0], down.part(some, at[0]), across.part(columns, at[1]))
                return likeliest_class(found[None], self.card)[0]

            found = self.with_cpu_fallback(likeliest, [scores]).cpu().numpy()
            labels[some.start : some.stop, columns.start : columns.stop] = found

    def tiled(self, picture: Picture, side: int, side_axis: SideAxis = "across") -> Tensor:
        """Logits (1, classes, h, w) of a picture larger than a tile of `side` px."""
        whole = torch.empty((self.card.outputs, *picture.shape[:2]))
        for top, left, scores in self._blended(picture, side, side_axis):
            whole[:, top : top + scores.shape[1], left : left + scores.shape[2]] = scores
        return whole[None]

    def _blended(
        self, picture: Picture, side: int, side_axis: SideAxis = "across"
    ) -> Iterator[tuple[int, int, Tensor]]:
        """Blend overlapping tiles with Gaussian weights (Isensee et al. 2021) and hand out scores as soon as no tile reaches them any
        more: (first row, first column, logits (classes, rows, columns)), good until the next. Memory is that of one row of tiles, in
        strips of columns where that is more than `_SUMS`; neighbouring strips share a column, and tiles that reach into both are
        scored for each."""
        height, width = picture.shape[:2]
        canvas = pad(picture, max(height, side), max(width, side))
        widest = max(side, _SUMS // (4 * self.card.outputs * side))
        edges = np.linspace(0, width, -(-width // widest) + 1).round().astype(int).tolist()
        for left, right in pairwise(edges):
            yield from self._strip(canvas, side, (height, width), range(left, min(right + 1, width)), side_axis)

    def _strip(
        self, canvas: Picture, side: int, size: tuple[int, int], columns: range, side_axis: SideAxis
    ) -> Iterator[tuple[int, int, Tensor]]:
        """`_blended` of some columns."""
        tops, lefts = (_tile_starts(length, side, self.config.overlap) for length in canvas.shape[:2])
        lefts = [left for left in lefts if left < columns.stop and left + side > columns.start]
        weight, together = _gaussian(side), self._fitting(_TILES, (side, side))
        total = torch.zeros((self.card.outputs, side, len(columns)))
        share = torch.zeros((side, len(columns)))
        for index, top in enumerate(tops):
            for start in range(0, len(lefts), together):
                some = lefts[start : start + together]
                logits = self.logits([canvas[top : top + side, left : left + side] for left in some], side_axis).cpu()
                for left, tile in zip(some, logits, strict=True):
                    first, last = max(left, columns.start), min(left + side, columns.stop)
                    here = slice(first - columns.start, last - columns.start)
                    part = weight[:, first - left : last - left]
                    total[:, :, here].addcmul_(tile[:, :, first - left : last - left], part)
                    share[:, here] += part
                del logits, tile  # before the next are made
            done = (tops[index + 1] if index + 1 < len(tops) else canvas.shape[0]) - top
            rows = min(done, size[0] - top)
            if rows > 0:
                total[:, :rows] /= share[:rows]
                yield top, columns.start, total[:, :rows]
            for sums in (total, share[None]):
                _shift_up(sums, done)


def _shift_up(sums: Tensor, rows: int) -> None:
    """Move the rows of sums (n, rows, columns) up by so many, in place, and zeros into the last."""
    height = sums.shape[1]
    for to in range(0, height - rows, rows):
        length = min(rows, height - rows - to)
        sums[:, to : to + length] = sums[:, to + rows : to + rows + length]
    sums[:, height - rows :] = 0


def mirrored_outputs(card: ModelCard, side_axis: SideAxis = "across") -> list[int]:
    """Which output of a segmenting network says of a mirror image what each says of the image. Left and right are two of it where they lie
    side by side and the network never saw left on the right, or saw the names exchanged there; what a network without such a note saw is
    not known."""
    outputs = list(range(card.outputs))
    if side_axis == "across" and card.recipe.get("sides", "keep") != "keep":
        for left, right in side_pairs([name for name, _ in card.classes]):
            outputs[left + 1], outputs[right + 1] = right + 1, left + 1
    return outputs


def reraise_unless_oom(fault: BaseException, *, last: bool) -> None:
    """Raise what is no lack of memory, and a lack of memory after which nothing smaller is left to try."""
    if not device.is_out_of_memory(fault):
        raise fault
    if last:
        raise EngineError(
            translatable("The memory is too small for a single image with this network."),
            translatable(
                "Choose another device, close other programs, or train a network on smaller images or patches."
            ),
        ) from fault


def _tile_starts(length: int, side: int, overlap: float) -> list[int]:
    """Where tiles of `side` begin along `length`: evenly spread, overlapping by at least that share."""
    if length <= side:
        return [0]
    count = int(np.ceil((length - side) / max(1.0, side * (1 - overlap)))) + 1
    return [round(p) for p in np.linspace(0, length - side, count)]


def _gaussian(side: int) -> Tensor:
    """Weights (side, side) of a tile: 1 in the middle, small but not 0 at the rim (sigma = side / 8)."""
    line = torch.exp(-(((torch.arange(side) - (side - 1) / 2) / (side / 8)) ** 2) / 2)
    return (line[:, None] * line[None, :]).clamp_min(1e-4)


def likeliest_class(logits: Tensor, card: ModelCard) -> Tensor:
    """The class (n, h, w) uint8, 0 background, of logits (n, classes, h, w) that are overwritten: none that no mask taught, whose
    logits are as they were drawn."""
    with torch.inference_mode():
        for place in card.untaught:
            logits[:, place + 1] = -torch.inf
        return logits.argmax(dim=1).to(torch.uint8)


def letterbox(picture: Picture, side: int) -> Picture:
    """A picture brought to side x side: scaled to fit, in the middle, its edge repeated."""
    small = resize(picture, *scaled_size(picture.shape[0], picture.shape[1], side))
    down, across = side - small.shape[0], side - small.shape[1]
    edges = ((down // 2, down - down // 2), (across // 2, across - across // 2), *((0, 0),) * (picture.ndim - 2))
    return np.pad(small, edges, mode="edge")


def predict_items(folder: Path, run: str | int, items: Sequence[int], config: PredictConfig | None = None) -> Work[int]:
    """Predict items of a project with one of its runs; yields Predicted or Classified for each, for the caller to keep.

    An item that cannot be read is named in a Notice and passed over; how many were predicted comes back. Classes that the run knows
    and the project no longer has become background, and that is said.
    """
    with Project.open(folder, write=False) as project:
        found = project.runs.get(run)
        chosen = project.items.those(items)
        classes, objects = project.classes, project.task == "instance"
    card, network = bundle.restore(found.model())
    predictor = Predictor(network, card, config)
    learnt = found.learnt(classes)
    gone = [one.name for one in learnt if one.place is None]
    if gone:
        text = _CALLED_GONE if card.task == "classification" else _PAINTED_GONE
        yield Notice(text, {"run": found.name, "names": ", ".join(gone)})
    if card.task == "classification":
        return (yield from _classify(predictor, chosen))
    values = found.values(classes)
    yield from _without_mirror_images(card, predictor.config)
    done, differences, odd = 0, Differences(card), list[str]()
    for number, item in enumerate(chosen):
        progress = Progress(number, len(chosen), item.name)
        yield progress
        try:
            image = read_image(item.present())
            yield from differences.of(item.name, image)
            if card.task == "instances":
                seen = yield from _as_item_progress(find_objects(predictor, image), progress)
                shown, kept = seen.relabelled(values).shown, pack_objects(seen)
                labels, ids = shown.class_map(), shown.ids if objects else None
            else:
                labels = values[(yield from _as_item_progress(predictor.labels(image), progress))]
                kept, ids = b"", None
        except EngineError as fault:
            yield Notice(translatable("{name} was passed over: {reason}"), {"name": item.name, "reason": str(fault)})
            continue
        yield from predictor.drain_notices()
        done += 1
        odd += [item.name] if predictor.had_odd_scores() else []
        yield Predicted(item.id, tuple(pack(labels, ids)), kept)
    yield from differences.of_others()
    yield from listed(*_PAINTED_ODD, odd)
    yield Progress(len(chosen), len(chosen))
    return done


def _without_mirror_images(card: ModelCard, config: PredictConfig) -> Iterator[Notice]:
    """That mirror images were asked for in vain."""
    if config.flips and card.task == "instances":
        yield Notice(translatable("Objects are not averaged over mirror images: the network looks once."))


def _classify(predictor: Predictor, items: Sequence[Item]) -> Work[int]:
    """Small pictures of one size: many at a time, since one alone leaves the processor idle."""
    done, differences, odd = 0, Differences(predictor.card), list[str]()
    names = {item.id: item.name for item in items}
    yield from middle_slices_alone(sum(item.shape[0] > 1 for item in items))
    for start in range(0, len(items), _CLASSIFIED):
        pictures: dict[int, Picture] = {}
        for item in items[start : start + _CLASSIFIED]:
            yield Progress(start, len(items), item.name)
            try:
                image = read_image(item.present())
                yield from differences.of(item.name, image)
                pictures[item.id] = predictor.square(image)
            except EngineError as fault:
                yield Notice(
                    translatable("{name} was passed over: {reason}"), {"name": item.name, "reason": str(fault)}
                )
        if pictures:
            for id, shares in zip(pictures, predictor.classify(list(pictures.values())), strict=True):
                odd += [] if np.isfinite(shares).all() else [names[id]]
                yield Classified(id, shares)
            yield from predictor.drain_notices()
        done += len(pictures)
    yield from differences.of_others()
    yield from listed(*_CALLED_ODD, odd)
    yield Progress(len(items), len(items))
    return done


def _as_item_progress(work: Work[T], progress: Progress) -> Work[T]:
    """Let the work's steps be seen as one item's progress."""
    while True:
        try:
            next(work)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
        yield progress


def predict_files(path: Path, sources: Sequence[Source], config: PredictConfig | None = None) -> Work[int]:
    """Predict images that belong to no project with the bundle at `path`; yields FilePredicted for each, or a Notice that names it and
    why not; how many were predicted comes back. Raises NotReadable where the bundle is damaged or none."""
    card, network = bundle.restore(path)
    predictor = Predictor(network, card, config)
    yield from _without_mirror_images(card, predictor.config)
    done, differences, odd, volumes = 0, Differences(card), list[str](), 0
    for number, source in enumerate(sources):
        progress = Progress(number, len(sources), Path(source.files[0]).name)
        yield progress
        try:
            image = read_image(source)
            yield from differences.of(progress.what, image)
            if card.task == "classification":
                volumes += image.shape[0] > 1
                yield FilePredicted(source, image, None, predictor.probabilities(image))
            elif card.task == "instances":
                objects = yield from _as_item_progress(find_objects(predictor, image), progress)
                yield FilePredicted(source, image, objects.shown.class_map(), None, objects.shown)
            else:
                labels = yield from _as_item_progress(predictor.labels(image), progress)
                yield FilePredicted(source, image, labels, None)
            yield from predictor.drain_notices()
            done += 1
            odd += [progress.what] if predictor.had_odd_scores() else []
        except EngineError as fault:
            yield Notice(
                translatable("{name} was passed over: {reason}"), {"name": progress.what, "reason": str(fault)}
            )
    yield from middle_slices_alone(volumes)
    yield from differences.of_others()
    yield from listed(*(_CALLED_ODD if card.task == "classification" else _PAINTED_ODD), odd)
    return done
