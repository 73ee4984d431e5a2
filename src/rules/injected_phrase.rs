//! `injected-phrase`: a watermark or title planted between sentences and paragraphs all over the document.

use std::collections::HashMap;

use aho_corasick::AhoCorasick;

use crate::document::ParagraphKind;

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::model::Reader;
use crate::model::characters::CharId;
use crate::reading::Reading;
use crate::reading::Sentence;
use crate::rule::{Card, Group, Rule};
use crate::text::{Span, has_han, is_han};

use super::duplicate_paragraph::with_break;
use crate::text::hashing::Hashed;

static CARD: Card = Card {
    name: "injected-phrase",
    group: Group::Repeat,
    severity: Severity::Error,
    confidence: Confidence::High,
    default: true,
    summary: "a watermark or title planted between sentences or paragraphs all over the document",
    docs: "Pages that are copied often carry the title, a slogan or the name of the site after every sentence or between the paragraphs. Which phrase it is \
follows from the document itself: a phrase of 4 to 40 characters that stands again and again where a sentence has just ended, and is no part of the \
sentence that comes next (nothing continues it), or that ends paragraphs without a full stop, or stands alone between them.\n\nA name or a \
formula with which many sentences begin is continued by them; a slogan quoted inside sentences stands elsewhere; headings set off by `#` and \
items of lists are meant to recur.",
    bad: &[
        "渡口的船停了。山水之间读懂乡愁\n\n孩子们在岸上跑。山水之间读懂乡愁\n\n老人说起从前的集市。山水之间读懂乡愁\n\n风把芦苇吹弯了腰。山水之间读懂乡愁\n\n天黑了，灯亮起来。",
    ],
    good: &[
        "青石镇林业站今年补种油茶。青石镇林业站去年也种过。青石镇林业站的人说，土好。青石镇林业站还要再招两个人。青石镇林业站下周开会。",
    ],
    fix: Some(Safety::Unsafe),
    yields_to: &[],
    settings: &[],
};

/// Characters by which places are brought together: the shortest phrase.
const KEY: usize = 4;
/// The longest phrase, in characters.
const LONGEST: usize = 40;
/// How often a phrase must stand at borders.
const OFTEN: usize = 4;
/// Places looked at to find out what the phrase is and how it stands.
const SAMPLE: usize = 400;

/// The rule.
pub(super) struct InjectedPhrase;

impl Rule for InjectedPhrase {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        let groups = recurring(document);
        let mut phrases: Vec<&str> = Vec::new();
        for group in &groups {
            if let Some(phrase) = phrase_of(document, group)
                && !phrases.iter().any(|p| p.contains(phrase))
            {
                phrases.push(phrase);
            }
        }
        phrases.sort_unstable_by_key(|p| std::cmp::Reverse(p.len()));
        for (phrase, places) in phrases.iter().zip(places(document.text(), &phrases)) {
            report(document, phrase, &places, findings);
        }
    }
}

/// Where each of the phrases stands, all of them looked for at once. Copies of one phrase do not overlap.
fn places(text: &str, phrases: &[&str]) -> Vec<Vec<usize>> {
    let mut places: Vec<Vec<usize>> = vec![Vec::new(); phrases.len()];
    let Some(all) = (!phrases.is_empty()).then(|| AhoCorasick::new(phrases)) else {
        return places;
    };
    for found in all.iter().flat_map(|all| all.find_overlapping_iter(text)) {
        let own = &mut places[found.pattern().as_usize()];
        if own
            .last()
            .is_none_or(|last| last + found.len() <= found.start())
        {
            own.push(found.start());
        }
    }
    places
}

/// Sentences that begin with the same four characters, where there are enough of them, in the order of their first one.
fn recurring<'d>(document: &'d Reading<'_>) -> Vec<Vec<&'d Sentence>> {
    let sentences = document.sentences();
    if sentences.len() < OFTEN {
        return Vec::new();
    }
    let mut counts: HashMap<u64, u32, Hashed> = HashMap::default();
    let keys: Vec<u64> = sentences
        .iter()
        .map(|s| {
            key(document.slice(s.span))
                .filter(|_| may_hold(document, s))
                .unwrap_or(0)
        })
        .collect();
    for key in keys.iter().filter(|k| **k != 0) {
        *counts.entry(*key).or_insert(0) += 1;
    }
    counts.retain(|_, count| *count as usize >= OFTEN);
    let mut groups: Vec<Vec<&Sentence>> = Vec::new();
    let mut places: HashMap<u64, usize, Hashed> = HashMap::default();
    for (sentence, key) in sentences.iter().zip(&keys) {
        if *key == 0 || !counts.contains_key(key) {
            continue;
        }
        let place = *places.entry(*key).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        if groups[place].len() < SAMPLE {
            groups[place].push(sentence);
        }
    }
    groups
}

