"""Polars: the namespace ``kanwu`` of expressions, ``pl.col("text").kanwu.score()``.

Import this module once. The expressions are those of a plugin: the engine of Polars calls kanwu
without Python between, in eager, lazy and streamed queries.
"""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import polars as pl
from polars.plugins import register_plugin_function

from kanwu import _kanwu
from kanwu.linter import Linter

_PLUGIN = Path(_kanwu.__file__)


@pl.api.register_expr_namespace("kanwu")
class Kanwu:
    """What kanwu finds in a column of texts. ``threads=0``: one for each processor."""

    def __init__(self, texts: pl.Expr) -> None:
        self._texts = texts

    def counts(self, *, linter: Optional[Linter] = None, threads: int = 0) -> pl.Expr:
        """A struct of ``score, errors, warnings, infos``, to be unnested."""
        return self._call("counts", linter, threads)

    def score(self, *, linter: Optional[Linter] = None, threads: int = 0) -> pl.Expr:
        """The score, from 0 to 100."""
        return self.counts(linter=linter, threads=threads).struct.field("score")

    def findings(self, *, linter: Optional[Linter] = None, threads: int = 0) -> pl.Expr:
        """A list of findings, to be exploded and unnested."""
        return self._call("findings", linter, threads)

    def fix(
        self, *, linter: Optional[Linter] = None, threads: int = 0, unsafe_fixes: bool = False
    ) -> pl.Expr:
        """The texts with fixes applied."""
        return self._call("fix", linter, threads, unsafe_fixes)

    def _call(
        self, name: str, linter: Optional[Linter], threads: int, unsafe_fixes: bool = False
    ) -> pl.Expr:
        return register_plugin_function(
            plugin_path=_PLUGIN,
            function_name=name,
            args=[self._texts],
            kwargs=(linter or Linter())._options(threads, unsafe_fixes),
            is_elementwise=True,
        )
