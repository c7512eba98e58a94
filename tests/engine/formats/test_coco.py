import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from pycocotools import mask as oracle

from engine.errors import EngineError, NotReadable
from engine.formats.coco import CocoFile, read
from engine.labels.classes import UNLABELLED, parse_classes

CLASSES = parse_classes("Lung,heart")
SHAPE = (20, 30)
SQUARE = [2.0, 3.0, 8.0, 3.0, 8.0, 9.0, 2.0, 9.0]  # x, y pairs


def _content(*shapes: tuple[int, Any], **image: Any) -> dict[str, Any]:
    """A file with one image, case.png, and annotations of (category, segmentation)."""
    return {
        "images": [{"id": 7, "file_name": "case.png", "height": SHAPE[0], "width": SHAPE[1]} | image],
        "categories": [{"id": 1, "name": "lung"}, {"id": 2, "name": "HEART "}, {"id": 3, "name": "spine"}],
        "annotations": [
            {"id": n, "image_id": 7, "category_id": category, "segmentation": shape, "bbox": [0, 0, 1, 1]}
            for n, (category, shape) in enumerate(shapes)
        ],
    }


def _read(folder: Path, content: object) -> CocoFile:
    file = folder / "coco.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return read(file)


def _drawn(folder: Path, *shapes: tuple[int, Any]) -> NDArray[np.uint8]:
    labels = _read(folder, _content(*shapes)).labels_for("case.png", SHAPE, CLASSES)
    assert labels is not None
    return labels


def _rle(region: NDArray[np.bool_], *, packed: bool) -> dict[str, Any]:
    flat = region.T.reshape(-1)
    if packed:
        code = oracle.encode(np.asfortranarray(region.astype(np.uint8)))
        return {"size": list(region.shape), "counts": code["counts"].decode()}
    runs = np.diff(np.flatnonzero(np.diff(np.concatenate([[~flat[0]], flat, [~flat[-1]]]))))
    return {"size": list(region.shape), "counts": ([0] if flat[0] else []) + runs.tolist()}


def test_several_files_are_read_as_one_though_their_numbers_are_alike(tmp_path: Path) -> None:
    for place, (name, category) in enumerate((("a.png", "lung"), ("b.png", "heart"))):
        content = _content((1, [SQUARE]), file_name=name) | {"categories": [{"id": 1, "name": category}]}
        (tmp_path / f"{place}.json").write_text(json.dumps(content))
    both = read(tmp_path / "0.json", tmp_path / "1.json")
    assert both.name == "0.json, 1.json" and both.categories == {"lung": 1, "heart": 1}
    for name, value in (("a.png", 1), ("b.png", 2)):
        labels = both.labels_for(name, SHAPE, CLASSES)
        assert labels is not None and set(np.unique(labels)) == {0, value}
    assert both.without_picture(["a.png"]) == ["b.png"] and both.orphans == 0
    (tmp_path / "1.json").write_text("{}")
    with pytest.raises(NotReadable, match=r"1\.json is not a COCO file"):
        read(tmp_path / "0.json", tmp_path / "1.json")


def _write(folder: Path, name: str, category: str, **image: Any) -> Path:
    content = _content((1, [SQUARE]), **image) | {"categories": [{"id": 1, "name": category}, {"id": 2, "name": "x"}]}
    (folder / name).write_text(json.dumps(content))
    return folder / name


def test_files_of_one_class_each_are_laid_over_each_other(tmp_path: Path) -> None:
    lung, heart = _write(tmp_path, "lung.json", "Lung"), _write(tmp_path, "heart.json", "heart", height=None)
    content = json.loads(heart.read_text())
    content["annotations"][0]["segmentation"] = [[4.0, 5.0, 12.0, 5.0, 12.0, 7.0, 4.0, 7.0]]
    content["images"].append({"id": 8, "file_name": "only here.png"})
    heart.write_text(json.dumps(content))
    both = read(lung, heart)
    labels = both.labels_for("case.png", SHAPE, CLASSES)
    assert labels is not None and (labels == 2).sum() == 16 and (labels == 1).sum() == 36 - 8
    assert both.joined == 1 and both.orphans == 0 and both.without_picture(["case.png"]) == ["only here.png"]
    assert read(lung).joined == 0


