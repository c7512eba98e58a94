"""What a run was trained with and what came of it, as the rows of a table."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.tabs.parts import training as words
from app.tabs.parts.beginning import Beginning, beginning
from app.tabs.parts.test_set import day_of
from engine.config import AUTO, TrainConfig
from engine.project.runs import Run
from engine.scoring.metrics import SetScores
from engine.titles import encoder_title, machine_title
from engine.words import translatable
from widgets.comparison_table import ComparisonRow
from widgets.figures import NONE, figure
from widgets.text import counted, tr


@dataclass(frozen=True)
class RunFacts:
    """A run with what only its training or its scoring knows: what Auto chose (while it trains), and its scored validation."""

    run: Run
    chosen: Mapping[str, object]
    validation: SetScores | None


def facts(runs: Sequence[RunFacts]) -> list[ComparisonRow]:
    """The rows, a column each run; the first run is the one that the others are compared with."""

    def row(
        name: str, of: Callable[[RunFacts], str | float | None], decimals: int = 3, help: str = ""
    ) -> ComparisonRow:
        return ComparisonRow(name, tuple(of(each) for each in runs), decimals, help=help)

    whole = any(each.run.summary.accuracy is not None for each in runs)
    classes = list(dict.fromkeys(name for each in runs for name in each.run.summary.dice))
    found = [
        ComparisonRow(tr("Results"), heading=True),
        row(tr("Validation accuracy"), lambda each: each.run.validated)
        if whole
        else row(tr("Validation Dice"), lambda each: each.run.summary.mean_dice),
    ]
    if len(classes) > 1:
        found += [row(f"  {name}", lambda each, name=name: each.run.summary.dice.get(name)) for name in classes]  # type: ignore[misc]
    if len(runs) > 1 and not whole:
        found.append(
            row(
                tr("Case by case"),
                lambda each: _paired(runs[0], each),
                help=tr(
                    "Mean difference over the validation cases that both have predicted, and in how many it is better"
                ),
            )
        )
    found += [
        row(tr("Test set"), lambda each: _test(each.run)),
        row(tr("Epochs"), lambda each: float(each.run.summary.epochs) or None, 0),
        row(tr("Minutes"), lambda each: _minutes(each.run), 1),
        ComparisonRow(tr("Recipe"), heading=True),
        row(tr("Network"), lambda each: words.network(_known(each, "arch"))),
        row(tr("Encoder"), lambda each: _encoder(each)),
        *_beginnings([beginning(each.run.config, _known(each, "arch"), [one.run for one in runs]) for each in runs]),
        row(tr("Images"), lambda each: _sizes(each)),
        row(tr("Batch"), lambda each: str(each.chosen.get("batch") or each.run.config.batch or "Auto")),
        row(tr("Learning rate"), lambda each: words.rate(each.run.config.rate) if each.run.config.rate else "Auto"),
        row(tr("Loss"), lambda each: words.losses().get(each.run.config.loss, each.run.config.loss)),
        row(tr("Optimiser"), lambda each: words.optimizers().get(each.run.config.optimizer, each.run.config.optimizer)),
        row(tr("Weight decay"), lambda each: str(each.run.config.weight_decay)),
        row(
            tr("Augmentation"),
            lambda each: f"{words.preset(_preset(each.run.config))} · 1 : {each.run.config.per_image}",
        ),
        row(tr("Rare classes weigh more"), lambda each: tr("yes") if each.run.config.balance else tr("no")),
        row(tr("Limit"), lambda each: words.limit(each.run.config)),
        row(tr("Learnt from"), lambda each: _set(each.run, "train")),
        row(tr("Validated on"), lambda each: _set(each.run, "val")),
        row(tr("Precision"), lambda each: each.run.config.precision),
        row(tr("Seed"), lambda each: str(each.run.config.seed)),
        row(tr("Machine"), lambda each: machine_title(each.run.summary.machine, tr) or None),
        row(tr("Begun"), lambda each: time.strftime("%Y-%m-%d %H:%M", time.localtime(each.run.made))),
    ]
    return found


def _known(each: RunFacts, name: str) -> str:
    return str(each.chosen.get(name) or getattr(each.run.summary, name) or getattr(each.run.config, name))


def _encoder(each: RunFacts) -> str | None:
    arch, encoder = _known(each, "arch"), _known(each, "encoder")
    if not words.takes_encoder(arch):
        return None
    return "Auto" if encoder == AUTO else encoder_title(encoder)


def _sizes(each: RunFacts) -> str:
    summary, config = each.run.summary, each.run.config
    size = each.chosen.get("size") or summary.size or config.size
    patch = each.chosen.get("patch") or summary.patch or config.patch
    text = tr("{size} px", size=size) if size else tr("their own size") if summary.arch else "Auto"
    return f"{text}, {tr('patches of {size} px', size=patch)}" if patch else text


def _beginnings(runs: Sequence[Beginning]) -> list[ComparisonRow]:
    """From what each began, and each setting that any of the networks has of its own."""
    held = [{each.label: each.text for each in run.own} for run in runs]
    frozen = tuple(None if run.frozen is None else float(run.frozen) for run in runs)
    return [
        ComparisonRow(tr("Started from"), tuple(run.start for run in runs)),
        ComparisonRow(tr("Frozen epochs"), frozen, 0),
        ComparisonRow(tr("Encoder's rate"), tuple(run.encoder_rate for run in runs), 2),
        *(
            ComparisonRow(label, tuple(own.get(label, NONE) for own in held))
            for label in dict.fromkeys(label for own in held for label in own)
        ),
    ]


def _preset(config: TrainConfig) -> str:
    return Path(config.preset).name if config.preset else config.preset


def _minutes(run: Run) -> float | None:
    return None if run.summary.seconds is None else run.summary.seconds / 60


def _set(run: Run, name: str) -> str | None:
    items, slices = run.summary.sets.get(name), run.summary.sets.get(f"{name}_slices", 0)
    if items is None:
        return None
    text = counted(items, translatable("1 item"), translatable("{count} items"))
    return (
        f"{text}, {counted(slices, translatable('1 slice'), translatable('{count} slices'))}"
        if slices > items
        else text
    )


def _test(run: Run) -> str:
    """The figure as it was when it was read, with the day; which does not choose among runs."""
    reading = run.test_reading
    if reading is None:
        return tr("not read")
    return tr("{value}, read on {day}", value=figure(reading.score, 3), day=day_of(reading.at))


def _paired(first: RunFacts, other: RunFacts) -> str | None:
    """Mean over the validation cases of both of how much better the other one is, and in how many it is."""
    if first.validation is None or other.validation is None or first is other:
        return None
    mine = {item.name: item.mean_dice for item in first.validation.items}
    apart = [
        item.mean_dice - known
        for item in other.validation.items
        if item.mean_dice is not None and (known := mine.get(item.name)) is not None
    ]
    if not apart:
        return None
    mean = figure(sum(apart) / len(apart), 3, signed=True)
    return tr("{mean}, better in {better} of {count}", mean=mean, better=sum(d > 0 for d in apart), count=len(apart))
