"""How much may be given on trust: provisional value against the event's limits."""

from __future__ import annotations

from kiosk.domain.offer import Limits
from kiosk.errors import ExposureExceeded


def check_exposure(limits: Limits, total_minor: int, outstanding_minor: int) -> None:
    """Raise ExposureExceeded (scope `sale` or `device`) when this sale would pass a limit.

    `outstanding_minor` is the provisional value of this device's sales that are not settled.
    """
    if limits.per_sale_minor is not None and total_minor > limits.per_sale_minor:
        raise ExposureExceeded(
            scope="sale", limit_minor=limits.per_sale_minor, would_be_minor=total_minor
        )
    would_be = outstanding_minor + total_minor
    if limits.per_device_minor is not None and would_be > limits.per_device_minor:
        raise ExposureExceeded(
            scope="device", limit_minor=limits.per_device_minor, would_be_minor=would_be
        )
