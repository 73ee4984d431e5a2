//! CSV and TSV: the columns that hold prose, each record a document.

use std::ops::Range;

use csv_core::{ReadFieldResult, ReaderBuilder};

use super::builder::Builder;
use super::escape::Escape;
use super::{Each, Options, holds_prose};

/// Records from which is judged which columns hold prose.
const SAMPLE: usize = 200;
/// Records that show whether a text is a table.
const SHOWN: usize = 30;
/// No heading of a column is longer, in characters.
const HEADING: usize = 24;
/// The marks that may stand between fields.
pub(super) const MARKS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// A field as it stands in the file.
#[derive(Clone)]
struct Field {
    /// What is in it, inside the quotation marks where there are any.
    inside: Range<usize>,
    quoted: bool,
}

/// Reads a table, its fields apart by `mark`.
pub(super) fn read<'s>(
    source: &'s str,
    mark: u8,
    options: &Options,
    builder: &mut Builder<'s>,
    each: &mut Each<'_, 's>,
) {
    if builder.wants_all() {
        return records(source, mark, |record| {
            record.iter().for_each(|f| builder.cell(f.inside.clone()));
            true
        });
    }
    let columns = Columns::of(source, mark, options);
    let mut row = 0;
    records(source, mark, |record| {
        let heading = row == 0 && columns.headed;
        row += 1;
        let mut seen: Vec<&str> = Vec::new();
        for field in columns.prose.iter().filter_map(|c| record.get(*c)) {
            let raw = &source[field.inside.clone()];
            if heading || raw.trim().is_empty() || seen.iter().any(|other| other.contains(raw)) {
                continue;
            }
            seen.push(raw);
            builder.paragraph();
            decode(source, field, mark, builder);
        }
        if let Some(prose) = builder.take() {
            each(prose);
        }
        true
    });
}

fn decode(source: &str, field: &Field, mark: u8, builder: &mut Builder<'_>) {
    if !field.quoted {
        return builder.verbatim(field.inside.clone(), Escape::Bare(mark));
    }
    let mut at = field.inside.start;
    while at < field.inside.end {
        let rest = &source[at..field.inside.end];
        let plain = rest.find("\"\"").unwrap_or(rest.len());
        builder.verbatim(at..at + plain, Escape::Quoted);
        at += plain;
        if at < field.inside.end {
            builder.escaped(at..at + 2, "\"", Escape::Quoted);
            at += 2;
        }
    }
}

/// Hands out the records of a table until it is told to stop.
fn records(source: &str, mark: u8, mut each: impl FnMut(&[Field]) -> bool) {
    let bytes = source.as_bytes();
    let mut reader = ReaderBuilder::new().delimiter(mark).build();
    // What csv-core unescapes is thrown away: it says where fields end.
    let mut scratch = [0; 1024];
    let mut record = Vec::new();
    let (mut start, mut at) = (0, 0);
    loop {
        let (result, read, _) = reader.read_field(&bytes[at..], &mut scratch);
        at += read;
        match result {
            ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
            ReadFieldResult::Field { record_end } => {
                record.push(field(
                    source,
                    start..at,
                    mark,
                    record.is_empty(),
                    record_end,
                ));
                start = at;
                if record_end {
                    if !each(&record) {
                        return;
                    }
                    record.clear();
                }
            }
            ReadFieldResult::End => return,
        }
    }
}

/// What a reader of a table took for a field: with line ends before it, and the mark or line end
/// behind it.
fn field(source: &str, taken: Range<usize>, mark: u8, first: bool, last: bool) -> Field {
    let line_end = ['\n', '\r'];
    let (mut start, mut end) = (taken.start, taken.end);
    let raw = &source[taken];
    if first {
        start = end - raw.trim_start_matches(line_end).len();
    }
    let raw = &source[start..end];
    end = start
        + if last {
            raw.trim_end_matches(line_end).len()
        } else {
            raw.strip_suffix(char::from(mark)).unwrap_or(raw).len()
        };
    let raw = &source[start..end];
    let quoted = raw.len() >= 2 && raw.starts_with('"') && raw.ends_with('"');
    let by = usize::from(quoted);
    Field {
        inside: start + by..end - by,
        quoted,
    }
}

