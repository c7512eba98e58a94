"""A training that was cut anywhere goes on as if it had not been, and a disk that is full costs it nothing."""

import math
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch

from engine.config import TrainConfig
from engine.errors import EngineError, NotReadable
from engine.imaging.intensity import Intensity
from engine.labels.classes import parse_classes
from engine.learning import bundle, checkpoint
from engine.learning import train as training
from engine.learning.bundle import ModelCard
from engine.learning.checkpoint import CHECKPOINT, TrainingState
from engine.learning.events import read_events
from engine.learning.schedule import TrainingProgress
from engine.learning.train import train
from engine.progress import BatchDone, EpochDone, Notice, Progress, result_of
from engine.project.project import Project
from engine.project.runs import BUNDLE, Run

UNET = TrainConfig(
    arch="linknet", encoder="mobilenet_v2", epochs=2, batch=4, preset="standard", device="cpu", precision="float32"
)
LENET = TrainConfig(arch="lenet5", epochs=3, batch=5, device="cpu", precision="float32")
MLP = replace(LENET, arch="mlp")  # it drops out, so it draws random numbers

Moment = Callable[[object], bool]


def begin(project: Path, config: TrainConfig) -> Run:
    with Project.open(project) as opened:
        return opened.runs.add(config)


def at(epoch: int, step: int) -> Moment:
    return lambda event: isinstance(event, BatchDone) and (event.epoch, event.step) == (epoch, step)


def after(epoch: int) -> Moment:
    return lambda event: isinstance(event, EpochDone) and event.epoch == epoch


def in_validation(epoch: int) -> Moment:
    """At the first progress that comes after the last batch of an epoch."""
    seen: list[object] = []

    def moment(event: object) -> bool:
        seen.append(event)
        last = [e for e in seen if isinstance(e, BatchDone)]
        return isinstance(event, Progress) and bool(last) and (last[-1].epoch, last[-1].step) == (epoch, last[-1].steps)

    return moment


def cut(project: Path, run: Run, config: TrainConfig, moment: Moment) -> None:
    """Train until the moment, then close the training as Stop does."""
    work = train(project, run.folder, config, run.name)
    for event in work:
        if moment(event):
            break
    work.close()


def assert_alike(one: Path, other: Path) -> None:
    """Weights, moments, random numbers, the kept model and the epochs of two runs are the same to the last bit."""
    for name in (CHECKPOINT, BUNDLE):
        a, _ = bundle.read_tensors(one / name)
        b, _ = bundle.read_tensors(other / name)
        assert a.keys() == b.keys() and all(torch.equal(a[k], b[k]) for k in a)
    told = [[(e.epoch, e.train_loss, e.score, e.val_loss, e.best) for e in read_events(run)] for run in (one, other)]
    assert told[0] == told[1]


@pytest.mark.parametrize(
    "moment",
    [
        partial(at, 2, 3),
        partial(at, 1, 1),
        partial(at, 3, 4),
        partial(in_validation, 2),
        partial(in_validation, 3),
        partial(after, 1),
    ],
)
def test_stopped_anywhere_it_goes_on_as_if_it_had_not_been(classes: Path, moment: Callable[[], Moment]) -> None:
    whole, stopped = begin(classes, MLP), begin(classes, MLP)
    result_of(train(classes, whole.folder, MLP, whole.name))
    cut(classes, stopped, MLP, moment())
    assert checkpoint.read(stopped.folder) is not None
    result_of(train(classes, stopped.folder, MLP, stopped.name, resume=True))
    assert_alike(whole.folder, stopped.folder)


def test_killed_in_the_middle_of_an_epoch_it_goes_on_from_the_last_step(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "_SAVE_EVERY", 0.0)
    monkeypatch.setattr(training, "_SAVE_SHARE", math.inf)
    whole, killed = begin(project, UNET), begin(project, UNET)
    for event in train(project, whole.folder, UNET, whole.name):
        if at(2, 1)(event):
            shutil.copytree(whole.folder, killed.folder, dirs_exist_ok=True)  # what a kill would leave
    events = list(train(project, killed.folder, UNET, killed.name, resume=True))
    first = next(e for e in events if isinstance(e, BatchDone))
    assert (first.epoch, first.step) == (2, 2)
    assert any(isinstance(e, Notice) and e.text == "Going on in epoch 2 after step 1." for e in events)
    assert_alike(whole.folder, killed.folder)


