"""Combinations of choices: every one, or few in which each pair of choices still meets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

#: One choice for each axis.
Row = dict[str, str]
_Pair = frozenset[tuple[str, str]]


def every(axes: Mapping[str, Sequence[str]]) -> Iterator[Row]:
    """Yield every combination of the choices of *axes*."""
    for choices in product(*axes.values()):
        yield dict(zip(axes, choices, strict=True))


def pairwise(axes: Mapping[str, Sequence[str]]) -> Iterator[Row]:
    """Yield rows until each pair of choices of two axes has met in one; the first row has every first choice."""
    open_pairs = {
        frozenset({(one, first), (other, second)})
        for one, other in combinations(axes, 2)
        for first in axes[one]
        for second in axes[other]
    }
    row = {axis: choices[0] for axis, choices in axes.items()}
    while True:
        yield row
        open_pairs -= _pairs(row)
        if not open_pairs:
            return
        row = _next_row(axes, open_pairs)


def _next_row(axes: Mapping[str, Sequence[str]], open_pairs: set[_Pair]) -> Row:
    """Start from one open pair and add, axis by axis, the choice that closes most of the others."""
    row = dict(min(open_pairs, key=sorted))
    for axis, choices in axes.items():
        if axis not in row:
            row[axis] = _best(row, axis, choices, open_pairs)
    return {axis: row[axis] for axis in axes}


def _best(row: Row, axis: str, choices: Sequence[str], open_pairs: set[_Pair]) -> str:
    return max(choices, key=lambda choice: len(_pairs(row | {axis: choice}) & open_pairs))


def _pairs(row: Row) -> set[_Pair]:
    return {frozenset(pair) for pair in combinations(row.items(), 2)}
