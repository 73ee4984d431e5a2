//! Texts made to be slow: what takes the square of their length takes minutes here, what takes their length a fraction of a second.

use std::time::{Duration, Instant};

use kanwu::document::Document;
use kanwu::engine::Linter;

/// Bytes of each text.
const SIZE: usize = 300_000;
/// A hundred times what a text of this size takes, for slow and busy machines.
const LIMIT: Duration = Duration::from_secs(20);

fn flood(unit: &str) -> String {
    unit.repeat(SIZE / unit.len())
}

#[test]
fn floods_take_time_by_their_length() {
    let numbered: String = (0..SIZE / 24)
        .map(|i| format!("{i}. 第{i}项内容\n"))
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
        ("list items", numbered),
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
