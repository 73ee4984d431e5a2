//! Kinds of file: whatever text stands in one is read back, each character where it stands, and an
//! edit of it changes that text and nothing else.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write;
use std::fs;
use std::path::Path;

use kanwu::config::{Choice, Configs, Overrides, Profile};
use kanwu::fix::{self, Allowed, End};
use kanwu::formats::{self, Kind, Options, Prose};
use kanwu::report::FileReport;
use kanwu::text::{self, Span};
use proptest::prelude::*;

/// All prose of a file.
fn read(kind: Kind, source: &str) -> Vec<Prose<'_>> {
    let mut found = Vec::new();
    let malformed = formats::read(kind, &Options::default(), source, &mut |prose| {
        found.push(prose);
    });
    assert!(malformed.is_empty(), "{malformed:?} in {source}");
    found
}

/// What the default rules find in a file, a line a finding, and the file with all fixes applied.
fn check(profile: &Profile, name: &str, bytes: &[u8]) -> (String, String) {
    let decoded = text::decode(bytes, None).unwrap();
    let outcome = profile.check(name, &decoded, 1);
    let kind = outcome.kind;
    let mut out = format!("{name} ({kind})\n");
    let report = FileReport::new(name, decoded, outcome.findings);
    for finding in &report.findings {
        let at = report.position(finding.span.start());
        let text = &report.text[finding.span.range()];
        let (line, column) = (at.line, at.column);
        let (severity, rule) = (finding.severity, finding.card.name);
        writeln!(
            out,
            "  {line}:{column}: {severity}[{rule}] {text:?} {}",
            finding.message.en()
        )
        .unwrap();
    }
    let mended = fix::mend(
        bytes,
        None,
        Allowed::ALL,
        |decoded| profile.check_as(kind, name, decoded, 1).findings,
        |old, new| formats::same_syntax(kind, old, new),
    )
    .unwrap();
    assert!(mended.end == End::Settled && mended.harmful == 0, "{name}");
    (out, String::from_utf8(mended.bytes.into_owned()).unwrap())
}

/// Each kind has a file in `fixtures/formats/`; `expected.txt` says what is found there, and which
/// lines the fixes change into what.
#[test]
fn files_of_each_kind_give_the_expected_findings_and_fixes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/formats");
    let mut configs = Configs::new(Choice::None, Overrides::default()).unwrap();
    let profile = configs.profile(&folder).unwrap();
    let mut files: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let mut got = String::new();
    for path in files {
        let name = path.file_name().unwrap().to_str().unwrap();
        if name == "expected.txt" {
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        let (findings, mended) = check(&profile, name, &bytes);
        got.push_str(&findings);
        let old = String::from_utf8(bytes).unwrap();
        assert_eq!(old.lines().count(), mended.lines().count(), "{name}");
        for (old, new) in old.lines().zip(mended.lines()).filter(|(a, b)| a != b) {
            writeln!(got, "  - {old}\n  + {new}").unwrap();
        }
    }
    let expected = folder.join("expected.txt");
    if std::env::var_os("KANWU_UPDATE_FIXTURES").is_some() {
        fs::write(&expected, &got).unwrap();
    }
    let known = fs::read_to_string(&expected).unwrap_or_default();
    assert_eq!(known, got, "KANWU_UPDATE_FIXTURES=1 writes it anew");
}

/// Records of one file are spread over threads, and what is told of them is the same.
#[test]
fn any_number_of_threads_finds_the_same_in_records() {
    let mut configs = Configs::new(Choice::None, Overrides::default()).unwrap();
    let profile = configs.profile(Path::new("a")).unwrap();
    let texts = [
        "各地要统筹发展 and 安全，把工作做实。",
        "农户迫不急待地备耕，，不误农时。",
        "清晨，渔船返港，码头上堆满了鱼。",
    ];
    let mut lines = String::new();
    for (n, text) in texts.iter().cycle().enumerate().take(700) {
        writeln!(lines, "{{\"n\": {n}, \"text\": \"第{n}条。{text}\"}}").unwrap();
        if n % 100 == 7 {
            lines.push_str("{\"text\": broken\n");
        }
    }
    let decoded = text::decode(lines.as_bytes(), None).unwrap();
    let check = |threads| {
        let outcome = profile.check("a.jsonl", &decoded, threads);
        format!("{:?}{:?}", outcome.findings, outcome.malformed)
    };
    let one = check(1);
    assert!(one.matches("stray-latin").count() > 200);
    for threads in [2, 3, 8] {
        assert!(check(threads) == one, "{threads} threads");
    }
}

