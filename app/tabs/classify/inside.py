"""The right column of Classify: how the chosen network is built, and why its maps are as large as they are."""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.services.jobs import JobHandle, Lane
from app.shell import settings
from app.shell.context import AppContext
from app.tabs.classify.gradients import GradientsDialog
from app.tabs.parts.looking import LookingDialog
from engine.catalog import all_options, find
from engine.config import Settings, TrainConfig
from engine.errors import EngineError
from engine.network_options import UntrainedNetwork
from engine.progress import Notice, Progress, Work
from engine.project.runs import Run
from widgets import network_names
from widgets.column_parts import HeaderBar, scrolled, stacked
from widgets.controls import Button, Heading, Separator, Text
from widgets.figures import shape, weight_count
from widgets.layer_calculator import CalculatorPanel, DrawnNetwork
from widgets.network_costs import cost_lines, total_in_words
from widgets.network_drawing import NetworkDrawing
from widgets.panels import PAD, CollapsibleRow, Panel
from widgets.text import tip, tr

if TYPE_CHECKING:
    from engine.learning.stages import NetworkStage, NetworkStages

_CALCULATOR = "classify.calculator"
_MINUS, _TIMES = "\N{MINUS SIGN}", "\N{MIDDLE DOT}"


@dataclass(frozen=True)
class StagesQuestion:
    """Which network for which images: of `height` x `width` px with `channels` channels, in `classes` classes. `size` is what they are
    brought to, 0 where nothing is chosen, `options` are the network's own, by name. A `bundle` answers all of it as it was trained."""

    arch: str
    height: int
    width: int
    channels: int
    classes: int
    size: int = 0
    options: tuple[tuple[str, bool | int | float | str], ...] = ()
    bundle: Path | None = None
    seed: int = field(default=0, compare=False)  # draws the first weights, and changes no drawing


@dataclass(frozen=True)
class NetworkSummary:
    """A network as it is built for the project's images, or as a run's card says that it was."""

    arch: str
    classes: int
    options: Settings
    network: "NetworkStages"
    note: Notice | None  # what its input does to the images

    @property
    def stages(self) -> "tuple[NetworkStage, ...]":
        return self.network.stages


