//! A card as a page to read.

use std::fmt::Write;

use crate::finding::Safety;
use crate::rule::Card;

/// The card as Markdown.
#[must_use]
pub fn markdown(card: &Card) -> String {
    let mut page = String::new();
    let state = if card.default {
        "on by default"
    } else {
        "off by default"
    };
    let fix = match card.fix {
        Some(Safety::Safe) => "safe",
        Some(Safety::Unsafe) => "unsafe: look at each",
        None => "none",
    };
    let _ = writeln!(page, "# {}\n\n{}.\n", card.name, capital(card.summary));
    let _ = writeln!(
        page,
        "Group `{}`, severity `{}`, confidence `{}`, {state}; fix: {fix}.\n",
        card.group,
        card.severity,
        card.confidence.name()
    );
    let _ = writeln!(page, "{}\n", card.docs);
    examples(&mut page, "Damaged", card.bad);
    examples(&mut page, "Right", card.good);
    if !card.settings.is_empty() {
        page.push_str("## Settings\n\n");
        for setting in card.settings {
            let _ = writeln!(
                page,
                "- `{}` (default `{}`): {}",
                setting.name, setting.default, setting.docs
            );
        }
    }
    page
}

fn examples(page: &mut String, title: &str, examples: &[&str]) {
    if examples.is_empty() {
        return;
    }
    let _ = writeln!(page, "## {title}\n");
    for example in examples {
        let _ = writeln!(page, "```text\n{}\n```\n", example.trim_end());
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}
