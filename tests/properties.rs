//! What holds for any input.
//!
//! Not every rule can promise that a finding stays when text is added after it: those that judge
//! the whole document (its usual punctuation, what recurs in it, its articles, its error rate) may
//! think otherwise of a longer one. [`LOCAL`] names the rules that look at characters alone.
//!
//! `PROPTEST_CASES=100000 cargo test --release --test properties` looks longer.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::LazyLock;

use kanwu::document::Document;
use kanwu::engine::Linter;
use kanwu::finding::Finding;
use kanwu::registry::Registry;
use kanwu::report::{
    Checkstyle, FORMATS, FileReport, GitLab, Json, Junit, Rdjson, Reporter, Sarif, Summary,
    Terminal,
};
use kanwu::selection::Selection;
use kanwu::text::{Encoding, decode};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Rules that decide by the characters of a line, whatever else the document holds.
const LOCAL: &[&str] = &[
    "private-use-character",
    "compatibility-character",
    "invisible-character",
];

static ALL: LazyLock<Linter> = LazyLock::new(|| {
    let selection = Selection {
        select: vec!["all".into()],
        ..Selection::default()
    };
    Linter::new(Registry::builtin(), &selection).unwrap()
});

/// Pieces that rules look for, and what breaks careless code: damage, marks without partners,
/// breaks of every kind, unseen characters.
const PIECES: &[&str] = &[
    "县县政府",
    "昨日上午，",
    "市委召开会议。",
    " and ",
    "发展发展的",
    "“",
    "”",
    "（",
    ")",
    "《",
    "》",
    "，，",
    "。。",
    "一是",
    "二是",
    "三是",
    "第一，",
    "首先",
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    "\u{2028}",
    "\t",
    "\u{3000}",
    " ",
    "\u{fffd}",
    "\u{200b}",
    "\u{feff}",
    "\u{e000}",
    "\u{202e}",
    "\u{0}",
    "\u{85}",
    "⼈",
    "锟斤拷",
    "烫烫烫",
    "涓枃",
    "Ã©",
    "<div>",
    "&nbsp;",
    "```\n",
    "# 标题\n",
    "- 项目\n",
    "[链接](a)",
    "https://a.cn/b?c=d",
    "□记者 张三",
    "本报讯",
    "（上接第1版）",
    "点击播报本文",
    "12345",
    "3.5%",
    "２０２５年",
    "〇",
    "ー",
    "対",
    "調査",
    "𠮷",
    "👨‍👩‍👧",
    "é",
    "ａｂ",
    "…",
    "——",
    "、",
    "。",
    "！",
    "？",
    "常常",
    "人人",
    "杜会主义",
    "关健",
    "作为一个人工智能",
    "| a | b |\n|---|---|\n",
    "1. ",
    "（一）",
    "①",
    "a",
    "Z",
    "0",
    "<!-- kanwu-ignore: all -->",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => select(PIECES).prop_map(str::to_owned),
        2 => "[\u{4e00}-\u{4eff}]{1,12}",
        1 => any::<String>(),
    ];
    vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// Bytes as they come: text in any of the encodings, cut and spliced, or noise.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let encoded = (
        text(),
        select(&Encoding::ALL[..]),
        vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
    )
        .prop_map(|(text, encoding, flips)| {
            let mut bytes = encoding
                .encode(&text)
                .map_or_else(|| text.clone().into_bytes(), |b| b.into_owned());
            for (at, byte) in flips {
                if !bytes.is_empty() {
                    let at = at.index(bytes.len());
                    bytes[at] = byte;
                }
            }
            bytes
        });
    prop_oneof![4 => encoded, 1 => vec(any::<u8>(), 0..400)]
}

/// Those of all formats, and of a terminal that is hardly one.
fn reporters() -> Vec<Box<dyn Reporter>> {
    let all = FORMATS.iter().map(|format| (format.reporter)(true, 80));
    let narrow: Box<dyn Reporter> = Box::new(Terminal::new(false, 1));
    all.chain([narrow]).collect()
}

fn check(name: &str, text: &str) -> Vec<Finding> {
    ALL.check(&Document::new(name, text))
}

