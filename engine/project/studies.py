"""The studies of a project and their trials: what was to be tried, how far it is, and what came of it."""

import json
import time
from dataclasses import asdict, dataclass, replace
from sqlite3 import Row
from typing import Any, get_args

from engine.config import check, from_json, to_json
from engine.errors import EngineError
from engine.project import salvage
from engine.project.runs import NUMBER, Run, shown_name
from engine.project.salvage import Salvage
from engine.project.store import Store
from engine.study import ARCH, GRID, Combination, StudyConfig, StudyState, Trial, TrialState, checked, drawn, measure
from engine.words import translatable

_FIGURES = ("score", "validated", "auc", "share", "seconds")


@dataclass(frozen=True)
class Study:
    """One study. `test` is what the test set said of its best trials, as plain JSON; {} where it was not read."""

    id: int
    name: str
    state: StudyState
    made: float
    config: StudyConfig
    test: dict[str, Any]


@dataclass(frozen=True)
class TrialBegan:
    """A trial trains now, in that run."""

    trial: Trial
    run: Run


@dataclass(frozen=True)
class TrialScored:
    """A trial under way was validated."""

    trial: Trial


@dataclass(frozen=True)
class TrialEnded:
    """A trial has reached its rung or its end, was stopped there, or failed."""

    trial: Trial


class Studies:
    """The tables of studies and trials. A trial's run is an ordinary row of runs, which may be renamed or removed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[Study]:
        return [_study(row) for row in self._store.rows("SELECT * FROM studies ORDER BY id")]

    def get(self, name: str | int) -> Study:
        """By name, or where none is called so by its number, as runs are; an int is the number. EngineError where there is none."""
        row = None if isinstance(name, int) else self._store.row("SELECT * FROM studies WHERE name = ?", name)
        if row is None and NUMBER.fullmatch(str(name)):
            row = self._store.row("SELECT * FROM studies WHERE id = ?", int(name))
        if row is None:
            known = ", ".join(study.name for study in self.all()) or "-"
            raise EngineError(
                translatable("There is no study {name}."),
                translatable("The studies are: {known}."),
                name=name,
                known=known,
            )
        return _study(row)

    def unfinished(self) -> Study | None:
        """The last study that has not come to its end."""
        left = [study for study in self.all() if study.state != "finished"]
        return left[-1] if left else None

    def add(self, config: StudyConfig, task: str) -> Study:
        """A new study with its queue of trials, called by its number. EngineError where one of them could not begin."""
        config = replace(checked(config, task), measure=measure(task))
        with self._store.transaction() as store:
            id = store.run(
                "INSERT INTO studies (name, state, made, config) VALUES (?, 'waiting', ?, ?)",
                f"new {time.time_ns()}",
                time.time(),
                to_json(config).decode(),
            )
            number = id
            while store.row("SELECT 1 FROM studies WHERE name = ?", f"study {number}"):
                number += 1
            store.run("UPDATE studies SET name = ? WHERE id = ?", f"study {number}", id)
            if config.search == GRID:
                for settings in drawn(config):
                    self.add_trial(id, settings)
        return self.get(id)

    def extend(self, study: int, config: StudyConfig) -> Study:
        """Give a study other limits; it waits for its next start, with what more is to be tried at the end of its queue."""
        with self._store.transaction() as store:
            store.run(
                "UPDATE studies SET config = ?, state = 'waiting' WHERE id = ?", to_json(check(config)).decode(), study
            )
            if config.search == GRID:
                there = [trial.settings for trial in self.trials(study)]
                for settings in [each for each in drawn(config) if each not in there]:
                    self.add_trial(study, settings)
        return self.get(study)

    def add_trial(self, study: int, settings: Combination) -> Trial:
        """One more that waits, the last."""
        with self._store.transaction() as store:
            row = store.row("SELECT ifnull(max(number), 0) FROM trials WHERE study = ?", study)
            trial = Trial((row[0] if row else 0) + 1, settings)
            store.run(
                "INSERT INTO trials (study, number, state, settings) VALUES (?, ?, 'waiting', ?)",
                study,
                trial.number,
                json.dumps(settings),
            )
        return trial

    def trials(self, study: int) -> list[Trial]:
        """In the order in which they are tried."""
        rows = self._store.rows("SELECT * FROM trials WHERE study = ? ORDER BY number", study)
        return [_trial(row) for row in rows]

    def set_state(self, study: int, state: StudyState) -> Study:
        with self._store.transaction() as store:
            store.run("UPDATE studies SET state = ? WHERE id = ?", state, study)
        return self.get(study)

    def keep_test(self, study: int, test: dict[str, Any]) -> Study:
        """Keep what the test set said."""
        with self._store.transaction() as store:
            store.run("UPDATE studies SET test = ? WHERE id = ?", json.dumps(test), study)
        return self.get(study)

    def keep_trial(self, study: int, trial: Trial) -> Trial:
        """Put the trial in place of what was known of it."""
        figures = asdict(trial)
        for key in ("number", "settings", "state", "run"):
            del figures[key]
        with self._store.transaction() as store:
            store.run(
                "UPDATE trials SET state = ?, run = ?, figures = ? WHERE study = ? AND number = ?",
                trial.state,
                trial.run,
                json.dumps(figures),
                study,
                trial.number,
            )
        return trial

    def remove(self, study: int) -> None:
        """Forget a study; its runs stay."""
        with self._store.transaction() as store:
            store.run("DELETE FROM studies WHERE id = ?", study)


def _study(row: Row) -> Study:
    get = Salvage(row)
    return Study(
        id=row["id"],
        name=get.get("name", salvage.name, f"study {row['id']}"),
        state=get.get("state", salvage.one_of(get_args(StudyState)), "paused"),
        made=get.get("made", salvage.moment, 0.0),
        config=get.get("config", lambda value: from_json(salvage.text(value), StudyConfig), StudyConfig()),
        test=get.get("test", _test, {}),
    )


def _trial(row: Row) -> Trial:
    get = Salvage(row)
    trial = Trial(
        number=row["number"],
        settings=get.get("settings", _settings, {ARCH: ""}),
        state=get.get("state", salvage.one_of(get_args(TrialState)), "failed"),
        run=row["run"],
    )
    unknown: dict[str, Any] = {}
    return replace(trial, **get.get("figures", _figures, unknown))


def _settings(value: Any) -> Combination:
    found = _object(value)
    if not isinstance(found[ARCH], str) or not all(isinstance(each, str) for each in found.values()):
        raise TypeError(value)
    return found


def _test(value: Any) -> dict[str, Any]:
    found = _object(value)
    if found and not all(isinstance(found[key], dict | None) for key in ("winner", "second", "paired")):
        raise TypeError(value)
    for each in (found.get("winner"), found.get("second")):
        if each is not None and "run" in each:
            each["run"] = shown_name(str(each["run"]))
    return found


def _object(value: Any) -> dict[str, Any]:
    found = json.loads(value)
    if not isinstance(found, dict):
        raise TypeError(value)
    return found


def _figures(value: Any) -> dict[str, Any]:
    known = (*_FIGURES, "parameters", "reason", "rungs")
    found = {key: each for key, each in _object(value).items() if key in known}
    for key in _FIGURES:
        if found.get(key) is not None:
            salvage.finite(found[key])
    if found.get("parameters") is not None:
        salvage.place(found["parameters"])
    rungs = tuple(salvage.finite(each) for each in found.get("rungs", ()))
    return found | {"reason": salvage.text(found.get("reason", "")), "rungs": rungs}
