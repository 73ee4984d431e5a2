"""kanwu (勘误): finds what OCR and scrapers did to Chinese text.

>>> import kanwu
>>> for finding in kanwu.check("由县县政府组织实施。"):
...     print(finding.rule, finding.start, finding.end, finding.text)
doubled-character 1 3 县县

The functions here use one linter with the default rules; :class:`Linter` has settings.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Dict, Iterable, Iterator, List

from kanwu._kanwu import Columns, __version__
from kanwu.auditing import report
from kanwu.finding import Edit, Finding, Findings, Fix, Label
from kanwu.linter import Linter, Rule, Score
from kanwu.profile import Profile
from kanwu.repeats import learn, link, passages, signatures, survey

__all__ = [
    "Columns",
    "Edit",
    "Finding",
    "Findings",
    "Fix",
    "Label",
    "Linter",
    "Profile",
    "Rule",
    "Score",
    "__version__",
    "check",
    "check_arrow",
    "check_batch",
    "check_many",
    "fix",
    "learn",
    "link",
    "outline",
    "passages",
    "report",
    "score",
    "signatures",
    "survey",
]


@lru_cache(maxsize=1)
def _linter() -> Linter:
    return Linter()


def check(text: str) -> Findings:
    """The warnings and errors of a text, by :meth:`Linter.check`.

    >>> check("一切都好。")
    []
    """
    return _linter().check(text)


def check_many(texts: Iterable[str], *, threads: int = 0) -> Iterator[Findings]:
    """The findings of each text of an iterable, by :meth:`Linter.check_many`."""
    return _linter().check_many(texts, threads=threads)


def check_batch(texts: Any, *, columns: str = "counts", threads: int = 1) -> Columns:
    """Arrow columns of what was found in a column of texts, by :meth:`Linter.check_batch`."""
    return _linter().check_batch(texts, columns=columns, threads=threads)


def check_arrow(texts: Any, *, threads: int = 1) -> Columns:
    """A table of all findings of a column of texts, by :meth:`Linter.check_arrow`."""
    return _linter().check_arrow(texts, threads=threads)


def fix(text: str, *, unsafe_fixes: bool = False) -> str:
    """The text with fixes applied, by :meth:`Linter.fix`."""
    return _linter().fix(text, unsafe_fixes=unsafe_fixes)


def outline(text: str) -> List[Dict[str, Any]]:
    """Articles, paragraphs and sentences, by :meth:`Linter.outline`."""
    return _linter().outline(text)


def score(text: str) -> Score:
    """How sound a text is, from 0 to 100, by :meth:`Linter.score`.

    >>> score("由县县政府组织实施。").value < 50
    True
    """
    return _linter().score(text)
