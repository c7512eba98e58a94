"""What Auto would make of the next run: asked again where something changed, and no mask read twice for it."""

from pathlib import Path

import nibabel
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.services.plan_ahead import PlanAhead
from app.shell.context import AppContext
from engine.augment.row import TransformSetting
from engine.augment.transforms import AugmentConfig
from engine.config import TrainConfig
from engine.labels.classes import parse_classes
from engine.progress import result_of
from engine.project.checks import MaskValues
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project

QUICK = TrainConfig(arch="unet", encoder="resnet18", weights="none", epochs=1, size=32, batch=2, preset="none")


class Bench:
    """Somebody looks at the plan of the small project; `read` are the items whose masks were read for it since it was last asked."""

    def __init__(self, qtbot: QtBot, context: AppContext, project: Path) -> None:
        self.qtbot, self.context, self.session = qtbot, context, context.session
        self.ahead = PlanAhead(context.session, context.jobs, context.trainings, context.commands)
        self.read: set[int] = set()
        context.jobs.reported.connect(self._reported)
        context.session.open_project(project)
        qtbot.waitUntil(lambda: self.session.current.image is not None)
        context.trainings.recipe.change(QUICK)
        self.ahead.want(True)

    def _reported(self, job: object, event: object) -> None:
        if isinstance(event, MaskValues):
            self.read |= event.values.keys()

    def until_open(self, id: int) -> None:
        current = self.session.current
        self.qtbot.waitUntil(lambda: current.item is not None and current.item.id == id and not current.loading)

    def answer(self) -> set[int]:
        """Until the plan is there; the items whose masks were read for it come back."""
        self.qtbot.waitUntil(lambda: self.ahead.config is not None and not self.context.jobs.busy)
        read, self.read = self.read, set()
        return read

    def train(self) -> set[int]:
        return {item.id for item in self.session.items() if item.split == "train"}


@pytest.fixture
def bench(qtbot: QtBot, context: AppContext, project: Path) -> Bench:
    return Bench(qtbot, context, project)


def test_another_setting_reads_no_mask_again(bench: Bench) -> None:
    assert bench.answer() == bench.train() and not bench.ahead.not_learnt
    bench.context.trainings.recipe.change(TrainConfig(**{**vars(QUICK), "size": 48}))
    assert bench.ahead.config is None
    assert bench.answer() == set() and bench.ahead.config is not None and bench.ahead.config.size == 48
    first = min(bench.train())
    bench.session.assignments.set_splits({first: ""})
    assert bench.answer() == bench.train(), "items are others: all is read"


@pytest.mark.parametrize(("flip", "told"), [("flip_horizontal", False), ("flip_vertical", True)])
def test_what_is_said_of_sides_follows_how_left_and_right_lie(
    qtbot: QtBot, context: AppContext, tmp_path: Path, flip: str, told: bool
) -> None:
    """Volumes whose rows run from side to side: before somebody looked nothing is said of them, then what a training will say."""
    values = np.arange(40 * 40 * 2, dtype=np.int16).reshape(40, 40, 2)
    for folder, pixels in (("images", values), ("masks", (values > 1500).astype(np.uint8))):
        (tmp_path / folder).mkdir()
        nibabel.save(nibabel.Nifti1Image(pixels, np.eye(4)[[1, 0, 2, 3]]), tmp_path / folder / "a.nii.gz")
    with Project.create(tmp_path / "sides.contorno", "multiclass", parse_classes("lung_l,lung_r")) as made:
        result_of(import_images(made, ImportPlan((tmp_path / "images",), tmp_path / "masks")))
        made.items.set_splits({1: "train"})
    bench = Bench(qtbot, context, tmp_path / "sides.contorno")
    recipe = context.trainings.recipe
    recipe.use_augmentation(AugmentConfig({flip: TransformSetting(True, 1.0, 0, 0)}))
    assert not recipe.notices
    bench.answer()
    assert ["exchange their names" in notice.text for notice in recipe.notices] == [True] * told
    bench.session.assignments.set_splits({1: "val"})
    assert recipe.side_axes is None and not recipe.notices, "it was of other items"


def test_what_was_painted_is_read_again_and_what_it_no_longer_teaches_is_said(bench: Bench) -> None:
    bench.answer()
    current = bench.session.current
    for id in sorted(bench.train()):
        current.open(id)
        bench.until_open(id)
        assert current.mask is not None
        labels = np.where(current.mask.labels == 2, 1, current.mask.labels).astype(np.uint8)
        with bench.qtbot.waitSignal(current.edited):
            current.replace_mask("no square", labels)
        assert bench.ahead.config is None
        assert bench.answer() == {id}
    (notice,) = bench.ahead.not_learnt
    assert notice.values["names"] == "square"
