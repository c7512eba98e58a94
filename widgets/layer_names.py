"""The layers of a network in words: "Stage 2, block 1: depthwise convolution 3×3, stride 2"."""

from typing import TYPE_CHECKING

from widgets.figures import shape
from widgets.text import tr

if TYPE_CHECKING:
    from engine.layer_places import LayerPlace
    from engine.learning.feature_maps import MapLayer


def part_words(place: "LayerPlace") -> str:
    """ "Stage 2, block 1"; "" of what stands in no part that has a name."""
    if place.part == "decoder":
        return tr("Decoder, stage {number}", number=place.stage) if place.stage else tr("Decoder")
    if place.stage and place.block:
        return tr("Stage {stage}, block {block}", stage=place.stage, block=place.block)
    if place.stage or place.block:
        return tr("Stage {number}", number=place.stage) if place.stage else tr("Block {number}", number=place.block)
    names = {
        "stem": tr("Stem"),
        "encoder": tr("Encoder"),
        "pyramid": tr("Pyramid"),
        "proposals": tr("Proposals"),
        "boxes": tr("Classes and boxes"),
        "masks": tr("Masks of objects"),
        "head": tr("Head"),
    }
    return names.get(place.part, "")


def layer_words(layer: "MapLayer") -> str:
    """The layer with where it stands, and its number among those like it."""
    place, words = part_words(layer.place), tr(layer.kind)
    if all(layer.kernel):
        words += " {}×{}".format(*layer.kernel)
    if layer.stride > 1:
        words = tr("{layer}, stride {n}", layer=words, n=layer.stride)
    if layer.number:
        words += f" ({layer.number})"
    return f"{place}: {words}" if place else words[:1].upper() + words[1:]


def layer_title(layer: "MapLayer") -> str:
    """With what it makes."""
    return f"{layer_words(layer)} · {shape(layer.output)}"
