"""Apache Spark: texts go to Python workers as Arrow batches, columns come back."""

from __future__ import annotations

from typing import Any, Iterable, Iterator, Optional, Sequence

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql.functions import pandas_udf
from pyspark.sql.types import StructType

from kanwu.engines import _columns
from kanwu.linter import Linter

COUNTS = "score float, errors int, warnings int, infos int, rules map<string, int>"
FINDINGS = (
    "rule string, group string, severity string, confidence string, probability float, "
    "start int, end int, line int, column int, "
    "text string, message string, replacement string"
)


def check(
    frame: DataFrame,
    *,
    text: str = "text",
    keep: Sequence[str] = ("id",),
    linter: Optional[Linter] = None,
) -> DataFrame:
    """The columns ``keep`` with ``score, errors, warnings, infos, rules`` of each text."""
    linter = linter or Linter()
    kept = list(keep)

    def step(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            found = _columns.counts(batch.column(text), linter)
            columns = [batch.column(name) for name in kept] + found.columns
            yield pa.RecordBatch.from_arrays(columns, kept + found.schema.names)

    return _mapped(frame, text, kept, step, COUNTS)


def findings(
    frame: DataFrame,
    *,
    text: str = "text",
    keep: Sequence[str] = ("id",),
    linter: Optional[Linter] = None,
) -> DataFrame:
    """A row for each finding: the columns ``keep`` of its text, and what was found."""
    linter = linter or Linter()
    kept = list(keep)

    def step(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            found = pa.record_batch(linter.check_arrow(batch.column(text)))
            columns = [batch.column(name).take(found.column("document")) for name in kept]
            yield pa.RecordBatch.from_arrays(
                columns + found.columns[1:], kept + found.schema.names[1:]
            )

    return _mapped(frame, text, kept, step, FINDINGS)


def score(column: Any, *, linter: Optional[Linter] = None) -> Column:
    """The score of a column of texts, as a pandas UDF for SQL expressions."""
    linter = linter or Linter()

    def step(texts):  # type: ignore[no-untyped-def]
        scores = _columns.counts(pa.array(texts, pa.string(), from_pandas=True), linter)
        return scores.column("score").to_pandas()

    step.__annotations__ = {"texts": _series(), "return": _series()}
    return pandas_udf(step, "float")(column)  # type: ignore[call-overload,no-any-return]


def _series() -> Any:
    import pandas

    return pandas.Series


def _mapped(frame: DataFrame, text: str, kept: Sequence[str], step: Any, added: str) -> DataFrame:
    selected = frame.select(*dict.fromkeys([*kept, text]))
    schema = StructType([frame.schema[name] for name in kept])
    for field in StructType.fromDDL(added):
        schema = schema.add(field)
    return selected.mapInArrow(step, schema)
