"""The ring against plain Python integers and fractions."""

from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from random import Random

import numpy as np
import pytest

from matproof.arithmetic.contraction import contract
from matproof.arithmetic.fields import (
    Adic,
    NoExactValueError,
    Rationals,
    Reals,
    Residues,
    TooLargeError,
    UndefinedError,
)
from matproof.arithmetic.jets import Jet
from matproof.arithmetic.tensors import level_label

PRIME = 2**31 - 1
FIELD = Residues(PRIME)


def random_value(*shape: int, seed: int = 0, labels: tuple[str, ...] = ()) -> Jet:
    return Jet.constant(FIELD, FIELD.draw(Random(seed), shape), labels)


def variable(size: int, levels: int = 1, seed: int = 0) -> Jet:
    """A square matrix with every level seeded at itself."""
    unit = np.eye(size * size, dtype=np.uint64).reshape(-1, size, size)
    value = random_value(size, size, seed=seed)
    seeds = {1 << level: ((level_label(level),), unit) for level in range(levels)}
    return Jet(FIELD, {**value.parts, **seeds})


def integers(value: Jet) -> np.ndarray:
    return value.base().astype(object)


def same(left: Jet, right: Jet) -> bool:
    """Whether all parts agree; a missing part is zero."""
    difference = left - right
    return not any(data.any() for _, data in difference.parts.values())


@pytest.mark.parametrize("inner", range(1, 14))
def test_matrix_products_cannot_overflow(inner):
    largest = np.full((2, inner), PRIME - 1, dtype=np.uint64)
    # (-1)(-1) summed `inner` times
    assert FIELD.matmul(largest, largest.T.copy()).tolist() == [[inner, inner], [inner, inner]]


def test_matrix_product_agrees_with_python_integers():
    left, right = random_value(3, 7, seed=1), random_value(7, 4, seed=2)
    assert (integers(left @ right) == integers(left) @ integers(right) % PRIME).all()


def test_negation_of_zero_is_zero():
    assert FIELD.negate(np.zeros((1, 1), dtype=np.uint64)).tolist() == [[0]]


def test_draws_depend_on_the_seed_only_and_fill_the_field():
    draw = FIELD.draw(Random(5), (100, 100))
    assert (draw == FIELD.draw(Random(5), (100, 100))).all()
    assert not (draw == FIELD.draw(Random(6), (100, 100))).all()
    assert draw.max() < PRIME
    assert abs(draw.astype(float).mean() / PRIME - 0.5) < 0.01


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_determinant_and_adjugate_agree_with_their_definition(size):
    matrix = random_value(size, size, seed=size)
    entries = integers(matrix)
    determinant = 0
    for order in permutations(range(size)):
        swaps = sum(order[i] > order[j] for i in range(size) for j in range(i + 1, size))
        product = (-1) ** swaps
        for row, column in enumerate(order):
            product *= int(entries[row, column])
        determinant += product
    found, adjugate = matrix.adjugate(size)
    assert integers(found).item() == determinant % PRIME
    assert same(matrix @ adjugate, Jet.identity(FIELD, size) * found)


def test_adjugate_of_a_singular_matrix():
    matrix = Jet.constant(FIELD, np.array([[1, 2], [2, 4]], dtype=np.uint64))
    determinant, adjugate = matrix.adjugate(2)
    assert not integers(determinant).any()
    assert integers(adjugate).tolist() == [[4, PRIME - 2], [PRIME - 2, 1]]


@pytest.mark.parametrize("levels", [0, 1, 2, 3])
def test_inverse_with_all_its_derivatives(levels):
    matrix = variable(3, levels, seed=3)
    assert same(matrix @ matrix.inverse(3), Jet.identity(FIELD, 3))
    assert same(matrix.inverse(3) @ matrix, Jet.identity(FIELD, 3))


def test_inverse_of_a_singular_matrix_is_undefined():
    for field in (FIELD, Rationals()):
        with pytest.raises(UndefinedError):
            Jet.constant(field, np.array([[1, 2], [2, 4]], dtype=field.dtype)).inverse(2)
    with pytest.raises(UndefinedError):
        Jet(FIELD, {}).inverse(2)


