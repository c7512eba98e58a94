"""How fast this machine trains: what is timed, what is kept, and what a change of the pace does."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.config import TrainConfig
from engine.learning import auto, pace
from engine.learning.pace import Pace, ThreadWatch
from engine.progress import result_of

SMALL = replace(
    auto.with_network(TrainConfig(arch="unet-smp", encoder="mobilenet_v2", device="cpu", threads=1), "cpu"), batch=2
)


@pytest.fixture(autouse=True)
def threads(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(pace.SIDES, "cpu", (32, 64))
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def test_work_grows_with_the_area_between_and_beyond_what_was_timed() -> None:
    known = Pace(2, "float32", ((128, 16.0), (256, 4.0)))
    assert known.at(128) == pytest.approx(16)
    assert known.at(256) == pytest.approx(4)
    assert known.at(64) == pytest.approx(64)
    assert known.at(512) == pytest.approx(1)
    assert known.at(128, 512) == pytest.approx(known.at(256))
    assert Pace(1, "float32", ((128, 16.0),)).at(256) == pytest.approx(4)


def test_what_was_found_is_kept_for_the_machine_and_found_anew_where_it_no_longer_holds(tmp_path: Path) -> None:
    found = result_of(pace.measured(SMALL, 1, 2, 600.0, tmp_path))
    assert found is not None
    assert [side for side, _ in found.points] == [32, 64]
    kept = tmp_path / "pace.json"
    lie = kept.read_text().replace(str(found.points[0][1]), str(found.points[0][1] * 1000))
    assert lie != kept.read_text()
    kept.write_text(lie)
    again = result_of(pace.measured(SMALL, 1, 2, 600.0, tmp_path))
    assert again is not None
    assert again.points[0][1] < found.points[0][1] * 100
    kept.write_text("no JSON")
    assert result_of(pace.measured(SMALL, 1, 2, 600.0, tmp_path)) is not None


def test_without_time_one_size_is_timed_all_the_same_and_nothing_is_kept(tmp_path: Path) -> None:
    found = result_of(pace.measured(SMALL, 1, 2, 0.0, tmp_path))
    assert found is not None
    assert len(found.points) == 1
    assert not (tmp_path / "pace.json").exists()


def test_timing_leaves_the_random_numbers_of_the_training_alone(tmp_path: Path) -> None:
    torch.manual_seed(3)
    state = torch.get_rng_state()
    result_of(pace.measured(SMALL, 1, 2, 0.0, tmp_path))
    assert torch.equal(state, torch.get_rng_state())


def test_images_are_drawn_before_a_cpu_computes_and_while_a_graphics_card_does() -> None:
    bench = pace._Bench(SMALL, torch.device("cpu"), 1, 2, 0.0)
    drawn = bench.seconds(0.0, 64)
    assert drawn > 0
    assert bench.seconds(1.0, 64) == 1 + drawn
    bench.place = torch.device("cuda")
    assert (bench.seconds(1.0, 64), bench.seconds(0.0, 64)) == (1, drawn)


def steps(watch: ThreadWatch, start: float, count: int, seconds: float, pixels: int = 100) -> tuple[float, list[str]]:
    said = []
    for _ in range(count):
        start += seconds
        said += [notice.text for notice in watch.stepped(start, seconds, pixels)]
    return start, said


def test_a_quiet_training_keeps_its_threads() -> None:
    watch = ThreadWatch(4, 4, 0.0)
    _, said = steps(watch, 0.0, 400, 1.0)
    assert (said, watch.threads, torch.get_num_threads()) == ([], 4, 4)


def test_a_neighbour_is_noticed_and_the_faster_number_of_threads_stays() -> None:
    watch = ThreadWatch(4, 4, 0.0)
    now, said = steps(watch, 0.0, 70, 1.0)
    while torch.get_num_threads() == 4:
        now, more = steps(watch, now, 1, 3.0)
        said += more
    now, more = steps(watch, now, 4, 2.0)  # with three
    said += more
    assert watch.threads == torch.get_num_threads() == 3
    assert "33 % of its pace" in said[0]
    assert "3 of 4 cores" in said[1]
    now, _ = steps(watch, now, 40, 2.0)
    while torch.get_num_threads() == 3:
        now, _ = steps(watch, now, 1, 2.0)
    now, more = steps(watch, now, 4, 1.0)  # the neighbour is gone
    assert watch.threads == 4
    assert "4 of 4 cores" in more[-1]


def test_images_of_another_size_are_no_slower_machine() -> None:
    watch = ThreadWatch(2, 2, 0.0)
    now, said = steps(watch, 0.0, 70, 1.0)
    _, more = steps(watch, now, 70, 9.0, pixels=400)
    assert said == more == []


def test_a_network_that_fails_is_not_timed(tmp_path: Path) -> None:
    one = replace(SMALL, batch=1)  # whose last maps are a single value, which batch normalisation refuses
    assert result_of(pace.measured(one, 1, 2, 600.0, tmp_path)) is None