/// The first four characters as a number; none for what begins with other than text.
fn key(text: &str) -> Option<u64> {
    let mut chars = text.chars();
    let mut key = 0_u64;
    for i in 0..KEY {
        let c = chars.next()?;
        if !(is_han(c) || i > 0 && c.is_alphanumeric()) {
            return None;
        }
        key = key << 16 | u64::from(u32::from(c) & 0xffff);
    }
    Some(key)
}

/// Whether a phrase may have been planted in this paragraph: headings set off by marks and items of lists recur by themselves.
fn may_hold(document: &Reading<'_>, sentence: &Sentence) -> bool {
    let paragraph = &document.paragraphs()[sentence.paragraph as usize];
    match paragraph.kind {
        ParagraphKind::Code | ParagraphKind::ListItem => false,
        _ => !document.slice(paragraph.span).starts_with('#'),
    }
}

/// How a phrase stands at the borders of sentences.
#[derive(Debug, Default)]
struct Stand {
    /// After a sentence, at the end of its paragraph, without a full stop.
    tails: usize,
    /// As a paragraph of its own.
    alone: usize,
    /// Followed by more text of the same sentence.
    followed: usize,
    /// How much likelier the text goes on after the phrase as it does than on its own, in nats, over all of those.
    continued: f32,
}

/// The phrase that a group of sentences begins with, if it was planted there.
fn phrase_of<'d>(document: &'d Reading<'_>, group: &[&Sentence]) -> Option<&'d str> {
    let mut members: Vec<&'d str> = group.iter().map(|s| document.slice(s.span)).collect();
    let length = common_beginning(&mut members)?;
    let phrase = &members.first()?[..length];
    let reader = document.model().reader();
    let ids: Vec<CharId> = phrase.chars().map(|c| reader.characters.id(c)).collect();
    let mut stand = Stand::default();
    for sentence in group {
        let text = document.slice(sentence.span);
        if let Some(rest) = text.strip_prefix(phrase) {
            stand.add(document, sentence, rest, reader, &ids);
        }
    }
    stand.is_planted(document, phrase).then_some(phrase)
}

/// Follows what most of the texts begin with, leaves in `members` those that do, and gives its length in bytes.
fn common_beginning(members: &mut Vec<&str>) -> Option<usize> {
    let mut length = 0;
    for _ in 0..LONGEST {
        let mut next: Vec<char> = members
            .iter()
            .filter_map(|m| m[length..].chars().next())
            .collect();
        next.sort_unstable();
        let best = next.chunk_by(|a, b| a == b).max_by_key(|run| run.len());
        let enough = (members.len() * 35).div_ceil(100).max(3);
        let Some(c) = best.filter(|run| run.len() >= enough).map(|run| run[0]) else {
            break;
        };
        members.retain(|m| m[length..].starts_with(c));
        length += c.len_utf8();
    }
    let first = members.first()?;
    let phrase = first[..length].trim_end();
    let whole = phrase.chars().count() >= KEY
        && phrase
            .chars()
            .next_back()
            .is_some_and(char::is_alphanumeric);
    (members.len() >= OFTEN && whole && has_han(phrase, KEY)).then_some(phrase.len())
}

impl Stand {
    fn add(
        &mut self,
        document: &Reading<'_>,
        sentence: &Sentence,
        rest: &str,
        reader: Reader<'_>,
        phrase: &[CharId],
    ) {
        if rest.trim().is_empty() {
            let paragraph = &document.paragraphs()[sentence.paragraph as usize];
            if sentence.span.start() == paragraph.content.start() {
                self.alone += 1;
            } else {
                self.tails += 1;
            }
            return;
        }
        self.followed += 1;
        let next: Vec<CharId> = rest
            .chars()
            .take(2)
            .map(|c| reader.characters.id(c))
            .collect();
        self.continued += reader.continuation(phrase, &next);
    }

