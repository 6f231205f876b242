"""How many ulps implementations are off, as a table for a terminal: quantities down, saturations across, largest and mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lstm_sym.ulps import Accuracy, Measured


def accuracy_text(found: Sequence[Accuracy]) -> str:
    """All tables."""
    head = "Error in ulps of the certified value: largest (mean); inf: not a number, or infinite where the value is not\n"
    return head + "".join("\n" + "\n".join(_table(each)) + "\n" for each in found)


def saturations(found: Accuracy) -> list[int]:
    """The saturations of a table, in their order."""
    return sorted({row.saturation for row in found.rows})


def by_quantity(found: Accuracy) -> dict[str, dict[int, Measured]]:
    """The rows of a table by quantity and saturation."""
    table: dict[str, dict[int, Measured]] = {}
    for row in found.rows:
        table.setdefault(row.quantity, {})[row.saturation] = row
    return table


def number(ulps: float | None) -> str:
    """Three digits, with an exponent where the number is large."""
    return "inf" if ulps is None else f"{ulps:.2f}" if ulps < 100 else f"{ulps:.0f}" if ulps < 100_000 else f"{ulps:.1e}"


def _table(found: Accuracy) -> Iterator[str]:
    yield f"{found.implementation}, {found.cell}, {found.format}: {found.about}"
    across = saturations(found)
    yield f"  {'saturation':<22}" + "".join(f"{saturation:>22}" for saturation in across)
    for quantity, rows in by_quantity(found).items():
        cells = [f"{number(rows[s].largest)} ({number(rows[s].mean)})" if s in rows else "" for s in across]
        yield f"  {quantity:<22}" + "".join(f"{cell:>22}" for cell in cells)
