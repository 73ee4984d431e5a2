//! What is seen only across documents, in parts that an engine puts together.

use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, BooleanArray, Float32Array, Int32Array, Int64Array, ListArray, StringArray,
};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{ArrowError, DataType, Field};
use kanwu::corpus::spread;
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

pub(crate) fn piece(name: &str, array: impl Array + 'static) -> (Field, ArrayRef) {
    let array: ArrayRef = Arc::new(array);
    (full(name, &array), array)
}

pub(crate) fn ints(values: impl Iterator<Item = usize>) -> Int32Array {
    let whole = |value| i32::try_from(value).unwrap_or(i32::MAX);
    Int32Array::from(values.map(whole).collect::<Vec<_>>())
}

/// In how many documents of a source a line must stand.
#[pyfunction]
pub(crate) fn needed(documents: usize) -> usize {
    spread::needed(documents)
}

/// Reads texts without what recurs in their sources.
#[pyclass(frozen, module = "kanwu._kanwu")]
pub(crate) struct Reader(pub(crate) spread::Reader);

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

pub(crate) fn same_length(columns: &[&Texts]) -> PyResult<()> {
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
                (signed, spread::line_keys(text))
            })
        })?;
        let (rows, lines): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
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
            add("lines", hashes(&lines)?);
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
                let pair = [(a, x), (b, y)].map(|(texts, sources)| {
                    let (text, source) = (texts.get(row), sources.get(row));
                    (text.unwrap_or_default(), source.unwrap_or_default())
                });
                shared(&self.0, pair, &meetings[row])
            })
        });
        structs(
            rows.iter().map(Vec::len),
            pieces(rows.iter().flatten().copied()),
        )
    }
}

/// A passage of two texts, in characters: where it stands in either, and how many comparable ones
/// it has.
pub(crate) type Shared = [usize; 5];

/// The passages of two texts, each with its source, of the bytes at which they have fingerprints in
/// common.
pub(crate) fn shared(
    reader: &spread::Reader,
    pair: [(&str, &str); 2],
    meetings: &[[u32; 2]],
) -> Vec<Shared> {
    let counts = pair.map(|(text, _)| CharCounts::new(text));
    let at = |side: usize, byte| counts[side].chars(pair[side].0, byte);
    let found = reader.passages(pair, meetings).into_iter();
    found
        .map(|passage| {
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
}

/// The columns of passages.
pub(crate) fn pieces(rows: impl Iterator<Item = Shared> + Clone) -> Pieces {
    let names = ["a_start", "a_end", "b_start", "b_end", "characters"];
    let column = |i: usize| ints(rows.clone().map(|passage| passage[i]));
    let columns = names.iter().enumerate();
    columns.map(|(i, name)| piece(name, column(i))).collect()
}
