//! What every match of a regex holds, and how it begins: by that texts are passed over without
//! asking the regex.

use std::fmt;

use regex_syntax::hir::literal::{Extractor, Literal};
use regex_syntax::hir::print::Printer;
use regex_syntax::hir::{Class, Hir, HirKind, Look};

use super::schema::PatternDeclaration;

/// What is needed for a regex to match, so that it need not be compiled where it cannot.
pub(super) struct Needs {
    /// Literals of which every match holds one; nothing if there are none.
    pub(super) holds: Vec<String>,
    /// How many characters of the place it is tried on stand before and behind that literal at
    /// most.
    pub(super) reach: [u16; 2],
    /// Further sets of texts: every match holds one of each.
    pub(super) parts: Vec<Vec<String>>,
}

/// Lists as references to arrays of references, as the tables in the binary hold them.
pub(super) struct Slices<'a>(pub(super) &'a [Vec<String>]);

impl fmt::Debug for Slices<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        self.0
            .iter()
            .try_for_each(|list| write!(f, "&{list:?}, "))?;
        f.write_str("]")
    }
}

pub(super) fn needs(pattern: &PatternDeclaration, regex: &str) -> Needs {
    let mut needs = Needs {
        holds: Vec::new(),
        reach: [u16::MAX; 2],
        parts: Vec::new(),
    };
    let parsed = regex_syntax::parse(regex).ok();
    let Some(parsed) = parsed.filter(|_| pattern.kind == "regexes") else {
        return needs;
    };
    let mut sets = held(&parsed);
    let Some(best) = most_telling(&sets) else {
        return needs;
    };
    let Held { texts, reach } = sets.swap_remove(best);
    needs.holds = texts;
    let whole = matches!(pattern.scope, "paragraph" | "line");
    let bound = |is_bounded: bool, characters: Option<usize>| {
        let characters = characters.filter(|_| is_bounded);
        characters
            .and_then(|n| u16::try_from(n).ok())
            .unwrap_or(u16::MAX)
    };
    needs.reach = [
        bound(whole || pattern.scope.ends_with("-start"), reach[0]),
        bound(whole || pattern.scope.ends_with("-end"), reach[1]),
    ];
    sets.retain(|set| set.shortest() > 0);
    needs.parts = sets.into_iter().map(|set| set.texts).collect();
    needs
}

/// Texts of which a piece of a regex holds one in every match.
struct Held {
    texts: Vec<String>,
    /// How many characters stand before and behind it at most; nothing where there is no limit.
    reach: [Option<usize>; 2],
}

impl Held {
    fn shortest(&self) -> usize {
        self.texts.iter().map(String::len).min().unwrap_or(0)
    }

    /// The same, with more around it.
    fn inside(mut self, around: [Option<usize>; 2]) -> Self {
        for (reach, more) in self.reach.iter_mut().zip(around) {
            *reach = reach.zip(more).map(|(a, b)| a + b);
        }
        self
    }
}

/// Which of several sets says most.
fn most_telling(sets: &[Held]) -> Option<usize> {
    // Four characters say enough: then fewer are better.
    let telling = |at: &usize| {
        (
            sets[*at].shortest().min(12),
            usize::MAX - sets[*at].texts.len(),
        )
    };
    (0..sets.len())
        .filter(|at| sets[*at].shortest() > 0)
        .max_by_key(telling)
}

/// The sets of which every match of a piece of a regex holds one each.
fn held(piece: &Hir) -> Vec<Held> {
    match piece.kind() {
        HirKind::Capture(capture) => held(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => {
            let once = longest(&repetition.sub);
            let further = repetition.max.map(|most| most as usize - 1);
            let behind = once.zip(further).map(|(once, further)| once * further);
            let sets = held(&repetition.sub).into_iter();
            sets.map(|set| set.inside([Some(0), behind])).collect()
        }
        HirKind::Alternation(branches) => {
            let mut all = Held {
                texts: Vec::new(),
                reach: [Some(0); 2],
            };
            for branch in branches {
                let mut sets = held(branch);
                let Some(best) = most_telling(&sets) else {
                    return Vec::new();
                };
                let set = sets.swap_remove(best);
                all.texts.extend(set.texts);
                for (reach, other) in all.reach.iter_mut().zip(set.reach) {
                    *reach = (*reach).zip(other).map(|(a, b)| a.max(b));
                }
            }
            vec![all]
        }
        HirKind::Concat(pieces) => held_in_row(pieces),
        _ => {
            let set = |texts| Held {
                texts,
                reach: [Some(0); 2],
            };
            exact(piece).map(set).into_iter().collect()
        }
    }
}

/// The same of pieces one after the other. Neighbours of which all texts are known are one text.
fn held_in_row(pieces: &[Hir]) -> Vec<Held> {
    let length = |pieces: &[Hir]| -> Option<usize> { pieces.iter().map(longest).sum() };
    let mut sets: Vec<Held> = Vec::new();
    let mut at = 0;
    while at < pieces.len() {
        let (first, before) = (at, length(&pieces[..at]));
        let mut texts = vec![String::new()];
        while let Some(known) = pieces.get(at).and_then(exact) {
            if texts.len() * known.len() > MOST {
                break;
            }
            texts = product(&texts, &known);
            at += 1;
        }
        if at > first {
            let reach = [before, length(&pieces[at..])];
            sets.push(Held { texts, reach });
        } else {
            let around = [before, length(&pieces[at + 1..])];
            let inner = held(&pieces[at]).into_iter();
            sets.extend(inner.map(|set| set.inside(around)));
            at += 1;
        }
    }
    sets
}

/// How many characters a piece of a regex matches at most; nothing where there is no limit.
fn longest(piece: &Hir) -> Option<usize> {
    match piece.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(0),
        HirKind::Literal(literal) => Some(std::str::from_utf8(&literal.0).ok()?.chars().count()),
        HirKind::Class(_) => Some(1),
        HirKind::Capture(capture) => longest(&capture.sub),
        HirKind::Repetition(repetition) => {
            let once = longest(&repetition.sub)?;
            Some(repetition.max? as usize * once)
        }
        HirKind::Concat(pieces) => pieces.iter().map(longest).sum(),
        HirKind::Alternation(branches) => {
            let lengths: Option<Vec<usize>> = branches.iter().map(longest).collect();
            lengths?.into_iter().max()
        }
    }
}

