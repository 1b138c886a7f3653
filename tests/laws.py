"""How many examples a law is tried with: hypothesis profiles, and settings that follow them.

``quick`` (the usual one) tries the same few examples each time, so that what fails was changed;
``thorough`` (``make test-all``, CI) tries many times as many, others each time. No profile looks at
a clock: neither a deadline nor the health check of slow data says anything on a busy machine.
"""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, Phase, settings

USUAL = 100
"""Examples of a law that says nothing about it, where hypothesis has no profile."""

settings.register_profile(
    "quick",
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "thorough",
    max_examples=500,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.register_profile(
    "mutants",  # of tests.mutants: the first failure is enough, nobody reads it
    settings.get_profile("quick"),
    phases=(Phase.explicit, Phase.generate),
    database=None,
)


def load_profile() -> None:
    """Take the profile named by ``HYPOTHESIS_PROFILE``; ``--hypothesis-profile`` goes before it."""
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def count_examples(usual: int) -> int:
    """Return how many examples the profile makes of a usual number, at least two."""
    return max(2, round(usual * settings.default.max_examples / USUAL))


def law(examples: int, *suppressed: HealthCheck, **more: Any) -> settings:
    """Return settings for a law whose examples cost more, or tell more, than usual.

    Parameters
    ----------
    examples
        How many examples would be tried where the usual number is :data:`USUAL`; the profile
        scales them alike.
    suppressed
        Health checks that do not apply to this law.
    more
        Further settings of hypothesis.
    """
    checks = [*settings.default.suppress_health_check, *suppressed]
    return settings(max_examples=count_examples(examples), suppress_health_check=checks, **more)
