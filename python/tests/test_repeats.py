"""What is seen only across documents, of texts at hand and of Parquet files."""

import json
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pytest
from collection import collection
from pyarrow import parquet

import kanwu
from kanwu import repeats


def audit(*arguments, folder):
    with tempfile.TemporaryDirectory() as out:
        told = Path(out) / "audit.json"
        command = [
            sys.executable,
            "-m",
            "kanwu",
            "audit",
            *arguments,
            "--quiet",
            "--json",
            str(told),
        ]
        ended = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr
        return json.loads(told.read_text())


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    for name, source, text in collection():
        (folder / source).mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder


def in_characters(passages):
    """The passages of an audit, its bytes as characters."""
    texts = {name: text.encode() for name, _, text in collection()}

    def span(file, places):
        return [len(texts[file][:byte].decode()) for byte in places]

    return [{**p, "spans": [span(f, s) for f, s in zip(p["files"], p["spans"])]} for p in passages]


def test_survey_finds_what_audit_finds(files, tmp_path):
    ids, sources, texts = zip(*collection())
    found = repeats.survey(
        list(texts), ids=ids, sources=sources, threads=2, profile=tmp_path / "kanwu.profile"
    )
    told = audit("--only-repeats", ".", folder=files)["repeats"]
    assert len(told["duplicates"]) >= 6 and len(told["passages"]) >= 3 and len(told["lines"]) >= 4
    told["passages"] = in_characters(told["passages"])
    assert found == told
    linter = kanwu.Linter(
        profile=tmp_path / "kanwu.profile", rules=["site-boilerplate"], level="info"
    )
    assert {f.rule for f in linter.check(texts[0])} == {"site-boilerplate"}


@pytest.mark.parametrize("columns", ["named", "unnamed"])
def test_an_audit_of_parquet_is_one_of_files(files, tmp_path, columns):
    ids, sources, texts = zip(*collection())
    names = [name.rpartition("/")[2] for name in ids]
    table = pa.table({"content": texts, "site": sources, "name": names})
    parquet.write_table(table, tmp_path / "pages.parquet")
    more = ["--id-column", "name", "--source-column", "site"] if columns == "named" else []
    found = audit("pages.parquet", "--text-column", "content", *more, folder=tmp_path)
    told = audit(".", folder=files)
    assert found["collection"]["files"] == len(ids)
    if columns == "named":
        assert found == told
    else:
        assert found["files"][0]["file"] == "pages.parquet/000000001"
        assert len(found["repeats"]["duplicates"]) == len(told["repeats"]["duplicates"])


def test_parquet_that_cannot_be_read_is_told(tmp_path):
    parquet.write_table(pa.table({"text": ["一切都好。"]}), tmp_path / "pages.parquet")
    for arguments in (["missing.parquet"], ["pages.parquet", "--text-column", "body"]):
        out = subprocess.run(
            [sys.executable, "-m", "kanwu", "audit", *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert out.returncode == 2
        assert "Traceback" not in out.stderr and out.stderr.startswith("kanwu:")


def test_signatures_tell_copies_from_others():
    ids, sources, texts = zip(*collection())
    signed = pa.record_batch(repeats.signatures(list(texts), prints=True)).to_pylist()
    by_name = dict(zip(ids, signed))
    one, copy = by_name["北山/021.txt"], by_name["南河/090.txt"]
    assert set(enumerate(one["bands"])) & set(enumerate(copy["bands"]))
    assert len(one["prints"]) == len(one["prints_at"]) == len(set(one["prints"]))
    short = pa.record_batch(repeats.signatures(["一切都好。"])).to_pylist()
    assert short == [{"characters": 4, "whole": 0, "bands": []}]


def test_a_reader_can_be_sent():
    ids, sources, texts = zip(*collection())
    keys = pa.array(repeats.line_keys(list(texts))).to_pylist()
    recurring = [("南河", keys[-1][0])]
    reader = repeats.Reader(recurring)
    sent = pickle.loads(pickle.dumps(reader))
    lines = [pa.array(r.lines(list(texts), list(sources))).to_pylist() for r in (reader, sent)]
    assert lines[0] == lines[1]
    assert sum(map(len, lines[0])) >= 1
    assert pickle.loads(pickle.dumps(repeats.Reader(()))).lines([], []) is not None


def test_columns_of_different_length_are_refused():
    with pytest.raises(ValueError, match="length"):
        repeats.Reader(()).signatures(["一"], [])
    with pytest.raises(ValueError, match="length"):
        repeats.survey(["一"], ids=[])