def test_moments_come_back_in_the_layout_of_their_weights(tmp_path: Path) -> None:
    network = torch.nn.Conv2d(3, 4, 3).to(memory_format=torch.channels_last)
    state = TrainingState(network, torch.optim.AdamW(network.parameters()), torch.amp.GradScaler("cpu", enabled=False))
    network(torch.rand(1, 3, 8, 8)).sum().backward()
    state.optimizer.step()
    before = state.optimizer.state[network.weight]["exp_avg"].clone()
    card = ModelCard("segmentation", "x", "", 1, (), Intensity("bytes"), 8)
    checkpoint.write(tmp_path, TrainConfig(), card, TrainingProgress(), state)
    kept = checkpoint.read(tmp_path)
    assert kept is not None and kept.card == card and kept.config == TrainConfig()
    kept.restore(state)
    moment = state.optimizer.state[network.weight]["exp_avg"]
    assert torch.equal(moment, before) and moment.stride() == network.weight.stride()


def test_the_model_on_the_disk_says_what_is_to_be_beaten(classes: Path) -> None:
    run = begin(classes, LENET)
    result_of(train(classes, run.folder, LENET, run.name))
    card, weights = bundle.load(run.bundle)
    found = card.scores["validation"]
    bundle.save(run.bundle, replace(card, scores={"validation": found | {"score": 2.0, "noise": 0.0}}), weights)
    outcome = result_of(train(classes, run.folder, replace(LENET, epochs=4), run.name, resume=True))
    assert outcome.epochs == 4 and outcome.score == 2.0
    assert bundle.read_card(run.bundle).scores["validation"]["score"] == 2.0
    run.bundle.unlink()  # killed before it was written
    outcome = result_of(train(classes, run.folder, replace(LENET, epochs=5), run.name, resume=True))
    assert bundle.read_card(run.bundle).scores["epoch"] == 5 and outcome.score is not None and outcome.score <= 1


def test_it_goes_on_without_the_run_it_started_from(classes: Path) -> None:
    first = begin(classes, LENET)
    result_of(train(classes, first.folder, LENET, first.name))
    config = replace(LENET, start_from=first.name)
    whole, run = begin(classes, config), begin(classes, config)
    result_of(train(classes, whole.folder, config, whole.name))
    cut(classes, run, config, at(2, 1))
    with Project.open(classes) as opened:
        opened.runs.remove(first)
    shutil.rmtree(first.folder)
    result_of(train(classes, run.folder, config, run.name, resume=True))
    assert_alike(whole.folder, run.folder)


def test_new_limits_take_the_place_of_the_old_and_used_up_ones_are_said(classes: Path) -> None:
    config = replace(LENET, epochs=0, minutes=1e-4)
    run = begin(classes, config)
    result_of(train(classes, run.folder, config, run.name))
    events = list(train(classes, run.folder, config, run.name, resume=True))
    assert not any(isinstance(e, BatchDone) for e in events)
    assert any(isinstance(e, Notice) and "used up already" in e.text for e in events)
    outcome = result_of(train(classes, run.folder, replace(config, epochs=3, minutes=0), run.name, resume=True))
    assert outcome.epochs == 3 and outcome.config.minutes == 0


def test_classes_that_came_since_are_refused_in_words(classes: Path) -> None:
    run = begin(classes, LENET)
    cut(classes, run, LENET, after(1))
    with Project.open(classes) as opened:
        opened.set_classes(parse_classes("dark,bright,grey"))
    with pytest.raises(NotReadable, match="does not fit"):
        result_of(train(classes, run.folder, LENET, run.name, resume=True))


