"""The training loop on a tiny project: learns, stops, resumes to the same weights, survives small memory and bad numbers."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.augment.presets import load_preset, save_preset
from engine.config import OPTIMIZERS, TrainConfig
from engine.errors import EngineError
from engine.imaging.intensity import Intensity
from engine.labels.classes import parse_classes
from engine.learning import bundle, checkpoint, classification, device, models, segmentation
from engine.learning.bundle import ModelCard
from engine.learning.checkpoint import CHECKPOINT
from engine.learning.evaluate import evaluate, evaluate_classes
from engine.learning.events import read_events
from engine.learning.learner import Batch, Validation
from engine.learning.predict import predict_items
from engine.learning.schedule import Clock, rate_factor
from engine.learning.segmentation import SegmentationLearner, SliceSample
from engine.learning.train import Trainer, task_of, train
from engine.progress import BatchDone, EpochDone, Notice, result_of
from engine.project.layers import Predicted
from engine.project.project import Project
from engine.project.runs import Classified, Run

QUICK = TrainConfig(
    arch="linknet", encoder="mobilenet_v2", epochs=2, batch=4, preset="none", device="cpu", precision="float32"
)
SHADES = TrainConfig(arch="lenet5", epochs=3, batch=5, preset="none", device="cpu")


def begin(project: Path, config: TrainConfig = QUICK) -> Run:
    with Project.open(project) as opened:
        return opened.runs.add(config)


def ticking() -> Clock:
    """A clock that goes on by a twentieth of a second whenever somebody looks at it: it counts work, on any machine alike."""
    looks = count()
    return Clock(lambda: next(looks) / 20)


def weights(run: Run) -> dict[str, torch.Tensor]:
    return bundle.load(run.bundle)[1]


def test_learns_shapes_and_scores_them(project: Path) -> None:
    config = replace(QUICK, arch="unet-smp", encoder="resnet18", epochs=14, rate=2e-3)
    run = begin(project, config)
    outcome = result_of(train(project, run.folder, config, run.name))
    with Project.open(project) as opened:
        ids = [item.id for item in opened.items.all("test")]
        for event in predict_items(project, run.name, ids):
            if isinstance(event, Predicted):
                opened.keep_prediction(run, event)
    scores = result_of(evaluate(project, run.name, "test"))
    assert outcome.epochs == 14
    assert scores.n == 3
    assert scores.mean_dice is not None
    assert scores.mean_dice > 0.8


def test_learns_classes_and_scores_them(classes: Path) -> None:
    config = TrainConfig(arch="lenet5", epochs=6, batch=5, preset="none", device="cpu")
    run = begin(classes, config)
    outcome = result_of(train(classes, run.folder, config, run.name))
    with Project.open(classes) as opened:
        ids = [item.id for item in opened.items.all("test")]
        for event in predict_items(classes, run.name, ids):
            if isinstance(event, Classified):
                assert event.probabilities.sum() == pytest.approx(1, abs=1e-5)
                opened.keep_prediction(run, event)
    scores = evaluate_classes(classes, run.name, "test")
    assert outcome.summary.accuracy == 1.0
    assert scores.n == 8
    assert scores.accuracy == 1.0
    assert scores.auc == 1.0


def test_says_what_it_does_and_keeps_it(project: Path) -> None:
    run = begin(project)
    events = list(train(project, run.folder, QUICK, run.name))
    epochs = [e for e in events if isinstance(e, EpochDone)]
    assert [e.epoch for e in epochs] == [1, 2]
    assert all(set(e.dice) == {"disc", "square"} for e in epochs)
    assert len(epochs[-1].cases) == 3
    assert epochs[-1].cases[0].picture.shape == (48, 48, 3)
    assert sum(isinstance(e, BatchDone) for e in events) == 4
    assert any(isinstance(e, Notice) and "mobilenet_v2" in e.text for e in events)
    assert [e.epoch for e in read_events(run.folder)] == [1, 2]
    card = bundle.read_card(run.bundle)
    assert card.run == run.name
    assert [name for name, _ in card.classes] == ["disc", "square"]
    assert str(project.parent) not in json.dumps(card.recipe)


def test_same_seed_same_weights(project: Path) -> None:
    first, second = begin(project), begin(project)
    for run in (first, second):
        result_of(train(project, run.folder, QUICK, run.name))
    one, two = weights(first), weights(second)
    assert all(torch.equal(one[k], two[k]) for k in one)


def test_batches_that_are_drawn_while_the_device_computes_teach_the_same(project: Path) -> None:
    grows = replace(QUICK, epochs=4, size=64, first_size=32, preset="standard")
    plain, images, made = _draws(project, grows, ahead=False)
    early, same_images, made_before = _draws(project, grows, ahead=True)
    assert [each.shape[-1] for each in images] == [32] * 5 + [64] * 3
    assert all(torch.equal(one, other) for one, other in zip(images, same_images, strict=True))
    assert all(torch.equal(plain[name], early[name]) for name in plain)
    assert made == [0, 1, 2, 3, 4, 5, 6, 7]
    assert made_before == [0, 0, 2, 2, 4, 4, 6, 6], "each epoch's second while its first is computed"


def test_a_batch_that_was_drawn_for_an_epoch_which_ended_early_is_not_of_the_next(project: Path) -> None:
    trainer = _trainer(project, replace(QUICK, preset="standard"))
    trainer.draws_ahead = True
    trainer.step(*next(trainer.batches()))
    trainer.progress.next_epoch()
    images, targets = next(trainer.batches())
    first_images, first_targets = next(trainer.learner.batches(1))
    assert torch.equal(images, first_images) and torch.equal(targets, first_targets)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device on this machine")
def test_a_graphics_card_computes_while_the_next_batch_is_drawn(project: Path) -> None:
    on_card = replace(QUICK, device="cuda", precision="auto")
    _, images, made = _draws(project, on_card, ahead=_trainer(project, on_card).draws_ahead)
    assert made == [0, 0, 2, 2]
    assert not any(each.is_cuda for each in images)


def _draws(
    project: Path, config: TrainConfig, *, ahead: bool
) -> tuple[dict[str, torch.Tensor], list[torch.Tensor], list[int]]:
    """A training's weights, its images in their order, and how many steps were made when each batch was drawn."""
    torch.manual_seed(config.seed)
    trainer = _trainer(project, config)
    trainer.draws_ahead, made, images, drawn = ahead, [], [], trainer.learner.batches

    def watched(epoch: int, first: int = 0) -> Iterator[Batch]:
        for batch in drawn(epoch, first):
            made.append(trainer.progress.steps)
            yield batch

    trainer.learner.batches = watched  # type: ignore[method-assign]
    while not trainer.schedule.over:
        for batch in trainer.batches():
            images.append(batch[0])
            trainer.step(*batch)
        trainer.progress.next_epoch()
    waited = [event.waiting for event in trainer.drain_events() if isinstance(event, BatchDone)]
    assert len(waited) == len(images) and all(0 <= share < 1 for share in waited)
    assert min(waited) > 0 or trainer.device.type != "cpu", "a CPU waits for each"
    return trainer.network.state_dict(), images, made


