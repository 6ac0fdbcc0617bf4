"""How long we keep what: the one place where the privacy notice learns it. Pure."""

from __future__ import annotations

from bulletin.website.pages.privacy import KeepingTimes


def find_keeping_times() -> KeepingTimes:
    """The times after which it is deleted."""
    return KeepingTimes(unconfirmed_days=7, network_days=30, delivery_months=24, complaint_months=24, log_days=90)
