"""A practice Stripe with a clock that stands still, and a small client for it."""

import pytest
from hypothesis import settings

from sync.practice.app import PracticeStripe
from tests.sync.practice.api import Api, Clock

SEED = 7

# Two cores are shared by everybody; how long an example takes says nothing.
settings.register_profile("practice", deadline=None)
settings.load_profile("practice")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def practice(clock: Clock) -> PracticeStripe:
    return PracticeStripe(clock=clock, seed=SEED)


@pytest.fixture
def api(practice: PracticeStripe) -> Api:
    return Api(practice)
