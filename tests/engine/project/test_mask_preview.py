"""An image with the values of its mask, as it hangs on the screen."""

from pathlib import Path

import cv2
import nibabel as nib
import numpy as np

from engine.imaging.scan import scan
from engine.progress import result_of
from engine.project.importing import survey_masks
from engine.project.mask_preview import LIT, look_at_mask


def test_a_value_is_lit_where_it_lies(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).normal(size=(30, 20, 5)).astype(np.float32)
    mask = np.zeros((30, 20, 5), np.uint8)
    mask[2:6, 2:6, 1], mask[2:8, 10:16, 3], mask[20:, :, 2] = 7, 7, 250
    for folder, array in (("images", pixels), ("masks", mask)):
        (tmp_path / folder).mkdir()
        nib.save(nib.Nifti1Image(array, np.diag([1.0, 2, 5, 1])), tmp_path / folder / "v.nii.gz")
    found = result_of(scan((tmp_path / "images",))).found
    survey = result_of(survey_masks(found, tmp_path / "masks"))
    assert survey.examples == {7: "v", 250: "v"}
    preview = result_of(look_at_mask(found[0], found, tmp_path / "masks", tuple(survey.share)))
    assert preview is not None and preview.values == (7, 250) and preview.best == {7: 3, 250: 2}
    plain, lit = preview.picture(3), preview.picture(3, 7)
    assert plain.shape == (20, 30, 3) == lit.shape
    differs = (plain != lit).any(axis=2)
    assert differs.sum() >= 36 - 4  # where it lies and nowhere else
    yellow = np.array([int(LIT[at : at + 2], 16) for at in (1, 3, 5)])
    rows, columns = np.nonzero((lit == yellow).all(axis=2))  # its outline
    assert (rows.max() - rows.min() + 1, columns.max() - columns.min() + 1) == (6, 6)
    middle = (rows.mean() + 0.5) / 20, (columns.mean() + 0.5) / 30
    assert preview.value_at(3, *middle) == 7 and preview.value_at(3, 1.0, 1.0) in (None, 7)
    assert preview.value_at(0, *middle) is None


def test_values_have_the_colours_of_what_they_mean(tmp_path: Path) -> None:
    """Background is not drawn, and a value without a meaning has a colour that no meaning has."""
    mask = np.zeros((30, 40), np.uint8)
    mask[2:10, 2:10], mask[2:10, 20:30], mask[20:28, 2:10] = 3, 5, 9
    for folder, array in (("images", np.full((30, 40), 40, np.uint8)), ("masks", mask)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.png").write_bytes(cv2.imencode(".png", array)[1].tobytes())
    found = result_of(scan((tmp_path / "images",))).found
    preview = result_of(look_at_mask(found[0], found, tmp_path / "masks", (3, 5, 9)))
    assert preview is not None

    def edges(colors: dict[int, str | None], lit: int | None = None) -> list[str]:
        picture = preview.picture(0, lit, colors)
        return ["#{:02X}{:02X}{:02X}".format(*tuple(picture[at])) for at in ((2, 2), (2, 20), (20, 2))]

    first, second, third = edges({})
    assert len({first, second, third}) == 3 and edges({3: "#102030"})[0] == "#102030"
    assert edges({3: second, 5: first})[:2] == [second, first] and edges({3: second})[1:].count(second) == 0
    assert edges({5: None})[1] == "#282828", "as the scan"
    assert edges({5: None}, lit=5)[1] == LIT, "what is pointed at is seen all the same"


def test_an_image_without_a_mask_has_no_preview(tmp_path: Path) -> None:
    for folder, name in (("images", "a"), ("images", "b"), ("masks", "a")):
        (tmp_path / folder).mkdir(exist_ok=True)
        pixels = np.full((8, 8), ord(name) % 3, np.uint8)
        (tmp_path / folder / f"{name}.png").write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
    found = result_of(scan((tmp_path / "images",))).found
    assert result_of(look_at_mask(found[1], found, tmp_path / "masks", (0, 1))) is None
