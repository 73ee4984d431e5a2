import pytest

pytest.importorskip("datatrove")

from datatrove.data import Document

from kanwu.engines.datatrove import KanwuAnnotate, KanwuFilter, KanwuFix


def documents(texts):
    return [Document(text=text, id=str(i)) for i, text in enumerate(texts)]


def test_annotate_then_filter(texts, expected):
    annotated = list(KanwuAnnotate(batch_size=7).run(documents(texts)))
    told, scores = expected
    metadata = [document.metadata for document in annotated]
    assert [m["kanwu_errors"] + m["kanwu_warnings"] for m in metadata] == told
    assert [m["kanwu_score"] for m in metadata] == pytest.approx(scores, abs=2e-3)
    kept = list(KanwuFilter(min_score=80).run(annotated))
    assert {document.text for document in kept} == {"一切都好。"}


def test_filter_alone(texts):
    assert len(list(KanwuFilter(min_score=80).run(documents(texts)))) == 20


def test_fix():
    [fixed] = KanwuFix().run(documents(["统筹发展\u200b和安全。"]))
    assert fixed.text == "统筹发展和安全。"


def test_a_pipeline(tmp_path, texts):
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    import json

    (tmp_path / "in").mkdir()
    lines = (json.dumps({"text": text, "id": str(i)}) for i, text in enumerate(texts))
    (tmp_path / "in" / "pages.jsonl").write_text("\n".join(lines))
    executor = LocalPipelineExecutor(
        pipeline=[
            JsonlReader(str(tmp_path / "in")),
            KanwuAnnotate(),
            KanwuFilter(min_score=80),
            JsonlWriter(str(tmp_path / "out"), compression=None),
        ],
        logging_dir=str(tmp_path / "logs"),
    )
    executor.run()
    written = "".join(path.read_text() for path in (tmp_path / "out").iterdir())
    assert [json.loads(line)["text"] for line in written.splitlines()] == ["一切都好。"] * 20
