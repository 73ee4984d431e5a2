//! A card as a page to read, as data, and as diagnostics.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::finding::Safety;
use crate::rule::{Card, Group};

/// The card with what stands for its damaged examples: the page of the terminal shows what the rule says of them.
#[must_use]
pub fn with_demonstration(card: &Card, demonstration: &str) -> String {
    let mut page = head(card);
    page.push_str(demonstration);
    examples(&mut page, "Right", card.good);
    settings(&mut page, card);
    page
}

/// The bytes of an example: bytes that are no text are written as `\xFF` in it.
#[must_use]
pub fn example_bytes(example: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(example.len());
    let mut pieces = example.split("\\x");
    bytes.extend(pieces.next().unwrap_or_default().bytes());
    for piece in pieces {
        match piece.get(..2).map(|hex| u8::from_str_radix(hex, 16)) {
            Some(Ok(byte)) => {
                bytes.push(byte);
                bytes.extend(piece[2..].bytes());
            }
            _ => bytes.extend(format!("\\x{piece}").bytes()),
        }
    }
    bytes
}

/// The card as data.
#[must_use]
pub fn json(card: &Card) -> Value {
    let settings: Vec<_> = card
        .settings
        .iter()
        .map(|s| json!({"name": s.name, "default": s.default, "docs": s.docs}))
        .collect();
    json!({
        "name": card.name, "group": card.group, "severity": card.severity, "confidence": card.confidence, "default": card.default,
        "summary": card.summary, "docs": card.docs, "bad": card.bad, "good": card.good, "fix": card.fix, "yields_to": card.yields_to,
        "settings": settings,
    })
}

/// All cards as one page of Markdown: the rule reference.
#[must_use]
pub fn reference(cards: &[&'static Card]) -> String {
    let mut page = String::from(
        "# Rules\n\n<!-- Written by `kanwu rules --format markdown`; a test compares. -->\n\n\
         Rules that are *on* are in the default set; the others are switched on with `--extend-select` or in `kanwu.toml`.\n\n\
         | group | rule | severity | on | fix | what it finds |\n|---|---|---|---|---|---|\n",
    );
    for card in cards {
        let name = card.name;
        let fix = match card.fix {
            Some(Safety::Safe) => "safe",
            Some(Safety::Unsafe) => "unsafe",
            None => "",
        };
        let _ = writeln!(
            page,
            "| {} | [`{name}`](#{name}) | {} | {} | {fix} | {} |",
            card.group,
            card.severity,
            if card.default { "on" } else { "" },
            card.summary.replace('|', "\\|"),
        );
    }
    for group in Group::ALL {
        for card in cards.iter().filter(|c| c.group == group) {
            // Headings go one level down: the page has a title of its own.
            for line in markdown(card).lines() {
                let deeper = if line.starts_with("# ") || line.starts_with("## ") {
                    "#"
                } else {
                    ""
                };
                let _ = write!(page, "\n{deeper}{line}");
            }
            page.push('\n');
        }
    }
    page
}

/// The card as Markdown.
#[must_use]
pub fn markdown(card: &Card) -> String {
    let mut page = head(card);
    examples(&mut page, "Damaged", card.bad);
    examples(&mut page, "Right", card.good);
    settings(&mut page, card);
    page
}

/// What the rule finds and how.
fn head(card: &Card) -> String {
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
    page
}

fn settings(page: &mut String, card: &Card) {
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
