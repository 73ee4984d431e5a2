//! What people judged of the findings, and what has changed since another audit.

use super::Screen;
use super::cells::{count, left, right};
use crate::audit::compare::{Changes, Comparison};
use crate::audit::precision::Judged;
use crate::audit::{Precision, Share};
use crate::language::{Lang, Message};
use crate::told;

impl Screen {
    /// How far the findings can be trusted, as people judged.
    pub(super) fn judged(&mut self, precision: &Precision) {
        self.gap();
        self.say(&told!("judged by people"; "人工评判"));
        let lang = self.lang;
        let mut row = |name: &str, counts: [&str; 3], share: &str, more: &str| {
            let [right_, wrong, unsure] = counts.map(|c| right(c, 7));
            let line = format!(
                "{} {right_} {wrong} {unsure}   {} {}",
                left(name, super::NAME),
                left(share, 22),
                right(more, 12)
            );
            self.out.push_str(line.trim_end());
            self.out.push('\n');
        };
        if !precision.rules.is_empty() {
            let [name, right, wrong, unsure, share, more] = lang.pick(
                [
                    "rule",
                    "right",
                    "wrong",
                    "unsure",
                    "precision (95 %)",
                    "more for ±5",
                ],
                [
                    "规则",
                    "属实",
                    "误报",
                    "不定",
                    "准确率（95%区间）",
                    "±5还需评判",
                ],
            );
            row(name, [right, wrong, unsure], share, more);
        }
        // those first of which most is known
        let mut rules: Vec<_> = precision.rules.iter().collect();
        rules.sort_by_key(|(_, r)| usize::MAX - r.right - r.wrong);
        let (shown, folded) = rules.split_at(rules.len().min(self.room.judged));
        for (name, rule) in shown {
            let share = rule.precision.map(|s| percent(lang, s)).unwrap_or_default();
            let [right, wrong, unsure, more] =
                [rule.right, rule.wrong, rule.unsure, rule.more].map(count);
            row(name, [&right, &wrong, &unsure], &share, &more);
        }
        if !folded.is_empty() {
            let sum = |of: fn(&Judged) -> usize| folded.iter().map(|(_, r)| of(r)).sum();
            let counts = [sum(|r| r.right), sum(|r| r.wrong), sum(|r| r.unsure)].map(count);
            row("…", counts.each_ref().map(String::as_str), "", "");
        }
        if let Some(share) = precision.overall {
            let share = percent(lang, share);
            self.say(&told!(
                "all, weighted by findings: {share}";
                "按发现数加权的总准确率：{share}"
            ));
        }
        if !self.room.details {
            return;
        }
        if !precision.reliability.is_empty() {
            let bins: Vec<Message> = precision
                .reliability
                .iter()
                .map(|b| {
                    let (stated, judged) = (b.stated * 100.0, b.judged);
                    let observed = percent(lang, b.observed);
                    told!(
                        "stated {stated:.0} %: observed {observed} in {judged}";
                        "标称{stated:.0}%：{judged}处中实测{observed}"
                    )
                })
                .collect();
            let bins: Vec<_> = bins.iter().map(|b| b.read(lang)).collect();
            let bins = bins.join(lang.pick("; ", "；"));
            self.say(&told!("{bins}"; "{bins}"));
        }
        if let Some(u) = &precision.unflagged {
            let (share, damaged) = (percent(lang, u.share), count(u.damaged));
            let judged = count(u.judged);
            self.say(&told!(
                "paragraphs without findings: {damaged} of {judged} damaged, {share}";
                "未报的段落：{judged}段中{damaged}段受损，{share}"
            ));
        }
        if precision.gone > 0 {
            let gone = precision.gone;
            self.say(&told!(
                "{gone} judgements are of findings that are there no more";
                "{gone}条评判所指的发现已不存在"
            ));
        }
    }

    /// What has changed since another audit.
    pub(super) fn changed(&mut self, comparison: &Comparison) {
        let [before, now] = comparison.score;
        self.gap();
        self.say(&told!(
            "since then: score {before:.1} to {now:.1}";
            "与上次相比：得分{before:.1}→{now:.1}"
        ));
        let [rule, new, gone, unchanged] = self.lang.pick(
            ["rule", "new", "gone", "unchanged"],
            ["规则", "新增", "消失", "不变"],
        );
        self.row(rule, &[(new, 9), (gone, 9), (unchanged, 9)]);
        let mut rules: Vec<_> = comparison.rules.iter().collect();
        rules.sort_by_key(|(name, c)| (usize::MAX - c.new - c.gone, *name));
        let (shown, rest) = rules.split_at(rules.len().min(self.room.changed));
        let mut line = |name: &str, c: Changes| {
            let [new, gone, unchanged] = [c.new, c.gone, c.unchanged].map(count);
            self.row(name, &[(&new, 9), (&gone, 9), (&unchanged, 9)]);
        };
        shown.iter().for_each(|(name, c)| line(name, **c));
        if rest.is_empty() {
            return;
        }
        let sum = rest.iter().fold(Changes::default(), |sum, (_, c)| Changes {
            new: sum.new + c.new,
            gone: sum.gone + c.gone,
            unchanged: sum.unchanged + c.unchanged,
        });
        line("…", sum);
    }
}

fn percent(lang: Lang, share: Share) -> String {
    let [share, low, high] = share.map(|s| s * 100.0);
    lang.pick(
        format!("{share:.0} % ({low:.0} to {high:.0})"),
        format!("{share:.0}%（{low:.0}～{high:.0}）"),
    )
}