fn prose_of(prose: &[Prose<'_>]) -> String {
    let texts: Vec<_> = prose.iter().map(|p| p.text.trim_end()).collect();
    texts.join("\n\n")
}

fn markup(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

/// A file of a kind with these paragraphs in it, by the rules of the kind and not by kanwu's.
fn file(kind: Kind, paragraphs: &[String]) -> String {
    let each = |f: &dyn Fn(usize, &str) -> String, between: &str| {
        let parts: Vec<_> = paragraphs
            .iter()
            .enumerate()
            .map(|(n, p)| f(n, p))
            .collect();
        parts.join(between)
    };
    match kind {
        Kind::Plain | Kind::Markdown => paragraphs.join("\n\n"),
        Kind::Html => format!(
            "<!DOCTYPE html>\n<html><head><title>题</title></head><body>\n{}\n</body></html>\n",
            each(&|_, p| format!("<div class=\"a\"><p>{}</p></div>", markup(p)), "\n")
        ),
        Kind::Hocr => format!(
            "<html><body><div class='ocr_page'>{}</div></body></html>",
            each(
                &|_, p| format!(
                    "<p class='ocr_par'><span class='ocr_line'><span class='ocrx_word'>{}</span></span></p>",
                    markup(p)
                ),
                "\n"
            )
        ),
        Kind::Xml => format!(
            "<?xml version=\"1.0\"?>\n<TEI><teiHeader><p>头。</p></teiHeader><text><body>{}</body></text></TEI>",
            each(&|_, p| format!("<p>{}</p>", markup(p)), "\n  ")
        ),
        Kind::Alto => format!(
            "<alto><Layout><Page>{}</Page></Layout></alto>",
            each(
                &|_, p| format!("<TextBlock><TextLine><String HPOS=\"1\" CONTENT=\"{}\"/></TextLine></TextBlock>", markup(p)),
                "\n"
            )
        ),
        Kind::Page => format!(
            "<PcGts><Page><ReadingOrder><OrderedGroup>{}</OrderedGroup></ReadingOrder>{}</Page></PcGts>",
            each(&|n, _| format!("<RegionRefIndexed regionRef=\"r{n}\"/>"), ""),
            // The regions stand in the file from the last to the first.
            paragraphs
                .iter()
                .enumerate()
                .rev()
                .map(|(n, p)| format!(
                    "<TextRegion id=\"r{n}\"><TextLine><Word><TextEquiv><Unicode>词</Unicode></TextEquiv></Word><TextEquiv><Unicode>{}</Unicode></TextEquiv></TextLine></TextRegion>",
                    markup(p)
                ))
                .collect::<String>()
        ),
        Kind::Json => format!(
            "{{\"data\": [{}]}}",
            each(&|n, p| format!("{{\"n\": {n}, \"text\": {}}}", serde_json::to_string(p).unwrap()), ",\n")
        ),
        Kind::JsonLines => each(&|n, p| escaped(&format!("{{\"n\": {n}, \"text\": {}}}", serde_json::to_string(p).unwrap())), "\n"),
        Kind::Csv => format!(
            "n,text\r\n{}",
            each(&|n, p| format!("{n},\"{}\"", p.replace('"', "\"\"")), "\r\n")
        ),
        Kind::Tsv => format!("n\ttext\n{}", each(&|n, p| format!("{n}\t{p}"), "\n")),
        Kind::Srt => each(
            &|n, p| format!("{}\n00:{n:02}:00,000 --> 00:{n:02}:01,000\n<i>{p}</i>\n", n + 1),
            "\n",
        ),
        Kind::Vtt => format!(
            "WEBVTT\n\n{}",
            each(&|n, p| format!("00:{n:02}:00.000 --> 00:{n:02}:01.000\n{}\n", markup(p)), "\n")
        ),
        Kind::Ass => format!(
            "[Script Info]\n\n[Events]\nFormat: Layer, Start, End, Text\n{}",
            each(&|n, p| format!("Dialogue: 0,0:{n:02}:00.00,0:{n:02}:01.00,{{\\i1}}{p}"), "\n")
        ),
        Kind::Latex => format!(
            "\\documentclass{{ctexart}}\n\\begin{{document}}\n{}\n\\end{{document}}\n",
            each(
                &|_, p| p.chars().map(|c| if "%&#$_{}".contains(c) { format!("\\{c}") } else { c.to_string() }).collect(),
                "\n\n"
            )
        ),
    }
}

/// JSON in nothing but ASCII.
fn escaped(json: &str) -> String {
    let mut out = String::new();
    for unit in json.encode_utf16() {
        match u8::try_from(unit).ok().filter(u8::is_ascii) {
            Some(byte) => out.push(byte.into()),
            None => out.push_str(&format!("\\u{unit:04X}")),
        }
    }
    out
}

/// A paragraph of Chinese with everything in it that means something somewhere. What a kind cannot
/// say is left out for it.
fn paragraph() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        6 => "[县政府春耕备种子水渠道路]{1,6}",
        2 => "[，。；：“”！？]",
        1 => "[a-z0-9]{1,4}",
        1 => "[\"&<>{}%$#_^~,;|*=+\\\\/@𠮷é]",
    ];
    prop::collection::vec(part, 1..12)
        .prop_map(|parts| format!("各地抓紧春耕备足种子，{}。", parts.concat()))
}

