"""The trainings that wait: their order, and that it is kept with the project."""

from pathlib import Path

from app.services.waiting_trainings import WaitingTrainings
from app.shell.context import AppContext
from engine.config import TrainConfig


def test_they_are_moved_taken_out_and_kept_with_the_project(context: AppContext, project: Path) -> None:
    session = context.session
    session.open_project(project)
    waiting, told = WaitingTrainings(session), list[int]()
    waiting.changed.connect(lambda: told.append(len(waiting.all)))

    def names() -> list[str]:
        return [each.name for each in waiting.all]

    for name in ("a", "b", "c"):
        waiting.add(TrainConfig(loss="focal"), name)
    waiting.move(waiting.all[2].number, -5)
    assert names() == ["c", "a", "b"], "as far as it goes"
    waiting.move(999, 1)
    waiting.remove(waiting.all[1].number)
    assert names() == ["c", "b"] and told == [1, 2, 3, 3, 2]
    again = WaitingTrainings(session)
    again.load()
    assert [(each.name, each.config.loss) for each in again.all] == [("c", "focal"), ("b", "focal")]
    first = waiting.take_first()
    assert first is not None and first.name == "c" and names() == ["b"]
    waiting.clear()
    again.load()
    assert waiting.take_first() is None and not again.all
