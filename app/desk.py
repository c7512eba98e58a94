"""What every tab is given: the session and its neighbours, in one small hand."""

from dataclasses import dataclass

from app.actions import Commands
from app.jobs import JobQueue
from app.session import Session
from app.thumbnails import Thumbnails
from app.trainings import Trainings
from widgets.status_line import StatusLine


@dataclass(frozen=True)
class Desk:
    """The parts of the program that a tab talks to."""

    session: Session
    trainings: Trainings
    jobs: JobQueue
    commands: Commands
    thumbnails: Thumbnails
    status: StatusLine
