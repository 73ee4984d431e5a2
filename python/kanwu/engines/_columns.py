"""What the steps have in common: columns of a PyArrow batch."""

from __future__ import annotations

from typing import Optional, Sequence

import pyarrow as pa

from kanwu.linter import Linter

COUNTS = ("score", "errors", "warnings", "infos", "rules")
"""The columns that a step adds."""


def counts(texts: pa.Array, linter: Optional[Linter], threads: int = 1) -> pa.RecordBatch:
    """How much was found in each text."""
    return pa.record_batch((linter or Linter()).check_batch(texts, threads=threads))


def checked(
    table: pa.Table, text: str, keep: Optional[Sequence[str]], linter: Optional[Linter]
) -> pa.Table:
    """The columns of a table that are kept (``None``: all), with the counts beside them."""
    found = counts(table.column(text), linter)
    kept = table if keep is None else table.select(list(keep))
    for field, column in zip(found.schema, found.columns):
        kept = kept.append_column(field, column)
    return kept
