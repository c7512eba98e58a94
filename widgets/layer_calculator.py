"""The calculator: a layer's input, kernel, stride, padding and dilation can be changed, and the sizes behind it follow at once."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QSpinBox, QWidget

from engine.errors import EngineError
from engine.layer_arithmetic import (
    SlidingWindow,
    conv_multiply_adds,
    conv_parameters,
    dense_parameters,
    kernel_size,
    output_size,
    receptive_field,
)
from engine.size_flow import FollowedSizes, follow_sizes
from engine.words import translatable
from widgets.controls import Button, Choice, Segmented, Text, named
from widgets.figures import figure
from widgets.panels import Panel
from widgets.text import tr

if TYPE_CHECKING:
    from engine.learning.levels import NetworkLevels
    from engine.learning.stages import NetworkStage

FORWARD, BACKWARD = "forward", "backward"
_MINUS, _TIMES = "\N{MINUS SIGN}", "\N{MIDDLE DOT}"
_FIELDS = {
    "before": (translatable("Input"), 1, 4096),
    "kernel": (translatable("Kernel"), 1, 99),
    "stride": (translatable("Stride"), 1, 32),
    "padding": (translatable("Padding"), 0, 128),
    "dilation": (translatable("Dilation"), 1, 64),
    "after": (translatable("Output"), 1, 4096),
}


@dataclass(frozen=True)
class CalculatorLayer:
    """One layer on square maps: sides in px, maps in and out (0: it makes as many as it is given, as a pooling does)."""

    before: int
    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    inputs: int = 0
    outputs: int = 0
    after: int = 0  # what is wanted, where the kernel is looked for
    repeats: int = 1  # layers alike, one behind the other

    @property
    def window(self) -> SlidingWindow:
        return SlidingWindow(self.kernel, self.stride, self.padding, self.dilation)


@dataclass(frozen=True)
class _Question:
    """A question of the lecture: its words, the layer it fills in and which way round it is asked."""

    text: str
    layer: CalculatorLayer
    way: str
    meets: str = ""


@dataclass(frozen=True)
class _Behind:
    """A layer behind the picked one: its place in the drawing, and what it is called there."""

    place: int
    name: str
    layer: CalculatorLayer


_FC1, _UNITS = "FC1", 4096  # AlexNet's first fully connected layer
_QUESTIONS = {
    "c1": _Question(
        translatable("C1: 28 from 32, which kernel?"), CalculatorLayer(32, 1, after=28, inputs=1, outputs=6), BACKWARD
    ),
    "s2": _Question(translatable("S2: 14 from 28, stride 2?"), CalculatorLayer(28, 1, 2, after=14), BACKWARD),
    "fc1": _Question(
        translatable("AlexNet: why 9216, why 4096?"), CalculatorLayer(13, 3, 2, inputs=256), FORWARD, _FC1
    ),
}


class CalculatorPanel(Panel):
    """`show_stages` and `show_level` take a layer of the drawing over; what is typed is reckoned at once. `sizes_changed(sizes)` gives the
    sides in px that differ from the drawing's by the place of the stage or level (of the mask: behind the last level), 0 where a kernel no longer fits and None where the side
    cannot be known; `misfits_changed(misfits)` what no longer fits together (size_flow.Misfit)."""

    sizes_changed = Signal(object)
    misfits_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        named(self, "calculator", tr("Calculator"))
        self._layer = CalculatorLayer(28, 5)
        self._behind: tuple[_Behind, ...] = ()
        self._ahead: tuple[SlidingWindow, ...] = ()  # the layers before the picked one
        self._meets = ""  # the fully connected layer that is given the last maps
        self._levels: NetworkLevels | None = (
            None  # the network that branches, and the level whose first layer is picked
        )
        self._level = 0
        self._names: Sequence[str] = ()
        self._way = Segmented(
            "calculator.way",
            tr("What is looked for"),
            [Choice(FORWARD, tr("Find the output")), Choice(BACKWARD, tr("Find the kernel"))],
            FORWARD,
        )
        self._spins: dict[str, QSpinBox] = {}
        self._result, self._costs, self._following = Text("", "strong"), Text("", "dim"), Text("", "dim")
        for text, name in ((self._result, "result"), (self._costs, "costs"), (self._following, "behind")):
            text.setObjectName(f"calculator.{name}")
            text.setWordWrap(True)
        self.body.setContentsMargins(0, 4, 0, 0)
        self.body.setSpacing(4)
        self.add(
            self._way, self._grid(), self._result, self._costs, self._following, Text(tr("From the lecture"), "dim")
        )
        for name, question in _QUESTIONS.items():
            button = Button(f"calculator.{name}", tr(question.text), role="line")
            button.clicked.connect(partial(self._ask, question))
            self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self._way.picked.connect(self._turn)
        self._fill()

    def _grid(self) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        for place, (name, (word, low, high)) in enumerate(_FIELDS.items()):
            spin = QSpinBox()
            named(spin, f"calculator.{name}", tr(word))
            spin.setRange(low, high)
            spin.setMinimumWidth(64)
            spin.valueChanged.connect(self._typed)
            label = Text(tr(word), "dim")
            label.setBuddy(spin)
            row, column = divmod(place, 3)
            grid.addWidget(label, 2 * row, column)
            grid.addWidget(spin, 2 * row + 1, column)
            grid.setColumnStretch(column, 1)
            self._spins[name] = spin
        return holder

    def show_stages(self, stages: "Sequence[NetworkStage]", place: int, names: Sequence[str]) -> None:
        """Take the layer at `place` over from the drawing; `names` are the stages' words. Stages without a kernel change nothing."""
        stage = stages[place]
        if not stage.kernel:
            return
        self._levels = None
        layers = [None, *(_layer_of(each, before) for each, before in zip(stages[1:], stages, strict=False))]
        picked = layers[place]
        assert picked is not None
        self._layer = replace(picked, repeats=1)
        self._ahead = tuple(layer.window for layer in _unrolled(stages[1:place], layers[1:place]))
        behind = [_Behind(place, names[place], replace(picked, repeats=picked.repeats - 1))]
        self._meets = ""
        for at in range(place + 1, len(stages)):
            layer = layers[at]
            if layer is None:
                self._meets = names[at] if stages[at].kind == "dense" else ""
                break
            behind.append(_Behind(at, names[at], layer))
        self._behind = tuple(behind)
        self._way.set_current(FORWARD)
        self._fill()

    def show_level(self, network: "NetworkLevels", place: int, names: Sequence[str]) -> None:
        """Take the first layer of a level over from the drawing of a network that branches; `names` are the levels' words. Levels that only
        pool or enlarge change nothing."""
        first = network.levels[place].first
        if first is None:
            return
        self._behind, self._ahead, self._meets = (), (), ""
        self._levels, self._level, self._names = network, place, names
        self._layer = CalculatorLayer(**asdict(first))
        self._way.set_current(FORWARD)
        self._fill()

    def _fill(self) -> None:
        for name, spin in self._spins.items():
            with QSignalBlocker(spin):
                spin.setValue(getattr(self._layer, name) or spin.minimum())
        self._reckon()

    def _ask(self, question: _Question) -> None:
        self._layer, self._behind, self._ahead, self._meets = question.layer, (), (), question.meets
        self._forget_levels()
        self._way.set_current(question.way)
        self._fill()

    @Slot()
    def _typed(self) -> None:
        values = {name: spin.value() for name, spin in self._spins.items()}
        self._layer = replace(self._layer, **values)
        self._reckon()

    @Slot(str)
    def _turn(self, _way: str) -> None:
        self._reckon()

    def _reckon(self) -> None:
        backward = self._way.current() == BACKWARD
        self._spins["kernel"].setEnabled(not backward)
        self._spins["after"].setEnabled(backward)
        try:
            self._layer = _solved(self._layer, backward)
        except EngineError as fault:
            self._result.setText(tr(fault.message, **fault.values))
            self._costs.setText(tr(fault.hint, **fault.values))
            self._follow_in_words([])
            self.sizes_changed.emit({behind.place: 0 for behind in self._behind})
            self._follow_levels(0)
            return
        for name in ("kernel", "after"):
            with QSignalBlocker(self._spins[name]):
                self._spins[name].setValue(getattr(self._layer, name))
        self._result.setText(kernel_in_words(self._layer) if backward else output_in_words(self._layer))
        self._costs.setText("\n".join(_costs(self._layer, self._ahead)))
        if self._levels is not None:
            self._follow_levels(self._layer.after)
            return
        sides = follow(self._layer.after, self._behind)
        self._follow_in_words(self._after_words(sides))
        self.sizes_changed.emit({each.place: side for each, side in sides if side != each.layer.after})

    def _forget_levels(self) -> None:
        """The layer is one of a question: the drawing is as the network stands."""
        if self._levels is not None:
            self._levels = None
            self.sizes_changed.emit({})
            self.misfits_changed.emit(())

    def _follow_levels(self, after: int) -> None:
        """The network branches: what its levels make, and what is joined, where the picked level's first layer makes `after` px."""
        network = self._levels
        if network is None:
            return
        found = follow_sizes(network.flow, {network.levels[self._level].first_step: after})
        made = {place: found.sides[level.step] for place, level in enumerate(network.levels)}
        sides = {place: side for place, side in made.items() if side != network.levels[place].output[-1]}
        self._follow_in_words(level_words(network, sides, found, self._names))
        mask = {len(network.levels): found.sides[-1]} if found.sides[-1] != network.mask[-1] else {}
        self.sizes_changed.emit(sides | mask)
        self.misfits_changed.emit(found.misfits)

    def _follow_in_words(self, lines: Sequence[str]) -> None:
        self._following.setText("\n".join(lines))
        self._following.setVisible(bool(lines))

    def _after_words(self, sides: "list[tuple[_Behind, int]]") -> list[str]:
        """What became of the sizes behind, and of what the fully connected layer is given."""
        changed = [f"{each.layer.after} → {side or '–'}" for each, side in sides if side != each.layer.after]
        lines = [tr("Sizes from here on: {sizes}", sizes=", ".join(changed))] if changed else []
        broken = next((each for each, side in sides if not side), None)
        if broken is not None:
            return [*lines, tr("{name} no longer fits into what it is given.", name=broken.name)]
        if self._meets == _FC1:
            return _alexnet(self._layer)
        if self._meets:
            last = next((each.layer for each, _ in reversed(sides)), self._layer)
            side, maps = sides[-1][1] if sides else self._layer.after, last.outputs or last.inputs
            lines.append(
                tr(
                    "The fully connected layer meets {sum} = {values} values.",
                    sum=_product(side, maps),
                    values=figure(side**2 * maps),
                )
            )
        return lines


