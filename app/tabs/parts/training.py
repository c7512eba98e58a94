"""How networks, losses and settings of a training are said in words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.shell.i18n import translate_notice
from engine.augment.presets import PRESETS
from engine.catalog import rows
from engine.config import AUTO, TrainConfig
from engine.progress import Notice
from engine.project.runs import Run, RunSummary, source_name
from engine.titles import encoder_title, model_title, network_title
from engine.words import translatable
from widgets.figures import decimal, figure
from widgets.text import counted, tr

AMOUNTS = ("per_image", "sides", "balance")
"""The settings of a training that belong to its augmentation."""


_COMMON = ("ce+dice", "ce", "focal")  # losses that are not called by the name of a person


def losses() -> dict[str, str]:
    """Shown texts of the losses."""
    return {
        "ce+dice": tr("Cross-entropy + Dice"),
        "ce": tr("Cross-entropy"),
        "dice": "Dice",
        "focal": tr("Focal loss"),
        "tversky": "Tversky",
        "lovasz": "Lovász",
    }


def _within(text: str) -> str:
    """The words as they stand within a sentence."""
    return text[:1].lower() + text[1:]


def short_losses() -> dict[str, str]:
    """The losses where there is little room."""
    return losses() | {"ce+dice": tr("CE + Dice"), "focal": tr("Focal")}


def optimizers() -> dict[str, str]:
    return {"adamw": "AdamW", "adam": "Adam", "sgd": "SGD", "rmsprop": "RMSprop"}


def amounts() -> dict[str, dict[str, str]]:
    """Shown texts of the choices beside an augmentation: what becomes of left and right in mirror images."""
    return {"sides": {AUTO: "Auto", "keep": tr("keep"), "swap": tr("exchange"), "off": tr("no mirror")}}


def amounts_of(config: TrainConfig) -> dict[str, Any]:
    """The settings that belong to the augmentation, by their names."""
    return {name: getattr(config, name) for name in AMOUNTS}


def network(arch: str) -> str:
    """As `network_title`, in the window's language."""
    return network_title(arch, tr)


def auto_values(notices: Iterable[Notice]) -> Mapping[str, object]:
    """What Auto chose for the training under way, from its notices; empty before it said so."""
    return next((n.values for n in notices if "arch" in n.values and "batch" in n.values), {})


def of_run(run: Run, values: Mapping[str, object] | None = None) -> str:
    """Network and encoder of a run: "U-Net · resnet34"; `values` are those of `auto_values`, for one that trains."""
    known = RunSummary.from_dict(values) if values else run.summary
    arch = known.arch or run.config.arch
    return model_title(arch, known.encoder or run.config.encoder, tr)


def of_config(config: TrainConfig) -> str:
    """What a training that has not begun is made of, where a run would have its name: "U-Net · resnet34 · 10 min"."""
    parts = [network(config.arch)]
    if config.start_from:
        parts = [tr("as {run}", run=source_name(config.start_from))]
    elif config.encoder != AUTO:
        parts.append(encoder_title(config.encoder))
    return " · ".join([*parts, limit(config)])


def limit(config: TrainConfig) -> str:
    """What ends the training: "10 min, 3 epochs without gain"."""
    parts = [tr("{minutes} min", minutes=decimal(f"{config.minutes:g}"))] if config.minutes else []
    if config.epochs:
        parts.append(counted(config.epochs, translatable("1 epoch"), translatable("{count} epochs")))
    if config.patience:
        one, many = translatable("1 epoch without gain"), translatable("{count} epochs without gain")
        parts.append(counted(config.patience, one, many))
    return ", ".join(parts) or "Auto"


def rate(value: float) -> str:
    """A learning rate as short as it is: 0.0003; "Auto" for 0."""
    return decimal(f"{value:.6f}".rstrip("0")) if value else "Auto"


def times_here(runs: Iterable[Run]) -> dict[str, str]:
    """How long an epoch of each network took in this project, by the network: the middle one of its finished runs."""
    known = dict[str, list[tuple[float, int]]]()
    for run in runs:
        kept = run.summary
        if run.state == "finished" and kept.seconds and kept.epochs:
            known.setdefault(kept.arch, []).append((kept.seconds / kept.epochs, kept.sets.get("train", 0)))
    said = {}
    for arch, found in known.items():
        seconds, images = sorted(found)[len(found) // 2]
        epoch = tr("{seconds} s an epoch", seconds=figure(seconds, 1 if seconds < 10 else 0))
        of = counted(images, translatable("1 item"), translatable("{count} items"))
        runs_of = counted(len(found), translatable("1 run"), translatable("{count} runs"))
        said[arch] = f"{epoch} · {of} · {runs_of}"
    return said


def takes_encoder(arch: str) -> bool:
    return any(row.name == arch and row.encoders for row in rows())


def preset(name: str) -> str:
    """An augmentation by the words of its button; one in a file is the project's own."""
    return next((tr(each.label) for each in PRESETS if each.name == name), tr("Own"))


def chosen(values: Mapping[str, object]) -> str:
    """What Auto chose, from the values of its notice (arch, size, patch, batch, and but for objects encoder and loss), as one sentence."""
    arch, loss = str(values.get("arch", "")), str(values.get("loss", ""))
    words = {
        "arch": network(arch),
        "encoder": encoder_title(str(values.get("encoder", ""))),
        "size": values.get("size"),
        "patch": values.get("patch"),
        "batch": values.get("batch"),
        "loss": _within(losses().get(loss, loss)) if loss in _COMMON else losses().get(loss, loss),
    }
    if not loss:  # networks of objects have one of their own
        if values.get("patch"):
            return tr("{arch} on patches of {patch} px, batch {batch}.", **words)
        return tr("{arch} on images of {size} px, batch {batch}.", **words)
    with_encoder = any(row.encoders for row in rows() if row.name == arch)
    if with_encoder and values.get("patch"):
        return tr("{arch} with the encoder {encoder} on patches of {patch} px, batch {batch}, {loss}.", **words)
    if with_encoder:
        return tr("{arch} with the encoder {encoder} on images of {size} px, batch {batch}, {loss}.", **words)
    if values.get("patch"):
        return tr("{arch} on patches of {patch} px, batch {batch}, {loss}.", **words)
    return tr("{arch} on images of {size} px, batch {batch}, {loss}.", **words)


def ahead(said: Sequence[Notice]) -> tuple[str, str]:
    """What Auto would choose for the next run with what the minutes buy, and what else it has to say; "" before it was asked."""
    values = auto_values(said)
    texts = [chosen(values) if notice.values is values else translate_notice(notice) for notice in said]
    return " ".join(texts[:2]), " ".join(texts[2:])


def planned(config: TrainConfig, start: str) -> str:
    """What the settings fix before a run, and what is left to Auto; `start` is the run that is fine-tuned, "" for none."""
    if start:
        return tr(
            "Goes on with the network of {run}. Auto chooses what is left open when the training begins.", run=start
        )
    fixed = []
    if config.arch != AUTO:
        fixed.append(network(config.arch))
    if config.encoder != AUTO:
        fixed.append(tr("{encoder} encoder", encoder=encoder_title(config.encoder)))
    if config.size:
        fixed.append(tr("{size} px", size=config.size))
    if config.patch:
        fixed.append(tr("patches of {size} px", size=config.patch))
    if config.batch:
        fixed.append(tr("batch {count}", count=config.batch))
    if not fixed:
        return tr(
            "A U-Net. Its encoder, image size and batch are chosen from your data and this computer at the start."
        )
    return tr("{fixed}. Auto chooses the rest from your data and this computer at the start.", fixed=", ".join(fixed))
