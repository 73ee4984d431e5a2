"""DuckDB: functions for SQL, which work on Arrow vectors."""

from __future__ import annotations

from typing import Optional

import duckdb
import pyarrow as pa

from kanwu.engines import _columns
from kanwu.linter import Linter

_COUNTED = (
    "STRUCT(score FLOAT, errors INTEGER, warnings INTEGER, infos INTEGER, "
    "rules MAP(VARCHAR, INTEGER))"
)
_FOUND = (
    'STRUCT(rule VARCHAR, "group" VARCHAR, severity VARCHAR, confidence VARCHAR, '
    'probability FLOAT, "start" INTEGER, "end" INTEGER, line INTEGER, "column" INTEGER, '
    "text VARCHAR, message VARCHAR, replacement VARCHAR)[]"
)


def register(
    connection: duckdb.DuckDBPyConnection, *, linter: Optional[Linter] = None, threads: int = 1
) -> None:
    """Adds ``kanwu(text)``, ``kanwu_score``, ``kanwu_findings`` and ``kanwu_fix`` to a connection.

    ``kanwu(text)`` is a struct of ``score, errors, warnings, infos, rules``;
    ``kanwu_findings(text)`` a list, to be unnested.
    """
    linter = linter or Linter()

    def counts(texts: pa.ChunkedArray) -> pa.Array:
        return pa.array(linter.check_batch(texts, threads=threads))

    def score(texts: pa.ChunkedArray) -> pa.Array:
        return _columns.counts(texts, linter, threads).column("score")

    def found(texts: pa.ChunkedArray) -> pa.Array:
        return pa.array(linter.check_batch(texts, columns="findings", threads=threads))

    def fixed(texts: pa.ChunkedArray) -> pa.Array:
        return pa.array(linter.check_batch(texts, columns="fixed", threads=threads))

    for name, function, kind in (
        ("kanwu", counts, _COUNTED),
        ("kanwu_score", score, "FLOAT"),
        ("kanwu_findings", found, _FOUND),
        ("kanwu_fix", fixed, "VARCHAR"),
    ):
        connection.create_function(name, function, ["VARCHAR"], kind, type="arrow")
