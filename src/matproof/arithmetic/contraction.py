"""Products of many factors, summed over index axes, pair by pair."""

from __future__ import annotations

from collections.abc import Sequence

from .jets import Jet


def contract(factors: Sequence[Jet], sums: dict[str, int]) -> Jet:
    """Product of scalars (at most one factor may be a matrix), summed over the axes `sums` (name: size).

    Pairwise: the axis whose factors make the smallest array is summed first, so that long chains stay small.
    """
    if not sums:
        return _multiply(list(factors))
    field = factors[0].field
    pending = [(factor, factor.labels()) for factor in factors]
    sums = dict(sums)
    while sums:
        label = min(
            sums, key=lambda name: len({other for _, labels in pending if name in labels for other in labels})
        )
        touched = [factor for factor, labels in pending if label in labels]
        if not touched:
            size = field.number(sums.pop(label))
            pending[0] = (pending[0][0].times(size), pending[0][1])
            continue
        product = _multiply(touched).total(label, sums.pop(label))
        pending = [pair for pair in pending if label not in pair[1]] + [(product, product.labels())]
    return _multiply([factor for factor, _ in pending])


def _multiply(factors: list[Jet]) -> Jet:
    """Entrywise product, the smallest factors first."""
    if len(factors) > 2:
        factors = sorted(factors, key=lambda factor: sum(data.size for _, data in factor.parts.values()))
    product = factors[0]
    for factor in factors[1:]:
        product = product * factor
    return product
