"""The choice of device and precision on the machine at hand; what a machine lacks is refused in words."""

import json

import pytest
import torch

from engine.errors import EngineError
from engine.learning import device, models

CUDA = torch.cuda.is_available()


def test_auto_takes_the_best_there_is() -> None:
    best = device.choose()
    assert best.type == ("cuda" if CUDA else "mps" if torch.backends.mps.is_available() else "cpu")
    assert device.choose("cpu") == torch.device("cpu")


@pytest.mark.skipif(CUDA, reason="this machine has CUDA")
def test_a_missing_graphics_card_is_said() -> None:
    with pytest.raises(EngineError, match="no graphics card") as refusal:
        device.choose("cuda")
    assert "cpu" in refusal.value.advice


@pytest.mark.parametrize("name", ["gpu", "cpu:x", "", "cuda:1"])
def test_nonsense_is_refused_with_the_choices(name: str) -> None:
    with pytest.raises(EngineError, match="no device called") as refusal:
        device.choose(name)
    assert "auto, cpu, cuda, mps" in refusal.value.advice


def test_precision_on_the_cpu() -> None:
    cpu = torch.device("cpu")
    auto = device.precision(cpu)
    assert auto == (torch.bfloat16 if device.has_bfloat16() else torch.float32, True)
    assert device.precision(cpu, "float32", "no") == (torch.float32, False)
    assert device.precision(cpu, "bfloat16", "yes") == (torch.bfloat16, True)
    with pytest.raises(EngineError, match="float16"):
        device.precision(cpu, "float16")
    with pytest.raises(EngineError, match="no precision"):
        device.precision(cpu, "int8")


def test_precision_elsewhere() -> None:
    assert device.precision(torch.device("mps")) == (torch.float32, False)
    assert device.precision(torch.device("cuda"), "float16") == (torch.float16, True)


def test_bfloat16_is_found_where_the_kernel_lists_it() -> None:
    flags = device._cpu_flags()
    if flags:
        assert device.has_bfloat16() == bool({"avx512_bf16", "amx_bf16", "bf16"} & flags)


def test_the_chosen_precision_trains() -> None:
    chosen = device.precision(torch.device("cpu"))
    net = models.build("lenet5", channels=1, classes=2)
    with torch.autocast("cpu", chosen.dtype, enabled=chosen.dtype != torch.float32):
        logits = net(torch.rand(2, 1, 32, 32))
    assert logits.dtype == chosen.dtype


def test_out_of_memory_is_told_from_other_faults() -> None:
    with pytest.raises(RuntimeError) as fault:
        torch.empty(1 << 60, dtype=torch.uint8)
    assert device.is_out_of_memory(fault.value)
    assert device.is_out_of_memory(torch.OutOfMemoryError("CUDA out of memory."))
    assert device.is_out_of_memory(MemoryError())
    assert device.is_out_of_memory(
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`")
    )
    assert device.is_out_of_memory(RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"))
    assert device.is_out_of_memory(RuntimeError("GET was unable to find an engine to execute this computation"))
    assert not device.is_out_of_memory(RuntimeError("shapes differ"))
    assert not device.is_out_of_memory(ValueError("out of memory"))


def test_memory_cores_and_freeing() -> None:
    cpu = torch.device("cpu")
    device.free(cpu)
    free = device.memory(cpu)
    assert free is None or free > 1 << 20
    assert device.threads() >= device.threads(spare=1) >= 1
    assert device.threads(spare=10_000) == 1


def test_the_doctors_facts_are_plain() -> None:
    facts = json.loads(json.dumps(device.describe()))
    assert facts["torch"] == torch.__version__
    assert facts["device"] == device.choose().type
    assert facts["precision"] in ("float32", "bfloat16", "float16")
    assert isinstance(facts["gpus"], list)


def test_a_cpu_has_computed_when_it_is_told_to_stop() -> None:
    watch = device.Stopwatch(torch.device("cpu"))
    torch.ones(64, 64) @ torch.ones(64, 64)
    watch.stop()
    assert 0 < watch.seconds <= watch.elapsed


@pytest.mark.gpu
@pytest.mark.skipif(not CUDA, reason="no CUDA device on this machine")
def test_on_a_graphics_card() -> None:
    card = device.choose("cuda")
    chosen = device.precision(card)
    assert chosen.dtype in (torch.bfloat16, torch.float16) and chosen.channels_last
    before = device.memory(card)
    with pytest.raises(RuntimeError) as fault:
        torch.empty(1 << 45, dtype=torch.uint8, device=card)
    assert device.is_out_of_memory(fault.value)
    device.free(card)
    assert before is not None and before > 0
    watch = device.Stopwatch(card)
    torch.ones(512, 512, device=card) @ torch.ones(512, 512, device=card)
    watch.stop()
    torch.cuda.synchronize()
    assert 0 < watch.seconds <= watch.elapsed