@pytest.mark.parametrize("damage", ["cut", "flipped", "gone"])
def test_a_damaged_checkpoint_is_replaced_by_the_one_before(
    classes: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    monkeypatch.setattr(training, "_SAVE_EVERY", 0.0)
    monkeypatch.setattr(training, "_SAVE_SHARE", math.inf)
    whole, damaged = begin(classes, LENET), begin(classes, LENET)
    for event in train(classes, whole.folder, LENET, whole.name):
        if at(2, 2)(event):
            shutil.copytree(whole.folder, damaged.folder, dirs_exist_ok=True)
    last = damaged.folder / CHECKPOINT
    data = bytearray(last.read_bytes())
    data[-100] ^= 1
    last.write_bytes(data[:1000] if damage == "cut" else data)
    if damage == "gone":
        last.unlink()
    events = list(train(classes, damaged.folder, LENET, damaged.name, resume=True))
    assert any(isinstance(e, Notice) and "the one before it is used" in e.text for e in events)
    first = next(e for e in events if isinstance(e, BatchDone))
    assert (first.epoch, first.step) == (2, 2), "the step that the older one lacks is done again"
    assert_alike(whole.folder, damaged.folder)
    for file in damaged.folder.glob("checkpoint*"):
        file.write_bytes(b"nothing")
    with pytest.raises(NotReadable):
        checkpoint.read(damaged.folder)


@pytest.mark.parametrize("change", ["nothing", "sets", "class", "rejected"])
def test_a_set_that_changed_since_is_said(classes: Path, change: str) -> None:
    run = begin(classes, replace(LENET, epochs=1))
    result_of(train(classes, run.folder, replace(LENET, epochs=1), run.name))
    with Project.open(classes) as project:
        trained, validated = project.items.all("train")[0], project.items.all("val")[0]
        if change == "sets":
            project.items.set_splits({trained.id: "val", validated.id: "train"})
        elif change == "class":
            project.items.set_labels({trained.id: 1 - (trained.label or 0)})
        elif change == "rejected":
            project.items.set_state(validated.id, "rejected")
    events = list(train(classes, run.folder, replace(LENET, epochs=2), run.name, resume=True))
    said = [e.text for e in events if isinstance(e, Notice)]
    both = ["training", "validation"]
    wanted = {"nothing": [], "class": ["training"], "sets": both, "rejected": ["validation"]}[change]
    assert [
        name for name in ("training", "validation") if any(f"The {name} set has changed" in t for t in said)
    ] == wanted
    (done,) = [e for e in events if isinstance(e, EpochDone)]
    assert done.best or change not in ("sets", "rejected"), "the model of another validation set is no measure"


def test_a_changed_validation_set_is_known_until_something_was_judged_on_it(classes: Path) -> None:
    run = begin(classes, replace(LENET, epochs=1))
    result_of(train(classes, run.folder, replace(LENET, epochs=1), run.name))
    with Project.open(classes) as project:
        project.items.set_state(project.items.all("val")[0].id, "rejected")
    for _ in range(2):  # stopped each time before its validation
        events, work = list[object](), train(classes, run.folder, replace(LENET, epochs=3), run.name, resume=True)
        for event in work:
            events.append(event)
            if isinstance(event, BatchDone):
                break
        work.close()
        assert any(isinstance(e, Notice) and "The validation set has changed" in e.text for e in events)


def test_the_device_can_be_another_when_it_goes_on() -> None:
    kept = replace(LENET, device="cuda", epochs=7)
    assert training._with_limits(kept, replace(kept, device="cpu", epochs=0)) == replace(kept, device="cpu")
    assert training._with_limits(kept, TrainConfig(epochs=9)) == replace(kept, epochs=9)


def test_a_checkpoint_of_another_version_is_refused_in_words(tmp_path: Path) -> None:
    bundle.write_tensors(tmp_path / CHECKPOINT, {}, {"config": {}, "epoch": 3})
    with pytest.raises(NotReadable, match="another version"):
        checkpoint.read(tmp_path)


@contextmanager
def small_disk(folder: Path) -> Iterator[Callable[[bool], None]]:
    """A real file system of 4 MB in place of a folder; full or with room, as is said."""
    if sys.platform != "linux":
        pytest.skip("only Linux has such a small disk")
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("only root mounts a small disk")
    filler = folder / "filler"

    def fill(full: bool) -> None:
        filler.unlink(missing_ok=True)
        if full:
            with filler.open("wb", buffering=0) as file, suppress(OSError):
                while file.write(bytes(4096)):
                    pass

    try:
        yield fill
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def small_files(folder: Path) -> Iterator[Callable[[bool], None]]:
    """The system refuses files of more than 50 kB, as is said."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(full: bool) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000 if full else soft, hard))

    try:
        yield fill
    finally:
        fill(False)


def _train_until_full(
    project: Path, run: Run, moment: Moment, fill: Callable[[bool], None], before: dict[str, bytes]
) -> None:
    for event in train(project, run.folder, LENET, run.name):
        if moment(event):
            before |= {name: (run.folder / name).read_bytes() for name in (CHECKPOINT, BUNDLE)}
            fill(True)


@pytest.mark.parametrize("disk", [small_disk, small_files])
@pytest.mark.parametrize("moment", [partial(after, 1), partial(at, 2, 2), partial(in_validation, 2)])
def test_a_full_disk_ends_it_in_words_and_costs_nothing(
    classes: Path, disk: Callable[[Path], AbstractContextManager[Callable[[bool], None]]], moment: Callable[[], Moment]
) -> None:
    whole, run = begin(classes, LENET), begin(classes, LENET)
    result_of(train(classes, whole.folder, LENET, whole.name))
    with disk(run.folder) as fill:
        before: dict[str, bytes] = {}
        with pytest.raises(EngineError, match="could not be written") as refusal:
            _train_until_full(classes, run, moment(), fill, before)
        assert "room" in refusal.value.advice
        fill(False)
        assert before and before == {name: (run.folder / name).read_bytes() for name in (CHECKPOINT, BUNDLE)}
        assert not list(run.folder.glob(".contorno-tmp-*"))
        result_of(train(classes, run.folder, LENET, run.name, resume=True))
        assert_alike(whole.folder, run.folder)