def level_words(
    network: "NetworkLevels", sides: Mapping[int, int | None], found: FollowedSizes, names: Sequence[str]
) -> list[str]:
    """What became of the sizes of a network that branches: those of its levels (`sides`, by their places) and of its mask, and what no
    longer fits together."""
    levels, lines = network.levels, []
    changed = [f"{levels[place].output[-1]} → {side or '–'}" for place, side in sides.items()]
    if changed:
        lines.append(tr("Sizes from here on: {sizes}", sizes=", ".join(changed)))
    by_level: dict[tuple[str, int], str] = {
        (level.part, level.depth): name for level, name in zip(levels, names, strict=True)
    }
    for misfit in found.misfits:
        values = {
            "name": by_level.get(misfit.level, ""),
            "kept": misfit.kept,
            "other": misfit.other,
        }
        if misfit.cropped:
            text = translatable("{name}: what the encoder hands over is cropped from {other} px to {kept} px.")
        elif misfit.skip >= 0:
            text = translatable(
                "{name}: the encoder hands over {other} px, the decoder has {kept} px: they do not fit."
            )
        else:
            text = translatable("{name}: two ways of a block make {kept} px and {other} px: they do not fit.")
        lines.append(tr(text, **values))
    if any(side == 0 for side in sides.values()):
        lines.append(tr("From where – stands a filter no longer fits into what it is given."))
    if any(side is None for side in sides.values()):
        lines.append(tr("From where – stands the network takes one size alone."))
    mask = found.sides[-1]
    if mask and mask != network.mask[-1]:
        lines.append(tr("The mask has {mask} px a side instead of {before}.", mask=mask, before=network.mask[-1]))
    return lines


