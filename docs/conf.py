"""The documentation site: guides, tutorials that run when it is built, and the public names from their docstrings.

Law: nothing is fetched when a page is shown; mathematics is MathML.
"""

import re
from importlib import metadata

from math_core import LatexToMathML

project = "lstm_sym"
release = metadata.version("lstm-sym")
author = "the lstm_sym authors"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton"]
html_theme = "furo"
html_title = "lstm_sym"
exclude_patterns = ["_build"]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb"}
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
suppress_warnings = ["myst.xref_missing", "myst.header"]
nb_execution_mode = "off"  # tests hold the stored outputs to what the notebooks give
nb_render_markdown_format = "myst"
autodoc_member_order = "bysource"
autodoc_typehints = "description"
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
html_theme_options = {"footer_icons": [], "source_repository": ""}


TAG = re.compile(r"\\tag\{[^}]*\}")
"""An equation's number, which stands in the text beside it."""
CONVERTER = LatexToMathML(continue_on_error=True)


def mathml(display):
    """A visitor that writes a formula as MathML; what the converter cannot read stands as its source."""

    def visit(self, node):
        from docutils.nodes import SkipNode

        self.body.append(CONVERTER.convert_with_local_state(TAG.sub("", node.astext()), displaystyle=display == "block"))
        raise SkipNode

    return visit


def setup(app):
    app.add_html_math_renderer("mathml", (mathml("inline"), None), (mathml("block"), None))


html_math_renderer = "mathml"
