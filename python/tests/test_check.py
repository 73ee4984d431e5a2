"""One text and many: findings, fixes, settings."""

import pickle
import threading
import time

import pytest

import kanwu

DAMAGED = "😀第一行是好的。\n由县县政府组织实施，统筹发展 and 安全。\n"


def test_spans_count_characters():
    found = kanwu.check(DAMAGED)
    assert {f.rule for f in found} == {"doubled-character", "stray-latin"}
    for finding in found:
        assert DAMAGED[finding.start : finding.end] == finding.text
        for start, end in finding.places:
            assert start < end <= len(DAMAGED)
        line = DAMAGED.split("\n")[finding.line - 1]
        assert line[finding.column - 1 :].startswith(finding.text)


def test_a_fix_is_made_of_edits_in_characters():
    [finding] = [f for f in kanwu.check(DAMAGED) if f.rule == "doubled-character"]
    [edit] = finding.fixes[0].edits
    mended = DAMAGED[: edit.start] + edit.replacement + DAMAGED[edit.end :]
    assert "由县政府组织实施" in mended


def test_fix_keeps_what_is_not_mended():
    text = "\ufeff统筹发展\u200b和安全。\r\n由县县政府组织实施。"
    assert kanwu.fix(text) == "\ufeff统筹发展和安全。\r\n由县县政府组织实施。"
    mended = kanwu.fix(text, unsafe_fixes=True)
    assert mended == "\ufeff统筹发展和安全。\r\n由县政府组织实施。"
    assert kanwu.fix(mended, unsafe_fixes=True) == mended


def test_findings_can_be_sent_and_compared():
    found = kanwu.check(DAMAGED)
    assert pickle.loads(pickle.dumps(found)) == found
    assert len({hash(f) for f in found}) == len(found)


def test_a_linter_can_be_sent():
    linter = kanwu.Linter(rules=["stray-latin"], vocabulary=["发展 and 安全"])
    sent = pickle.loads(pickle.dumps(linter))
    assert sent.check(DAMAGED) == [] == linter.check(DAMAGED)
    assert sent.rules == linter.rules


def test_rules_level_and_config(tmp_path):
    assert [f.rule for f in kanwu.Linter(rules="repeat").check(DAMAGED)] == ["doubled-character"]
    assert [f.rule for f in kanwu.Linter(ignore=["repeat"]).check(DAMAGED)] == ["stray-latin"]
    config = tmp_path / "kanwu.toml"
    config.write_text('ignore = ["stray-latin"]\n[severity]\ndoubled-character = "info"\n')
    assert kanwu.Linter(config=config).check(DAMAGED) == []
    [finding] = kanwu.Linter(config=config, level="info").check(DAMAGED)
    assert (finding.rule, finding.severity) == ("doubled-character", "info")


def test_settings_that_cannot_be_used_are_told(tmp_path):
    with pytest.raises(ValueError, match="doubled-character"):
        kanwu.Linter(rules=["doubled-charactre"])
    with pytest.raises(ValueError, match="level"):
        kanwu.Linter(level="loud")
    with pytest.raises(ValueError, match="parchment"):
        kanwu.Linter(kind="parchment")
    with pytest.raises(OSError, match="no file"):
        kanwu.Linter(config=tmp_path / "missing.toml")
    no_model = tmp_path / "no.model"
    no_model.write_bytes(b"nothing")
    with pytest.raises(ValueError, match="model"):
        kanwu.Linter(model=no_model)


def test_messages_in_chinese(tmp_path):
    config = tmp_path / "kanwu.toml"
    config.write_text('lang = "zh"\n')
    for linter in (kanwu.Linter(lang="zh"), kanwu.Linter(config=config)):
        assert any("\u4e00" <= c <= "\u9fff" for c in linter.rules[0].summary)
        assert linter.check(DAMAGED)[0].message != kanwu.check(DAMAGED)[0].message
    with pytest.raises(ValueError, match="language"):
        kanwu.Linter(lang="fr")


def test_what_is_no_text_is_refused():
    with pytest.raises(TypeError):
        kanwu.check(b"bytes")
    with pytest.raises(UnicodeEncodeError):
        kanwu.check("\ud800")


def test_kinds_of_text():
    page = "<html><body><p>由县县政府组织实施。</p><script>and 安全</script></body></html>"
    [finding] = kanwu.Linter(kind="html").check(page)
    assert page[finding.start : finding.end] == "县县"
    [finding] = kanwu.Linter(kind="auto").check(page, path="page.html")
    assert finding.rule == "doubled-character"


def test_many_texts_come_in_order():
    texts = [DAMAGED if i % 3 == 0 else "一切都好。" for i in range(300)]
    one = list(kanwu.check_many(texts, threads=1))
    two = list(kanwu.check_many(iter(texts), threads=2))
    assert one == two
    assert [len(found) for found in one] == [2 if i % 3 == 0 else 0 for i in range(300)]


def test_many_texts_are_read_as_they_are_asked_for():
    taken = []

    def endless():
        while True:
            taken.append(1)
            yield "一切都好。"

    stream = kanwu.check_many(endless(), threads=1)
    assert next(stream) == []
    assert len(taken) < 1000


def test_the_interpreter_is_free_meanwhile():
    """While one text is checked, this thread goes on: it would stand still with the lock held."""
    text = "\n".join(f"第{i}条　各地区要统筹发展和安全，扎实推进各项工作。" for i in range(8_000))
    checker = threading.Thread(target=kanwu.check, args=(text,))
    kanwu.check("先把模型读好。")
    checker.start()
    ticks = 0
    while checker.is_alive():
        time.sleep(0.005)
        ticks += 1
    assert ticks > 10


def test_score_and_outline():
    score = kanwu.score(DAMAGED * 20)
    assert 0 <= score.low <= score.value <= score.high <= 100
    assert kanwu.score("").value == 100
    articles = kanwu.outline("今年工作总结\n一切都好。明天见。")
    sentences = [s for a in articles for p in a["paragraphs"] for s in p["sentences"]]
    assert "明天见。" in [s["text"] for s in sentences]


def test_a_notebook_shows_findings():
    found = kanwu.Linter(level="info").check("<b>由县县政府</b>组织实施。")
    shown = found._repr_html_()
    assert "县县</mark>" in shown
    assert "<b>" not in shown
    assert kanwu.check("一切都好。")._repr_html_() == "<p>nothing found</p>"
    assert found[:1]._repr_html_().count("<mark") == 1


def test_skimming_leaves_the_model_out():
    linter = kanwu.Linter(skim=True)
    assert len(linter.rules) < len(kanwu.Linter().rules)
