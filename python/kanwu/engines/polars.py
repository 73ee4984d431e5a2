"""Polars: the namespace ``kanwu`` of expressions, ``pl.col("text").kanwu.score()``.

Import this module once. Expressions work in eager and lazy frames.
"""

from __future__ import annotations

from typing import Optional

import polars as pl

from kanwu.linter import Linter

_FOUND = pl.Struct(
    {
        "rule": pl.String,
        "severity": pl.String,
        "probability": pl.Float32,
        "start": pl.Int32,
        "end": pl.Int32,
        "line": pl.Int32,
        "column": pl.Int32,
        "text": pl.String,
        "message": pl.String,
        "replacement": pl.String,
    }
)
_COUNTED = pl.Struct(
    {"score": pl.Float32, "errors": pl.Int32, "warnings": pl.Int32, "infos": pl.Int32}
)


@pl.api.register_expr_namespace("kanwu")
class Kanwu:
    """What kanwu finds in a column of texts. ``threads=0``: one for each processor."""

    def __init__(self, texts: pl.Expr) -> None:
        self._texts = texts

    def counts(self, *, linter: Optional[Linter] = None, threads: int = 0) -> pl.Expr:
        """A struct of ``score, errors, warnings, infos``, to be unnested."""
        linter = linter or Linter()

        def step(texts: pl.Series) -> pl.Series:
            found = pl.DataFrame(linter.check_batch(texts, threads=threads))
            return found.drop("rules").to_struct(texts.name)

        return self._texts.map_batches(step, return_dtype=_COUNTED)

    def score(self, *, linter: Optional[Linter] = None, threads: int = 0) -> pl.Expr:
        """The score, from 0 to 100."""
        return self.counts(linter=linter, threads=threads).struct.field("score")

    def findings(self, *, linter: Optional[Linter] = None, threads: int = 0) -> pl.Expr:
        """A list of findings, to be exploded and unnested."""
        linter = linter or Linter()

        def step(texts: pl.Series) -> pl.Series:
            found = linter.check_batch(texts, columns="findings", threads=threads)
            return pl.Series(texts.name, found)

        return self._texts.map_batches(step, return_dtype=pl.List(_FOUND))

    def fix(
        self, *, linter: Optional[Linter] = None, threads: int = 0, unsafe_fixes: bool = False
    ) -> pl.Expr:
        """The texts with fixes applied."""
        linter = linter or Linter()

        def step(texts: pl.Series) -> pl.Series:
            fixed = linter.check_batch(
                texts, columns="fixed", threads=threads, unsafe_fixes=unsafe_fixes
            )
            return pl.Series(texts.name, fixed)

        return self._texts.map_batches(step, return_dtype=pl.String)
