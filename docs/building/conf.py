"""How Sphinx builds the documentation's site: `make docs`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from pygments.lexers.data import YamlLexer

sys.path.insert(0, str(Path(__file__).parent))

from bulletin import __version__
from mending import mend_html

project = "bulletin"
release = __version__
copyright = ""  # noqa: A001 -- Sphinx's name for it
show_copyright = False
html_show_copyright = False
language = "en_GB"
root_doc = "index"
extensions = ["myst_parser", "sphinx_copybutton"]
myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist", "fieldlist", "html_image"]
myst_heading_anchors = 4
highlight_language = "text"
smartquotes = False
nitpicky = True
suppress_warnings = ["misc.highlighting_failure"]  # examples with Jinja or Markdown in them are shown as they are

html_theme = "furo"
html_title = "bulletin"
html_static_path = ["static"]
templates_path = ["templates"]
html_css_files = ["bulletin.css"]
html_js_files = ["drawers.js"]
html_show_sourcelink = False
html_copy_source = False
html_use_index = False
html_domain_indices = False
copybutton_prompt_text = "$ "
copybutton_only_copy_prompt_lines = True
copybutton_selector = "div.highlight-console pre, div.highlight-yaml pre, div.highlight-yml pre"
_LINKS = {"color-brand-primary": "#124d5c", "color-brand-content": "#124d5c", "color-brand-visited": "#124d5c"}
_LINKS_IN_DARK = {"color-brand-primary": "#7fb8c8", "color-brand-content": "#7fb8c8", "color-brand-visited": "#7fb8c8"}
html_theme_options = {
    "light_css_variables": _LINKS,
    "dark_css_variables": _LINKS_IN_DARK,
    "top_of_page_buttons": [],
}
linkcheck_ignore = [r"https?://([\w-]+\.)*example\.(org|com|net)", r"http://(localhost|127\.0\.0\.1)"]


def setup(app: Any) -> None:
    """Mend each page once it is written, and know the name that our pages have for YAML."""
    app.add_lexer("yml", YamlLexer)
    app.connect("build-finished", _mend_pages)


def _mend_pages(app: Any, fault: Exception | None) -> None:
    if fault is None and app.builder.format == "html":
        for page in Path(app.outdir).rglob("*.html"):
            page.write_text(mend_html(page.read_text(encoding="utf-8")), encoding="utf-8")