@pytest.mark.parametrize("category", ["LUNG", "lung "])
def test_files_that_draw_the_same_are_of_several_sets(tmp_path: Path, category: str) -> None:
    coco = read(_write(tmp_path, "train.json", "lung"), _write(tmp_path, "val.json", category))
    with pytest.raises(EngineError, match=r"2 images of the name case\.png"):
        coco.labels_for("case.png", SHAPE, CLASSES)


def test_images_that_are_not_surely_one_stay_several(tmp_path: Path) -> None:
    lung = _write(tmp_path, "lung.json", "lung")
    with pytest.raises(EngineError, match="2 images of the name"):
        read(lung, _write(tmp_path, "heart.json", "heart", height=5)).labels_for("case.png", SHAPE, CLASSES)
    twice = json.loads(lung.read_text())
    twice["images"].append({"id": 9, "file_name": "case.png"})
    lung.write_text(json.dumps(twice))
    with pytest.raises(EngineError, match="3 images of the name"):
        read(lung, _write(tmp_path, "heart.json", "heart")).labels_for("case.png", SHAPE, CLASSES)


def test_an_image_of_another_set_is_another(tmp_path: Path) -> None:
    coco = _read(tmp_path, _content((1, [SQUARE]), file_name="train/001.png"))
    assert coco.labels_for("/ds/test/001.png", SHAPE, CLASSES) is None and coco.fit("/ds/test/001.png") is None
    assert coco.without_picture(["/ds/test/001.png"]) == ["train/001.png"]
    assert coco.labels_for("/ds/test/images/001.png", SHAPE, CLASSES) is None
    assert coco.labels_for("/ds/train/001.png", SHAPE, CLASSES) is not None
    assert coco.labels_for("/test/of/a/program/001.png", SHAPE, CLASSES) is not None


def test_shapes_over_another_class_are_counted(tmp_path: Path) -> None:
    inside = [4.0, 5.0, 6.0, 5.0, 6.0, 7.0, 4.0, 7.0]
    drawn = _read(tmp_path, _content((2, [inside]), (1, [SQUARE]), (1, [inside]))).classes_for(
        "case.png", SHAPE, CLASSES
    )
    assert drawn is not None and drawn.overlapping == 2
    drawn = _read(tmp_path, _content((1, [SQUARE]), (1, [inside]))).classes_for("case.png", SHAPE, CLASSES)
    assert drawn is not None and drawn.overlapping == 0


def test_an_id_of_two_images_is_nobody_s(tmp_path: Path) -> None:
    content = _content((1, [SQUARE]))
    content["images"].append({"id": 7, "file_name": "other.png"})
    content["images"].append({"id": 8, "file_name": "third.png"})
    file = _read(tmp_path, content)
    for name in ("case.png", "other.png"):
        with pytest.raises(EngineError, match="id of"):
            file.labels_for(name, SHAPE, CLASSES)
    third = file.labels_for("third.png", SHAPE, CLASSES)
    assert third is not None and not third.any()


def test_a_category_of_two_names_is_refused(tmp_path: Path) -> None:
    content = _content((1, [SQUARE]))
    content["categories"].append({"id": "1", "name": "heart"})
    with pytest.raises(NotReadable, match="several names"):
        _read(tmp_path, content)


def test_polygon_becomes_its_class(tmp_path: Path) -> None:
    labels = _drawn(tmp_path, (2, [SQUARE]))
    expected = np.zeros(SHAPE, np.uint8)
    expected[3:9, 2:8] = 2
    assert labels.dtype == np.uint8 and np.array_equal(labels, expected)


def test_polygon_of_several_parts(tmp_path: Path) -> None:
    labels = _drawn(tmp_path, (1, [SQUARE, [20, 10, 25, 10, 25, 15, 20, 15], [1, 1, 5, 5]]))
    assert (labels == 1).sum() == 36 + 25


