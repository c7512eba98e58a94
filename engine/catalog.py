"""What can be chosen, as plain tables that load without torch: architectures with their facts, encoders, losses, optimizers."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace

from engine.config import AUTO, Settings, TrainConfig, option_of, with_values
from engine.errors import EngineError
from engine.network_options import (
    ActivationOptions,
    DeepOptions,
    DenseOptions,
    DepthOptions,
    DropoutOptions,
    FCNOptions,
    MaskOptions,
    MLPOptions,
    NetworkOptions,
    SegNetOptions,
    UNetOptions,
)
from engine.words import translatable

TIMM = "timm:"
"""What stands before the name of any classification network of timm's."""

BUILT_IN = "built-in"
"""Where ImageNet weights come with the program's dependencies, so that they work offline."""


@dataclass(frozen=True)
class Architecture:
    """A network by its name, with what its paper says and what was counted from the network as it is built here.

    `parameters`, `layers` and `multiply_adds` (of one image) hold for `input` ("height x width x channels"), the default
    encoder and `classes` (background included); tests count them again, those of objects with the most proposals and objects. `layers` are the convolutions and fully
    connected layers that run, without the projections of shortcuts. The sentences are marked for translation.
    """

    name: str
    title: str
    task: str  # "segmentation", "instances" or "classification"
    family: str
    kind: str  # what sort of network it is
    year: int
    paper: str
    input: str
    classes: int
    parameters: int
    layers: int
    multiply_adds: int
    unique: str
    drawbacks: str
    use_cases: str
    needs: tuple[str, ...] = ()  # what must be chosen beside the network: "encoder"
    default_encoder: str = ""
    options: NetworkOptions = NetworkOptions()
    imagenet: str = ""  # whose ImageNet weights it can start from: BUILT_IN, TIMM, or torchvision's name; "" with an encoder: the encoder's
    filters: str = ""
    pooling: str = ""
    activation: str = "ReLU"
    dataset: str = ""
    top5: str | None = None  # error on ImageNet as published, with how it was come by

    @property
    def encoders(self) -> bool:
        return "encoder" in self.needs

    @property
    def starts_from_imagenet(self) -> bool:
        """Whether there are ImageNet weights for it, here or to be fetched."""
        return self.encoders or bool(self.imagenet)


