"""datatrove: steps of a pipeline that annotate, filter and fix documents."""

from __future__ import annotations

from itertools import islice
from typing import Optional, Tuple, Union

from datatrove.data import Document, DocumentsPipeline
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.filters.base_filter import BaseFilter
from datatrove.pipeline.formatters.base import BaseFormatter
from datatrove.pipeline.writers.disk_base import DiskWriter

from kanwu.linter import Linter


class KanwuAnnotate(PipelineStep):
    """Writes ``kanwu_score``, ``kanwu_errors`` and ``kanwu_warnings`` into the metadata."""

    type = "🔎 - ANNOTATER"
    name = "kanwu"

    def __init__(self, linter: Optional[Linter] = None, batch_size: int = 256) -> None:
        super().__init__()
        self.linter = linter or Linter()
        self.batch_size = batch_size

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Annotates the documents that pass."""
        import pyarrow as pa

        documents = iter(data)
        while batch := list(islice(documents, self.batch_size)):
            with self.track_time(unit="batch"):
                columns = self.linter.check_batch([document.text for document in batch])
                found = pa.record_batch(columns).select(["score", "errors", "warnings"])
                rows = zip(*(column.to_pylist() for column in found.columns))
            for document, (score, errors, warnings) in zip(batch, rows):
                document.metadata["kanwu_score"] = score
                document.metadata["kanwu_errors"] = errors
                document.metadata["kanwu_warnings"] = warnings
                self.stat_update("errors", value=errors)
                self.stat_update("warnings", value=warnings)
                yield document


class KanwuFilter(BaseFilter):
    """Keeps the documents whose score is at least ``min_score``."""

    name = "🔎 kanwu"

    def __init__(
        self,
        min_score: float = 80.0,
        linter: Optional[Linter] = None,
        exclusion_writer: Optional[DiskWriter] = None,
    ) -> None:
        super().__init__(exclusion_writer)
        self.min_score = min_score
        self.linter = linter or Linter()

    def filter(self, doc: Document) -> Union[bool, Tuple[bool, str]]:
        """Whether a document stays, and why not."""
        score = doc.metadata.get("kanwu_score")
        if score is None:
            score = self.linter.score(doc.text).value
        return score >= self.min_score or (False, "kanwu_score")


class KanwuFix(BaseFormatter):
    """Applies the fixes that cannot change the meaning of a text."""

    name = "🔎 kanwu"

    def __init__(self, linter: Optional[Linter] = None, unsafe_fixes: bool = False) -> None:
        super().__init__()
        self.linter = linter or Linter()
        self.unsafe_fixes = unsafe_fixes

    def format(self, text: str) -> str:
        """The text with fixes applied."""
        return self.linter.fix(text, unsafe_fixes=self.unsafe_fixes)
