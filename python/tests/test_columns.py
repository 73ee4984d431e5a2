"""Columns in and out, by the Arrow PyCapsule interface."""

import subprocess
import sys

import pyarrow as pa
import pytest

import kanwu

TEXTS = ["由县县政府组织实施。", None, "一切都好。", "😀统筹发展 and 安全，坚持改革 and 开放。"]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()])
def test_every_type_of_text_gives_the_same(kind):
    texts = pa.array(TEXTS, kind)
    listed = pa.record_batch(kanwu.check_batch(TEXTS))
    assert pa.record_batch(kanwu.check_batch(texts)).equals(listed)
    assert pa.record_batch(kanwu.check_batch(texts, threads=2)).equals(listed)
    fixed = pa.array(kanwu.check_batch(texts, columns="fixed"))
    assert fixed.type == kind
    assert fixed.to_pylist() == [None if t is None else kanwu.fix(t) for t in TEXTS]


def test_slices_and_chunks():
    texts = pa.array(TEXTS)
    chunked = pa.chunked_array([texts[:1], texts[1:1], texts[1:]])
    whole = pa.record_batch(kanwu.check_batch(texts))
    assert pa.record_batch(kanwu.check_batch(chunked)).equals(whole)
    assert pa.record_batch(kanwu.check_batch(texts[2:])).equals(whole.slice(2))
    assert pa.record_batch(kanwu.check_batch(pa.array([], pa.string()))).num_rows == 0


def test_counts():
    rows = pa.record_batch(kanwu.check_batch(TEXTS)).to_pylist()
    assert [row["errors"] + row["warnings"] for row in rows] == [1, 0, 0, 2]
    assert [row["score"] is None for row in rows] == [False, True, False, False]
    assert rows[2]["score"] == 100
    assert dict(rows[3]["rules"]) == {"stray-latin": 2}
    for row, text in zip(rows, TEXTS):
        if text is not None:
            assert row["score"] == pytest.approx(kanwu.score(text).value, rel=1e-5)


def test_findings_are_those_of_check():
    lists = pa.array(kanwu.check_batch(TEXTS, columns="findings")).to_pylist()
    table = pa.record_batch(kanwu.check_arrow(TEXTS)).to_pylist()
    assert [row["document"] for row in table] == [0, 3, 3]
    assert [{k: v for k, v in row.items() if k != "document"} for row in table] == sum(lists, [])
    for found, text in zip(lists, TEXTS):
        expected = [] if text is None else kanwu.check(text)
        assert [(f["rule"], f["start"], f["end"], f["text"], f["message"]) for f in found] == [
            (f.rule, f.start, f.end, f.text, f.message) for f in expected
        ]
        assert all(text[f["start"] : f["end"]] == f["text"] for f in found)
    assert table[1]["replacement"] == "和"


def test_other_columns_are_refused():
    with pytest.raises(TypeError, match="Int64"):
        kanwu.check_batch(pa.array([1, 2]))
    with pytest.raises(TypeError, match="list of str"):
        kanwu.check_batch("one text")
    with pytest.raises(TypeError, match="list of str"):
        kanwu.check_batch([1])
    with pytest.raises(ValueError, match="counts"):
        kanwu.check_batch([], columns="pages")


def test_no_arrow_library_is_needed():
    code = (
        "import sys, kanwu\n"
        "columns = kanwu.check_batch(['由县县政府组织实施。'])\n"
        "assert len(columns) == 1 and len(columns.__arrow_c_array__()) == 2\n"
        "assert 'pyarrow' not in sys.modules and 'numpy' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
