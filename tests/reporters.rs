//! Every report format, written from one report made by hand: snapshots, and the schemas of the
//! formats that have one.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use boon::{Compiler, Schemas};
use kanwu::finding::{Confidence, Finding, Fix, Label, Safety, Severity};
use kanwu::report::{
    Checkstyle, Concise, FileReport, GitHub, GitLab, Json, JsonLines, Junit, Rdjson, Reporter,
    Sarif, Skipped, Summary, Terminal,
};
use kanwu::rule::{Card, Chinese, Group};
use kanwu::text::{Encoding, Span, decode};
use kanwu::told;
use serde_json::Value;

static DOUBLED: Card = Card {
    name: "doubled-character",
    group: Group::Repeat,
    severity: Severity::Error,
    confidence: Confidence::High,
    default: true,
    summary: "a character that stands twice",
    docs: "One of the two goes: `县县政府` has a <character> too many & nothing else.",
    chinese: Chinese {
        name: "叠字",
        summary: "出现两次的字",
        docs: "两个字去掉一个：`县县政府` 多了一个 <字>。",
    },
    bad: &["县县政府"],
    good: &["常常"],
    fix: Some(Safety::Unsafe),
    yields_to: &[],
    levels: &[],
};

static DUPLICATE: Card = Card {
    name: "duplicate-paragraph",
    group: Group::Repeat,
    severity: Severity::Warning,
    confidence: Confidence::Medium,
    default: true,
    summary: "a paragraph that stands twice",
    docs: "Names the first copy.",
    chinese: Chinese {
        name: "重复段落",
        summary: "出现两次的段落",
        docs: "指明第一次出现之处。",
    },
    bad: &[],
    good: &[],
    fix: None,
    yields_to: &[],
    levels: &[],
};

static BROKEN: Card = Card {
    name: "broken-paragraph",
    group: Group::Structure,
    severity: Severity::Info,
    confidence: Confidence::Low,
    default: true,
    summary: "a paragraph cut inside a sentence",
    docs: "Join it.",
    chinese: Chinese {
        name: "断段",
        summary: "断在句中的段落",
        docs: "接上。",
    },
    bad: &[],
    good: &[],
    fix: Some(Safety::Unsafe),
    yields_to: &[],
    levels: &[],
};

const TEXT: &str = "春耕“早”动手，农机进田头\n\n昨日上午，县县政府召开2025年春耕会议，100%落实。\n为了不误农时，各乡镇早早备好\n\n种子和化肥。𠮷林村的ｆａｘ也通了。\n昨日上午，县县政府召开2025年春耕会议，100%落实。\n";

fn span(text: &str, needle: &str) -> Span {
    let start = text.find(needle).unwrap();
    (start..start + needle.len()).into()
}

fn last(text: &str, needle: &str) -> Span {
    let start = text.rfind(needle).unwrap();
    (start..start + needle.len()).into()
}

/// A finding of each shape: a fix, a label in its own line, one far away, one in another file;
/// several lines; a long line.
fn page(name: &str, bytes: &[u8]) -> FileReport {
    let decoded = decode(bytes, None).unwrap();
    let text = decoded.text.to_string();
    let doubled = span(&text, "县县");
    let paragraph = "昨日上午，县县政府召开2025年春耕会议，100%落实。";
    let gap = Span::new(span(&text, "备好").end(), span(&text, "种子").start());
    let findings = vec![
        Finding::new(
            &DOUBLED,
            doubled,
            told!("“县” stands twice: 县|县政府 is one word with it, none without"; "“县”出现两次：县|县政府"),
        )
        .probability(0.987_654)
        .help(told!("delete one"; "删去一个"))
        .label(span(&text, "政府"), told!("the word"; "词语"))
        .fix(Fix::replace(Safety::Unsafe, doubled, "县"))
        .evidence("gain", 12.5_f64)
        .evidence("word", "县政府"),
        Finding::new(
            &BROKEN,
            gap,
            told!(
                "各乡镇早早备好 goes on in 种子和化肥: one sentence, <cut> by a \"break\"";
                "各乡镇早早备好 接 种子和化肥：一句话被 <切断>"
            ),
        )
        .fix(Fix::replace(Safety::Unsafe, gap, "")),
        {
            let mut finding = Finding::new(
                &DUPLICATE,
                last(&text, paragraph),
                told!("the same as line 3, 100 % alike: 100%落实"; "与第3行相同，相似 100%：100%落实"),
            )
            .label(span(&text, paragraph), told!("first copy"; "第一次出现"))
            .evidence("line", 3_usize);
            finding.labels.push(Label {
                span: Span::new(30, 60),
                message: told!("also here"; "另一处"),
                file: Some("other/b c.txt".into()),
            });
            finding
        },
    ];
    FileReport::new(name, decoded, findings)
}

