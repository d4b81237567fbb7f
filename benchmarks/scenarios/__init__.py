"""What is measured, by its name on the command line. Each stands alone: it seeds a database and starts servers of its own."""

from collections.abc import Mapping
from typing import Final

from benchmarks.bench import Scenario
from benchmarks.scenarios import (
    catchup,
    deciding,
    fanout,
    http_during_fanout,
    long,
    memory,
    moderated,
    page,
    post,
    queue,
    screening,
    start,
    storm,
    workers,
)

SCENARIOS: Final[Mapping[str, Scenario]] = {
    "page": page.measure,
    "long": long.measure,
    "post": post.measure,
    "moderated": moderated.measure,
    "deciding": deciding.measure,
    "fanout": fanout.measure,
    "http-during-fanout": http_during_fanout.measure,
    "storm": storm.measure,
    "catchup": catchup.measure,
    "start": start.measure,
    "memory": memory.measure,
    "queue": queue.measure,
    "screening": screening.measure,
    "workers": workers.measure,
}