/// What is known of the columns.
struct Columns {
    /// Whether the first record names them.
    headed: bool,
    /// Those that are read.
    prose: Vec<usize>,
}

impl Columns {
    fn of(source: &str, mark: u8, options: &Options) -> Self {
        let mut names: Vec<&str> = Vec::new();
        let mut headed = false;
        // Of each column: fields with something in them, and those that hold prose.
        let mut counts: Vec<(usize, usize)> = Vec::new();
        let mut rows = 0;
        records(source, mark, |record| {
            rows += 1;
            counts.resize(counts.len().max(record.len()), (0, 0));
            let texts = record.iter().map(|f| &source[f.inside.clone()]);
            if rows == 1 {
                names = texts.clone().collect();
                headed = names.iter().all(|name| is_heading(name));
            } else {
                for (text, count) in texts.zip(&mut counts) {
                    count.0 += usize::from(!text.trim().is_empty());
                    count.1 += usize::from(holds_prose(text.chars()));
                }
            }
            rows < SAMPLE
        });
        let wanted = |(at, name): (usize, &&str)| {
            let number = (at + 1).to_string();
            let named = |f: &String| f == name.trim() || *f == number;
            options.fields.iter().any(named).then_some(at)
        };
        let prose = if options.fields.is_empty() {
            let often = |c: &(usize, usize)| c.1 * 4 >= c.0.max(1);
            let only = rows == 1;
            let columns = counts.iter().enumerate();
            columns
                .filter(|(_, c)| only || often(c))
                .map(|(at, _)| at)
                .collect()
        } else {
            names.iter().enumerate().filter_map(wanted).collect()
        };
        Self {
            headed: headed && rows > 1,
            prose,
        }
    }
}

/// Whether a field of the first record names its column: short, and no sentence.
fn is_heading(name: &str) -> bool {
    name.chars().count() <= HEADING && !name.contains(['。', '，', '！', '？', '；', '\n'])
}

/// The mark between the fields of a table, by its first records: the one that gives each the same
/// number of fields, the more the better.
pub(super) fn mark(source: &str) -> Option<u8> {
    MARKS
        .into_iter()
        .filter_map(|mark| Some((width(source, mark)?, mark)))
        .filter(|(width, _)| *width > 1)
        .max_by_key(|(width, mark)| (*width, std::cmp::Reverse(*mark)))
        .map(|(_, mark)| mark)
}

/// How many fields each of the first records has, where all have as many.
fn width(source: &str, mark: u8) -> Option<usize> {
    let mut widths = Vec::new();
    records(source, mark, |record| {
        widths.push(record.len());
        widths.len() < SHOWN
    });
    let first = *widths.first()?;
    widths.iter().all(|w| *w == first).then_some(first)
}

/// Whether text that nothing calls a table is one all the same: three records or more, each with as
/// many tabs, or as many commas (two at least) that no blank follows, below one of short names.
/// What stands in quotation marks may hold anything.
pub(super) fn is_table(source: &str) -> bool {
    let is_name = |name: &str| {
        !name.trim().is_empty() && name.chars().count() <= HEADING / 2 && is_heading(name)
    };
    // most texts have no such mark in their first line, and a reader of tables is dear to make
    let first = source.lines().find(|line| !line.is_empty());
    let has = |mark: u8, least: usize| {
        let marks = first.unwrap_or_default().bytes().filter(|b| *b == mark);
        marks.take(least).count() == least
    };
    let by = |mark: u8, least: usize| {
        if !has(mark, least) {
            return false;
        }
        let (mut rows, mut width, mut like) = (0, 0, true);
        records(source, mark, |record| {
            let mut texts = record.iter().map(|f| (f, &source[f.inside.clone()]));
            if rows == 0 {
                width = record.len();
                like = width > least && texts.all(|(_, name)| is_name(name));
            } else {
                like = record.len() == width
                    && !texts
                        .skip(1)
                        .any(|(f, text)| !f.quoted && text.starts_with(' '));
            }
            rows += 1;
            like && rows < SHOWN
        });
        like && rows >= 3
    };
    by(b'\t', 1) || by(b',', 2)
}
