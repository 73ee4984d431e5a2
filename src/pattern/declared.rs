//! Declared rules as they stand in memory: written into the binary by the build script, or leaked
//! once from a user's pack.

use std::ops::Range;

use memchr::memmem;

use super::schema::{Declaration, PatternDeclaration};
use super::word_list::{self, WordList};
use crate::document::MaskKind;
use crate::finding::{Confidence, Safety, Severity};
use crate::levels::{Levels, Writing};
use crate::rule::{Card, Chinese, Group};

/// The levels of every card with a list: for the forms that may be right where they stand.
pub(super) const LEVELS: &[(Writing, Levels)] = &[(
    Writing::Usual,
    Levels {
        info: 0.7,
        warning: 0.8,
        error: 0.95,
    },
)];

/// A declared rule.
#[derive(Debug)]
pub(super) struct Declared {
    pub(super) card: &'static Card,
    pub(super) patterns: &'static [Pattern],
}

/// One pattern of a rule.
#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) kind: Kind,
    pub(super) scope: Scope,
    pub(super) items: &'static [Item],
    /// For wrong words: the list.
    pub(super) words: Option<WordList>,
    /// For regexes: one of these is part of every match.
    pub(super) requires: &'static [&'static str],
    /// A match right after one of these is none.
    pub(super) not_after: &'static [&'static str],
    /// A match right before one of these is none.
    pub(super) not_before: &'static [&'static str],
    /// Paragraphs longer than this (characters) are not looked at.
    pub(super) max_length: usize,
    pub(super) documents: Documents,
    pub(super) script: Script,
    /// Whether a match speaks for itself; otherwise it counts beside one that does, or beside two
    /// others.
    pub(super) alone: bool,
    /// What a match may touch although it is no prose.
    pub(super) inside: &'static [MaskKind],
    pub(super) at_least: usize,
    pub(super) per: Per,
    /// In English and in Chinese.
    pub(super) message: [&'static str; 2],
    pub(super) help: Option<[&'static str; 2]>,
    pub(super) severity: Option<Severity>,
    pub(super) fix: Option<Safety>,
}

/// What is looked for, and what it is replaced by.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) text: &'static str,
    /// A regex in the words of the small engine, where it can be said so.
    pub(super) lite: &'static str,
    pub(super) replacement: Option<&'static str>,
    /// For a regex that matches from the beginning of its place: every match begins with one of
    /// these. Empty where that is not known.
    pub(super) openings: &'static [&'static str],
    /// Literals of which every match of a regex holds one; empty if that is not known.
    pub(super) holds: &'static [&'static str],
    /// How many characters of the place that it is tried on stand before and behind that literal at
    /// most.
    pub(super) reach: [u16; 2],
    /// Further texts of which every match holds one, for each of several lists.
    pub(super) parts: &'static [&'static [&'static str]],
}

impl Item {
    /// Whether a literal that stands at some bytes of the place that the regex is tried on can be
    /// that of a match.
    pub(super) fn reaches(&self, text: &str, literal: Range<usize>) -> bool {
        let within = |side: &str, most: u16| {
            let most = usize::from(most);
            side.len() <= most || side.len() <= 4 * most && side.chars().count() <= most
        };
        within(&text[..literal.start], self.reach[0]) && within(&text[literal.end..], self.reach[1])
    }

    /// Whether a text has all that a match of the regex must have, as far as that is known.
    pub(super) fn may_match(&self, text: &str) -> bool {
        let stands = |part: &&str| {
            let mut places = memmem::find_iter(text.as_bytes(), part.as_bytes());
            places.any(|at| self.reaches(text, at..at + part.len()))
        };
        let opens = |opening: &&str| text.starts_with(opening);
        (self.openings.is_empty() || self.openings.iter().any(opens))
            && (self.holds.is_empty() || self.holds.iter().any(stands))
            && (self.parts.iter()).all(|texts| texts.iter().any(|part| text.contains(part)))
    }
}

/// How a pattern matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Literals,
    Regexes,
    Substitutions,
    Densities,
    WrongWords,
}

/// Where a pattern may match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Anywhere,
    Paragraph,
    ParagraphStart,
    ParagraphEnd,
    Line,
    DocumentStart,
    DocumentEnd,
}

/// The script of the documents in which wrong words are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Script {
    Any,
    Simplified,
    Traditional,
}

/// In which documents a pattern is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Documents {
    Any,
    Plain,
    /// Plain ones, and Markdown that shows itself to come from a page of the web.
    Scraped,
    Markdown,
}

/// What a density is measured against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Per {
    Document,
    ThousandCharacters,
}