ARCHITECTURES: tuple[Architecture, ...] = (
    Architecture(
        name="unet",
        title=translatable("U-Net (published)"),
        task="segmentation",
        family="U-Net",
        kind=translatable("Encoder and decoder with skip connections"),
        year=2015,
        paper="Ronneberger, Fischer, Brox: U-Net: convolutional networks for biomedical image segmentation (MICCAI 2015)",
        input="256x256x1",
        classes=2,
        parameters=31_036_546,
        layers=23,
        multiply_adds=48_096_083_968,
        unique=translatable(
            "Encoder and decoder mirror each other, and every level hands its maps across by concatenation; here with padded convolutions and batch normalisation."
        ),
        drawbacks=translatable(
            "No encoder that could start from ImageNet weights; many multiplications at full resolution."
        ),
        use_cases=translatable("Medical images with few labelled examples; the network to measure others by."),
        filters="3x3, 2x2 up",
        pooling=translatable("max 2x2"),
        dataset=translatable("ISBI cell tracking and EM stacks"),
        options=UNetOptions(),
    ),
    Architecture(
        name="unet-smp",
        title=translatable("U-Net with an encoder"),
        task="segmentation",
        family="U-Net",
        kind=translatable("Encoder and decoder with skip connections"),
        year=2015,
        paper="Ronneberger, Fischer, Brox: U-Net: convolutional networks for biomedical image segmentation (MICCAI 2015)",
        input="256x256x3",
        classes=2,
        parameters=24_436_514,
        layers=44,
        multiply_adds=7_823_425_536,
        unique=translatable(
            "The U-Net's decoder over any classification network as encoder, which can bring ImageNet weights."
        ),
        drawbacks=translatable(
            "No skip at full resolution: the finest maps that an encoder hands across have half of it."
        ),
        use_cases=translatable("The default for masks of organs, lesions and cells."),
        needs=("encoder",),
        default_encoder="resnet34",
        filters="3x3",
        options=DropoutOptions(),
        dataset=translatable("ISBI cell tracking and EM stacks"),
    ),
    Architecture(
        name="unet++",
        title="U-Net++",
        task="segmentation",
        family="U-Net",
        kind=translatable("Encoder and decoder with skip connections"),
        year=2018,
        paper="Zhou and others: UNet++: a nested U-Net architecture for medical image segmentation (DLMIA 2018)",
        input="256x256x3",
        classes=2,
        parameters=26_078_754,
        layers=56,
        multiply_adds=18_393_071_616,
        unique=translatable("Nested, dense skips: maps are brought closer in meaning before encoder and decoder meet."),
        drawbacks=translatable("More than twice the multiplications and memory of the U-Net for a small gain."),
        use_cases=translatable("Structures of very different sizes in one image."),
        needs=("encoder",),
        default_encoder="resnet34",
        filters="3x3",
        options=DropoutOptions(),
        dataset=translatable("Nodules in CT, nuclei, liver in CT, polyps"),
    ),
    Architecture(
        name="manet",
        title="MA-Net",
        task="segmentation",
        family="U-Net",
        kind=translatable("Encoder and decoder with skip connections and attention"),
        year=2020,
        paper="Fan and others: MA-Net: a multi-scale attention network for liver and tumor segmentation (IEEE Access 2020)",
        input="256x256x3",
        classes=2,
        parameters=31_783_778,
        layers=72,
        multiply_adds=8_324_929_536,
        unique=translatable("Attention between positions at the bottom and between channels at each skip."),
        drawbacks=translatable("Attention over positions grows with the square of the image's area."),
        use_cases=translatable("Liver and tumours; lesions that blend into their surroundings."),
        needs=("encoder",),
        default_encoder="resnet34",
        filters="3x3, 1x1",
        options=DropoutOptions(),
        dataset=translatable("LiTS (liver tumours in CT)"),
    ),
    Architecture(
        name="linknet",
        title="LinkNet",
        task="segmentation",
        family="U-Net",
        kind=translatable("Encoder and decoder with skip connections"),
        year=2017,
        paper="Chaurasia, Culurciello: LinkNet: exploiting encoder representations for efficient semantic segmentation (VCIP 2017)",
        input="256x256x3",
        classes=2,
        parameters=21_771_970,
        layers=49,
        multiply_adds=5_032_116_224,
        unique=translatable("Skips are added, not concatenated, so that the decoder stays thin and fast."),
        drawbacks=translatable("Coarser outlines than the U-Net's."),
        use_cases=translatable("Fast previews and machines without a graphics card."),
        needs=("encoder",),
        default_encoder="resnet34",
        filters="3x3, 1x1",
        options=DropoutOptions(),
        dataset="CamVid, Cityscapes",
    ),
    Architecture(
        name="fpn",
        title="FPN",
        task="segmentation",
        family="Pyramid",
        kind=translatable("Encoder with a pyramid of maps"),
        year=2017,
        paper="Kirillov and others: Panoptic feature pyramid networks (CVPR 2019), after Lin and others: Feature pyramid networks for object detection (CVPR 2017)",
        input="256x256x3",
        classes=2,
        parameters=23_155_522,
        layers=45,
        multiply_adds=6_855_589_888,
        unique=translatable("One map of the same width for every scale, predicted from their sum."),
        drawbacks=translatable("Predicts at a quarter of the resolution, so thin structures suffer."),
        use_cases=translatable("Objects of mixed sizes."),
        needs=("encoder",),
        default_encoder="resnet34",
        filters="3x3, 1x1",
        options=DropoutOptions(0.2),
        dataset="COCO, Cityscapes",
    ),
    Architecture(
        name="pspnet",
        title="PSPNet",
        task="segmentation",
        family="Pyramid",
        kind=translatable("Encoder with a pyramid of maps"),
        year=2017,
        paper="Zhao and others: Pyramid scene parsing network (CVPR 2017)",
        input="256x256x3",
        classes=2,
        parameters=21_442_594,
        layers=21,
        multiply_adds=2_344_820_736,
        unique=translatable(
            "Pools the deepest maps over grids of 1, 2, 3 and 6 fields, so that each pixel knows the whole scene."
        ),
        drawbacks=translatable(
            "Predicts at an eighth of the resolution: small structures are lost. Only three stages of the encoder run, though all are counted."
        ),
        use_cases=translatable("Large organs, where the surroundings decide."),
        needs=("encoder",),
        default_encoder="resnet34",
        filters="3x3, 1x1",
        pooling=translatable("average over 1, 2, 3, 6 fields"),
        options=DropoutOptions(0.2),
        dataset="ADE20K, PASCAL VOC 2012, Cityscapes",
    ),
    Architecture(
        name="pan",
        title="PAN",
        task="segmentation",
        family="Pyramid",
        kind=translatable("Encoder with a pyramid of maps"),
        year=2018,
        paper="Li and others: Pyramid attention network for semantic segmentation (BMVC 2018)",
        input="256x256x3",
        classes=2,
        parameters=21_476_105,
        layers=48,
        multiply_adds=7_441_537_960,
        unique=translatable(
            "A pyramid of pooled maps weighs the deepest features, and global context guides each step up."
        ),
        drawbacks=translatable("Needs images of at least 128 px and two images a batch."),
        use_cases=translatable("Large structures with little memory for the decoder."),
        needs=("encoder",),
        default_encoder="resnet34",
        filters="7x7, 5x5, 3x3, 1x1",
        pooling=translatable("max 2x2, three deep"),
        options=DropoutOptions(),
        dataset="PASCAL VOC 2012, Cityscapes",
    ),
    Architecture(
        name="deeplabv3",
        title="DeepLabV3",
        task="segmentation",
        family="DeepLab",
        kind=translatable("Encoder of convolutions with holes"),
        year=2017,
        paper="Chen and others: Rethinking atrous convolution for semantic image segmentation (2017)",
        input="256x256x3",
        classes=2,
        parameters=26_007_362,
        layers=41,
        multiply_adds=27_300_331_520,
        unique=translatable("Convolutions with holes at several rates see far without shrinking the maps."),
        drawbacks=translatable(
            "Slow, since the deepest maps stay large; no decoder to sharpen the outline; needs two images a batch."
        ),
        use_cases=translatable("Large structures and their context."),
        needs=("encoder",),
        default_encoder="resnet34",
        filters="3x3 with holes, 1x1",
        options=DropoutOptions(0.5),
        dataset="PASCAL VOC 2012",
    ),
    Architecture(
        name="deeplabv3+",
        title="DeepLabV3+",
        task="segmentation",
        family="DeepLab",
        kind=translatable("Encoder of convolutions with holes"),
        year=2018,
        paper="Chen and others: Encoder-decoder with atrous separable convolution for semantic image segmentation (ECCV 2018)",
        input="256x256x3",
        classes=2,
        parameters=22_437_714,
        layers=48,
        multiply_adds=7_885_029_376,
        unique=translatable("DeepLabV3 with a small decoder that takes fine maps back in, and separable convolutions."),
        drawbacks=translatable("Predicts at a quarter of the resolution; needs two images a batch."),
        use_cases=translatable("The usual rival of the U-Net; X-ray and CT."),
        needs=("encoder",),
        default_encoder="resnet34",
        filters="3x3 with holes, 1x1",
        options=DropoutOptions(0.5),
        dataset="PASCAL VOC 2012, Cityscapes",
    ),
    Architecture(
        name="upernet",
        title="UPerNet",
        task="segmentation",
        family="Pyramid",
        kind=translatable("Encoder with a pyramid of maps"),
        year=2018,
        paper="Xiao and others: Unified perceptual parsing for scene understanding (ECCV 2018)",
        input="256x256x3",
        classes=2,
        parameters=29_599_938,
        layers=46,
        multiply_adds=17_971_806_208,
        unique=translatable("A feature pyramid over PSPNet's pooling."),
        drawbacks=translatable("Heavy decoder; needs two images a batch."),
        use_cases=translatable("Modern encoders such as ConvNeXt; scenes of many parts."),
        needs=("encoder",),
        default_encoder="resnet34",
        filters="3x3, 1x1",
        pooling=translatable("average over 1, 2, 3, 6 fields"),
        options=DropoutOptions(),
        dataset="ADE20K, Broden",
    ),
    Architecture(
        name="segformer",
        title="SegFormer",
        task="segmentation",
        family="Transformer",
        kind=translatable("Transformer with a decoder"),
        year=2021,
        paper="Xie and others: SegFormer: simple and efficient design for semantic segmentation with transformers (NeurIPS 2021)",
        input="256x256x3",
        classes=2,
        parameters=21_876_802,
        layers=40,
        multiply_adds=6_523_191_296,
        unique=translatable(
            "A decoder of nothing but linear layers; meant for the Mix Transformer encoders (mit_b0 to mit_b5)."
        ),
        drawbacks=translatable(
            "Predicts at a quarter of the resolution; transformer encoders want ImageNet weights or much data."
        ),
        use_cases=translatable("Large data sets; context from the whole image."),
        needs=("encoder",),
        default_encoder="resnet34",
        filters="1x1",
        options=DropoutOptions(),
        dataset="ADE20K, Cityscapes, COCO-Stuff",
    ),
    Architecture(
        name="dpt",
        title="DPT",
        task="segmentation",
        family="Transformer",
        kind=translatable("Transformer with a decoder"),
        year=2021,
        paper="Ranftl, Bochkovskiy, Koltun: Vision transformers for dense prediction (ICCV 2021)",
        input="256x256x3",
        classes=2,
        parameters=121_009_410,
        layers=86,
        multiply_adds=54_410_627_072,
        unique=translatable(
            "A vision transformer reads the image as patches of 16 px; four of its depths become maps that are merged."
        ),
        drawbacks=translatable("By far the most weights; without pre-trained ones it hardly learns from few images."),
        use_cases=translatable("Large data sets on a graphics card."),
        needs=("encoder",),
        default_encoder="tu-vit_base_patch16_224",
        filters="16x16 patches, 3x3, 1x1",
        activation="GELU, ReLU",
        options=DropoutOptions(0.1),
        dataset="ADE20K, PASCAL Context",
    ),
    Architecture(
        name="segnet",
        title="SegNet",
        task="segmentation",
        family="SegNet",
        kind=translatable("Encoder and decoder without maps handed across"),
        year=2015,
        paper="Badrinarayanan, Kendall, Cipolla: SegNet: a deep convolutional encoder-decoder architecture for image segmentation (PAMI 2017)",
        input="256x256x3",
        classes=12,
        parameters=29_449_932,
        layers=26,
        multiply_adds=40_428_896_256,
        unique=translatable(
            "VGG-16's convolutions read the image; the decoder mirrors them and puts each value back to where its pooling took it from, so that little has to be remembered."
        ),
        drawbacks=translatable(
            "Only the places of maxima are handed across, so fine outlines are softer than the U-Net's."
        ),
        use_cases=translatable("Street scenes, for which it was made; little memory when predicting."),
        options=SegNetOptions(),
        imagenet="vgg16_bn",
        filters="3x3",
        pooling=translatable("max 2x2, its places remembered"),
        dataset="CamVid, SUN RGB-D",
    ),
    Architecture(
        name="fcn32s",
        title="FCN-32s",
        task="segmentation",
        family="FCN",
        kind=translatable("Fully convolutional network"),
        year=2015,
        paper="Long, Shelhamer, Darrell: Fully convolutional networks for semantic segmentation (CVPR 2015)",
        input="256x256x3",
        classes=21,
        parameters=134_346_581,
        layers=17,
        multiply_adds=73_327_571_712,
        unique=translatable(
            "In one step of 32 px, from VGG-16 whose fully connected layers became convolutions: the first network that learnt masks from end to end."
        ),
        drawbacks=translatable(
            "Coarse: outlines come from scores 32 px apart. 134 million weights without batch normalisation: wants ImageNet weights."
        ),
        use_cases=translatable("Large regions; the yardstick that skips are measured by."),
        options=FCNOptions(),
        imagenet="vgg16",
        filters="3x3, 7x7, 1x1, bilinear up",
        pooling=translatable("max 2x2"),
        dataset="PASCAL VOC 2011, NYUDv2, SIFT Flow",
    ),
    Architecture(
        name="fcn16s",
        title="FCN-16s",
        task="segmentation",
        family="FCN",
        kind=translatable("Fully convolutional network"),
        year=2015,
        paper="Long, Shelhamer, Darrell: Fully convolutional networks for semantic segmentation (CVPR 2015)",
        input="256x256x3",
        classes=21,
        parameters=134_357_690,
        layers=19,
        multiply_adds=73_338_275_664,
        unique=translatable("FCN-32s with the scores of the fourth pooling added on the way up."),
        drawbacks=translatable(
            "Outlines come from scores 16 px apart. 134 million weights without batch normalisation: wants ImageNet weights."
        ),
        use_cases=translatable("Large regions with smoother outlines."),
        options=FCNOptions(),
        imagenet="vgg16",
        filters="3x3, 7x7, 1x1, bilinear up",
        pooling=translatable("max 2x2"),
        dataset="PASCAL VOC 2011, NYUDv2, SIFT Flow",
    ),
    Architecture(
        name="fcn8s",
        title="FCN-8s",
        task="segmentation",
        family="FCN",
        kind=translatable("Fully convolutional network"),
        year=2015,
        paper="Long, Shelhamer, Darrell: Fully convolutional networks for semantic segmentation (CVPR 2015)",
        input="256x256x3",
        classes=21,
        parameters=134_363_423,
        layers=21,
        multiply_adds=73_356_758_352,
        unique=translatable(
            "FCN-16s with the scores of the third pooling added too: coarse scores say what, fine ones where."
        ),
        drawbacks=translatable(
            "Outlines come from scores 8 px apart. 134 million weights without batch normalisation: wants ImageNet weights."
        ),
        use_cases=translatable("Scenes of everyday objects; the classic that others are compared with."),
        options=FCNOptions(),
        imagenet="vgg16",
        filters="3x3, 7x7, 1x1, bilinear up",
        pooling=translatable("max 2x2"),
        dataset="PASCAL VOC 2011, NYUDv2, SIFT Flow",
    ),
    Architecture(
        name="fcn-resnet",
        title="FCN-ResNet",
        task="segmentation",
        family="FCN",
        kind=translatable("Fully convolutional network"),
        year=2015,
        paper="Long, Shelhamer, Darrell: Fully convolutional networks for semantic segmentation (CVPR 2015); on a ResNet with holes as torchvision builds it",
        input="256x256x3",
        classes=21,
        parameters=32_957_013,
        layers=51,
        multiply_adds=34_591_997_952,
        unique=translatable("A ResNet whose last stages have holes instead of strides, and one small head."),
        drawbacks=translatable("Slow, since the deepest maps stay large; no skips to sharpen the outline."),
        use_cases=translatable("What FCN became: the simplest good network on a deep encoder."),
        options=DepthOptions(),
        imagenet="resnet50",
        filters="7x7, 3x3 with holes, 1x1",
        pooling=translatable("max 3x3, stride 2, once"),
        dataset=translatable("COCO (torchvision's weights)"),
    ),
    Architecture(
        name="mask-rcnn",
        title="Mask R-CNN",
        task="instances",
        family="R-CNN",
        kind=translatable("Detector with a mask in each box"),
        year=2017,
        paper="He, Gkioxari, Dollár, Girshick: Mask R-CNN (ICCV 2017)",
        input="256x256x3",
        classes=2,
        parameters=43_975_515,
        layers=82,
        multiply_adds=77_613_527_040,
        unique=translatable(
            "Proposes boxes, aligns the maps within each without rounding, and names, moves and masks it: objects that touch stay apart."
        ),
        drawbacks=translatable(
            "Masks of 28 × 28 px are coarse for large objects; boxes fail where objects are long, thin and crossed. Heavy: wants a graphics card."
        ),
        use_cases=translatable("Cells, nuclei, teeth, vertebrae: whatever is counted one by one."),
        options=MaskOptions(),
        imagenet="resnet50",
        filters="7x7, 3x3, 1x1",
        pooling=translatable("max 3x3; 7x7 and 14x14 within boxes"),
        dataset="COCO",
    ),
    Architecture(
        name="mask-rcnn-light",
        title=translatable("Mask R-CNN, light"),
        task="instances",
        family="R-CNN",
        kind=translatable("Detector with a mask in each box"),
        year=2017,
        paper="He, Gkioxari, Dollár, Girshick: Mask R-CNN (ICCV 2017)",
        input="256x256x3",
        classes=2,
        parameters=5_312_507,
        layers=79,
        multiply_adds=6_030_070_272,
        unique=translatable(
            "Mask R-CNN over any encoder, with a narrower pyramid and smaller heads; on the built-in encoder it starts from ImageNet weights offline."
        ),
        drawbacks=translatable(
            "Less exact boxes than the published one; masks of 28 × 28 px are coarse for large objects."
        ),
        use_cases=translatable("Cells and nuclei, learnt on a CPU in minutes; the default for objects one by one."),
        needs=("encoder",),
        default_encoder="timm-tf_efficientnet_lite0",
        options=MaskOptions(),
        filters="3x3, 1x1",
        pooling=translatable("7x7 and 14x14 within boxes"),
        dataset="COCO",
    ),
    Architecture(
        name="mlp",
        title="MLP",
        task="classification",
        family="MLP",
        kind=translatable("Fully connected network"),
        year=1986,
        paper="Rumelhart, Hinton, Williams: Learning representations by back-propagating errors (Nature 1986)",
        input="28x28x1",
        classes=10,
        parameters=535_818,
        layers=3,
        multiply_adds=535_040,
        unique=translatable("Fully connected layers only: each pixel has a weight of its own for each unit."),
        drawbacks=translatable("Blind to neighbourhood and shift; its weights grow with the image's area."),
        use_cases=translatable("The yardstick that a convolutional network must beat."),
        options=MLPOptions(),
        dataset=translatable("Symmetry, family trees"),
    ),
    Architecture(
        name="lenet5",
        title=translatable("LeNet-5 (max-pooling)"),
        task="classification",
        family="LeNet",
        kind=translatable("Shallow convolutional network"),
        year=1998,
        paper="LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition (Proceedings of the IEEE 1998)",
        input="32x32x1",
        classes=10,
        parameters=61_706,
        layers=5,
        multiply_adds=416_520,
        unique=translatable(
            "LeNet-5 with today's ReLU and max-pooling in place of tanh and average: the same weights, faster learning."
        ),
        drawbacks=translatable("Too small for large or varied images."),
        use_cases=translatable("Small grey pictures; quick first results on a CPU."),
        options=ActivationOptions(),
        filters="5x5",
        pooling=translatable("max 2x2"),
        dataset="MNIST",
    ),
    Architecture(
        name="lenet5-tanh",
        title=translatable("LeNet-5 (tanh)"),
        task="classification",
        family="LeNet",
        kind=translatable("Shallow convolutional network"),
        year=1998,
        paper="LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition (Proceedings of the IEEE 1998)",
        input="32x32x1",
        classes=10,
        parameters=61_706,
        layers=5,
        multiply_adds=416_520,
        unique=translatable(
            "The first convolutional network in daily use: small shared filters, then smaller maps, then classes."
        ),
        drawbacks=translatable("Too small for large or varied images."),
        use_cases=translatable("Handwritten digits."),
        filters="5x5",
        pooling=translatable("average 2x2"),
        activation="Tanh",
        dataset="MNIST",
    ),
    Architecture(
        name="lenet5-1998",
        title=translatable("LeNet-5 (published)"),
        task="classification",
        family="LeNet",
        kind=translatable("Shallow convolutional network"),
        year=1998,
        paper="LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition (Proceedings of the IEEE 1998)",
        input="32x32x1",
        classes=10,
        parameters=60_850,
        layers=5,
        multiply_adds=416_520,
        unique=translatable(
            "As in the paper, layer by layer: pooling with trained coefficients, maps that see a part of the maps before them, a scaled tanh. Its output alone is today's: the paper's measured distances to drawings of the digits."
        ),
        drawbacks=translatable("Too small for large or varied images; slower to learn than with ReLU."),
        use_cases=translatable("Handwritten digits; to see what has changed since."),
        filters="5x5",
        pooling=translatable("average 2x2 with trained coefficients"),
        activation="Tanh",
        dataset="MNIST",
    ),
    Architecture(
        name="alexnet",
        title="AlexNet",
        task="classification",
        family="AlexNet",
        kind=translatable("Deep convolutional network"),
        year=2012,
        paper="Krizhevsky, Sutskever, Hinton: ImageNet classification with deep convolutional neural networks (NIPS 2012); widths of Krizhevsky's one-tower version (2014)",
        input="227x227x3",
        classes=1000,
        parameters=61_100_840,
        layers=8,
        multiply_adds=716_767_232,
        unique=translatable(
            "Deeper than any before, trained on graphics cards; ReLU against vanishing gradients, dropout against overfitting."
        ),
        drawbacks=translatable("Much memory: nine in ten weights sit in three fully connected layers."),
        use_cases=translatable("General image classification."),
        filters="11x11, 5x5, 3x3",
        pooling=translatable("max 3x3, stride 2"),
        dataset="ImageNet",
        top5=translatable("16.4 % (contest entry of 2012: five networks averaged)"),
        options=DenseOptions(),
        imagenet="alexnet",
    ),
    Architecture(
        name="vgg16",
        title="VGG-16",
        task="classification",
        family="VGG",
        kind=translatable("Very deep convolutional network"),
        year=2014,
        paper="Simonyan, Zisserman: Very deep convolutional networks for large-scale image recognition (ICLR 2015)",
        input="224x224x3",
        classes=1000,
        parameters=138_357_544,
        layers=16,
        multiply_adds=15_470_264_320,
        unique=translatable(
            "Nothing but 3x3 filters, stacked deep: 13 convolutions, 5 max-poolings and 3 fully connected layers."
        ),
        drawbacks=translatable("An extreme number of weights; slow to train."),
        use_cases=translatable("General image classification; features for other tasks."),
        filters="3x3",
        pooling=translatable("max 2x2, stride 2"),
        dataset="ImageNet",
        top5=translatable("7.3 % (contest entry of 2014: seven networks averaged)"),
        options=DenseOptions(),
        imagenet="vgg16",
    ),
    Architecture(
        name="vgg19",
        title="VGG-19",
        task="classification",
        family="VGG",
        kind=translatable("Very deep convolutional network"),
        year=2014,
        paper="Simonyan, Zisserman: Very deep convolutional networks for large-scale image recognition (ICLR 2015)",
        input="224x224x3",
        classes=1000,
        parameters=143_667_240,
        layers=19,
        multiply_adds=19_632_062_464,
        unique=translatable(
            "Nothing but 3x3 filters, stacked deep: 16 convolutions, 5 max-poolings and 3 fully connected layers."
        ),
        drawbacks=translatable("An extreme number of weights; slow to train."),
        use_cases=translatable("General image classification; features for other tasks."),
        filters="3x3",
        pooling=translatable("max 2x2, stride 2"),
        dataset="ImageNet",
        top5=translatable("7.3 % (contest entry of 2014: seven networks averaged)"),
        options=DenseOptions(),
        imagenet="vgg19",
    ),
    Architecture(
        name="vgg16-bn",
        title="VGG-16 BN",
        task="classification",
        family="VGG",
        kind=translatable("Very deep convolutional network"),
        year=2014,
        paper="Simonyan, Zisserman: Very deep convolutional networks for large-scale image recognition (ICLR 2015), with batch normalisation (Ioffe, Szegedy, ICML 2015)",
        input="224x224x3",
        classes=1000,
        parameters=138_365_992,
        layers=16,
        multiply_adds=15_470_264_320,
        unique=translatable(
            "VGG-16 with batch normalisation after each of its 13 convolutions: it learns from scratch, where the published one began with the weights of a shallower one."
        ),
        drawbacks=translatable("An extreme number of weights; slow to train."),
        use_cases=translatable("General image classification; features for other tasks."),
        options=DenseOptions(),
        imagenet="vgg16_bn",
        filters="3x3",
        pooling=translatable("max 2x2, stride 2"),
        dataset="ImageNet",
        top5=translatable("8.48 % (torchvision's weights, validation set; the paper has no batch normalisation)"),
    ),
    Architecture(
        name="vgg19-bn",
        title="VGG-19 BN",
        task="classification",
        family="VGG",
        kind=translatable("Very deep convolutional network"),
        year=2014,
        paper="Simonyan, Zisserman: Very deep convolutional networks for large-scale image recognition (ICLR 2015), with batch normalisation (Ioffe, Szegedy, ICML 2015)",
        input="224x224x3",
        classes=1000,
        parameters=143_678_248,
        layers=19,
        multiply_adds=19_632_062_464,
        unique=translatable(
            "VGG-19 with batch normalisation after each of its 16 convolutions: it learns from scratch, where the published one began with the weights of a shallower one."
        ),
        drawbacks=translatable("An extreme number of weights; slow to train."),
        use_cases=translatable("General image classification; features for other tasks."),
        options=DenseOptions(),
        imagenet="vgg19_bn",
        filters="3x3",
        pooling=translatable("max 2x2, stride 2"),
        dataset="ImageNet",
        top5=translatable("8.16 % (torchvision's weights, validation set; the paper has no batch normalisation)"),
    ),
    Architecture(
        name="resnet18",
        title="ResNet-18",
        task="classification",
        family="ResNet",
        kind=translatable("Very deep convolutional network with residual connections"),
        year=2015,
        paper="He, Zhang, Ren, Sun: Deep residual learning for image recognition (CVPR 2016)",
        input="224x224x3",
        classes=1000,
        parameters=11_689_512,
        layers=18,
        multiply_adds=1_814_073_344,
        unique=translatable(
            "Blocks of two 3x3 convolutions whose input skips past them, and batch normalisation: gradients reach the first layer."
        ),
        drawbacks=translatable("More intricate to build; costly in its deeper forms."),
        use_cases=translatable("Small data sets and fast training."),
        filters="7x7, 3x3",
        pooling=translatable("max 3x3, stride 2, once; global average"),
        options=DropoutOptions(),
        dataset="ImageNet",
        imagenet="resnet18",
    ),
    Architecture(
        name="resnet34",
        title="ResNet-34",
        task="classification",
        family="ResNet",
        kind=translatable("Very deep convolutional network with residual connections"),
        year=2015,
        paper="He, Zhang, Ren, Sun: Deep residual learning for image recognition (CVPR 2016)",
        input="224x224x3",
        classes=1000,
        parameters=21_797_672,
        layers=34,
        multiply_adds=3_663_761_408,
        unique=translatable(
            "Blocks of two 3x3 convolutions whose input skips past them, and batch normalisation: gradients reach the first layer."
        ),
        drawbacks=translatable("More intricate to build; costly in its deeper forms."),
        use_cases=translatable("Small and middling data sets; encoder of segmentation networks."),
        filters="7x7, 3x3",
        pooling=translatable("max 3x3, stride 2, once; global average"),
        options=DropoutOptions(),
        dataset="ImageNet",
        top5=translatable("5.71 % (one network, validation set)"),
        imagenet="resnet34",
    ),
    Architecture(
        name="resnet50",
        title="ResNet-50",
        task="classification",
        family="ResNet",
        kind=translatable("Very deep convolutional network with residual connections"),
        year=2015,
        paper="He, Zhang, Ren, Sun: Deep residual learning for image recognition (CVPR 2016)",
        input="224x224x3",
        classes=1000,
        parameters=25_557_032,
        layers=50,
        multiply_adds=4_089_184_256,
        unique=translatable(
            "Bottleneck blocks of 1x1, 3x3, 1x1 whose input skips past them, and batch normalisation: gradients reach the first layer."
        ),
        drawbacks=translatable("More intricate to build; costly in its deeper forms."),
        use_cases=translatable("The most used: classification, detection, segmentation."),
        filters="7x7, 3x3, 1x1",
        pooling=translatable("max 3x3, stride 2, once; global average"),
        options=DropoutOptions(),
        dataset="ImageNet",
        top5=translatable("5.25 % (one network, validation set)"),
        imagenet="resnet50",
    ),
    Architecture(
        name="resnet101",
        title="ResNet-101",
        task="classification",
        family="ResNet",
        kind=translatable("Very deep convolutional network with residual connections"),
        year=2015,
        paper="He, Zhang, Ren, Sun: Deep residual learning for image recognition (CVPR 2016)",
        input="224x224x3",
        classes=1000,
        parameters=44_549_160,
        layers=101,
        multiply_adds=7_801_405_440,
        unique=translatable(
            "Bottleneck blocks of 1x1, 3x3, 1x1 whose input skips past them, and batch normalisation: gradients reach the first layer."
        ),
        drawbacks=translatable("Costly at this depth, and needs more data."),
        use_cases=translatable("Large data sets; detection and segmentation."),
        filters="7x7, 3x3, 1x1",
        pooling=translatable("max 3x3, stride 2, once; global average"),
        options=DropoutOptions(),
        dataset="ImageNet",
        top5=translatable("4.60 % (one network, validation set)"),
        imagenet="resnet101",
    ),
    Architecture(
        name="resnet152",
        title="ResNet-152",
        task="classification",
        family="ResNet",
        kind=translatable("Very deep convolutional network with residual connections"),
        year=2015,
        paper="He, Zhang, Ren, Sun: Deep residual learning for image recognition (CVPR 2016)",
        input="224x224x3",
        classes=1000,
        parameters=60_192_808,
        layers=152,
        multiply_adds=11_513_626_624,
        unique=translatable(
            "Bottleneck blocks of 1x1, 3x3, 1x1 whose input skips past them, and batch normalisation: gradients reach the first layer."
        ),
        drawbacks=translatable("Costly at this depth, and needs more data."),
        use_cases=translatable("Large data sets, where the last percent counts."),
        filters="7x7, 3x3, 1x1",
        pooling=translatable("max 3x3, stride 2, once; global average"),
        options=DropoutOptions(),
        dataset="ImageNet",
        top5=translatable("3.57 % (contest entry of 2015: six networks averaged; alone 4.49 % on the validation set)"),
        imagenet="resnet152",
    ),
    Architecture(
        name="plain18",
        title="Plain-18",
        task="classification",
        family="Plain",
        kind=translatable("Very deep convolutional network without skips"),
        year=2015,
        paper="He, Zhang, Ren, Sun: Deep residual learning for image recognition (CVPR 2016)",
        input="224x224x3",
        classes=1000,
        parameters=11_515_688,
        layers=18,
        multiply_adds=1_794_805_760,
        unique=translatable(
            "ResNet-18 without its skips, which the paper compares it with: what a network loses when gradients have no way past its layers."
        ),
        drawbacks=translatable("Learns worse the deeper it is; with sigmoid or tanh its gradients vanish."),
        use_cases=translatable("To see the vanishing gradient, and what skips are good for."),
        options=DeepOptions(),
        filters="7x7, 3x3",
        pooling=translatable("max 3x3, stride 2, once; global average"),
        dataset="ImageNet",
    ),
    Architecture(
        name="plain34",
        title="Plain-34",
        task="classification",
        family="Plain",
        kind=translatable("Very deep convolutional network without skips"),
        year=2015,
        paper="He, Zhang, Ren, Sun: Deep residual learning for image recognition (CVPR 2016)",
        input="224x224x3",
        classes=1000,
        parameters=21_623_848,
        layers=34,
        multiply_adds=3_644_493_824,
        unique=translatable(
            "ResNet-34 without its skips, which the paper compares it with: what a network loses when gradients have no way past its layers."
        ),
        drawbacks=translatable("Learns worse the deeper it is; with sigmoid or tanh its gradients vanish."),
        use_cases=translatable("To see the vanishing gradient, and what skips are good for."),
        options=DeepOptions(),
        filters="7x7, 3x3",
        pooling=translatable("max 3x3, stride 2, once; global average"),
        dataset="ImageNet",
        top5=translatable("10.02 % (one network, validation set, ten crops)"),
    ),
    Architecture(
        name="plain20",
        title="Plain-20",
        task="classification",
        family="Plain",
        kind=translatable("Very deep convolutional network without skips"),
        year=2015,
        paper="He, Zhang, Ren, Sun: Deep residual learning for image recognition (CVPR 2016)",
        input="32x32x3",
        classes=10,
        parameters=269_722,
        layers=20,
        multiply_adds=40_551_040,
        unique=translatable(
            "One of the pair of the paper's first figure: of 20 and 56 plain layers the deeper learns worse, even on the images that it learns from."
        ),
        drawbacks=translatable("Learns worse the deeper it is; with sigmoid or tanh its gradients vanish."),
        use_cases=translatable("Small pictures; to see the vanishing gradient in minutes."),
        options=DeepOptions(),
        filters="3x3",
        pooling=translatable("global average"),
        dataset="CIFAR-10",
    ),
    Architecture(
        name="plain56",
        title="Plain-56",
        task="classification",
        family="Plain",
        kind=translatable("Very deep convolutional network without skips"),
        year=2015,
        paper="He, Zhang, Ren, Sun: Deep residual learning for image recognition (CVPR 2016)",
        input="32x32x3",
        classes=10,
        parameters=853_018,
        layers=56,
        multiply_adds=125_485_696,
        unique=translatable(
            "One of the pair of the paper's first figure: of 20 and 56 plain layers the deeper learns worse, even on the images that it learns from."
        ),
        drawbacks=translatable("Learns worse the deeper it is; with sigmoid or tanh its gradients vanish."),
        use_cases=translatable("Small pictures; to see the vanishing gradient in minutes."),
        options=DeepOptions(),
        filters="3x3",
        pooling=translatable("global average"),
        dataset="CIFAR-10",
    ),
    Architecture(
        name="resnet20",
        title="ResNet-20",
        task="classification",
        family="ResNet",
        kind=translatable("Very deep convolutional network with residual connections"),
        year=2015,
        paper="He, Zhang, Ren, Sun: Deep residual learning for image recognition (CVPR 2016)",
        input="32x32x3",
        classes=10,
        parameters=269_722,
        layers=20,
        multiply_adds=40_551_040,
        unique=translatable(
            "The twin of Plain-20: the same layers and weights, and skips that have no weights of their own."
        ),
        drawbacks=translatable("Made for pictures of 32 px: slow on large ones."),
        use_cases=translatable("Small pictures; with Plain-20 to see what skips do."),
        options=DeepOptions(),
        filters="3x3",
        pooling=translatable("global average"),
        dataset="CIFAR-10",
    ),
    Architecture(
        name="resnet56",
        title="ResNet-56",
        task="classification",
        family="ResNet",
        kind=translatable("Very deep convolutional network with residual connections"),
        year=2015,
        paper="He, Zhang, Ren, Sun: Deep residual learning for image recognition (CVPR 2016)",
        input="32x32x3",
        classes=10,
        parameters=853_018,
        layers=56,
        multiply_adds=125_485_696,
        unique=translatable(
            "The twin of Plain-56: the same layers and weights, and skips that have no weights of their own."
        ),
        drawbacks=translatable("Made for pictures of 32 px: slow on large ones."),
        use_cases=translatable("Small pictures; with Plain-56 to see what skips do."),
        options=DeepOptions(),
        filters="3x3",
        pooling=translatable("global average"),
        dataset="CIFAR-10",
    ),
    Architecture(
        name="efficientnet-lite0",
        title="EfficientNet-Lite0",
        task="classification",
        family="EfficientNet",
        kind=translatable("Deep convolutional network of bottlenecks turned inside out"),
        year=2019,
        paper="Tan, Le: EfficientNet: rethinking model scaling for convolutional neural networks (ICML 2019); Lite by Google (2020)",
        input="224x224x3",
        classes=1000,
        parameters=4_652_008,
        layers=50,
        multiply_adds=385_187_552,
        unique=translatable(
            "Its ImageNet weights are built in, so that transfer learning works offline; blocks widen the maps, filter each by itself and narrow them again."
        ),
        drawbacks=translatable("Slower than its few weights suggest, since each map is filtered by itself."),
        use_cases=translatable("Few images, with ImageNet weights to start from; machines without a graphics card."),
        imagenet=BUILT_IN,
        filters="3x3, 5x5, 1x1",
        pooling=translatable("global average"),
        activation="ReLU6",
        options=DropoutOptions(),
        dataset="ImageNet",
    ),
)

