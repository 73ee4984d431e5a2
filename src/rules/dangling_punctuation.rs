//! `dangling-punctuation`: a mark with nothing before it.

use crate::document::ParagraphKind;

use crate::finding::{Confidence, Finding, Findings, Safety, Severity};
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::{Span, has_han, is_han};
use crate::told;

static CARD: Card = Card {
    name: "dangling-punctuation",
    group: Group::Punctuation,
    severity: Severity::Warning,
    confidence: Confidence::High,
    default: true,
    summary: "a paragraph that opens with a comma, full stop or closing mark",
    docs: "No sentence begins with ，。、；： or a closing quotation mark or bracket: what stood before it is lost, or stands at the end of another \
paragraph. A line of nothing but such marks is one, too. Paragraphs that open with …… or —— or an opening mark are right; ASCII marks count only \
where Chinese follows, and not in Markdown, where they are syntax.",
    chinese: Chinese {
        name: "段首标点",
        summary: "以逗号、句号或后引号、后括号开头的段落",
        docs: "句子不会以 ，。、；： 或后引号、后括号开头：前面的文字丢了，或在别的段末。只有这类标点的一行也算。以 ……、—— 或前引号开头的正确；\
半角标点只在后接中文时才算，Markdown 中属于语法，不算。",
    },
    bad: &["，来看花的人很多。", "山里的花开了\n\n。\n"],
    good: &[
        "……后来就没有消息了。",
        "——写在春天",
        "先执行下面的命令\n\n```\nls -l\n```\n\n，再看结果。",
        ":::tip\n提示\n:::\n",
        "“走吧。”他说。",
    ],
    fix: None::<Safety>,
    yields_to: &["broken-paragraph", "misordered-block", "widget-text"],
    levels: &[],
};

pub(super) struct DanglingPunctuation;

impl Rule for DanglingPunctuation {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        let mut below_code = false;
        for paragraph in document.paragraphs() {
            let is_code = paragraph.kind == ParagraphKind::Code;
            // a sentence may go on below the code or the table in its middle
            if std::mem::replace(&mut below_code, is_code) || is_code {
                continue;
            }
            let text = document.slice(paragraph.content);
            let mut chars = text.chars();
            let Some(first) = chars.next() else {
                continue;
            };
            let wide = matches!(
                first,
                '，' | '。'
                    | '、'
                    | '；'
                    | '：'
                    | '”'
                    | '’'
                    | '）'
                    | '》'
                    | '】'
                    | '」'
                    | '』'
                    | '〉'
            );
            let narrow = matches!(first, ',' | ';' | '.' | ':')
                && !document.is_markdown()
                && chars.next().is_some_and(is_han);
            // ’ also stands for an apostrophe before letters and digits (’90).
            let apostrophe = first == '’'
                && text
                    .chars()
                    .nth(1)
                    .is_some_and(|c| c.is_ascii_alphanumeric());
            if !(wide || narrow) || apostrophe {
                continue;
            }
            let start = paragraph.content.start();
            let span = Span::new(start, start + first.len_utf8());
            let foreign = !has_han(text, 1) && text.contains(|c: char| c.is_ascii_alphabetic());
            if document.mask().touches(span) || foreign {
                continue;
            }
            let message = told!("the paragraph opens with {first}"; "段落以 {first} 开头");
            findings.push(Finding::new(&CARD, span, message).help(told!(
                "what stood before it is lost, or at the end of another paragraph";
                "前面的文字丢了，或在另一段末尾"
            )));
        }
    }
}
