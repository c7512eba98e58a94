"""A training on the command line: the run's row in the project follows what becomes of it."""

from typing import TYPE_CHECKING

from app.cli.output import Output
from engine.config import TrainConfig
from engine.errors import EngineError
from engine.learning.events import has_learnt, read_summary
from engine.project.project import Project
from engine.project.runs import Run, RunState

if TYPE_CHECKING:
    from engine.learning.train import Outcome


def run_training(project: Project, run: Run, config: TrainConfig, out: Output, *, resume: bool = False) -> "Outcome":
    """Train into the run's folder. An interruption leaves the run paused, a fault failed, or finished where it had been, both with what
    it has come to; of a run that was refused before it learnt anything nothing is left. They are raised on."""
    from engine.learning.train import train

    try:
        outcome = out.run(train(project.path, run.folder, config, run.name, resume=resume))
    except KeyboardInterrupt:
        project.runs.update(run, "paused", read_summary(run.folder))
        raise
    except BaseException as fault:
        if isinstance(fault, EngineError) and not resume and not has_learnt(run.folder):
            project.runs.discard(run)  # refused before it learnt anything: nothing of it is left
            raise
        state: RunState = "finished" if resume and run.state == "finished" else "failed"
        project.runs.update(run, state, read_summary(run.folder))
        raise
    project.runs.update(run, "finished", outcome.summary, outcome.config)
    return outcome
