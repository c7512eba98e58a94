"""The settings of the next run are kept with the project."""

from dataclasses import replace
from pathlib import Path

from app.services.recipe import Recipe
from app.shell.context import AppContext


def test_what_was_changed_just_before_the_project_is_closed_is_kept(context: AppContext, project: Path) -> None:
    recipe = Recipe(context.session)
    context.session.open_project(project)
    recipe.change(replace(recipe.config, minutes=33.0))
    context.session.close_project()
    context.session.open_project(project)
    assert recipe.config.minutes == 33.0