SOURCES: dict[str, str] = {
    "kind": translatable("From how the network is built here."),
    "year": translatable("Year of the paper, or of its first version where that is the better known."),
    "input": translatable("As in the paper; for segmentation networks what the counts were taken at."),
    "layers": translatable("Counted from the network as it is built here: convolutions and fully connected layers."),
    "filters": translatable("From the network as it is built here."),
    "pooling": translatable("From the network as it is built here."),
    "activation": translatable("From the network as it is built here."),
    "parameters": translatable("Counted from the network as it is built here; tests compare it with the paper."),
    "multiply_adds": translatable("Counted from the network as it is built here, for one image of that input."),
    "unique": translatable("From the paper."),
    "top5": translatable("From the paper, or from where it says."),
    "dataset": translatable("What the paper's own experiments were made on."),
    "use_cases": translatable("From the paper's experiments, and from what it has been used for since."),
    "drawbacks": translatable("From how the network is built and what it costs."),
    "paper": translatable("Authors, title and place of the paper."),
}
"""Where each column of the table of facts comes from."""

AUTO_CLASSIFIER = "resnet18"  # what Auto takes to classify images

BUILT_IN_ENCODER = "timm-tf_efficientnet_lite0"  # whose ImageNet weights come with the program

ENCODERS: dict[str, str] = {
    "resnet18": translatable("Small residual network: the quickest that is good."),
    "resnet34": translatable("Residual network of 34 layers: the usual choice."),
    "resnet50": translatable("Residual network with bottlenecks: for more data."),
    "resnet101": translatable("Deep residual network: for much data."),
    "timm-tf_efficientnet_lite0": translatable(
        "Light network whose ImageNet weights are built in, so that they work offline."
    ),
    "efficientnet-b0": translatable("Few weights, well balanced; slower than its size suggests."),
    "efficientnet-b3": translatable("Larger EfficientNet: for more data."),
    "mobilenet_v2": translatable("Made for phones: little memory, fast on a CPU."),
    "densenet121": translatable("Every layer sees all before it: few weights, much memory."),
    "vgg16_bn": translatable("Plain 3x3 convolutions with batch normalisation: heavy."),
    "se_resnet50": translatable("Residual network that weighs its channels."),
    "resnext50_32x4d": translatable("Residual network with grouped convolutions."),
    "mit_b0": translatable("Smallest Mix Transformer, SegFormer's own encoder."),
    "mit_b2": translatable("Middling Mix Transformer: for much data."),
    "tu-convnext_tiny": translatable("Modern convolutional network, as good as transformers of its size."),
    "tu-vit_base_patch16_224": translatable("Vision transformer, for DPT."),
}
"""A short list with a line of help each; any other encoder of segmentation_models_pytorch, or of timm as tu-NAME, is taken too."""

