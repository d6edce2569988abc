"""The primes that verdicts rest on."""

from random import Random

import pytest

from matproof.arithmetic.fields import Residues
from matproof.arithmetic.primes import BOUND, LEAST, draw_primes, is_prime


def divides_none(number: int) -> bool:
    return all(number % divisor for divisor in range(3, int(number**0.5) + 1, 2))


@pytest.mark.parametrize("start", [41, 2**16 + 1, 2**31 - 101])
def test_primes_are_told_from_other_odd_numbers(start):
    for number in range(start, start + 100, 2):
        assert is_prime(number) == divides_none(number), number


def test_strong_pseudoprimes_are_no_primes():
    assert not any(map(is_prime, (2047, 1373653, 25326001, 1194649, 12327121)))


@pytest.mark.parametrize("positive", [False, True])
def test_a_claim_gets_two_primes_of_its_own(positive):
    drawn = [draw_primes(Random(seed), 2, positive=positive) for seed in range(40)]
    assert len({prime for pair in drawn for prime in pair}) == 80
    for prime in (prime for pair in drawn for prime in pair):
        assert LEAST < prime < BOUND
        assert prime % 4 == 3
        assert is_prime(prime)
    assert drawn[3] == draw_primes(Random(3), 2, positive=positive)


def test_small_positive_numbers_are_squares_where_signs_matter():
    for seed in range(5):
        for prime in draw_primes(Random(seed), 2, positive=True):
            field = Residues(prime)
            for number in (2, 3, 5, 6, 7, 10, 11, 12, 13, 26):
                assert field.sign(field.number(number)).item() == 1
                assert field.sign(field.number(-number)).item() == prime - 1