def test_small_shapes_lie_above_large_ones(tmp_path: Path) -> None:
    small = [4.0, 5.0, 6.0, 5.0, 6.0, 7.0, 4.0, 7.0]
    for shapes in (((2, [small]), (1, [SQUARE])), ((1, [SQUARE]), (2, [small]))):
        labels = _drawn(tmp_path, *shapes)
        assert (labels == 2).sum() == 4 and (labels == 1).sum() == 32


@given(arrays.arrays(bool, arrays.array_shapes(min_dims=2, max_dims=2, max_side=12)), st.booleans())
def test_run_length_codes(tmp_path_factory: pytest.TempPathFactory, region: NDArray[np.bool_], packed: bool) -> None:
    shape = region.shape
    content = _content((1, _rle(region, packed=packed)), height=shape[0], width=shape[1])
    folder = tmp_path_factory.mktemp("coco")
    labels = _read(folder, content).labels_for("case", (shape[0], shape[1]), CLASSES)
    assert labels is not None and np.array_equal(labels, region)


def test_long_runs_are_unpacked(tmp_path: Path) -> None:
    region = np.zeros((900, 1100), bool)
    region[100:800, 3:1000] = True
    region[200, :] = False
    content = _content((2, _rle(region, packed=True)), height=900, width=1100)
    labels = _read(tmp_path, content).labels_for("case.png", (900, 1100), CLASSES)
    assert labels is not None and np.array_equal(labels == 2, region)


@pytest.mark.parametrize(
    "listed", ["case.png", "case.jpg", "images/case.png", "..\\..\\case.tif", "/etc/case.png", "../../etc/case"]
)
def test_only_the_last_part_of_a_name_counts(tmp_path: Path, listed: str) -> None:
    coco = _read(tmp_path, _content((1, [SQUARE]), file_name=listed))
    assert coco.labels_for("case.png", SHAPE, CLASSES) is not None
    assert coco.labels_for("case", SHAPE, CLASSES) is not None
    assert coco.labels_for("other.png", SHAPE, CLASSES) is None


def test_accents_match_however_they_are_written(tmp_path: Path) -> None:
    coco = _read(tmp_path, _content((1, [SQUARE]), file_name="te\u0301rax.png"))
    assert coco.labels_for("t\u00e9rax.png", SHAPE, CLASSES) is not None


def test_images_of_one_stem_are_told_apart_or_refused(tmp_path: Path) -> None:
    content = _content((1, [SQUARE]))
    content["images"].append({"id": 8, "file_name": "case.tif"})
    coco = _read(tmp_path, content)
    labels = coco.labels_for("case.tif", SHAPE, CLASSES)
    assert labels is not None and not labels.any()
    with pytest.raises(EngineError, match="2 images of the name case"):
        coco.labels_for("case", SHAPE, CLASSES)
    content["images"].append({"id": 9, "file_name": "val/case.png"})
    with pytest.raises(EngineError, match=r"2 images of the name case\.png"):
        _read(tmp_path, content).labels_for("case.png", SHAPE, CLASSES)


def test_image_without_annotations_is_background(tmp_path: Path) -> None:
    labels = _read(tmp_path, _content()).labels_for("case.png", SHAPE, CLASSES)
    assert labels is not None and labels.shape == SHAPE and not labels.any()


@pytest.mark.parametrize("shape", [None, [], [[1, 2, 3, 4]]])
def test_boxes_make_no_mask(tmp_path: Path, shape: object) -> None:
    coco = _read(tmp_path, _content((1, shape)))
    assert coco.labels_for("case.png", SHAPE, CLASSES) is None
    assert coco.boxes_only == 1
    coco = _read(tmp_path, _content((1, shape), (2, [SQUARE])))
    labels = coco.labels_for("case.png", SHAPE, CLASSES)
    assert labels is not None and set(labels.ravel()) == {0, 2} and coco.boxes_only == 1


def test_category_without_a_class_is_named(tmp_path: Path) -> None:
    coco = _read(tmp_path, _content((3, [SQUARE]), (1, [SQUARE])))
    with pytest.raises(EngineError, match="category spine has no class") as fault:
        coco.labels_for("case.png", SHAPE, CLASSES)
    assert fault.value.advice
    labels = coco.labels_for("case.png", SHAPE, CLASSES, others_background=True)
    assert labels is not None and set(labels.ravel()) == {0, 1}


