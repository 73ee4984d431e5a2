"""What was found, as plain objects that can be compared, copied and sent to other processes."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import Any, Iterable, List, Mapping, Optional, SupportsIndex, Tuple, Union, overload


@dataclass(frozen=True)
class Edit:
    """One replacement: an empty ``replacement`` deletes, an empty span inserts."""

    start: int
    end: int
    replacement: str


@dataclass(frozen=True)
class Fix:
    """A way to mend a finding: edits that belong together, in ascending order."""

    safety: str
    """``"safe"``: the meaning cannot change. ``"unsafe"``: look at it."""
    edits: Tuple[Edit, ...]


@dataclass(frozen=True)
class Label:
    """Another place that belongs to a finding, in this text or in the document ``file``."""

    start: int
    end: int
    message: str
    file: Optional[str] = None


@dataclass(frozen=True)
class Finding:
    """One defect.

    ``start`` and ``end`` count characters of the text, so ``text[f.start:f.end]`` is what is
    damaged; ``line`` and ``column`` count from 1.
    """

    rule: str
    group: str
    severity: str
    """``"error"``: surely damaged, ``"warning"``: most likely, ``"info"``: worth a look."""
    confidence: str
    probability: Optional[float]
    """The calibrated probability that it is right, of the rules that weigh."""
    start: int
    end: int
    line: int
    column: int
    text: str
    """What stands there, at most 400 characters of it."""
    message: str
    help: Optional[str] = None
    places: Tuple[Tuple[int, int], ...] = ()
    """All places of the defect, the first one too."""
    labels: Tuple[Label, ...] = ()
    fixes: Tuple[Fix, ...] = ()
    evidence: Mapping[str, Union[int, float, str]] = field(default_factory=dict, hash=False)

    @classmethod
    def _told(cls, told: Any) -> "Finding":
        *plain, labels, fixes, evidence = told
        plain += [
            tuple(Label(place[0], place[1], message, file) for place, message, file in labels),
            tuple(
                Fix(safety, tuple(Edit(place[0], place[1], new) for place, new in edits))
                for safety, edits in fixes
            ),
            evidence,
        ]
        return cls(*plain)

    def __str__(self) -> str:
        return f"{self.line}:{self.column} {self.severity}[{self.rule}] {self.message}"


class Findings(List[Finding]):
    """The findings of one text: a list of :class:`Finding` that a notebook shows in colours."""

    source: str

    def __init__(self, findings: Iterable[Finding] = (), source: str = "") -> None:
        super().__init__(findings)
        self.source = source

    @overload
    def __getitem__(self, at: SupportsIndex) -> Finding: ...

    @overload
    def __getitem__(self, at: slice) -> "Findings": ...

    def __getitem__(self, at: Any) -> Any:
        found = super().__getitem__(at)
        return Findings(found, self.source) if isinstance(at, slice) else found

    def _repr_html_(self) -> str:
        if not self:
            return "<p>nothing found</p>"
        rows = "".join(_row(finding, self.source) for finding in self)
        return (
            "<table><thead><tr><th>line</th><th>severity</th><th>rule</th>"
            '<th style="text-align:left">text</th><th style="text-align:left">what is wrong</th>'
            f"</tr></thead><tbody>{rows}</tbody></table>"
        )


_COLOURS = {"error": "#c62828", "warning": "#b26a00", "info": "#1565c0"}
_AROUND = 16
_SHOWN = 60


def _row(finding: Finding, source: str) -> str:
    before = source[max(0, finding.start - _AROUND) : finding.start].rpartition("\n")[2]
    after = source[finding.end : finding.end + _AROUND].partition("\n")[0]
    shown = finding.text if len(finding.text) <= _SHOWN else finding.text[:_SHOWN] + "…"
    colour = _COLOURS[finding.severity]
    return (
        f"<tr><td>{finding.line}:{finding.column}</td>"
        f'<td style="color:{colour}">{finding.severity}</td>'
        f"<td><code>{html.escape(finding.rule)}</code></td>"
        f'<td lang="zh" style="text-align:left">{html.escape(before)}'
        f'<mark style="border-bottom:2px solid {colour}">{html.escape(shown)}</mark>'
        f"{html.escape(after)}</td>"
        f'<td style="text-align:left">{html.escape(finding.message)}</td></tr>'
    )