def _layer_of(stage: "NetworkStage", before: "NetworkStage") -> CalculatorLayer | None:
    """The stage's first layer; None where it has no kernel."""
    if not stage.kernel:
        return None
    pools = stage.kind in ("max", "average")
    return CalculatorLayer(
        stage.before,
        stage.kernel,
        stage.stride,
        stage.padding,
        inputs=before.output[0],
        outputs=0 if pools else stage.output[0],
        after=stage.after,
        repeats=stage.count if stage.kind == "filter" else 1,
    )


def _unrolled(stages: "Sequence[NetworkStage]", layers: Sequence[CalculatorLayer | None]) -> list[CalculatorLayer]:
    """These stages' layers, each as often as its stage repeats it; of residual blocks, the longer way, through their filters."""
    found: list[CalculatorLayer] = []
    for stage, layer in zip(stages, layers, strict=True):
        if layer is None:
            continue
        sides = (stage.filters or (layer.kernel,)) * stage.count
        strided = sides.index(layer.kernel) if layer.kernel in sides else 0
        found += [
            CalculatorLayer(1, side, layer.stride if number == strided else 1) for number, side in enumerate(sides)
        ]
    return found


def follow(side: int, behind: "Sequence[_Behind]") -> "list[tuple[_Behind, int]]":
    """The side in px that each layer behind makes; 0 from where a kernel no longer fits."""
    found = []
    for each in behind:
        layer = each.layer
        for _ in range(layer.repeats):
            try:
                side = output_size(side, layer.kernel, layer.stride, layer.padding) if side else 0
            except EngineError:
                side = 0
        found.append((each, side))
    return found


