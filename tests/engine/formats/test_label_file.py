"""What mask values mean, from the files of other programs."""

import json
from pathlib import Path

import nrrd
import numpy as np
import pytest

from engine.errors import NotReadable
from engine.formats.label_file import LabelName, labels_beside, read_labels, unread_beside

SNAP = """################################################
# ITK-SnAP Label Description File
# IDX   -R-  -G-  -B-  -A--  VIS MSH  LABEL
################################################
    0     0    0    0        0  0  0    "Clear Label"
    2     0  255    0        1  1  1    "Left kidney (\u00e9)"
    1   255    0    0      0.5  1  1    "Liver"
"""
SLICER = """# Color table file /tmp/GenericColors.ctbl
# 3 values
0 background 0 0 0 0
1 tissue 128 174 128 255
3 left_lung%20lobe 241 214 145 255
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "cp1252"])
def test_itk_snap(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "labels.txt").write_text(SNAP, encoding=encoding)
    found = read_labels(tmp_path / "labels.txt")
    assert list(found.items()) == [(1, LabelName("Liver", "#FF0000")), (2, LabelName("Left kidney (é)", "#00FF00"))]


def test_slicer(tmp_path: Path) -> None:
    (tmp_path / "colors.ctbl").write_bytes(b"\xef\xbb\xbf" + SLICER.replace("\n", "\r\n").encode())
    assert read_labels(tmp_path / "colors.ctbl") == {
        1: LabelName("tissue", "#80AE80"), 3: LabelName("left lung lobe", "#F1D691"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "labels",
    [
        {"background": 0, "liver": 1, "tumor": 2, "whole": [1, 2]},
        {"background": 0, "liver": [1], "tumor": [2], "whole": [1, 2]},
        {"0": "background", "1": "liver", "2": "tumor"},
        {"0": "background", "2.0": "tumor", "1": "liver", "x": "y"},
    ],
)
def test_nnunet_of_either_version(tmp_path: Path, labels: dict[str, object]) -> None:
    (tmp_path / "dataset.json").write_text(json.dumps({"labels": labels, "numTraining": 3}))
    assert read_labels(tmp_path / "dataset.json") == {1: LabelName("liver"), 2: LabelName("tumor")}


def test_what_nnunet_ignores_is_unlabelled(tmp_path: Path) -> None:
    (tmp_path / "dataset.json").write_text(json.dumps({"labels": {"background": 0, "liver": 1, "ignore": 2}}))
    assert read_labels(tmp_path / "dataset.json") == {1: LabelName("liver"), 2: LabelName("unlabelled")}


def test_coco_categories(tmp_path: Path) -> None:
    categories = [{"id": 7, "name": " cell "}, {"id": "2", "name": "nucleus"}, {"id": 300, "name": "far"}, {"id": 1}]
    (tmp_path / "a.json").write_text(json.dumps({"categories": categories, "images": [], "annotations": []}))
    assert read_labels(tmp_path / "a.json") == {2: LabelName("nucleus"), 7: LabelName("cell")}


@pytest.mark.parametrize("in_layers", [False, True])
def test_segments_of_slicer(tmp_path: Path, in_layers: bool) -> None:
    """Of segments in layers the first is 1, as it is where their mask comes in."""
    segments = (("Liver", 4, "1 0 0"), ("Left  kidney", 2, ""), ("Segment_3", 7, "0 0 1"), ("Background", 9, ""))
    fields = {
        f"Segment{number}_{key}": text
        for number, (name, value, color) in enumerate(segments)
        for key, text in (("Name", name), ("LabelValue", str(value)), ("Color", color), ("Layer", "0"))
        if text
    }
    file = tmp_path / "Segmentation.seg.nrrd"
    values = np.zeros((2, 3, 4, 5) if in_layers else (3, 4, 5), np.uint8)
    kinds = {"kinds": ["list", "domain", "domain", "domain"]} if in_layers else {}
    nrrd.write(str(file), values, {**fields, **kinds})
    liver, kidney = (1, 2) if in_layers else (4, 2)
    assert read_labels(file) == {liver: LabelName("Liver", "#FF0000"), kidney: LabelName("Left kidney")}
    nrrd.write(str(file), values, dict(kinds))
    with pytest.raises(NotReadable, match="does not say"):
        read_labels(file)
    file.write_bytes(b"NRRD0004\nnothing of the kind\n\n")
    with pytest.raises(NotReadable):
        read_labels(file)


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.txt", "\n"), ("a.txt", "liver\nspleen\n"), ("a.json", "{"), ("a.json", "[]"), ("a.json", '{"labels": [1]}'),
     ("a.json", '{"labels": {"liver": true}}'), ("a.json", "[" * 100_000), ("a.ctbl", "0 background 0 0 0 0\n")],
)  # fmt: skip
def test_what_names_no_value_is_refused_by_name(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(NotReadable, match=r"a\.\w+ does not say"):
        read_labels(tmp_path / name)


def test_a_description_of_regions_alone_is_known_to_say_nothing(tmp_path: Path) -> None:
    assert unread_beside(tmp_path) is None
    for last in ("[2, 3]", "[2]"):  # which names one of its values alone
        (tmp_path / "dataset.json").write_text(f'{{"labels": {{"background": 0, "whole": [1, 2], "core": {last}}}}}')
        assert labels_beside(tmp_path) is None and unread_beside(tmp_path) == tmp_path / "dataset.json"


def test_regions_whose_values_have_names_of_their_own_hide_none(tmp_path: Path) -> None:
    labels = {"background": 0, "whole": [1, 2], "core": [2], "oedema": 1, "ignore": 3}
    (tmp_path / "dataset.json").write_text(json.dumps({"labels": labels}))
    assert read_labels(tmp_path / "dataset.json") == {
        1: LabelName("oedema"),
        2: LabelName("core"),
        3: LabelName("unlabelled"),
    }


def test_a_file_beside_the_masks_is_found(tmp_path: Path) -> None:
    masks = tmp_path / "labelsTr"
    masks.mkdir()
    assert labels_beside(masks) is None
    (masks / "labels.txt").write_text("nothing of the kind")
    (tmp_path / "dataset.json").write_text('{"labels": {"liver": 1}}')
    assert labels_beside(masks) == tmp_path / "dataset.json"
    (masks / "labels.txt").write_text(SNAP)
    assert labels_beside(masks / "one.nii.gz") == masks / "labels.txt"
