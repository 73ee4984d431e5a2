//! HTML, and hOCR, which is HTML by a recogniser: what a reader sees, without the tags.

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

use super::builder::Builder;
use super::entity;
use super::escape::Escape;
use super::map::{Hidden, Place};
use crate::text::is_han;

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
        links: Links::default(),
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
    page.paragraph("");
}

/// Whether text is nothing but signs of a font that a page brings along for its icons.
fn is_icon(text: &str) -> bool {
    let text = text.trim();
    let own = |c: char| matches!(c, '\u{e000}'..='\u{f8ff}');
    let written = |text: &str| {
        let entity = text
            .starts_with('&')
            .then(|| entity::decode(text))
            .flatten();
        entity.is_some_and(|(length, shown)| length == text.len() && shown.chars().all(own))
    };
    !text.is_empty() && (text.chars().all(own) || text.split_inclusive(';').all(written))
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
    links: Links,
}

/// What the paragraph so far has of links. A paragraph that is links and nothing else leads to
/// other pages: it is an item of a list, whatever element it stands in, and so is each of two that
/// stand side by side.
#[derive(Default)]
struct Links {
    /// Whether a link is open.
    open: bool,
    /// Bytes of text in it.
    length: usize,
    /// Where the last link leads to, as long as nothing stands behind it.
    last: Option<String>,
    /// Whether words stand in links, and outside of them.
    inside: bool,
    outside: bool,
}

/// A link with more bytes of text was never closed: what follows is no part of it.
const LONGEST_LINK: usize = 1500;

impl Page<'_, '_> {
    /// The paragraph ends here, and the next one begins with a mark.
    fn paragraph(&mut self, mark: &'static str) {
        if self.links.inside && !self.links.outside {
            self.builder.mark("- ");
        }
        self.links = Links {
            open: self.links.open,
            length: self.links.length,
            ..Links::default()
        };
        self.builder.paragraph_marked(mark);
    }

    /// A link begins.
    fn link(&mut self, tag: &StartTag<usize>, at: usize) {
        let Some(address) = tag.attributes.get(b"href".as_slice()) else {
            return;
        };
        let address = String::from_utf8_lossy(&address.value).into_owned();
        // A link that a program cut in two leads to one place.
        if self
            .links
            .last
            .as_ref()
            .is_some_and(|last| *last != address)
        {
            if !self.links.outside {
                self.paragraph("");
            } else if self.builder.last().is_some_and(is_han) {
                self.builder.blank(at);
            }
        }
        self.links.open = true;
        self.links.length = 0;
        self.links.last = Some(address);
    }
    fn text(&mut self, range: std::ops::Range<usize>) {
        if self.skipped.is_some() || range.is_empty() {
            return;
        }
        let text = &self.builder.source[range.clone()];
        if is_icon(text) && !self.builder.wants_all() {
            return;
        }
        if !text.trim().is_empty() && !self.links.open {
            self.links.last = None;
        }
        self.links.length += text.len();
        self.links.open &= self.links.length <= LONGEST_LINK;
        let worded = text.chars().any(char::is_alphanumeric);
        self.links.inside |= worded && self.links.open;
        self.links.outside |= worded && !self.links.open;
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
            "a" => self.link(tag, at),
            "br" => self.builder.line(),
            "h1" => self.paragraph("# "),
            "h2" => self.paragraph("## "),
            "h3" => self.paragraph("### "),
            "h4" | "h5" | "h6" => self.paragraph("#### "),
            "li" => self.paragraph("- "),
            _ if INLINE.contains(&name) || SKIPPED.contains(&name) => {}
            _ => self.paragraph(""),
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
        self.links.open &= name != "a";
        if !INLINE.contains(&name) && name != "br" {
            self.paragraph("");
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
            self.paragraph("");
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
            self.paragraph("");
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use crate::formats::{Kind, Options, read};

    fn prose(page: &str) -> String {
        let mut text = String::new();
        let malformed = read(Kind::Html, &Options::default(), page, &mut |prose| {
            text = prose.text.into_owned();
        });
        assert!(malformed.is_empty());
        text
    }

    #[test]
    fn links_alone_are_items_of_a_list() {
        let page = "<h2><a href='/1'>石桥修好了</a></h2><h2>老街</h2>\
                    <p><a href='/2'>流水</a> <a href='/3'>水边</a></p><p>见<a href='/4'>前文</a>。</p>";
        assert_eq!(
            prose(page),
            "- 石桥修好了\n\n## 老街\n\n- 流水\n\n- 水边\n\n见前文。\n\n"
        );
    }

    #[test]
    fn links_in_a_sentence_stay_in_it() {
        let page = "<p>标签：<a href='/1'>中国芯</a><a href='/2'>芯片</a></p>\
                    <p><a href='/3'>石</a><a href='/3'>桥</a>修好了<sup><a href='#1'>[1]</a></sup></p>";
        assert_eq!(prose(page), "标签：中国芯 芯片\n\n石桥修好了[1]\n\n");
    }

    #[test]
    fn a_link_that_is_never_closed_ends() {
        let page = format!(
            "<a href='/'>首页<p>{}</p><h2>老街</h2>",
            "桥修好了。".repeat(200)
        );
        assert!(prose(&page).ends_with("## 老街\n\n"));
    }

    #[test]
    fn icons_are_no_text() {
        let page = "<p><i>&#xe605;</i>首页<i>\u{e606}</i></p><p>拾玖\u{e003}</p>";
        assert_eq!(prose(page), "首页\n\n拾玖\u{e003}\n\n");
    }
}
