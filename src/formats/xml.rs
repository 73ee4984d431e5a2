//! XML: TEI and the like, and what recognisers write: ALTO and PAGE.

use std::collections::HashMap;

use quick_xml::events::Event;

use super::builder::Builder;
use super::escape::Escape;
use super::map::Place;
use super::xml_tokens::{attribute, tokens};
use super::{Malformed, page};

/// Elements of TEI that are not the text itself: what is said about it, and the second of two
/// readings.
const SKIPPED: &[&str] = &[
    "teiHeader",
    "note",
    "corr",
    "reg",
    "expan",
    "figDesc",
    "style",
    "script",
];

/// Elements of TEI that run inside a line wherever they stand.
const INLINE: &[&str] = &[
    "c",
    "cb",
    "choice",
    "date",
    "foreign",
    "g",
    "geogName",
    "hi",
    "lb",
    "milestone",
    "name",
    "orig",
    "orgName",
    "pb",
    "pc",
    "persName",
    "placeName",
    "ref",
    "rs",
    "seg",
    "sic",
    "term",
    "title",
    "unclear",
    "w",
];

/// Reads a file by what its outermost element says it is.
pub(super) fn read(source: &str, builder: &mut Builder<'_>) -> Vec<Malformed> {
    match root(source) {
        Some("alto") => alto(source, builder),
        Some("PcGts") => page::read(source, builder),
        _ => text(source, builder),
    }
}

/// The local name of the outermost element.
pub(super) fn root(source: &str) -> Option<&str> {
    let mut at = 0;
    loop {
        let open = at + memchr::memchr(b'<', &source.as_bytes()[at..])?;
        let rest = &source[open + 1..];
        let skip = |mark: &str| rest.find(mark).map(|n| open + 1 + n + mark.len());
        at = if rest.starts_with("!--") {
            skip("-->")?
        } else if rest.starts_with(['?', '!']) {
            skip(">")?
        } else {
            let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))?;
            let name = &rest[..end];
            return Some(name.rsplit(':').next().unwrap_or(name));
        };
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// Which elements run inside a line: those that mostly stand beside text of the element around
/// them.
fn inline_elements(source: &str) -> HashMap<&str, isize> {
    let mut votes: HashMap<&str, isize> = HashMap::new();
    // Of each open element: whether text stands in it, and its children.
    let mut open: Vec<(bool, Vec<&str>)> = vec![(false, Vec::new())];
    tokens(source, |token| match token.event {
        Event::Start(_) | Event::Empty(_) => {
            let name = name_at(source, token.range.start + 1);
            if let Some((_, children)) = open.last_mut() {
                children.push(name);
            }
            if matches!(token.event, Event::Start(_)) {
                open.push((false, Vec::new()));
            }
        }
        Event::End(_) if open.len() > 1 => {
            let (mixed, children) = open.pop().unwrap_or_default();
            for child in children {
                *votes.entry(child).or_default() += if mixed { 1 } else { -1 };
            }
        }
        Event::Text(_) => {
            if let Some((mixed, _)) = open.last_mut() {
                *mixed |= !source[token.range].trim().is_empty();
            }
        }
        _ => {}
    });
    votes
}

/// The local name of the element whose name begins at an offset.
fn name_at(source: &str, at: usize) -> &str {
    let rest = &source[at..];
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'));
    local(&rest[..end.unwrap_or(rest.len())])
}

/// Any XML with text in it.
fn text(source: &str, builder: &mut Builder<'_>) -> Vec<Malformed> {
    let votes = inline_elements(source);
    let inline = |name: &str| INLINE.contains(&name) || votes.get(name).is_some_and(|v| *v > 0);
    // How many elements are open inside the outermost skipped one, with it.
    let mut skipped = 0usize;
    tokens(source, |token| match &token.event {
        Event::Start(_) if skipped > 0 => skipped += 1,
        Event::End(_) if skipped > 0 => skipped -= 1,
        _ if skipped > 0 => {}
        Event::Start(_) | Event::Empty(_) => {
            let name = name_at(source, token.range.start + 1);
            let empty = matches!(token.event, Event::Empty(_));
            if SKIPPED.contains(&name) {
                skipped = usize::from(!empty);
            } else if name == "lb" {
                builder.soft_break(token.range.start);
            } else if name == "head" {
                builder.paragraph_marked("## ");
            } else if name == "item" {
                builder.paragraph_marked("- ");
            } else if !inline(name) {
                builder.paragraph();
            }
        }
        Event::End(_) => {
            let name = name_at(source, token.range.start + 2);
            if !inline(name) {
                builder.paragraph();
            }
        }
        Event::Text(_) | Event::GeneralRef(_) => builder.flowing(token.range, Escape::Markup),
        Event::CData(_) => {
            let inside = token.range.start + "<![CDATA[".len()..token.range.end - "]]>".len();
            builder.words(inside, Escape::Verbatim);
        }
        Event::Comment(_)
            if source[token.range.clone()].contains("kanwu-ignore") && !builder.wants_all() =>
        {
            builder.verbatim(token.range, Escape::Markup);
        }
        _ => {}
    })
}

/// ALTO: each word is an attribute.
fn alto(source: &str, builder: &mut Builder<'_>) -> Vec<Malformed> {
    let mut place = Place { page: 0, line: 0 };
    tokens(source, |token| {
        let (Event::Start(tag) | Event::Empty(tag)) = &token.event else {
            return;
        };
        let at = token.range.start;
        match local(tag.name().as_ref()) {
            "Page" => {
                place = Place {
                    page: place.page + 1,
                    line: 0,
                };
                builder.paragraph();
            }
            "TextBlock" | "ComposedBlock" => builder.paragraph(),
            "TextLine" => {
                place.line += 1;
                builder.soft_break(at);
                builder.place(place);
            }
            // Recognisers set it between words: between Chinese ones that is no blank.
            "SP" => builder.soft_break(at),
            "String" => {
                if let Some(value) = attribute(tag, &token.range, "CONTENT") {
                    builder.flowing(value, Escape::Attribute);
                }
            }
            _ => {}
        }
    })
}
