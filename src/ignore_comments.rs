//! Comments in the text that silence rules: `<!-- kanwu-ignore: rule, rule -- reason -->`.
//!
//! | comment | silences |
//! |---|---|
//! | `kanwu-ignore` | its own line; standing alone on a line, the next line that is not blank |
//! | `kanwu-ignore-start` … `kanwu-ignore-end` | everything between |
//! | `kanwu-ignore-file` | the whole file |
//!
//! Names are of rules or groups; without names every rule is silenced. They work in text as in
//! Markdown, except inside code. A comment that silences nothing is a finding itself, and so is one
//! that is not understood: see `rules::unused_suppression`.

use memchr::memmem;

use crate::document::{Document, MaskKind};
use crate::text::Span;

/// What every such comment holds.
pub(crate) const MARK: &str = "kanwu-ignore";
/// How far a comment may reach, in bytes.
const REACH: usize = 1000;

/// Why a comment is not understood, in English and in Chinese.
pub(crate) type Problem = [&'static str; 2];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    Line,
    Start,
    End,
    File,
}

/// A comment as it stands in the text.
pub(crate) struct Comment<'t> {
    pub(crate) span: Span,
    /// How far it reaches and the names in it, or what is wrong with it.
    pub(crate) meaning: Result<(Reach, Vec<&'t str>), Problem>,
}

/// The comments of a document, in order.
pub(crate) fn comments<'t>(document: &Document<'t>) -> Vec<Comment<'t>> {
    let text = document.text();
    let mut list = Vec::new();
    let mut from = 0;
    for at in memmem::find_iter(text.as_bytes(), MARK) {
        if at < from {
            continue;
        }
        let before = text[..at].trim_end_matches([' ', '\t']);
        let Some(opening) = before.strip_suffix("<!--") else {
            continue;
        };
        if document.mask().at(opening.len()) == Some(MaskKind::Code) {
            continue;
        }
        let body = &text[at + MARK.len()..];
        let end = memmem::find(&body.as_bytes()[..body.len().min(REACH)], b"-->");
        let (length, meaning) = match end {
            Some(end) => (end + 3, parse(&body[..end])),
            None => (
                body.find(['\n', '\r']).unwrap_or(body.len()),
                Err(["it does not end with -->", "没有以 --> 结束"]),
            ),
        };
        from = at + MARK.len() + length;
        list.push(Comment {
            span: Span::new(opening.len(), from),
            meaning,
        });
    }
    list
}

/// What follows `kanwu-ignore` in a comment.
fn parse(body: &str) -> Result<(Reach, Vec<&str>), Problem> {
    let said = body.split_once("--").map_or(body, |(said, _)| said).trim();
    // A suffix follows at once and is a word of its own: `-start`, and not the `--` of a reason.
    let suffixed = body.starts_with('-') && !body.starts_with("--");
    let (word, rest) = match said.find([':', ' ', '\t', '\n']) {
        Some(end) if suffixed => said.split_at(end),
        None if suffixed => (said, ""),
        _ => ("", said),
    };
    let reach = match word {
        "" => Reach::Line,
        "-start" => Reach::Start,
        "-end" => Reach::End,
        "-file" => Reach::File,
        _ => return Err(["there is no such kind of comment", "没有这种注释"]),
    };
    let rest = rest.trim_start();
    let names = match rest.strip_prefix(':') {
        Some(names) => names,
        None if rest.is_empty() => return Ok((reach, Vec::new())),
        None => {
            return Err([
                "there is no colon before the names of the rules",
                "规则名前面没有冒号",
            ]);
        }
    };
    let names: Vec<_> = names.split(',').map(str::trim).collect();
    let plain = |n: &&str| n.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') && !n.is_empty();
    if names.iter().all(plain) {
        Ok((reach, names))
    } else {
        Err([
            "names of rules are separated by commas, and a reason follows after --",
            "规则名以逗号分隔，理由写在 -- 之后",
        ])
    }
}
