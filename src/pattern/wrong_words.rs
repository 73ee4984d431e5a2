//! Wrong words of lists in a text: which of the places that look like one are.

use memchr::memmem;

use super::declared::{Declared, Kind, Pattern, Script};
use super::word_list::{Class, Entry, Lists, WordList};
use crate::finding::{Finding, Findings, Fix, Safety, Severity};
use crate::language::Message;
use crate::model::Reader;
use crate::model::characters::CharId;
use crate::model::variants;
use crate::reading::Reading;
use crate::reading::proofreading::context::cut;
use crate::rule::Card;
use crate::text::{Span, around, is_sentence_end};
use crate::told;

/// Characters on either side that say into which words a place falls.
const AROUND: usize = 9;
/// Characters on either side where the right form beside the wrong one, and a word that compares them, show that the text speaks about the mistake.
const ABOUT: usize = 20;
/// Words of texts that speak about mistakes.
const COMPARING: [&str; 8] = [
    "写成", "写作", "误作", "误为", "误写", "错写", "应为", "应作",
];

/// The lists of some rules, to be looked for together.
pub(super) fn lists(rules: &'static [Declared]) -> Lists {
    Lists::new(each(rules).map(|(.., words)| words).collect())
}

/// Each list with its rule and its pattern.
fn each(
    rules: &'static [Declared],
) -> impl Iterator<Item = (&'static Card, &'static Pattern, WordList)> {
    rules.iter().flat_map(|rule| {
        let patterns = rule.patterns.iter().filter(|p| p.kind == Kind::WrongWords);
        patterns.filter_map(|pattern| Some((rule.card, pattern, pattern.words?)))
    })
}

/// Adds what is to be told of the words of the lists of some rules that stand in a document: each with the number of its list and where it begins.
pub(super) fn check(
    rules: &'static [Declared],
    words: &[(usize, usize, Entry)],
    document: &Reading<'_>,
    findings: &mut Findings,
) {
    if words.is_empty() {
        return;
    }
    let search = |(card, pattern, _)| Search {
        card,
        pattern,
        document,
        script: None,
        old: None,
        usage: None,
        found: Vec::new(),
        found_to: 0,
    };
    let mut searches: Vec<Search<'_>> = each(rules).map(search).collect();
    for (list, at, entry) in words {
        searches[*list].weigh(*at, *entry);
    }
    for search in searches {
        findings.extend(search.finish());
    }
}

/// One list in one document.
struct Search<'a> {
    card: &'static Card,
    pattern: &'static Pattern,
    document: &'a Reading<'a>,
    /// The script of the text, once it was asked.
    script: Option<Script>,
    /// Whether the text is written in older spelling or classical, once it was asked.
    old: Option<bool>,
    /// The first word that is a matter of usage, and how many there are.
    usage: Option<(Span, Entry, usize)>,
    found: Vec<Finding>,
    /// Where the last of them ends.
    found_to: usize,
}

impl Search<'_> {
    /// Weighs a place that looks like a word of the list.
    fn weigh(&mut self, at: usize, entry: Entry) {
        let span = Span::new(at, at + entry.wrong.len());
        if at < self.found_to || !self.is_in_script() || self.is_right(span, entry) {
            return;
        }
        let finding = match entry.class {
            Class::Never => Some(self.certain(span, entry)),
            Class::Modern if self.is_old() => None,
            // Two characters also meet by chance.
            Class::Modern if entry.wrong.chars().nth(2).is_none() => {
                self.weighed(span, entry, MODERN)
            }
            Class::Modern => Some(self.certain(span, entry).severity(Severity::Warning)),
            Class::Border => self.weighed(span, entry, BORDER),
            Class::Unseen => self.weighed(span, entry, UNSEEN),
            Class::Usage if self.is_old() => None,
            Class::Usage => {
                let first = self.usage.get_or_insert((span, entry, 0));
                first.2 += 1;
                None
            }
        };
        if let Some(finding) = finding {
            self.found_to = span.end();
            self.found.push(finding);
        }
    }

    fn finish(mut self) -> Vec<Finding> {
        let note = self.usage_note();
        self.found.extend(note);
        self.found
    }

    /// Whether the text is written in the script of the list.
    fn is_in_script(&mut self) -> bool {
        let wanted = self.pattern.script;
        wanted == Script::Any
            || *self.script.get_or_insert_with(|| script_of(self.document)) == wanted
    }

    /// Whether the text is written in older spelling or classical.
    fn is_old(&mut self) -> bool {
        let text = self.document.text();
        *self.old.get_or_insert_with(|| is_old(text))
    }

    /// Whether the form is right here for a reason that needs no weighing.
    fn is_right(&self, span: Span, entry: Entry) -> bool {
        let document = self.document;
        let text = document.text();
        let is_part_of = |longer: &str| {
            longer.match_indices(entry.wrong).any(|(before, _)| {
                let start = span.start().checked_sub(before);
                start.is_some_and(|start| {
                    text.is_char_boundary(start) && text[start..].starts_with(longer)
                })
            })
        };
        document.mask().touches(span)
            || document.vocabulary().covers(span)
            || entry.except.split(' ').any(is_part_of)
            || self.is_about(span, entry)
    }

    /// Whether the text speaks about the wrong form: “脉搏”不要写成“脉博”.
    fn is_about(&self, span: Span, entry: Entry) -> bool {
        let (before, after) = around(self.document.text(), span.range(), ABOUT);
        let text = self.document.text();
        let before = &text[span.start() - before..span.start()];
        let after = &text[span.end()..span.end() + after];
        let near = [
            before.rsplit(is_sentence_end).next().unwrap_or(before),
            after.split(is_sentence_end).next().unwrap_or(after),
        ];
        let has = |word: &str| near.iter().any(|part| part.contains(word));
        entry.right.split('/').any(has) && COMPARING.into_iter().any(has)
    }

    fn finding(&self, span: Span, entry: Entry, safety: Safety) -> Finding {
        let fill = |wording: [&str; 2]| {
            let [english, chinese] = wording.map(|text| text.replace("{0}", entry.wrong));
            Message::of(
                &english.replace("{1}", &entry.right.replace('/', " or ")),
                &chinese.replace("{1}", &entry.right.replace('/', "”或“")),
            )
        };
        let mut finding =
            Finding::new(self.card, span, fill(self.pattern.message)).defect(entry.wrong);
        if let Some(severity) = self.pattern.severity {
            finding = finding.severity(severity);
        }
        if let Some(help) = self.pattern.help {
            finding = finding.help(fill(help));
        }
        let several = entry.right.contains('/');
        for right in entry.right.split('/') {
            let safety = if several { Safety::Unsafe } else { safety };
            finding = finding.fix(Fix::replace(safety, span, right));
        }
        finding
    }

    fn certain(&self, span: Span, entry: Entry) -> Finding {
        self.finding(span, entry, self.pattern.fix.unwrap_or(Safety::Unsafe))
    }

    /// The finding at a place where the form may be right, if the text is that much better with a right form.
    fn weighed(&self, span: Span, entry: Entry, least: Gain) -> Option<Finding> {
        let text = self.document.text();
        let (before, after) = around(text, span.range(), AROUND);
        let window = &text[span.start() - before..span.end() + after];
        let reader = self.document.model().reader();
        let gain = |right: &str| gain(reader, window, before, entry.wrong, right);
        let gains = entry.right.split('/').map(gain);
        let best = gains.max_by(|a, b| a.words.total_cmp(&b.words))?;
        if best.words < least.words || best.text < least.text {
            return None;
        }
        let finding = self.finding(span, entry, Safety::Unsafe);
        let finding = if entry.class == Class::Border && best.is_sure() {
            finding
        } else {
            finding.severity(Severity::Warning)
        };
        Some(
            finding
                .evidence("segmentation-gain", best.words)
                .evidence("gain", best.text),
        )
    }

    /// Words of less usual spelling are no damage: one note, with their number.
    fn usage_note(&self) -> Option<Finding> {
        let (span, entry, count) = self.usage?;
        let Entry { wrong, right, .. } = entry;
        let message = told!(
            "{wrong} is a less usual way to write {right}; {count} such words in this document";
            "“{wrong}”是“{right}”的少用写法；本文档中此类词共{count}个"
        );
        let note = Finding::new(self.card, span, message).severity(Severity::Info);
        Some(note.evidence("count", count))
    }
}

