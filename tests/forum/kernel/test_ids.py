"""Identifiers tell nothing."""

import re
from itertools import pairwise

from forum.kernel.ids import new_id, new_secret


def test_an_identifier_fits_its_column_and_a_url() -> None:
    assert all(re.fullmatch("[0-9a-f]{32}", new_id()) for _ in range(100))


def test_identifiers_do_not_come_twice_nor_in_order_of_time() -> None:
    made = [new_id() for _ in range(2000)]
    assert len(set(made)) == 2000
    rising = sum(one < other for one, other in pairwise(made))
    assert 800 < rising < 1200, "sorted ids would tell when a held comment arrived"


def test_a_secret_has_the_size_asked_for_and_is_safe_in_a_header() -> None:
    assert all(re.fullmatch("[A-Za-z0-9_-]{43}", new_secret()) for _ in range(100))
    assert len(new_secret(16)) == 22
    assert len({new_secret() for _ in range(1000)}) == 1000
