//! HTML, and hOCR, which is HTML by a recogniser: what a reader sees, without the tags.

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

use super::builder::Builder;
use super::escape::Escape;
use super::map::{Hidden, Place};

/// Elements with nothing in them to read, or nothing that is prose.
const SKIPPED: &[&str] = &[
    "audio", "canvas", "head", "iframe", "math", "noscript", "object", "pre", "rp", "rt", "script",
    "select", "style", "svg", "template", "textarea", "title", "video",
];

/// Elements that hold a name in a program inside a sentence.
const CODE: &[&str] = &["code", "kbd", "samp", "tt", "var"];

/// Elements that run inside a line. All others end a paragraph: whoever makes up elements of his
/// own mostly means blocks.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "img", "input", "ins", "kbd", "label", "mark", "q", "rb", "ruby", "s", "samp",
    "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
];

/// Reads a page.
pub(super) fn read(source: &str, builder: &mut Builder<'_>) {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let mut page = Page {
        builder,
        skipped: None,
        code: 0,
        place: Place { page: 0, line: 0 },
    };
    // Text is what lies between the other tokens: so it stands for itself, entities and all.
    let mut done = 0;
    for Ok(token) in Tokenizer::new_with_emitter(source, emitter) {
        let span = match &token {
            Token::StartTag(tag) => tag.span,
            Token::EndTag(tag) => tag.span,
            Token::Comment(comment) => comment.span,
            Token::Doctype(doctype) => doctype.span,
            Token::String(_) | Token::Error(_) => continue,
        };
        let start = border(source, span.start.max(done));
        let end = border(source, span.end.max(start));
        page.text(done..start);
        done = end;
        match token {
            Token::StartTag(tag) => page.open(&tag, start),
            Token::EndTag(tag) => page.close(&String::from_utf8_lossy(&tag.name), start),
            Token::Comment(_) => page.comment(start..end),
            _ => {}
        }
    }
    page.text(done..source.len());
}

/// The nearest border of a character from an offset on.
fn border(source: &str, offset: usize) -> usize {
    (offset..=source.len())
        .find(|at| source.is_char_boundary(*at))
        .unwrap_or(source.len())
}

struct Page<'b, 's> {
    builder: &'b mut Builder<'s>,
    /// The skipped element that is open, and how many of its name are.
    skipped: Option<(String, usize)>,
    /// Open elements of code.
    code: usize,
    place: Place,
}

impl Page<'_, '_> {
    fn text(&mut self, range: std::ops::Range<usize>) {
        if self.skipped.is_some() || range.is_empty() {
            return;
        }
        if self.code > 0 {
            self.builder.hidden(range, Hidden::Code);
        } else {
            self.builder.flowing(range, Escape::Markup);
        }
    }

    /// What silences rules is for the rules to read.
    fn comment(&mut self, range: std::ops::Range<usize>) {
        let text = &self.builder.source[range.clone()];
        if self.skipped.is_none() && text.contains("kanwu-ignore") && !self.builder.wants_all() {
            self.builder.verbatim(range, Escape::Markup);
        }
    }

    fn open(&mut self, tag: &StartTag<usize>, at: usize) {
        let name = String::from_utf8_lossy(&tag.name);
        let name = name.as_ref();
        if let Some((skipped, depth)) = &mut self.skipped {
            *depth += usize::from(skipped == name && !tag.self_closing);
            return;
        }
        if SKIPPED.contains(&name) && !tag.self_closing {
            self.skipped = Some((name.to_owned(), 1));
        }
        self.code += usize::from(CODE.contains(&name));
        let class = tag.attributes.get(b"class".as_slice());
        if let Some(class) = class
            && self.recognised(&String::from_utf8_lossy(&class.value), at)
        {
            return;
        }
        match name {
            "br" => self.builder.line(),
            "h1" => self.builder.paragraph_marked("# "),
            "h2" => self.builder.paragraph_marked("## "),
            "h3" => self.builder.paragraph_marked("### "),
            "h4" | "h5" | "h6" => self.builder.paragraph_marked("#### "),
            "li" => self.builder.paragraph_marked("- "),
            _ if INLINE.contains(&name) || SKIPPED.contains(&name) => {}
            _ => self.builder.paragraph(),
        }
    }

    fn close(&mut self, name: &str, _at: usize) {
        if let Some((skipped, depth)) = &mut self.skipped {
            *depth -= usize::from(skipped == name);
            if *depth == 0 {
                self.skipped = None;
            }
            return;
        }
        if CODE.contains(&name) {
            self.code = self.code.saturating_sub(1);
        }
        if !INLINE.contains(&name) && name != "br" {
            self.builder.paragraph();
        }
    }

    /// The classes of hOCR: where pages, blocks and lines begin. Returns whether the element was
    /// one of them.
    fn recognised(&mut self, classes: &str, at: usize) -> bool {
        let has = |names: &[&str]| classes.split_whitespace().any(|c| names.contains(&c));
        if !classes.contains("ocr") {
            return false;
        }
        if has(&["ocr_page"]) {
            self.place = Place {
                page: self.place.page + 1,
                line: 0,
            };
            self.builder.paragraph();
        } else if has(&[
            "ocr_line",
            "ocr_header",
            "ocr_caption",
            "ocr_textfloat",
            "ocrx_line",
        ]) {
            self.place.line += 1;
            self.builder.soft_break(at);
            self.builder.place(self.place);
        } else if !has(&["ocrx_word", "ocr_word", "ocrx_cinfo"]) {
            self.builder.paragraph();
        }
        true
    }
}
