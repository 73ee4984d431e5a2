"""The linter: one text, many texts, columns of texts."""

from __future__ import annotations

import json
import os
from functools import lru_cache
from itertools import islice
from typing import Any, Dict, Iterable, Iterator, List, NamedTuple, Optional, Sequence, Tuple, Union

from kanwu import _kanwu
from kanwu.finding import Finding, Findings
from kanwu.profile import Profile

Path = Union[str, "os.PathLike[str]"]

_BATCH = 64
"""Texts that a thread is given at a time by :meth:`Linter.check_many`."""


class Score(NamedTuple):
    """How sound a text is, from 0 to 100; it lies between ``low`` and ``high`` with 95 %."""

    value: float
    low: float
    high: float


class Rule(NamedTuple):
    """A rule of a linter."""

    name: str
    group: str
    summary: str


@lru_cache(maxsize=8)
def _engine(settings: str) -> _kanwu.Engine:
    """The engine of some settings: a worker that is sent a linter again and again makes it once."""
    return _kanwu.Engine(settings)


def _path(path: Optional[Path]) -> Optional[str]:
    return None if path is None else os.fspath(path)


def _names(names: Union[str, Iterable[str], None]) -> List[str]:
    if isinstance(names, str):
        return [name.strip() for name in names.split(",")]
    return list(names or ())


