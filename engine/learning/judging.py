"""How a study judges a trial on the validation set: by one measure that all networks of the project's task can give."""

from engine.config import PredictConfig
from engine.errors import EngineError
from engine.learning.evaluate import best_way
from engine.learning.reading import predict_and_keep
from engine.learning.train import Outcome
from engine.progress import Work
from engine.project.project import Project
from engine.project.runs import Run
from engine.study import Measure
from engine.words import translatable


def judge(project: Project, run: Run, outcome: Outcome, by: Measure) -> Work[float]:
    """How good a run is by the measure of its study (0..1), as far as it is trained; the project is open for writing.

    Of objects the validation set is predicted by what was learnt so far, and scored as it will be in the end. EngineError where nothing
    is there to judge by.
    """
    found = outcome.score if by == "accuracy" else outcome.summary.mean_dice
    if outcome.score is not None and by == "object_f1":
        items = [item for item in project.items.all("val") if not item.rejected and item.id in project.layers.masked()]
        yield from predict_and_keep(project, run, [item.id for item in items], PredictConfig(device=run.config.device))
        _, found = yield from best_way(project.path, run)
    if found is None:
        raise EngineError(
            translatable("It could not be validated, so nothing can be chosen by it."),
            translatable("Put labelled items into the validation set."),
        )
    return found
