"""Bundles: what is written comes back, and what was touched is refused in words."""

import os
from pathlib import Path

import msgspec
import pytest
import torch

from engine.errors import EngineError, NotReadable
from engine.imaging.intensity import Intensity
from engine.learning import bundle
from engine.learning.bundle import ModelCard, TrainingImages

CARD = ModelCard(
    task="classification",
    arch="lenet5",
    encoder="",
    channels=1,
    classes=(("a", "#E69F00"), ("b", "#56B4E9")),
    intensity=Intensity("bytes", mean=(0.4,), deviation=(0.2,)),
    size=32,
)


def test_comes_back_bit_for_bit(tmp_path: Path) -> None:
    network = bundle.build(CARD)
    path = tmp_path / "model.safetensors"
    bundle.save(path, CARD, network.state_dict())
    card, restored = bundle.restore(path)
    assert card == CARD
    assert all(
        torch.equal(a, b) for a, b in zip(network.state_dict().values(), restored.state_dict().values(), strict=True)
    )
    assert msgspec.json.decode(path.with_suffix(".json").read_bytes())["arch"] == "lenet5"


def test_a_flipped_bit_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    bundle.save(path, CARD, bundle.build(CARD).state_dict())
    data = bytearray(path.read_bytes())
    data[-100] ^= 1
    path.write_bytes(data)
    with pytest.raises(NotReadable, match="damaged"):
        bundle.load(path)


@pytest.mark.parametrize("data", [b"", b"x", b"\x00" * 64, b"\xff" * 8 + b"{}", b"\x02\x00\x00\x00\x00\x00\x00\x00{}"])
def test_other_files_are_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(data)
    with pytest.raises(NotReadable, match="not a Contorno model"):
        bundle.load(path)


def test_a_cut_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    bundle.save(path, CARD, bundle.build(CARD).state_dict())
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(NotReadable, match="cut short"):
        bundle.load(path)


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    bundle.write_tensors(path, {"w": torch.ones(3)}, msgspec.to_builtins(CARD))
    with pytest.raises(NotReadable, match="do not fit"):
        bundle.restore(path)


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    bundle.write_tensors(path, {"w": torch.ones(3)}, msgspec.to_builtins(CARD) | {"format": 99})
    with pytest.raises(NotReadable, match="newer"):
        bundle.load(path)


def test_a_changed_card_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    bundle.save(path, CARD, bundle.build(CARD).state_dict())
    data = path.read_bytes()
    assert data.count(b"0.4]") == 1
    path.write_bytes(data.replace(b"0.4]", b"0.5]"))
    with pytest.raises(NotReadable, match="damaged"):
        bundle.load(path)


LIES = [
    ({"channels": 10**9}, "impossible input"),
    ({"channels": 0}, "impossible input"),
    ({"neighbours": True}, "impossible input"),
    ({"arch": "mlp", "size": 10**6}, "impossible input"),
    ({"arch": "mlp", "size": 60_000}, "do not fit"),
    ({"size": -1}, "impossible input"),
    ({"images": {"sides": [-1, 3]}}, "impossible input"),
    ({"images": {"spacing": [0.5, float("inf")]}}, "impossible input"),
    ({"intensity": {"rule": "bytes", "low": float("nan")}}, "impossible grey values"),
    ({"intensity": {"rule": "range", "low": 5.0, "high": 5.0}}, "impossible grey values"),
    ({"intensity": {"rule": "bytes", "mean": [0.1] * 5}}, "impossible grey values"),
    ({"intensity": {"rule": "bytes", "deviation": [0.0]}}, "impossible grey values"),
    ({"classes": [["a", "#E69F00"], ["a", "#E69F00"]]}, "impossible classes"),
    ({"classes": [["a", "red; url(x)"], ["b", ""]]}, "impossible classes"),
    ({"classes": [[f"c{k}", ""] for k in range(300)]}, "impossible classes"),
    ({"arch": "unet-smp", "encoder": "tu-resnet18.a:/b"}, "no encoder called"),
    ({"arch": "unet-smp", "encoder": "../resnet18"}, "no encoder called"),
]


@pytest.mark.parametrize(("lie", "said"), LIES)
def test_a_card_that_lies_is_refused_before_it_costs_memory(tmp_path: Path, lie: dict[str, object], said: str) -> None:
    path = tmp_path / "model.safetensors"
    bundle.write_tensors(path, bundle.build(CARD).state_dict(), msgspec.to_builtins(CARD) | lie)
    with pytest.raises(EngineError, match=said):
        bundle.restore(path)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers_are_refused(tmp_path: Path, value: float) -> None:
    path = tmp_path / "model.safetensors"
    weights = {name: t.clone() for name, t in bundle.build(CARD).state_dict().items()}
    next(iter(weights.values())).view(-1)[0] = value
    bundle.save(path, CARD, weights)
    with pytest.raises(NotReadable, match="not numbers"):
        bundle.load(path)


@pytest.mark.skipif(os.name != "posix", reason="there are no pipes with names there")
def test_a_pipe_or_a_device_is_no_model(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "model.safetensors")
    for path in (tmp_path / "model.safetensors", Path("/dev/zero")):
        with pytest.raises(NotReadable, match="a pipe, a socket or a device"):
            bundle.load(path)


def test_what_the_images_were_comes_back_and_may_be_missing(tmp_path: Path) -> None:
    path, weights = tmp_path / "model.safetensors", bundle.build(CARD).state_dict()
    taught = TrainingImages("CT", "HU", (256, 512), (1.5, 2.0))
    about = msgspec.to_builtins(CARD) | {"images": msgspec.to_builtins(taught)}
    bundle.write_tensors(path, weights, about)
    assert bundle.read_card(path).images == taught
    del about["images"]  # as an older program wrote it
    bundle.write_tensors(path, weights, about)
    assert bundle.read_card(path) == CARD
