//! Paragraphs: how the lines of a document group, chosen from the document's own evidence.

use std::ops::Range;

use crate::text::{CharClass, Span, is_page_number};

use super::Document;
use super::wrap::{Shape, Wrap};

/// What a paragraph is in the layout of its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParagraphKind {
    /// Running text.
    Body,
    /// A headline or subhead: by `#` (its level) or by its look (level 0).
    Heading(u8),
    /// □作者, 本报记者 …, a name on a line of its own below a headline.
    Byline,
    /// An item of a list with a bullet or number of its own.
    ListItem,
    /// Code, a table row, front matter, a comment: nothing to read.
    Code,
    /// （作者单位：…）, (新华社北京12月21日电 记者 …): a note below or above an article.
    Note,
}

/// A paragraph.
#[derive(Clone, Debug)]
pub struct Paragraph {
    /// Its bytes without the white space around it.
    pub span: Span,
    /// Its bytes without heading marks and bullets either.
    pub content: Span,
    /// What it is.
    pub kind: ParagraphKind,
    /// The index of its article.
    pub article: u32,
    /// Its sentences, as indices into the document's table.
    pub sentences: Range<u32>,
}

impl Paragraph {
    /// Whether it is running text.
    #[must_use]
    pub fn is_body(&self) -> bool {
        matches!(self.kind, ParagraphKind::Body | ParagraphKind::ListItem)
    }

    /// Whether it is a headline or subhead.
    #[must_use]
    pub fn is_heading(&self) -> bool {
        matches!(self.kind, ParagraphKind::Heading(_))
    }
}

/// Splits the text into paragraphs; kinds are set as far as a paragraph alone shows them.
#[inline(never)] // its instructions are counted
pub(super) fn split(document: &Document<'_>) -> Vec<Paragraph> {
    let text = document.text();
    let lines = lines(document);
    let block = !document.is_markdown() && is_block(&lines);
    // In Markdown a line end inside a paragraph is a space.
    let shapes: Vec<Shape> = if document.is_markdown() {
        Vec::new()
    } else {
        shapes(text, &lines, block).collect()
    };
    let wrap = Wrap::of(&shapes);
    let goes_on = |line: usize| {
        document.is_markdown()
            || wrap
                .zip(shapes.get(line))
                .is_some_and(|(wrap, shape)| wrap.goes_on(shape))
    };
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    // The indent of the line that the next one may go on from.
    let mut open: Option<&str> = None;
    for (number, line) in lines.iter().enumerate() {
        if line.span.is_empty() {
            open = None;
            continue;
        }
        // In the box of an admonition all lines are indented.
        let flush = !line.is_indented()
            || document.is_markdown() && open == Some(line.indent)
            || block && open.is_some_and(|indent| line.column() >= columns(indent));
        let own = &text[line.span.range()];
        // the number of a page stands between the halves of a sentence and is none of it
        let page = !document.is_markdown() && is_page_number(own);
        let joins = open.is_some() && flush && !page && !starts_block(own);
        if joins && let Some(last) = paragraphs.last_mut() {
            last.span = Span::new(last.span.start(), line.span.end());
        } else {
            pieces(text, line.span, |span| {
                paragraphs.push(Paragraph {
                    span,
                    content: span,
                    kind: ParagraphKind::Body,
                    article: 0,
                    sentences: 0..0,
                });
            });
        }
        // A comment and a heading are lines of their own.
        let alone = page || own.starts_with("<!--") || heading_level(own).is_some();
        open = (!alone && goes_on(number)).then_some(line.indent);
    }
    paragraphs.shrink_to_fit();
    for paragraph in &mut paragraphs {
        describe(document, paragraph);
    }
    paragraphs
}

