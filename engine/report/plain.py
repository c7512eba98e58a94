"""A run's report as JSON, for other programs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import numpy as np

from engine.config import without_paths
from engine.report.run_report import ExplainedCase, RunReport
from engine.scoring.classify import ClassifierAnswers, calibration, precision_recall, roc
from engine.scoring.metrics import to_json


def to_plain(report: RunReport, explained: Sequence[ExplainedCase] = ()) -> dict[str, object]:
    """The report for other programs: what JSON can hold, without items' names; what does not exist is null."""
    run, scores = report.run, dict[str, object]()
    if report.segmentation is not None:
        scores = to_json(report.segmentation)
        scores.pop("items")
    elif report.classification is not None:
        scores = report.classification.to_json()
    return {
        "program": f"Contorno {report.program}",
        "run": run.name,
        "task": report.task,
        "classes": [one.name for one in report.classes],
        "set": report.split,
        "settings": without_paths(run.config),
        "network": {"arch": run.summary.arch, "encoder": run.summary.encoder, "size": run.summary.size, "patch": run.summary.patch},
        "epochs": run.summary.epochs,
        "seconds": run.summary.seconds,
        "machine": run.summary.machine,
        "sets": {name: asdict(facts) for name, facts in report.sets.items()},
        "scores": scores,
        "intervals": _intervals_json(report),
        "object_intervals": _object_intervals_json(report),
        "cases": [
            {
                "item": case.item,
                "kind": case.kind,
                "mean_dice": case.dice,
                "f1": case.f1,
                "probability": case.probability,
                "said": case.said or None,
                "truth": case.truth or None,
            }
            for case in report.cases
        ],
        "explained": [
            {
                "item": case.item,
                "kind": case.kind,
                "said": case.said or None,
                "truth": case.truth or None,
                "heat_inside_mask": case.inside,
            }
            for case in explained
        ],
        **_curves_json(report.answers),
        "curves": [
            {"epoch": e.epoch, "train_loss": _finite(e.train_loss), "val_loss": _finite(e.val_loss), "score": e.score}
            for e in report.epochs
        ],
        "cautions": [caution.text for caution in report.cautions],
    }  # fmt: skip


def _curves_json(answers: ClassifierAnswers | None) -> Mapping[str, object]:
    """Of a classifier the points of the page's curves, by the class that is set against the rest, and its calibration; the first threshold of
    a ROC curve, above all probabilities, is null."""
    if answers is None:
        return {}
    curves, recalls = dict[str, object](), dict[str, object]()
    for one in against_rest(answers):
        name, curve, recall = (
            one.names[1],
            roc(one.probabilities, one.truth),
            precision_recall(one.probabilities, one.truth),
        )
        if curve is not None and recall is not None:
            thresholds = [_finite(float(each)) for each in curve.thresholds]
            curves[name] = {
                "false_positive": curve.false_positive.tolist(),
                "true_positive": curve.true_positive.tolist(),
                "thresholds": thresholds,
            }
            recalls[name] = {
                "recall": recall.recall.tolist(),
                "precision": recall.precision.tolist(),
                "average": recall.average,
            }
    found = calibration(answers.probabilities, answers.truth, rest=answers.rest)
    return {"roc": curves, "precision_recall": recalls, "calibration": asdict(found) if found is not None else None}


def _intervals_json(report: RunReport) -> Mapping[str, object]:
    """As the scores stand there: the classes in an object of their own, whatever they are called; of masks `classes` has their Dice, and each
    other figure an object of its own."""
    found, scores = report.mask_intervals, report.segmentation
    if found is not None and scores is not None:
        of_classes = {
            "classes": found.dice,
            "iou": found.iou,
            **{f"hd95_{unit}": far for unit, far in found.hd95.items()},
        }
        plain = {key: dict(zip(scores.classes, each, strict=True)) for key, each in of_classes.items()}
        return {"mean": found.mean, **plain}
    return asdict(report.classification_intervals) if report.classification_intervals is not None else {}


def _object_intervals_json(report: RunReport) -> Mapping[str, object]:
    found = report.object_intervals
    scores = report.segmentation.objects if report.segmentation is not None else None
    if found is None or scores is None:
        return {}
    return {"mean": found.mean, "classes": dict(zip(scores.classes, found.classes, strict=True))}


def against_rest(answers: ClassifierAnswers) -> list[ClassifierAnswers]:
    """Each class against all others; of two the second one."""
    return [answers.against_rest(place) for place in ([1] if len(answers.names) == 2 else range(len(answers.names)))]


def _finite(value: float | None) -> float | None:
    return value if value is not None and np.isfinite(value) else None
