"""data-juicer: the operators ``kanwu_filter`` and ``kanwu_mapper``.

A recipe finds them with ``custom_operator_paths``, or after this module was imported.
"""

from __future__ import annotations

from typing import Any, Dict, Optional

import pyarrow as pa
from data_juicer.ops.base_op import OPERATORS, Filter, Mapper
from data_juicer.utils.constant import Fields

from kanwu.linter import Linter


@OPERATORS.register_module("kanwu_filter")
class KanwuFilter(Filter):  # type: ignore[misc]
    """Keeps the samples whose score is at least ``min_score``.

    Its statistics are ``kanwu_score``, ``kanwu_errors`` and ``kanwu_warnings``.
    """

    _batched_op = True

    def __init__(
        self, min_score: float = 80.0, settings: Optional[Dict[str, Any]] = None, **options: Any
    ) -> None:
        """``settings`` are those of :class:`kanwu.Linter`."""
        super().__init__(**options)
        self.min_score = min_score
        self.linter = Linter(**(settings or {}))

    def compute_stats_batched(self, samples: Dict[str, Any], *_: Any) -> Dict[str, Any]:
        """Adds the statistics to the samples that lack them."""
        stats = samples[Fields.stats]
        missing = [i for i, stat in enumerate(stats) if "kanwu_score" not in stat]
        texts = [samples[self.text_key][i] for i in missing]
        found = pa.record_batch(self.linter.check_batch(texts))
        for name in ("score", "errors", "warnings"):
            for i, value in zip(missing, found.column(name).to_pylist()):
                stats[i][f"kanwu_{name}"] = value
        return samples

    def process_batched(self, samples: Dict[str, Any]) -> Any:
        """Whether each sample stays."""
        return [stat["kanwu_score"] >= self.min_score for stat in samples[Fields.stats]]


@OPERATORS.register_module("kanwu_mapper")
class KanwuMapper(Mapper):  # type: ignore[misc]
    """Applies fixes to the texts of samples."""

    _batched_op = True

    def __init__(
        self,
        unsafe_fixes: bool = False,
        settings: Optional[Dict[str, Any]] = None,
        **options: Any,
    ) -> None:
        """``settings`` are those of :class:`kanwu.Linter`."""
        super().__init__(**options)
        self.unsafe_fixes = unsafe_fixes
        self.linter = Linter(**(settings or {}))

    def process_batched(self, samples: Dict[str, Any], *_: Any) -> Dict[str, Any]:
        """The samples with their texts mended."""
        fixed = self.linter.check_batch(
            samples[self.text_key], columns="fixed", unsafe_fixes=self.unsafe_fixes
        )
        samples[self.text_key] = pa.array(fixed).to_pylist()
        return samples
