//! Findings as Arrow columns. No fixed-size and no dictionary types: Spark refuses them.

use std::sync::Arc;

use arrow_array::builder::{Int32Builder, MapBuilder, MapFieldNames, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::{
    Array, ArrayRef, Float32Array, Int32Array, LargeStringArray, ListArray, StringArray,
    StructArray,
};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{ArrowError, DataType, Field, FieldRef, Fields};
use kanwu::audit::score::score;
use kanwu::finding::Severity;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};
use pyo3_arrow::ffi::{
    ArrayIterator, to_array_pycapsules, to_schema_pycapsule, to_stream_pycapsule,
};

use crate::told::Told;

/// Columns that any Arrow library takes over without copying, by the Arrow PyCapsule interface.
#[pyclass(frozen, module = "kanwu._kanwu")]
pub(crate) struct Columns {
    array: ArrayRef,
    field: FieldRef,
}

impl Columns {
    pub(crate) fn of_struct(array: StructArray) -> Self {
        let field = Field::new_struct("", array.fields().clone(), false);
        Self {
            array: Arc::new(array),
            field: field.into(),
        }
    }

    /// The columns as one.
    pub(crate) fn array(&self) -> &ArrayRef {
        &self.array
    }

    pub(crate) fn as_struct(&self) -> &StructArray {
        self.array.as_struct()
    }

    pub(crate) fn of_array(array: ArrayRef, nullable: bool) -> Self {
        let field = Field::new("", array.data_type().clone(), nullable);
        Self {
            array,
            field: field.into(),
        }
    }
}

#[pymethods]
impl Columns {
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let field = Arc::clone(&self.field);
        Ok(to_array_pycapsules(
            py,
            field,
            &self.array,
            requested_schema,
        )?)
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let chunks = vec![Ok(Arc::clone(&self.array))];
        let reader = ArrayIterator::new(chunks, Arc::clone(&self.field));
        Ok(to_stream_pycapsule(py, Box::new(reader), requested_schema)?)
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(to_schema_pycapsule(py, self.field.as_ref())?)
    }

    fn __len__(&self) -> usize {
        self.array.len()
    }

    fn __repr__(&self) -> String {
        let rows = self.array.len();
        match self.array.data_type() {
            DataType::Struct(fields) => {
                let names: Vec<_> = fields.iter().map(|f| f.name().as_str()).collect();
                format!("<kanwu.Columns: {rows} rows, {}>", names.join(", "))
            }
            kind => format!("<kanwu.Columns: {rows} rows of {kind}>"),
        }
    }
}

pub(crate) fn refused(error: ArrowError) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// What was found in a text: its findings, and its number of characters; nothing where there was no
/// text.
pub(crate) type Row = Option<(Vec<Told>, usize)>;

/// A field that has a value in every row.
pub(crate) fn full(name: &str, array: &dyn Array) -> Field {
    Field::new(name, array.data_type().clone(), false)
}

fn int(value: usize) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}

/// How much was found in each text: `score float32, errors int32, warnings int32, infos int32,
/// rules map<utf8, int32>`.
pub(crate) fn counts(rows: &[Row]) -> Result<Columns, ArrowError> {
    let of = |severity: Severity| -> ArrayRef {
        let count = |row: &Row| {
            let told = row.iter().flat_map(|(told, _)| told);
            int(told.filter(|f| f.severity == severity).count())
        };
        Arc::new(Int32Array::from_iter_values(rows.iter().map(count)))
    };
    let scores = rows
        .iter()
        .map(|row| row.as_ref().map(|row| of_text(row) as f32));
    let columns: Vec<(Field, ArrayRef)> = vec![
        (
            Field::new("score", DataType::Float32, true),
            Arc::new(scores.collect::<Float32Array>()),
        ),
        (
            Field::new("errors", DataType::Int32, false),
            of(Severity::Error),
        ),
        (
            Field::new("warnings", DataType::Int32, false),
            of(Severity::Warning),
        ),
        (
            Field::new("infos", DataType::Int32, false),
            of(Severity::Info),
        ),
        by_rule(rows)?,
    ];
    Ok(Columns::of_struct(joined(columns, rows.len())?))
}

/// The score of a text.
pub(crate) fn of_text((told, characters): &(Vec<Told>, usize)) -> f64 {
    score(told.iter().map(|f| f.weight).sum(), *characters).0
}