def test_inverse_of_many_matrices_at_once():
    batch = random_value(4, 3, 3, seed=4, labels=("i",))
    assert same(batch @ batch.inverse(3), Jet.identity(FIELD, 3))


def test_leibniz_rule_for_two_levels():
    x = variable(2, levels=2)
    square = x @ x
    unit = np.eye(4, dtype=np.uint64).reshape(4, 2, 2)
    first = Jet.constant(FIELD, unit, [level_label(0)])
    second = Jet.constant(FIELD, unit, [level_label(1)])
    expected = first @ second + second @ first
    labels, data = square.parts[0b11]
    assert labels == (level_label(0), level_label(1))
    assert (data == expected.base()).all()


def test_power_by_squaring():
    x = variable(2)
    unit = Jet.identity(FIELD, 2)
    assert same(x.power(5, unit), x @ x @ x @ x @ x)
    assert same(x.power(0, unit), unit)


def test_roots_are_multiplicative_and_squares_are_found():
    numbers = FIELD.draw(Random(8), (1, 40))
    squares = FIELD.reduce(numbers * numbers)
    roots = FIELD.root(squares)
    assert (FIELD.reduce(roots * roots) == squares).all()
    left, right = squares[:, :20], squares[:, 20:]
    assert (FIELD.root(FIELD.reduce(left * right)) == FIELD.reduce(roots[:, :20] * roots[:, 20:])).all()


def test_minus_one_has_no_root():
    with pytest.raises(UndefinedError):
        FIELD.root(np.array([[PRIME - 1]], dtype=np.uint64))
    with pytest.raises(UndefinedError):
        Rationals().root(np.array([[Fraction(2)]], dtype=object))
    assert Rationals().root(np.array([[Fraction(4, 9)]], dtype=object)).item() == Fraction(2, 3)


def scalar(levels: int) -> Jet:
    """A square number with every level seeded at itself."""
    one = np.ones((1, 1, 1), dtype=np.uint64)
    base = FIELD.number(1234567**2)
    return Jet(FIELD, {0: ((), base), **{1 << k: ((level_label(k),), one) for k in range(levels)}})


@pytest.mark.parametrize("levels", [1, 2, 3])
def test_functions_of_scalars_have_the_right_derivatives(levels):
    a = scalar(levels)
    assert same(a.sqrt() * a.sqrt(), a)
    exponential, logarithm = a.exp(), a.log()
    for level in range(levels):
        inner = Jet(FIELD, {mask: part for mask, part in a.parts.items() if not mask >> level & 1})
        # the derivative of exp is exp, that of log is 1/a, both seen at the other levels
        assert same(exponential.part(level), inner.exp() * a.part(level))
        assert same(logarithm.part(level) * inner, a.part(level))


def test_exp_of_zero_is_one():
    assert Jet(FIELD, {}).exp().base().tolist() == [[1]]


def test_opaque_values_depend_on_the_argument_only():
    data = np.array([[3, 4, 3]], dtype=np.uint64)
    first, second, third = FIELD.opaque("log", data)[0]
    assert first == third != second
    assert FIELD.opaque("exp", data)[0][0] != first
    with pytest.raises(NoExactValueError):
        Rationals().opaque("log", data)
    assert Reals(60).opaque("log", np.array([[Decimal(-1)]])).item() == 0


def test_entry_turns_axes_into_indices_and_a_repeated_index_into_the_diagonal():
    matrix = random_value(3, 3, seed=9)
    entries = integers(matrix)
    named = matrix.entry("i", "j").base()[..., 0, 0]
    assert (named == entries).all()
    assert (matrix.entry("j", "i").base()[..., 0, 0] == entries.T).all()
    assert (matrix.entry("i", "i").base()[..., 0, 0] == np.diagonal(entries)).all()
    assert integers(matrix.entry(1, 2)).item() == entries[1, 2]


