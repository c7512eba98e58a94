"""Inside a network that makes masks: drawn for the project's own images, with what each level holds, works, keeps and sees."""

from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QWidget

from app.services.jobs import JobHandle, Lane
from app.shell.context import AppContext
from app.shell.errors import user_message
from app.tabs.parts import training as words
from app.tabs.parts.looking import LookingDialog
from engine.catalog import find
from engine.config import Settings
from engine.network_options import UntrainedNetwork
from engine.progress import Progress, Work
from widgets.column_parts import fit_window, lay_out_dialog, scrolled
from widgets.controls import Button, Heading, PrimaryButton, Text, named
from widgets.figures import figure, shape
from widgets.layer_calculator import CalculatorPanel, DrawnNetwork
from widgets.level_drawing import LevelDrawing, filters_in_words, level_name, made_in_words
from widgets.network_costs import cost_lines, total_in_words
from widgets.panels import CollapsibleRow, Panel
from widgets.text import tip, tr

if TYPE_CHECKING:
    from engine.learning.levels import NetworkLevel, NetworkLevels

_SIDES_OF_A_BOX = 4
USUAL_SIDE = 256
"""px that a network is drawn for where nothing is chosen yet."""


@dataclass(frozen=True)
class NetworkQuestion:
    """Which network for which images: `classes` with the background, `size` px a side. A `bundle` is a model that answers all of it, but
    its size where it leaves images as they are; `run` is the number of the run that trained it. `neighbours`: the channels are a slice and
    those beside it."""

    arch: str
    encoder: str
    channels: int
    classes: int
    size: int
    options: Settings = field(default_factory=dict)
    bundle: Path | None = None
    run: int | None = None
    seed: int = 0
    neighbours: bool = False


class InsideNetworkDialog(QDialog):
    """Works the drawing out in the background, since that loads torch; closing it gives the work up."""

    def __init__(self, context: AppContext, question: NetworkQuestion, parent: QWidget | None) -> None:
        super().__init__(parent)
        title = tr("Inside {network}", network=words.network(question.arch))
        named(self, "inside_network", title)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context, self._question = context, question
        self._network: NetworkLevels | None = None
        self._drawn: DrawnNetwork | None = None
        self._title, self._total = Text(title, "title"), Text(tr("looking …"), "dim")
        self._total.setObjectName("inside_network.total")
        self._total.setWordWrap(True)
        self.drawing = LevelDrawing("inside_network.drawing")
        self._legend = Text("", "dim")
        self._legend.setObjectName("inside_network.legend")
        self._legend.setWordWrap(True)
        self._name, self._level = Heading(""), Text()
        self._level.setObjectName("inside_network.level")
        self._level.setWordWrap(True)
        self._lay_out()
        self.drawing.picked.connect(self._tell)
        self.calculator.sizes_changed.connect(self.drawing.show_sides)
        self.calculator.misfits_changed.connect(self.drawing.show_misfits)
        self._job: JobHandle = context.jobs.start(
            self,
            Lane.LEARNING,
            tr("Looking into {network}", network=words.network(question.arch)),
            partial(_looking, question),
            done=self._found,
            failed=self._failed,
            brief=True,
        )
        self.finished.connect(self._job.drop)

    def _lay_out(self) -> None:
        head = Panel()
        head.add(self._title, self._total)
        drawn = Panel()
        self.calculator = CalculatorPanel()
        drawn.add(self.drawing, self._legend)
        drawn.add(CollapsibleRow("inside_network.calculator", tr("Calculator"), self.calculator))
        drawn.body.addStretch(1)
        foot = Panel()
        foot.add(self._name, self._level)
        close = PrimaryButton("inside_network.close", tr("Close"))
        close.clicked.connect(self.accept)
        self._look = Button("inside_network.look", tr("Look inside…"), "eye", role="large")
        self._look.setToolTip(tip(tr("Filters, feature maps, residual blocks and batch normalisation at an image")))
        self._look.clicked.connect(self._look_inside)
        known = self._question.bundle is None or self._question.run is not None
        self._look.setVisible(known and bool(self._context.session.items()))
        lay_out_dialog(self, head, scrolled("inside_network.scroll", drawn), foot, self._look, close)
        fit_window(self, 680, 760)

    @Slot()
    def _look_inside(self) -> None:
        """At the open image, else at the first one."""
        session, asked = self._context.session, self._question
        item = session.current.item or next(iter(session.items()), None)
        if item is None:
            return
        subject: int | UntrainedNetwork = (
            asked.run
            if asked.run is not None
            else UntrainedNetwork(
                find(asked.arch).task,
                asked.arch,
                asked.encoder or find(asked.arch).default_encoder,
                asked.channels,
                classes=asked.classes - 1,
                size=asked.size,
                options=asked.options,
                seed=asked.seed,
                neighbours=asked.neighbours,
            )
        )
        LookingDialog(self._context, subject, words.network(asked.arch), item, parent=self).open()

    def _found(self, network: "NetworkLevels") -> None:
        self._network = network
        self._drawn = DrawnNetwork(
            network.levels,
            [level_name(each) for each in network.levels],
            network.flow,
            {(level.part, level.depth): place for place, level in enumerate(network.levels)},
            network.mask[-1],
        )
        self.drawing.show_network(network)
        self.drawing.setFocus()
        image = shape(network.image)
        if network.neighbours:
            image = tr("{shape}: a slice and the two beside it", shape=image)
        self._total.setText(total_in_words(network.parameters, network.multiply_adds, network.activations, image))
        self._legend.setText(_legend(network))
        self._tell(0)

    def _failed(self, fault: BaseException) -> None:
        self._total.setText(user_message(fault)[0])
        self._total.set_role("bad")

    @Slot(int)
    def _tell(self, place: int) -> None:
        if self._network is None or self._drawn is None:
            return
        level = self._network.levels[place]
        self._name.setText(f"{level_name(level)} · {made_in_words(level)}")
        lines = [
            filters_in_words(level),
            *cost_lines(level, self._network.activations, level.regions),
            *(_deciding(level) if level.part == "head" else _crossing(self._network, level)),
        ]
        self._level.setText("\n".join(lines))
        self.calculator.show_part(self._drawn, place)