def test_background_is_no_class(tmp_path: Path) -> None:
    content = _content((1, [SQUARE]), (2, [SQUARE]))
    content["categories"][1]["name"] = "Background"
    labels = _read(tmp_path, content).labels_for("case.png", SHAPE, CLASSES)
    assert labels is not None and (labels == 1).sum() == 36


def test_numbers_may_be_texts_and_sizes_missing(tmp_path: Path) -> None:
    content = _content((1, [SQUARE]))
    content["images"] = [{"id": "x7", "file_name": "case.png"}]
    content["annotations"][0]["image_id"] = "x7"
    assert _read(tmp_path, content).labels_for("case.png", SHAPE, CLASSES) is not None


def test_other_sizes_are_refused(tmp_path: Path) -> None:
    coco = _read(tmp_path, _content((1, [SQUARE])))
    with pytest.raises(EngineError, match="the image is 30 × 20, but it is 15 × 10"):
        coco.labels_for("case.png", (10, 15), CLASSES)
    coco = _read(tmp_path, _content((1, {"size": [2, 2], "counts": [4]})))
    with pytest.raises(EngineError, match="the image is 2 × 2, but it is 30 × 20"):
        coco.labels_for("case.png", SHAPE, CLASSES)


@pytest.mark.parametrize("shape", [[[5, 5, 5, 5, 5, 5]], [[5, 5, 5.2, 5, 5.2, 5.2]], [[-9, 5, -7, 5, -7, 8]]])
def test_shapes_that_cover_no_pixel_are_named_and_make_no_empty_mask(tmp_path: Path, shape: object) -> None:
    coco = _read(tmp_path, _content((1, shape), (2, [SQUARE])))
    drawn, objects = coco.classes_for("case.png", SHAPE, CLASSES), coco.objects_for("case.png", SHAPE, CLASSES)
    assert drawn is not None and objects is not None and drawn.damaged == objects.damaged == 0
    assert set(np.unique(drawn.labels)) == {0, 2} and objects.ids.max() == 1
    assert coco.vanished == ["7/0"] and not coco.damaged
    alone = _read(tmp_path, _content((1, shape)))
    assert alone.classes_for("case.png", SHAPE, CLASSES) is None
    assert alone.objects_for("case.png", SHAPE, CLASSES) is None
    assert alone.vanished == ["7/0"]
    runs = _read(tmp_path, _content((1, {"size": [20, 30], "counts": [600]})))
    said = runs.labels_for("case.png", SHAPE, CLASSES)
    assert said is not None and not said.any() and runs.vanished == ["7/0"], "which says so itself"


