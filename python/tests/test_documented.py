"""Every example of the documentation, run."""

import doctest
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "module",
    [
        "kanwu",
        "kanwu.auditing",
        "kanwu.finding",
        "kanwu.linter",
        "kanwu.profile",
        "kanwu.repeats",
    ],
)
def test_of_modules(module):
    outcome = doctest.testmod(importlib.import_module(module))
    assert outcome.failed == 0


@pytest.mark.parametrize("page", ["python/README.md", "docs/python.md"])
def test_of_pages(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if page == "docs/python.md":
        pytest.importorskip("polars")
        pytest.importorskip("duckdb")
    outcome = doctest.testfile(str(ROOT / page), module_relative=False, encoding="utf-8")
    assert outcome.attempted > 0
    assert outcome.failed == 0
