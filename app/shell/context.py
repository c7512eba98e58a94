"""What every tab is given: the session and its neighbours, in one small hand."""

from dataclasses import dataclass

from app.services.jobs import JobQueue
from app.services.project_session import ProjectSession
from app.services.thumbnails import Thumbnails
from app.services.training_runner import TrainingRunner
from app.shell.actions import Commands
from widgets.status_line import StatusLine


@dataclass(frozen=True)
class AppContext:
    """The parts of the program that a tab talks to."""

    session: ProjectSession
    trainings: TrainingRunner
    jobs: JobQueue
    commands: Commands
    thumbnails: Thumbnails
    status: StatusLine
