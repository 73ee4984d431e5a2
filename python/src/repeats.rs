//! What is seen only across documents: the parts of a survey that an engine puts together, and a
//! survey of texts at hand.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, BooleanArray, Float32Array, Int32Array, Int64Array, ListArray, StringArray,
};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{ArrowError, DataType, Field};
use kanwu::audit::Repeats;
use kanwu::corpus::spread::{self, CountedLine, RecurringLine};
use kanwu::corpus::{self, Collection, Learned, Line, Survey};
use kanwu::text::CharCounts;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::columns::{Columns, full, joined, refused};
use crate::texts::Texts;
use crate::threads::in_order;

/// Columns of several pieces a row, side by side.
type Pieces = Vec<(Field, ArrayRef)>;

/// The bits of a hash: neither Spark nor Parquet's readers all know unsigned numbers.
fn signed(hash: u64) -> i64 {
    hash.cast_signed()
}

fn list(rows: impl IntoIterator<Item = usize>, items: ArrayRef) -> Result<ArrayRef, ArrowError> {
    let item = Field::new("item", items.data_type().clone(), false);
    let offsets = OffsetBuffer::from_lengths(rows);
    Ok(Arc::new(ListArray::try_new(
        item.into(),
        offsets,
        items,
        None,
    )?))
}

fn hashes(rows: &[Vec<u64>]) -> Result<ArrayRef, ArrowError> {
    let all: Vec<i64> = rows.iter().flatten().map(|hash| signed(*hash)).collect();
    list(rows.iter().map(Vec::len), Arc::new(Int64Array::from(all)))
}

fn structs(lengths: impl IntoIterator<Item = usize>, pieces: Pieces) -> PyResult<Columns> {
    let rows = pieces.first().map_or(0, |(_, array)| array.len());
    let made = joined(pieces, rows).and_then(|structs| list(lengths, Arc::new(structs)));
    Ok(Columns::of_array(made.map_err(refused)?, false))
}

fn piece(name: &str, array: impl Array + 'static) -> (Field, ArrayRef) {
    let array: ArrayRef = Arc::new(array);
    (full(name, &array), array)
}

fn ints(values: impl Iterator<Item = usize>) -> Int32Array {
    let whole = |value| i32::try_from(value).unwrap_or(i32::MAX);
    Int32Array::from(values.map(whole).collect::<Vec<_>>())
}

/// The keys of the lines of each text.
#[pyfunction]
pub(crate) fn line_keys(py: Python<'_>, texts: Texts, threads: usize) -> PyResult<Columns> {
    let rows = py.detach(|| {
        in_order(texts.len(), threads, |row| {
            texts.get(row).map(spread::line_keys).unwrap_or_default()
        })
    });
    Ok(Columns::of_array(hashes(&rows).map_err(refused)?, false))
}

/// In how many documents of a source a line must stand.
#[pyfunction]
pub(crate) fn needed(documents: usize) -> usize {
    spread::needed(documents)
}

/// Reads texts without what recurs in their sources.
#[pyclass(frozen, module = "kanwu._kanwu")]
pub(crate) struct Reader(spread::Reader);

impl Reader {
    fn rows<T: Send>(
        &self,
        [texts, sources]: [&Texts; 2],
        threads: usize,
        read: impl Fn(&str, &str) -> T + Sync,
    ) -> PyResult<Vec<T>> {
        same_length(&[texts, sources])?;
        Ok(in_order(texts.len(), threads, |row| {
            let (text, source) = (texts.get(row), sources.get(row));
            read(text.unwrap_or_default(), source.unwrap_or_default())
        }))
    }
}

fn same_length(columns: &[&Texts]) -> PyResult<()> {
    match columns.iter().all(|c| c.len() == columns[0].len()) {
        true => Ok(()),
        false => Err(PyValueError::new_err("the columns differ in length")),
    }
}

#[pymethods]
impl Reader {
    #[new]
    fn new(recurring: Vec<(String, i64)>) -> Self {
        let keys = recurring
            .iter()
            .map(|(source, key)| (source.as_str(), key.cast_unsigned()));
        Self(spread::Reader::new(keys))
    }