LOSSES: dict[str, str] = {
    "ce+dice": translatable("Cross-entropy plus Dice loss: steady, and rare classes count. The default."),
    "ce": translatable("Cross-entropy: each pixel, or image, counts alike."),
    "dice": translatable("Dice loss: the overlap of each class counts alike; unsteady on tiny structures."),
    "focal": translatable("Focal loss: what is already sure counts little."),
    "tversky": translatable("Tversky loss: missed pixels cost more than false ones."),
    "lovasz": translatable("Lovász loss: follows the Jaccard index; best for the end of a training."),
}

OPTIMIZERS: dict[str, str] = {
    "adamw": translatable("Adam with decoupled weight decay: good without tuning. The default."),
    "adam": translatable("The classic adaptive method."),
    "sgd": translatable("Plain gradient descent with momentum: wants a well-chosen rate."),
    "rmsprop": translatable("Adaptive without momentum: for old recipes."),
}

_TASKS = {
    "": ("segmentation", "instances", "classification"),
    "segmentation": ("segmentation",),
    "instances": ("instances",),
    "classification": ("classification",),
    "binary": ("segmentation", "instances"),
    "multiclass": ("segmentation", "instances"),
    "instance": ("segmentation", "instances"),
}
"""What may be asked for (a project's task, or a row's) -> the tasks of the rows that serve it."""

