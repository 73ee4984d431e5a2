"""Hugging Face ``datasets``: batches of ``Dataset.map``, on one process or many."""

from __future__ import annotations

from typing import Any, Optional

import pyarrow as pa
from datasets import Dataset, concatenate_datasets

from kanwu.engines import _columns
from kanwu.linter import Linter


class Check:
    """For ``Dataset.map(…, batched=True)`` of a dataset with the format ``arrow``."""

    def __init__(self, *, text: str = "text", linter: Optional[Linter] = None) -> None:
        self.text = text
        self.linter = linter or Linter()

    def __call__(self, batch: pa.Table) -> pa.Table:
        found = _columns.counts(batch.column(self.text), self.linter)
        return pa.table([_listed(column) for column in found.columns], names=found.schema.names)


def _listed(column: pa.Array) -> pa.Array:
    """A map as a list of pairs: datasets know no maps."""
    if not pa.types.is_map(column.type):
        return column
    pairs = pa.StructArray.from_arrays([column.keys, column.items], names=["rule", "count"])
    return pa.ListArray.from_arrays(column.offsets, pairs)


def check(
    dataset: Dataset, *, text: str = "text", linter: Optional[Linter] = None, **options: Any
) -> Dataset:
    """The dataset with ``score, errors, warnings, infos`` and ``rules``, a list of pairs.

    Further options go to ``map``, as ``num_proc=4`` and ``batch_size=500``.
    """
    step = Check(text=text, linter=linter)
    texts = dataset.select_columns([text]).with_format("arrow")
    counts = texts.map(step, batched=True, **options).with_format(None)
    # side by side: the texts are not written again
    return concatenate_datasets([dataset, counts], axis=1)
