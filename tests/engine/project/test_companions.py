"""Images of one case by their names: kept together where nothing else says whose they are."""

from dataclasses import replace
from pathlib import Path

import pytest

from engine.imaging.image import Source
from engine.project.checks import _leaks
from engine.project.companions import images_of_one_case
from engine.project.items import Item
from engine.project.splits import divide


def items(*files: str) -> list[Item]:
    one = Item(0, "", Source(("/a",), "nifti"), "", (6, 9, 9), (1, 1, 1), False, "", "")
    return [
        replace(one, id=number, name=Path(file).name, source=Source((f"/data/{file}",), "nifti"), hash=file)
        for number, file in enumerate(files)
    ]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (("c1_0000.nii.gz", "c1_0001.nii.gz", "c2_0000.nii.gz", "c2_0001.nii.gz"), [(0, 1), (2, 3)]),
        (("B1/B1_t1.nii.gz", "B1/B1_FLAIR.nii", "B2/B2-t1.nii", "B2/B2-t2.nii", "B2/x.nii"), [(0, 1), (2, 3)]),
        (("p1/T1.nii", "p1/T2.nii", "p2/T1.nii"), [(0, 1)]),
        (("t1/case 7.nii", "flair/case 7.nii", "t1/case 8.nii"), [(0, 1)]),
        (("img_0000.png", "img_0001.png", "img_0002.png"), []),
        (("train_0000.png", "train_0001.png", "test_0000.png"), []),
        (("a_0001.nii", "a_0002.nii", "b_0001.nii", "b_0002.nii"), []),
        (("scan.nii", "other.nii", "t1.nii"), []),
    ],
)
def test_cases_are_told_by_names(files: tuple[str, ...], expected: list[tuple[int, ...]]) -> None:
    assert images_of_one_case(items(*files)) == expected


def test_what_is_known_needs_no_guess() -> None:
    known = items("c_t1.nii", "c_t2.nii")
    assert images_of_one_case([replace(known[0], patient="P"), known[1]]) == []
    assert images_of_one_case([replace(one, source=replace(one.source, index="train:1")) for one in known]) == []


def test_no_division_tears_a_case_apart_and_the_checks_name_one_that_is() -> None:
    all = items(*(f"c{n}_000{channel}.nii.gz" for n in range(30) for channel in range(3)))
    for seed in range(5):
        splits = divide(all, (0.6, 0.2, 0.2), seed)
        assert all and {len({splits[3 * n + channel] for channel in range(3)}) for n in range(30)} == {1}
    assert len({*divide(all, (0.6, 0.2, 0.2), by_patient=False).values()}) == 3
    torn = [replace(one, split="test" if one.id == 4 else "train") for one in all]
    (found,) = _leaks(torn)
    assert (found.level, found.kind, found.items) == ("wrong", "torn", (3, 4, 5))
