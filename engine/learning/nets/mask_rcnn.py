"""Mask R-CNN: objects one by one, as boxes with a class, how sure it is, and a mask of 28 x 28 in each."""

import warnings
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.nn import functional

if TYPE_CHECKING:
    from torchvision.models.detection.image_list import ImageList

PUBLISHED_ANCHORS = (32, 64, 128, 256, 512)
MULTIPLE = 32
_RATIOS = (0.5, 1.0, 2.0)
_LIGHT_WIDTH = 96
_STAGES = 4  # of the encoder's maps, at a 4th, 8th, 16th and 32nd of the image


class PyramidOf(nn.Module):
    """An encoder's maps as a feature pyramid: one width at every scale (Lin and others 2017), and one scale more by pooling."""

    def __init__(self, encoder: nn.Module, widths: Sequence[int], width: int) -> None:
        super().__init__()
        from torchvision.ops.feature_pyramid_network import FeaturePyramidNetwork, LastLevelMaxPool

        self.encoder, self.out_channels = encoder, width
        self.fpn = FeaturePyramidNetwork(list(widths), width, LastLevelMaxPool(), nn.BatchNorm2d)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        maps = self.encoder(x)[-_STAGES:]
        found: dict[str, Tensor] = self.fpn(OrderedDict((str(at), one) for at, one in enumerate(maps)))
        return found


class MaskRCNN(nn.Module):
    """torchvision's parts of Mask R-CNN (He and others 2017), fed normalised images of one size without scaling them.

    With `targets` (n, h, w), 256 times an object's id plus its class at each pixel, images (n, c, h, w) give the loss, a scalar.
    Without, in evaluation mode, they give a list of an image's objects: "boxes" (k, 4) as left, top, right, bottom in px, "labels"
    (k,), "scores" (k,) 0..1, the surest first, and "masks" (k, 1, 28, 28) in 0..1. On the meta device it gives nothing, and runs for
    counting.
    """

    def __init__(self, backbone: nn.Module, rpn: nn.Module, roi_heads: nn.Module, classes: int) -> None:
        super().__init__()
        self.backbone, self.rpn, self.roi_heads, self.classes = backbone, rpn, roi_heads, classes

    @property
    def encoder(self) -> nn.Module | None:
        """The exchangeable part; None where there is none."""
        return self.backbone.encoder if isinstance(self.backbone, PyramidOf) else None

    def forward(self, x: Tensor, targets: Tensor | None = None) -> Any:
        wanted = None if targets is None else [objects_in(one, self.classes) for one in targets]
        images, maps = self._seen(x)
        if x.is_meta:
            return self._count(maps, len(x))
        with torch.autocast(x.device.type, enabled=False):  # boxes are too fine for half the digits
            boxes, of_boxes = self.rpn(images, maps, wanted)
            found, of_objects = self.roi_heads(maps, boxes, images.image_sizes, wanted)
        return found if wanted is None else torch.stack([*of_boxes.values(), *of_objects.values()]).sum()

    def objects_and_regions(self, x: Tensor) -> tuple[dict[str, Tensor], Tensor]:
        """The objects of one image (1, c, h, w), and the region (k, 4) of each that its class was read in: a proposal, before its box was
        fitted to it. In evaluation mode."""
        from torchvision.ops import clip_boxes_to_image

        images, maps = self._seen(x)
        heads: Any = self.roi_heads
        with torch.autocast(x.device.type, enabled=False):
            (proposals,), _ = self.rpn(images, maps)
            (found,), _ = heads(maps, [proposals], images.image_sizes)
            if not len(found["boxes"]):
                return found, found["boxes"]
            _, fits = self._read(maps, [proposals], images.image_sizes)
            fitted = clip_boxes_to_image(heads.box_coder.decode(fits, [proposals]), images.image_sizes[0])
        # by the boxes: how sure it is may be 1 of several
        origins = (fitted[:, found["labels"]] - found["boxes"]).abs().sum(-1).argmin(0)
        return found, proposals[origins]

    def region_logits(self, x: Tensor, regions: Tensor) -> Tensor:
        """What the network takes the same regions (k, 4) in each image to be: logits (n, k, classes)."""
        images, maps = self._seen(x)
        with torch.autocast(x.device.type, enabled=False):
            logits, _ = self._read(maps, [regions] * len(x), images.image_sizes)
        return logits.view(len(x), len(regions), self.classes)

    def _seen(self, x: Tensor) -> tuple["ImageList", dict[str, Tensor]]:
        """The images, filled up to a size that the encoder can halve, and their maps."""
        from torchvision.models.detection.image_list import ImageList

        size = (x.shape[-2], x.shape[-1])
        down, right = (-side % MULTIPLE for side in size)
        padded = functional.pad(x, (0, right, 0, down))
        return ImageList(padded, [size] * len(x)), {name: one.float() for name, one in self.backbone(padded).items()}

    def _read(
        self, maps: dict[str, Tensor], regions: list[Tensor], sizes: list[tuple[int, int]]
    ) -> tuple[Tensor, Tensor]:
        """Class logits (regions, classes) and how the boxes are to be fitted (regions, 4 * classes)."""
        heads: Any = self.roi_heads
        logits, fits = heads.box_predictor(heads.box_head(heads.box_roi_pool(maps, regions, sizes)))
        return logits, fits

    def _count(self, maps: dict[str, Tensor], images: int) -> list[dict[str, Tensor]]:
        """All that runs with the most regions and objects that there may be, for shapes alone: they have no values to choose by."""
        heads: Any = self.roi_heads
        sampler, found = heads.fg_bg_sampler, heads.detections_per_img
        regions, objects = sampler.batch_size_per_image, int(sampler.batch_size_per_image * sampler.positive_fraction)
        if not self.training:
            regions, objects = self.rpn.post_nms_top_n(), found  # type: ignore[operator]
        self.rpn.head([*maps.values()])  # type: ignore[operator]
        pooled = maps["0"].new_zeros(images * regions, maps["0"].shape[1], 7, 7)
        heads.box_predictor(heads.box_head(pooled))
        heads.mask_predictor(heads.mask_head(pooled.new_zeros(images * objects, pooled.shape[1], 14, 14)))
        return []


