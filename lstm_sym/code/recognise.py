"""r"""

from typing import Any


def recognised(run: Any) -> Any:
    return None