fn by_rule(rows: &[Row]) -> Result<(Field, ArrayRef), ArrowError> {
    let names = MapFieldNames {
        entry: "entries".to_owned(),
        key: "key".to_owned(),
        value: "value".to_owned(),
    };
    let value = Field::new("value", DataType::Int32, false);
    let mut map = MapBuilder::new(Some(names), StringBuilder::new(), Int32Builder::new())
        .with_values_field(value);
    for row in rows {
        let told = row.iter().flat_map(|(told, _)| told);
        let mut rules: Vec<&str> = told.map(|f| f.rule).collect();
        rules.sort_unstable();
        for same in rules.chunk_by(|a, b| a == b) {
            map.keys().append_value(same[0]);
            map.values().append_value(int(same.len()));
        }
        map.append(true)?;
    }
    let array: ArrayRef = Arc::new(map.finish());
    Ok((full("rules", &array), array))
}

/// Columns side by side, also where there are no rows.
pub(crate) fn joined(
    columns: Vec<(Field, ArrayRef)>,
    rows: usize,
) -> Result<StructArray, ArrowError> {
    let (fields, arrays): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
    StructArray::try_new_with_length(Fields::from(fields), arrays, None, rows)
}

/// The findings of each text as a list.
pub(crate) fn lists(rows: &[Row]) -> Result<Columns, ArrowError> {
    let lengths = rows
        .iter()
        .map(|row| row.as_ref().map_or(0, |(told, _)| told.len()));
    let offsets = OffsetBuffer::from_lengths(lengths);
    let told: Vec<&Told> = rows.iter().flatten().flat_map(|(told, _)| told).collect();
    let findings = joined(findings(&told), told.len())?;
    let item = Field::new("item", findings.data_type().clone(), false);
    let list = ListArray::try_new(item.into(), offsets, Arc::new(findings), None)?;
    Ok(Columns::of_array(Arc::new(list), false))
}

/// All findings below each other, each with the row of its text.
pub(crate) fn table(rows: &[Row]) -> Result<Columns, ArrowError> {
    let mut documents = Vec::new();
    let mut all = Vec::new();
    for (row, (told, _)) in rows
        .iter()
        .enumerate()
        .filter_map(|(i, row)| Some((i, row.as_ref()?)))
    {
        documents.extend(std::iter::repeat_n(int(row), told.len()));
        all.extend(told);
    }
    let documents: ArrayRef = Arc::new(Int32Array::from(documents));
    let mut columns = vec![(full("document", &documents), documents)];
    columns.extend(findings(&all));
    Ok(Columns::of_struct(joined(columns, all.len())?))
}

/// The columns of findings.
fn findings(told: &[&Told]) -> Vec<(Field, ArrayRef)> {
    let texts = |of: fn(&Told) -> &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(told.iter().map(|f| of(f))))
    };
    let numbers = |of: fn(&Told) -> usize| -> ArrayRef {
        Arc::new(Int32Array::from_iter_values(
            told.iter().map(|f| int(of(f))),
        ))
    };
    let probabilities: Float32Array = told.iter().map(|f| f.probability).collect();
    let replacements: StringArray = told.iter().map(|f| f.replacement()).collect();
    let full: [(&str, ArrayRef); 10] = [
        ("rule", texts(|f| f.rule)),
        ("group", texts(|f| f.group)),
        ("severity", texts(|f| f.severity.name())),
        ("confidence", texts(|f| f.confidence)),
        ("start", numbers(|f| f.place.0)),
        ("end", numbers(|f| f.place.1)),
        ("line", numbers(|f| f.line)),
        ("column", numbers(|f| f.column)),
        ("text", texts(|f| &f.text)),
        ("message", texts(|f| &f.message)),
    ];
    let mut columns: Vec<(Field, ArrayRef)> = full
        .into_iter()
        .map(|(name, array)| (self::full(name, &array), array))
        .collect();
    columns.insert(
        4,
        (
            Field::new("probability", DataType::Float32, true),
            Arc::new(probabilities),
        ),
    );
    columns.push((
        Field::new("replacement", DataType::Utf8, true),
        Arc::new(replacements),
    ));
    columns
}

/// A column of texts of the type that came in.
pub(crate) fn texts(texts: impl Iterator<Item = Option<String>>, kind: &DataType) -> Columns {
    let array: ArrayRef = match kind {
        DataType::LargeUtf8 => Arc::new(texts.collect::<LargeStringArray>()),
        DataType::Utf8View => Arc::new(texts.collect::<arrow_array::StringViewArray>()),
        _ => Arc::new(texts.collect::<StringArray>()),
    };
    Columns::of_array(array, true)
}
