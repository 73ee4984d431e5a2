//! `unused-suppression`: a comment that silences nothing, or that is not understood.

use crate::document::Document;
use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::ignore_comments::{MARK, comments};
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::selection::UnknownRule;
use crate::text::Span;
use crate::told;

pub(crate) static CARD: Card = Card {
    name: "unused-suppression",
    group: Group::Residue,
    severity: Severity::Warning,
    confidence: Confidence::High,
    default: true,
    summary: "a kanwu-ignore comment that silences nothing or is not understood",
    docs: "A comment `<!-- kanwu-ignore: rule -- reason -->` outlives the damage it was written for: once the text is mended it is residue, and it would \
hide the next fault in its place. Reported are comments whose rules find nothing there, names of rules that there are not, blocks without a \
beginning, and comments that are not understood. Rules that are not selected in a run are not held against a comment. The fix removes a comment \
that is of no use at all, and mends the name where it is clear which rule was meant.",
    chinese: Chinese {
        name: "无用的忽略注释",
        summary: "没有屏蔽任何问题，或看不懂的 kanwu-ignore 注释",
        docs: "文本改好之后，`<!-- kanwu-ignore: 规则 -- 理由 -->` 注释便成了残留，还会掩盖同一处的新错误。\
报告：所列规则在那里没有问题的注释、不存在的规则名、没有开头的区块、看不懂的注释。本次未选用的规则不追究。修复删去全然无用的注释；\
能断定所指规则时改正规则名。",
    },
    bad: &[
        "<!-- kanwu-ignore: stray-lattin -- 原文如此 -->\n各地要统筹发展和安全，把工作做实。\n",
        "<!-- kanwu-ignore stray-latin -->\n各地要统筹发展 and 安全，把工作做实。\n",
        "各地要把工作做实。\n<!-- kanwu-ignore-end -->\n",
    ],
    good: &[
        "<!-- kanwu-ignore: stray-latin -- 原文如此 -->\n各地要统筹发展 and 安全，把工作做实。\n",
        "在行内写kanwu-ignore不算注释。\n",
    ],
    fix: Some(Safety::Safe),
    yields_to: &[],
    levels: &[],
};

/// `unused-suppression`: by itself it speaks of comments that are not understood;
/// [`suppress`](crate::suppress) adds those that are of no use.
pub(super) struct UnusedSuppression;

impl Rule for UnusedSuppression {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        for comment in comments(document) {
            if let Err(problem) = &comment.meaning {
                findings.push(
                    Finding::new(
                        &CARD,
                        comment.span,
                        told!(
                            "this kanwu-ignore comment is not understood: {}", problem[0];
                            "看不懂这条 kanwu-ignore 注释：{}", problem[1]
                        ),
                    )
                    .help(told!(
                        "write <!-- kanwu-ignore: rule, rule -- reason -->, or kanwu-ignore-start, kanwu-ignore-end, kanwu-ignore-file in its place";
                        "写作 <!-- kanwu-ignore: 规则, 规则 -- 理由 -->，或改用 kanwu-ignore-start、kanwu-ignore-end、kanwu-ignore-file"
                    )),
                );
            }
        }
    }
}

/// The name that was meant in the place of one that there is not.
pub(crate) fn renaming(
    document: &Document<'_>,
    comment: Span,
    name: &str,
    unknown: &UnknownRule,
) -> Option<Fix> {
    let meant = unknown.nearest.as_deref()?;
    let words = document.slice(comment);
    let names = words.find(MARK)? + MARK.len();
    let at = words[names..]
        .match_indices(name)
        .map(|(at, _)| names + at)
        .find(|at| {
            let part = |c: char| c.is_ascii_alphanumeric() || c == '-';
            !words[..*at].ends_with(part) && !words[at + name.len()..].starts_with(part)
        })?;
    let start = comment.start() + at;
    let span = Span::new(start, start + name.len());
    Some(Fix::replace(Safety::Safe, span, meant))
}

/// Takes a comment out, with its line where it stands alone on it.
pub(crate) fn removal(document: &Document<'_>, comment: Span) -> Fix {
    let (text, lines) = (document.text(), document.lines());
    let line = lines.line_of(comment.start());
    let start = lines.start_of(line).unwrap_or(0);
    let end = lines
        .start_of(lines.line_of(comment.end()) + 1)
        .unwrap_or(text.len());
    let alone = text[start..comment.start()].trim().is_empty()
        && text[comment.end()..end].trim().is_empty();
    let span = if alone {
        Span::new(start, end)
    } else {
        comment
    };
    Fix::replace(Safety::Safe, span, "")
}