/// What of a text can stand in a kind of file as it is written here.
fn allowed(kind: Kind, text: &str) -> String {
    let not = match kind {
        Kind::Srt => "<>{}",
        Kind::Ass => "{}\\",
        Kind::Latex => "\\~^",
        Kind::Tsv => "\"",
        _ => "",
    };
    text.chars().filter(|c| !not.contains(*c)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_and_edits_change_nothing_else(
        paragraphs in prop::collection::vec(paragraph(), 1..5),
        at in any::<prop::sample::Index>(),
        replacement in "[县a\"&<>{}%$#_^~,;|\\\\。\n]{0,3}",
    ) {
        for kind in Kind::ALL {
            let paragraphs: Vec<_> = paragraphs.iter().map(|p| allowed(kind, p)).collect();
            let source = file(kind, &paragraphs);
            let prose = read(kind, &source);
            prop_assert_eq!(prose_of(&prose), paragraphs.join("\n\n"), "{} {}", kind, &source);
            let places: Vec<_> = prose
                .iter()
                .enumerate()
                .flat_map(|(n, p)| p.text.char_indices().map(move |(at, c)| (n, at, c)))
                .collect();
            for (n, at, c) in &places {
                let span = prose[*n].map.span(Span::new(*at, at + c.len_utf8()));
                let standing = &source[span.range()];
                prop_assert!(
                    standing == c.to_string() || *c == '\n' || standing.starts_with(['\\', '&', '"']),
                    "{} {:?} stands as {:?}", kind, c, standing
                );
            }
            let (n, at, c) = places[at.index(places.len())];
            let Some((span, written)) = prose[n].edit(Span::new(at, at + c.len_utf8()), &replacement) else {
                continue;
            };
            let mended = [&source[..span.start()], &written, &source[span.end()..]].concat();
            // In some places nothing may stand: what would not be read again is refused.
            if !formats::same_syntax(kind, &source, &mended) {
                continue;
            }
            let mut expected: Vec<_> = prose.iter().map(|p| p.text.to_string()).collect();
            expected[n].replace_range(at..at + c.len_utf8(), &replacement);
            let again = read(kind, &mended);
            let flat = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(flat(&prose_of(&again)), flat(&expected.join("\n\n")), "{} {}", kind, &mended);
        }
    }

    #[test]
    fn no_bytes_are_too_strange(source in "(<[a-z!/]{0,5}|>|&#?[a-z0-9]{0,4};?|\\\\[a-zuN\\[(]{0,6}|[{}\\[\\]\":,$%\n]|-->|[0-9:]{1,5}|县|“| |\r\n|\t){0,60}") {
        for kind in Kind::ALL {
            let mut found = Vec::new();
            formats::read(kind, &Options::default(), &source, &mut |prose| found.push(prose));
            for prose in found {
                for (at, c) in prose.text.char_indices() {
                    let span = prose.map.span(Span::new(at, at + c.len_utf8()));
                    prop_assert!(source.get(span.range()).is_some(), "{kind} {span:?}");
                    let here = prose.map.span(Span::new(at, at));
                    prop_assert!(source.get(here.range()).is_some(), "{kind} {here:?}");
                    if let Some((span, _)) = prose.edit(Span::new(at, at + c.len_utf8()), "县") {
                        prop_assert!(source.get(span.range()).is_some(), "{kind} {span:?}");
                    }
                }
            }
            prop_assert!(formats::same_syntax(kind, &source, &source));
        }
    }
}