fn long_line() -> FileReport {
    let filler = "田间地头一派繁忙景象，";
    let text = format!("{}县县政府{}。\n", filler.repeat(500), filler.repeat(500));
    let at = span(&text, "县县");
    let label = Span::new(0, "田间地头".len());
    let decoded = decode(text.as_bytes(), None).unwrap();
    let finding = Finding::new(&DOUBLED, at, told!("“县” stands twice"; "“县”出现两次"))
        .label(label, told!("the line begins here"; "行首"));
    FileReport::new("long.txt", decoded, vec![finding])
}

/// Characters that a terminal does not show or that would move its cursor, before and in findings.
fn unseen() -> FileReport {
    let text = "\t制表\u{7}铃\u{85}县县政府，零\u{200b}宽，倒\u{202e}序县县，é①“”—县县。\n";
    let findings = text
        .match_indices("县县")
        .map(|(at, found)| (at, found.len()))
        .chain([(text.find('\u{200b}').unwrap(), 3)])
        .map(|(at, len)| {
            Finding::new(
                &DOUBLED,
                Span::new(at, at + len),
                told!("look here"; "请看"),
            )
        })
        .collect();
    FileReport::new(
        "unseen.txt",
        decode(text.as_bytes(), None).unwrap(),
        findings,
    )
}

fn clean() -> FileReport {
    FileReport::new(
        "clean.txt",
        decode("没有问题。\n".as_bytes(), None).unwrap(),
        Vec::new(),
    )
}

fn reports() -> Vec<FileReport> {
    let gb = Encoding::Gb18030.encode(TEXT).unwrap();
    vec![
        clean(),
        page("docs/春耕, page 1.txt", TEXT.as_bytes()),
        page("gb.txt", &gb),
        long_line(),
    ]
}

