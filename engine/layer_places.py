"""Where in a network a layer stands, told by its path: "net.encoder.blocks.1.0.conv_dw" is of block 1 of stage 2."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

NetworkPart: TypeAlias = Literal["stem", "encoder", "decoder", "pyramid", "proposals", "boxes", "masks", "head", ""]


@dataclass(frozen=True)
class LayerPlace:
    """Of which part of the network, and which stage and block of it, from 1 on; 0 where it has none. "encoder" is a part of networks that
    make masks, "stem" what comes before the first stage."""

    part: NetworkPart = ""
    stage: int = 0
    block: int = 0


_PARTS: Sequence[tuple[str, NetworkPart]] = (
    (r"rpn\.", "proposals"),
    (r"roi_heads\.box", "boxes"),
    (r"roi_heads\.mask", "masks"),
    (r"backbone\.fpn\.", "pyramid"),
    (r"(net\.)?(segmentation_head|head|classifier|score|upscale)\b", "head"),
    (r"net\.(decoder|merge|up|skips)\.", "decoder"),
    (r"net\.|backbone\.", "encoder"),
)
_STAGES = (  # numbers as they are written, and what is added to stage and block
    (r"layer(\d+)\.(\d+)", 0, 1),  # ResNet
    (r"(?:stages|layers|blocks)[._](\d+)\.(?:blocks\.)?(\d+)", 1, 1),  # EfficientNet, MobileNet, ConvNeXt, Swin
    (r"\bblock(\d+)\.(\d+)", 0, 1),  # MiT
    (r"denseblock(\d+)\.denselayer(\d+)", 0, 0),
    (r"\bs(\d+)\.b(\d+)", 0, 0),  # RegNet
    (r"(?:layer|transition|patch_embed)(\d+)\.", 0, 0),
    (r"(?:stages|layers)[._](\d+)\.", 1, 0),
    (r"\bdown\.(\d+)", 1, 0),  # U-Net
)
_BLOCKS = r"\b_?blocks\.(\d+)|features\.(\d+)\.conv\."  # of a ViT, and of a MobileNet
_DECODED = r"net\.(?:up|merge|decoder(?:\.\w*blocks)?)\.(\d+)"


def places_of(paths: Sequence[str]) -> list[LayerPlace]:
    """Of layers in the order in which they run."""
    found = [_place_of(path) for path in paths]
    encoding = (at for at, place in enumerate(found) if place.part != "decoder" and (place.stage or place.block))
    begun = next(encoding, 0)
    return [
        LayerPlace("stem") if at < begun or _is_stem(path) else place
        for at, (path, place) in enumerate(zip(paths, found, strict=True))
    ]


def _place_of(path: str) -> LayerPlace:
    none: NetworkPart = ""
    part = next((part for start, part in _PARTS if re.match(start, path)), none)
    if part == "decoder":
        found = re.match(_DECODED, path)
        return LayerPlace(part, int(found[1]) + 1 if found else 0)
    if part not in ("", "encoder"):
        return LayerPlace(part)
    return next(_staged(part, path), LayerPlace(part))


def _staged(part: NetworkPart, path: str) -> Iterator[LayerPlace]:
    for written, stages, blocks in _STAGES:
        if (found := re.search(written, path)) is not None:
            numbers = [int(each) for each in found.groups()]
            yield LayerPlace(part, numbers[0] + stages, numbers[1] + blocks if len(numbers) > 1 else 0)
    if (found := re.search(_BLOCKS, path)) is not None:
        yield LayerPlace(part, 0, int(found[1]) + 1 if found[1] else int(found[2]))


def _is_stem(path: str) -> bool:
    return re.search(r"(^|[._])stem[._]", path) is not None
