"""What Optuna says of a study: which combination comes next, and which settings mattered. Needs no torch: the window asks it too.

Optuna's own study is made from the project's trials each time; nothing of it is kept.
"""

import math
from collections.abc import Sequence

import optuna

from engine.study import ARCH, Combination, StudyConfig, Trial, drawn, varied

_ASKED = 20  # times that TPE may name what was tried already
_TOP = 1 / 3  # of the trials are what importance looks at


def name_next(config: StudyConfig, trials: Sequence[Trial]) -> Combination:
    """A combination that was not tried yet, the likeliest to do well by what the others scored at the first level.

    Source: Bergstra et al., "Algorithms for hyper-parameter optimization", 2011.
    """
    study = _optuna_study(config, trials)
    tried = [trial.settings for trial in trials]
    for _ in range(_ASKED):
        own = study.ask()
        network = str(own.suggest_categorical(ARCH, config.networks))
        choices = varied(config, network)
        named = {ARCH: network, **{key: str(own.suggest_categorical(key, each)) for key, each in choices.items()}}
        if named not in tried:
            return named
    return next(each for each in drawn(config) if each not in tried)


def _optuna_study(config: StudyConfig, trials: Sequence[Trial]) -> optuna.Study:
    """What is kept of a study as Optuna knows it: each trial by its score at the first level, where all compare."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = optuna.samplers.TPESampler(seed=config.base.seed + len(trials), n_startup_trials=2 * len(config.networks))
    study = optuna.create_study(direction="maximize", sampler=sampler)
    for trial in trials:
        choices = {ARCH: config.networks, **varied(config, trial.arch)}
        spaces: dict[str, optuna.distributions.BaseDistribution] = {
            key: optuna.distributions.CategoricalDistribution(values) for key, values in choices.items()
        }
        params = {key: trial.settings[key] for key in choices}
        if trial.first is not None:
            study.add_trial(optuna.trial.create_trial(value=trial.first, params=params, distributions=spaces))
    return study


def importance(config: StudyConfig, trials: Sequence[Trial]) -> dict[str, float]:
    """How much each setting decides whether a trial is among the best third at the first level, where all compare; shares that sum to
    1, the largest first. {} where fewer than four trials came so far, or all did alike.

    Source: Watanabe et al., "PED-ANOVA: efficiently quantifying hyperparameter importance in arbitrary subspaces", 2023.
    """
    scored = [trial.first for trial in trials if trial.first is not None]
    if len(scored) < 4 or len(set(scored)) == 1:
        return {}
    judge = optuna.importance.PedAnovaImportanceEvaluator(target_quantile=_TOP)
    found = optuna.importance.get_param_importances(_optuna_study(config, trials), evaluator=judge)
    return {key: float(share) for key, share in found.items() if math.isfinite(share)}
