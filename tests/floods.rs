//! Texts made to be slow: what takes the square of their length takes minutes here, what takes
//! their length a fraction of a second.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use kanwu::config::{Choice, Configs, Overrides};
use kanwu::document::Document;
use kanwu::engine::Linter;
use kanwu::registry::Registry;
use kanwu::selection::Selection;

/// Bytes of each text.
const SIZE: usize = 300_000;
/// A hundred times what a text of this size takes, for slow and busy machines.
const LIMIT: Duration = Duration::from_secs(20);

fn flood(unit: &str) -> String {
    unit.repeat(SIZE / unit.len())
}

/// Characters of a page in random order, a comma after each fourteen.
fn noise() -> String {
    let page = std::fs::read_to_string("fixtures/clean/orchard.txt").unwrap();
    let page: Vec<char> = page
        .chars()
        .filter(|c| *c >= '\u{4e00}' && *c <= '\u{9fff}')
        .collect();
    let mut state = 7_u64;
    let mut text = String::new();
    while text.len() < SIZE {
        for _ in 0..14 {
            // the constants of Knuth's MMIX
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            text.push(page[(state >> 33) as usize % page.len()]);
        }
        text.push('，');
    }
    text
}

/// A line end for each twentieth comma.
fn lines_of(text: &str) -> String {
    let clauses: Vec<_> = text.split('，').collect();
    let lines: Vec<_> = clauses.chunks(20).map(|c| c.join("，")).collect();
    lines.join("。\n\n")
}