/// The script that a text is written in, if the characters that speak for one are twice as many as the others.
fn script_of(document: &Reading<'_>) -> Script {
    let Some(variants) = document.model().variants() else {
        return Script::Any;
    };
    let (mut simplified, mut traditional) = (0_usize, 0_usize);
    for (c, count) in document.census().iter() {
        match variants.script(c) {
            variants::Script::Any => {}
            variants::Script::Simplified => simplified += count,
            variants::Script::Foreign => traditional += count,
        }
    }
    if simplified > 2 * traditional {
        Script::Simplified
    } else if traditional > 2 * simplified {
        Script::Traditional
    } else {
        Script::Any
    }
}

/// Whether a text is classical, which hardly knows 的, or has the old spellings of everyday words.
fn is_old(text: &str) -> bool {
    /// Bytes of a text too short to tell.
    const SHORT: usize = 600;
    /// One character in so many is 的, at least; in prose of today it is one in thirty.
    const MODERN: usize = 90;
    const OLD: [&str; 6] = ["那末", "好象", "图象", "甚么", "什末", "怎末"];
    let count = memmem::find_iter(text.as_bytes(), "的").count();
    (text.len() > SHORT && count * MODERN * "的".len() < text.len())
        || OLD.iter().any(|word| text.contains(word))
}

/// What the right form gains, in nats.
#[derive(Clone, Copy, Debug)]
struct Gain {
    /// How much cheaper the window is cut into words.
    words: f32,
    /// How much likelier the text is, by trigrams.
    text: f32,
}

/// The least that a form must gain that also arises where two words meet: measured on clean text of 21 registers, where what gains less is mostly
/// such a place.
const BORDER: Gain = Gain {
    words: 5.0,
    text: 4.0,
};
/// The least that a short form must gain that is wrong today: it arises where two words meet (黄昏|到), but the form itself is not in doubt.
const MODERN: Gain = Gain {
    words: 1.0,
    text: 0.0,
};
/// The least that a form must gain that was never seen. On text that was not looked at when the forms were made, half of what gains more is damage, and
/// there is one such place in 600,000 characters.
const UNSEEN: Gain = Gain {
    words: 9.0,
    text: 8.0,
};

impl Gain {
    /// Whether nothing else can have been meant.
    fn is_sure(self) -> bool {
        self.words > 10.0 && self.text > 10.0
    }
}

fn gain(reader: Reader<'_>, window: &str, at: usize, wrong: &str, right: &str) -> Gain {
    let ids = |text: &str| -> Vec<CharId> {
        let characters = text.chars().map(|c| reader.characters.id(c));
        characters.collect()
    };
    let (mut whole, put) = (ids(window), ids(right));
    let start = window[..at].chars().count();
    let place = start..start + wrong.chars().count();
    let text = reader.gain(&whole, place.clone(), &put);
    let before = cut(reader.lexicon, &whole).cost;
    whole.splice(place, put);
    Gain {
        words: before - cut(reader.lexicon, &whole).cost,
        text,
    }
}