def test_shapes_that_are_shares_of_the_image_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotReadable, match="shares of the image's size"):
        _read(tmp_path, _content((1, [[number / 30 for number in SQUARE]]), (2, [[0, 0, 1, 0, 1, 1]])))
    first = _read(tmp_path, _content((1, [[0, 0, 1, 0, 1, 1, 0, 1]]))).labels_for("case.png", SHAPE, CLASSES)
    assert first is not None and np.argwhere(first).tolist() == [[0, 0]], "the image's first pixel"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"annotations": [{"id": 1, "image_id": 7, "caption": "x"}]}, "entry 1 of annotations has no category_id"),
        ({"images": [{"id": 7}]}, "entry 1 of images has no file_name"),
        ({"images": ["case.png"]}, "in entry 1 of images something is not what it should be: -"),
        ({"categories": [{"id": 1, "name": 7}]}, "in entry 1 of categories something is not what it should be: name"),
        ({"categories": {"1": "lung"}}, "it is of another form"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_words(tmp_path: Path, change: dict[str, Any], reason: str) -> None:
    with pytest.raises(NotReadable) as fault:
        _read(tmp_path, _content((1, [SQUARE])) | change)
    assert fault.value.text == f"coco.json is not a COCO file: {reason}."


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[1]", "of another form"),
        ("{}", "it has no images"),
        ('{"a": [1,', "cut short"),
        ("{NaN}", "no JSON from byte 1 on"),
    ],
)
def test_what_is_no_json_is_said_in_words(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(NotReadable, match=reason):
        _read(tmp_path, text)


@pytest.mark.parametrize(
    "shape",
    [
        {"size": [20, 30], "counts": [1, 2]},
        {"size": [20, 30], "counts": []},
        {"size": [20, 30], "counts": [700, -100]},
        {"size": [20, 30], "counts": [2**62, 600]},
        {"size": [20, 30], "counts": ""},
        {"size": [20, 30], "counts": "zzzzzzzzzzzzzzzzzzzz"},
        {"size": [20, 30], "counts": "o" * 100000},
        {"size": [20, 30], "counts": "\u00e9\u0000"},
        {"size": [20, 30], "counts": "  "},
        [[1, 2, 3, 4, 5, 6, 7]],
        [[1, 2, 1e9, 4, 5, 6]],
        [[1, 2, -1e300, 4, 5, 6]],
    ],
)
def test_damaged_shapes_are_left_out_and_named(tmp_path: Path, shape: object) -> None:
    coco = _read(tmp_path, _content((1, shape), (2, [SQUARE])))
    drawn, objects = coco.classes_for("case.png", SHAPE, CLASSES), coco.objects_for("case.png", SHAPE, CLASSES)
    assert drawn is not None and objects is not None
    assert set(np.unique(drawn.labels)) == {0, 2} and drawn.damaged == objects.damaged == 1
    assert objects.ids.max() == 1 and objects.hidden == 0
    assert coco.damaged == ["7/0"] and coco.boxes_only == coco.orphans == 0


def test_an_image_of_damaged_shapes_alone_has_no_mask(tmp_path: Path) -> None:
    coco = _read(tmp_path, _content((1, [[1, 2, 3, 4, 5, 6, 7]])))
    assert coco.labels_for("case.png", SHAPE, CLASSES) is None and coco.damaged == ["7/0"]
    assert coco.objects_for("case.png", SHAPE, CLASSES) is None


@pytest.mark.parametrize(
    ("broken", "name"),
    [
        ({"id": 5, "image_id": 7, "category_id": 1, "segmentation": [[1, 2, "x", 4, 5, 6]]}, "7/5"),
        ({"id": 5, "image_id": 7, "category_id": 1, "segmentation": {"counts": [600]}}, "7/5"),
        ({"id": 5, "image_id": 7, "category_id": 1, "segmentation": "none"}, "7/5"),
        ({"id": 5, "image_id": 7, "segmentation": [SQUARE]}, "7/5"),
        ({"id": "b", "image_id": 7, "category_id": None, "segmentation": [SQUARE]}, "7/b"),
        ({"id": 5, "image_id": None, "category_id": 1, "segmentation": [SQUARE]}, "?/5"),
        ([1, 2], "?/None"),
    ],
)
def test_a_damaged_annotation_costs_no_other(tmp_path: Path, broken: object, name: str) -> None:
    content = _content((2, [SQUARE]))
    content["annotations"].insert(0, broken)
    coco = _read(tmp_path, content)
    labels = coco.labels_for("case.png", SHAPE, CLASSES)
    assert labels is not None and set(np.unique(labels)) == {0, 2}
    assert coco.damaged == [name] and coco.orphans == 0 and coco.categories == {"HEART": 1}


def test_category_that_is_not_listed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotReadable, match="category"):
        _read(tmp_path, _content((9, [SQUARE]))).labels_for("case.png", SHAPE, CLASSES)


