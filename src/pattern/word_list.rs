//! A list of wrong words, laid out in bytes so that nothing is built before it is searched.
//!
//! An automaton in the sense of Aho and Corasick is not needed for words this short: a filter of
//! one bit for the two or three characters that a word begins with turns nearly every place of a
//! text down, and what passes is compared with the few words of that beginning. The build script
//! lays out the lists of `rules/` through this very file, so it knows nothing of the crate.

use super::said;
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

/// How surely a form is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// It is never right.
    Never,
    /// It is wrong today, but older and classical texts write it.
    Modern,
    /// It also arises where two words meet: which words the text is made of decides.
    Border,
    /// It is wrong as a word, or as a part of one; it is right where two words meet in it.
    Word,
    /// No text that was looked at has it, which for a rare form says little: the text must be much
    /// better with the right word.
    Unseen,
    /// It is a matter of usage: an older or less usual way to write the word.
    Usage,
}

impl Class {
    const ALL: [Self; 6] = [
        Self::Never,
        Self::Modern,
        Self::Border,
        Self::Word,
        Self::Unseen,
        Self::Usage,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Modern => "modern",
            Self::Border => "border",
            Self::Word => "word",
            Self::Unseen => "unseen",
            Self::Usage => "usage",
        }
    }
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) wrong: String,
    /// The right forms, the likeliest first, with `/` between them.
    pub(super) right: String,
    pub(super) class: Class,
    /// Longer texts in which the form is right after all, with blanks between them.
    pub(crate) except: String,
}

/// A mistake in a list: its line (from 1) and what is wrong.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RowError {
    pub(super) line: usize,
    pub(super) message: String,
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

/// The columns of a list, as its first line names them. `kind` says how the slip came about and is
/// for people.
const COLUMNS: [&str; 5] = ["wrong", "right", "kind", "class", "except"];

/// Reads a list: tab-separated columns under a line that names them; lines that begin with `#` are
/// skipped. Only `wrong` and `right` must be there.
pub(super) fn read(list: &str) -> Result<Vec<Row>, RowError> {
    let mut lines = (1..)
        .zip(list.lines())
        .filter(|(_, line)| !line.starts_with('#') && !line.trim().is_empty());
    let Some((line, head)) = lines.next() else {
        return Ok(Vec::new());
    };
    let names: Vec<&str> = head.split('\t').map(str::trim).collect();
    let error = |line, message| Err(RowError { line, message });
    if let Some(name) = names.iter().find(|name| !COLUMNS.contains(name)) {
        let columns = COLUMNS.join(", ");
        let message = said!("there is no column `{name}`; the columns are {columns}"; "没有列 `{name}`；可用的列：{columns}");
        return error(line, message);
    }
    let column = |name: &str| names.iter().position(|n| *n == name);
    let (Some(wrong), Some(right)) = (column("wrong"), column("right")) else {
        return error(
            line,
            said!("the first line must name `wrong` and `right`"; "第一行必须列出 `wrong` 和 `right`"),
        );
    };
    let (class, except) = (column("class"), column("except"));
    let mut rows = Vec::new();
    for (line, text) in lines {
        let cells: Vec<&str> = text.split('\t').map(str::trim).collect();
        let cell = |at: Option<usize>| at.and_then(|at| cells.get(at)).copied().unwrap_or("");
        let class = match cell(class) {
            "" => Class::Never,
            name => match Class::ALL.into_iter().find(|c| c.name() == name) {
                Some(class) => class,
                None => {
                    return error(
                        line,
                        said!("`class` cannot be `{name}`"; "`class` 不能是 `{name}`"),
                    );
                }
            },
        };
        let row = Row {
            wrong: cell(Some(wrong)).to_owned(),
            right: cell(Some(right)).to_owned(),
            class,
            except: cell(except).to_owned(),
        };
        check(&row).map_err(|message| RowError { line, message })?;
        rows.push(row);
    }
    Ok(rows)
}

/// What a row must be.
pub(super) fn check(row: &Row) -> Result<(), String> {
    let Row { wrong, right, .. } = row;
    if wrong.chars().count() < 2 {
        return Err(said!(
            "`{wrong}`: a wrong word has two characters or more";
            "`{wrong}`：错词至少两字"
        ));
    }
    if right.is_empty() {
        return Err(said!("`{wrong}`: the right word is missing"; "`{wrong}`：缺少正确的词"));
    }
    if right.split('/').any(|r| r == wrong) {
        return Err(said!("`{wrong}` cannot be wrong and right"; "`{wrong}` 不能既错又对"));
    }
    let foreign = |e: &&str| !e.is_empty() && !e.contains(wrong.as_str());
    if let Some(other) = row.except.split(' ').find(foreign) {
        return Err(
            said!("`except`: `{wrong}` is no part of `{other}`"; "`except`：`{other}` 中没有 `{wrong}`"),
        );
    }
    let longest = [wrong, right].into_iter().map(String::len).max();
    if longest > Some(255) || row.except.len() > 0xffff {
        return Err(said!("`{wrong}`: longer than 255 bytes"; "`{wrong}`：超过 255 字节"));
    }
    Ok(())
}