_UNFIT = {
    "unet++": ("mit_",),
    "linknet": ("mit_",),
    "pan": ("densenet", "vgg"),  # these three need an encoder that can trade pooling for holes
    "deeplabv3": ("densenet", "vgg"),
    "deeplabv3+": ("densenet", "vgg"),
}
_BY_NAME = {row.name: row for row in ARCHITECTURES}


def rows(task: str = "") -> tuple[Architecture, ...]:
    """The architectures of a task: a project's ("binary", ...) or a row's own ("segmentation", ...); all for "". EngineError for another."""
    if task not in _TASKS:
        raise EngineError(
            translatable("There is no task called {name}."),
            translatable("Choose one of: {choices}."),
            name=task,
            choices=", ".join(name for name in _TASKS if name),
        )
    return tuple(row for row in ARCHITECTURES if row.task in _TASKS[task])


def find(name: str, task: str = "") -> Architecture:
    """The row of that name, or one made for timm:NAME; EngineError listing the names that the task (see `rows`) allows."""
    row = _of_timm(name) if name.startswith(TIMM) else _BY_NAME.get(name)
    allowed = rows(task)
    if row is not None and row.task in _TASKS[task]:
        return row
    raise EngineError(
        translatable("There is no network called {name}.")
        if row is None
        else translatable("The network {name} is for another task."),
        translatable("Choose one of: {choices}."),
        name=name,
        choices=", ".join(item.name for item in allowed),
    )