@pytest.mark.filterwarnings("ignore:__array__ implementation")  # pycocotools' own
@given(st.text(st.characters(min_codepoint=40, max_codepoint=120), max_size=40))
def test_any_packed_text_is_read_or_damaged(tmp_path_factory: pytest.TempPathFactory, counts: str) -> None:
    folder = tmp_path_factory.mktemp("coco")
    coco = _read(folder, _content((1, {"size": list(SHAPE), "counts": counts})))
    labels = coco.labels_for("case.png", SHAPE, CLASSES)
    if coco.damaged:
        assert labels is None
        return
    expected = oracle.decode({"size": list(SHAPE), "counts": counts.encode()})
    assert labels is not None and np.array_equal(labels, expected)


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{",
        "null",
        "{}",
        '{"images": [], "annotations": []}',
        '{"images": [{"id": 1}], "annotations": [], "categories": []}',
        '{"images": [{"id": 1, "file_name": "a", "height": "x"}], "annotations": [], "categories": []}',
        '{"images": [], "categories": [], "annotations": [{"image_id": 1, "category_id": 1, "segmentation": [[NaN, 1]]}]}',
        '{"images": [], "categories": [], "annotations": [{"image_id": 1, "category_id": 1, "segmentation": [["x"]]}]}',
        '{"images": [], "annotations": [], "categories": [], "info": ' + "[" * 100000 + "]" * 100000 + "}",
        "[" * 100000,
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    ],
)
def test_what_is_no_coco_file_is_said(tmp_path: Path, text: str) -> None:
    with pytest.raises(NotReadable, match=r"coco\.json is not a COCO file") as fault:
        _read(tmp_path, text)
    assert fault.value.advice


def test_file_that_is_missing_or_empty(tmp_path: Path) -> None:
    with pytest.raises(NotReadable):
        read(tmp_path / "nowhere.json")
    (tmp_path / "empty.json").touch()
    with pytest.raises(NotReadable):
        read(tmp_path / "empty.json")


@pytest.mark.parametrize("id", [7, 7.0, "7", " 7 ", "7.0"])
def test_ids_are_one_however_they_are_written(tmp_path: Path, id: object) -> None:
    content = _content((1, [SQUARE]))
    content["annotations"][0]["image_id"] = id
    content["annotations"][0]["category_id"] = 1.0
    coco = _read(tmp_path, content)
    labels = coco.labels_for("case.png", SHAPE, CLASSES)
    assert labels is not None and (labels == 1).sum() == 36 and coco.orphans == 0


@pytest.mark.parametrize(
    "shape",
    [
        SQUARE,
        [SQUARE, [1, 1, 5, 5]],
        [[2, 3], [8, 3], [8, 9], [2, 9]],
        [{"size": [20, 30], "counts": [43, 6, *[14, 6] * 5, 451]}],
        {"size": [20.0, 30.0], "counts": [43, 6, *[14, 6] * 5, 451]},
    ],
    ids=["flat", "with a line", "points", "codes in a list", "size in decimals"],
)
def test_shapes_as_pycocotools_and_its_kin_take_them(tmp_path: Path, shape: object) -> None:
    expected = np.zeros(SHAPE, np.uint8)
    expected[3:9, 2:8] = 1
    assert np.array_equal(_drawn(tmp_path, (1, shape)), expected)


def test_codes_and_polygons_of_one_shape_are_laid_together(tmp_path: Path) -> None:
    code = {"size": [20, 30], "counts": [500, 100]}
    labels = _drawn(tmp_path, (1, [SQUARE, code]))
    assert (labels == 1).sum() == 136


@pytest.mark.parametrize(
    "shape", [{"counts": [600]}, {"size": [20], "counts": [600]}, {"size": [20, 30]}, "x", [[True] * 6]]
)
def test_shapes_that_are_none_are_said(tmp_path: Path, shape: object) -> None:
    with pytest.raises(NotReadable, match="is not a COCO file"):
        _read(tmp_path, _content((1, shape)))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_text_in_other_codes(tmp_path: Path, encoding: str) -> None:
    content = _content((1, [SQUARE]), file_name="t\u00e9rax.png")
    (tmp_path / "coco.json").write_bytes(json.dumps(content, ensure_ascii=False).encode(encoding))
    assert read(tmp_path / "coco.json").labels_for("t\u00e9rax.png", SHAPE, CLASSES) is not None


@pytest.mark.parametrize(
    "size", [{"height": None, "width": None}, {"height": 20.0, "width": 30.0}, {"height": 0, "width": 0}]
)
def test_sizes_may_be_missing_or_decimals(tmp_path: Path, size: dict[str, object]) -> None:
    assert _read(tmp_path, _content((1, [SQUARE]), **size)).labels_for("case.png", SHAPE, CLASSES) is not None


