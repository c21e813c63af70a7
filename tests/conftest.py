"""What every test may rely on: reproducible random examples, a PostgreSQL server, cities that take long to make."""

import os

from hypothesis import HealthCheck, settings

from tests.made_once import demo, frozen_city
from tests.postgresql import postgresql_url

__all__ = ["demo", "frozen_city", "postgresql_url"]

# `ci` draws the same examples on every machine; `nightly` looks for new ones.
settings.register_profile("ci", max_examples=50, derandomize=True, deadline=None, database=None, print_blob=True)
settings.register_profile(
    "nightly",
    max_examples=20_000,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
