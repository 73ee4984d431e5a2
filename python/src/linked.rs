//! Copies and shared passages of texts at hand, of their signatures: what an engine does by
//! grouping, on one machine.

use std::collections::{BTreeMap, HashMap};

use arrow_array::{BooleanArray, Float32Array, StringArray};
use kanwu::corpus::spread;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::columns::{Columns, joined, refused};
use crate::repeats::{Reader, Shared, piece, pieces, same_length, shared};
use crate::texts::{Table, Texts};
use crate::threads::in_order;

/// Documents that meet in one place before they are no longer compared each with each.
const CROWD: usize = 8;

/// The documents at hand.
struct Documents {
    ids: Texts,
    texts: Texts,
    sources: Option<Texts>,
}

impl Documents {
    fn new(ids: Texts, texts: Texts, sources: Option<Texts>, rows: usize) -> PyResult<Self> {
        let mut columns = vec![&ids, &texts];
        columns.extend(&sources);
        same_length(&columns)?;
        if ids.len() != rows {
            return Err(PyValueError::new_err("the columns differ in length"));
        }
        Ok(Self {
            ids,
            texts,
            sources,
        })
    }

    fn id(&self, row: usize) -> &str {
        self.ids.get(row).unwrap_or_default()
    }

    /// Two documents, each with its source.
    fn pair(&self, (a, b): Pair) -> [(&str, &str); 2] {
        [a, b].map(|row| {
            let source = self.sources.as_ref().and_then(|s| s.get(row as usize));
            let text = self.texts.get(row as usize);
            (text.unwrap_or_default(), source.unwrap_or_default())
        })
    }

    /// The columns `a` and `b` of pairs.
    fn named(&self, pairs: impl Iterator<Item = Pair> + Clone) -> [StringArray; 2] {
        let column = |of: fn(Pair) -> u32| {
            let ids = pairs.clone().map(|pair| self.id(of(pair) as usize));
            StringArray::from_iter_values(ids)
        };
        [column(|(a, _)| a), column(|(_, b)| b)]
    }
}

/// Two rows, the first one first.
type Pair = (u32, u32);

/// For each document the first that is the same to the letter: itself where there is none.
fn heads(signatures: &Table) -> PyResult<Vec<usize>> {
    let wholes = signatures.numbers("whole")?;
    let characters = signatures.numbers("characters")?;
    let mut first = HashMap::new();
    let keys = wholes.into_iter().zip(characters).enumerate();
    Ok(keys
        .map(|(row, key)| match key {
            (0, _) => row,
            key => *first.entry(key).or_insert(row),
        })
        .collect())
}

/// Of documents that meet in one place, in their order, those that are compared: of a crowd only
/// neighbours.
fn compare<T>(same: &[T], mut met: impl FnMut(&T, &T)) {
    let reach = if same.len() <= CROWD { CROWD } else { 1 };
    for (n, one) in same.iter().enumerate() {
        for other in same.iter().skip(n + 1).take(reach) {
            met(one, other);
        }
    }
}

/// The pairs of documents that meet in a band, each once.
fn candidates(bands: &[Vec<i64>], heads: &[usize]) -> Vec<Pair> {
    let most = bands.iter().map(Vec::len).max().unwrap_or(0);
    let mut pairs = Vec::new();
    for band in 0..most {
        let places = bands
            .iter()
            .enumerate()
            .filter(|(row, _)| heads[*row] == *row);
        let mut places: Vec<(i64, u32)> = places
            .filter_map(|(row, bands)| Some((*bands.get(band)?, row as u32)))
            .collect();
        places.sort_unstable();
        for same in places.chunk_by(|a, b| a.0 == b.0) {
            compare(same, |(_, a), (_, b)| pairs.push((*a, *b)));
        }
        pairs.sort_unstable();
        pairs.dedup();
    }
    pairs
}

/// The documents that are copies of others: `a, b, alike, exact`.
#[pyfunction]
pub(crate) fn link(
    py: Python<'_>,
    ids: Texts,
    texts: Texts,
    signatures: Table,
    sources: Option<Texts>,
    reader: &Bound<'_, Reader>,
    threads: usize,
) -> PyResult<Columns> {
    let documents = Documents::new(ids, texts, sources, signatures.len())?;
    let reader: &spread::Reader = &reader.get().0;
    py.detach(|| {
        let heads = heads(&signatures)?;
        let copies = heads.iter().enumerate().filter(|(row, head)| row != *head);
        let mut links: Vec<(Pair, f32, bool)> = copies
            .map(|(row, head)| ((*head as u32, row as u32), 1.0, true))
            .collect();
        let pairs = candidates(&signatures.lists("bands")?, &heads);
        let judge = |n: usize| reader.alike(documents.pair(pairs[n]));
        let judged = in_order(pairs.len(), threads, judge).into_iter();
        links.extend(
            judged
                .zip(&pairs)
                .filter_map(|(alike, pair)| Some((*pair, alike?, false))),
        );
        links.sort_unstable_by_key(|(pair, ..)| *pair);
        let [a, b] = documents.named(links.iter().map(|(pair, ..)| *pair));
        let alike = Float32Array::from_iter_values(links.iter().map(|(_, alike, _)| *alike));
        let exact: Vec<bool> = links.iter().map(|(.., exact)| *exact).collect();
        let columns = vec![
            piece("a", a),
            piece("b", b),
            piece("alike", alike),
            piece("exact", BooleanArray::from(exact)),
        ];
        let made = joined(columns, links.len()).map_err(refused)?;
        Ok(Columns::of_struct(made))
    })
}

