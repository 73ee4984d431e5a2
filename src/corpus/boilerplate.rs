//! Lines that a source sets on all its pages: found by counting, without any list.

use std::collections::{HashMap, HashSet};

use super::Collection;
use super::comparable::{Body, Fold, join, mix};
use super::keys::{ends_label, keys};
use super::openings;
use super::sketch::Sketch;

/// Lines at the beginning and at the end of a document that count as its edge; blank ones are not
/// counted.
const FIRST: usize = 4;
const LAST: usize = 6;
/// A source's share of documents in which a line recurs.
const SHARE: usize = 100;
/// Occurrences at an edge of a hundred that make a line a part of the page and not of the text.
const AT_EDGE: usize = 97;

/// A line that recurs in a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The number of the source.
    pub source: usize,
    /// The line, with `#` for digits that vary and `*` for a value that varies.
    pub text: String,
    /// How many documents of the source have it.
    pub documents: usize,
    /// In how many of them it stands among the first or last lines.
    pub at_edge: usize,
    /// A document that has it, the first one.
    pub first: usize,
}

/// A line of a document that recurs in its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecurringLine {
    /// Its key, or that of its label.
    pub key: u64,
    /// Whether the key is that of the label.
    pub is_label: bool,
    /// The key of its label, where that recurs too.
    pub label: Option<u64>,
    /// Whether it stands among the first or last lines.
    pub at_edge: bool,
    /// The line.
    pub text: String,
}

/// What an engine counted of a line of a source.
#[derive(Clone, Debug)]
pub struct CountedLine {
    /// The source.
    pub source: String,
    /// The line, as in the first document that has it.
    pub line: RecurringLine,
    /// Documents that have it.
    pub documents: usize,
    /// Documents in which it stands at the edge.
    pub at_edge: usize,
    /// Whether it is not the same everywhere.
    pub varies: bool,
}

impl Line {
    /// Whether it is a part of the page: it stands at the edge of nearly all documents that have
    /// it.
    #[must_use]
    pub fn is_furniture(&self) -> bool {
        self.at_edge * 100 >= self.documents * AT_EDGE
    }
}

/// How many documents of a source have a line before it counts as recurring: one in a hundred, in a
/// small source half.
pub(crate) fn needed(documents: usize) -> usize {
    let small = (documents / 2).clamp(3, 10);
    documents.div_ceil(SHARE).max(small).min(Sketch::MOST)
}

/// The lines of a text that are not blank, as byte ranges.
pub(crate) fn lines(text: &str, into: &mut Vec<(usize, usize)>) {
    into.clear();
    let mut from = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let bare = line.trim_end_matches(['\n', '\r']);
        if !bare.trim().is_empty() {
            into.push((from, from + bare.len()));
        }
        from += line.len();
    }
}

/// Whether a line, by its number among so many, stands at the edge.
pub(crate) fn at_edge(number: usize, lines: usize) -> bool {
    number < FIRST || number + LAST >= lines
}

pub(crate) fn of_source(key: u64, source: u64) -> u64 {
    mix(join(key, source.wrapping_add(1)))
}

/// How it is known what recurs.
pub(crate) enum Counted {
    /// By a sketch of everything that was counted.
    Sketched(Sketch),
    /// By the keys that do.
    Exactly(HashSet<u64>),
}

/// The first pass over a collection: lines and sentence openings are counted as its texts go by, in
/// any order.
pub(crate) struct Counting {
    sketch: Sketch,
    fold: Fold,
}

impl Counting {
    /// Nothing yet, of a collection of about so many bytes.
    pub(crate) fn new(bytes: u64) -> Self {
        Self {
            sketch: Sketch::new(bytes),
            fold: Fold::new(),
        }
    }

    /// Counts those of a text of a source.
    pub(crate) fn take(&self, text: &str, source: &str, scratch: &mut Scratch) {
        scratch.read(self.fold, text, salt(source));
        scratch.seen.clear();
        for line in &scratch.keys {
            scratch.seen.extend(line.whole);
            scratch.seen.extend(line.label);
        }
        openings::each(self.fold, text, |key, _| scratch.seen.push(key));
        scratch.seen.sort_unstable();
        scratch.seen.dedup();
        scratch.seen.iter().for_each(|key| self.sketch.add(*key));
    }
}

/// The number that tells the lines of a source from those of others.
fn salt(source: &str) -> u64 {
    source.bytes().fold(0, |hash, b| join(hash, u64::from(b)))
}

/// What recurs in a collection.
pub(crate) struct Recurring {
    counted: Counted,
    needed: Vec<usize>,
    salts: Vec<u64>,
    documents: Vec<usize>,
    needed_opening: usize,
}

/// What a thread keeps from document to document, so that nothing is allocated for each.
#[derive(Default)]
pub(crate) struct Scratch {
    lines: Vec<(usize, usize)>,
    seen: Vec<u64>,
    keys: Vec<LineKeys>,
}

/// A line of a document with its keys.
#[derive(Clone, Copy)]
pub(crate) struct LineKeys {
    from: usize,
    to: usize,
    whole: Option<u64>,
    label: Option<u64>,
    at_edge: bool,
    recurs: bool,
    labelled: bool,
}