def _legend(network: "NetworkLevels") -> str:
    ways = {skip.joined for skip in network.skips}
    regions = any(level.regions for level in network.levels)
    said = {
        "concatenated": tr("solid arc: the encoder's maps are put beside the decoder's"),
        "added": tr("dashed arc: the encoder's maps are added to the decoder's"),
        "indices": tr("dotted arc: only the places of the maxima are handed over"),
    }
    lines = [said[way] for way in said if way in ways] or [
        tr("no skip connections: all goes through the deepest level")
    ]
    if regions:
        lines.append(tr("multiply-adds with as many regions and objects as there may be"))
    return " · ".join([*lines, tr("number: weights, bar: memory of the level's maps")])


def _crossing(network: "NetworkLevels", level: "NetworkLevel") -> list[str]:
    """What skips past from this level, or arrives in it."""
    depth = "start" if level.part == "encoder" else "end"
    skips = [skip for skip in network.skips if getattr(skip, depth) == level.depth]
    if not skips:
        return []
    if any(skip.joined == "indices" for skip in skips):
        return [
            tr("Hands the places of its maxima to the decoder.")
            if level.part == "encoder"
            else tr("Puts each value back where the encoder's maximum was, zeros elsewhere.")
        ]
    count = figure(level.output[0])
    if level.part == "encoder":
        return [tr("Its {count} maps skip past all that lies deeper, to the decoder.", count=count)]
    return [tr("Takes up the fine maps of the encoder, which the deeper levels have lost.")]


def _deciding(level: "NetworkLevel") -> list[str]:
    """What a head makes of the maps of the decoder."""
    count, side = figure(level.regions), level.output[-1]
    said = (
        tr(
            "Asks at every place of the decoder's maps, here {n} × {n}: is an object there, and by how much does its box differ from {count} anchors?",
            n=side,
            count=level.output[0] // _SIDES_OF_A_BOX,
        ),
        tr(
            "Cuts up to {count} likely boxes out of the maps, brings each to {n} × {n}, and says its class and its exact box.",
            count=count,
            n=side,
        ),
        tr(
            "Cuts up to {count} objects out of the maps, and draws a mask of {n} × {n} px in each.",
            count=count,
            n=side,
        ),
    )
    return [said[level.depth]]


def _looking(question: NetworkQuestion) -> "Work[NetworkLevels]":
    yield Progress(0, 0, "")
    from engine.learning.bundle import read_card
    from engine.learning.levels import levels

    if question.bundle is not None:
        card = read_card(question.bundle)
        size = card.patch or card.size or question.size
        drawn = levels(card.arch, card.channels, card.outputs, size, encoder=card.encoder, options=card.options)
        return replace(drawn, neighbours=card.neighbours)
    encoder = question.encoder or find(question.arch).default_encoder
    drawn = levels(
        question.arch, question.channels, question.classes, question.size, encoder=encoder, options=question.options
    )
    return replace(drawn, neighbours=question.neighbours)
