"""What is seen only across documents, of texts at hand and of Parquet files."""

import json
import pickle
import re
import subprocess
import sys
import tempfile
from collections import Counter
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
    found = kanwu.survey(list(texts), ids=ids, sources=sources, threads=2)
    told = audit("--only-repeats", ".", "--profile", str(tmp_path / "kanwu.profile"), folder=files)[
        "repeats"
    ]
    assert len(told["duplicates"]) >= 6 and len(told["passages"]) >= 3 and len(told["lines"]) >= 4
    told["passages"] = in_characters(told["passages"])
    assert found == told
    profile = kanwu.Profile(found["lines"], found["watermarks"])
    profile.save(tmp_path / "survey.profile")
    written = [(tmp_path / name).read_text() for name in ("kanwu.profile", "survey.profile")]
    assert written[0] == written[1]


def test_a_linter_masks_what_a_profile_knows(tmp_path):
    ids, sources, texts = zip(*collection())
    found = kanwu.survey(list(texts), ids=ids, sources=sources)
    profile = kanwu.Profile(found["lines"], found["watermarks"])
    profile.save(tmp_path / "kanwu.profile")
    loaded = kanwu.Profile.load(tmp_path / "kanwu.profile")
    masked = [line for line in profile.lines if line["masked"]]
    assert loaded.lines == masked and len(masked) >= 4
    for known in (profile, loaded, tmp_path / "kanwu.profile"):
        linter = kanwu.Linter(rules=["site-boilerplate"], level="info", profile=known)
        assert linter.check(texts[0])
        sent = pickle.loads(pickle.dumps(linter))
        assert sent.check(texts[0]) == linter.check(texts[0])
    assert kanwu.Linter(rules=["site-boilerplate"], level="info").check(texts[0]) == []


def test_profiles_are_merged_in_any_order():
    line = {"source": "s", "documents": 20, "at_edge": 20, "of": 30}
    one = kanwu.Profile([{**line, "text": "版权所有"}])
    two = kanwu.Profile([{**line, "text": "版权所有"}, {**line, "text": "责任编辑：*"}])
    merged = one.merge(two)
    assert merged == two.merge(one)
    assert [(one["text"], one["documents"], one["of"]) for one in merged.lines] == [
        ("版权所有", 40, 60),
        ("责任编辑：*", 20, 30),
    ]
    with pytest.raises(OSError, match="missing"):
        kanwu.Profile.load("missing.profile")


@pytest.mark.parametrize("stored", [False, True])
def test_the_steps_give_what_a_survey_gives(stored, tmp_path):
    """Signatures, links and passages, also of signatures that come back out of a file."""
    ids, sources, texts = (list(column) for column in zip(*collection()))
    counts = Counter(sources)
    keys = pa.record_batch(kanwu.signatures(texts)).column("lines").to_pylist()
    counted = Counter((s, key) for s, keys in zip(sources, keys) for key in keys)
    reader = repeats.Reader(k for k, n in counted.items() if n >= repeats.needed(counts[k[0]]))
    known = {"sources": sources, "reader": reader}
    signed = kanwu.signatures(texts, prints=True, **known)
    if stored:
        parquet.write_table(pa.table(signed), tmp_path / "signed.parquet")
        signed = parquet.read_table(tmp_path / "signed.parquet")
    links = pa.record_batch(kanwu.link(ids, texts, signed, threads=2, **known))
    found = kanwu.survey(texts, ids=ids, sources=sources)
    assert [(row["a"], row["b"], row["exact"]) for row in links.to_pylist()] == [
        (*d["files"], d["exact"]) for d in found["duplicates"]
    ]
    assert links["alike"].to_pylist() == pytest.approx([d["alike"] for d in found["duplicates"]])
    passages = pa.record_batch(kanwu.passages(ids, texts, signed, links, **known)).to_pylist()
    assert passages == [
        {
            "a": p["files"][0],
            "b": p["files"][1],
            **dict(zip(("a_start", "a_end"), p["spans"][0])),
            **dict(zip(("b_start", "b_end"), p["spans"][1])),
            "characters": p["characters"],
        }
        for p in found["passages"]
    ]
    assert len(passages) >= 3


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
    signed = pa.record_batch(kanwu.signatures(list(texts), prints=True)).to_pylist()
    by_name = dict(zip(ids, signed))
    one, copy = by_name["北山/021.txt"], by_name["南河/090.txt"]
    assert set(enumerate(one["bands"])) & set(enumerate(copy["bands"]))
    assert len(one["prints"]) == len(one["prints_at"]) == len(set(one["prints"]))
    short = pa.record_batch(kanwu.signatures(["一切都好。", None])).to_pylist()
    assert [len(row.pop("lines")) for row in short] == [1, 0]
    assert short == [
        {"characters": 4, "whole": 0, "bands": []},
        {"characters": 0, "whole": 0, "bands": []},
    ]


