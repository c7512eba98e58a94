"""The settings of the next run are kept with the project."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.services.recipe import Recipe
from app.shell.context import AppContext
from engine.errors import EngineError
from engine.labels.classes import parse_classes
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project


def test_what_was_changed_just_before_the_project_is_closed_is_kept(context: AppContext, project: Path) -> None:
    recipe = Recipe(context.session)
    context.session.open_project(project)
    recipe.change(replace(recipe.config, minutes=33.0))
    context.session.close_project()
    context.session.open_project(project)
    assert recipe.config.minutes == 33.0


@pytest.mark.parametrize(("shape", "preset"), [((24, 24), "films"), ((24, 24, 3), "classification")])
def test_whole_images_in_colour_are_changed_less_than_grey_ones(
    context: AppContext, tmp_path: Path, shape: tuple[int, ...], preset: str
) -> None:
    picture = np.random.default_rng(0).integers(0, 255, shape, np.uint8)
    (tmp_path / "a.png").write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    with Project.create(tmp_path / "whole.contorno", "classification", parse_classes("a,b")) as made:
        result_of(import_images(made, ImportPlan((tmp_path / "a.png",))))
    recipe = Recipe(context.session)
    context.session.open_project(tmp_path / "whole.contorno")
    assert recipe.preset == recipe.usual_preset == preset
    recipe.use_preset("gentle")
    assert (recipe.preset, recipe.usual_preset) == ("gentle", preset)


def test_a_network_of_another_task_is_refused_before_there_is_a_run(context: AppContext, project: Path) -> None:
    recipe = Recipe(context.session)
    context.session.open_project(project)
    recipe.change(replace(recipe.config, arch="lenet5"))
    with pytest.raises(EngineError, match="lenet5 is for another task"):
        recipe.ready()


def test_what_the_next_run_would_teach_wrongly_is_known_before_it(context: AppContext, project: Path) -> None:
    recipe = Recipe(context.session)
    context.session.open_project(project)
    assert not recipe.notices
    context.session.set_classes(parse_classes("lung L,lung R"))
    assert "exchange their names" in recipe.notices[0].text, "which Auto takes"
    recipe.change(replace(recipe.config, per_image=9, sides="keep"))
    sides, many = recipe.notices
    assert "lung L / lung R keep" in sides.text and many.text.startswith("9 changed copies")
    recipe.change(replace(recipe.config, preset="gone.json", per_image=1))
    assert not recipe.notices