def test_trace_vec_diag_and_kronecker():
    left, right = random_value(2, 3, seed=1), random_value(3, 2, seed=2)
    a, b = integers(left), integers(right)
    assert integers((left @ right).trace()).item() == np.trace(a @ b) % PRIME
    assert integers(left.vec())[:, 0].tolist() == a.T.ravel().tolist()
    assert (integers(left.kronecker(right)) == np.kron(a, b) % PRIME).all()
    assert (integers(random_value(3, 1).diag(3)) == np.diag(integers(random_value(3, 1))[:, 0])).all()


def test_contraction_agrees_with_a_plain_sum():
    names = [("i", "k"), ("k", "l"), ("l", "j"), ("k",)]
    factors = [random_value(*(3,) * len(own), 1, 1, seed=k, labels=own) for k, own in enumerate(names)]
    a, b, c, d = (factor.base()[..., 0, 0].astype(object) for factor in factors)
    # axes are in alphabetical order
    expected = np.einsum("ik,kl,jl,k->ij", a, b, c, d) % PRIME
    result = contract(factors, {"k": 3, "l": 3})
    assert result.labels() == {"i", "j"}
    assert (result.base()[..., 0, 0] == expected).all()


def test_sum_over_an_index_that_is_absent_counts():
    assert integers(contract([random_value(1, 1)], {"k": 7})) == integers(random_value(1, 1)) * 7 % PRIME


def test_twelve_indices_are_contracted_pairwise():
    names = [f"u{k:02}" for k in range(13)]
    chain = [random_value(13, 13, 1, 1, seed=k, labels=names[k : k + 2]) for k in range(12)]
    result = contract(chain, dict.fromkeys(names[1:-1], 13))
    assert result.base().shape == (13, 13, 1, 1)


def test_arrays_beyond_the_limit_are_refused():
    names = [f"u{k}" for k in range(8)]
    factors = [random_value(13, 1, 1, seed=k, labels=(name,)) for k, name in enumerate(names)]
    with pytest.raises(TooLargeError, match="an array of"):
        contract(factors, {})
    with pytest.raises(TooLargeError):
        random_value(60, 60).kronecker(random_value(60, 60))
    with pytest.raises(TooLargeError, match="an array of"):
        random_value(3000, 2) @ random_value(2, 3000)


def test_work_beyond_the_limit_is_refused():
    with pytest.raises(TooLargeError, match="product would take too long"):
        random_value(1000, 1000) @ random_value(1000, 1000)
    with pytest.raises(TooLargeError, match="200 rows would take too long"):
        random_value(200, 200).adjugate(200)


def test_small_numbers_of_the_adic_field_vanish_in_high_powers():
    field = Adic(PRIME, 6)
    small = Jet.constant(field, field.small)
    unit = Jet.identity(field, 1)
    assert small.power(field.orders - 1, unit).base().any()
    assert not small.power(field.orders, unit).base().any()


def test_decimal_numbers_neither_cancel_nor_overflow():
    field = Reals(60)
    with field.session():
        one, large = Jet.number(field, 1), Jet.number(field, 10**17)
        third = Jet.constant(field, field.reciprocal(field.number(3)))
        assert abs((third + large - large - third).base().item()) < Decimal(10) ** -40
        huge = (Jet.number(field, 10**6)).exp()
        assert abs((huge * (-Jet.number(field, 10**6)).exp() - one).base().item()) < Decimal(10) ** -50


def test_decimal_draws_are_the_same_in_any_precision():
    assert (Reals(60).draw(Random(3), (2, 2)) == Reals(90).draw(Random(3), (2, 2))).all()


def test_fractions_of_too_many_digits_are_refused():
    value = Jet.number(Rationals(), 3**64)
    with pytest.raises(TooLargeError, match="too many digits"):
        value.power(2**20, Jet.number(Rationals(), 1))


def test_more_axes_than_numpy_has_are_refused():
    ones = [
        Jet.constant(FIELD, np.ones((1, 1, 1, 1), dtype=np.uint64), (f"i{k}", f"j{k}")) for k in range(34)
    ]
    with pytest.raises(TooLargeError, match="axes would be needed"):
        contract(ones, {})


def test_large_products_of_python_objects_are_refused_earlier():
    field = Rationals()
    matrix = Jet.constant(field, field.draw(Random(1), (300, 300)))
    with pytest.raises(TooLargeError):
        matrix @ matrix