    fn is_planted(&self, document: &Reading<'_>, phrase: &str) -> bool {
        let continued = self.continued / self.followed.max(1) as f32;
        let (ends, all) = (
            self.tails + self.alone,
            self.tails + self.alone + self.followed,
        );
        // Where a full stop is missing again and again after the same words, they were planted. Without that it takes more: nothing continues
        // them, they are no short name, and the title has them.
        let titled = || {
            let first = document.paragraphs().first();
            first.is_some_and(|p| document.slice(p.span).contains(phrase))
        };
        let often = all >= OFTEN && (self.tails >= 2 || ends >= 3);
        let loose = all >= 6 && continued < 0.0 && has_han(phrase, 6);
        (often || loose && (ends > 0 || continued < -1.0 && titled())) && !is_credit(phrase)
    }
}

/// Lines that name a photographer, a source or an agency stand below every picture.
fn is_credit(phrase: &str) -> bool {
    const MARKS: [&str; 8] = [
        "供图", "图片", "来源", "记者", "编辑", "截图", "图源", "/图",
    ];
    phrase.ends_with(['摄', '图']) || MARKS.iter().any(|m| phrase.contains(m))
}

fn report(document: &Reading<'_>, phrase: &str, places: &[usize], findings: &mut Findings) {
    let mut planted: Vec<bool> = places
        .iter()
        .map(|at| stands_at_border(document, *at, phrase))
        .collect();
    // One that runs into the next.
    for i in (0..places.len().saturating_sub(1)).rev() {
        planted[i] |= planted[i + 1] && places[i] + phrase.len() == places[i + 1];
    }
    for i in 1..places.len() {
        planted[i] |= planted[i - 1] && places[i - 1] + phrase.len() == places[i];
    }
    let count = planted.iter().filter(|p| **p).count();
    let mut number = 0;
    for (at, _) in places.iter().zip(&planted).filter(|(_, p)| **p) {
        number += 1;
        let span = Span::new(*at, at + phrase.len());
        let alone = document
            .paragraph_at(*at)
            .is_some_and(|p| document.paragraphs()[p].span == span);
        let deleted = if alone {
            with_break(document, span)
        } else {
            span
        };
        findings.push(
            Finding::new(
                &CARD,
                span,
                format!("“{phrase}” planted between sentences, {number} of {count}"),
            )
            .help("it belongs to no sentence here: a watermark or running title")
            .evidence("count", count)
            .fix(Fix::replace(Safety::Unsafe, deleted, "")),
        );
    }
}

/// Whether a phrase stands where a sentence begins, or ends a paragraph after a mark or after another copy. Not the title itself.
fn stands_at_border(document: &Reading<'_>, at: usize, phrase: &str) -> bool {
    let (text, sentences) = (document.text(), document.sentences());
    let Some(index) = sentences
        .partition_point(|s| s.span.start() <= at)
        .checked_sub(1)
    else {
        return false;
    };
    let sentence = &sentences[index];
    let paragraph = &document.paragraphs()[sentence.paragraph as usize];
    let end = at + phrase.len();
    let title = sentence.paragraph == 0
        && at == paragraph.content.start()
        && !text[end..].starts_with(phrase);
    if title || !may_hold(document, sentence) {
        return false;
    }
    if sentence.span.start() == at {
        return end >= sentence.span.end()
            || !goes_on(document, phrase, &text[end..sentence.span.end()]);
    }
    let before = &text[..at];
    let mark = |c: char| !is_han(c) && !matches!(c, '、' | '，' | '“' | '《' | '：');
    end == paragraph.content.end() && (before.ends_with(mark) || before.ends_with(phrase))
}

/// Whether what follows a phrase surely continues it, as it does in the sentence that the title was taken from.
fn goes_on(document: &Reading<'_>, phrase: &str, rest: &str) -> bool {
    let reader = document.model().reader();
    let ids = |text: &str, count: usize| {
        text.chars()
            .take(count)
            .map(|c| reader.characters.id(c))
            .collect::<Vec<CharId>>()
    };
    reader.continuation(&ids(phrase, LONGEST), &ids(rest, 2)) > 4.0
}
