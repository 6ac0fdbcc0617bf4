"""CSS moved from style sheets into style attributes, which is where Outlook and some web mailers look for it.

This module owns premailer: its imports take a quarter of a second, so they load when the first e-mail is rendered.
"""

from __future__ import annotations


def inline_css(html: str) -> str:
    """The same whole document, with each rule of its style sheets in the `style` of the elements that it selects.

    The sheets stay, for media queries and for what cannot be inlined; one with `data-premailer="ignore"` is not
    inlined. Rules select by class only: premailer weighs other selectors wrongly or leaves them out.
    """
    import logging

    import cssutils
    from premailer import Premailer

    cssutils.log.setLevel(logging.CRITICAL + 1)  # it writes a line to stderr for every property younger than itself
    inlined = Premailer(
        html,
        keep_style_tags=True,
        remove_classes=False,  # the dark colours and the narrow layout need them
        strip_important=False,  # it would strip them inside @media too, where they must beat the inlined style
        # Attributes are what Outlook reads: those of the template are meant, those derived from CSS are not.
        disable_basic_attributes=["width", "height", "bgcolor", "align", "valign"],
        align_floating_images=False,
        disable_validation=True,
        allow_network=False,
        allow_loading_external_files=False,
    ).transform(pretty_print=False)
    return str(inlined)