/// Every span of a finding lies in the text, on character borders.
fn assert_spans(text: &str, finding: &Finding) {
    let rule = finding.card.name;
    let edits = finding
        .fixes
        .iter()
        .flat_map(|f| f.edits.iter().map(|e| e.span));
    let labels = finding
        .labels
        .iter()
        .filter(|l| l.file.is_none())
        .map(|l| l.span);
    for span in std::iter::once(finding.span).chain(edits).chain(labels) {
        assert!(
            text.get(span.range()).is_some(),
            "{rule}: {span:?} in {text:?}"
        );
    }
    for fix in &finding.fixes {
        let ascending = fix
            .edits
            .windows(2)
            .all(|pair| pair[0].span.end() <= pair[1].span.start());
        assert!(ascending, "{rule}: edits overlap in {text:?}");
    }
    assert!(!finding.message.en().is_empty(), "{rule} says nothing");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Any bytes: decoded, checked by every rule, written by every reporter, without a panic; spans
    /// and offsets are sound.
    #[test]
    fn any_bytes_can_be_checked_and_reported(bytes in bytes(), markdown: bool) {
        let Ok(decoded) = decode(&bytes, None) else { return Ok(()) };
        let name = if markdown { "a.md" } else { "a.txt" };
        let findings = ALL.check(&Document::of_decoded(name, &decoded));
        for finding in &findings {
            assert_spans(&decoded.text, finding);
            let span = decoded.offsets.to_file(finding.span.start())..decoded.offsets.to_file(finding.span.end());
            prop_assert!(span.start <= span.end && span.end <= bytes.len(), "{span:?} of {}", bytes.len());
        }
        let report = FileReport::new(name, decoded, findings);
        let mut summary = Summary::default();
        summary.add(&report);
        for mut reporter in reporters() {
            let mut out = Vec::new();
            reporter.file(&report, &mut out).unwrap();
            reporter.finish(&summary, &mut out).unwrap();
            prop_assert!(std::str::from_utf8(&out).is_ok());
        }
    }

    /// A rule remembers nothing, and threads do not disturb each other.
    #[test]
    fn the_same_text_gives_the_same_findings(text in text(), other in text()) {
        let alone = format!("{:?}", check("a.txt", &text));
        std::thread::scope(|scope| {
            let busy = scope.spawn(|| check("b.txt", &other).len());
            assert_eq!(format!("{:?}", check("a.txt", &text)), alone);
            busy.join().unwrap();
        });
    }

    /// Reports that are data can be read back.
    #[test]
    fn structured_reports_can_be_parsed(text in text()) {
        let decoded = decode(text.as_bytes(), Some(Encoding::Utf8)).unwrap();
        let findings = ALL.check(&Document::of_decoded("<&\">.txt", &decoded));
        let report = FileReport::new("<&\">.txt", decoded, findings);
        let write = |reporter: &mut dyn Reporter| {
            let mut out = Vec::new();
            reporter.file(&report, &mut out).unwrap();
            reporter.finish(&Summary::default(), &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        for mut reporter in [
            Box::new(Json::default()) as Box<dyn Reporter>,
            Box::new(Sarif::default()),
            Box::new(GitLab::default()),
            Box::new(Rdjson::default()),
        ] {
            serde_json::from_str::<serde_json::Value>(&write(&mut *reporter)).unwrap();
        }
        for mut reporter in [Box::new(Junit::default()) as Box<dyn Reporter>, Box::new(Checkstyle::default())] {
            roxmltree::Document::parse(&write(&mut *reporter)).unwrap();
        }
    }

    /// What a local rule says of the beginning of a document does not depend on what follows.
    #[test]
    fn findings_stay_when_text_is_added_after_them(text in text(), added in text()) {
        // A fence is code only once it is closed, which what follows may do.
        prop_assume!(!text.contains("```"));
        let before = format!("{text}\n\n昨日上午，市委召开会议。\n");
        let local = |text: &str, end: usize| -> Vec<String> {
            check("a.txt", text)
                .iter()
                .filter(|f| LOCAL.contains(&f.card.name) && f.span.end() <= end)
                .map(|f| format!("{} {:?}", f.card.name, f.span))
                .collect()
        };
        let after = format!("{before}\n{added}");
        prop_assert_eq!(local(&before, text.len()), local(&after, text.len()));
    }
}
