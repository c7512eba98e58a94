"""How networks and machines are called."""

import pytest

from engine.catalog import ENCODERS, rows
from engine.errors import EngineError
from engine.progress import Notice
from engine.titles import encoder_title, machine_title, model_title, network_title
from engine.words import filled


def say(text: str, **values: object) -> str:
    return filled(text, values)


@pytest.mark.parametrize(
    ("arch", "encoder", "title"),
    [
        ("unet-smp", "timm-tf_efficientnet_lite0", "U-Net · EfficientNet-Lite0"),
        ("unet-smp", "auto", "U-Net"),
        ("mlp", "resnet18", "MLP"),
        ("auto", "resnet18", "Auto"),
        ("of-tomorrow", "resnet18", "of-tomorrow"),
    ],
)
def test_a_model_is_called_by_network_and_encoder(arch: str, encoder: str, title: str) -> None:
    assert model_title(arch, encoder, say) == title


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1530.4, "1530 mL"),
        (69_997.0, "70000 mL"),
        (0.5, "0,5 mL"),
        (0.00004, "0,00004 mL"),
        (0.0, "0 mL"),
        (3e38, "3·10³⁸ mL"),
        (float("inf"), "inf mL"),
    ],
)
def test_numbers_are_written_out_unless_they_are_far_from_one(value: float, text: str) -> None:
    assert filled("{volume:.3g} mL", {"volume": value}, ",") == text
    for said in (Notice("{volume:.3g} mL", {"volume": value}), EngineError("{volume:.3g} mL", volume=value)):
        assert said.text == text.replace(",", ".")


def test_every_network_and_encoder_has_a_title() -> None:
    for row in rows():
        assert network_title(row.name, say) != row.name
    assert not [name for name in ENCODERS if encoder_title(name) == name]


def test_threads_are_said_in_words_and_a_graphics_card_by_its_name() -> None:
    def spanish(text: str, **values: object) -> str:
        return filled({"CPU, {count} threads": "CPU, {count} hilos"}[text], values)

    assert machine_title("CPU, 2 threads", spanish) == "CPU, 2 hilos"
    assert machine_title("NVIDIA L4", spanish) == "NVIDIA L4"