def tells_apart(name: str) -> bool:
    """Whether the network of that name finds objects one by one; one that nobody knows does not."""
    row = _BY_NAME.get(name)
    return row is not None and row.task == "instances"


def check_task(config: TrainConfig, task: str) -> None:
    """EngineError where the network of a training is for another task than the project's, or there is none of its name."""
    if config.arch != AUTO:
        find(config.arch, task)


def _of_timm(name: str) -> Architecture:
    """A row for a network of timm's: what is known of it without loading timm is its name."""
    return Architecture(
        name=name,
        title=name.removeprefix(TIMM),
        task="classification",
        family="timm",
        kind=translatable("Network of the timm library"),
        year=0,
        paper="Wightman: PyTorch image models (https://github.com/huggingface/pytorch-image-models)",
        input="224x224x3",
        classes=1000,
        parameters=0,
        layers=0,
        multiply_adds=0,
        unique="",
        drawbacks="",
        use_cases="",
        activation="",
        imagenet=TIMM,
    )


def network_options(name: str, values: Mapping[str, object] | None = None) -> NetworkOptions:
    """The options of the network of that name, with these values in place of its defaults, checked. EngineError naming what it does
    not have or cannot be."""
    row = find(name)
    known = [item.name for item in fields(row.options)]
    for key in values or {}:
        if key not in known:
            raise EngineError(
                translatable("The network {name} has no setting {key}."),
                translatable("Its settings are: {known}.") if known else translatable("It has none of its own."),
                name=name,
                key=key,
                known=", ".join(known),
            )
    return with_values(row.options, {key: str(value) for key, value in (values or {}).items()})


