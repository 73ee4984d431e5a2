//! What is asked of a collection about a document: stretches that may stand in the wrong one, and
//! sentences whose rest is not there.

use serde::{Deserialize, Serialize};

use crate::reading::Reading;
use crate::text::{Span, first_chars, last_chars};

/// What is asked about a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Question {
    /// Where a stretch belongs.
    Home,
    /// Where the paragraph goes on that ends inside a sentence.
    Rest,
    /// Where the paragraph begins that begins inside a sentence.
    Beginning,
}

/// A question about a stretch of a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// What is asked.
    pub question: Question,
    /// The stretch, in bytes of what there is to read.
    pub span: [usize; 2],
    /// Whether it is a whole paragraph, or several.
    pub whole: bool,
    /// The log-odds, seen in the document alone, that the stretch stands in the wrong place, or
    /// that the paragraph is cut.
    pub log_odds: f32,
}

impl Ask {
    /// The rule whose question it is.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        match self.question {
            Question::Home if self.whole => "out-of-place-paragraph",
            Question::Home => "out-of-place-sentence",
            Question::Rest => "truncated-end",
            Question::Beginning => "truncated-start",
        }
    }

    /// Whether a finding of a rule says what is asked here.
    #[must_use]
    pub fn is_of(&self, rule: &str) -> bool {
        let displaced = ["out-of-place-paragraph", "out-of-place-sentence"];
        match self.question {
            Question::Home => displaced.contains(&rule),
            Question::Rest => rule == "truncated-end",
            Question::Beginning => rule == "truncated-start" || rule == displaced[0],
        }
    }

    /// The part of the stretch that is shown: all of it, or the characters at the cut.
    #[must_use]
    pub fn shown(&self, text: &str) -> Span {
        const SHOWN: usize = 8;
        let [start, end] = self.span;
        let stretch = &text[start..end];
        match self.question {
            Question::Home => Span::new(start, end),
            Question::Rest => Span::new(end - last_chars(stretch, SHOWN).len(), end),
            Question::Beginning => Span::new(start, start + first_chars(stretch, SHOWN).len()),
        }
    }
}

/// Log-odds of a stretch to be out of place, seen in its document alone, from which on its home is
/// asked for: below them the answers were often wrong.
const OUT_OF_PLACE: f32 = 0.0;

/// What there is to ask about a document, of the rules that are enabled. What is hardly likely in
/// it alone may be plain beside another one.
#[must_use]
pub fn asks(document: &Reading<'_>, is_enabled: &dyn Fn(&str) -> bool) -> Vec<Ask> {
    if document.skims() {
        return Vec::new();
    }
    let paragraphs = document.paragraphs();
    let ask = |question, span: Span, whole, log_odds| Ask {
        question,
        span: [span.start(), span.end()],
        whole,
        log_odds,
    };
    let strays = document
        .strays()
        .iter()
        .filter(|stray| stray.home.is_none() && stray.log_odds >= OUT_OF_PLACE);
    let mut asks: Vec<Ask> = strays
        .map(|s| ask(Question::Home, s.span, s.whole, s.log_odds))
        .collect();
    for cut in document.cuts() {
        let (question, paragraph) = match (cut.end, cut.start) {
            (Some(end), None) => (Question::Rest, end),
            (None, Some(start)) => (Question::Beginning, start),
            _ => continue,
        };
        let span = paragraphs[paragraph as usize].content;
        asks.push(ask(question, span, true, cut.damage));
    }
    asks.retain(|ask| is_enabled(ask.rule()));
    asks.sort_by_key(|ask| (ask.span, ask.question));
    asks
}