/// Whether most lines are set in by blanks, as on a manual page: then they go on in lines that are
/// set in as well.
fn is_block(lines: &[Line<'_>]) -> bool {
    let written = || lines.iter().filter(|line| !line.span.is_empty());
    let set_in = written().filter(|line| line.indent.starts_with("    "));
    2 * set_in.count() > written().count()
}

/// The width of white space.
fn columns(indent: &str) -> usize {
    const TAB: usize = 8;
    let width = |c| match c {
        '\t' => TAB,
        '\u{3000}' => 2,
        _ => 1,
    };
    indent.chars().map(width).sum()
}

/// What each line shows of its being broken; lines with nothing right above or below are not looked
/// at. Where lines are set in as a `block`, they end at the same margin however far they are.
fn shapes<'l>(
    text: &'l str,
    lines: &'l [Line<'_>],
    block: bool,
) -> impl Iterator<Item = Shape> + 'l {
    let mut below_another = false;
    lines.iter().enumerate().map(move |(number, line)| {
        let own = &text[line.span.range()];
        // the number of a page is as long as it is
        if is_page_number(own) {
            below_another = true;
            return Shape::default();
        }
        let below = lines.get(number + 1).filter(|b| !b.span.is_empty());
        let goes_on = |b: &Line<'_>| !b.is_indented() || block && b.column() >= line.column();
        let followed = !line.span.is_empty() && below.is_some_and(goes_on);
        let looked_at = followed || below_another;
        below_another = followed;
        if looked_at {
            let set_in = if block { line.column() } else { 0 };
            Shape::of(own, set_in, followed)
        } else {
            Shape::default()
        }
    })
}

struct Line<'a> {
    /// Without the white space around it.
    span: Span,
    /// The white space before it.
    indent: &'a str,
}

impl Line<'_> {
    /// Whether it is set in as the first line of a paragraph, or as a block, is.
    fn is_indented(&self) -> bool {
        self.indent.starts_with('\u{3000}') || self.indent.starts_with("    ")
    }

    /// The column that it begins at.
    fn column(&self) -> usize {
        columns(self.indent)
    }
}

fn lines<'a>(document: &Document<'a>) -> Vec<Line<'a>> {
    let (text, index) = (document.text(), document.lines());
    // Of blank lines in a row one says as much as all.
    let mut after_blank = false;
    (0..index.count())
        .filter_map(|i| {
            let start = index.start_of(i)?;
            let end = index.start_of(i + 1).unwrap_or(text.len());
            let raw = &text[start..end];
            let left = raw.trim_start_matches(blank);
            let indent = &raw[..raw.len() - left.len()];
            let start = end - left.len();
            let end = start + left.trim_end_matches(blank).len();
            Some(Line {
                span: Span::new(start, end),
                indent,
            })
        })
        .filter(|line| {
            !std::mem::replace(&mut after_blank, line.span.is_empty()) || !line.span.is_empty()
        })
        .collect()
}

/// White space in the widest sense: what a line may carry at its ends without being more than
/// blank.
fn blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}

/// Whether a line opens a block of its own even in wrapped text.
fn starts_block(line: &str) -> bool {
    heading_level(line).is_some()
        || bullet(line) > 0
        || line.starts_with("```")
        || line.starts_with("<!--")
        || line.starts_with('|')
        || line.starts_with(":::")
        || line.starts_with("$$")
        || line.starts_with("???")
        || line.starts_with("!!!")
        || line.starts_with(":begin_tab:")
        || line.starts_with(":end_tab:")
        || line.starts_with('[') && line.contains("]:")
}

/// Splits a line at runs of ideographic spaces that stand where paragraphs began before the line
/// breaks were lost.
fn pieces(text: &str, line: Span, mut piece_at: impl FnMut(Span)) {
    const INDENT: &str = "\u{3000}\u{3000}";
    let whole = &text[line.range()];
    if whole.len() < 900 || whole.matches(INDENT).count() < 3 {
        return piece_at(line);
    }
    let mut at = line.start();
    for piece in whole.split(INDENT) {
        let trimmed = piece.trim_matches(blank);
        if !trimmed.is_empty() {
            let start = at + (piece.len() - piece.trim_start_matches(blank).len());
            piece_at(Span::new(start, start + trimmed.len()));
        }
        at += piece.len() + INDENT.len();
    }
}

