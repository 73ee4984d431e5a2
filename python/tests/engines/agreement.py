"""Whether an engine found in the small collection what is found there on one machine."""

import pytest

from collection import collection

import kanwu


def assert_the_same(profile, duplicates, passages):
    """The lines, and rows of what was linked, as dicts."""
    ids, sources, texts = zip(*collection())
    told = kanwu.survey(list(texts), ids=ids, sources=sources)
    assert told["watermarks"] == []
    lines = [{k: v for k, v in line.items() if k != "first"} for line in told["lines"]]
    assert profile.lines == lines and len(lines) >= 4
    expected = [(*d["files"], pytest.approx(d["alike"]), d["exact"]) for d in told["duplicates"]]
    found = sorted((d["a"], d["b"], d["alike"], d["exact"]) for d in duplicates)
    assert found == expected
    assert {exact for *_, exact in expected} == {True, False}
    shared = [
        (*p["files"], *p["spans"][0], *p["spans"][1], p["characters"]) for p in told["passages"]
    ]
    names = ("a", "b", "a_start", "a_end", "b_start", "b_end", "characters")
    assert sorted(tuple(p[name] for name in names) for p in passages) == sorted(shared)
    assert len(shared) >= 3