/// Bytes of an entry: where its texts begin (u32), their lengths (u8, u8, u16), its class (u8), a
/// check of its beginning.
const ENTRY: usize = 12;
/// Where that check begins.
const CHECK: usize = 9;
/// Bytes before the filter: how many bits it has and how many beginnings there are, each as a power
/// of two.
const HEAD: usize = 4;

/// Lays a list out: the table, and the text that it points into. A form that stands twice counts as
/// it stands first.
pub(super) fn encode(rows: &[Row]) -> (Vec<u8>, String) {
    let mut by_beginning: HashMap<u64, Vec<&Row>> = HashMap::new();
    for row in rows {
        let same = by_beginning.entry(beginning(&row.wrong)).or_default();
        if same.iter().all(|other| other.wrong != row.wrong) {
            same.push(row);
        }
    }
    // A bit in sixteen is set, and a bucket has one beginning on the average.
    let buckets = by_beginning.len().next_power_of_two().ilog2();
    let bits = buckets + 4;
    let mut filter = vec![0_u8; (1 << bits) / 8];
    let mut in_buckets: Vec<Vec<&Row>> = vec![Vec::new(); 1 << buckets];
    for (key, rows) in by_beginning {
        let mixed = mixed(key);
        let bit = slot(mixed, bits);
        filter[bit / 8] |= 1 << (bit % 8);
        in_buckets[slot(mixed, buckets)].extend(rows);
    }
    let mut table = vec![bits as u8, buckets as u8, 0, 0];
    table.extend(filter);
    let (mut starts, mut entries, mut text) = (vec![0_u32], Vec::new(), String::new());
    for mut rows in in_buckets {
        // The longest word at a place is found first; the order does not depend on that of a hash
        // map.
        rows.sort_by(|a, b| (b.wrong.len(), &a.wrong).cmp(&(a.wrong.len(), &b.wrong)));
        for row in rows {
            entries.extend((text.len() as u32).to_le_bytes());
            entries.extend([row.wrong.len() as u8, row.right.len() as u8]);
            entries.extend((row.except.len() as u16).to_le_bytes());
            entries.push(row.class as u8);
            entries.extend(check_of(mixed(beginning(&row.wrong))));
            text.extend([row.wrong.as_str(), row.right.as_str(), row.except.as_str()]);
        }
        starts.push((entries.len() / ENTRY) as u32);
    }
    table.extend(starts.iter().flat_map(|start| start.to_le_bytes()));
    table.extend(entries);
    (table, text)
}

/// The first three characters of a word as one number, or both of a word of two. Many a wrong word
/// begins with two characters as right ones do (不知|所错); few begin with three.
fn beginning(word: &str) -> u64 {
    let mut characters = word.chars();
    let mut next = || characters.next().map_or(NONE, |c| u64::from(u32::from(c)));
    three(next(), next(), next())
}

/// Stands for the third character of a word of two.
pub(super) const NONE: u64 = 0x1f_ffff;

#[inline]
pub(super) fn three(first: u64, second: u64, third: u64) -> u64 {
    first << 42 | second << 21 | third
}

/// A beginning by multiplicative hashing (Knuth, volume 3, 6.4), which spreads well to the high
/// bits.
#[inline]
pub(super) fn mixed(beginning: u64) -> u64 {
    (beginning ^ beginning >> 29).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// Where a mixed beginning stands in a table of so many bits.
#[inline]
pub(super) fn slot(mixed: u64, bits: u32) -> usize {
    (mixed >> 1 >> (63 - bits)) as usize
}

/// Bits of a mixed beginning that say nothing about its place.
#[inline]
fn check_of(mixed: u64) -> [u8; ENTRY - CHECK] {
    let [one, two, three, ..] = mixed.to_le_bytes();
    [one, two, three]
}

/// A list that was laid out by [`encode`], read in place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WordList {
    table: &'static [u8],
    text: &'static str,
}

/// A word of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) wrong: &'static str,
    pub(crate) right: &'static str,
    pub(super) except: &'static str,
    pub(crate) class: Class,
}

impl Entry {
    /// Whether the form may be right where it stands, so that it has to be weighed.
    pub(crate) fn may_be_right(&self) -> bool {
        match self.class {
            Class::Border | Class::Unseen => true,
            // two characters also meet by chance
            Class::Modern => self.wrong.chars().nth(2).is_none(),
            Class::Never | Class::Word | Class::Usage => false,
        }
    }

    /// The one character of the wrong form that stands for another one, with that one.
    pub(super) fn exchange(&self) -> Option<(char, char)> {
        let right = self.right.split('/').next()?;
        let mut others = self
            .wrong
            .chars()
            .zip(right.chars())
            .filter(|(a, b)| a != b);
        let exchange = others.next()?;
        (others.next().is_none() && self.wrong.len() == right.len()).then_some(exchange)
    }
}

impl WordList {
    pub(crate) const fn new(table: &'static [u8], text: &'static str) -> Self {
        Self { table, text }
    }

