"""The documentation site: guides, tutorials that run when it is built, and the public names from their docstrings.

Law: nothing is fetched when a page is shown; mathematics is MathML.
"""

from importlib.metadata import version

project = "lstm_sym"
release = version("lstm-sym")
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
autodoc_member_order = "bysource"
autodoc_typehints = "description"
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
html_theme_options = {"footer_icons": [], "source_repository": ""}
