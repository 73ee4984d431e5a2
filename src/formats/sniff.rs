//! Which kind a file is of.

use super::{Kind, table, xml};

/// How much of a file is looked at, in bytes.
const SAMPLE: usize = 8 * 1024;

/// By the ending of the name, else by what is in it.
pub(super) fn kind(name: &str, text: &str) -> Kind {
    match by_name(name) {
        Some(Kind::Html) if is_recognised(text) => Kind::Hocr,
        Some(Kind::Xml) => of_xml(text),
        Some(Kind::Json) if is_lines(text) => Kind::JsonLines,
        // What is called plain text may be anything that was saved as such.
        Some(Kind::Plain) | None => by_content(text),
        Some(kind) => kind,
    }
}

fn by_name(name: &str) -> Option<Kind> {
    let (mut name, mut ending) = name.rsplit_once('.')?;
    while ["gz", "xz", "zst"]
        .iter()
        .any(|packed| ending.eq_ignore_ascii_case(packed))
    {
        (name, ending) = name.rsplit_once('.')?;
    }
    Some(match ending.to_ascii_lowercase().as_str() {
        "txt" | "text" => Kind::Plain,
        "md" | "markdown" | "mdx" => Kind::Markdown,
        "html" | "htm" | "xhtml" => Kind::Html,
        "hocr" => Kind::Hocr,
        "xml" | "tei" | "alto" | "page" => Kind::Xml,
        "json" => Kind::Json,
        "jsonl" | "ndjson" | "jl" => Kind::JsonLines,
        "csv" => Kind::Csv,
        "tsv" | "tab" => Kind::Tsv,
        "srt" => Kind::Srt,
        "vtt" => Kind::Vtt,
        "ass" | "ssa" => Kind::Ass,
        "tex" | "latex" => Kind::Latex,
        _ => return None,
    })
}

fn of_xml(text: &str) -> Kind {
    match xml::root(text) {
        Some("html") => Kind::Html,
        Some("alto") => Kind::Alto,
        Some("PcGts") => Kind::Page,
        _ => Kind::Xml,
    }
}

fn is_recognised(text: &str) -> bool {
    let head = head(text);
    head.contains("ocr_page") || head.contains("ocr-system")
}

fn head(text: &str) -> &str {
    &text[..text.floor_char_boundary(SAMPLE)]
}

/// Only what no prose begins with.
fn by_content(text: &str) -> Kind {
    let text = text.trim_start();
    let head = head(text);
    let starts = |mark: &str| {
        let start = head.get(..mark.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(mark))
    };
    if starts("<!doctype html") || starts("<html") {
        return if is_recognised(text) {
            Kind::Hocr
        } else {
            Kind::Html
        };
    }
    if starts("<?xml") {
        return of_xml(text);
    }
    if starts("webvtt") {
        return Kind::Vtt;
    }
    if starts("[script info]") {
        return Kind::Ass;
    }
    if starts("\\documentclass") || head.contains("\\begin{document}") {
        return Kind::Latex;
    }
    if is_value(head) {
        return if is_lines(text) {
            Kind::JsonLines
        } else {
            Kind::Json
        };
    }
    let mut lines = head.lines();
    let number = lines
        .next()
        .is_some_and(|l| l.trim().parse::<u32>().is_ok());
    if number && lines.next().is_some_and(is_timing) {
        return Kind::Srt;
    }
    if table::is_table(text) {
        return Kind::Csv;
    }
    Kind::Plain
}

fn is_timing(line: &str) -> bool {
    let line = line.trim();
    line.starts_with(|c: char| c.is_ascii_digit()) && line.contains(" --> ")
}

/// Whether a text begins as a JSON object or array does.
fn is_value(text: &str) -> bool {
    let space = [' ', '\t', '\n', '\r'];
    let behind = |open: char| {
        let rest = text.strip_prefix(open)?;
        rest.trim_start_matches(space).chars().next()
    };
    let key = || {
        let rest = text.strip_prefix('{')?.trim_start_matches(space);
        let (_, behind) = rest.strip_prefix('"')?.split_once('"')?;
        behind.trim_start_matches(space).chars().next()
    };
    key() == Some(':') || matches!(behind('['), Some('{' | '[' | '"'))
}

/// Whether a text is a JSON value a line: the first line is a whole one, and another follows.
fn is_lines(text: &str) -> bool {
    let text = text.trim_start();
    let Some((first, rest)) = text.split_once('\n') else {
        return false;
    };
    let first = first.trim_end();
    let whole = first.starts_with('{') && first.ends_with('}')
        || first.starts_with('[') && first.ends_with(']');
    whole && rest.trim_start().starts_with(['{', '['])
}

#[cfg(test)]
mod tests {
    use super::{Kind, kind};

    #[test]
    fn names_go_before_contents_and_contents_tell_where_names_do_not() {
        for (name, text, expected) in [
            ("a.csv", "甲", Kind::Csv),
            ("a.csv.gz", "甲", Kind::Csv),
            ("a.csv.xz.GZ", "甲", Kind::Csv),
            ("A.HTM", "甲", Kind::Html),
            ("a.html", "<div class='ocr_page'>", Kind::Hocr),
            (
                "a.xml",
                "<?xml version=\"1.0\"?><alto xmlns='x'>",
                Kind::Alto,
            ),
            ("a.xml", "<!-- x --><p:PcGts>", Kind::Page),
            ("a.json", "{\"a\": 1}\n{\"a\": 2}\n", Kind::JsonLines),
            ("a.json", "{\"a\": 1}", Kind::Json),
            ("a.txt", "{\"a\": \"甲\"}", Kind::Json),
            ("a.txt", "{甲} 是一个记号。", Kind::Plain),
            ("a.txt", "[1] 甲，乙。", Kind::Plain),
            (
                "<stdin>",
                "1\n00:00:01,000 --> 00:00:02,000\n甲\n",
                Kind::Srt,
            ),
            ("a", "编号,题目,答案\n1,甲,乙\n2,丙,丁\n", Kind::Csv),
            ("a.txt", "编号\t正文\n1\t\"甲\n乙\"\n2\t丙\n", Kind::Csv),
            (
                "a",
                "春眠不觉晓,处处闻啼鸟.\n夜来风雨声,花落知多少.\n又一行,又一句.\n",
                Kind::Plain,
            ),
            ("a", "<!DOCTYPE html><p>甲", Kind::Html),
            ("a.md", "<!DOCTYPE html><p>甲", Kind::Markdown),
        ] {
            assert_eq!(kind(name, text), expected, "{name} {text}");
        }
    }
}