/// The pairs that are linked already, and the documents that are the same to the letter as one
/// before them.
struct Linked {
    pairs: Vec<Pair>,
    copies: Vec<u32>,
}

impl Linked {
    fn new(links: &Table, documents: &Documents) -> PyResult<Self> {
        let rows: HashMap<&str, u32> = (0..documents.ids.len())
            .map(|row| (documents.id(row), row as u32))
            .collect();
        let row = |id: &String| {
            rows.get(id.as_str()).copied().ok_or_else(|| {
                PyValueError::new_err(format!("no document has the id \"{id}\" of the links"))
            })
        };
        let (a, b) = (links.names("a")?, links.names("b")?);
        let exact = links.flags("exact")?;
        let mut linked = Self {
            pairs: Vec::with_capacity(a.len()),
            copies: Vec::new(),
        };
        for ((a, b), exact) in a.iter().zip(&b).zip(exact) {
            let pair = (row(a)?, row(b)?);
            linked.pairs.push((pair.0.min(pair.1), pair.0.max(pair.1)));
            if exact {
                linked.copies.push(pair.1);
            }
        }
        linked.pairs.sort_unstable();
        linked.copies.sort_unstable();
        Ok(linked)
    }
}

/// The bytes at which documents that are not linked have fingerprints in common, by pair.
fn meetings(signatures: &Table, linked: &Linked) -> PyResult<BTreeMap<Pair, Vec<[u32; 2]>>> {
    let prints = signatures.lists("prints")?;
    let places = signatures.lists("prints_at")?;
    let mut all: Vec<(i64, u32, u32)> = Vec::new();
    for (row, (prints, places)) in (0_u32..).zip(prints.iter().zip(&places)) {
        if linked.copies.binary_search(&row).is_err() {
            let places = places
                .iter()
                .map(|at| u32::try_from(*at).unwrap_or(u32::MAX));
            all.extend(
                prints
                    .iter()
                    .zip(places)
                    .map(|(print, at)| (*print, row, at)),
            );
        }
    }
    drop((prints, places));
    all.sort_unstable();
    let mut met: BTreeMap<Pair, Vec<[u32; 2]>> = BTreeMap::new();
    for same in all.chunk_by(|a, b| a.0 == b.0) {
        compare(same, |(_, a, a_at), (_, b, b_at)| {
            if linked.pairs.binary_search(&(*a, *b)).is_err() {
                met.entry((*a, *b)).or_default().push([*a_at, *b_at]);
            }
        });
    }
    Ok(met)
}

/// The passages that stand in two documents which are not linked.
#[pyfunction]
#[pyo3(signature = (ids, texts, signatures, links, sources, reader, threads))]
#[expect(clippy::too_many_arguments, reason = "they are columns side by side")]
pub(crate) fn passages(
    py: Python<'_>,
    ids: Texts,
    texts: Texts,
    signatures: Table,
    links: Table,
    sources: Option<Texts>,
    reader: &Bound<'_, Reader>,
    threads: usize,
) -> PyResult<Columns> {
    let documents = Documents::new(ids, texts, sources, signatures.len())?;
    let reader: &spread::Reader = &reader.get().0;
    py.detach(|| {
        let linked = Linked::new(&links, &documents)?;
        let met: Vec<_> = meetings(&signatures, &linked)?.into_iter().collect();
        let judge = |n: usize| shared(reader, documents.pair(met[n].0), &met[n].1);
        let judged = in_order(met.len(), threads, judge).into_iter();
        let found: Vec<(Pair, Shared)> = judged
            .zip(&met)
            .flat_map(|(found, (pair, _))| found.into_iter().map(|passage| (*pair, passage)))
            .collect();
        let [a, b] = documents.named(found.iter().map(|(pair, _)| *pair));
        let mut columns = vec![piece("a", a), piece("b", b)];
        columns.extend(pieces(found.iter().map(|(_, passage)| *passage)));
        let made = joined(columns, found.len()).map_err(refused)?;
        Ok(Columns::of_struct(made))
    })
}