@pytest.mark.parametrize("listed", ["CASE.PNG", "my%20case.png", "images/My Case.PNG"])
def test_upper_case_and_escapes_are_tried_last(tmp_path: Path, listed: str) -> None:
    coco = _read(tmp_path, _content((1, [SQUARE]), file_name=listed))
    name = "case.png" if "CASE" in listed else "my case.png"
    assert coco.labels_for(name, SHAPE, CLASSES) is not None and coco.without_picture([name]) == []


def test_folders_tell_equal_names_apart(tmp_path: Path) -> None:
    content = _content((1, [SQUARE]), (2, [SQUARE]))
    content["images"] = [{"id": n, "file_name": f"p{n}/001.png"} for n in (1, 2)]
    for annotation, id in zip(content["annotations"], (1, 2), strict=True):
        annotation["image_id"] = id
    coco = _read(tmp_path, content)
    for n in (1, 2):
        labels = coco.labels_for(f"/data/p{n}/001.png", SHAPE, CLASSES)
        assert labels is not None and labels.max() == n and coco.fit(f"/data/p{n}/001.png") == 1
    with pytest.raises(EngineError, match="2 images of the name"):
        coco.labels_for("/data/p3/001.png", SHAPE, CLASSES)


def test_what_belongs_to_nothing_is_counted(tmp_path: Path) -> None:
    content = _content((1, [SQUARE]))
    content["images"].append({"id": 8, "file_name": "gone.png"})
    content["annotations"] += [{"image_id": 99, "category_id": 1, "segmentation": [SQUARE]}] * 3
    coco = _read(tmp_path, content)
    assert coco.orphans == 3 and coco.without_picture(["/data/case.png", "/data/other.png"]) == ["gone.png"]


def test_categories_are_counted_and_can_be_mapped(tmp_path: Path) -> None:
    coco = _read(tmp_path, _content((3, [SQUARE]), (3, SQUARE), (1, None), (2, [SQUARE])))
    assert coco.categories == {"spine": 2, "HEART": 1}
    labels = coco.labels_for("case.png", SHAPE, CLASSES, categories={"Spine": "lung", "heart": "background"})
    assert labels is not None and set(labels.ravel()) == {0, 1}


_LARGE = [0.0, 0.0, 12.0, 0.0, 12.0, 12.0, 0.0, 12.0]  # around the square


@pytest.mark.parametrize("name", ["unlabelled", "Unlabelled "])
def test_a_category_of_what_nobody_labelled_is_no_class(tmp_path: Path, name: str) -> None:
    content = _content((3, [_LARGE]), (1, [SQUARE]))
    content["categories"][2]["name"] = name
    drawn = _read(tmp_path, content).classes_for("case.png", SHAPE, CLASSES)
    assert drawn is not None and drawn.overlapping == 0
    assert drawn.labels[5, 5] == 1 and drawn.labels[1, 1] == UNLABELLED and drawn.labels[15, 15] == 0


@pytest.mark.parametrize("void_first", [True, False])
def test_unlabelled_shapes_are_no_objects(tmp_path: Path, void_first: bool) -> None:
    shapes = [(3, [_LARGE]), (1, [SQUARE])]
    coco = _read(tmp_path, _content(*(shapes if void_first else shapes[::-1])))
    drawn = coco.objects_for("case.png", SHAPE, CLASSES, categories={"spine": "unlabelled"})
    assert drawn is not None and (drawn.overlapping, drawn.hidden, drawn.crowds) == (0, 0, 0)
    assert drawn.ids[5, 5] == 1 and drawn.labels[5, 5] == 1 and drawn.ids.max() == 1
    assert drawn.labels[1, 1] == UNLABELLED and drawn.ids[1, 1] == 0


def test_an_image_that_nobody_labelled_has_no_mask(tmp_path: Path) -> None:
    assert _read(tmp_path, _content(labelled=False)).labels_for("case.png", SHAPE, CLASSES) is None
    assert _read(tmp_path, _content(labelled=False)).objects_for("case.png", SHAPE, CLASSES) is None
    drawn = _read(tmp_path, _content((1, [SQUARE]), labelled=False)).labels_for("case.png", SHAPE, CLASSES)
    assert drawn is not None and drawn.any(), "somebody drew on it since"