def _solved(layer: CalculatorLayer, backward: bool) -> CalculatorLayer:
    if backward:
        return replace(
            layer, kernel=kernel_size(layer.before, layer.after, layer.stride, layer.padding, layer.dilation)
        )
    return replace(layer, after=output_size(layer.before, layer.kernel, layer.stride, layer.padding, layer.dilation))


def output_in_words(layer: CalculatorLayer) -> str:
    """(32 − 5)/1 + 1 = 28, with padding and dilation where there are any, and the brackets of rounding down where it is uneven."""
    reach = str(layer.kernel) if layer.dilation == 1 else f"({layer.dilation}{_TIMES}({layer.kernel} {_MINUS} 1) + 1)"
    margin = f" + 2{_TIMES}{layer.padding}" if layer.padding else ""
    inner = f"({layer.before} {_MINUS} {reach}{margin})/{layer.stride}"
    if (layer.before + 2 * layer.padding - layer.window.reach) % layer.stride:
        inner = f"⌊{inner}⌋"
    return f"{inner} + 1 = {layer.after}"


def kernel_in_words(layer: CalculatorLayer) -> str:
    """K = 32 − (28 − 1)·1 = 5, with padding and dilation where there are any."""
    margin = f" + 2{_TIMES}{layer.padding}" if layer.padding else ""
    inner = f"{layer.before}{margin} {_MINUS} ({layer.after} {_MINUS} 1){_TIMES}{layer.stride}"
    if layer.dilation > 1:
        inner = f"({inner} {_MINUS} 1)/{layer.dilation} + 1"
    return f"K = {inner} = {layer.kernel} → {layer.kernel}×{layer.kernel}"


def _costs(layer: CalculatorLayer, ahead: Sequence[SlidingWindow]) -> list[str]:
    lines = []
    if layer.inputs and layer.outputs:
        weights = conv_parameters(layer.inputs, layer.outputs, layer.kernel)
        work = conv_multiply_adds(layer.inputs, layer.outputs, layer.kernel, (layer.after, layer.after))
        side = f"{layer.kernel}{_TIMES}{layer.kernel}"
        lines.append(
            tr(
                "{sum} = {weights} weights with biases, {work} multiply-adds",
                sum=f"{layer.outputs}{_TIMES}({layer.inputs}{_TIMES}{side} + 1)",
                weights=figure(weights),
                work=figure(work),
            )
        )
    else:
        lines.append(tr("A pooling has no weights."))
    seen, _ = receptive_field([*ahead, layer.window])
    if ahead:
        lines.append(tr("One value behind it sees {n}×{n} px of the image.", n=seen))
    else:
        lines.append(tr("One value behind it sees {n}×{n} px of its input.", n=seen))
    return lines


def _product(side: int, maps: int) -> str:
    return f"{side}{_TIMES}{side}{_TIMES}{maps}"


def _alexnet(layer: CalculatorLayer) -> list[str]:
    """What AlexNet's first fully connected layer meets, and what its 4096 units cost."""
    values = layer.after**2 * layer.inputs
    weights = dense_parameters(values, _UNITS)
    return [
        tr("FC1 meets {sum} = {values} values.", sum=_product(layer.after, layer.inputs), values=figure(values)),
        tr(
            "Its 4096 units cost ({values} + 1)·4096 = {weights} weights. The 4096 follow from no formula: they were chosen.",
            values=figure(values),
            weights=figure(weights),
        ),
    ]