def all_options(name: str, values: Mapping[str, object] | None = None) -> Settings:
    """The same as plain values, defaults included, as a model's card keeps them."""
    return dict(asdict(network_options(name, values)))


def setting_label(key: str) -> str:
    """A setting of trainings, or of a network's own, as forms call it; marked for translation, the key itself where nobody has it."""
    kinds: list[type[TrainConfig] | type[NetworkOptions]] = [TrainConfig, *(type(row.options) for row in ARCHITECTURES)]
    for kind in kinds:
        for item in fields(kind):
            rule = option_of(item)
            if item.name == key and rule is not None:
                return rule.label
    return key


def with_settings(config: TrainConfig, texts: Mapping[str, str]) -> TrainConfig:
    """`engine.config.with_values` for a training, where a key may also be one of its network's own options."""
    own = {item.name for item in fields(config) if option_of(item)}
    network = {item.name for row in ARCHITECTURES for item in fields(row.options)} - own
    config = with_values(config, {key: text for key, text in texts.items() if key not in network})
    chosen = {key: text for key, text in texts.items() if key in network}
    if not chosen:
        return config
    if config.arch == AUTO:
        key = next(iter(chosen))
        having = (row.name for row in ARCHITECTURES if any(item.name == key for item in fields(row.options)))
        raise EngineError(
            translatable("{key} is a setting of a network of its own, and none was chosen."),
            translatable("Choose one of: {choices}."),
            key=key,
            choices=", ".join(having),
        )
    found = all_options(config.arch, {**config.options, **chosen})
    return replace(config, options={**config.options, **{key: found[key] for key in chosen}})


def encoder_for(name: str, *, light: bool, imagenet: bool) -> str:
    """The encoder that Auto gives the network: "" where it takes none, its own where the usual ones do not fit, the one whose
    ImageNet weights are built in where those are wanted, else a ResNet, a small one with `light`."""
    fitting = encoders_of(name)
    if not fitting:
        return ""
    usual = BUILT_IN_ENCODER if imagenet else "resnet18" if light else "resnet34"
    return usual if usual in fitting else find(name).default_encoder


def encoders_of(name: str) -> dict[str, str]:
    """The listed encoders that fit the network of that name, with their line of help; empty where it takes none. EngineError where
    there is no such network."""
    row = find(name)
    if not row.encoders:
        return {}
    vision = {encoder for encoder in ENCODERS if encoder.startswith("tu-vit")}
    return {
        encoder: help
        for encoder, help in ENCODERS.items()
        if (encoder in vision) == (name == "dpt") and not encoder.startswith(_UNFIT.get(name, ()))
    }


def to_json(task: str = "") -> list[dict[str, object]]:
    """Plain values of the rows, for `contorno models --json`."""
    return [asdict(row) for row in rows(task)]
