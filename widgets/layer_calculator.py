"""The calculator: a layer's input, kernel, stride, padding and dilation can be changed, and the sizes behind it follow at once."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QSpinBox, QWidget

from engine.errors import EngineError
from engine.layer_arithmetic import (
    SlidingWindow,
    conv_multiply_adds,
    conv_parameters,
    dense_parameters,
    kernel_size,
    output_size,
    transposed_kernel,
    transposed_size,
)
from engine.size_flow import FollowedSizes, LayerKind, SizedLayer, SizeStep, follow_sizes
from engine.words import translatable
from widgets.controls import Button, Choice, Segmented, Text, named
from widgets.figures import figure
from widgets.panels import Panel
from widgets.text import tip, tr
from widgets.word_combo import WordCombo

FORWARD, BACKWARD = "forward", "backward"
_MINUS, _TIMES = "\N{MINUS SIGN}", "\N{MIDDLE DOT}"
_FIELDS = {
    "before": (translatable("Input"), 1, 4096),
    "kernel": (translatable("Kernel"), 1, 4096),
    "stride": (translatable("Stride"), 1, 32),
    "padding": (translatable("Padding"), 0, 128),
    "dilation": (translatable("Dilation"), 1, 64),
    "after": (translatable("Output"), 1, 4096),
}


@dataclass(frozen=True)
class CalculatorLayer:
    """One layer on square maps as it is changed: sides in px, maps in and out. `after` is what comes out, or is wanted. What it is given sees
    `field` px of the image and lies `jump` px apart; 0 where there is no image."""

    before: int
    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    inputs: int = 0
    outputs: int = 0
    after: int = 0
    kind: LayerKind = "filter"
    extra: int = 0
    ceil: bool = False
    field: float = 0.0
    jump: float = 0.0
    bias: bool = True  # a filter's maps have one each

    @property
    def window(self) -> SlidingWindow:
        return SlidingWindow(self.kernel, self.stride, self.padding, self.dilation)

    @property
    def pools(self) -> bool:
        return self.kind in ("max", "average")

    @property
    def rest(self) -> int:
        """px at the edge that the last step of the stride leaves."""
        return (self.before + 2 * self.padding - self.window.reach) % self.stride


class DrawnPart(Protocol):
    """A level or a stage of a drawing, see NetworkLevel and NetworkStage."""

    @property
    def output(self) -> tuple[int, ...]: ...

    @property
    def layers(self) -> tuple[SizedLayer, ...]: ...

    @property
    def step(self) -> int: ...


@dataclass(frozen=True)
class DrawnNetwork:
    """What is drawn: its parts with their `names`, how sides follow, the places of the parts by the level of a step, and the side of the
    mask, 0 where it makes none."""

    parts: Sequence[DrawnPart]
    names: Sequence[str]
    flow: Sequence[SizeStep]
    places: Mapping[tuple[str, int], int]
    mask: int = 0


@dataclass(frozen=True)
class _Question:
    """A question of the lecture: its words, the layer it fills in and which way round it is asked."""

    text: str
    layer: CalculatorLayer
    way: str
    meets: str = ""


_FC1, _UNITS = "FC1", 4096  # AlexNet's first fully connected layer
_QUESTIONS = {
    "c1": _Question(
        translatable("C1: 28 from 32, which kernel?"), CalculatorLayer(32, 1, after=28, inputs=1, outputs=6), BACKWARD
    ),
    "s2": _Question(
        translatable("S2: 14 from 28, stride 2?"), CalculatorLayer(28, 1, 2, after=14, kind="max"), BACKWARD
    ),
    "fc1": _Question(
        translatable("AlexNet: why 9216, why 4096?"),
        CalculatorLayer(13, 3, 2, inputs=256, outputs=256, kind="max"),
        FORWARD,
        _FC1,
    ),
}


class CalculatorPanel(Panel):
    """`show_part` takes the layers of a part of the drawing over, of which one is picked; what is typed is reckoned at once.
    `sizes_changed(sizes)` gives the sides in px that differ from the drawing's by the place of the part (of the mask: behind the last one), 0
    where a kernel no longer fits and None where the side cannot be known; `misfits_changed(misfits)` what no longer fits together
    (size_flow.Misfit)."""

    sizes_changed = Signal(object)
    misfits_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        named(self, "calculator", tr("Calculator"))
        self._layer = CalculatorLayer(28, 5)
        self._meets = ""  # the fully connected layer that a question's last maps go to
        self._network: DrawnNetwork | None = None
        self._part = 0
        self._way = Segmented(
            "calculator.way",
            tr("What is looked for"),
            [Choice(FORWARD, tr("Find the output")), Choice(BACKWARD, tr("Find the kernel"))],
            FORWARD,
        )
        self.layers = WordCombo()
        named(self.layers, "calculator.layer", tr("Layer"))
        self.layers.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.layers.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.layers.setPlaceholderText(tr("From the lecture"))
        self.layers.hide()
        self._spins: dict[str, QSpinBox] = {}
        self._result, self._costs, self._following = Text("", "strong"), Text("", "dim"), Text("", "dim")
        for text, name in ((self._result, "result"), (self._costs, "costs"), (self._following, "behind")):
            text.setObjectName(f"calculator.{name}")
            text.setWordWrap(True)
        self.body.setContentsMargins(0, 4, 0, 0)
        self.body.setSpacing(4)
        self._fields = self._grid()
        self.add(self._way, self.layers, self._fields, self._result, self._costs, self._following)
        self.add(Text(tr("From the lecture"), "dim"))
        for name, question in _QUESTIONS.items():
            button = Button(f"calculator.{name}", tr(question.text), role="line")
            button.clicked.connect(partial(self._ask, question))
            self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self._way.picked.connect(self._turn)
        self.layers.activated.connect(self._take)
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

    def show_part(self, network: DrawnNetwork, place: int) -> None:
        """Take the layers of the part at `place` over from the drawing, the first of them picked. A part without any says so."""
        self._network, self._part, self._meets = network, place, ""
        layers = network.parts[place].layers
        self.layers.clear()
        self.layers.addItems([f"{at}. {layer_in_words(layer)}" for at, layer in enumerate(layers, 1)])
        self.layers.setVisible(len(layers) > 1)
        if layers:
            self._take(0)
            return
        self._allow(tr("{name} has no filter and no pooling: nothing of it can be changed.", name=network.names[place]))
        self._costs.setText("")
        self._follow_in_words([])
        self.sizes_changed.emit({})
        self.misfits_changed.emit(())

    @property
    def _picked(self) -> SizedLayer | None:
        """The layer of the drawing that is changed; None where it is one of a question, or there is none."""
        at = self.layers.currentIndex()
        return self._network.parts[self._part].layers[at] if self._network is not None and at >= 0 else None

    @Slot(int)
    def _take(self, at: int) -> None:
        """Take that layer over as it stands in the network; one that was asked for in between begins anew."""
        if self._network is None:
            return
        network, self._meets = self._network, ""
        self.layers.setCurrentIndex(at)
        layer = network.parts[self._part].layers[at]
        window = layer.window
        self._layer = CalculatorLayer(
            layer.before,
            window.kernel,
            window.stride,
            window.padding,
            window.dilation,
            layer.inputs,
            layer.outputs,
            layer.after,
            layer.kind,
            layer.extra,
            layer.ceil,
            layer.field,
            layer.jump,
            layer.bias,
        )
        self._way.set_current(FORWARD)
        self._fill()

    def _fill(self) -> None:
        self._allow("")
        for name, spin in self._spins.items():
            with QSignalBlocker(spin):
                spin.setValue(getattr(self._layer, name) or spin.minimum())
        self._reckon()

    def _allow(self, why_not: str) -> None:
        """Let numbers be changed, or say why none can be."""
        for part in (self._way, self._fields):
            part.setEnabled(not why_not)
            part.setToolTip(tip(why_not))
        self._result.setText(why_not)

    def _ask(self, question: _Question) -> None:
        self._layer, self._meets = question.layer, question.meets
        self.layers.setCurrentIndex(-1)
        self.sizes_changed.emit({})  # the drawing is as the network stands
        self.misfits_changed.emit(())
        self._way.set_current(question.way)
        self._fill()

    @Slot()
    def _typed(self) -> None:
        values: dict[str, Any] = {name: spin.value() for name, spin in self._spins.items()}
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
            self._follow(0)
            return
        for name in ("kernel", "after"):
            with QSignalBlocker(self._spins[name]):
                self._spins[name].setValue(getattr(self._layer, name))
        self._result.setText(kernel_in_words(self._layer) if backward else output_in_words(self._layer))
        side = self._network.flow[0].side if self._network is not None and self._picked is not None else 0
        self._costs.setText("\n".join(_costs(self._layer, side)))
        self._follow_in_words(_alexnet(self._layer) if self._meets == _FC1 else [])
        self._follow(self._layer.after)

    def _follow(self, after: int) -> None:
        """What the parts make, and what is joined, where the picked layer makes `after` px."""
        network, layer = self._network, self._picked
        if network is None or layer is None:
            return
        # behind a fully connected layer there are no maps whose sides could change
        found = follow_sizes(network.flow, {} if layer.kind == "dense" else {layer.step: after})
        made = {place: found.sides[part.step] for place, part in enumerate(network.parts) if len(part.output) == 3}
        sides = {place: side for place, side in made.items() if side != network.parts[place].output[-1]}
        self._follow_in_words([*size_words(network, sides, found), *_dense_words(network, self._part, found)])
        mask = {len(network.parts): found.sides[-1]} if network.mask and found.sides[-1] != network.mask else {}
        self.sizes_changed.emit(sides | mask)
        self.misfits_changed.emit(found.misfits)

    def _follow_in_words(self, lines: Sequence[str]) -> None:
        self._following.setText("\n".join(lines))
        self._following.setVisible(bool(lines))


def size_words(network: DrawnNetwork, sides: Mapping[int, int | None], found: FollowedSizes) -> list[str]:
    """What became of the sizes of a network: those of its parts (`sides`, by their places) and of its mask, and what no longer fits
    together."""
    lines = []
    changed = [f"{network.parts[place].output[-1]} → {side or '–'}" for place, side in sides.items()]
    if changed:
        lines.append(tr("Sizes from here on: {sizes}", sizes=", ".join(changed)))
    for misfit in found.misfits:
        values = {
            "name": network.names[network.places[misfit.level]] if misfit.level in network.places else "",
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
    if network.mask and mask and mask != network.mask:
        lines.append(tr("The mask has {mask} px a side instead of {before}.", mask=mask, before=network.mask))
    return lines


def _dense_words(network: DrawnNetwork, place: int, found: FollowedSizes) -> list[str]:
    """What the first fully connected layer behind a part is given, where nothing brings that to a size of its own."""
    if any(layer.kind == "dense" for layer in network.parts[place].layers):
        return []  # no maps go on from it
    for part in network.parts[place + 1 :]:
        layer = part.layers[0] if part.layers else None
        if layer is not None and layer.kind == "dense":
            side = found.sides[layer.step]
            if not side or layer.before != network.flow[layer.step].side:
                return []
            return [
                tr(
                    "The fully connected layer meets {sum} = {values} values.",
                    sum=_product(side, layer.inputs),
                    values=figure(side**2 * layer.inputs),
                )
            ]
        if network.flow[part.step].rule == "fixed":
            return []
    return []


def layer_in_words(layer: SizedLayer) -> str:
    """ "3×3 filters · 64 → 62 px"."""
    kernel, stride = layer.window.kernel, layer.window.stride
    values = {"side": f"{kernel}×{kernel}", "n": stride}
    match layer.kind:
        case "filter":
            text = tr("{side} filters", **values) if stride == 1 else tr("{side}, stride {n}", **values)
        case "up":
            text = tr("{side} up", **values)
        case "max":
            text = tr("Max pool {side}, stride {n}", **values)
        case "average":
            text = tr("Mean {side}, stride {n}", **values)
        case "dense":
            text = tr("All to all")
    return f"{text} · {layer.before} → {layer.after} px"


def _solved(layer: CalculatorLayer, backward: bool) -> CalculatorLayer:
    before, after, window = layer.before, layer.after, layer.window
    rest = (window.stride, window.padding, window.dilation)
    if layer.kind == "up":
        if backward:
            return replace(layer, kernel=transposed_kernel(before, after - layer.extra, *rest))
        return replace(layer, after=transposed_size(before, window.kernel, *rest) + layer.extra)
    if backward:
        return replace(layer, kernel=kernel_size(before, after, *rest))
    made = output_size(before, window.kernel, *rest)
    return replace(layer, after=made + bool(layer.ceil and layer.rest))


def output_in_words(layer: CalculatorLayer) -> str:
    """(32 − 5)/1 + 1 = 28, with padding and dilation where there are any, and the brackets of rounding where it is uneven; of a filter that
    enlarges (14 − 1)·2 + 2 = 28."""
    reach = str(layer.kernel) if layer.dilation == 1 else f"({layer.dilation}{_TIMES}({layer.kernel} {_MINUS} 1) + 1)"
    if layer.kind == "up":
        margin = f" {_MINUS} 2{_TIMES}{layer.padding}" if layer.padding else ""
        more = f" + {layer.extra}" if layer.extra else ""
        return f"({layer.before} {_MINUS} 1){_TIMES}{layer.stride} + {reach}{margin}{more} = {layer.after}"
    margin = f" + 2{_TIMES}{layer.padding}" if layer.padding else ""
    inner = f"({layer.before} {_MINUS} {reach}{margin})/{layer.stride}"
    if layer.rest:
        inner = f"⌈{inner}⌉" if layer.ceil else f"⌊{inner}⌋"
    return f"{inner} + 1 = {layer.after}"


def kernel_in_words(layer: CalculatorLayer) -> str:
    """K = 32 − (28 − 1)·1 = 5, with padding and dilation where there are any; of a filter that enlarges the other way round."""
    margin = f" + 2{_TIMES}{layer.padding}" if layer.padding else ""
    larger, smaller = (layer.after, layer.before) if layer.kind == "up" else (layer.before, layer.after)
    more = f" {_MINUS} {layer.extra}" if layer.extra else ""
    inner = f"{larger}{more}{margin} {_MINUS} ({smaller} {_MINUS} 1){_TIMES}{layer.stride}"
    if layer.dilation > 1:
        inner = f"({inner} {_MINUS} 1)/{layer.dilation} + 1"
    return f"K = {inner} = {layer.kernel} → {layer.kernel}×{layer.kernel}"


def _costs(layer: CalculatorLayer, image: int) -> list[str]:
    """What it holds, works and sees; `image` is the image's side, 0 where there is none."""
    lines = [tr("A pooling has no weights.")] if layer.pools else []
    if layer.inputs and not layer.pools:
        weights = conv_parameters(layer.inputs, layer.outputs, layer.kernel, bias=layer.bias)
        side = layer.before if layer.kind == "up" else layer.after  # each filter once at each of these places
        work = conv_multiply_adds(layer.inputs, layer.outputs, layer.kernel, (side, side))
        kernel = f"{layer.kernel}{_TIMES}{layer.kernel}"
        values = {"weights": figure(weights), "work": figure(work)}
        if layer.bias:
            sum = f"{layer.outputs}{_TIMES}({layer.inputs}{_TIMES}{kernel} + 1)"
            lines.append(tr("{sum} = {weights} weights with biases, {work} multiply-adds", sum=sum, **values))
        else:
            sum = f"{layer.outputs}{_TIMES}{layer.inputs}{_TIMES}{kernel}"
            lines.append(tr("{sum} = {weights} weights, without biases; {work} multiply-adds", sum=sum, **values))
    if layer.kind == "dense":
        return [*lines, tr("A fully connected layer is a filter that is as large as the maps.")]
    # of a filter that enlarges, so many values of the input reach one
    reach = math.ceil(layer.kernel / layer.stride) if layer.kind == "up" else layer.window.reach
    if not image or not layer.jump:
        return [*lines, tr("One value behind it sees {n}×{n} px of its input.", n=reach)]
    seen = layer.field + (reach - 1) * layer.jump
    if seen >= image:
        return [*lines, tr("One value behind it sees the whole image.")]
    return [*lines, tr("One value behind it sees {n}×{n} px of the image.", n=round(seen))]


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