class Linter:
    """Checks texts with some rules, a language model and a configuration.

    One linter serves any number of threads, and can be pickled: another process makes it anew from
    the same settings.

    :param config: a ``kanwu.toml``; none is looked for where none is named
    :param model: a language model that ``kanwu train`` wrote, instead of the one that comes along
    :param rules: only these rules or groups, or ``"all"``
    :param extend: these rules or groups on top
    :param ignore: not these rules or groups
    :param level: tell what is at least so severe, ``"info"``, ``"warning"`` or ``"error"``; the
        configuration's, else ``"warning"``. Scores and counts know all severities.
    :param profile: what was learned of the sources, a :class:`kanwu.Profile` or the file of one
    :param vocabulary: words that are right
    :param packs: rule packs
    :param lang: the language of messages, ``"en"`` or ``"zh"``; the configuration's, else ``"en"``
    :param kind: how texts are read, ``"plain"``, ``"markdown"``, ``"html"`` …; ``"auto"``: by name
        and content
    :param skim: leave out the rules that weigh the text with a language model; many times as fast

    >>> linter = Linter(rules=["stray-latin"], level="info")
    >>> [finding.text for finding in linter.check("统筹发展 and 安全。")]
    [' and ']
    """

    def __init__(
        self,
        *,
        config: Optional[Path] = None,
        model: Optional[Path] = None,
        rules: Union[str, Iterable[str], None] = None,
        extend: Union[str, Iterable[str], None] = None,
        ignore: Union[str, Iterable[str], None] = None,
        level: Optional[str] = None,
        profile: Union[Profile, Path, None] = None,
        vocabulary: Iterable[str] = (),
        packs: Iterable[Path] = (),
        lang: Optional[str] = None,
        kind: str = "plain",
        skim: bool = False,
    ) -> None:
        self._settings: Dict[str, Any] = {
            "config": _path(config),
            "model": _path(model),
            "profile": None if isinstance(profile, Profile) else _path(profile),
            "learned": profile._told() if isinstance(profile, Profile) else None,
            "rules": _names(rules),
            "extend": _names(extend),
            "ignore": _names(ignore),
            "vocabulary": list(vocabulary),
            "packs": [os.fspath(pack) for pack in packs],
            "level": level,
            "lang": lang,
            "kind": kind,
            "skim": skim,
        }
        self._engine = _engine(json.dumps(self._settings))

    def __getstate__(self) -> Dict[str, Any]:
        return self._settings

    def __setstate__(self, settings: Dict[str, Any]) -> None:
        self._settings = settings
        self._engine = _engine(json.dumps(settings))

    def _options(self, threads: int, unsafe_fixes: bool) -> Dict[str, Any]:
        """What a function of the module is told that makes this linter anew, without Python."""
        return {
            "settings": json.dumps(self._settings),
            "threads": _threads(threads),
            "unsafe_fixes": unsafe_fixes,
        }

    def __repr__(self) -> str:
        told = (
            f"{k}={v!r}" for k, v in self._settings.items() if v and (k, v) != ("kind", "plain")
        )
        return f"Linter({', '.join(told)})"

    @property
    def rules(self) -> Tuple[Rule, ...]:
        """The rules that are selected.

        >>> Linter(rules="mojibake").rules[0].group
        'encoding'
        """
        return tuple(Rule(*rule) for rule in self._engine.rules())

    def check(self, text: str, *, path: Optional[Path] = None) -> Findings:
        """The findings of one text, in its order.

        ``path`` is the name by which a linter with ``kind="auto"`` tells what kind of text it is.

        >>> [finding] = Linter().check("由县县政府组织实施。")
        >>> finding.rule, finding.start, finding.end, finding.severity
        ('doubled-character', 1, 3, 'error')
        """
        return _findings(self._engine.check(text, _path(path)), text)

    def check_many(self, texts: Iterable[str], *, threads: int = 0) -> Iterator[Findings]:
        """The findings of each text of an iterable, in its order, read and checked batch by batch.

        The interpreter is free meanwhile. ``threads=0``: one for each processor.

        >>> [len(found) for found in Linter().check_many(["一切都好。", "由县县政府组织实施。"])]
        [0, 1]
        """
        threads = _threads(threads)
        stream = iter(texts)
        while batch := list(islice(stream, _BATCH * threads)):
            for text, told in zip(batch, self._engine.check_all(batch, threads)):
                yield _findings(told, text)

    def check_batch(
        self, texts: Any, *, columns: str = "counts", threads: int = 1, unsafe_fixes: bool = False
    ) -> _kanwu.Columns:
        """Arrow columns, a row for each text. They hold what was found, never the texts again.

        ``texts`` is a list or any Arrow column of strings (PyArrow, Polars, pandas …).

        - ``"counts"``: ``score, errors, warnings, infos`` and ``rules``, a map of counts by rule
        - ``"findings"``: a list of findings
        - ``"fixed"``: the texts with the safe fixes applied, or the unsafe ones of warnings and
          errors too

        >>> Linter().check_batch(["由县县政府组织实施。"])
        <kanwu.Columns: 1 rows, score, errors, warnings, infos, rules>
        """
        threads = _threads(threads)
        if columns == "counts":
            return self._engine.counts(texts, threads)
        if columns == "findings":
            return self._engine.findings(texts, threads)
        if columns == "fixed":
            return self._engine.fixed(texts, threads, unsafe_fixes)
        raise ValueError(f'columns are "counts", "findings" or "fixed", not {columns!r}')

    def check_arrow(self, texts: Any, *, threads: int = 1) -> _kanwu.Columns:
        """All findings of a column of texts below each other, a row each; ``document`` is the row.

        >>> Linter().check_arrow(["一切都好。", "由县县政府组织实施。"])  # doctest: +ELLIPSIS
        <kanwu.Columns: 1 rows, document, rule, group, severity, ..., message, replacement>
        """
        return self._engine.table(texts, _threads(threads))

    def fix(self, text: str, *, path: Optional[Path] = None, unsafe_fixes: bool = False) -> str:
        """The text with the fixes that cannot change its meaning; on demand the others as well.

        >>> Linter().fix("统筹发展\\u200b和安全。")
        '统筹发展和安全。'
        """
        return self._engine.fix(text, _path(path), unsafe_fixes)

    def outline(self, text: str, *, path: Optional[Path] = None) -> List[Dict[str, Any]]:
        """Articles, paragraphs and sentences as the rules see them.

        >>> [article] = Linter().outline("一切都好。明天见。")
        >>> [sentence["text"] for sentence in article["paragraphs"][0]["sentences"]]
        ['一切都好。', '明天见。']
        """
        articles: List[Dict[str, Any]] = json.loads(self._engine.outline(text, _path(path)))[
            "articles"
        ]
        return articles

    def score(self, text: str) -> Score:
        """How sound a text is, from 0 to 100.

        An error in every 1,000 characters costs five points. Below 500 characters a score says
        little: look at ``low`` and ``high``.

        >>> Linter().score("一切都好。").value
        100.0
        """
        return Score(*self._engine.score(text))


def _findings(told: Sequence[Tuple[Any, ...]], text: str) -> Findings:
    return Findings([Finding._told(one) for one in told], text)


def _threads(threads: int) -> int:
    if threads < 0:
        raise ValueError("a number of threads is at least 0")
    return threads or os.cpu_count() or 1
