"""The pytest fixture `verify_gradient`, installed with the package.

    def test_backward(verify_gradient):
        verify_gradient(loss, gradient, {"W": (3, 2), "x": (4, 2)})

Law: the test fails with the report's text where a gradient is refuted, where one that came back is not decided, and where
nothing ran.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from lstm_sym.code.checking.report import CodeReport


@pytest.fixture(name="verify_gradient")
def verify_gradient_fixture() -> Callable[..., CodeReport]:
    """verify_gradient(loss, gradient, arguments), which fails the test unless every returned gradient is right."""
    from lstm_sym.code.checking.verify import verify_gradient

    def verify(
        loss: Callable[..., Any], gradient: Callable[..., Any], arguments: Mapping[str, Any], **options: Any
    ) -> CodeReport:
        __tracebackhide__ = True
        report = verify_gradient(loss, gradient, arguments, **options)
        if not report.holds:
            pytest.fail(report.text(), pytrace=False)
        return report

    return verify