def test_resume_without_its_folder_begins_anew_too(classes: Path) -> None:
    run = begin(classes, SHADES)
    result_of(train(classes, run.folder, SHADES))
    shutil.rmtree(run.folder)
    assert result_of(train(classes, run.folder, SHADES, resume=True)).bundle.exists()


def test_resume_without_a_checkpoint_begins_anew(project: Path) -> None:
    run = begin(project)
    events = list(train(project, run.folder, QUICK, run.name, resume=True))
    assert any(isinstance(e, Notice) and "begins anew" in e.text for e in events)
    assert run.bundle.exists()


def test_closing_before_the_first_validation_leaves_a_usable_model(project: Path) -> None:
    run = begin(project)
    work = train(project, run.folder, QUICK, run.name)
    for event in work:
        if isinstance(event, BatchDone):
            break
    work.close()
    card, network = bundle.restore(run.bundle)
    assert card.scores == {}
    assert not network.training


def test_minutes_are_kept(classes: Path) -> None:
    config = replace(SHADES, epochs=0, minutes=0.5)
    run = begin(classes, config)
    outcome = result_of(train(classes, run.folder, config, run.name, clock=ticking()))
    assert outcome.epochs >= 2 and read_events(run.folder)[-1].score is not None
    assert 0.9 * 30 < outcome.seconds <= 30
    assert run.bundle.exists() and (run.folder / CHECKPOINT).exists()