    /// Its words.
    pub(crate) fn entries(self) -> impl Iterator<Item = Entry> {
        let entries = self.parts().map_or(&[][..], |parts| parts.entries);
        let entries = entries.as_chunks::<ENTRY>().0.iter();
        entries.map(move |bytes| self.entry(bytes))
    }

    /// The parts of the table; none of a table that is cut short.
    fn parts(self) -> Option<Parts> {
        let (&bits, &buckets) = (self.table.first()?, self.table.get(1)?);
        let (bits, buckets) = (u32::from(bits), u32::from(buckets));
        let (filter, rest) = self.table[HEAD..].split_at_checked((1 << bits) / 8)?;
        let starts = ((1 << buckets) + 1) * size_of::<u32>();
        let (starts, entries) = rest.split_at_checked(starts)?;
        Some(Parts {
            list: self,
            bits,
            buckets,
            filter,
            starts,
            entries,
        })
    }

    /// The wrong word of an entry.
    fn wrong(self, bytes: &[u8; ENTRY]) -> &'static [u8] {
        let at = number(bytes, 0) as usize;
        let text = self.text.as_bytes().get(at..at + usize::from(bytes[4]));
        text.unwrap_or_default()
    }

    fn entry(self, bytes: &[u8; ENTRY]) -> Entry {
        let mut at = number(bytes, 0) as usize;
        let mut next = |length: usize| {
            let text = self.text.get(at..at + length).unwrap_or_default();
            at += length;
            text
        };
        Entry {
            wrong: next(usize::from(bytes[4])),
            right: next(usize::from(bytes[5])),
            except: next(usize::from(u16::from_le_bytes([bytes[6], bytes[7]]))),
            class: *Class::ALL
                .get(usize::from(bytes[8]))
                .unwrap_or(&Class::Usage),
        }
    }
}

/// Some lists that are looked for together, by one filter for the beginnings of all their words.
#[derive(Debug)]
pub(super) struct Lists {
    lists: Vec<WordList>,
    bits: u32,
    filter: Cow<'static, [u8]>,
}

impl Lists {
    /// The filter of the longest list with the beginnings of the others: what is built is as small
    /// as they are.
    pub(super) fn new(lists: Vec<WordList>) -> Self {
        let parts: Vec<Parts> = lists.iter().filter_map(|list| list.parts()).collect();
        let longest = (0..parts.len()).max_by_key(|i| parts[*i].bits);
        let Some(longest) = longest else {
            return Self {
                lists,
                bits: 0,
                filter: Cow::Borrowed(&[0]),
            };
        };
        let Parts { bits, filter, .. } = parts[longest];
        let mut filter = Cow::Borrowed(filter);
        for (number, parts) in parts.iter().enumerate() {
            if number != longest {
                for entry in parts.list.entries() {
                    let bit = slot(mixed(beginning(entry.wrong)), bits);
                    filter.to_mut()[bit / 8] |= 1 << (bit % 8);
                }
            }
        }
        Self {
            lists,
            bits,
            filter,
        }
    }

    /// The lists, in order; none for one that is cut short.
    pub(super) fn parts(&self) -> Vec<Option<Parts>> {
        self.lists.iter().map(|list| list.parts()).collect()
    }

    /// What turns nearly every place of a text down.
    pub(super) fn filter(&self) -> Filter<'_> {
        Filter {
            bits: self.bits,
            filter: &self.filter,
        }
    }
}

/// A bit for each beginning of a word.
#[derive(Clone, Copy)]
pub(super) struct Filter<'a> {
    bits: u32,
    filter: &'a [u8],
}

impl Filter<'_> {
    /// Whether a word may begin so.
    #[inline]
    pub(super) fn may_hold(self, mixed: u64) -> bool {
        let bit = slot(mixed, self.bits);
        self.filter[bit / 8] >> (bit % 8) & 1 != 0
    }
}

/// The parts of a list's table.
#[derive(Clone, Copy)]
pub(super) struct Parts {
    list: WordList,
    /// Bits of the filter and buckets, as powers of two.
    bits: u32,
    buckets: u32,
    filter: &'static [u8],
    starts: &'static [u8],
    entries: &'static [u8],
}

impl Parts {
    /// The words that a text begins with, the longest first.
    pub(super) fn at(&self, mixed: u64, text: &str, mut found: impl FnMut(Entry)) {
        let filter = Filter {
            bits: self.bits,
            filter: self.filter,
        };
        if !filter.may_hold(mixed) {
            return;
        }
        let bucket = slot(mixed, self.buckets);
        let start_of = |bucket| number(self.starts, bucket * size_of::<u32>()) as usize * ENTRY;
        let bucket = self.entries.get(start_of(bucket)..start_of(bucket + 1));
        for entry in bucket.unwrap_or_default().as_chunks::<ENTRY>().0 {
            if entry[CHECK..] != check_of(mixed) {
                continue;
            }
            if text.as_bytes().starts_with(self.list.wrong(entry)) {
                found(self.list.entry(entry));
            }
        }
    }
}

fn number(bytes: &[u8], at: usize) -> u32 {
    let bytes = bytes.get(at..at + 4).and_then(|four| four.try_into().ok());
    u32::from_le_bytes(bytes.unwrap_or_default())
}