/// Kind and content, as far as the paragraph alone shows them.
fn describe(document: &Document<'_>, paragraph: &mut Paragraph) {
    let text = document.slice(paragraph.span);
    let start = paragraph.span.start();
    paragraph.content = paragraph.span;
    if document.mask().at(start) == Some(super::MaskKind::Code)
        && document.mask().at(paragraph.span.end() - 1).is_some()
    {
        paragraph.kind = ParagraphKind::Code;
    } else if let Some(level) = heading_level(text) {
        paragraph.kind = ParagraphKind::Heading(level);
        let marks = usize::from(level) + text[usize::from(level)..].len()
            - text[usize::from(level)..].trim_start().len();
        paragraph.content = Span::new(start + marks.min(text.len()), paragraph.span.end());
    } else if document.is_markdown() && opens_admonition(text) {
        paragraph.kind = ParagraphKind::Heading(ADMONITION);
    } else if text.starts_with('|') && text.ends_with('|') && text.len() > 1
        || text.starts_with("<!--") && text.ends_with("-->")
    {
        paragraph.kind = ParagraphKind::Code;
    } else if let width @ 1.. = bullet(text) {
        paragraph.kind = ParagraphKind::ListItem;
        paragraph.content = Span::new(start + width, paragraph.span.end());
    }
}

/// The level of the title of an admonition: below all `#` headings.
const ADMONITION: u8 = 7;

/// `!!! note "证明"`, `???+ warning`, `::: tip`: the title of a box in the Markdown of
/// documentation.
fn opens_admonition(line: &str) -> bool {
    let marked = ["!!! ", "??? ", "???+ ", "::: "]
        .iter()
        .any(|mark| line.starts_with(mark));
    marked && !line.contains('\n')
}

/// The level of a `#` heading.
fn heading_level(line: &str) -> Option<u8> {
    let level = line.bytes().take_while(|b| *b == b'#').count();
    let spaced = line[level..].starts_with([' ', '\t', '\u{3000}']);
    ((1..=6).contains(&level) && spaced).then_some(level as u8)
}

