"""Classifying beside segmenting, and what a U-Net is good and bad at: what the lecture compares, as tables. Needs no torch."""

from dataclasses import dataclass

from engine.words import translatable


@dataclass(frozen=True)
class Contrast:
    """One thing that is asked of both tasks, and what each answers."""

    asked: str
    classification: str
    segmentation: str


TASKS_COMPARED = (
    Contrast(
        translatable("The question"),
        translatable("What is in this image?"),
        translatable("Where is it, and which shape has it?"),
    ),
    Contrast(
        translatable("What is learnt from"),
        translatable("One class for each whole image: a key press."),
        translatable("A class for each pixel: a mask that somebody painted."),
    ),
    Contrast(
        translatable("What comes out"),
        translatable("The probability of each class; the likeliest one is the answer."),
        translatable(
            "The same for each pixel. Semantic: pixels of one class are one. Instances: each object is told from its neighbours."
        ),
    ),
    Contrast(
        translatable("The networks"),
        translatable("Convolutions, then layers that look at everything: LeNet-5, AlexNet, VGG, ResNet."),
        translatable("Encoder and decoder: U-Net, FCN, SegNet, DeepLab, transformers; Mask R-CNN for objects."),
    ),
    Contrast(
        translatable("How they end"),
        translatable("The maps become ever smaller, and their place is given up for the class."),
        translatable(
            "The decoder brings the maps back to the image's size; skip connections hand it the fine detail that the deep maps have lost."
        ),
    ),
    Contrast(
        translatable("The loss"),
        translatable("Cross-entropy of the classes."),
        translatable("Cross-entropy of the pixels, the Dice loss, or both."),
    ),
    Contrast(
        translatable("The score"),
        translatable("Accuracy, F1, area under the ROC curve, confusion matrix."),
        translatable("Dice and IoU of each class and their mean, distances between the borders; AP for objects."),
    ),
    Contrast(
        translatable("Why it said so"),
        translatable("Heat over the image: Grad-CAM and others."),
        translatable("Its outline over the scan, right and wrong in colours."),
    ),
    Contrast(
        translatable("In this program"),
        translatable("The tab Classify."),
        translatable("The tabs Label, Train and Review."),
    ),
)


@dataclass(frozen=True)
class Trait:
    """Something that a U-Net is good at, or bad, and what this program makes of it."""

    trait: str
    here: str
    good: bool


UNET_TRAITS = (
    Trait(
        translatable("Fits nearly every task that has masks"),
        translatable(
            "One structure, several, or objects through their distances; CT, MR, films, photographs and microscopy, 2D and slice by slice."
        ),
        True,
    ),
    Trait(
        translatable("Gives a good result at once, to measure others by"),
        translatable("Auto begins with it; every other network of the list trains on the same sets beside it."),
        True,
    ),
    Trait(
        translatable("Learns from few images"),
        translatable(
            "Augmentation shows each image ever anew; rare classes are drawn more often; slices that nobody painted are left out."
        ),
        True,
    ),
    Trait(
        translatable("Keeps fine borders, since skip connections go past the deep levels"),
        translatable("Inside draws them as arcs, with the size of what they carry."),
        True,
    ),
    Trait(
        translatable("Large images need much memory"),
        translatable(
            "They are learnt in patches or reduced, which is said; predicted in tiles, in memory that stays flat; a network that does not fit is refused before it starts."
        ),
        False,
    ),
    Trait(
        translatable("Training takes long"),
        translatable(
            "You say the minutes, Auto times what they buy. Painting goes on meanwhile; a run can be held, resumed and fine-tuned."
        ),
        False,
    ),
    Trait(
        translatable("Few networks come trained on medical images"),
        translatable("The encoder starts from ImageNet weights that come with the program, or from a run of your own."),
        False,
    ),
)