def test_an_augmentation_from_a_file_stays_with_the_run(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "of patient x.json"
    save_preset(file, load_preset("gentle"))
    config = replace(QUICK, preset=str(file))
    run = begin(project, config)
    result_of(train(project, run.folder, config, run.name))
    file.unlink()
    outcome = result_of(train(project, run.folder, replace(config, epochs=3), run.name, resume=True))
    assert outcome.epochs == 3
    assert load_preset(run.folder / "augmentation.json") == load_preset("gentle")
    assert bundle.read_card(run.bundle).recipe["preset"] == "augmentation.json"


def test_pause_stops_the_clock() -> None:
    now = [0.0]
    clock = Clock(lambda: now[0])

    def work() -> Any:
        now[0] += 2
        yield "event"
        now[0] += 1
        return "done"

    outer = clock.paused_while_yielding(work())
    assert next(outer) == "event"
    now[0] += 100  # the caller holds the generator
    with pytest.raises(StopIteration, match="done"):
        next(outer)
    assert clock.seconds == 3


def test_parts_of_a_batch_give_the_loss_and_the_gradient_of_the_whole(project: Path) -> None:
    trainer = _trainer(project, replace(QUICK, loss="ce", balance=False))
    trainer.network.eval()  # in training each part has statistics of its own
    images, targets = next(trainer.learner.batches(0))
    found = []
    for parts in (1, 2):
        loss = float(trainer._accumulate(images.tensor_split(parts), targets.tensor_split(parts)))
        found.append((loss, [p.grad for p in trainer.network.parameters() if p.grad is not None]))
    (whole, gradients), (summed, same) = found
    assert summed == pytest.approx(whole, rel=1e-5) and len(gradients) == len(same) > 50
    assert all(torch.allclose(one, other, atol=1e-5) for one, other in zip(gradients, same, strict=True))


def test_small_memory_halves_the_batch(project: Path) -> None:
    run = begin(project)
    learner = result_of(_prepared(project, QUICK))
    trainer = Trainer(learner, run.folder, run.name, Clock())
    limit = trainer.network.register_forward_pre_hook(_refuse_more_than(2))
    images, targets = next(iter(learner.batches(0)))
    trainer.step(images, targets)
    limit.remove()
    notices = [e for e in trainer.drain_events() if isinstance(e, Notice)]
    assert trainer.micro == 2
    assert "parts of 2" in notices[0].text


def test_too_small_a_memory_is_said_in_words(project: Path) -> None:
    run = begin(project)
    learner = result_of(_prepared(project, QUICK))
    trainer = Trainer(learner, run.folder, run.name, Clock())
    trainer.network.register_forward_pre_hook(_refuse_more_than(0))
    with pytest.raises(EngineError, match="single image"):
        trainer.step(*next(iter(learner.batches(0))))


def test_a_loss_that_is_no_number_is_passed_over_then_undone(project: Path) -> None:
    run = begin(project)
    result_of(train(project, run.folder, QUICK, run.name))
    learner = result_of(_prepared(project, QUICK))
    trainer = Trainer(learner, run.folder, run.name, Clock())
    before = {k: v.clone() for k, v in trainer.network.state_dict().items()}
    rate = trainer.config.rate
    learner.loss = lambda logits, target: logits.sum() * float("nan")
    for images, targets in [next(iter(learner.batches(0)))] * 3:
        trainer.step(images, targets)
    kept, _ = bundle.read_tensors(run.folder / CHECKPOINT)
    now = trainer.network.state_dict()
    assert trainer.config.rate == rate / 2
    assert all(torch.isfinite(v).all() for v in now.values() if v.is_floating_point())
    assert all(torch.equal(now[k], kept[f"network.{k}"]) for k in before)
    assert any(isinstance(e, Notice) and "no longer a number" in e.text for e in trainer.drain_events())


def test_a_gradient_that_is_no_number_moves_nothing(project: Path) -> None:
    trainer = _trainer(project)
    before = {k: v.clone() for k, v in trainer.network.state_dict().items()}
    trainer.learner.loss = lambda logits, target: (logits * 0).sqrt().sum()  # 0, with a gradient of 0 * inf
    batch = next(iter(trainer.learner.batches(0)))
    for _ in range(3):
        trainer.step(*batch)
    assert all(torch.equal(v, before[k]) for k, v in trainer.network.state_dict().items())
    assert any(isinstance(e, Notice) and "going on with half" in e.text for e in trainer.drain_events()), (
        "there is no checkpoint"
    )


def test_running_statistics_survive_a_batch_that_is_no_number(project: Path) -> None:
    trainer = _trainer(project)
    images, targets = next(iter(trainer.learner.batches(0)))
    trainer.step(images, targets)
    before = [b.clone() for b in trainer.network.buffers()]
    trainer.step(images * float("inf"), targets)
    assert all(torch.equal(a, b) for a, b in zip(before, trainer.network.buffers(), strict=True))


def test_a_score_that_is_no_number_is_replaced_and_replaces_nothing(project: Path) -> None:
    trainer = _trainer(project, replace(QUICK, epochs=9))
    nan = float("nan")
    found = [trainer.end_epoch(Validation(score, 0.0, None)) for score in (nan, nan, 0.5, nan, 0.4, 0.6)]
    assert [e.best for e in found] == [True, False, True, False, False, True]
    assert [e.score for e in found] == [None, None, 0.5, None, 0.4, 0.6]


def test_patience_waits_for_a_higher_score_and_for_no_other(classes: Path) -> None:
    """Equal scores, scores that are no numbers and validations without a score are no gain; of equals the later weights are kept."""

    def told(*scores: float | None, loss: float | None = 1.0) -> tuple[list[bool], list[int]]:
        run = begin(classes, SHADES)
        trainer = Trainer(
            result_of(_prepared(classes, replace(SHADES, epochs=20, patience=9))), run.folder, run.name, Clock()
        )
        kept, stale = [], []
        for score in scores:
            kept.append(trainer.end_epoch(Validation(score, 0.0, loss)).best)
            stale.append(trainer.progress.stale)
        return kept, stale

    assert told(0.0, 0.0, 0.5, 0.5, 0.4, 0.6) == ([True, True, True, True, False, True], [0, 1, 0, 1, 2, 0])
    assert told(0.5, None, float("nan"), 0.5, 0.0) == ([True, False, False, True, False], [0, 1, 2, 3, 4])
    assert told(None, None, 0.0, None) == ([True, True, True, False], [0, 0, 0, 1])
    assert told(None, None, loss=None) == ([True, True], [0, 0])  # no validation set: the last weights are kept


def test_that_nothing_can_stop_a_training_early_is_said(classes: Path) -> None:
    run = begin(classes, SHADES)
    trainer = Trainer(result_of(_prepared(classes, replace(SHADES, patience=2))), run.folder, run.name, Clock())
    for _ in range(2):
        trainer.end_epoch(Validation(None, 0.0, None))
    assert [event.text for event in trainer.drain_events()] == [
        "Nothing is validated, so the training does not stop early."
    ]


def test_no_more_threads_than_cores_compute(project: Path) -> None:
    """A run of a larger machine goes on here; 64 threads on two cores took more than a minute a step."""
    before, cores = torch.get_num_threads(), device.threads()
    trainer = _trainer(project, replace(QUICK, threads=cores + 3))
    assert torch.get_num_threads() == cores
    said = f"{cores + 3} threads were asked for: this machine has {cores} cores, and that many compute."
    assert said in [event.text for event in trainer.drain_events()]
    trainer.close()
    assert torch.get_num_threads() == before


def test_the_annealed_end_is_kept_unless_it_is_worse_by_more_than_the_noise(classes: Path) -> None:
    """Only the last epoch has that slack, and it is the noise of the kept score, not of its own."""

    def kept(*scores: float) -> list[bool]:
        run = begin(classes, SHADES)
        trainer = Trainer(result_of(_prepared(classes, SHADES)), run.folder, run.name, Clock())
        noises = (0.05, 0.0, 0.2)
        return [trainer.end_epoch(Validation(s, n, None)).best for s, n in zip(scores, noises, strict=True)]

    assert kept(0.80, 0.79, 0.76) == [True, False, True]
    assert kept(0.80, 0.79, 0.74) == [True, False, False]


def test_a_training_that_goes_on_has_its_kept_score_to_beat(classes: Path) -> None:
    """Its outcome says the scores of the model that is kept, though all of its own epochs are worse."""
    run = begin(classes, SHADES)
    first = Trainer(result_of(_prepared(classes, SHADES)), run.folder, run.name, Clock())
    first.end_epoch(Validation(0.8, 0.0, 1.0, {"dark": 0.8}, accuracy=0.8, macro_f1=0.7, auc=0.9))
    first.close()
    again = Trainer(result_of(_prepared(classes, SHADES)), run.folder, run.name, Clock())
    again.go_on(checkpoint.read(run.folder))
    assert not again.end_epoch(Validation(0.6, 0.0, 1.0)).best
    summary = again.outcome().summary
    assert (again.outcome().score, again.outcome().epochs) == (0.8, 2)
    assert (summary.accuracy, summary.macro_f1, summary.auc) == (0.8, 0.7, 0.9)
    assert bundle.read_card(run.bundle).scores["epoch"] == 1
    assert again.end_epoch(Validation(0.9, 0.0, 1.0)).best and again.outcome().score == 0.9


def test_parts_are_never_smaller_than_the_network_takes(project: Path) -> None:
    trainer = _trainer(project, replace(QUICK, arch="pan", batch=5))
    assert models.least_batch("pan") == 2
    limit = trainer.network.register_forward_pre_hook(_refuse_more_than(3))
    images, targets = next(iter(trainer.learner.batches(0)))
    trainer.step(images, targets)
    assert trainer.micro == 3
    with pytest.raises(EngineError, match="one image at a time"):
        trainer.step(images[:1], targets[:1])
    limit.remove()
    trainer.network.register_forward_pre_hook(_refuse_more_than(0))
    with pytest.raises(EngineError, match="fewest images"):
        trainer.step(images, targets)


def test_too_small_a_memory_for_the_optimizer_is_said_in_words(project: Path) -> None:
    trainer = _trainer(project)

    def full(*_: Any) -> None:
        raise torch.OutOfMemoryError("out of memory (made by the test)")

    trainer.optimizer.register_step_pre_hook(full)
    with pytest.raises(EngineError, match="training this network"):
        trainer.step(*next(iter(trainer.learner.batches(0))))


def test_a_time_that_preparing_used_up_leaves_a_model_of_one_step(project: Path) -> None:
    config = replace(QUICK, epochs=0, minutes=1 / 60)
    run = begin(project, config)
    events = list(train(project, run.folder, config, run.name, clock=ticking()))
    assert sum(isinstance(e, BatchDone) for e in events) == 1
    assert any(isinstance(e, Notice) and "Preparing took all" in e.text for e in events)
    assert run.bundle.exists()


def test_the_task_is_the_networks(project: Path) -> None:
    with Project.open(project) as opened:
        assert task_of(opened, TrainConfig()) == "segmentation"
        assert task_of(opened, TrainConfig(arch="unet")) == "segmentation"
        assert task_of(opened, TrainConfig(arch="mask-rcnn")) == "instances"
        with pytest.raises(EngineError, match="another task"):
            task_of(opened, TrainConfig(arch="resnet18"))


def test_refuses_without_masks_in_the_training_set(project: Path) -> None:
    with Project.open(project) as opened:
        opened.items.set_splits({item.id: "test" for item in opened.items.all()})
    run = begin(project)
    with pytest.raises(EngineError, match="training set"):
        result_of(train(project, run.folder, QUICK, run.name))


def test_fine_tunes_from_an_earlier_run(project: Path) -> None:
    small = replace(QUICK, size=32)
    first = begin(project, small)
    result_of(train(project, first.folder, small, first.name))
    config = TrainConfig(start_from=first.name, epochs=1, preset="none", device="cpu", batch=4)
    second = begin(project, config)
    outcome = result_of(train(project, second.folder, config, second.name))
    assert outcome.config.encoder == "mobilenet_v2"
    assert outcome.config.size == 32, "seen as the first one saw them"
    assert outcome.config.rate < 1e-3


@pytest.mark.parametrize("task", ["masks", "classes"])
def test_what_was_learnt_of_a_class_stays_with_it_when_it_and_the_run_are_renamed(
    task: str, project: Path, classes: Path
) -> None:
    folder, config = (project, replace(QUICK, epochs=1)) if task == "masks" else (classes, replace(SHADES, epochs=1))
    first = begin(folder, config)
    result_of(train(folder, first.folder, config, first.name))
    with Project.open(folder) as opened:
        one, other = (each.name for each in opened.classes)
        opened.set_classes(parse_classes(f"renamed,{other},{one}"))  # the third is new, whatever it is called
        opened.runs.rename(first, "2")
        second = opened.runs.add(config, "run 1")  # has the number that is the first one's name now
        asked = replace(config, start_from=str(first.id))
        assert opened.runs.source(asked).id == first.id and second.id == 2
        learner = result_of(_prepared(folder, asked))
    bias, now = list(learner.network.state_dict().items())[-1]  # of the output layer, one number an output
    learnt, places = weights(first)[bias], [0, 1, 2] if task == "masks" else [0, 1]
    assert len(now) == len(learnt) + 1 == len(places) + 1
    assert torch.equal(now[places], learnt) and not torch.isin(now[-1], learnt)
    said = [notice.text for notice in learner.notices]
    assert f"Classes have other names than in that run, and go on from what it learnt: renamed ({one})." in said
    assert f"The output layer was rebuilt for the classes of this project; new: {one}." in said


def test_schedule_rises_then_falls_to_nearly_nothing() -> None:
    assert rate_factor(0) < 0.05
    assert rate_factor(0.05) == pytest.approx(1)
    assert rate_factor(0.5) > rate_factor(0.9) > rate_factor(1)
    assert rate_factor(1) == pytest.approx(0.005)


def _trainer(project: Path, config: TrainConfig = QUICK) -> Trainer:
    run = begin(project, config)
    return Trainer(result_of(_prepared(project, config)), run.folder, run.name, Clock())


def _prepared(project: Path, config: TrainConfig) -> Any:
    with Project.open(project, write=False) as opened:
        prepare = classification.prepare if opened.task == "classification" else segmentation.prepare
        return (yield from prepare(opened, config))


def _refuse_more_than(count: int) -> Any:
    def hook(module: torch.nn.Module, inputs: tuple[torch.Tensor]) -> None:
        if len(inputs[0]) > count:
            raise torch.OutOfMemoryError("out of memory (made by the test)")

    return hook


class LeftEye(torch.nn.Module):
    """Says class 1 where the left half of the image is bright; with `sides` class 2 where the right one is."""

    def __init__(self, sides: bool) -> None:
        super().__init__()
        self.sides = sides
        self.anything = torch.nn.Parameter(torch.zeros(1))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        bright = (images[:, :1] > 0.5).float()
        left = torch.zeros_like(bright)
        left[..., : left.shape[-1] // 2] = 1
        first, second = (bright * left, bright * (1 - left)) if self.sides else (4 * bright * left, 0 * bright)
        return torch.cat([torch.full_like(bright, 0.5), first, second], dim=1) + 0 * self.anything


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_goes_on_when_the_encoder_thaws(project: Path, tmp_path: Path, optimizer: str) -> None:
    config = replace(QUICK, optimizer=optimizer, frozen=1, epochs=2, size=32)
    done = result_of(train(project, tmp_path / "run", config))
    assert done.epochs == 2 and done.score is not None


@pytest.mark.parametrize("sides", [False, True])
def test_mirror_images_are_averaged_where_that_is_better_on_the_validation_set(tmp_path: Path, sides: bool) -> None:
    pieces = {}
    for n in range(4):
        labels = np.zeros((64, 64), np.uint8)
        labels[10 : 50 + n, 6 + n : 58] = 1
        truth = labels.copy()
        if sides:
            truth[:, 32:] *= 2
        pieces[str(n)] = [SliceSample(n, labels * 255, truth, (64, 64))]
    rule = Intensity("bytes", mean=(0.0,), deviation=(1.0,))
    card = ModelCard("segmentation", "unet-smp", "resnet18", 1, (("a", ""), ("b", "")), rule, 64)
    config = replace(QUICK, epochs=0, minutes=1.0, batch=1, rate=1e-3)
    learner = SegmentationLearner(config, card, [one for group in pieces.values() for one in group], pieces)
    learner.network, learner.mirrors = LeftEye(sides), True
    trainer = Trainer(learner, tmp_path, "run", Clock())
    trainer.end_epoch(result_of(trainer.validate()))
    result_of(trainer.look_at_mirror_images())
    said = [event.text for event in trainer.drain_events() if isinstance(event, Notice)]
    assert bundle.read_card(trainer.outcome().bundle).mirrored is not sides
    assert bool(said) is not sides
    assert trainer.outcome().score == pytest.approx(1.0 if sides else 0.66, abs=0.02)
    trainer.close()