#[test]
fn a_rule_pack_of_very_many_words_is_read_in_time() {
    let words: Vec<_> = (0..16_000).map(|i| format!("\"第{i}号词\"")).collect();
    let rule = format!(
        "name = \"many-words\"\ngroup = \"residue\"\nseverity = \"warning\"\nconfidence = \"high\"\nsummary = \"s\"\ndocs = \"d\"\n\
         [[patterns]]\nkind = \"literals\"\nscope = \"anywhere\"\nmatch = [{}]\nmessage = \"m\"\n",
        words.join(", ")
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rule.toml");
    std::fs::write(&path, rule).unwrap();
    let begun = Instant::now();
    let rules = kanwu::pattern::load(&[path], &[]).unwrap();
    let mut registry = Registry::builtin();
    registry.add(Box::new(rules));
    let selection = Selection {
        select: vec!["many-words".into()],
        ..Selection::default()
    };
    let linter = Linter::new(registry, &selection).unwrap();
    let found = linter.check(&Document::new("a.txt", "这里有第15999号词。"));
    assert_eq!(found.len(), 1);
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn floods_take_time_by_their_length() {
    let numbered: String = (0..SIZE / 24)
        .map(|i| format!("{i}. 第{i}项内容\n"))
        .collect();
    let nested = format!(
        "{}\n{}",
        "<!-- kanwu-ignore-start -->".repeat(SIZE / 60),
        "统筹发展 and 安全，，。\n".repeat(SIZE / 60)
    );
    let noise = noise();
    let doubled: String = {
        let chars: Vec<char> = noise.chars().collect();
        let pairs = chars.chunks(2).take(SIZE / 12);
        pairs.flat_map(|pair| pair.iter().chain(pair)).collect()
    };
    let near: String = (0..SIZE / 90)
        .map(|i| format!("农户第{i}次抓紧春耕，备好种子，检修水渠，不误农时。\n\n"))
        .collect();
    let one_line = std::fs::read_to_string("fixtures/clean/orchard.txt")
        .unwrap()
        .replace('\n', "");
    let texts = [
        ("one character", flood("的")),
        ("one letter", flood("a")),
        ("digits", flood("7")),
        ("spaces", flood(" ")),
        ("commas", flood("，")),
        ("quotation marks", flood("“")),
        ("quotation marks the wrong way round", flood("”“")),
        ("half-width quotation marks", flood("\"")),
        ("brackets", flood("（")),
        ("backticks", flood("`")),
        ("tags that never end", flood("<a ")),
        ("references", flood("&")),
        ("dollars", flood("$")),
        ("at signs", flood("a@")),
        ("equal short paragraphs", flood("今天天气很好\n")),
        ("equal sentences", flood("今天天气很好。")),
        ("addresses run together", flood("https://a.b/c?d=e&")),
        ("schemes run together", flood("http://")),
        ("blocks of ignored text in each other", nested),
        ("line ends", flood("\n")),
        ("line ends of two", flood("\r\n")),
        ("random characters", noise.clone()),
        ("random characters twice", doubled),
        ("random characters in lines", lines_of(&noise)),
        ("entities", flood("&amp;")),
        ("formulas that never end", flood("$x")),
        ("formulas of LaTeX", flood("\\[\\(")),
        ("links of notes", flood("[[a|")),
        ("comments of notes", flood("%%a")),
        ("citations", flood("[@a")),
        ("words of two scripts", flood("-{zh:")),
        ("nested tags", flood("<div>")),
        ("text and its other encoding", flood("鍙戝睍å…³")),
        ("cut paragraphs", flood("农户抓紧春耕，不误农\n\n")),
        ("list items", numbered),
        ("two characters", flood("县政")),
        ("and again and again", flood("发展 and 安全")),
        ("characters beyond the basic plane", flood("𠀀𪛖")),
        ("lost characters", flood("\u{fffd}")),
        ("characters that are not seen", flood("中\u{200b}")),
        ("marks above a letter", flood("e\u{301}\u{302}")),
        ("private characters", flood("\u{e000}\u{f8ff}")),
        ("headings", flood("# 第一章 春耕\n\n")),
        ("chapters", flood("第一章 春耕\n\n")),
        (
            "items of a speech",
            flood("一是抓春耕，二是抓水利，三是抓道路。\n"),
        ),
        ("bylines", flood("本报记者 李明 摄\n")),
        ("jump lines", flood("（下转第2版）\n")),
        ("lines of one character", flood("春\n耕\n")),
        (
            "letters of a coded picture",
            flood("iVBORw0KGgoAAAANSUhEUgAA"),
        ),
        ("addresses of mail", flood("a@b.cn ")),
        ("opening square brackets", flood("[")),
        ("pictures that never end", flood("![")),
        ("cells of a table", flood("|a")),
        ("quotations in each other", flood("> ")),
        ("fences", flood("```\n")),
        ("comments that never end", flood("<!--")),
        ("ignore comments", flood("<!-- kanwu-ignore -->\n")),
        (
            "a watermark that differs",
            flood("农户抓紧春耕。青溪县志馆藏。备好种子。青溪县志馆臧。"),
        ),
        ("paragraphs that are nearly equal", near),
        ("one line", flood(&one_line)),
    ];
    let linter = Linter::standard();
    for (name, text) in &texts {
        for file in ["a.txt", "a.md"] {
            let begun = Instant::now();
            let _ = linter.check(&Document::new(file, text));
            let time = begun.elapsed();
            assert!(time < LIMIT, "{name} in {file}: {time:?}");
        }
    }
}

/// Other kinds of file that are made to be slow, read as what they are.
#[test]
fn floods_of_other_kinds_take_time_by_their_length() {
    let record = format!("{{\"text\": \"{}\"}}\n", flood("农户抓紧春耕。"));
    let texts = [
        ("a.html", "tags in each other", flood("<div>")),
        ("a.html", "ends of nothing", flood("</p>")),
        ("a.html", "entities", flood("&amp;")),
        ("a.html", "attributes that never end", flood("<p a=")),
        ("a.html", "one line", flood("<p>农户抓紧春耕。</p>")),
        ("a.xml", "elements in each other", flood("<a>")),
        ("a.xml", "text without marks", flood("&lt;")),
        ("a.json", "arrays in each other", flood("[")),
        ("a.json", "objects in each other", flood("{\"a\":")),
        ("a.jsonl", "lines that are broken", flood("{\"a\"\n")),
        ("a.jsonl", "one long record", record),
        (
            "a.jsonl",
            "escapes",
            format!("{{\"text\": \"{}\"}}", flood("\\u6751\\n")),
        ),
        ("a.csv", "quotation marks", flood("\"")),
        ("a.csv", "commas", flood(",")),
        (
            "a.srt",
            "cues",
            flood("1\n00:00:01,000 --> 00:00:02,000\n农户抓紧春耕\n\n"),
        ),
        ("a.vtt", "time codes", flood("00:01.000 --> 00:02.000\n")),
        (
            "a.ass",
            "styles",
            format!("[Events]\nDialogue: 0,{}", flood("{\\i1}")),
        ),
        ("a.tex", "groups in each other", flood("{")),
        ("a.tex", "commands", flood("\\emph{")),
        ("a.tex", "formulas", flood("$x$ ")),
    ];
    let mut configs = Configs::new(Choice::None, Overrides::default()).unwrap();
    let profile = configs.profile(std::path::Path::new("a")).unwrap();
    for (file, name, text) in &texts {
        let begun = Instant::now();
        let decoded = kanwu::text::decode(text.as_bytes(), None).unwrap();
        let outcome = profile.check(file, &decoded, 1);
        let kind = outcome.kind;
        assert!(kanwu::formats::same_syntax(kind, text, text), "{name}");
        let time = begun.elapsed();
        assert!(time < LIMIT, "{name} in {file}: {time:?}");
    }
}

/// Characters at random take no longer than text, in one paragraph or in many, and are one finding.
#[test]
fn noise_is_left_alone() {
    let mut page = String::new();
    let mut files: Vec<_> = std::fs::read_dir("fixtures/clean")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    for file in files {
        page.push_str(&std::fs::read_to_string(file).unwrap_or_default());
    }
    let noise = noise();
    let linter = Linter::standard();
    let time = |text: &str| {
        let once = || {
            let begun = Instant::now();
            let found = linter.check(&Document::new("a.txt", text));
            let told: Vec<_> = found.iter().map(|f| f.card.name).collect();
            (begun.elapsed(), told)
        };
        let (time, told) = [once(), once(), once()].into_iter().min().unwrap();
        (time.as_secs_f64() / text.len() as f64, told)
    };
    let (usual, _) = time(&page);
    // where each line is a paragraph, the first few are over before it is seen
    let short = noise.replace('，', "\n");
    for (text, most) in [(noise.clone(), 1), (lines_of(&noise), 1), (short, 6)] {
        let (taken, told) = time(&text);
        assert!(
            told.contains(&"garbled-text") && told.len() <= most,
            "{told:?}"
        );
        // it is less than once; other programs run beside a test
        assert!(taken < 3.0 * usual, "{:.1} times", taken / usual);
    }
}