/// The length in bytes of a bullet (`- `, `* `, `1. `, `> `, ●) with the space after it; 0 where
/// there is none.
fn bullet(line: &str) -> usize {
    let mut chars = line.char_indices().peekable();
    let Some((_, first)) = chars.next() else {
        return 0;
    };
    let mark_end = match first {
        '-' | '*' | '+' | '>' => 1,
        '●' | '•' | '○' | '◆' | '◇' | '▪' | '▲' | '★' => {
            return line.len() - line[first.len_utf8()..].trim_start().len();
        }
        '0'..='9' => {
            let digits = line.bytes().take_while(u8::is_ascii_digit).count();
            match line.as_bytes().get(digits) {
                Some(b'.' | b')') if digits <= 3 => digits + 1,
                _ => return 0,
            }
        }
        _ => return 0,
    };
    // - 12 - is the number of a page
    if line.ends_with(first) && is_page_number(line) {
        return 0;
    }
    let rest = &line[mark_end..];
    let body = rest.trim_start();
    let spaced = rest
        .chars()
        .next()
        .is_some_and(|c| CharClass::of(c) == CharClass::Space);
    if spaced { line.len() - body.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use crate::document::{Document, ParagraphKind};

    fn texts<'a>(document: &Document<'a>) -> Vec<&'a str> {
        document
            .draft()
            .iter()
            .map(|p| document.slice(p.content))
            .collect()
    }

    #[test]
    fn the_title_of_an_admonition_is_a_heading() {
        let text = "由此得到下面的结论：\n\n??? note \"证明\"\n    记这样的方案数为甲，依次讨论每一种情形。\n";
        let document = Document::new("a.md", text);
        let kinds: Vec<_> = document.draft().iter().map(|p| p.kind).collect();
        assert_eq!(kinds[1], ParagraphKind::Heading(super::ADMONITION));
        assert_eq!(kinds[2], ParagraphKind::Body);
        let plain = Document::new("a.txt", text);
        assert_eq!(plain.draft()[1].kind, ParagraphKind::Body);
    }

    #[test]
    fn a_line_is_a_paragraph_unless_lines_were_wrapped() {
        let document = Document::new("a.txt", "# 春耕\n\n各地抓紧春耕。\n农户备好种子。\n");
        assert_eq!(
            texts(&document),
            ["春耕", "各地抓紧春耕。", "农户备好种子。"]
        );
        assert_eq!(document.draft()[0].kind, ParagraphKind::Heading(1));

        let wrapped = "　　清早的雾还没有散尽，河边的老人已经把渔网收了起来，一条条\n银色的小鱼在筐里跳动，孩子们围着看，谁也不肯先回家去吃早\n饭，直到母亲站在堤上喊了第三遍。\n　　这一天镇上逢集，卖菜的、卖布的、修锁的，天不亮就占好了地\n方，挑担的人从四面的山路上下来，歇在桥头喝一碗茶。\n";
        let document = Document::new("b.txt", wrapped);
        let read = texts(&document);
        assert_eq!(read.len(), 2);
        assert!(read[0].starts_with("清早") && read[0].ends_with("第三遍。"));

        // A longer line in between is a paragraph that nobody broke; a title is none that goes on.
        let long = "这一段是后来添上去的，没有折行，比别的行都要长出许多，一直排到纸边也不停下来，读的人看到这里就知道它和上下文不是一道来的。";
        let mixed = format!(
            "第三章\n{}\n{long}\n{}",
            wrapped.replace('　', ""),
            wrapped.replace('　', "")
        );
        let document = Document::new("b.txt", &mixed);
        let read = texts(&document);
        assert_eq!(read.len(), 6, "{read:?}");
        assert!(read[2].ends_with("喝一碗茶。") && read[3] == long);
        let titles = "山村修通水泥路游客一年比一年多\n合作社送来新品种树苗和有机肥\n技术员走进果园手把手教剪枝\n沿海渔船全部回港避风暂停出海作业\n水库提前预泄低洼地带群众连夜转移\n气象台提醒山区要防范山洪\n";
        assert_eq!(texts(&Document::new("b.txt", titles)).len(), 6);

        let document = Document::new("b.md", "# 春耕\n各地抓紧\n春耕。\n");
        assert_eq!(texts(&document), ["春耕", "各地抓紧\n春耕。"]);

        let document = Document::new("b.md", "!!! note\n    各地抓紧\n    春耕。\n[a]: b#春耕\n");
        assert_eq!(
            texts(&document)[1..],
            ["各地抓紧\n    春耕。", "[a]: b#春耕"]
        );
        assert_eq!(document.draft()[2].kind, ParagraphKind::Code);
    }

    #[test]
    fn the_number_of_a_page_is_no_item_of_a_list() {
        let document = Document::new("a.txt", "门开了。\n\n- 12 -\n\n- 十二人\n");
        let kinds: Vec<_> = document.draft().iter().map(|p| p.kind).collect();
        let item = ParagraphKind::ListItem;
        assert_eq!(kinds.iter().filter(|kind| **kind == item).count(), 1);
        assert_eq!(texts(&document), ["门开了。", "- 12 -", "十二人"]);
    }

    #[test]
    fn indents_stand_for_lost_line_breaks() {
        let text = format!("{0}　　{0}　　{0}　　{0}", "这一段有些长。".repeat(20));
        let document = Document::new("a.txt", &text);
        assert_eq!(document.draft().len(), 4);
    }
}
