//! One text with four planted defects as real programs write it (`tools/written_by_programs.py`):
//! what each is read as, what is found, whether the spans lie on the text, and what is left of the
//! file when it was mended. The table of docs/formats.md says the same.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::path::Path;

use kanwu::formats::{Kind, same_syntax};
use serde_json::Value;
use support::Project;

/// Rule and text of the defects.
const DEFECTS: [(&str, &str); 4] = [
    ("stray-latin", "and"),
    ("known-wrong-word", "迫不急待"),
    ("repeated-punctuation", "，，"),
    ("doubled-character", "经经"),
];

const FILES: [(&str, &str); 12] = [
    ("tesseract.txt", "Tesseract 5.3, text"),
    ("tesseract.hocr", "Tesseract 5.3, hOCR"),
    ("tesseract.alto.xml", "Tesseract 5.3, ALTO"),
    ("pandas.csv", "pandas 3.1, `to_csv`"),
    ("pandas.json", "pandas 3.1, `to_json`, all escaped"),
    ("pandas.jsonl", "pandas 3.1, `to_json(lines=True)`"),
    ("ffmpeg.srt", "ffmpeg 5.1, SRT"),
    ("ffmpeg.vtt", "ffmpeg 5.1, WebVTT"),
    ("ffmpeg.ass", "ffmpeg 5.1, ASS"),
    ("ebooklib.epub", "EbookLib 0.20, EPUB"),
    ("mineru.md", "Markdown as MinerU writes it"),
    ("mineru.md.gz", "the same, gzip"),
];

/// What was found by a check, and what it was read as.
fn check(project: &Project, name: &str) -> (Vec<Value>, String) {
    let run = project.run(&["check", "--no-config", "-v", "--format", "json", name]);
    let report: Value = serde_json::from_str(&run.out).unwrap();
    let kind = run
        .err
        .lines()
        .find_map(|l| Some(l.rsplit_once("read as ")?.1.to_owned()));
    let findings = report["findings"].as_array().unwrap().clone();
    (findings, kind.unwrap_or_default())
}

/// The text at a span of a file, without the file's own syntax.
fn text(kind: &str, slice: &str) -> String {
    match kind {
        "json" => serde_json::from_str(&format!("\"{slice}\"")).unwrap(),
        // words stand in attributes: what is between two of them is none of the text
        "alto" => {
            let mut chars = slice.chars();
            let first = chars.next().unwrap();
            format!("{first}…{}", chars.next_back().unwrap_or(first))
        }
        "hocr" => {
            let mut inside = true;
            let mut keep = |c: char| {
                let was = inside;
                inside = (inside || c == '>') && c != '<';
                was && inside
            };
            slice
                .chars()
                .filter(|c| keep(*c) && !c.is_whitespace())
                .collect()
        }
        _ => slice.to_owned(),
    }
}

fn row(name: &str, program: &str) -> String {
    let project = Project::new(&[]);
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/programs");
    let packed = name.ends_with(".gz");
    let source = std::fs::read(fixtures.join(name.trim_end_matches(".gz"))).unwrap();
    let bytes = if packed {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut gzip, &source).unwrap();
        gzip.finish().unwrap()
    } else {
        source.clone()
    };
    project.write(name, &bytes);
    let (findings, kind) = check(&project, name);
    let is_text = !name.ends_with(".epub");
    let (mut found, mut placed) = (0, 0);
    for (rule, wanted) in DEFECTS {
        let of_rule: Vec<_> = findings.iter().filter(|f| f["rule"] == rule).collect();
        found += usize::from(of_rule.len() == 1);
        let Some(finding) = of_rule.first() else {
            continue;
        };
        let at = |key: &str| usize::try_from(finding["span"][key].as_u64().unwrap()).unwrap();
        let slice = source.get(at("start")..at("end")).filter(|_| is_text);
        // inside an EPUB nobody can look: the excerpt of the report is what there is
        let slice = slice.map_or_else(
            || finding["text"].as_str().unwrap(),
            |s| std::str::from_utf8(s).unwrap(),
        );
        let wanted = if kind == "alto" {
            text(&kind, wanted)
        } else {
            wanted.to_owned()
        };
        let shown = text(&kind, slice.trim());
        assert_eq!(shown.trim(), wanted, "{name}: {rule}");
        placed += 1;
    }
    project.run(&[
        "check",
        "--no-config",
        "--fix",
        "--unsafe-fixes",
        "--fix-level",
        "info",
        "--quiet",
        name,
    ]);
    let mended = std::fs::read(project.path(name)).unwrap();
    let (left, _) = check(&project, name);
    let gone = DEFECTS
        .iter()
        .filter(|(rule, _)| left.iter().all(|f| f["rule"] != *rule))
        .count();
    let kept = if is_text && !packed {
        let [old, new] = [source, mended].map(|bytes| String::from_utf8(bytes).unwrap());
        assert!(
            same_syntax(kind.parse::<Kind>().unwrap(), &old, &new),
            "{name}"
        );
        "the syntax is the same"
    } else {
        assert_eq!(bytes, mended, "{name}");
        "the file is left as it is"
    };
    assert!(
        left.len() <= findings.len(),
        "{name}: mending made new defects"
    );
    format!("| {program} | `{kind}` | {found} of 4 | {placed} of {found} | {gone}; {kept} |")
}

#[test]
fn files_of_real_programs_are_read_told_of_and_mended_as_the_docs_say() {
    let rows: Vec<_> = FILES
        .iter()
        .map(|(name, program)| row(name, program))
        .collect();
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/formats.md");
    let docs = std::fs::read_to_string(docs).unwrap();
    let missing: Vec<_> = rows
        .iter()
        .filter(|row| !docs.contains(row.as_str()))
        .collect();
    assert!(
        missing.is_empty(),
        "docs/formats.md should say:\n{}",
        rows.join("\n")
    );
}