/// The most texts that a piece is taken apart into.
const MOST: usize = 24;

/// All texts that a piece of a regex matches, where they are few.
fn exact(piece: &Hir) -> Option<Vec<String>> {
    let texts = match piece.kind() {
        HirKind::Empty => vec![String::new()],
        HirKind::Literal(literal) => vec![String::from_utf8(literal.0.to_vec()).ok()?],
        HirKind::Class(Class::Unicode(class)) => {
            let characters = class.iter().flat_map(|range| range.start()..=range.end());
            characters.take(MOST + 1).map(String::from).collect()
        }
        HirKind::Capture(capture) => exact(&capture.sub)?,
        HirKind::Repetition(repetition) if (repetition.min, repetition.max) == (0, Some(1)) => {
            let mut texts = exact(&repetition.sub)?;
            texts.push(String::new());
            texts
        }
        HirKind::Alternation(branches) => {
            let sets: Option<Vec<Vec<String>>> = branches.iter().map(exact).collect();
            sets?.concat()
        }
        HirKind::Concat(pieces) => {
            let mut texts = vec![String::new()];
            for piece in pieces {
                let next = exact(piece)?;
                if texts.len() * next.len() > MOST {
                    return None;
                }
                texts = product(&texts, &next);
            }
            texts
        }
        _ => return None,
    };
    (texts.len() <= MOST).then_some(texts)
}

fn product(heads: &[String], tails: &[String]) -> Vec<String> {
    let with = |head: &String| {
        tails
            .iter()
            .map(|tail| head.clone() + tail)
            .collect::<Vec<_>>()
    };
    heads.iter().flat_map(with).collect()
}

/// What every match of a regex begins with, where it can only match from the beginning of its
/// place: whether the regex needs to be compiled at all is then seen without it. Nothing if there
/// are too many beginnings, or any is.
pub(super) fn openings(pattern: &PatternDeclaration, regex: &str) -> Vec<String> {
    let anchored = matches!(
        pattern.scope,
        "paragraph" | "line" | "paragraph-start" | "document-start"
    );
    let Some(parsed) = regex_syntax::parse(regex)
        .ok()
        .filter(|_| anchored && pattern.kind == "regexes")
    else {
        return Vec::new();
    };
    let mut sequence = Extractor::new().extract(&parsed);
    sequence.dedup();
    let text = |literal: &Literal| String::from_utf8(literal.as_bytes().to_vec()).ok();
    let texts: Option<Vec<String>> = sequence
        .literals()
        .and_then(|literals| literals.iter().map(text).collect());
    texts
        .filter(|texts| texts.iter().all(|text| !text.is_empty()))
        .unwrap_or_default()
}

/// A regex with all its classes spelt out, for the small engine, which knows no Unicode; nothing
/// where it asks for borders of words or lines.
pub(super) fn lite(pattern: &PatternDeclaration, regex: &str) -> String {
    if pattern.kind != "regexes" || pattern.scope == "anywhere" {
        return String::new();
    }
    let Ok(parsed) = regex_syntax::parse(regex) else {
        return String::new();
    };
    let known = |look| matches!(look, Look::Start | Look::End);
    let mut spelt = String::new();
    if parsed.properties().look_set().iter().all(known) {
        let printed = Printer::new().print(&parsed, &mut spelt);
        printed.unwrap_or_else(|e| panic!("{regex}: {e}"));
    }
    spelt
}
