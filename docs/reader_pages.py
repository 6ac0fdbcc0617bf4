"""Some pages for readers as HTML, for the pictures in docs/pictures: as the sample workspace's website shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bulletin.subscribers.masking import mask_address
from bulletin.website.frame import Frame, make_frame
from bulletin.website.pages.choices import describe_list, find_open_lists, list_bulletins
from bulletin.website.pages.preferences import PreferencesView, list_breaks, render_preferences
from bulletin.website.pages.subscribe import SubscribeFault, SubscribeView, render_subscribe
from bulletin.website.pages.unsubscribe import (
    UnsubscribedView,
    UnsubscribeView,
    render_unsubscribe,
    render_unsubscribed,
)
from bulletin.workspace.workspace import Workspace


def frame_of(workspace: Workspace) -> Frame:
    """The frame of the workspace's website."""
    return make_frame(workspace.settings, workspace.theme_folders, offers=("privacy", "complaint", "subscribe"))


def render_pages(workspace: Workspace, frame: Frame) -> Mapping[str, str]:
    """Each page by its name."""
    settings = workspace.settings
    masked, bulletins = mask_address("jo.bloggs@schools.example.net"), list_bulletins(settings)
    form = SubscribeView(bulletins=bulletins, lists=find_open_lists(settings))
    faults = (SubscribeFault.NO_LIST, SubscribeFault.BAD_ADDRESS)
    return {
        "subscribe": render_subscribe(frame, form),
        "faults": render_subscribe(
            frame,
            SubscribeView(bulletins=bulletins, lists=form.lists, email="jo.bloggs@schools", faults=faults),
        ),
        "unsubscribe": render_unsubscribe(
            frame,
            UnsubscribeView(
                masked=masked, title=bulletins[0].title, pace=bulletins[0].pace, preferences="/preferences/"
            ),
        ),
        "unsubscribed": render_unsubscribed(frame, UnsubscribedView(masked=masked, title=bulletins[0].title)),
        "preferences": render_preferences(
            frame,
            PreferencesView(
                masked=masked,
                lists=tuple(describe_list(settings, name, chosen=True) for name in ("champions", "schools")),
                breaks=list_breaks(date(2021, 5, 4)),
                name="Jo Bloggs",
                unsubscribe_all="/unsubscribe/",
            ),
        ),
    }
