"""A report of findings that are there already: what ``kanwu audit`` writes of files."""

from __future__ import annotations

import json
import os
from datetime import datetime, timezone
from typing import Any, Dict, Mapping, Optional, Union

from kanwu import _kanwu


def report(
    findings: Any,
    documents: Any,
    *,
    repeats: Optional[Mapping[str, Any]] = None,
    html: Union[str, "os.PathLike[str]", None] = None,
    sample: Optional[int] = None,
) -> Dict[str, Any]:
    """How damaged documents are, by what, and where it is worst: the JSON of ``kanwu audit``.

    :param findings: an Arrow table of all findings: that of :func:`kanwu.check_arrow`, whose
        ``document`` is a row of the documents, or that of an engine, with the documents' ``id``.
        Counts and scores are those of the severities that are in it: a linter with
        ``level="info"`` gives all.
    :param documents: an Arrow table with ``id`` and ``text``, and perhaps ``source``
    :param repeats: what repeats across the documents, as :func:`kanwu.survey` has it
    :param html: write the page of the audit to this file
    :param sample: so many findings of each rule, and as many paragraphs without any, are drawn for
        people to judge; 50 for a page, else none

    >>> import kanwu, pyarrow as pa
    >>> documents = pa.table({"id": ["a", "b"], "text": ["由县县政府组织实施。", "一切都好。"]})
    >>> findings = kanwu.Linter(level="info").check_arrow(documents["text"])
    >>> audit = report(findings, documents)
    >>> audit["collection"]["errors"], audit["files"][0]["causes"]
    (1, ['doubled-character'])
    """
    if sample is None:
        sample = 0 if html is None else 50
    told, page = _kanwu.report(
        findings,
        documents,
        {
            "repeats": None if repeats is None else json.dumps(repeats),
            "page": html is not None,
            "sample": sample,
            "command": "kanwu.report",
            "date": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        },
    )
    if html is not None and page is not None:
        with open(html, "w", encoding="utf-8", newline="\n") as file:
            file.write(page)
    audit: Dict[str, Any] = json.loads(told)
    return audit
