//! Texts that come as Arrow columns or as Python lists.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, StringArray};
use arrow_schema::{ArrowError, DataType};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3_arrow::input::AnyArray;

/// A column of texts.
pub(crate) struct Texts {
    chunks: Vec<ArrayRef>,
    /// Where each chunk begins.
    starts: Vec<usize>,
    len: usize,
    /// Its type.
    pub(crate) kind: DataType,
}

impl Texts {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// A text; nothing where the column has none.
    pub(crate) fn get(&self, row: usize) -> Option<&str> {
        let chunk = self.starts.partition_point(|start| *start <= row) - 1;
        let (array, row) = (&self.chunks[chunk], row - self.starts[chunk]);
        if array.is_null(row) {
            return None;
        }
        Some(match array.data_type() {
            DataType::LargeUtf8 => array.as_string::<i64>().value(row),
            DataType::Utf8View => array.as_string_view().value(row),
            _ => array.as_string::<i32>().value(row),
        })
    }

    fn new(chunks: Vec<ArrayRef>, kind: DataType) -> PyResult<Self> {
        if !matches!(
            kind,
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View
        ) {
            return Err(PyTypeError::new_err(format!(
                "a column of type {kind} holds no text: string, large_string or string_view is asked for"
            )));
        }
        let mut len = 0;
        let chunks: Vec<_> = chunks.into_iter().filter(|c| !c.is_empty()).collect();
        let starts = chunks
            .iter()
            .map(|chunk| {
                len += chunk.len();
                len - chunk.len()
            })
            .collect();
        Ok(Self {
            chunks,
            starts,
            len,
            kind,
        })
    }
}

impl<'py> FromPyObject<'_, 'py> for Texts {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let is_arrow =
            object.hasattr("__arrow_c_array__")? || object.hasattr("__arrow_c_stream__")?;
        if !is_arrow {
            let list: Vec<Option<String>> = object.extract().map_err(|e: PyErr| {
                // a text that cannot be written as UTF-8 is told as Python tells it
                if e.is_instance_of::<PyValueError>(object.py()) {
                    return e;
                }
                PyTypeError::new_err("texts are an Arrow column or a list of str")
            })?;
            return Self::new(vec![Arc::new(StringArray::from(list))], DataType::Utf8);
        }
        let reader = object.extract::<AnyArray>()?.into_reader()?;
        let kind = reader.field().data_type().clone();
        let chunks = reader.collect::<Result<_, ArrowError>>();
        Self::new(
            chunks.map_err(|e| PyValueError::new_err(e.to_string()))?,
            kind,
        )
    }
}