impl Recurring {
    /// What was counted of the documents of a collection.
    pub(crate) fn of(counting: Counting, collection: &dyn Collection) -> Self {
        let mut documents = vec![0; collection.sources().len()];
        (0..collection.len()).for_each(|i| documents[collection.source(i)] += 1);
        Self {
            counted: Counted::Sketched(counting.sketch),
            needed: documents.iter().map(|n| needed(*n)).collect(),
            salts: collection.sources().iter().map(|s| salt(s)).collect(),
            documents,
            needed_opening: openings::needed(collection.len()),
        }
    }

    /// What recurs in so many sources, where it is known otherwise.
    pub(crate) fn known(counted: Counted, sources: usize) -> Self {
        Self {
            counted,
            needed: vec![1; sources],
            salts: (0..sources as u64).collect(),
            documents: Vec::new(),
            needed_opening: usize::MAX,
        }
    }

    fn recurs(&self, key: u64, needed: usize) -> bool {
        match &self.counted {
            Counted::Sketched(sketch) => sketch.count(key) >= needed,
            Counted::Exactly(keys) => keys.contains(&key),
        }
    }

    /// How many documents each source has.
    pub(crate) fn documents(&self) -> &[usize] {
        &self.documents
    }

    /// Whether sentences open so in many documents.
    pub(crate) fn opens_many(&self, key: u64) -> bool {
        self.recurs(key, self.needed_opening)
    }

    /// Reads the comparable characters of a document into `body`, what recurs in its source left
    /// out. Where hardly anything would be left, as of a page that was copied many times, all of it
    /// counts.
    pub(crate) fn body(
        &self,
        fold: Fold,
        text: &str,
        source: usize,
        scratch: &mut Scratch,
        body: &mut Body,
    ) {
        scratch.read(
            fold,
            text,
            self.salts.get(source).copied().unwrap_or(u64::MAX),
        );
        let needed = self.needed.get(source).copied().unwrap_or(usize::MAX);
        let (mut left, mut out) = (0, 0);
        for line in &mut scratch.keys {
            let frequent = |key: Option<u64>| key.is_some_and(|k| self.recurs(k, needed));
            line.labelled = frequent(line.label);
            line.recurs = line.labelled || frequent(line.whole);
            *(if line.recurs { &mut out } else { &mut left }) += line.to - line.from;
        }
        if out > left {
            scratch.keys.iter_mut().for_each(|line| line.recurs = false);
        }
        body.clear();
        for line in scratch.keys.iter().filter(|line| !line.recurs) {
            body.push(fold, &text[line.from..line.to], line.from);
        }
    }
}

impl Scratch {
    /// The keys of the lines of a text, whatever its source.
    pub(crate) fn keys_of(&mut self, fold: Fold, text: &str) -> Vec<u64> {
        lines(text, &mut self.lines);
        let count = self.lines.len();
        let mut found = Vec::with_capacity(count);
        for (number, (from, to)) in self.lines.iter().copied().enumerate() {
            let (whole, label) = keys(fold, &text[from..to]);
            found.extend(whole);
            found.extend(label.filter(|_| at_edge(number, count)));
        }
        found
    }

    /// Where the lines stand that recur in the document that [`Recurring::body`] read last, in
    /// bytes.
    pub(crate) fn recurring_spans(&self) -> impl Iterator<Item = [u32; 2]> + '_ {
        let recurring = self.keys.iter().filter(|line| line.recurs);
        recurring.map(|line| [line.from as u32, line.to as u32])
    }

    /// The lines that recur, each once, of the document that [`Recurring::body`] read last.
    pub(crate) fn recurring_lines(&mut self, text: &str) -> Vec<RecurringLine> {
        let mut found = Vec::new();
        self.each_recurring(|key, is_label, line| {
            found.push(RecurringLine {
                key,
                is_label,
                label: line.label.filter(|_| line.labelled),
                at_edge: line.at_edge,
                text: text[line.from..line.to].trim().to_owned(),
            });
        });
        found
    }

    fn each_recurring(&mut self, mut each: impl FnMut(u64, bool, &LineKeys)) {
        self.seen.clear();
        for line in self.keys.iter().filter(|line| line.recurs) {
            let whole = line.whole.map(|key| (key, false));
            let label = line.label.filter(|_| line.labelled).map(|key| (key, true));
            for (key, is_label) in whole.into_iter().chain(label) {
                if !self.seen.contains(&key) {
                    self.seen.push(key);
                    each(key, is_label, line);
                }
            }
        }
    }

    fn read(&mut self, fold: Fold, text: &str, source: u64) {
        lines(text, &mut self.lines);
        self.keys.clear();
        let count = self.lines.len();
        for (number, (from, to)) in self.lines.iter().copied().enumerate() {
            let (whole, label) = keys(fold, &text[from..to]);
            let at_edge = at_edge(number, count);
            self.keys.push(LineKeys {
                from,
                to,
                whole: whole.map(|key| of_source(key, source)),
                label: label.filter(|_| at_edge).map(|key| of_source(key, source)),
                at_edge,
                recurs: false,
                labelled: false,
            });
        }
    }
}