def test_a_reader_can_be_sent():
    ids, sources, texts = zip(*collection())
    keys = pa.record_batch(kanwu.signatures(list(texts))).column("lines").to_pylist()
    reader = repeats.Reader([("南河", keys[-1][0])])
    sent = pickle.loads(pickle.dumps(reader))
    lines = [pa.array(r.lines(list(texts), list(sources))).to_pylist() for r in (reader, sent)]
    assert lines[0] == lines[1]
    assert sum(map(len, lines[0])) >= 1
    assert pickle.loads(pickle.dumps(repeats.Reader())).lines([], []) is not None


def test_columns_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="length"):
        kanwu.signatures(["一"], sources=[])
    with pytest.raises(ValueError, match="length"):
        kanwu.survey(["一"], ids=[])
    signed = kanwu.signatures(["一"])
    with pytest.raises(ValueError, match="length"):
        kanwu.link(["a", "b"], ["一", "二"], signed)
    with pytest.raises(ValueError, match="prints"):
        kanwu.passages(["a"], ["一"], signed, kanwu.link(["a"], ["一"], signed))
    with pytest.raises(TypeError, match="table"):
        kanwu.link(["a"], ["一"], [1])


@pytest.fixture
def damaged():
    """A few documents, as files and as a table."""
    texts = {
        "a/1.txt": "😀第一行是好的。\n由县县政府组织实施，统筹发展 and 安全。\n",
        "a/2.txt": "一切都好。\n明天的会议改在下午三点。\n",
        "b/1.txt": "坚持改革 and 开放，他把锟斤拷锟斤拷放在桌上。\n",
    }
    table = {"id": list(texts), "text": list(texts.values()), "source": [n[0] for n in texts]}
    return texts, pa.table(table)


def test_a_report_is_the_audit_of_the_same_files(damaged, tmp_path):
    texts, documents = damaged
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    told = audit("a", "b", "--html", "audit.html", folder=tmp_path)
    findings = kanwu.Linter(level="info").check_arrow(documents["text"])
    page = tmp_path / "report.html"
    found = kanwu.report(findings, documents, html=page)
    assert found["collection"]["errors"] >= 3
    assert found == told
    pages = [path.read_text() for path in (page, tmp_path / "audit.html")]
    assert "<code>kanwu.report</code>" in pages[0]
    # what the browser shows of single findings is the same; where they come from is not
    data = [re.search(r'id="data">([^<]+)<', page).group(1) for page in pages]
    assert data[0] == data[1] and len(data[0]) > 500


def test_a_report_of_an_engines_findings(damaged):
    texts, documents = damaged
    table = pa.table(kanwu.Linter(level="info").check_arrow(documents["text"]))
    by_id = table.drop_columns(["document"]).append_column(
        "id", documents["id"].take(table["document"])
    )
    shuffled = by_id.take(list(reversed(range(len(by_id)))))
    repeated = kanwu.survey(documents["text"], ids=list(texts), sources=["s"] * 3)
    found = kanwu.report(shuffled, documents, repeats=repeated)
    assert found == {**kanwu.report(table, documents), "repeats": repeated}


def test_a_report_of_what_does_not_fit_is_refused(damaged):
    _, documents = damaged
    findings = pa.table(kanwu.check_arrow(documents["text"]))
    with pytest.raises(ValueError, match="document 2"):
        kanwu.report(findings, documents.slice(0, 2))
    with pytest.raises(ValueError, match="does not lie"):
        kanwu.report(findings, documents.take([1, 1, 1]))
    with pytest.raises(ValueError, match='"message"'):
        kanwu.report(findings.drop_columns(["message"]), documents)
