"""What a run began from and how its network was set, in words: what tells runs of one architecture apart."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

from engine.catalog import find, network_options
from engine.config import AUTO, TrainConfig, option_of
from engine.errors import EngineError
from engine.network_options import NetworkOptions
from engine.project.runs import Run, source_name
from engine.words import PART, translatable
from widgets.figures import decimal
from widgets.text import counted, tr


@dataclass(frozen=True)
class OwnSetting:
    """A setting of the network's own as its form calls it; `usual`: left as the program has it."""

    label: str
    text: str
    usual: bool


@dataclass(frozen=True)
class Beginning:
    """`frozen` epochs and the encoder's share of the rate are None where the network has nothing that could begin elsewhere."""

    start: str
    frozen: int | None = None
    encoder_rate: float | None = None
    own: tuple[OwnSetting, ...] = ()

    @property
    def line(self) -> str:
        """ "ImageNet · 2 frozen · × 0.1"."""
        return PART.join((self.start, *self.held))

    @property
    def held(self) -> tuple[str, ...]:
        """How the encoder is held back, in as few words: "2 frozen", "× 0.1"; () where all learns alike."""
        said = [decimal(f"× {self.encoder_rate:g}")] if self.slower else []
        if self.frozen:
            said.insert(0, counted(self.frozen, translatable("1 frozen"), translatable("{count} frozen")))
        return tuple(said)

    @property
    def slower(self) -> bool:
        """Whether the encoder has a rate of its own."""
        return self.encoder_rate not in (None, 1.0)

    @property
    def words(self) -> str:
        """The same for who does not know the short form: "Start: ImageNet · 2 epochs frozen · encoder at 0.1 × the rate"."""
        parts = [tr("Start: {start}", start=self.start)]
        if self.frozen:
            parts.append(counted(self.frozen, translatable("1 epoch frozen"), translatable("{count} epochs frozen")))
        if self.slower:
            parts.append(tr("encoder at {share} × the rate", share=decimal(f"{self.encoder_rate:g}")))
        return PART.join(parts)

    @property
    def own_line(self) -> str:
        """The network's own settings that were changed: "Dropout 0.2 · Activation tanh"."""
        return PART.join(f"{each.label} {each.text}" for each in self.own if not each.usual)


def beginning(config: TrainConfig, arch: str = "", runs: Iterable[Run] = ()) -> Beginning:
    """Of a training with these settings; `arch` is the network that Auto chose, where that is known, `runs` as in `start_of`."""
    arch = config.arch if arch in ("", AUTO) else arch
    start = start_of(config, runs)
    try:
        row = find(arch)
    except EngineError:  # Auto, which is still to choose, or of a newer program
        return Beginning(start, config.frozen, config.encoder_rate)
    lends = row.encoders or row.task == "classification"
    return Beginning(
        start, config.frozen if lends else None, config.encoder_rate if lends else None, _own(arch, config)
    )


def start_of(config: TrainConfig, runs: Iterable[Run] = ()) -> str:
    """The weights that a training begins with. A run is called by its name where it is among `runs`, else by its number."""
    if config.start_from:
        return source_name(config.start_from, runs)
    known = {AUTO: "Auto", "none": tr("Scratch"), "imagenet": "ImageNet"}
    return known.get(config.weights, Path(config.weights).name)


def _own(arch: str, config: TrainConfig) -> tuple[OwnSetting, ...]:
    usual = network_options(arch)
    try:
        chosen = network_options(arch, config.options)
    except EngineError:  # of a newer program
        return ()
    return tuple(
        OwnSetting(tr(rule.label), _text(getattr(chosen, item.name)), _same(chosen, usual, item.name))
        for item in fields(chosen)
        if (rule := option_of(item)) is not None
    )


def _same(chosen: NetworkOptions, usual: NetworkOptions, name: str) -> bool:
    return bool(getattr(chosen, name) == getattr(usual, name))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    return decimal(f"{value:g}") if isinstance(value, float) else str(value)
