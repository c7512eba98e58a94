"""Whose mask a file is: by name, folder, UID and link; and what is left over."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.imaging.image import Source
from engine.imaging.scan import Found, scan
from engine.phantom.scanner import patient
from engine.phantom.series import write_series
from engine.progress import result_of
from engine.project.matching import MaskFinder


def _files(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")


def _image(root: Path, *names: str) -> Found:
    """A picture of one file, or a series of several."""
    kind = "dicom" if len(names) > 1 else "raster"
    _files(root, *names)
    return Found(Path(names[0]).stem, Source(tuple(str(root / n) for n in names), kind), (1, 4, 4), (1, 1, 1))


def _matched(root: Path, images: Sequence[Found], masks: Path | None = None) -> dict[str, str]:
    """Image -> mask, as paths below the root; claimed files are no images."""
    finder = MaskFinder(masks or root / "masks", images)
    pairs = ((one, finder.find(one)) for one in images if not finder.is_mask(one))
    return {
        str(Path(one.source.files[0]).relative_to(root)): str(file.relative_to(root))
        for one, file in pairs
        if isinstance(file, Path)
    }


@pytest.mark.parametrize(
    ("image", "mask"),
    [
        ("a.png", "a.png"),
        ("a.png", "A_MASK.PNG"),
        ("a.png", "mask_a.png"),
        ("a.jpg", "a.jpg.png"),
        ("a.jpg", "a.jpg_mask.png"),
        ("a.png", "lbl_a.tif"),
        ("a.png", "a-label.nii.gz"),
        ("a.png", "a_segmentation.png"),
        ("a.png", "a.seg.npy"),
        ("a.png", "a_manual1.gif"),
        ("a.png", "a.jpg"),
        ("img_07.png", "lbl_07.png"),
        ("img_07.png", "07.png"),
        ("image-07.png", "mask-07.png"),
        ("image07.png", "mask07.png"),
        ("img07.png", "07mask.png"),
        ("a.png", "a_msk.png"),
        ("sub-1_T1w.nii.gz", "sub-1_T1w_dseg.nii.gz"),
        ("case_0000.nii.gz", "case.nii.gz"),
        ("volume-0.nii", "segmentation-0.nii"),
        ("scan_7.nii.gz", "groundtruth_7.nii.gz"),
        ("21_training.tif", "21_manual1.gif"),
        ("1.2.840.99.1", "1.2.840.99.1.png"),
        ("scan.2024.05.png", "scan.2024.05_seg.png"),
    ],
)
def test_names_that_belong_together(tmp_path: Path, image: str, mask: str) -> None:
    images = [
        _image(tmp_path, f"images/{image}"),
        _image(tmp_path, "images/other.png"),
        _image(tmp_path, "images/2.png"),
    ]
    _files(tmp_path, f"masks/{mask}", "masks/unlike.png")
    assert _matched(tmp_path, images) == {f"images/{image}": f"masks/{mask}"}


def test_endings_that_differ_in_the_last_part_are_told_apart(tmp_path: Path) -> None:
    images = [_image(tmp_path, f"images/1.2.840.99.{n}") for n in (1, 2, 3)]
    _files(tmp_path, *(f"masks/1.2.840.99.{n}.png" for n in (1, 2, 3)))
    assert _matched(tmp_path, images) == {f"images/1.2.840.99.{n}": f"masks/1.2.840.99.{n}.png" for n in (1, 2, 3)}


def test_a_jpeg_counts_only_where_there_is_nothing_better(tmp_path: Path) -> None:
    images = [_image(tmp_path, "images/f.png"), _image(tmp_path, "images/g.png"), _image(tmp_path, "images/h.png")]
    _files(tmp_path, "masks/f.jpg", "masks/F.png", "masks/g.jpg", "masks/g.png", "masks/h.jpg")
    assert list(_matched(tmp_path, images).values()) == ["masks/F.png", "masks/g.png", "masks/h.jpg"]


def test_of_names_in_upper_and_lower_case_each_has_its_own(tmp_path: Path) -> None:
    images = [_image(tmp_path, "images/a.png"), _image(tmp_path, "images/A.png")]
    _files(tmp_path, "masks/a.png", "masks/A.png")
    assert _matched(tmp_path, images) == {"images/a.png": "masks/a.png", "images/A.png": "masks/A.png"}


@pytest.mark.parametrize(
    "layout",
    [
        "masks/pat{n}.nii.gz",
        "masks/pat{n}/CT/mask.nii.gz",
        "masks/pat{n}/CT/S.nii.gz",
        "masks/pat{n}/seg.nii.gz",
        "masks/PAT{n}_seg.nii.gz",
    ],
)
def test_series_find_masks_by_their_patients_folder(tmp_path: Path, layout: str) -> None:
    images = [_image(tmp_path, f"set/pat{n}/CT/1.dcm", f"set/pat{n}/CT/2.dcm") for n in (1, 2, 3)]
    images = [
        Found("S" if k == 0 else f"S ({k + 1})", one.source, one.shape, one.spacing) for k, one in enumerate(images)
    ]
    _files(tmp_path, *(layout.format(n=n) for n in (1, 2, 3)))
    assert _matched(tmp_path, images) == {f"set/pat{n}/CT/1.dcm": layout.format(n=n) for n in (1, 2, 3)}


def test_two_series_of_a_patient_take_no_mask_that_could_be_of_either(tmp_path: Path) -> None:
    images = [_image(tmp_path, f"set/p1/{kind}/1.dcm", f"set/p1/{kind}/2.dcm") for kind in ("CT", "PET")]
    _files(tmp_path, "masks/p1.nii.gz", "masks/p2.nii.gz")
    assert _matched(tmp_path, images) == {}
    _files(tmp_path, "masks/p1/CT/seg.nii.gz")
    assert _matched(tmp_path, images) == {"set/p1/CT/1.dcm": "masks/p1/CT/seg.nii.gz"}


def test_a_series_finds_its_mask_by_uid(tmp_path: Path) -> None:
    for seed in (1, 2):
        write_series(tmp_path / f"s{seed}" / "x", patient(seed, 3, 32), seed)
    found = result_of(scan([tmp_path / "s1", tmp_path / "s2"])).found
    from engine.imaging.dicom_header import read_header

    uids = [read_header(one.source.files[0]).series for one in found]
    assert len(set(uids)) == 2
    _files(tmp_path, *(f"masks/{uid}.nii.gz" for uid in uids))
    finder = MaskFinder(tmp_path / "masks", found)
    assert [path.name for one in found if (path := finder.find(one))] == [f"{uid}.nii.gz" for uid in uids]


def test_a_file_called_mask_is_that_of_its_folder(tmp_path: Path) -> None:
    images = [_image(tmp_path, f"d/p{n}/{name}.nii.gz") for n in (1, 2) for name in ("scan", "seg")]
    assert _matched(tmp_path, images, tmp_path / "d") == {f"d/p{n}/scan.nii.gz": f"d/p{n}/seg.nii.gz" for n in (1, 2)}


def test_folders_of_masks_below_each_case(tmp_path: Path) -> None:
    images = [_image(tmp_path, f"d/c{n}/{kind}/x.png") for n in (1, 2) for kind in ("images", "masks")]
    expected = {f"d/c{n}/images/x.png": f"d/c{n}/masks/x.png" for n in (1, 2)}
    assert _matched(tmp_path, images, tmp_path / "d") == expected


def test_what_lies_in_the_folder_of_masks_is_no_image(tmp_path: Path) -> None:
    """nnU-Net calls the label after the case and the images after their channels."""
    images = [_image(tmp_path, f"imagesTr/x_{n}_0000.nii.gz") for n in (1, 2)]
    labels = [_image(tmp_path, f"labelsTr/x_{n}.nii.gz") for n in (1, 2, 3)]
    finder = MaskFinder(tmp_path / "labelsTr", [*images, *labels])
    assert [finder.is_mask(one) for one in (*images, *labels)] == [False, False, True, True, True]
    assert [finder.find(one) for one in images] == [tmp_path / "labelsTr" / f"x_{n}.nii.gz" for n in (1, 2)]
    assert finder.left_over() == ["x_3.nii.gz"]


def test_images_with_masks_of_their_own_stay_images(tmp_path: Path) -> None:
    images = [_image(tmp_path, name) for name in ("one/a.png", "two/b.png", "two/b_mask.png")]
    finder = MaskFinder(tmp_path / "two", images)
    assert [finder.is_mask(one) for one in images] == [False, False, True]
    assert finder.find(images[1]) == tmp_path / "two" / "b_mask.png"


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_masks_behind_a_link_stay_masks(tmp_path: Path) -> None:
    _files(tmp_path, "images/a.png", "images/b.png", "masks/a.png", "masks/b.png")
    os.symlink("../masks", tmp_path / "images" / "masks")
    os.symlink("..", tmp_path / "masks" / "up")  # a link that leads back up ends nowhere
    images = [
        Found(name, Source((str(tmp_path / "images" / name),), "raster"), (1, 4, 4), (1, 1, 1))
        for name in ("a.png", "b.png", "masks/a.png", "masks/b.png")
    ]
    found = _matched(tmp_path, images)
    assert {name: Path(mask).name for name, mask in found.items()} == {"images/a.png": "a.png", "images/b.png": "b.png"}


def test_what_is_left_over_is_named(tmp_path: Path) -> None:
    images = [_image(tmp_path, f"images/{n}.png") for n in "ab"]
    _files(tmp_path, "masks/a.png", "masks/sub/c_liver.png", "masks/readme.txt")
    finder = MaskFinder(tmp_path / "masks", images)
    assert [finder.find(one) is not None for one in images] == [True, False]
    assert finder.used and finder.left_over() == ["sub/c_liver.png"]


def test_files_that_no_mask_is_read_of_are_named(tmp_path: Path) -> None:
    images = [_image(tmp_path, "d/s1.dcm", "d/s2.dcm")]
    _files(tmp_path, "d/seg/case.dcm", "d/b.mat", "d/notes.txt", "d/.DS_Store", "d/Thumbs.db", "d/a.raw")
    about = ("NRRD0004", "type: uint8", "dimension: 2", "sizes: 1 1", "encoding: raw", "data file: a.raw", "", "")
    (tmp_path / "d" / "a.nhdr").write_text("\n".join(about))
    assert MaskFinder(tmp_path / "d", images).unreadable() == ["b.mat", "seg/case.dcm"]


def test_where_there_is_no_mask_what_lies_there_instead_is_named(tmp_path: Path) -> None:
    image = _image(tmp_path, "images/a.png")
    _files(tmp_path, "masks/a.json", "masks/b.txt")  # outlines of labelme, and of YOLO
    assert MaskFinder(tmp_path / "masks", [image]).unreadable() == ["a.json", "b.txt"]
    _files(tmp_path, "masks/a.png")
    assert MaskFinder(tmp_path / "masks", [image]).unreadable() == []


def test_numbers_after_a_word_are_no_part_of_another_number(tmp_path: Path) -> None:
    images = [_image(tmp_path, f"images/image{number}.png") for number in (1, 11, 100000)]
    _files(tmp_path, *(f"masks/mask{number}.png" for number in (1, 11, 10)))
    assert _matched(tmp_path, images) == {f"images/image{number}.png": f"masks/mask{number}.png" for number in (1, 11)}


def test_a_single_mask_of_a_single_image_is_not_found_by_a_word(tmp_path: Path) -> None:
    image = _image(tmp_path, "images/a.png")
    _files(tmp_path, "masks/liver.png")
    finder = MaskFinder(tmp_path / "masks", [image])
    assert finder.find(image) == tmp_path / "masks" / "liver.png"
    assert finder.ending == ""


def test_images_beside_their_masks_are_not_left_over(tmp_path: Path) -> None:
    images = [_image(tmp_path, f"d/{n}.png") for n in ("a", "a_mask", "b")]
    finder = MaskFinder(tmp_path / "d", images)
    assert [finder.is_mask(one) for one in images] == [False, True, False]
    assert finder.find(images[0]) == tmp_path / "d" / "a_mask.png" and finder.left_over() == []


@pytest.mark.parametrize(
    ("image", "mask", "fits"),
    [
        ("images/test/001.png", "masks/train/001.png", False),
        ("test_images/001.png", "masks/train_masks/001.png", False),
        ("test/images/001.png", "masks/train/labels/001_mask.png", False),
        ("imagesTs/001.nii.gz", "masks/labelsTr/001.nii.gz", False),
        ("images/test/001.png", "masks/test/001.png", True),
        ("images/001.png", "masks/train/001.png", True),
        ("images/test/001.png", "masks/001.png", True),
        ("images/test/001.png", "masks/my train set/001.png", True),
    ],
)
def test_a_mask_of_another_set_is_none(tmp_path: Path, image: str, mask: str, fits: bool) -> None:
    images = [_image(tmp_path, image), _image(tmp_path, str(Path(image).with_name("other.png")))]
    _files(tmp_path, mask)
    finder = MaskFinder(tmp_path / "masks", images)
    assert [finder.find(one) for one in images] == [tmp_path / mask if fits else None, None]
    assert finder.of_other_sets() == ([] if fits else [images[0].name])
    assert finder.left_over() == ([] if fits else [mask.removeprefix("masks/")])


def test_folders_above_images_and_masks_are_no_sets(tmp_path: Path) -> None:
    images = [_image(tmp_path, f"test/images/{n}.png") for n in "ab"]
    _files(tmp_path, "test/masks/train/a.png", "test/masks/train/b.png")
    found = _matched(tmp_path, images, tmp_path / "test" / "masks")
    assert found == {f"test/images/{n}.png": f"test/masks/train/{n}.png" for n in "ab"}


def test_masks_of_one_class_each_of_another_set_are_none(tmp_path: Path) -> None:
    images = [_image(tmp_path, f"images/test/{n}.png") for n in "12"]
    _files(tmp_path, *(f"masks/train/{organ}/{n}.png" for organ in ("liver", "kidney") for n in "12"))
    finder = MaskFinder(tmp_path / "masks", images)
    assert [finder.find(one) for one in images] == [None, None] and finder.of_other_sets() == ["1", "2"]


def test_volumes_and_their_segmentations_of_one_folder(tmp_path: Path) -> None:
    """As LiTS calls them."""
    images = [_image(tmp_path, f"d/{name}-{n}.nii") for n in range(3) for name in ("volume", "segmentation")]
    expected = {f"d/volume-{n}.nii": f"d/segmentation-{n}.nii" for n in range(3)}
    assert _matched(tmp_path, images, tmp_path / "d") == expected


def test_a_drawing_by_hand_goes_before_what_the_camera_sees(tmp_path: Path) -> None:
    """As DRIVE calls them."""
    images = [_image(tmp_path, f"training/images/{n}_training.tif") for n in (21, 22)]
    drawn = [_image(tmp_path, f"training/1st_manual/{n}_manual1.gif") for n in (21, 22)]
    field = [_image(tmp_path, f"training/mask/{n}_training_mask.gif") for n in (21, 22)]
    expected = {f"training/images/{n}_training.tif": f"training/1st_manual/{n}_manual1.gif" for n in (21, 22)}
    assert _matched(tmp_path, images, tmp_path / "training" / "1st_manual") == expected
    assert _matched(tmp_path, [*images, *drawn, *field], tmp_path / "training") == expected
    assert MaskFinder(tmp_path / "training", images).find(images[0]) == tmp_path / "training/1st_manual/21_manual1.gif"


def test_a_name_without_its_set_must_be_that_of_one_image(tmp_path: Path) -> None:
    images = [_image(tmp_path, f"images/{name}.png") for name in ("1_training", "1_test", "2_test", "2")]
    _files(tmp_path, "masks/1.png", "masks/2.png")
    assert _matched(tmp_path, images) == {"images/2.png": "masks/2.png"}


def test_of_thousands_of_one_name_none_is_compared_with_all_others(tmp_path: Path) -> None:
    """2 s here; with each compared to each it was a minute."""
    masks = [f"masks/p{n}/scan.nii.gz" for n in range(1500)]
    _files(tmp_path, *masks)
    images = [_image(tmp_path, f"images/p{n}/scan.nii.gz") for n in range(1500)]
    assert list(_matched(tmp_path, images).values()) == masks


def test_several_images_may_be_alike_where_another_is_nearer(tmp_path: Path) -> None:
    images = [_image(tmp_path, f"images/{folder}/a.png") for folder in ("one", "two", "three")]
    _files(tmp_path, "masks/one/a.png")
    assert _matched(tmp_path, images) == {"images/one/a.png": "masks/one/a.png"}