def objects_in(codes: Tensor, classes: int) -> dict[str, Tensor]:
    """The objects of one image from its codes (h, w) int64: "boxes" (k, 4), "labels" (k,), "masks" (k, h, w) uint8."""
    values: Tensor = codes.unique()  # type: ignore[no-untyped-call]
    values = values[(values % 256 > 0) & (values % 256 < classes)]
    masks = codes[None] == values[:, None, None]
    rows, columns = (masks.any(dim=axis) for axis in (2, 1))
    boxes = torch.stack([_first(columns), _first(rows), _last(columns), _last(rows)], dim=1).float()
    return {"boxes": boxes, "labels": values % 256, "masks": masks.to(torch.uint8)}


def _first(lines: Tensor) -> Tensor:
    return lines.to(torch.uint8).argmax(dim=1)


def _last(lines: Tensor) -> Tensor:
    return lines.shape[1] - lines.flip(1).to(torch.uint8).argmax(dim=1)


def published(channels: int, classes: int, anchors: Sequence[int], most: int) -> MaskRCNN:
    """Mask R-CNN on a ResNet-50 with a feature pyramid, as published but for its batch normalisation, which learns too."""
    from torchvision.models import detection

    net = detection.maskrcnn_resnet50_fpn(
        weights=None,
        weights_backbone=None,
        num_classes=classes,
        box_detections_per_img=most,
        rpn_post_nms_top_n_test=max(1000, most),
    )
    body: Any = net.backbone
    if channels != 3:
        body.body.conv1 = nn.Conv2d(channels, 64, 7, 2, 3, bias=False)
        nn.init.kaiming_normal_(body.body.conv1.weight, mode="fan_out", nonlinearity="relu")
    parts: Any = net
    parts.rpn.anchor_generator = _anchors(anchors)
    _scale_pooling(parts.roi_heads, anchors)
    return MaskRCNN(body, parts.rpn, parts.roi_heads, classes)


def light(encoder: str, channels: int, classes: int, anchors: Sequence[int], most: int) -> MaskRCNN:
    """Half the pyramid's width, smaller heads and any encoder of segmentation_models_pytorch: it learns on a CPU."""
    import segmentation_models_pytorch as smp
    from torchvision.models.detection.faster_rcnn import FastRCNNPredictor, TwoMLPHead
    from torchvision.models.detection.mask_rcnn import MaskRCNNHeads, MaskRCNNPredictor
    from torchvision.models.detection.roi_heads import RoIHeads
    from torchvision.models.detection.rpn import RegionProposalNetwork, RPNHead

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its "timm-" encoders are called deprecated, though one has weights offline
        read = smp.encoders.get_encoder(encoder, in_channels=channels, depth=5, weights=None)
    width, made = _LIGHT_WIDTH, _anchors(anchors)
    backbone = PyramidOf(read, read.out_channels[-_STAGES:], width)
    rpn = RegionProposalNetwork(
        made,
        RPNHead(width, made.num_anchors_per_location()[0]),
        fg_iou_thresh=0.7,
        bg_iou_thresh=0.3,
        batch_size_per_image=256,
        positive_fraction=0.5,
        pre_nms_top_n={"training": 1000, "testing": 1000},
        post_nms_top_n={"training": 500, "testing": max(500, most)},
        nms_thresh=0.7,
    )
    box_pool, mask_pool = _pool(7), _pool(14)
    heads = RoIHeads(
        box_roi_pool=box_pool,
        box_head=TwoMLPHead(width * 7 * 7, 256),
        box_predictor=FastRCNNPredictor(256, classes),
        fg_iou_thresh=0.5,
        bg_iou_thresh=0.5,
        batch_size_per_image=64,
        positive_fraction=0.25,
        bbox_reg_weights=None,
        score_thresh=0.05,
        nms_thresh=0.5,
        detections_per_img=most,
        mask_roi_pool=mask_pool,
        mask_head=MaskRCNNHeads(width, (width, width), 1),
        mask_predictor=MaskRCNNPredictor(width, width, classes),
    )
    _scale_pooling(heads, anchors)
    return MaskRCNN(backbone, rpn, heads, classes)


def _anchors(sides: Sequence[int]) -> Any:
    from torchvision.models.detection.anchor_utils import AnchorGenerator

    return AnchorGenerator(tuple((side,) for side in sides), (_RATIOS,) * len(sides))


def _pool(side: int) -> Any:
    from torchvision.ops import MultiScaleRoIAlign

    return MultiScaleRoIAlign([str(at) for at in range(_STAGES)], output_size=side, sampling_ratio=2)


def _scale_pooling(heads: Any, anchors: Sequence[int]) -> None:
    """Objects are pooled from the scale whose anchors found them: the published rule is for anchors from 32 px on."""
    for pool in (heads.box_roi_pool, heads.mask_roi_pool):
        pool.canonical_scale = 224 * anchors[0] / PUBLISHED_ANCHORS[0]
