"""What can be chosen, as plain tables that load without torch: architectures with their facts, encoders, losses, optimizers."""

from dataclasses import asdict, dataclass

from engine.config import AUTO, TrainConfig
from engine.errors import EngineError
from engine.words import translatable


@dataclass(frozen=True)
class Architecture:
    """A network by its name, with what its paper says and what was counted from the network as it is built here.

    `parameters`, `layers` and `multiply_adds` (of one image) hold for `input` ("height x width x channels"), the default
    encoder and `classes` (background included); tests count them again. `layers` are the convolutions and fully
    connected layers that run, without the projections of shortcuts. The sentences are marked for translation.
    """

    name: str
    title: str
    task: str  # "segmentation", "instances" or "classification"
    family: str
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
    filters: str = ""
    pooling: str = ""
    activation: str = "ReLU"
    dataset: str = ""
    top5: str | None = None  # error on ImageNet as published, with how it was come by

    @property
    def encoders(self) -> bool:
        return "encoder" in self.needs


ARCHITECTURES: tuple[Architecture, ...] = (
    Architecture(
        name="unet",
        title=translatable("U-Net (published)"),
        task="segmentation",
        family="U-Net",
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
        dataset="ISBI cell tracking and EM stacks",
    ),
    Architecture(
        name="unet-smp",
        title=translatable("U-Net with an encoder"),
        task="segmentation",
        family="U-Net",
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
    ),
    Architecture(
        name="unet++",
        title="U-Net++",
        task="segmentation",
        family="U-Net",
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
    ),
    Architecture(
        name="manet",
        title="MA-Net",
        task="segmentation",
        family="U-Net",
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
    ),
    Architecture(
        name="linknet",
        title="LinkNet",
        task="segmentation",
        family="U-Net",
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
    ),
    Architecture(
        name="fpn",
        title="FPN",
        task="segmentation",
        family="Pyramid",
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
    ),
    Architecture(
        name="pspnet",
        title="PSPNet",
        task="segmentation",
        family="Pyramid",
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
    ),
    Architecture(
        name="pan",
        title="PAN",
        task="segmentation",
        family="Pyramid",
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
    ),
    Architecture(
        name="deeplabv3",
        title="DeepLabV3",
        task="segmentation",
        family="DeepLab",
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
    ),
    Architecture(
        name="deeplabv3+",
        title="DeepLabV3+",
        task="segmentation",
        family="DeepLab",
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
    ),
    Architecture(
        name="upernet",
        title="UPerNet",
        task="segmentation",
        family="Pyramid",
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
    ),
    Architecture(
        name="segformer",
        title="SegFormer",
        task="segmentation",
        family="Transformer",
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
    ),
    Architecture(
        name="dpt",
        title="DPT",
        task="segmentation",
        family="Transformer",
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
    ),
    Architecture(
        name="mlp",
        title="MLP",
        task="classification",
        family="MLP",
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
    ),
    Architecture(
        name="lenet5",
        title=translatable("LeNet-5 (ReLU)"),
        task="classification",
        family="LeNet",
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
        filters="5x5",
        pooling=translatable("max 2x2"),
        dataset="MNIST",
    ),
    Architecture(
        name="lenet5-tanh",
        title=translatable("LeNet-5 (published)"),
        task="classification",
        family="LeNet",
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
        name="alexnet",
        title="AlexNet",
        task="classification",
        family="AlexNet",
        year=2012,
        paper="Krizhevsky, Sutskever, Hinton: ImageNet classification with deep convolutional neural networks (NIPS 2012); widths of Krizhevsky's one-tower version (2014)",
        input="224x224x3",
        classes=1000,
        parameters=61_100_840,
        layers=8,
        multiply_adds=714_188_480,
        unique=translatable(
            "Deeper than any before, trained on graphics cards; ReLU against vanishing gradients, dropout against overfitting."
        ),
        drawbacks=translatable("Much memory: nine in ten weights sit in three fully connected layers."),
        use_cases=translatable("General image classification."),
        filters="11x11, 5x5, 3x3",
        pooling=translatable("max 3x3, stride 2"),
        dataset="ImageNet",
        top5=translatable("16.4 % (contest entry of 2012: five networks averaged)"),
    ),
    Architecture(
        name="vgg16",
        title="VGG-16",
        task="classification",
        family="VGG",
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
    ),
    Architecture(
        name="vgg19",
        title="VGG-19",
        task="classification",
        family="VGG",
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
    ),
    Architecture(
        name="resnet18",
        title="ResNet-18",
        task="classification",
        family="ResNet",
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
        dataset="ImageNet",
    ),
    Architecture(
        name="resnet34",
        title="ResNet-34",
        task="classification",
        family="ResNet",
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
        dataset="ImageNet",
        top5=translatable("5.71 % (one network, validation set)"),
    ),
    Architecture(
        name="resnet50",
        title="ResNet-50",
        task="classification",
        family="ResNet",
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
        dataset="ImageNet",
        top5=translatable("5.25 % (one network, validation set)"),
    ),
    Architecture(
        name="resnet101",
        title="ResNet-101",
        task="classification",
        family="ResNet",
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
        dataset="ImageNet",
        top5=translatable("4.60 % (one network, validation set)"),
    ),
    Architecture(
        name="resnet152",
        title="ResNet-152",
        task="classification",
        family="ResNet",
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
        dataset="ImageNet",
        top5=translatable("3.57 % (contest entry of 2015: six networks averaged; alone 4.49 % on the validation set)"),
    ),
)

AUTO_CLASSIFIER = "resnet18"  # what Auto takes to classify images

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
    "binary": ("segmentation",),
    "multiclass": ("segmentation",),
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
    """The row of that name; EngineError listing the names that the task (see `rows`) allows."""
    row = _BY_NAME.get(name)
    allowed = rows(task)
    if row in allowed:
        return row
    raise EngineError(
        translatable("There is no network called {name}.")
        if row is None
        else translatable("The network {name} is for another task."),
        translatable("Choose one of: {choices}."),
        name=name,
        choices=", ".join(item.name for item in allowed),
    )


def check_task(config: TrainConfig, task: str) -> None:
    """EngineError where the network of a training is for another task than the project's, or there is none of its name."""
    if config.arch != AUTO:
        find(config.arch, task)


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
