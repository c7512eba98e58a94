"""A card keeps what its training's images were; an image unlike them is spoken of, and scaled where millimetres are known."""

from dataclasses import replace

import numpy as np
import pytest

from engine.imaging.geometry import uncalibrated
from engine.imaging.image import Image
from engine.imaging.intensity import Intensity
from engine.imaging.windows import FULL
from engine.learning.bundle import ModelCard, TrainingImages
from engine.learning.likeness import Differences, Mixture, facts_of, training_images, working_size

CARD = ModelCard("segmentation", "unet", "", 1, (("a", "#E69F00"),), Intensity("image"), 64, options={"width": 8})


def image(side: int, spacing: float | None = None, modality: str = "", dtype: type = np.uint8) -> Image:
    geometry = uncalibrated(side, side, 1, None if spacing is None else (1.0, spacing, spacing))
    return Image(np.zeros((1, side, side), dtype), geometry, FULL, modality=modality)


def taught(*images: Image) -> ModelCard:
    return replace(CARD, images=training_images([facts_of(one) for one in images], CARD.size))


def said(card: ModelCard, *images: Image) -> list[str]:
    differences = Differences(card)
    notices = [notice for n, one in enumerate(images) for notice in differences.of(f"i{n}", one)]
    return [str(notice) for notice in [*notices, *differences.of_others()]]


def test_card_keeps_what_the_images_share() -> None:
    assert taught(image(128, 1.0, "CT"), image(256, 1.5, "CT")).images == TrainingImages(
        "CT", "", (128, 256), (2.0, 6.0), grey=True
    )
    assert taught(image(128, 1.0, "CT"), image(128, None, "MR")).images == TrainingImages(
        "", "", (128, 128), (0.0, 0.0), grey=True
    )


def test_alike_is_silent_and_seen_at_the_usual_size() -> None:
    card = taught(image(128, 1.0, "CT"))
    assert said(card, image(128, 1.0, "CT"), image(128, 1.1, "CT"), image(110, 1.0)) == []
    assert working_size(card, image(128, 1.1)) == (64, 64)
    assert working_size(card, image(128)) == (64, 64)


def test_field_of_another_size_is_scaled_by_its_millimetres() -> None:
    card = taught(image(128, 1.0))  # fed at 2 mm
    wide, close = image(128, 4.0), image(64, 0.5)
    assert working_size(card, wide) == (256, 256)
    assert working_size(card, close) == (16, 16)
    assert "256 px instead of 64" in said(card, wide)[0]


def test_images_that_are_learnt_at_their_own_size_are_scaled_by_their_millimetres_too() -> None:
    card = replace(CARD, size=0, images=training_images([facts_of(image(128, 0.25)), facts_of(image(100, 0.25))], 0))
    assert working_size(card, image(128, 0.25)) == (128, 128) and said(card, image(100, 0.25)) == []
    assert working_size(card, image(128, 0.5)) == (256, 256)
    assert "256 px instead of 128" in said(card, image(128, 0.5))[0]
    assert working_size(card, image(96)) == (96, 96) and said(card, image(96)) == []


def test_scale_of_another_world_is_said_and_not_followed() -> None:
    card = taught(image(128, 1.0))
    slide = image(128, 0.0005)
    assert working_size(card, slide) == (64, 64)
    assert "2000.00 times as large" in said(card, slide)[0]


@pytest.mark.parametrize(("side", "words"), [(512, "4.00 times as many"), (32, "0.25 times as many"), (160, "")])
def test_sides_tell_where_millimetres_do_not(side: int, words: str) -> None:
    found = said(taught(image(128)), image(side))
    assert words in found[0] if words else not found


def test_card_of_an_older_program_says_what_it_does_not_know() -> None:
    assert "not known" in said(CARD, image(256))[0]
    assert said(CARD, image(64)) == []


def test_modality_depth_and_unit_are_compared() -> None:
    card = taught(image(64, modality="CT"))
    assert said(card, image(64, modality="MR")) == ["i0 is MR, and the model was taught on CT."]
    metabolic = [replace(image(64, modality="PT"), unit=unit) for unit in ("GML", "BQML")]
    assert said(taught(metabolic[0]), *metabolic) == ["i1 is in BQML, and the model was taught on GML."]
    assert "HU" in said(replace(CARD, intensity=Intensity("range", -1000.0, 1000.0)), image(64))[0]
    assert "8 bits" in said(replace(CARD, intensity=Intensity("bytes")), image(64, dtype=np.uint16))[0]
    assert "grey" in said(replace(CARD, channels=3), image(64))[0]


def test_a_kind_of_difference_is_said_once_and_counted() -> None:
    found = said(CARD, image(256), image(256), image(64), image(300))
    assert len(found) == 2
    assert found[1] == "The same holds for 2 more images."


def test_what_a_model_of_slices_with_those_beside_them_cannot_have_is_said() -> None:
    card = replace(taught(image(64)), channels=3, neighbours=True)
    alone = (
        "is a single slice, and the model was taught on slices with those beside them: it sees this one in their place."
    )
    assert said(card, image(64)) == [f"i0 {alone}"]
    colored = Image(np.zeros((2, 64, 64, 3), np.uint8), uncalibrated(64, 64, 2), FULL)
    assert said(card, colored) == ["i0 is in colour, and the model was taught on grey: it sees the brightness alone."]


def test_grey_among_colours_is_said_when_it_is_learnt_and_no_difference_afterwards() -> None:
    color = Image(np.zeros((1, 64, 64, 3), np.uint8), uncalibrated(64, 64, 1), FULL)
    card = replace(taught(color, image(64)), channels=3)
    assert said(card, image(64), color) == []
    assert said(replace(taught(color), channels=3), image(64)) == ["i0 is grey, and the model was taught on colour."]

    def mixed(channels: int, *images: Image) -> list[str]:
        mixture = Mixture()
        for number, one in enumerate(images):
            mixture.add(f"i{number}", one)
        return [notice.text for notice in mixture.said(Intensity("bytes"), channels)]

    assert mixed(3, color, image(64)) == [
        "1 grey image is learnt as one in colour, its grey as red, green and blue alike: i1."
    ]
    assert mixed(3, color) == mixed(1, image(64), image(64)) == []
    assert mixed(1, color, image(64)) == [
        "1 image in colour is learnt by its brightness alone, since the earlier run was taught on grey: i0."
    ]
    deep = image(64, dtype=np.uint16)
    assert mixed(1, image(64), deep) == [
        "1 image has more than 8 bits: its usual values are spread over 8, as the others have: i1."
    ]


def test_what_could_be_hu_is_fed_by_their_range_and_nothing_else_is_said_of_it() -> None:
    def grey(low: int, high: int, unit: str = "") -> Image:
        pixels = np.linspace(low, high, 64 * 64).reshape(1, 64, 64).astype(np.int16)
        return Image(pixels, uncalibrated(64, 64, 1), FULL, unit=unit)

    mixture, soft, raw = Mixture(), grey(-150, 250), grey(0, 4000)
    for name, one in (("scanner", grey(-1000, 1000, "HU")), ("cropped", soft), ("raw", raw)):
        mixture.add(name, one)
    assert [notice.text for notice in mixture.said(Intensity("range", -1000.0, 1000.0), 1)] == [
        "1 image is not in HU as the others are, and is learnt by its own range of values: raw."
    ]
    card = replace(taught(grey(-1000, 1000, "HU")), intensity=Intensity("range", -1000.0, 1000.0))
    assert said(card, soft) == [] and "no values in HU" in said(card, raw)[0]
