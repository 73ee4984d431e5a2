//! `lost-line-breaks`: a whole document in one line.

use memchr::memmem;

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::{Span, is_closing, is_han, is_sentence_end};
use crate::told;

static CARD: Card = Card {
    name: "lost-line-breaks",
    group: Group::Structure,
    severity: Severity::Error,
    confidence: Confidence::High,
    default: true,
    summary: "a whole document in one line, ideographic spaces where the breaks were",
    docs: "A scraper that drops line breaks leaves the indents of the paragraphs, two ideographic spaces each, inside one long line. The rule speaks once a \
file, at the first of them, where nearly all indents of the document stand inside lines and after the end of a sentence, a heading or nothing else. The fix \
breaks the line at each of them.",
    chinese: Chinese {
        name: "换行丢失",
        summary: "全文挤成一行，原来换行处只剩全角空格",
        docs: "抓取时丢了换行，段首的两个全角空格便留在长行之内。全文的缩进几乎都在行内、且在句末或标题之后时，在第一处报告一次。修复在各处换行。\
",
    },
    bad: &[
        "春耕开始了，田里到处是忙碌的人。　　合作社送来了新种子。　　技术员也来了。　　大家都说，今年会有好收成。",
    ],
    good: &[
        "　　春耕开始了，田里到处是忙碌的人。\n　　合作社送来了新种子。\n　　技术员也来了。",
        "姓名　　年龄　　住址　　电话",
    ],
    fix: Some(Safety::Unsafe),
    yields_to: &[],
    levels: &[],
};

/// Indents inside lines from this number on are no accident.
const LEAST: usize = 3;

/// The rule.
pub(super) struct LostLineBreaks;

impl Rule for LostLineBreaks {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        const INDENT: &str = "\u{3000}\u{3000}";
        let text = document.text();
        let (mut inside, mut after_sentence, mut at_line_start) = (Vec::new(), 0, 0);
        let mut from = 0;
        for at in memmem::find_iter(text.as_bytes(), INDENT) {
            // Of a longer run that was looked at already.
            if at < from {
                continue;
            }
            let end = at + text[at..].len() - text[at..].trim_start_matches('\u{3000}').len();
            from = end;
            let before = text[..at].chars().next_back();
            match before {
                None | Some('\n' | '\r') => at_line_start += 1,
                Some(_) if text[end..].starts_with(['\n', '\r']) || end == text.len() => {}
                Some(c) => {
                    after_sentence += usize::from(is_sentence_end(c) || is_closing(c));
                    inside.push(Span::new(at, end));
                }
            }
        }
        if inside.len() < LEAST {
            return;
        }
        let lines = text.lines().filter(|l| !l.trim().is_empty()).count();
        let lost = inside.len() > 2 * at_line_start
            && inside.len() >= 3 * lines.saturating_sub(1)
            && (after_sentence * 10 >= inside.len() * 3 || inside.len() >= 10 && lines <= 2)
            && text.chars().filter(|c| is_han(*c)).take(20).count() == 20;
        let (true, Some(first)) = (lost, inside.first()) else {
            return;
        };
        let count = inside.len();
        let message = told!(
            "the line breaks are lost: {count} runs of ideographic spaces inside lines where paragraphs began";
            "换行丢失：行内有{count}处全角空格，原是段首"
        );
        let edits = inside.iter().map(|span| crate::finding::Edit {
            span: *span,
            replacement: "\n".to_owned(),
        });
        let fix = Fix {
            safety: Safety::Unsafe,
            edits: edits.collect(),
        };
        findings.push(
            Finding::new(&CARD, *first, message)
                .help(told!("break the line at each of them"; "在各处换行"))
                .fix(fix)
                .evidence("count", count),
        );
    }
}