/// Exact counts of the lines that recur, by key.
#[derive(Default)]
pub(crate) struct Counts(HashMap<u64, Count>);

struct Count {
    source: usize,
    documents: usize,
    at_edge: usize,
    first: usize,
    text: String,
    /// Its label, where it stands at the edge in any document, as labels do.
    label: Option<u64>,
    is_label: bool,
    varies: bool,
}

impl Counts {
    /// Counts the recurring lines of a document that [`Recurring::body`] read last.
    pub(crate) fn take(
        &mut self,
        text: &str,
        source: usize,
        document: usize,
        scratch: &mut Scratch,
    ) {
        scratch.each_recurring(|key, is_label, line| {
            let shown = text[line.from..line.to].trim();
            let count = self.0.entry(key).or_insert_with(|| Count {
                source,
                documents: 0,
                at_edge: 0,
                first: document,
                text: shown.to_owned(),
                label: None,
                is_label,
                varies: false,
            });
            let label = line.label.filter(|_| line.labelled);
            count.label = count.label.or(label);
            count.documents += 1;
            count.at_edge += usize::from(line.at_edge);
            count.varies |= count.text != shown;
        });
    }

    /// Puts in what was counted elsewhere of a line of a source.
    pub(crate) fn put(&mut self, source: usize, counted: CountedLine) {
        let line = counted.line;
        // keys of one source stay apart from those of another
        let own = |key| of_source(key, source as u64);
        self.0.insert(
            own(line.key),
            Count {
                source,
                documents: counted.documents,
                at_edge: counted.at_edge,
                first: 0,
                text: line.text,
                label: line.label.map(own),
                is_label: line.is_label,
                varies: counted.varies,
            },
        );
    }

    fn merge(&mut self, other: Self) {
        for (key, theirs) in other.0 {
            match self.0.entry(key) {
                std::collections::hash_map::Entry::Vacant(entry) => {
                    entry.insert(theirs);
                }
                std::collections::hash_map::Entry::Occupied(entry) => {
                    let ours = entry.into_mut();
                    ours.documents += theirs.documents;
                    ours.at_edge += theirs.at_edge;
                    ours.label = ours.label.or(theirs.label);
                    ours.varies |= theirs.varies || theirs.text != ours.text;
                    if theirs.first < ours.first {
                        ours.first = theirs.first;
                        ours.text = theirs.text;
                    }
                }
            }
        }
    }
}

/// The lines that recur, of the counts of all threads. Of a label and the lines that have it, what
/// says more stands: the label where the value varies, else the line.
pub(crate) fn settle(counts: Vec<Counts>, sources: &[String], documents: &[usize]) -> Vec<Line> {
    let mut all = Counts::default();
    counts.into_iter().for_each(|c| all.merge(c));
    let needed: Vec<_> = documents.iter().map(|n| needed(*n)).collect();
    all.0.retain(|_, c| c.documents >= needed[c.source]);
    let mut largest: HashMap<u64, usize> = HashMap::new();
    for count in all.0.values().filter(|c| !c.is_label) {
        if let Some(label) = count.label {
            let most = largest.entry(label).or_default();
            *most = count.documents.max(*most);
        }
    }
    // a label stands for its lines unless nearly all of them are one
    let varies = |key: u64, label: &Count| {
        largest
            .get(&key)
            .is_none_or(|most| most * 10 < label.documents * 9)
    };
    let labels: HashMap<u64, bool> = all
        .0
        .iter()
        .filter(|(_, c)| c.is_label)
        .map(|(key, c)| (*key, varies(*key, c)))
        .collect();
    let mut found: Vec<Line> = all
        .0
        .into_iter()
        .filter(|(key, c)| match c.is_label {
            true => labels.get(key) == Some(&true),
            false => c.label.and_then(|label| labels.get(&label)) != Some(&true),
        })
        .map(|(_, c)| Line {
            source: c.source,
            text: template(&c),
            documents: c.documents,
            at_edge: c.at_edge,
            first: c.first,
        })
        .collect();
    let name = |line: &Line| &sources[line.source];
    found.sort_by(|a, b| {
        b.documents
            .cmp(&a.documents)
            .then_with(|| name(a).cmp(name(b)))
            .then_with(|| a.text.cmp(&b.text))
    });
    found
}

/// How a line is shown whose digits or value vary.
fn template(count: &Count) -> String {
    let text = &count.text;
    if count.is_label
        && let Some(colon) = text.find(ends_label)
    {
        let end = colon + text[colon..].chars().next().map_or(0, char::len_utf8);
        return format!("{}*", &text[..end]);
    }
    if !count.varies {
        return text.clone();
    }
    let mut shown = String::new();
    for c in text.chars() {
        match c.is_numeric() && (c.is_ascii_digit() || ('０'..='９').contains(&c)) {
            true if shown.ends_with('#') => {}
            true => shown.push('#'),
            false => shown.push(c),
        }
    }
    shown
}
