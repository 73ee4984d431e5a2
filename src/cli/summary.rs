//! The last words of a check, on standard error: what was found, what of it can be mended, what was
//! not shown.

use super::output;
use crate::finding::Severity;
use crate::language::{Lang, Message};
use crate::report::{Summary, Tally};
use crate::rule::Card;
use crate::told;

/// The rules that spoke, the most frequent first.
pub(super) fn by_frequency(summary: &Summary) -> Vec<(&'static Card, Tally)> {
    let mut rules: Vec<_> = summary.by_rule.values().copied().collect();
    rules.sort_by_key(|(card, tally)| (std::cmp::Reverse(*tally), card.name));
    rules
}

/// Says it.
pub(super) fn summarise(summary: &Summary) {
    let lang = summary.lang;
    let clauses: Vec<Message> = std::iter::once(counts(summary))
        .chain(done(summary))
        .chain(fixable(summary))
        .chain(left_out(summary))
        .collect();
    let clauses: Vec<&str> = clauses.iter().map(|clause| clause.read(lang)).collect();
    output::note(&clauses.join(lang.pick("; ", "；")));
    if summary.findings() > 0 {
        let rules: Vec<String> = by_frequency(summary)
            .iter()
            .map(|(card, tally)| match lang {
                Lang::En => format!("{} {}", card.name, tally.findings),
                Lang::Zh => format!("{} {}", card.chinese.name, tally.findings),
            })
            .collect();
        let head = lang.pick("by rule: ", "按规则：");
        output::note(&format!("{head}{}", rules.join(lang.pick(", ", "，"))));
    }
}

fn plural(n: usize, what: &str) -> String {
    let ending = match n {
        1 => "",
        _ if what.ends_with('x') => "es",
        _ => "s",
    };
    format!("{n} {what}{ending}")
}

fn counts(summary: &Summary) -> Message {
    let count = |severity| summary.count(severity);
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let (infos, seconds) = (count(Severity::Info), summary.elapsed.as_secs_f64());
    let Summary {
        files, characters, ..
    } = summary;
    told!(
        "{}, {}: {}, {}, {} in {seconds:.2} s",
        plural(*files, "file"),
        plural(*characters, "character"),
        plural(errors, "error"),
        plural(warnings, "warning"),
        plural(infos, "info");
        "{files}个文件、{characters}字：错误{errors}处，警告{warnings}处，提示{infos}处；用时{seconds:.2}秒"
    )
}

fn done(summary: &Summary) -> impl Iterator<Item = Message> {
    let (known, fixed) = (summary.known, summary.fixed);
    let known = (known > 0).then(|| {
        told!(
            "{} known", plural(known, "finding");
            "基线已知{known}处"
        )
    });
    let fixed = (fixed > 0).then(|| {
        told!(
            "{} applied", plural(fixed, "fix");
            "已修复{fixed}处"
        )
    });
    known.into_iter().chain(fixed)
}

fn fixable(summary: &Summary) -> Option<Message> {
    Some(match (summary.fixable, summary.fixable_unsafely) {
        (0, 0) => return None,
        (safe, 0) => told!(
            "{safe} fixable with --fix";
            "--fix 可修复{safe}处"
        ),
        (0, more) => told!(
            "{more} fixable with --fix --unsafe-fixes";
            "--fix --unsafe-fixes 可修复{more}处"
        ),
        (safe, more) => told!(
            "{safe} fixable with --fix, {more} more with --fix --unsafe-fixes";
            "--fix 可修复{safe}处，加 --unsafe-fixes 还可修复{more}处"
        ),
    })
}

fn left_out(summary: &Summary) -> impl Iterator<Item = Message> {
    let (hidden, omitted) = (summary.hidden, summary.omitted);
    let skipped = summary.skipped.len();
    let hidden = (hidden > 0).then(|| {
        told!(
            "{} not shown (--level info)", plural(hidden, "note");
            "另有{hidden}处提示未显示（--level info）"
        )
    });
    let omitted = (omitted > 0).then(|| {
        told!(
            "{} not shown (--max-findings)", plural(omitted, "finding");
            "{omitted}处未显示（--max-findings）"
        )
    });
    let skipped = (skipped > 0).then(|| {
        told!(
            "{} not checked", plural(skipped, "file");
            "{skipped}个文件未检查"
        )
    });
    let unmended = (summary.unmended > 0).then(|| {
        told!(
            "{} not mended", plural(summary.unmended, "file");
            "{}个文件未修改", summary.unmended
        )
    });
    let files = skipped.into_iter().chain(unmended);
    hidden.into_iter().chain(omitted).chain(files)
}
