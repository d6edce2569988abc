"""The matrix: which runs it selects, what it says it cannot run, and that it notices what is not in force."""

import itertools

import matrix
import pytest

X86 = ("SSE3", "AVX", "AVX2", "X86_V3", "AVX512_SKX", "X86_V4")
DISPATCH = ("X86_V3", "X86_V4", "AVX512_SPR")


def machine(api="openblas", kernel="Haswell", threads=2, on=X86):
    return matrix.Machine(api, kernel, threads, on, DISPATCH)


@pytest.fixture
def openblas(monkeypatch):
    """An OpenBLAS that has kernels for these processors only, and an environment that asks for none."""
    monkeypatch.delenv(matrix.KERNEL_VARIABLE, raising=False)
    there = {"Prescott", "Sandybridge", "Haswell", "SkylakeX"}

    def probe(settings):
        name = settings.get(matrix.KERNEL_VARIABLE, "Haswell")
        off = settings.get(matrix.FEATURES_VARIABLE, "").split()
        threads = int(settings.get(matrix.THREADS_VARIABLE, 2))
        on = tuple(feature for feature in X86 if feature not in off)
        return machine(kernel=name if name in there else "Haswell", threads=threads, on=on)

    monkeypatch.setattr(matrix, "probe", probe)


@pytest.mark.parametrize("sizes", [(1, 3, 2), (4, 3, 2), (5, 1, 1), (2, 2, 2)])
def test_every_pair_of_choices_occurs(sizes):
    axes = [[f"{letter}{k}" for k in range(size)] for letter, size in zip("abc", sizes, strict=True)]
    runs = matrix.covering(*axes)
    for (i, one), (j, other) in itertools.combinations(enumerate(axes), 2):
        assert {(run[i], run[j]) for run in runs} == set(itertools.product(one, other))


def test_three_choices_of_two_need_four_runs():
    assert len(matrix.covering("ab", "cd", "ef")) <= 5 < 8


def test_what_is_not_run_is_named(openblas):
    names, reasons = matrix.kernels(machine())
    assert names == ["Prescott", "Sandybridge", "Haswell", "SkylakeX"]
    assert "Zen: this OpenBLAS takes Haswell for it" in reasons
    assert "SapphireRapids: the processor lacks AVX512_SPR" in reasons
    assert "ARMV8: the processor lacks ASIMD" in reasons
    assert len(names) + len(reasons) == len(matrix.KERNELS)


def test_a_kernel_set_outside_is_left_as_it_is(openblas, monkeypatch):
    monkeypatch.setenv(matrix.KERNEL_VARIABLE, "Haswell")
    names, (reason,) = matrix.kernels(machine())
    assert names == [None]
    assert "OPENBLAS_CORETYPE=Haswell is set outside" in reason
    assert matrix.Run(None, (), 1).settings(machine()).keys() == {
        matrix.THREADS_VARIABLE,
        matrix.FEATURES_VARIABLE,
    }


def test_another_library_is_named(openblas):
    names, (reason,) = matrix.kernels(machine(api="mkl"))
    assert names == [None]
    assert "mkl" in reason


@pytest.mark.parametrize(
    ("on", "sets"),
    [
        (X86, [("X86_V3", "X86_V4"), ("X86_V3",), ()]),
        (("X86_V3",), [("X86_V3",), ()]),
        (("ASIMD",), [()]),
    ],
)
def test_vector_features_are_switched_off_from_the_newest(on, sets):
    assert matrix.feature_sets(machine(on=on)) == sets


def test_a_run_switches_off_what_it_does_not_keep():
    run = matrix.Run("SkylakeX", ("X86_V3",), 1)
    assert run.settings(machine()) == {
        matrix.KERNEL_VARIABLE: "SkylakeX",
        matrix.THREADS_VARIABLE: "1",
        matrix.FEATURES_VARIABLE: "X86_V4",
    }


@pytest.mark.parametrize(
    "found",
    [
        machine(kernel="Haswell", threads=1, on=("X86_V3",)),
        machine(kernel="SkylakeX", threads=2, on=("X86_V3",)),
        machine(kernel="SkylakeX", threads=1, on=X86),
    ],
)
def test_what_is_not_in_force_is_noticed(found):
    run = matrix.Run("SkylakeX", ("X86_V3",), 1)
    run.check(machine(kernel="SkylakeX", threads=1, on=("X86_V3",)), machine())
    with pytest.raises(matrix.MatrixError, match="asked for"):
        run.check(found, machine())


def test_the_table_has_a_row_for_each_run(openblas, monkeypatch, capsys):
    ran = []

    def run_chapters(paths, settings):
        ran.append(settings)
        return 9, ["FAILED small.ipynb::Cell 3"] if settings[matrix.KERNEL_VARIABLE] == "SkylakeX" else []

    monkeypatch.setattr(matrix, "run_chapters", run_chapters)
    assert matrix.main(["small.ipynb"]) == 1
    out, err = capsys.readouterr()
    assert out.count(" 9 |") == len(ran) == 12
    assert out.count("FAILED |") == err.count("small.ipynb::Cell 3") == 3
    assert out.endswith("9 passed, 3 failed\n")


def test_the_probe_sees_what_is_in_force(monkeypatch):
    """With the locked NumPy and whatever this machine has."""
    here = matrix.probe({})
    assert here.api
    run = matrix.Run(None, here.features[:1], 1 if here.api == "openblas" else None)
    run.check(matrix.probe(run.settings(here)), here)
