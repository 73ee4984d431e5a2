//! What sentences begin alike, however long: a walk down the tree of their beginnings. Numbers
//! count as equal, so that a page number or a date does not hide the phrase around it.

use std::collections::HashMap;

use crate::document::ParagraphKind;
use crate::reading::{Reading, Sentence};
use crate::text::hashing::Hashed;
use crate::text::is_han;

/// Symbols by which sentences are brought together: the shortest phrase.
pub(super) const SHORTEST: usize = 3;
/// The longest phrase, in symbols.
const LONGEST: usize = 60;
/// How often a phrase must stand.
pub(super) const OFTEN: usize = 3;
/// Places looked at to find out what the phrase is and how it stands.
const SAMPLE: usize = 400;
/// A symbol goes on the phrase if this many in a hundred of the places have it.
const MOST: usize = 60;

/// A sentence, and where in it the phrase ends.
#[derive(Clone, Copy)]
pub(super) struct Member<'d> {
    pub(super) sentence: &'d Sentence,
    pub(super) text: &'d str,
    /// Bytes of the phrase.
    pub(super) length: usize,
}

/// The symbol at the beginning of a text, and its bytes. A number is one symbol.
fn symbol(text: &str) -> Option<(char, usize)> {
    let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let first = text.chars().next()?;
    if digit(first) {
        return Some(('0', text.len() - text.trim_start_matches(digit).len()));
    }
    Some((first, first.len_utf8()))
}

/// Groups of sentences with the same first symbols, in the order of their first one. A picture in
/// Markdown is none, though the mark before its bracket ends a sentence.
pub(super) fn groups<'d>(document: &'d Reading<'_>) -> Vec<Vec<Member<'d>>> {
    let mut groups: Vec<Vec<Member<'d>>> = Vec::new();
    let mut places: HashMap<u64, usize, Hashed> = HashMap::default();
    for sentence in document.sentences() {
        let text = document.slice(sentence.span);
        let image =
            text.starts_with('[') && document.text()[..sentence.span.start()].ends_with('!');
        let Some((key, length)) = key(text).filter(|_| !image && may_hold(document, sentence))
        else {
            continue;
        };
        let place = *places.entry(key).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        if groups[place].len() < SAMPLE {
            groups[place].push(Member {
                sentence,
                text,
                length,
            });
        }
    }
    groups.retain(|group| group.len() >= OFTEN);
    groups
}

/// The first symbols as a number, and their bytes; none for what begins with other than text, a
/// bracket or a sign.
fn key(text: &str) -> Option<(u64, usize)> {
    const SIGNS: &str = "（([【〔〖<＜《★☆◆◇■□●○▲△▼▽@＠#＃©※~～=＝+＋|｜↑→*＊";
    let (mut key, mut length) = (0_u64, 0);
    for i in 0..SHORTEST {
        let (symbol, bytes) = symbol(&text[length..])?;
        let fits = is_han(symbol) || symbol.is_alphanumeric() || SIGNS.contains(symbol);
        if !(fits || i > 0 && !symbol.is_whitespace()) {
            return None;
        }
        key = key << 21 | u64::from(u32::from(symbol));
        length += bytes;
    }
    Some((key, length))
}

/// Whether a phrase may have been planted in this paragraph: headings set off by marks and items of
/// lists recur by themselves.
pub(super) fn may_hold(document: &Reading<'_>, sentence: &Sentence) -> bool {
    let paragraph = &document.paragraphs()[sentence.paragraph as usize];
    match paragraph.kind {
        ParagraphKind::Code | ParagraphKind::ListItem => false,
        _ => !document.slice(paragraph.span).starts_with('#'),
    }
}

/// Follows a group along what most of its members have in common, and asks `is_planted` of each
/// phrase at whose end they part; goes down the branches where it is not. The longest phrases come
/// with those who share them.
pub(super) fn descend<'d>(
    mut members: Vec<Member<'d>>,
    is_planted: &mut impl FnMut(&[Member<'d>]) -> bool,
) {
    let mut symbols = SHORTEST;
    loop {
        let mut branches = branches(&members);
        branches.retain(|branch| branch.len() >= OFTEN);
        let largest = branches.iter().map(Vec::len).max().unwrap_or(0);
        if largest * 100 >= members.len() * MOST && symbols < LONGEST {
            // Those who part here are too few to have planted anything.
            if let Some(most) = branches.into_iter().max_by_key(Vec::len) {
                members = most;
                symbols += 1;
                continue;
            }
            return;
        }
        if !is_planted(&members) {
            for branch in branches {
                descend(branch, is_planted);
            }
        }
        return;
    }
}

/// The members by the symbol that comes next; those that end are left out.
fn branches<'d>(members: &[Member<'d>]) -> Vec<Vec<Member<'d>>> {
    let mut longer: Vec<(char, Member<'d>)> = members
        .iter()
        .filter_map(|member| {
            let (next, bytes) = symbol(&member.text[member.length..])?;
            let length = member.length + bytes;
            Some((next, Member { length, ..*member }))
        })
        .collect();
    longer.sort_by_key(|(next, _)| *next);
    longer
        .chunk_by(|a, b| a.0 == b.0)
        .map(|same| same.iter().map(|(_, member)| *member).collect())
        .collect()
}
