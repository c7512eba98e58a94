"""The right column of Classify: how the chosen network is built, and why its maps are as large as they are."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.services.jobs import JobHandle, Lane
from app.shell import settings
from app.shell.context import AppContext
from app.tabs.classify.gradients import GradientsDialog
from app.tabs.parts.looking import LookingDialog
from engine.catalog import find
from engine.network_options import UntrainedNetwork
from engine.progress import Notice, Progress, Work
from engine.project.runs import Run
from widgets import network_names
from widgets.column_parts import HeaderBar, scrolled, stacked
from widgets.controls import Button, Heading, Separator, Text
from widgets.figures import shape, weight_count
from widgets.layer_calculator import CalculatorPanel
from widgets.network_drawing import NetworkDrawing
from widgets.panels import PAD, CollapsibleRow, Panel
from widgets.text import tip, tr

if TYPE_CHECKING:
    from pathlib import Path

    from engine.learning.stages import NetworkStage

_CALCULATOR = "classify.calculator"
_MINUS, _TIMES = "\N{MINUS SIGN}", "\N{MIDDLE DOT}"


@dataclass(frozen=True)
class NetworkSummary:
    """A network as it is built for the project's images."""

    arch: str
    stages: "tuple[NetworkStage, ...]"
    note: Notice | None  # what its input does to the images

    @property
    def parameters(self) -> int:
        return sum(stage.parameters for stage in self.stages)


