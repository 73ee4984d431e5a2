"""Ray Data: blocks are Arrow tables, and stay so."""

from __future__ import annotations

from typing import Any, Optional, Sequence

import pyarrow as pa

from kanwu.engines import _columns
from kanwu.linter import Linter


class Check:
    """For ``Dataset.map_batches(…, batch_format="pyarrow")``: counts beside the kept columns."""

    def __init__(
        self,
        *,
        text: str = "text",
        keep: Optional[Sequence[str]] = None,
        linter: Optional[Linter] = None,
    ) -> None:
        self.text = text
        self.keep = keep
        self.linter = linter or Linter()

    def __call__(self, batch: pa.Table) -> pa.Table:
        return _columns.checked(batch, self.text, self.keep, self.linter)


def check(
    dataset: Any,
    *,
    text: str = "text",
    keep: Optional[Sequence[str]] = None,
    linter: Optional[Linter] = None,
    batch_size: Optional[int] = 1000,
    **options: Any,
) -> Any:
    """The dataset with ``score, errors, warnings, infos, rules``; of its columns those in ``keep``.

    Further options go to ``map_batches``.
    """
    step = Check(text=text, keep=keep, linter=linter)
    return dataset.map_batches(
        step.__call__,
        batch_format="pyarrow",
        batch_size=batch_size,
        zero_copy_batch=True,
        **options,
    )
