"""The settings of the next run are kept with the project."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.services.recipe import Recipe
from app.shell.context import AppContext
from engine.errors import EngineError
from engine.labels.classes import parse_classes


def test_what_was_changed_just_before_the_project_is_closed_is_kept(context: AppContext, project: Path) -> None:
    recipe = Recipe(context.session)
    context.session.open_project(project)
    recipe.change(replace(recipe.config, minutes=33.0))
    context.session.close_project()
    context.session.open_project(project)
    assert recipe.config.minutes == 33.0


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