class InsidePanel(QFrame):
    """`show_network` looks into a network in the background, once for each; a run's network as it was trained."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._known: dict[tuple[str, str], NetworkSummary] = {}
        self._wanted: tuple[str, str] = ("", "")
        self._run: Run | None = None  # where the network that is shown is trained
        self._job: JobHandle | None = None
        self._heading = Heading("")
        self._total = Text("", "dim")
        self._total.setObjectName("classify.total")
        band = HeaderBar("", self._total)
        band.row.insertWidget(0, self._heading)
        self.drawing = NetworkDrawing("classify.drawing")
        self._legend = Text(tr("Arcs: skips · dashed: through a 1×1 filter"), "dim")
        self._note = Text("", "dim")
        for text in (self._legend, self._note):
            text.setWordWrap(True)
            text.hide()
        drawn = Panel()
        drawn.add(self.drawing, self._legend, self._note)
        drawn.body.addStretch(1)
        self._why = Heading("")
        self._sum = Text("", "text")
        self._sum.setObjectName("classify.sum")
        self._rule = Text("", "dim")
        for text in (self._sum, self._rule):
            text.setWordWrap(True)
        self.calculator = CalculatorPanel()
        is_open = settings.ui_state(_CALCULATOR) == "open"
        self._reckoner = CollapsibleRow("classify.calculator", tr("Calculator"), self.calculator, is_open=is_open)
        foot = Panel()
        foot.body.setContentsMargins(PAD, 6, PAD, 4)
        foot.add(self._why, self._sum, self._rule, self._reckoner)
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

    def show_network(self, arch: str, run: Run | None = None) -> None:
        """Show that architecture as it would be built for the project's images, or a run's as it was trained."""
        key = arch, str(run.bundle) if run is not None and run.bundle.exists() else ""
        if key == self._wanted:
            return
        self._wanted, self._run = key, run if key[1] else None
        self._heading.setText(tr("Inside {network}", network=network_names.short(arch)))
        self._drop_job()
        self._let_look(key in self._known)
        if key in self._known:
            self._show(self._known[key])
            return
        self._total.setText(tr("looking …"))
        height, width, channels = self._images()
        classes, bundle = max(len(self._context.session.classes), 2), run.bundle if key[1] and run is not None else None
        self._job = self._context.jobs.start(
            self,
            Lane.LEARNING,
            tr("Looking into {network}", network=network_names.title(arch)),
            lambda: _looking(key, height, width, channels, classes, bundle),
            done=self._found,
            failed=self._not_found,
            brief=True,
        )

    def _images(self) -> tuple[int, int, int]:
        """Height, width and channels that most of the project's images have."""
        items = self._context.session.items()
        if not items:
            return 224, 224, 3
        shapes = sorted(item.shape[1:] for item in items)
        height, width = shapes[len(shapes) // 2]
        return height, width, 3 if any(item.color for item in items) else 1

    def _found(self, found: tuple[tuple[str, str], NetworkSummary]) -> None:
        key, anatomy = found
        self._known[key] = anatomy
        self._show(anatomy)

    def _not_found(self, fault: BaseException) -> None:
        self._wanted = ("", "")
        self._total.setText("")
        self._context.session.failed.emit(fault)

    def _let_look(self, known: bool) -> None:
        """Nothing can be looked into before it is known how it is built."""
        self._look.setEnabled(known)
        usual = tr("Filters, feature maps, residual blocks and batch normalisation at an image")
        self._look.setToolTip(tip(usual if known else tr("looking …")))

    def _show(self, anatomy: NetworkSummary) -> None:
        self._let_look(True)
        self.drawing.show_stages(anatomy.stages)
        classes = len(self._context.session.classes)
        self._total.setText(weight_count(anatomy.parameters))
        self._total.setToolTip(tr("Weights, as it is built for these images and {n} classes", n=classes))
        self._legend.setVisible(any(stage.kind == "blocks" for stage in anatomy.stages))
        note = anatomy.note
        self._note.setText(
            tr(note.message, **note.values | {"arch": network_names.short(anatomy.arch)}) if note else ""
        )
        self._note.setVisible(note is not None)
        self._reckon(self.drawing.current)

    @Slot(int)
    def _reckon(self, place: int) -> None:
        """The lecture's arithmetic: 28 = (32 - 5) / 1 + 1."""
        anatomy = self._known.get(self._wanted)
        if anatomy is None:
            return
        stage = anatomy.stages[place]
        self.calculator.show_stages(anatomy.stages, place, self.drawing.names)
        self._choose_words()
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
        """The open calculator reckons what stands here otherwise, and needs the room; of a stage without a kernel it says nothing."""
        anatomy = self._known.get(self._wanted)
        kernel = anatomy is not None and anatomy.stages[self.drawing.current].kernel
        for text in (self._why, self._sum, self._rule):
            text.setVisible(not (self._reckoner.is_open() and kernel))

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
        session, anatomy = self._context.session, self._known.get(self._wanted)
        item = session.current.item or next(iter(session.items()), None)
        if anatomy is None or item is None:
            return
        channels, size, _ = anatomy.stages[0].output
        subject: int | UntrainedNetwork = (
            self._run.id
            if self._run is not None
            else UntrainedNetwork("classification", anatomy.arch, "", channels, max(len(session.classes), 2), size)
        )
        name = network_names.short(anatomy.arch)
        LookingDialog(self._context, subject, name, item, parent=self.window()).open()

    @Slot()
    def _forget(self) -> None:
        self._drop_job()
        self._known.clear()
        self._wanted = ("", "")

    def _drop_job(self) -> None:
        if self._job is not None:
            self._job.drop()
            self._job = None


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


def _looking(
    key: tuple[str, str], height: int, width: int, channels: int, classes: int, bundle: "Path | None"
) -> Work[tuple[tuple[str, str], NetworkSummary]]:
    yield Progress(0, 0, "")
    from engine.learning.bundle import read_card
    from engine.learning.models import fit_input
    from engine.learning.stages import stages

    arch = find(key[0], "classification").name
    plan = fit_input(arch, height, width, channels)
    size = plan.size
    if bundle is not None:
        card = read_card(bundle)
        size, channels, classes = card.size, card.channels, card.outputs
        plan = fit_input(arch, height, width, channels, size)
    return key, NetworkSummary(arch, stages(arch, channels, classes, size), plan.note)
