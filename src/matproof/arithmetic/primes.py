"""Primes below 2^31, drawn from the 24 million that leave the remainder 3 when divided by 4.

Square roots are one power modulo such a prime, and four products of residues fit into 64 bits.
"""

from __future__ import annotations

from math import gcd, prod
from random import Random

LEAST, BOUND = 2**30, 2**31
_SMALL = prod((3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37))  # and no more, for 41 is to be seen as prime
_POSITIVE = 3, 5, 7, 11, 13
_WITNESSES = 2, 3, 5, 7  # they tell every number below 3,215,031,751 (Jaeschke)


def is_prime(number: int) -> bool:
    """Whether an odd number from 41 to 2^31 is prime (Miller and Rabin)."""
    if gcd(number, _SMALL) > 1:
        return False
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    return all(_passes(number, witness, odd, twos) for witness in _WITNESSES)


def _passes(number: int, witness: int, odd: int, twos: int) -> bool:
    power = pow(witness, odd, number)
    if power in (1, number - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % number
        if power == number - 1:
            return True
    return False


def draw_primes(source: Random, count: int, *, positive: bool = False) -> tuple[int, ...]:
    """Different primes between 2^30 and 2^31; on request such that small positive numbers are squares."""
    found: dict[int, None] = {}
    while len(found) < count:
        candidate = LEAST | source.getrandbits(30) | 3
        if positive and not (candidate % 8 == 7 and all(_is_square(q, candidate) for q in _POSITIVE)):
            continue
        if is_prime(candidate):
            found[candidate] = None
    return tuple(found)


def _is_square(small: int, prime: int) -> bool:
    """Whether a small odd prime is a square modulo a prime that is 3 modulo 4 (quadratic reciprocity)."""
    other_way = pow(prime, (small - 1) // 2, small) == 1
    return other_way if small % 4 == 1 else not other_way
