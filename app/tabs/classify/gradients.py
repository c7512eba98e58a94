"""The laboratory of vanishing gradients: four deep networks trained in turn on the project's images, seen live."""

import math
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QSpinBox, QWidget

from app.services.jobs import JobHandle, Lane
from app.shell.context import AppContext
from app.shell.errors import user_message
from app.shell.i18n import translate_notice
from engine.learning.vanishing import CANDIDATES, DEPTHS, LEAST, GradientStep, GradientTrial, findings, trial_of
from engine.progress import Notice, Progress, Work
from engine.words import translatable
from widgets import network_names
from widgets.column_parts import fit_window, lay_out_dialog, scrolled
from widgets.controls import Button, Choice, PrimaryButton, Segmented, Text, named
from widgets.icons import set_icon
from widgets.panels import Panel
from widgets.plots import CurvePlot
from widgets.text import tr

_COLORS = {"sigmoid": "#D55E00", "relu": "#E69F00", "norm": "#56B4E9", "residual": "#009E73"}
_RECENT = 10  # steps whose mean is drawn
_SMOOTH = 0.1  # of a loss's curve, the share of each new step


class GradientsDialog(QDialog):
    """Starts and stops the training; closing it gives the work up."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = tr("The vanishing gradient")
        named(self, "gradients", title)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._job: JobHandle | None = None
        self._running_depth = DEPTHS[-1]
        self._recent: list[GradientStep] = []
        self._steps_of: dict[str, list[GradientStep]] = {}
        self._loss = 0.0  # smoothed
        self._title = Text(title, "title")
        self._about = Text(_about(), "dim")
        self.layers = Segmented(
            "gradients.layers",
            tr("Layers"),
            [Choice(str(each), tr("{count} layers", count=each)) for each in DEPTHS],
            str(DEPTHS[-1]),
        )
        self.seconds, self.steps = QSpinBox(), QSpinBox()
        for spin, name, word, high, value, suffix in (
            (self.seconds, "seconds", tr("Time for each network"), 3600, 60, " s"),
            (self.steps, "steps", tr("Steps for each network"), 100_000, 0, ""),
        ):
            named(spin, f"gradients.{name}", word)
            spin.setRange(0, high)
            spin.setValue(value)
            spin.setSuffix(suffix)
            spin.setToolTip(word)
        self.seconds.setMinimum(1)
        self.steps.setSpecialValueText(tr("any"))
        self._start = PrimaryButton("gradients.start", tr("Start"), "play")
        self.norms = CurvePlot(
            "gradients.norms",
            tr("Gradient at each layer, from the image on (log scale)"),
            across=(tr("layer"), translatable("Layer {epoch}")),
            powers=True,
        )
        self.losses = CurvePlot(
            "gradients.losses", tr("Loss"), bottom=0.0, across=(tr("step"), translatable("Step {epoch}"))
        )
        self._state, self._found = Text("", "dim"), Text()
        for text, name in ((self._about, "about"), (self._state, "state"), (self._found, "found")):
            text.setObjectName(f"gradients.{name}")
            text.setWordWrap(True)
        self._found.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lay_out()
        self._start.clicked.connect(self._turn)
        self.finished.connect(self._drop)
        context.session.project_changed.connect(self.reject)

    def _lay_out(self) -> None:
        head = Panel()
        head.add(self._title, self._about)
        row = head.add_row(
            self.layers, Text(tr("for each"), "dim"), self.seconds, Text(tr("or steps"), "dim"), self.steps, self._start
        )
        row.addStretch(1)
        head.add(self._state)
        drawn = Panel()
        drawn.body.addWidget(self.norms, 3)
        drawn.body.addWidget(self.losses, 2)
        foot = Panel()
        foot.add(self._found)
        foot.body.addStretch(1)
        words = scrolled("gradients.words", foot, read=True)
        words.setMinimumHeight(104)
        close = Button("gradients.close", tr("Close"), role="large")
        close.clicked.connect(self.accept)
        lay_out_dialog(self, head, drawn, words, close)
        fit_window(self, 1000, 780)

    @property
    def running(self) -> bool:
        return self._job is not None and self._job.active

    @Slot()
    def _turn(self) -> None:
        """Start, or stop with what was seen so far."""
        if self._job is not None and self._job.active:
            self._job.cancel()
            return
        project = self._context.session.project
        if project is None:
            return
        for plot in (self.norms, self.losses):
            plot.clear()
            for name, candidate in CANDIDATES.items():
                plot.set_line(name, _COLORS[name], tr(candidate.title))
        self._recent, self._steps_of = [], {}
        self._found.setText("")
        self._state.set_role("dim")
        self._state.setText(tr("reading the images …"))
        depth, seconds, steps = int(self.layers.current()), float(self.seconds.value()), self.steps.value()
        self._running_depth = depth
        self._job = self._context.jobs.start(
            self,
            Lane.LEARNING,
            self.windowTitle(),
            partial(_comparing, project.path, depth, seconds, steps),
            done=self._done,
            failed=self._failed,
            reported=self._reported,
            cancelled=self._stopped,
        )
        if self._context.jobs.running(Lane.LEARNING) is not self._job:
            self._state.setText(tr("waiting for what trains now …"))
        self._show_start()

    def _show_start(self) -> None:
        self._start.setText(tr("Stop") if self.running else tr("Start"))
        set_icon(self._start, "stop" if self.running else "play", "on_accent")
        for part in (self.layers, self.seconds, self.steps):
            part.setEnabled(not self.running)

    @Slot()
    def _drop(self) -> None:
        if self._job is not None:
            self._job.drop()
            self._job = None

    # What is seen --------------------------------------------------------------------------------------------------------

    def _reported(self, event: object) -> None:
        if isinstance(event, GradientStep):
            self._step(event)
        elif isinstance(event, Notice):
            named_well = {"arch": network_names.short(str(event.values["arch"]))} if "arch" in event.values else {}
            note = translate_notice(Notice(event.message, event.values | named_well))
            self._about.setText(f"{_about()} {note}")

    def _step(self, event: GradientStep) -> None:
        if event.step == 1:
            self._recent = []
            self._loss = event.loss
        self._recent = [*self._recent[1 - _RECENT :], event]
        self._loss += _SMOOTH * (event.loss - self._loss)
        self._steps_of.setdefault(event.candidate, []).append(event)
        means = trial_of(self._recent, 0.0).norms
        logs = [math.log10(max(norm, LEAST)) for norm in means]
        self.norms.set_points(event.candidate, list(range(1, len(logs) + 1)), logs)
        self.losses.add_point(event.candidate, event.step, self._loss)
        place = list(CANDIDATES).index(event.candidate) + 1
        self._state.setText(
            tr(
                "{number} of {count}: {name}, step {step}",
                number=place,
                count=len(CANDIDATES),
                name=tr(CANDIDATES[event.candidate].title),
                step=event.step,
            )
        )

    def _done(self, found: dict[str, GradientTrial]) -> None:
        self._state.setText("")
        self._tell(found)

    def _stopped(self) -> None:
        """What was seen until then counts all the same."""
        self._state.setText(tr("Stopped."))
        self._tell({name: trial_of(steps, 0.0) for name, steps in self._steps_of.items()})

    def _failed(self, fault: BaseException) -> None:
        self._state.setText(" ".join(user_message(fault)))
        self._state.set_role("bad")
        self._show_start()

    def _tell(self, found: dict[str, GradientTrial]) -> None:
        self._found.setText("\n".join(translate_notice(each) for each in findings(found, self._running_depth)))
        self._show_start()


def _about() -> str:
    lines = [
        tr(
            "Trains four deep networks in turn on this project's images, from the same batches, and shows how much of the gradient reaches each layer."
        ),
        tr(
            "By the chain rule the first layer's gradient is a product with a factor for each layer behind it, and the sigmoid's derivative is at most 1/4: with 20 of them at most 1/4²⁰, about 10⁻¹², is left, times what the weights make of it."
        ),
        tr(
            "ReLU's derivative is 1 above 0, batch normalisation keeps values where derivatives are not small, and a skip, F(x) + x, adds 1 to each block's factor."
        ),
    ]
    return " ".join(lines)


def _comparing(folder: Path, depth: int, seconds: float, steps: int) -> "Work[dict[str, GradientTrial]]":
    yield Progress(0, 0, "")
    from engine.learning.gradients import compare_gradients

    return (yield from compare_gradients(folder, depth, seconds=seconds, steps=steps))