impl Declared {
    /// Keeps a rule of a user's pack for the rest of the process: cards are `'static`.
    pub(super) fn leak(declaration: &Declaration) -> Self {
        let best = |p: &PatternDeclaration| p.fix.map(safety);
        let fixes: Vec<_> = declaration.patterns.iter().filter_map(best).collect();
        let fix = match fixes.contains(&Safety::Safe) {
            true => Some(Safety::Safe),
            false => fixes.first().copied(),
        };
        let card = Card {
            name: text(&declaration.name),
            group: Group::ALL
                .into_iter()
                .find(|g| g.name() == declaration.group)
                .unwrap_or(Group::Residue),
            severity: severity(declaration.severity),
            confidence: match declaration.confidence {
                "low" => Confidence::Low,
                "medium" => Confidence::Medium,
                _ => Confidence::High,
            },
            default: declaration.default,
            summary: text(&declaration.summary),
            docs: text(&declaration.docs),
            chinese: Chinese {
                name: both(&declaration.name, declaration.name_zh.as_ref())[1],
                summary: both(&declaration.summary, declaration.summary_zh.as_ref())[1],
                docs: both(&declaration.docs, declaration.docs_zh.as_ref())[1],
            },
            bad: list(declaration.bad.iter().map(|t| text(t))),
            good: list(declaration.good.iter().map(|t| text(t))),
            fix,
            yields_to: list(declaration.yields_to.iter().map(|(t, _)| text(t))),
            levels: match declaration.has_list() {
                true => LEVELS,
                false => &[],
            },
        };
        Self {
            card: Box::leak(Box::new(card)),
            patterns: list(declaration.patterns.iter().map(pattern)),
        }
    }
}

fn pattern(declaration: &PatternDeclaration) -> Pattern {
    Pattern {
        kind: match declaration.kind {
            "regexes" => Kind::Regexes,
            "substitutions" => Kind::Substitutions,
            "densities" => Kind::Densities,
            "wrong-words" => Kind::WrongWords,
            _ => Kind::Literals,
        },
        scope: match declaration.scope {
            "paragraph" => Scope::Paragraph,
            "paragraph-start" => Scope::ParagraphStart,
            "paragraph-end" => Scope::ParagraphEnd,
            "line" => Scope::Line,
            "document-start" => Scope::DocumentStart,
            "document-end" => Scope::DocumentEnd,
            _ => Scope::Anywhere,
        },
        items: list(declaration.items.iter().map(|item| Item {
            text: text(&item.text),
            lite: "",
            replacement: item.replacement.as_deref().map(text),
            openings: &[],
            holds: &[],
            reach: [u16::MAX; 2],
            parts: &[],
        })),
        words: (declaration.kind == "wrong-words").then(|| {
            let (table, words) = word_list::encode(&declaration.rows);
            WordList::new(Box::leak(table.into_boxed_slice()), text(&words))
        }),
        requires: list(declaration.requires.iter().map(|t| text(t))),
        not_after: list(declaration.not_after.iter().map(|t| text(t))),
        not_before: list(declaration.not_before.iter().map(|t| text(t))),
        max_length: declaration.max_length,
        script: match declaration.script {
            "simplified" => Script::Simplified,
            "traditional" => Script::Traditional,
            _ => Script::Any,
        },
        documents: match declaration.documents {
            "plain" => Documents::Plain,
            "scraped" => Documents::Scraped,
            "markdown" => Documents::Markdown,
            _ => Documents::Any,
        },
        alone: declaration.alone,
        inside: list(declaration.inside.iter().map(|kind| match *kind {
            "code" => MaskKind::Code,
            "url" => MaskKind::Url,
            "html" => MaskKind::Html,
            _ => MaskKind::Formula,
        })),
        at_least: declaration.at_least,
        per: match declaration.per {
            "1000 characters" => Per::ThousandCharacters,
            _ => Per::Document,
        },
        message: both(&declaration.message, declaration.message_zh.as_ref()),
        help: declaration
            .help
            .as_deref()
            .map(|help| both(help, declaration.help_zh.as_ref())),
        severity: declaration.severity.map(severity),
        fix: declaration.fix.map(safety),
    }
}

/// What a pack says, in English and in Chinese; one that has only one wording says it in both.
fn both(english: &str, chinese: Option<&String>) -> [&'static str; 2] {
    let english = text(english);
    [english, chinese.map_or(english, |chinese| text(chinese))]
}

fn text(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

fn list<T>(items: impl Iterator<Item = T>) -> &'static [T] {
    Box::leak(items.collect::<Vec<_>>().into_boxed_slice())
}

fn severity(name: &str) -> Severity {
    match name {
        "error" => Severity::Error,
        "warning" => Severity::Warning,
        _ => Severity::Info,
    }
}

fn safety(name: &str) -> Safety {
    match name {
        "safe" => Safety::Safe,
        _ => Safety::Unsafe,
    }
}
