"""`/privacy`: the notice that the law asks for (UK GDPR articles 13 and 14), made from bulletin.yaml. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.settings.retention import Retention
from bulletin.settings.settings import Settings
from bulletin.settings.website import Privacy
from bulletin.website.frame import Frame
from bulletin.website.pages.choices import BulletinTitle, ListChoice, describe_list, list_bulletins


@dataclass(frozen=True, kw_only=True, slots=True)
class KeepingTimes:
    """How long what is kept, in days or months: `bulletin run` deletes what is older."""

    unconfirmed_days: int
    network_days: int
    delivery_months: int
    complaint_months: int
    log_days: int = 90


def find_keeping_times(retention: Retention) -> KeepingTimes:
    """What the notice promises: what `bulletin run` carries out."""
    return KeepingTimes(
        unconfirmed_days=retention.unconfirmed,
        network_days=retention.network,
        delivery_months=retention.deliveries,
        complaint_months=retention.complaints,
        log_days=retention.logs,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class PrivacyView:
    """What the notice says. `contact` is where to write about personal information."""

    bulletins: tuple[BulletinTitle, ...]
    lists: tuple[ListChoice, ...]
    contact: str
    privacy: Privacy
    keeping: KeepingTimes


def describe_privacy(settings: Settings, keeping: KeepingTimes) -> PrivacyView:
    """The notice of a workspace that declares a website. `keeping` is what is really done."""
    privacy = settings.website.privacy if settings.website else Privacy()
    return PrivacyView(
        bulletins=list_bulletins(settings),
        lists=tuple(describe_list(settings, name) for name in settings.lists),
        contact=privacy.contact or settings.organisation.email,
        privacy=privacy,
        keeping=keeping,
    )


def render_privacy(frame: Frame, view: PrivacyView) -> str:
    """The privacy notice. Raises ThemeError."""
    return frame.render("privacy.html.j2", view=view)
