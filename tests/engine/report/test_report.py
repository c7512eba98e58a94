"""Reports of runs whose predictions are made by hand: the numbers, the page, and what must not be in either."""

import csv
import io
import json
import re
from dataclasses import replace
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from engine.config import TrainConfig
from engine.formats.score_tables import cases_csv
from engine.imaging.intensity import Intensity
from engine.labels.classes import parse_classes
from engine.labels.edit import Ids
from engine.labels.instances import Instances
from engine.labels.mask import Mask
from engine.learning.events import keep_epoch
from engine.progress import EpochDone, Notice, result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.layers import pack
from engine.project.objects import FoundObjects, pack_objects
from engine.project.project import Project
from engine.project.runs import Classified, RunSummary, objects_file
from engine.report.plain import to_plain
from engine.report.run_report import ExplainedCase, RunReport, SetFacts, explained_cases, report_on
from engine.report.writing import english, range_text, to_page
from engine.scoring.metrics import to_json
from tests.said import result_and_notices

ITEMS = 6
SECRET = "MUELLER"


@pytest.fixture
def masks(tmp_path: Path) -> Path:
    """Six pictures of two patients each, of which the first three are validated and the others tested; the prediction of item n is n
    columns too narrow."""
    made = _imported(tmp_path, "multiclass")
    with Project.open(made) as project:
        run = project.runs.add(TrainConfig(arch="unet", epochs=2), "first <b>")
        for item in project.items.all():
            truth, said = np.zeros((1, 40, 50), np.uint8), np.zeros((1, 40, 50), np.uint8)
            truth[0, 10:30, 10:40], said[0, 10:30, 10 : 40 - item.id] = 1, 1
            project.layers.replace(project.layers.make(item.id), pack(truth), [0])
            project.layers.replace(project.layers.make(item.id, "prediction", run.id), pack(said))
        project.runs.update(run, "finished", RunSummary(arch="unet", size=48, epochs=2, seconds=90.0, score=0.9))
        for epoch in (1, 2):
            keep_epoch(run.folder, EpochDone(epoch, 2, 1 / epoch, 0.5, 0.4 * epoch, True, 45.0 * epoch, {"liver": 0.4}))
    return made


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """Six pictures of three classes, tested, of which the last is called wrongly."""
    made = _imported(tmp_path, "classification")
    with Project.open(made) as project:
        run = project.runs.add(TrainConfig(arch="lenet5", epochs=1))
        items = project.items.all()
        project.items.set_splits({item.id: "test" for item in items})
        project.items.set_labels({item.id: place % 3 for place, item in enumerate(items)})
        for place, item in enumerate(items):
            said = place % 3 if place < ITEMS - 1 else 0
            shares = np.full(3, 0.1, np.float32)
            shares[said] = 0.8
            project.keep_prediction(run, Classified(item.id, shares))
        project.runs.update(run, "finished")
    return made


def _cells() -> Ids:
    ids = np.zeros((1, 40, 50), np.uint16)
    for number in range(4):
        ids[0, 5:15, 2 + 12 * number : 12 + 12 * number] = number + 1
    return ids


