//! Prints the scores as Markdown.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::floors::{self, SPELLING};
use crate::score::{Finding, Place, Recall, Score};

/// `under` the floor, nothing, or `aim` where it is reached.
fn verdict(value: f64, floor: f64, aim: f64, more_is_better: bool) -> &'static str {
    let reached = |goal: f64| {
        if more_is_better {
            value + 1e-9 >= goal
        } else {
            value <= goal + 1e-9
        }
    };
    match (reached(floor), reached(aim)) {
        (false, _) => "**under**",
        (_, true) => "aim",
        _ => "",
    }
}

/// Recall by class, with the kinds of classes that have several.
pub fn recall(score: &Score) -> String {
    let mut out = String::from(
        "| class | defects | recall | named | floor | |\n|---|---:|---:|---:|---:|---|\n",
    );
    for (class, recall) in &score.recall {
        row(&mut out, class, class, recall);
        let kinds: Vec<_> = score
            .recall_by_kind
            .iter()
            .filter(|((of, _), _)| of == class)
            .collect();
        if kinds.len() > 1 {
            for ((_, kind), recall) in kinds {
                row(
                    &mut out,
                    &format!("– {kind}"),
                    &format!("{class} {kind}"),
                    recall,
                );
            }
        }
    }
    _ = writeln!(
        out,
        "| mean over classes | | {:.3} | | | |",
        score.mean_recall()
    );
    out
}

fn row(out: &mut String, shown: &str, name: &str, recall: &Recall) {
    let named = recall.named as f64 / recall.hit.max(1) as f64;
    let (floor, judged) = match floors::recall(name) {
        Some((floor, aim)) => (
            format!("{floor:.2}"),
            verdict(recall.share(), floor, aim, true),
        ),
        None => (String::new(), ""),
    };
    _ = writeln!(
        out,
        "| {shown} | {} | {:.3} | {named:.2} | {floor} | {judged} |",
        recall.defects,
        recall.share()
    );
}

/// Recall by class of several sets side by side, judged by the last of them.
pub fn recall_side_by_side(names: &[String], sets: &[&Score]) -> String {
    let mut out = String::from("| class |");
    for name in names {
        _ = write!(out, " {name}: defects | recall |");
    }
    _ = writeln!(
        out,
        " floor | |\n|---|{}---:|---|",
        "---:|---:|".repeat(sets.len())
    );
    let empty = Recall::default();
    let mut line = |shown: &str, name: &str, recalls: Vec<&Recall>| {
        _ = write!(out, "| {shown} |");
        for recall in &recalls {
            _ = write!(out, " {} | {:.3} |", recall.defects, recall.share());
        }
        let (floor, judged) = match floors::recall(name) {
            Some((floor, aim)) => {
                let value = recalls.last().map_or(0.0, |recall| recall.share());
                (format!("{floor:.2}"), verdict(value, floor, aim, true))
            }
            None => (String::new(), ""),
        };
        _ = writeln!(out, " {floor} | {judged} |");
    };
    let classes: BTreeSet<&String> = sets.iter().flat_map(|score| score.recall.keys()).collect();
    for class in classes {
        line(
            class,
            class,
            sets.iter()
                .map(|score| score.recall.get(class).unwrap_or(&empty))
                .collect(),
        );
        let kinds: BTreeSet<&(String, String)> = sets
            .iter()
            .flat_map(|score| score.recall_by_kind.keys())
            .filter(|(of, _)| of == class)
            .collect();
        if kinds.len() > 1 {
            for kind in kinds {
                let recalls = sets
                    .iter()
                    .map(|score| score.recall_by_kind.get(kind).unwrap_or(&empty));
                line(
                    &format!("– {}", kind.1),
                    &format!("{class} {}", kind.1),
                    recalls.collect(),
                );
            }
        }
    }
    _ = write!(out, "| mean over classes |");
    for score in sets {
        _ = write!(out, " | {:.3} |", score.mean_recall());
    }
    out.push_str(" | |\n");
    out
}

/// Right and false findings by rule.
pub fn precision(score: &Score) -> String {
    let mut out = String::from(
        "| rule | right by span | false by span | right by paragraph | false by paragraph |\n|---|---:|---:|---:|---:|\n",
    );
    let mut rules: Vec<_> = score.rules.iter().collect();
    rules.sort_by_key(|(_, count)| {
        std::cmp::Reverse((count.false_by_paragraph, count.false_by_span))
    });
    for (rule, count) in rules {
        _ = writeln!(
            out,
            "| {rule} | {} | {} | {} | {} |",
            count.right_by_span,
            count.false_by_span,
            count.right_by_paragraph,
            count.false_by_paragraph
        );
    }
    let (by_span, by_paragraph) = score.precision();
    let judged = verdict(by_paragraph, floors::PRECISION.0, floors::PRECISION.1, true);
    _ = writeln!(
        out,
        "\nprecision by span {by_span:.3}, by paragraph {by_paragraph:.3} (floor {:.2}) {judged}",
        floors::PRECISION.0
    );
    out
}

/// Warnings and errors on undamaged text.
pub fn clean(name: &str, characters: usize, findings: &[Finding]) -> String {
    let mut by_rule: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.counts()) {
        *by_rule.entry(&finding.rule).or_default() += 1;
    }
    let rate = |count: usize| count as f64 / characters.max(1) as f64 * 1e5;
    let all = rate(by_rule.values().sum());
    let spelling = rate(SPELLING.iter().filter_map(|rule| by_rule.get(rule)).sum());
    let mut rules: Vec<_> = by_rule.into_iter().collect();
    rules.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    let listed: Vec<String> = rules
        .iter()
        .map(|(rule, count)| format!("{rule} {count}"))
        .collect();
    format!(
        "| {name} | {characters} | {all:.2} {} | {spelling:.2} {} | {} |\n",
        verdict(all, floors::CLEAN_ALL.0, floors::CLEAN_ALL.1, false),
        verdict(
            spelling,
            floors::CLEAN_SPELLING.0,
            floors::CLEAN_SPELLING.1,
            false
        ),
        listed.join(", ")
    )
}

pub const CLEAN_HEAD: &str = "| clean text | characters | all rules / 100,000 | spelling rules / 100,000 | by rule |\n|---|---:|---:|---:|---|\n";

/// A place with its surroundings, the place itself in brackets.
pub fn place(place: &Place, text: &str) -> String {
    let back = |mut at: usize, mut count: usize| {
        while at > 0 && count > 0 {
            at -= 1;
            count -= usize::from(text.is_char_boundary(at));
        }
        at
    };
    let (start, end) = (
        back(place.start.min(text.len()) + 1, 1),
        place.end.min(text.len()),
    );
    let end = (end..=text.len())
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(text.len());
    let stop = text[end..]
        .char_indices()
        .nth(28)
        .map_or(text.len(), |(at, _)| end + at);
    let inside = &text[start..end];
    let inside = if inside.chars().count() > 70 {
        let head: String = inside.chars().take(40).collect();
        let tail = &inside[crate::han::last_chars(inside, 20)..];
        format!("{head} … {tail}")
    } else {
        inside.to_owned()
    };
    let shown = format!(
        "{}⟦{inside}⟧{}",
        &text[back(start, 28)..start],
        &text[end..stop]
    );
    format!(
        "- {}:{} {}\n  {}",
        place.file,
        place.start,
        place.note.trim(),
        shown.replace('\n', "⏎")
    )
}