    fn sign(
        &self,
        py: Python<'_>,
        texts: Texts,
        sources: Texts,
        prints: bool,
        threads: usize,
    ) -> PyResult<Columns> {
        let rows = py.detach(|| {
            self.rows([&texts, &sources], threads, |text, source| {
                let mut signed = self.0.sign(text, source);
                if !prints {
                    signed.prints = Vec::new();
                }
                signed
            })
        })?;
        let columns = || -> Result<_, ArrowError> {
            let characters = ints(rows.iter().map(|row| row.characters as usize));
            let wholes = rows.iter().map(|row| signed(row.whole));
            let bands: Vec<_> = rows.iter().map(|row| row.bands.clone()).collect();
            let mut columns = vec![
                piece("characters", characters),
                piece("whole", Int64Array::from_iter_values(wholes)),
            ];
            let mut add = |name: &str, array: ArrayRef| columns.push((full(name, &array), array));
            add("bands", hashes(&bands)?);
            if prints {
                let all: Vec<Vec<u64>> = rows
                    .iter()
                    .map(|row| row.prints.iter().map(|(hash, _)| *hash).collect())
                    .collect();
                add("prints", hashes(&all)?);
                let places = rows.iter().flat_map(|row| &row.prints);
                let at = ints(places.map(|(_, at)| *at as usize));
                add("prints_at", list(all.iter().map(Vec::len), Arc::new(at))?);
            }
            joined(columns, rows.len())
        };
        Ok(Columns::of_struct(columns().map_err(refused)?))
    }

    fn lines(
        &self,
        py: Python<'_>,
        texts: Texts,
        sources: Texts,
        threads: usize,
    ) -> PyResult<Columns> {
        let rows = py.detach(|| {
            self.rows([&texts, &sources], threads, |text, source| {
                self.0.lines(text, source)
            })
        })?;
        let all = || rows.iter().flatten();
        let keys: Vec<i64> = all().map(|line| signed(line.key)).collect();
        let labels: Int64Array = all().map(|line| line.label.map(signed)).collect();
        let edges: Vec<bool> = all().map(|line| line.at_edge).collect();
        let are_labels: Vec<bool> = all().map(|line| line.is_label).collect();
        let pieces = vec![
            piece("key", Int64Array::from(keys)),
            piece("is_label", BooleanArray::from(are_labels)),
            (
                Field::new("label", DataType::Int64, true),
                Arc::new(labels) as ArrayRef,
            ),
            piece("at_edge", BooleanArray::from(edges)),
            piece(
                "line",
                StringArray::from(all().map(|line| line.text.as_str()).collect::<Vec<_>>()),
            ),
        ];
        structs(rows.iter().map(Vec::len), pieces)
    }

    /// How alike the pairs are that are copies.
    fn alike(
        &self,
        py: Python<'_>,
        texts: [Texts; 2],
        sources: [Texts; 2],
        threads: usize,
    ) -> PyResult<Columns> {
        let [a, b] = &texts;
        let [x, y] = &sources;
        same_length(&[a, b, x, y])?;
        let alike: Float32Array = py.detach(|| {
            let of = |row| {
                let one = (a.get(row)?, x.get(row).unwrap_or_default());
                let other = (b.get(row)?, y.get(row).unwrap_or_default());
                self.0.alike([one, other])
            };
            in_order(a.len(), threads, of).into_iter().collect()
        });
        Ok(Columns::of_array(Arc::new(alike), true))
    }

    /// The passages of pairs, in characters, of the bytes at which they have fingerprints in
    /// common.
    fn passages(
        &self,
        py: Python<'_>,
        texts: [Texts; 2],
        sources: [Texts; 2],
        meetings: Vec<Vec<[u32; 2]>>,
        threads: usize,
    ) -> PyResult<Columns> {
        let [a, b] = &texts;
        let [x, y] = &sources;
        same_length(&[a, b, x, y])?;
        if meetings.len() != a.len() {
            return Err(PyValueError::new_err("the columns differ in length"));
        }
        let rows: Vec<Vec<[usize; 5]>> = py.detach(|| {
            in_order(a.len(), threads, |row| {
                let texts = [a, b].map(|texts| texts.get(row).unwrap_or_default());
                let sources = [x, y].map(|sources| sources.get(row).unwrap_or_default());
                let pair = [(texts[0], sources[0]), (texts[1], sources[1])];
                let counts = texts.map(CharCounts::new);
                let found = self.0.passages(pair, &meetings[row]).into_iter();
                found
                    .map(|passage| {
                        let at = |side: usize, byte| counts[side].chars(texts[side], byte);
                        let [one, other] = passage.spans;
                        [
                            at(0, one.start()),
                            at(0, one.end()),
                            at(1, other.start()),
                            at(1, other.end()),
                            passage.characters,
                        ]
                    })
                    .collect()
            })
        });
        let names = ["a_start", "a_end", "b_start", "b_end", "characters"];
        let column = |i: usize| ints(rows.iter().flatten().map(|passage| passage[i]));
        let pieces = names.iter().enumerate();
        let pieces = pieces.map(|(i, name)| piece(name, column(i))).collect();
        structs(rows.iter().map(Vec::len), pieces)
    }
}

