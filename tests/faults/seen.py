"""What a fault was seen to do: figures beside their criteria, kept with the result of the test for the report.

Machines are noisy, so a criterion of time or memory that is missed is told, not failed; what fails is a hang.
"""

import math
from collections.abc import Callable, Sequence

LENIENT = 5.0
LEAST = 5.0
"""Seconds below which nothing is called a hang."""


class Seen:
    """Notes of one test."""

    def __init__(self, record: Callable[[str, object], None]) -> None:
        self._record = record

    def note(self, row: str, text: str) -> None:
        """Keep a sentence for a row of the table of faults ("F15")."""
        self._record(row, text)

    def figure(self, row: str, what: str, value: float, unit: str, most: float = math.inf) -> None:
        """Keep a figure and say whether it is at most `most`; fails nothing."""
        verdict = "" if math.isinf(most) else f" ({'met' if value <= most else 'MISSED'}: at most {most:g} {unit})"
        self.note(row, f"{what}: {value:.3g} {unit}{verdict}" if value < 100 else f"{what}: {value:,.0f} {unit}{verdict}")

    def took(self, row: str, what: str, seconds: float, most: float) -> None:
        """Keep a time with its criterion; fails only what took five times as long, and more than five seconds."""
        self.figure(row, what, seconds, "s", most)
        assert seconds <= max(LEAST, LENIENT * most), f"{row}: {what}: {seconds:.1f} s, where {most:g} s are the criterion"


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that this share (0–1) of the values does not exceed; fails when there are none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