@pytest.fixture(params=["mask-rcnn-light", "unet"])
def cells(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Six pictures of four cells, of which the prediction of item n finds n - 2 at the most, and one too much in each; half of them are
    tested. A network that tells objects apart keeps how sure it is, the other one its classes alone."""
    made = _imported(tmp_path, "instance")
    with Project.open(made) as project:
        run = project.runs.add(TrainConfig(arch=request.param, epochs=1))
        project.runs.keep_test_reading(run, 3, None)
        for item in project.items.all():
            truth = _cells()
            said = np.where(truth <= item.id - 2, truth, 0).astype(np.uint16)
            said[0, 30:36, 20:26] = 9
            labels, found = (each > 0 for each in (truth, said))
            project.layers.replace(project.layers.make(item.id), pack(labels.astype(np.uint8), truth), [0])
            layer = project.layers.make(item.id, "prediction", run.id)
            if request.param == "unet":
                project.layers.replace(layer, pack(found.astype(np.uint8)))
                continue
            project.layers.replace(layer, pack(found.astype(np.uint8), said))
            objects = FoundObjects(Instances.of(found.astype(np.uint8), said), np.full(10, 0.9, np.float32))
            objects_file(run.folder, item.id).parent.mkdir(parents=True, exist_ok=True)
            objects_file(run.folder, item.id).write_bytes(pack_objects(objects))
        project.runs.update(run, "finished", RunSummary(arch=request.param))
    return made


def _imported(folder: Path, task: str) -> Path:
    images = folder / f"images-{task}"
    images.mkdir()
    for number in range(ITEMS):
        picture = np.random.default_rng(number).integers(0, 255, (40, 50), np.uint8)
        (images / f"{SECRET}-{number}.png").write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    path = folder / f"{task}.contorno"
    names = {"multiclass": "liver,spleen <u>", "instance": "cell,dirt"}.get(task, "normal,bacterial,viral")
    with Project.create(path, task, parse_classes(names)) as made:  # type: ignore[arg-type]
        plan = ImportPlan((images,), patient_from=f"{SECRET}-([0-9])")
        for _ in import_images(made, plan):
            pass
        halves = {item.id: ("val" if place < ITEMS // 2 else "test") for place, item in enumerate(made.items.all())}
        made.items.set_splits(halves)  # type: ignore[arg-type]
    return path


class Loads(HTMLParser):
    """What a page would load, and how many of each element it has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sources: list[str] = []
        self.counts: dict[str, int] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.counts[tag] = self.counts.get(tag, 0) + 1
        self.sources += [value or "" for name, value in attrs if name in ("src", "href")]


def reported(path: Path, **more: object) -> RunReport:
    return result_of(report_on(path, 1, **more))  # type: ignore[arg-type]


def looked(path: Path, report: RunReport) -> tuple[list[ExplainedCase], list[Notice]]:
    """Where the run looked, and what was said meanwhile."""
    return result_and_notices(explained_cases(path, report))


def test_validation_is_reported_until_the_test_set_was_read(masks: Path) -> None:
    first = reported(masks)
    assert first.split == "val" and any("validation set" in each.text for each in first.cautions)
    with Project.open(masks) as project:
        project.runs.keep_test_reading(project.runs.get(1), 3, 0.9)
    second = reported(masks)
    assert second.split == "test" and "was read with" in second.cautions[0].text


def test_scores_stand_with_their_intervals_and_what_they_are_over(masks: Path) -> None:
    found = reported(masks, split="test")
    dice = [2 * (30 - n) / (60 - n) for n in (4, 5, 6)]
    assert found.segmentation is not None
    assert found.segmentation.mean_dice == pytest.approx(np.mean(dice))
    assert found.mask_intervals is not None
    low, high = found.mask_intervals.mean or (0.0, 0.0)
    assert min(dice) <= low < np.mean(dice) < high <= max(dice)
    assert found.mask_intervals.dice == ((low, high), None)
    iou = [(30 - n) / 30 for n in (4, 5, 6)]
    least, most = found.mask_intervals.iou[0] or (0.0, 0.0)
    assert min(iou) <= least < np.mean(iou) < most <= max(iou)
    near, far = found.mask_intervals.hd95["px"][0] or (0.0, 0.0)
    assert 4 <= near < 5 < far <= 6 and found.mask_intervals.hd95["px"][1] is None
    plain = json.loads(json.dumps(to_plain(found)))["intervals"]
    assert plain["iou"]["liver"] == [least, most] and plain["hd95_px"]["liver"] == [near, far]
    page = to_page(found)
    assert f"<td>{range_text((least, most), english)}</td>" in page and f"<td>{near:.2f} – {far:.2f}</td>" in page
    assert [(case.kind, case.item) for case in found.cases] == [("worst", 6), ("median", 5), ("best", 4)]
    assert found.sets["test"].items == found.sets["test"].patients == 3
    assert found.sets["val"].fingerprint != found.sets["test"].fingerprint


def test_classes_may_be_called_as_figures_are(masks: Path) -> None:
    with Project.open(masks) as project:
        named = zip(project.classes, ("mean", "weighted"), strict=True)
        project.set_classes([replace(one, name=name) for one, name in named])
        for item in project.items.all("test"):  # of the second class all is right
            for layer in (project.layers.mask(item.id), project.layers.prediction(item.id, 1)):
                assert layer is not None
                labels = project.layers.read(layer, item.shape)
                labels[0, 35:, :10] = 2
                project.layers.replace(layer, pack(labels), [0])
    found = reported(masks, split="test")
    scores, intervals = found.segmentation, found.mask_intervals
    assert scores is not None and intervals is not None
    dice = [2 * (30 - n) / (60 - n) for n in (4, 5, 6)]
    assert scores.classes["mean"].dice == pytest.approx(np.mean(dice))
    assert scores.mean_dice == pytest.approx((np.mean(dice) + 1) / 2)
    of_class, other = intervals.dice
    assert of_class is not None and other == (1.0, 1.0)
    assert intervals.mean == pytest.approx(tuple((end + 1) / 2 for end in of_class))
    rows = [row.split("</tr>")[0] for row in to_page(found).split("<tr>") if "1.000 – 1.000" in row or "mean" in row]
    shown = [
        next((row for row in rows if f">{name}<" in row), "") for name in ("mean", "weighted", "mean over classes")
    ]
    ranges = [range_text(each, english) for each in (of_class, other, intervals.mean)]
    assert all(text in row for text, row in zip(ranges, shown, strict=True)) and len(set(ranges)) == 3
    plain = json.loads(json.dumps(to_plain(found)))
    assert plain["intervals"]["mean"] == list(intervals.mean or ())
    assert plain["intervals"]["classes"] == {"mean": list(of_class), "weighted": [1.0, 1.0]}
    assert plain["scores"]["mean_dice"] > plain["scores"]["classes"]["mean"]["dice"]
    case = to_json(scores)["items"][0]  # type: ignore[index]
    assert case["mean_dice"] == pytest.approx((case["classes"]["mean"]["dice"] + 1) / 2)
    with Project.open(masks) as project:
        table = list(
            csv.DictReader(io.StringIO(cases_csv(scores, project.items.all("test"), "run").decode("utf-8-sig")))
        )
    first = {key: float(table[0][key]) for key in ("mean_dice", "mean: dice", "weighted: dice")}
    assert first["mean_dice"] == pytest.approx((first["mean: dice"] + 1) / 2) and first["weighted: dice"] == 1


def test_the_page_stands_alone_and_names_nobody(masks: Path) -> None:
    found = reported(masks, split="test")
    page, plain = to_page(found), json.dumps(to_plain(found))
    seen = Loads(page)
    assert all(source.startswith("data:image/png;base64,") for source in seen.sources) and len(seen.sources) == 12
    assert "script" not in seen.counts and "link" not in seen.counts and not {"b", "u"} & seen.counts.keys()
    assert "first &lt;b&gt;" in page and "spleen &lt;u&gt;" in page and seen.counts["svg"] == 2
    assert SECRET not in page + plain
    assert to_plain(found)["scores"]["classes"]["spleen <u>"]["dice"] is None  # type: ignore[index]


def test_settings_are_called_as_in_the_window_with_their_names_for_the_command_line(answers: Path) -> None:
    page = to_page(reported(answers, split="test"))
    for row in (("Encoder's rate", "1.0", "encoder_rate"), ("Loss", "ce", "loss")):
        assert "".join(f"<td>{escape(cell)}</td>" for cell in row) in page, row
    assert "options" not in page, "each of the network's own stands for itself"


def test_a_classifier_has_curves_for_each_class_and_its_matrix(answers: Path) -> None:
    found = reported(answers, split="test")
    assert found.classification is not None and found.classification.accuracy == pytest.approx(5 / 6)
    assert found.classification_intervals is not None
    low, high = found.classification_intervals.accuracy or (1.0, 0.0)
    assert low < 5 / 6 <= high == 1.0
    (lowest, highest) = found.classification_intervals.classes["viral"].recall or (1.0, 0.0)
    assert lowest < 0.5 < highest == 1.0
    plain = json.loads(json.dumps(to_plain(found)))
    assert plain["intervals"]["classes"]["viral"]["recall"] == [lowest, highest]
    page = to_page(found, explained=[ExplainedCase(3, np.zeros((8, 8, 3), np.uint8), "viral", 0.8)])
    seen = Loads(page)
    assert seen.counts["svg"] == 4  # matrix, ROC, precision and recall, calibration
    assert seen.counts["polyline"] == 3 + 3 + 1 and seen.counts["img"] == 3 + 1
    assert SECRET not in page and "scores" in to_plain(found)
    assert re.search(r"<td>Loss</td>\s*<td[^>]*>ce</td>", page), "a class of a whole image has no overlap to measure"


def test_classified_cases_are_ranked_by_the_probability_of_what_they_are(answers: Path) -> None:
    with Project.open(answers) as project:
        run = project.runs.get(1)
        for id, sure in ((1, 0.9), (3, 0.7), (4, 0.6)):  # of classes 0, 2 and 0
            shares = np.full(3, (1 - sure) / 2, np.float32)
            shares[(id - 1) % 3] = sure
            project.keep_prediction(run, Classified(id, shares))
        project.keep_prediction(run, Classified(5, np.full(3, np.nan, np.float32)))
    found = reported(answers, split="test")
    assert [(case.kind, case.item) for case in found.cases] == [("worst", 6), ("median", 3), ("best", 1)]
    worst = found.cases[0]
    assert (worst.said, worst.truth) == ("normal", "viral") and worst.probability == pytest.approx(0.1)
    assert worst.dice is None and worst.pictures[0].shape == (180, 225, 3)
    page, plain = to_page(found), json.loads(json.dumps(to_plain(found)))
    assert "Worst case, 6: is viral (10 %), said normal" in page
    case = plain["cases"][0]
    assert (case["item"], case["said"], case["truth"]) == (6, "normal", "viral")
    assert case["probability"] == pytest.approx(0.1) and case["mean_dice"] is None
    assert not reported(answers, split="test", pictures=False).cases
    cautions = [each.text for each in found.cautions]
    assert "1 answer is no number: it counts as wrong, and there is no AUC." in cautions
    assert not any("no prediction yet" in text for text in cautions)


def test_rejected_cases_count_in_no_figure_of_a_classifier(answers: Path) -> None:
    with Project.open(answers) as project:
        project.items.set_state(6, "rejected")  # the one that is called wrongly
        run = project.runs.get(1)
        keep_epoch(run.folder, EpochDone(1, 1, 0.5, float("nan"), 0.4, True, 45.0, {}))
    found = reported(answers, split="test")
    assert found.classification is not None and found.classification.accuracy == 1.0
    assert found.answers is not None and found.answers.items == (1, 2, 3, 4, 5)
    assert found.classification_intervals is not None and found.classification_intervals.accuracy == (1.0, 1.0)
    assert 6 not in {case.item for case in found.cases}
    plain = json.loads(json.dumps(to_plain(found), allow_nan=False))
    assert plain["curves"][0]["val_loss"] is None and "nan," not in to_page(found)
    assert not any("no prediction yet" in each.text for each in found.cautions)


@pytest.mark.parametrize(("learnt", "validated"), [(False, 2), (True, 3)])
def test_rejected_items_are_left_out_of_the_table_of_data(masks: Path, learnt: bool, validated: int) -> None:
    """One of three is rejected in each set; a run that takes rejected items in validates on it too."""
    with Project.open(masks) as project:
        run = project.runs.get(1)
        project.runs.update(run, "finished", config=replace(run.config, with_rejected=learnt))
        whole = project.fingerprint("val")[:16]
        for item in (1, 4):
            project.items.set_state(item, "rejected")
    found = reported(masks, split="test")
    assert found.sets["val"] == SetFacts(validated, validated, validated, validated, 3 - validated, whole)
    assert (found.sets["test"].items, found.sets["test"].labelled, found.sets["test"].rejected) == (2, 2, 1)
    counts = "Test 1" if learnt else "Validation 1, Test 1"
    assert f"Rejected in the review, and counted in no row above: {counts}." in to_page(found)


@pytest.mark.parametrize(
    ("unknown", "words"),
    [((4, 5), "Of 1 of 2 items no patient is known"), ((5, 6), "No patient is known of these items"), ((4,), "")],
)
def test_unknown_patients_are_counted_among_what_was_scored(masks: Path, unknown: tuple[int, ...], words: str) -> None:
    """Of the items that are tested, 5 and 6 are scored: 4 is rejected."""
    with Project.open(masks) as project:
        project.items.set_state(4, "rejected")
        for item in map(project.items.get, unknown):
            project.items.exchange(replace(item, patient=""))
    said = [each.text for each in reported(masks, split="test").cautions if "atient is known" in each.text]
    assert [each.partition(":")[0] for each in said] == [words] * bool(words)


def test_a_case_is_drawn_as_it_was_scored_before_the_model_helped(masks: Path) -> None:
    with Project.open(masks) as project:
        item = project.items.get(6)
        layer, prediction = project.layers.mask(6), project.layers.prediction(6, 1)
        assert layer is not None and prediction is not None
        mask = Mask(project.layers.read(layer, item.shape))
        edit = mask.replace_with("Prediction taken", project.layers.read(prediction, item.shape), None)
        project.layers.record(layer, mask, replace(edit, by_model=True), [0])
    found = reported(masks, split="test")
    worst = found.cases[0]
    assert worst.item == 6 and worst.dice is not None and worst.dice < 1
    assert not np.array_equal(worst.pictures[1], worst.pictures[2]), "truth and prediction differ, as the figure says"


def test_the_curves_of_a_classifier_are_in_its_json(answers: Path) -> None:
    plain = json.loads(json.dumps(to_plain(reported(answers, split="test")), allow_nan=False))
    assert list(plain["roc"]) == list(plain["precision_recall"]) == ["normal", "bacterial", "viral"]
    normal = plain["roc"]["normal"]  # both normal items at 0.8, and one of the four others
    assert normal["thresholds"][0] is None and normal["thresholds"][1:] == pytest.approx([0.8, 0.1])
    assert normal["true_positive"] == [0, 1, 1] and normal["false_positive"] == [0, 0.25, 1]
    viral = plain["precision_recall"]["viral"]  # one of two found at once, the other with all the rest
    assert viral["recall"] == [0.5, 1] and viral["precision"] == pytest.approx([1, 2 / 6])
    assert viral["average"] == pytest.approx(0.5 + 0.5 * 2 / 6)
    (one,) = plain["calibration"]["bins"]
    assert one["n"] == 6 and one["said"] == pytest.approx(0.8) and one["right"] == pytest.approx(5 / 6)
    assert plain["calibration"]["error"] == pytest.approx(5 / 6 - 0.8)


def test_of_a_segmentation_no_curves_of_a_classifier_are_told(masks: Path) -> None:
    assert not {"roc", "precision_recall", "calibration"} & to_plain(reported(masks)).keys()


def test_the_cases_of_a_segmentation_are_explained(masks: Path) -> None:
    from engine.learning import bundle

    card = bundle.ModelCard(
        "segmentation", "unet", "", 1, (("liver", ""), ("spleen", "")), Intensity("bytes"), 48, options={"width": 4}
    )
    network: Any = bundle.build(card)
    for weights in network.parameters():
        weights.data.fill_(1 / weights[0].numel())  # every map is a mean of those before
    network.net.head.weight.data[[0, 2]] = 0  # all is liver, and what is bright speaks for it
    network.net.head.bias.data[:] = 0
    with Project.open(masks) as project:
        bundle.save(project.runs.get(1).bundle, card, network.state_dict())
    found = reported(masks, split="test")
    explained, notices = looked(masks, found)
    assert [(case.kind, case.item) for case in explained] == [("worst", 6), ("median", 5), ("best", 4)]
    assert all(case.said == "liver" and case.picture.shape == (180, 225, 3) for case in explained)
    first = explained[0]
    assert first.inside is not None and 0 < first.inside < 1
    page = to_page(found, explained=explained)
    assert "Where it looked" in page and "Worst case, 6: liver, " in page and "of the heat inside the mask" in page
    assert SECRET not in page and not notices
    plain = json.loads(json.dumps(to_plain(found, explained)))["explained"]
    assert plain[0] == {"item": 6, "kind": "worst", "said": "liver", "truth": None, "heat_inside_mask": first.inside}


@pytest.mark.parametrize("cells", ["mask-rcnn-light"], indirect=True)
def test_the_cases_of_a_run_that_finds_objects_are_explained(cells: Path) -> None:
    import torch

    from engine.learning import bundle

    torch.manual_seed(0)
    card = bundle.ModelCard(
        "instances", "mask-rcnn-light", "resnet18", 1, (("cell", ""), ("dirt", "")), Intensity("bytes"), 0
    )
    network: Any = bundle.build(card)
    network.roi_heads.box_predictor.cls_score.bias.data[1] = 9  # whatever is proposed is a cell
    network.roi_heads.mask_predictor.mask_fcn_logits.bias.data[:] = 9  # and fills its box
    with Project.open(cells) as project:
        bundle.save(project.runs.get(1).bundle, card, network.state_dict())
    explained, notices = looked(cells, reported(cells))
    assert [case.kind for case in explained] == ["worst", "median", "best"] and not notices
    assert all(case.said == "cell" and case.inside is not None and case.inside > 0 for case in explained)


@pytest.mark.parametrize("task", ["masks", "answers"])
def test_a_report_stands_without_explanations(task: str, request: pytest.FixtureRequest) -> None:
    path = request.getfixturevalue(task)
    explained, notices = looked(path, reported(path, split="test"))  # the run has no model
    assert not explained and "without pictures of where it looked" in notices[0].text


def test_every_text_of_ours_goes_through_the_language(masks: Path, answers: Path) -> None:
    texts: list[str] = []

    def say(text: str, **values: object) -> str:
        texts.append(text.format(**values))
        return "§"

    page = to_page(reported(masks, split="test"), say)
    sentences = [text for text in texts if " " in text]  # a word may also be the name of a setting
    assert len(sentences) > 15 and not any(text in page for text in sentences)


def test_what_was_not_predicted_is_said(masks: Path) -> None:
    with Project.open(masks) as project:
        late = project.items.all("val")[0]
        project.items.set_splits({late.id: "test"})
        project.runs.forget_predictions(project.runs.get(1))
        for item in project.items.all("test"):
            if item.id != late.id:
                layer = project.layers.make(item.id, "prediction", 1)
                project.layers.replace(layer, pack(np.ones((1, 40, 50), np.uint8)))
    said = [each.text for each in reported(masks, split="test").cautions]
    assert any(text.startswith("1 labelled item of this set has no prediction") for text in said)


def test_objects_stand_one_by_one_with_intervals_beside_the_dice_of_pixels(cells: Path) -> None:
    found = reported(cells, split="test")
    assert found.segmentation is not None
    objects = found.segmentation.objects
    assert objects is not None
    cell = objects.classes["cell"]
    assert (cell.truth, cell.found, cell.missed, cell.extra) == (12, 9, 3, 3)  # items 4, 5, 6 find 2, 3 and 4 of 4
    assert cell.f1 == pytest.approx(18 / 24) and objects.classes["dirt"].f1 is None
    assert found.object_intervals is not None
    of_cell, of_dirt = found.object_intervals.classes
    low, high = of_cell["f1"] or (1.0, 0.0)
    assert 2 * 2 / 7 <= low < 0.75 < high <= 2 * 4 / 9
    assert of_cell["found"] == pytest.approx((6, 12), abs=1.0)
    assert found.object_intervals.mean["ap50"] is not None and of_dirt["f1"] is None
    assert [(case.kind, case.item) for case in found.cases] == [("worst", 4), ("median", 5), ("best", 6)]
    assert [case.f1 for case in found.cases] == pytest.approx([4 / 7, 6 / 8, 8 / 9])


def test_cases_are_drawn_with_each_object_outlined_and_its_fate(cells: Path) -> None:
    found = reported(cells, split="test")
    scan, true, said, fates = found.cases[0].pictures  # item 4: cells 1 and 2 found
    side = scan.shape[1] / 50
    at = {"first": (5, 7), "third": (5, 31), "between": (10, 13), "extra": (33, 23), "missed inside": (10, 31)}
    y_x = {name: (round((y + 0.3) * side), round((x + 0.5) * side)) for name, (y, x) in at.items()}
    color = np.array([int(found.classes[0].color[n : n + 2], 16) for n in (1, 3, 5)])
    assert _near(true, y_x["first"], color) and _near(true, y_x["third"], color) and _near(said, y_x["first"], color)
    assert not _near(said, y_x["third"], color), "the prediction has none there"
    green, blue, yellow = (np.array(rgb) for rgb in ((0x46, 0xC0, 0x8A), (0x5B, 0x7C, 0xFA), (0xED, 0xB6, 0x4A)))
    assert _near(fates, y_x["first"], green) and _near(fates, y_x["third"], blue)
    tinted = fates[y_x["extra"]].astype(float) - 0.65 * scan[y_x["extra"]]
    assert np.abs(tinted - 0.35 * yellow).max() < 4, "an area, since no object of the mask lies there"
    assert np.array_equal(fates[y_x["missed inside"]], scan[y_x["missed inside"]])


def _near(picture: np.ndarray, at: tuple[int, int], color: np.ndarray) -> bool:
    """Whether a pixel around the place has the colour."""
    window = picture[max(at[0] - 8, 0) : at[0] + 8, max(at[1] - 2, 0) : at[1] + 2].astype(int)
    return bool((np.abs(window - color).max(axis=-1) < 3).any())


def test_the_page_of_objects_names_nobody_and_says_what_its_figures_are(cells: Path) -> None:
    found = reported(cells, split="test")
    page, plain = to_page(found), to_plain(found)
    seen = Loads(page)
    assert len(seen.sources) == 12 and "Objects one by one" in page and "Worst case: 4, F1 0.571, Dice" in page
    assert "Dice per object" in page and "merged" in page and "true objects" in page
    assert SECRET not in page + json.dumps(plain)
    intervals = plain["object_intervals"]
    assert isinstance(intervals, dict) and len(intervals["classes"]["cell"]["found"]) == 2
    assert isinstance(plain["scores"], dict) and plain["scores"]["objects"]["classes"]["cell"]["missed"] == 3
    parts = any("tells no objects apart" in each.text for each in found.cautions)
    assert parts == (found.run.summary.arch == "unet")


def test_a_class_map_has_no_objects_in_its_report(masks: Path) -> None:
    found = reported(masks, split="test")
    assert found.object_intervals is None and "Objects one by one" not in to_page(found)
    assert to_plain(found)["object_intervals"] == {}