/// A line that was counted: source, key, whether that is a label's, the key of its label,
/// documents, those at the edge, whether it varies, the line.
type CountedRow = (String, i64, bool, Option<i64>, usize, usize, bool, String);
/// A line that recurs: source, line, documents, those at the edge, documents of the source, whether
/// it is a part of the page.
type LineRow = (String, String, usize, usize, usize, bool);

/// The lines that recur, of what an engine counted; those that are a part of the page go into a
/// profile.
#[pyfunction]
#[pyo3(signature = (counted, sources, profile=None))]
pub(crate) fn settle(
    counted: Vec<CountedRow>,
    sources: Vec<(String, usize)>,
    profile: Option<PathBuf>,
) -> PyResult<Vec<LineRow>> {
    let counted = counted.into_iter().map(
        |(source, key, is_label, label, documents, at_edge, varies, text)| CountedLine {
            source,
            line: RecurringLine {
                key: key.cast_unsigned(),
                is_label,
                label: label.map(i64::cast_unsigned),
                at_edge: at_edge > 0,
                text,
            },
            documents,
            at_edge,
            varies,
        },
    );
    let lines = spread::settle(counted.collect(), &sources);
    let row = |line: &Line| {
        let (source, documents) = sources[line.source].clone();
        let furniture = line.is_furniture();
        let text = line.text.clone();
        (
            source,
            text,
            line.documents,
            line.at_edge,
            documents,
            furniture,
        )
    };
    let rows = lines.iter().map(row).collect();
    if let Some(path) = profile {
        let (names, documents): (Vec<_>, Vec<_>) = sources.iter().cloned().unzip();
        let survey = Survey {
            lines,
            documents,
            ..Survey::default()
        };
        write(&Learned::of_survey(&survey, &names), &path)?;
    }
    Ok(rows)
}

fn write(learned: &Learned, path: &std::path::Path) -> PyResult<()> {
    let told = |e: corpus::LearnedError| PyValueError::new_err(e.to_string());
    learned.write(path).map_err(told)
}

/// Texts at hand as a collection.
struct Documents {
    texts: Texts,
    source_of: Vec<usize>,
    sources: Vec<String>,
}

impl Collection for Documents {
    fn len(&self) -> usize {
        self.texts.len()
    }

    fn text(&self, document: usize) -> Option<Cow<'_, str>> {
        self.texts.get(document).map(Cow::Borrowed)
    }

    fn source(&self, document: usize) -> usize {
        self.source_of[document]
    }

    fn sources(&self) -> &[String] {
        &self.sources
    }

    fn bytes(&self) -> u64 {
        let bytes = |i| self.texts.get(i).map_or(0, str::len) as u64;
        (0..self.texts.len()).map(bytes).sum()
    }
}

/// What repeats in texts at hand, as the JSON of `kanwu audit` has it, spans in characters; what
/// was learned goes into a profile.
#[pyfunction]
#[pyo3(signature = (texts, ids, sources, threads, profile=None))]
pub(crate) fn survey(
    py: Python<'_>,
    texts: Texts,
    ids: Vec<String>,
    sources: Vec<String>,
    threads: usize,
    profile: Option<PathBuf>,
) -> PyResult<String> {
    if ids.len() != texts.len() || sources.len() != texts.len() {
        return Err(PyValueError::new_err("the columns differ in length"));
    }
    py.detach(|| {
        let mut names = sources.clone();
        names.sort();
        names.dedup();
        let number = |source: &String| names.partition_point(|name| name < source);
        let documents = Documents {
            texts,
            source_of: sources.iter().map(number).collect(),
            sources: names,
        };
        let survey = corpus::survey(&documents, threads, &|_, _| ())?;
        if let Some(path) = profile {
            write(&Learned::of_survey(&survey, &documents.sources), &path)?;
        }
        let mut repeats = Repeats::of_survey(&survey, &documents, |i| ids[i].clone());
        for (told, passage) in repeats.passages.iter_mut().zip(&survey.passages) {
            for side in 0..2 {
                let text = documents.texts.get(passage.documents[side]);
                let text = text.unwrap_or_default();
                let counts = CharCounts::new(text);
                told.spans[side] = told.spans[side].map(|byte| counts.chars(text, byte));
            }
        }
        serde_json::to_string(&repeats).map_err(|e| PyValueError::new_err(e.to_string()))
    })
}