class InsidePanel(QFrame):
    """`show_network` looks into a network in the background, once for each way to build it; a run's network as it was trained."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._known: dict[StagesQuestion, NetworkSummary] = {}
        self._wanted: StagesQuestion | None = None
        self._drawn: DrawnNetwork | None = None
        self._run: Run | None = None  # where the network that is shown is trained
        self._job: JobHandle | None = None
        self._heading = Heading("")
        self._total = Text("", "dim")
        self._total.setObjectName("classify.total")
        band = HeaderBar("", self._total)
        band.row.insertWidget(0, self._heading)
        self.drawing = NetworkDrawing("classify.drawing")
        self._cost = Text("", "dim")
        self._cost.setObjectName("classify.cost")
        self._legend = Text("", "dim")
        self._note = Text("", "dim")
        for text in (self._cost, self._legend, self._note):
            text.setWordWrap(True)
            text.hide()
        drawn = Panel()
        drawn.add(self._cost, self.drawing, self._legend, self._note)
        drawn.body.addStretch(1)
        self._why = Heading("")
        self._sum = Text("", "text")
        self._sum.setObjectName("classify.sum")
        self._rule, self._costs = Text("", "dim"), Text("", "dim")
        self._costs.setObjectName("classify.costs")
        for text in (self._sum, self._rule, self._costs):
            text.setWordWrap(True)
        self.calculator = CalculatorPanel()
        is_open = settings.ui_state(_CALCULATOR) == "open"
        self._reckoner = CollapsibleRow("classify.calculator", tr("Calculator"), self.calculator, is_open=is_open)
        foot = Panel()
        foot.body.setContentsMargins(PAD, 6, PAD, 4)
        foot.add(self._why, self._sum, self._rule, self._costs, self._reckoner)
        looks = Panel()
        looks.body.setContentsMargins(PAD, 6, PAD, 0)
        self._look = Button("classify.look_inside", tr("Look inside…"), "eye")
        self._let_look(False)
        self._gradients = Button("classify.gradients", tr("Gradients…"), "chart")
        self._gradients.setToolTip(
            tip(tr("The vanishing gradient: trains deep networks in turn and shows what of it reaches each layer"))
        )
        looks.add_row(self._look, self._gradients).addStretch(1)
        frame = stacked(band, looks, area := scrolled("classify.inside", drawn), Separator(), foot, grows=area)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(frame)
        self.drawing.picked.connect(self._reckon)
        self.calculator.sizes_changed.connect(self.drawing.show_sides)
        self._reckoner.toggled.connect(self._open_calculator)
        self._look.clicked.connect(self._look_inside)
        self._gradients.clicked.connect(self._open_gradients)
        self._open_calculator(is_open)
        context.session.project_changed.connect(self._forget)

    def show_network(self, arch: str, run: Run | None = None, learning: TrainConfig | None = None) -> None:
        """Show that architecture as it would be built for the project's images where it learns as `learning` says, or a run's as it was
        trained."""
        trained = run if run is not None and run.bundle.exists() else None
        question = self._question(arch, trained, learning or TrainConfig())
        same = question == self._wanted
        self._wanted, self._run = question, trained
        if same:
            return
        self._heading.setText(tr("Inside {network}", network=network_names.short(arch)))
        self._drop_job()
        known = self._known.get(question)
        self._let_look(known is not None)
        if known is not None:
            self._show(known)
            return
        self._total.setText(tr("looking …"))
        self._job = self._context.jobs.start(
            self,
            Lane.LEARNING,
            tr("Looking into {network}", network=network_names.title(arch)),
            partial(_looking, question),
            done=self._found,
            failed=self._not_found,
            brief=True,
        )

    def _question(self, arch: str, run: Run | None, learning: TrainConfig) -> StagesQuestion:
        images, classes = self._images(), max(len(self._context.session.classes), 2)
        if run is not None:
            return StagesQuestion(arch, *images, classes, bundle=run.bundle)
        try:
            options = tuple(all_options(arch, learning.options).items())
        except EngineError:  # one that is half typed: as it was drawn before
            last = self._wanted
            options = last.options if last is not None and last.arch == arch else tuple(all_options(arch).items())
        return StagesQuestion(arch, *images, classes, learning.size, options, seed=learning.seed)

    def _images(self) -> tuple[int, int, int]:
        """Height, width and channels that most of the project's images have."""
        items = self._context.session.items()
        if not items:
            return 224, 224, 3
        shapes = sorted(item.shape[1:] for item in items)
        height, width = shapes[len(shapes) // 2]
        return height, width, 3 if any(item.color for item in items) else 1

    def _found(self, found: tuple[StagesQuestion, NetworkSummary]) -> None:
        question, anatomy = found
        self._known[question] = anatomy
        self._show(anatomy)

    def _not_found(self, fault: BaseException) -> None:
        self._wanted = None
        self._total.setText("")
        self._context.session.failed.emit(fault)

    @property
    def _anatomy(self) -> NetworkSummary | None:
        """What is drawn; None while it is looked into."""
        return self._known.get(self._wanted) if self._wanted is not None else None

    def _let_look(self, known: bool) -> None:
        """Nothing can be looked into before it is known how it is built."""
        self._look.setEnabled(known)
        usual = tr("Filters, feature maps, residual blocks and batch normalisation at an image")
        self._look.setToolTip(tip(usual if known else tr("looking …")))

    def _show(self, anatomy: NetworkSummary) -> None:
        self._let_look(True)
        self.drawing.show_stages(anatomy.stages)
        self._legend.setText(_legend(anatomy.stages))
        self._heading.setText(tr("Inside {network}", network=network_names.short(anatomy.arch)))
        self._total.setText(weight_count(anatomy.network.parameters))
        network = anatomy.network
        self._cost.setText(
            total_in_words(
                network.parameters, network.multiply_adds, network.activations, shape(network.stages[0].output)
            )
        )
        self._cost.show()
        places = {("stage", place): place for place in range(len(network.stages))}
        self._drawn = DrawnNetwork(network.stages, self.drawing.names, network.flow, places)
        self._total.setToolTip(tr("Weights, as it is built for these images and {n} classes", n=anatomy.classes))
        self._legend.show()
        note = anatomy.note
        self._note.setText(
            tr(note.message, **note.values | {"arch": network_names.short(anatomy.arch)}) if note else ""
        )
        self._note.setVisible(note is not None)
        self._reckon(self.drawing.current)

    @Slot(int)
    def _reckon(self, place: int) -> None:
        """The lecture's arithmetic: 28 = (32 - 5) / 1 + 1."""
        anatomy = self._anatomy
        if anatomy is None or self._drawn is None:
            return
        stage = anatomy.stages[place]
        self.calculator.show_part(self._drawn, place)
        self._choose_words()
        self._costs.setText("\n".join(cost_lines(stage, anatomy.network.activations) if place else []))
        if not stage.kernel:
            sizes = {
                "image": tr("The images are brought to this size."),
                "global": tr("The mean of each map: one number a map."),
                "dense": tr("Every unit sees every value before it; the last layer has a unit a class."),
            }
            self._why.setText(shape(stage.output))
            self._sum.setText(sizes.get(stage.kind, ""))
            self._rule.setText("")
            return
        self._why.setText(tr("Why {side}", side=stage.after))
        self._sum.setText(arithmetic(stage))
        self._rule.setText(_rule(stage))

    def _choose_words(self) -> None:
        """The open calculator reckons what stands here otherwise, and needs the room."""
        for text in (self._why, self._sum, self._rule, self._costs):
            text.setVisible(not self._reckoner.is_open())

    @Slot(bool)
    def _open_calculator(self, is_open: bool) -> None:
        self._choose_words()
        settings.set_ui_state(_CALCULATOR, "open" if is_open else "")

    @Slot()
    def _open_gradients(self) -> None:
        if self._context.session.project is not None:
            GradientsDialog(self._context, self.window()).open()

    @Slot()
    def _look_inside(self) -> None:
        """At the open image, else at the first one."""
        session, wanted, anatomy = self._context.session, self._wanted, self._anatomy
        item = session.current.item or next(iter(session.items()), None)
        if wanted is None or anatomy is None or item is None:
            return
        channels, size, _ = anatomy.stages[0].output
        subject: int | UntrainedNetwork = (
            self._run.id
            if self._run is not None
            else UntrainedNetwork(
                "classification",
                anatomy.arch,
                "",
                channels,
                anatomy.classes,
                size,
                anatomy.options,
                wanted.seed,
            )
        )
        name = network_names.short(anatomy.arch)
        LookingDialog(self._context, subject, name, item, parent=self.window()).open()

    @Slot()
    def _forget(self) -> None:
        self._drop_job()
        self._known.clear()
        self._wanted = None

    def _drop_job(self) -> None:
        if self._job is not None:
            self._job.drop()
            self._job = None


def _legend(stages: "tuple[NetworkStage, ...]") -> str:
    lines = [tr("number: weights, bar: memory of the maps")]
    if any(stage.kind == "blocks" for stage in stages):
        lines.insert(0, tr("Arcs: skips · dashed: through a 1×1 filter"))
    return " · ".join(lines)


def arithmetic(stage: "NetworkStage") -> str:
    """(32 − 5)/1 + 1 = 28, with the margin where there is one and the brackets of rounding down where it does not come out even."""
    margin = f" + 2{_TIMES}{stage.padding}" if stage.padding else ""
    inner = f"({stage.before} {_MINUS} {stage.kernel}{margin})/{stage.stride}"
    uneven = (stage.before + 2 * stage.padding - stage.kernel) % stage.stride
    if uneven:
        inner = f"⌊{inner}⌋"
    return f"{inner} + 1 = {stage.after}"


def _rule(stage: "NetworkStage") -> str:
    rule = tr("(image − filter + 2·margin)/stride + 1") if stage.padding else tr("(image − filter)/stride + 1")
    uneven = (stage.before + 2 * stage.padding - stage.kernel) % stage.stride
    return rule + ", " + tr("rounded down") if uneven else rule


def _looking(question: StagesQuestion) -> Work[tuple[StagesQuestion, NetworkSummary]]:
    yield Progress(0, 0, "")
    from engine.learning.bundle import read_card
    from engine.learning.models import fit_input
    from engine.learning.stages import stages

    arch, options = find(question.arch, "classification").name, dict(question.options)
    channels, classes, size = question.channels, question.classes, question.size
    if question.bundle is not None:
        card = read_card(question.bundle)
        arch, options = card.arch, card.options
        channels, classes, size = card.channels, card.outputs, card.size
    plan = fit_input(arch, question.height, question.width, channels, size)
    made = stages(arch, channels, classes, size if question.bundle is not None else plan.size, options)
    return question, NetworkSummary(arch, classes, options, made, plan.note)