fn write(mut reporter: impl Reporter, reports: &[FileReport]) -> String {
    let mut out = Vec::new();
    let mut summary = Summary::default();
    for report in reports {
        summary.add(report);
        reporter.file(report, &mut out).unwrap();
    }
    summary.skipped.push(Skipped {
        file: "gone.txt".into(),
        reason: "no such file".into(),
    });
    reporter.finish(&summary, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// A report of nothing at all.
fn empty(mut reporter: impl Reporter) -> String {
    let mut out = Vec::new();
    reporter.finish(&Summary::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn full() {
    insta::assert_snapshot!(write(Terminal::new(false, 100), &reports()));
}

#[test]
fn carets_stand_under_their_characters() {
    insta::assert_snapshot!(write(Terminal::new(false, 60), &[unseen(), long_line()]));
}

#[test]
fn full_in_colour() {
    insta::assert_snapshot!(
        write(Terminal::new(true, 100), &[long_line()]).replace('\u{1b}', "ESC")
    );
}

#[test]
fn concise() {
    insta::assert_snapshot!(write(Concise, &reports()));
}

#[test]
fn json() {
    insta::assert_snapshot!(write(Json::default(), &reports()));
    serde_json::from_str::<Value>(&empty(Json::default())).unwrap();
}

#[test]
fn jsonl() {
    let text = write(JsonLines, &reports());
    insta::assert_snapshot!(text);
    for line in text.lines() {
        serde_json::from_str::<Value>(line).unwrap();
    }
}

#[test]
fn github() {
    insta::assert_snapshot!(write(GitHub, &reports()));
}

#[test]
fn gitlab() {
    let text = write(GitLab::default(), &reports());
    insta::assert_snapshot!(text);
    let issues: Value = serde_json::from_str(&text).unwrap();
    let fingerprints: std::collections::HashSet<_> = issues
        .as_array()
        .unwrap()
        .iter()
        .map(|issue| issue["fingerprint"].as_str().unwrap())
        .collect();
    assert_eq!(fingerprints.len(), 7);
    assert_eq!(empty(GitLab::default()), "[]\n");
}

#[test]
fn checkstyle() {
    let text = write(Checkstyle::default(), &reports());
    insta::assert_snapshot!(text);
    let document = roxmltree::Document::parse(&text).unwrap();
    let messages: Vec<_> = document
        .descendants()
        .filter_map(|node| node.attribute("message"))
        .collect();
    assert_eq!(messages.len(), 7);
    assert!(
        messages[1].ends_with("<cut> by a \"break\""),
        "{}",
        messages[1]
    );
    roxmltree::Document::parse(&empty(Checkstyle::default())).unwrap();
}

#[test]
fn rdjson() {
    let text = write(Rdjson::default(), &reports());
    insta::assert_snapshot!(text);
    let result: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(result["diagnostics"].as_array().unwrap().len(), 7);
    serde_json::from_str::<Value>(&empty(Rdjson::default())).unwrap();
}

#[test]
fn junit_keeps_to_its_schema() {
    let text = write(Junit::default(), &reports());
    insta::assert_snapshot!(text);
    let schema = uppsala::parse(include_str!("schemas/junit-10.xsd")).unwrap();
    let validator = uppsala::XsdValidator::from_schema(&schema).unwrap();
    let faults = |text: &str| validator.validate(&uppsala::parse(text).unwrap()).len();
    assert_eq!(faults(&text), 0);
    assert_eq!(faults(&empty(Junit::default())), 0);
    // The validator is awake.
    assert_ne!(faults(&text.replace("tests=", "tets=")), 0);
}

#[test]
fn sarif_keeps_to_its_schema() {
    let text = write(Sarif::default(), &reports());
    insta::assert_snapshot!(text);
    let mut schemas = Schemas::new();
    let schema = Compiler::new()
        .compile("tests/schemas/sarif-2.1.0.json", &mut schemas)
        .unwrap_or_else(|e| panic!("{e:#}"));
    let check = |value: &Value| {
        schemas
            .validate(value, schema)
            .map_err(|e| format!("{e:#}"))
    };
    let log: Value = serde_json::from_str(&text).unwrap();
    check(&log).unwrap();
    check(&serde_json::from_str(&empty(Sarif::default())).unwrap()).unwrap();
    // The validator is awake.
    let mut wrong = log.clone();
    wrong["runs"][0]["columnKind"] = "bytes".into();
    assert!(check(&wrong).is_err());
    // What a result points at is there.
    let run = &log["runs"][0];
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(
            run["tool"]["driver"]["rules"][index]["id"],
            result["ruleId"]
        );
    }
}

/// Regions of SARIF hold code points, byte offsets those of the file on disk.
#[test]
fn regions_lead_to_the_text() {
    let gb = Encoding::Gb18030.encode(TEXT).unwrap();
    let log: Value =
        serde_json::from_str(&write(Sarif::default(), &[page("gb.txt", &gb)])).unwrap();
    let region = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
    let number = |key: &str| usize::try_from(region[key].as_u64().unwrap()).unwrap();
    let line = TEXT.lines().nth(number("startLine") - 1).unwrap();
    let columns = number("startColumn") - 1..number("endColumn") - 1;
    let found: String = line
        .chars()
        .skip(columns.start)
        .take(columns.len())
        .collect();
    assert_eq!(found, "县县");
    let bytes = number("byteOffset")..number("byteOffset") + number("byteLength");
    assert_eq!(
        &gb[bytes],
        Encoding::Gb18030.encode("县县").unwrap().as_ref()
    );
}

/// Text added before a finding moves its line, not its fingerprint.
#[test]
fn fingerprints_survive_moved_lines() {
    let fingerprints = |text: &str| -> Vec<String> {
        let log: Value =
            serde_json::from_str(&write(Sarif::default(), &[page("a.txt", text.as_bytes())]))
                .unwrap();
        log["runs"][0]["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| r["partialFingerprints"]["kanwuContext/v1"].to_string())
            .collect()
    };
    let moved = format!("新的一行。\n\n又一行。\n{TEXT}");
    // The first two have their surroundings to themselves; all of them keep them.
    assert_eq!(fingerprints(TEXT), fingerprints(&moved));
}

/// A page of 100,000 findings, in one line or in many, is written in time proportional to it.
#[test]
fn many_findings_in_linear_time() {
    let time = |unit: &str, count: usize| {
        let text = unit.repeat(count);
        let decoded = decode(text.as_bytes(), None).unwrap();
        let offset = unit.find("县县").unwrap();
        let findings = (0..count)
            .map(|i| {
                let start = i * unit.len() + offset;
                let span = Span::new(start, start + 6);
                Finding::new(&DOUBLED, span, told!("twice"; "两次")).fix(Fix::replace(
                    Safety::Unsafe,
                    span,
                    "县",
                ))
            })
            .collect();
        let report = FileReport::new("a.txt", decoded, findings);
        let begun = std::time::Instant::now();
        for mut reporter in [
            Box::new(Terminal::new(false, 100)) as Box<dyn Reporter>,
            Box::new(Sarif::default()),
            Box::new(Json::default()),
        ] {
            reporter.file(&report, &mut std::io::sink()).unwrap();
        }
        begun.elapsed().as_secs_f64()
    };
    for unit in [
        "昨日上午，县县政府召开春耕会议，",
        "昨日上午，县县政府召开春耕会议。\n",
    ] {
        time(unit, 500);
        let (few, many) = (time(unit, 2_000), time(unit, 20_000));
        assert!(
            many < few * 40.0,
            "{unit:?}: 2,000 in {few} s, 20,000 in {many} s"
        );
    }
}
