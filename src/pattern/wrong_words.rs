//! Wrong words of lists in a text: which of the places that look like one are.

use memchr::memmem;

use super::declared::{Declared, Kind, Pattern, Script};
use super::word_list::{Class, Entry, Lists, WordList};

use crate::finding::{Finding, Findings, Fix, Safety, Severity};
use crate::language::Message;
use crate::levels::{Levels, Writing};
use crate::model::Model;
use crate::model::lexicon::Kinds;
use crate::model::segment::Word;
use crate::reading::Reading;
use crate::reading::proofreading::portions::expected;
use crate::reading::register::Register;
use crate::reading::wrong_words::{PART, Place, Weigher, WrongWord};
use crate::rule::{Card, Scales};
use crate::text::{Census, Span, around, is_han, is_sentence_end, line_around};
use crate::told;

/// Characters on either side where the right form beside the wrong one, and a word that compares
/// them, show that the text speaks about the mistake.
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

/// Adds what is to be told of the words of the lists of some rules that stand in a document: each
/// with the number of its list and where it begins.
pub(super) fn check(
    rules: &'static [Declared],
    scales: &Scales,
    words: &[(usize, usize, Entry)],
    document: &Reading<'_>,
    findings: &mut Findings,
) {
    if words.is_empty() {
        return;
    }
    let search = |(card, pattern, _)| Search {
        card,
        levels: scales.of(card, Writing::Usual),
        pattern,
        document,
        script: None,
        old: None,
        usage: None,
        waiting: Vec::new(),
        doubtful: Vec::new(),
        exchanged: Vec::new(),
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

/// How much likelier it is that a converter made a mistake where it surely made another one with
/// the same two characters.
const ODDS_AGAIN: f32 = 5.0;

/// How probably a form is wrong, and why.
struct Weighed {
    probability: f32,
    row: WrongWord,
}

/// One list in one document.
struct Search<'a> {
    card: &'static Card,
    /// From which probability on a form is told that may be right.
    levels: Levels,
    pattern: &'static Pattern,
    document: &'a Reading<'a>,
    /// The script of the text, once it was asked.
    script: Option<Script>,
    /// Whether the text is written in older spelling or classical, once it was asked.
    old: Option<bool>,
    /// The first word that is a matter of usage, and how many there are.
    usage: Option<(Span, Entry, usize)>,
    /// Places of forms that nobody was seen to write, until it is known how many sure slips the
    /// document has.
    waiting: Vec<(Span, Entry, Weighed)>,
    /// Places that were not told by themselves.
    doubtful: Vec<(Span, Entry, Weighed)>,
    /// Which characters stand for which others in what is told.
    exchanged: Vec<(char, char)>,
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
        // a text of both scripts is none that a converter made
        if self.is_written_otherwise(span) {
            return;
        }
        let finding = match entry.class {
            // 屏幕|色彩: two words meet in it
            Class::Never if self.is_where_words_meet(span) => None,
            Class::Never if !self.is_conversion(span, entry) => None,
            Class::Never => Some(self.certain(span, entry)),
            Class::Modern if self.is_old() => None,
            Class::Modern if !entry.may_be_right() => {
                Some(self.certain(span, entry).severity(Severity::Warning))
            }
            Class::Word if self.is_classical(span) || !self.is_one_word(span) => None,
            Class::Word => Some(self.certain(span, entry)),
            Class::Unseen if self.is_covered(span) || self.is_in_name(span) => None,
            Class::Unseen => {
                self.await_rate(span, entry);
                None
            }
            Class::Modern | Class::Border => self.weighed(span, entry),
            Class::Usage if self.is_old() || !self.is_one_word(span) => None,
            Class::Usage => {
                let first = self.usage.get_or_insert((span, entry, 0));
                first.2 += 1;
                None
            }
        };
        if let Some(finding) = finding {
            self.found_to = span.end();
            if self.pattern.script != Script::Any && finding.severity >= Severity::Warning {
                self.exchanged.extend(entry.exchange());
            }
            self.found.push(finding);
        }
    }

    /// A converter that takes one character for another once does it everywhere: places that were
    /// not told by themselves are weighed once more with what was told.
    fn finish(mut self) -> Vec<Finding> {
        let waiting = std::mem::take(&mut self.waiting);
        let lower = match waiting.is_empty() {
            true => 1.0,
            false => self.odds_of_slips(),
        };
        for (span, entry, weighed) in waiting {
            let odds = weighed.probability / (1.0 - weighed.probability) * lower;
            let rated = Weighed {
                probability: odds / (1.0 + odds),
                ..weighed
            };
            let finding = self.told(span, entry, &rated);
            self.found.extend(finding);
        }
        for (span, entry, weighed) in std::mem::take(&mut self.doubtful) {
            let does_it = |pair| self.exchanged.contains(&pair);
            if entry.exchange().is_some_and(does_it) {
                let odds = weighed.probability / (1.0 - weighed.probability) * ODDS_AGAIN;
                let again = Weighed {
                    probability: odds / (1.0 + odds),
                    ..weighed
                };
                let finding = self.told(span, entry, &again);
                self.found.extend(finding);
            }
        }
        let note = self.usage_note();
        self.found.extend(note);
        self.found
    }

    /// Whether the text is written in the script of the list.
    fn is_in_script(&mut self) -> bool {
        let wanted = self.pattern.script;
        let document = self.document;
        wanted == Script::Any
            || *self
                .script
                .get_or_insert_with(|| script_of(document.census(), document.model()))
                == wanted
    }

    /// Whether the rest of the line tells that it is written in another script than the list is
    /// for, in both, or in Cantonese.
    fn is_written_otherwise(&self, span: Span) -> bool {
        let document = self.document;
        let variants = match self.pattern.script {
            Script::Any => None,
            Script::Simplified | Script::Traditional => document.model().variants(),
        };
        let Some(variants) = variants else {
            return false;
        };
        // Cantonese has its own words for what the characters mean: 我隻腳
        if document.registers().at(span.start()) == Register::Cantonese {
            return true;
        }
        let text = document.text();
        let line = line_around(text, span.range());
        let rest = [&text[line.start..span.start()], &text[span.end()..line.end]];
        let of = variants.count(rest.into_iter().flat_map(str::chars).map(|c| (c, 1)));
        // a converter leaves many a character in the other script: 他听著，看著
        match self.pattern.script {
            Script::Simplified => of.foreign > 2 * of.simplified,
            _ => 2 * of.simplified > of.foreign,
        }
    }

    /// Whether the text is written in older spelling or classical.
    fn is_old(&mut self) -> bool {
        let text = self.document.text();
        *self.old.get_or_insert_with(|| is_old(text))
    }

    /// Whether the form is right here for a reason that needs no weighing.
    fn is_right(&self, span: Span, entry: Entry) -> bool {
        let document = self.document;
        document.mask().touches(span)
            || document.vocabulary().covers(span)
            || is_known_right(document.text(), span, entry)
    }

    /// Whether a form that a converter makes is its work. In classical text any two words of one
    /// character may meet (被髮|行吟, 病髮|慵梳): there it is if the text is likelier with the
    /// right form.
    fn is_conversion(&self, span: Span, entry: Entry) -> bool {
        if self.pattern.script == Script::Any || !self.is_classical(span) {
            return true;
        }
        let weigher = Weigher::of(self.document.model());
        let place = place(self.document.text(), span, entry);
        let gains = |right| weigher.row(place, right).text_gain > 0.0;
        entry.right.split('/').any(gains)
    }

    fn is_classical(&self, span: Span) -> bool {
        self.document.registers().at(span.start()) == Register::Classical
    }

    /// Whether the text is cut into words so that none ends inside a form.
    fn is_one_word(&self, span: Span) -> bool {
        let (words, form) = self.words_around(span);
        let inside = form.start() + 1..form.end();
        !words.iter().any(|w| inside.contains(&(w.start as usize)))
    }

    /// Whether the text is cut into words so that one reaches into a form from before it, and the
    /// next one out of it.
    fn is_where_words_meet(&self, span: Span) -> bool {
        let (words, form) = self.words_around(span);
        words.windows(2).any(|pair| {
            let [left, right] = [pair[0], pair[1]].map(|w| w.start as usize..w.end as usize);
            left.start < form.start()
                && form.start() < left.end
                && right.start < form.end()
                && form.end() < right.end
        })
    }

    /// Whether the text is cut into longer words so that they hold all of a form and one of them
    /// reaches out of it: 武[打|部分], 数字|话[机.
    fn is_covered(&self, span: Span) -> bool {
        let (words, form) = self.words_around(span);
        let of_form = |w: &&Word| (w.start as usize) < form.end() && form.start() < w.end as usize;
        let long = |w: &Word| w.characters > 1;
        let over = |w: &Word| (w.start as usize) < form.start() || form.end() < w.end as usize;
        let mut within = words.iter().filter(of_form);
        within.clone().any(over) && within.all(long)
    }

    /// Whether a form of two characters stands behind a surname, and no character on either side of
    /// the two: 、吴[庆洲]、
    fn is_in_name(&self, span: Span) -> bool {
        let text = self.document.text();
        let model = self.document.model();
        let is_surname = |c: char| {
            let id = model.characters().id(c);
            let word = model.lexicon().find(&[id]);
            word.is_some_and(|word| model.lexicon().kinds(word).any(Kinds::PERSON))
        };
        let mut before = text[..span.start()].chars().rev();
        let named = before.next().is_some_and(is_surname);
        let begins = before.next().is_none_or(|c| !is_han(c));
        let ends = text[span.end()..].chars().next().is_none_or(|c| !is_han(c));
        span.len() == "两字".len() && named && begins && ends
    }

    /// The words that the text around a form is cut into, and where the form is there.
    fn words_around(&self, span: Span) -> (Vec<Word>, Span) {
        const BESIDE: usize = 8;
        let text = self.document.text();
        let (before, after) = around(text, span.range(), BESIDE);
        let (start, end) = (span.start() - before, span.end() + after);
        let mut words = Vec::new();
        self.document.model().segment(&text[start..end], &mut words);
        (words, Span::new(before, before + span.len()))
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

    /// By how much the odds that a form is a slip are lower than at the rate of slips that they
    /// were fitted at: of a document as it is written, and by the sure ones that it has.
    fn odds_of_slips(&self) -> f32 {
        /// Slips for each character of the fit.
        const FITTED: f32 = 2.5e-4;
        /// Slips for each that the lists are sure of, in books that were read by machines.
        const OF_ALL: f32 = 6.0;
        /// What no text has fewer of, for each character.
        const FEWEST: f32 = 5e-6;
        let census = self.document.census();
        let (rate, worth) = expected(census);
        let sure = self.found.iter().filter(|f| f.severity == Severity::Error);
        let slips = rate * worth + OF_ALL * sure.count() as f32;
        let rate = slips / (worth + census.characters() as f32);
        (rate.max(FEWEST) / FITTED).min(1.0)
    }

    /// Keeps the place of a form that nobody was seen to write.
    fn await_rate(&mut self, span: Span, entry: Entry) {
        if let Some(weighed) = self.weigh_all(span, entry)
            && self.levels.grade(weighed.probability).is_some()
        {
            self.found_to = span.end();
            self.waiting.push((span, entry, weighed));
        }
    }

    /// How probably one of the right forms was meant at a place. Which words meet in classical text
    /// is not known.
    fn weigh_all(&self, span: Span, entry: Entry) -> Option<Weighed> {
        if self.is_classical(span) {
            return None;
        }
        let weigher = Weigher::of(self.document.model());
        let place = place(self.document.text(), span, entry);
        let rights = entry.right.split('/');
        let weighed = rights.filter_map(|right| weigher.weigh(place, right));
        let (probability, row) = weighed.max_by(|a, b| a.0.total_cmp(&b.0))?;
        Some(Weighed { probability, row })
    }

    /// The finding at a place where the form may be right, if a right one was more probably meant.
    fn weighed(&mut self, span: Span, entry: Entry) -> Option<Finding> {
        let weighed = self.weigh_all(span, entry)?;
        let finding = self.told(span, entry, &weighed);
        if finding.is_none() {
            self.doubtful.push((span, entry, weighed));
        }
        finding
    }

    /// The finding at a place that was weighed, if it is probable enough.
    fn told(&self, span: Span, entry: Entry, weighed: &Weighed) -> Option<Finding> {
        let mut severity = self.levels.grade(weighed.probability)?;
        if entry.class == Class::Unseen {
            severity = severity.min(Severity::Warning);
        }
        let finding = self.finding(span, entry, Safety::Unsafe);
        let finding = finding.severity(severity).probability(weighed.probability);
        Some(finding.weighed(weighed.row.loudest(self.document.model(), PART)))
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

/// Whether a form is part of a longer text that is right, or the text speaks about it.
pub(crate) fn is_known_right(text: &str, span: Span, entry: Entry) -> bool {
    let is_part_of = |longer: &str| {
        longer.match_indices(entry.wrong).any(|(before, _)| {
            let start = span.start().checked_sub(before);
            start.is_some_and(|start| {
                text.is_char_boundary(start) && text[start..].starts_with(longer)
            })
        })
    };
    entry.except.split(' ').any(is_part_of) || is_about(text, span, entry)
}

/// Whether a text speaks about the wrong form: “脉搏”不要写成“脉博”.
fn is_about(text: &str, span: Span, entry: Entry) -> bool {
    let (before, after) = around(text, span.range(), ABOUT);
    let before = &text[span.start() - before..span.start()];
    let after = &text[span.end()..span.end() + after];
    let near = [
        before.rsplit(is_sentence_end).next().unwrap_or(before),
        after.split(is_sentence_end).next().unwrap_or(after),
    ];
    let has = |word: &str| near.iter().any(|part| part.contains(word));
    entry.right.split('/').any(has) && COMPARING.into_iter().any(has)
}

/// A place where a form stands that may be right, as it is weighed.
pub(crate) fn place(text: &str, span: Span, entry: Entry) -> Place<'_> {
    Place {
        text,
        span,
        is_listed: entry.class != Class::Unseen,
        is_border: entry.class == Class::Border,
    }
}

/// The script that a text is written in, if the characters that speak for one are twice as many as
/// the others.
pub(crate) fn script_of(census: &Census, model: &Model) -> Script {
    let Some(variants) = model.variants() else {
        return Script::Any;
    };
    let of = variants.count(census.iter());
    if of.simplified > 2 * of.foreign {
        Script::Simplified
    } else if of.foreign > 2 * of.simplified {
        Script::Traditional
    } else {
        Script::Any
    }
}

/// Whether a text is classical, which hardly knows 的, or has the old spellings of everyday words.
pub(crate) fn is_old(text: &str) -> bool {
    /// Bytes of a text too short to tell.
    const SHORT: usize = 600;
    /// One character in so many is 的, at least; in prose of today it is one in thirty.
    const MODERN: usize = 90;
    const OLD: [&str; 6] = ["那末", "好象", "图象", "甚么", "什末", "怎末"];
    let count = memmem::find_iter(text.as_bytes(), "的").count();
    (text.len() > SHORT && count * MODERN * "的".len() < text.len())
        || OLD.iter().any(|word| text.contains(word))
}
