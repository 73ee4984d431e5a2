//! Texts that come as Arrow columns or as Python lists, and tables of Arrow columns.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type, Int32Type, Int64Type, UInt32Type};
use arrow_array::{Array, ArrayRef, StringArray, StructArray};
use arrow_schema::{ArrowError, DataType, Fields};
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

    pub(crate) fn new(chunks: Vec<ArrayRef>, kind: DataType) -> PyResult<Self> {
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

/// A table: batches of Arrow columns.
pub(crate) struct Table {
    chunks: Vec<StructArray>,
    fields: Fields,
}

impl<'py> FromPyObject<'_, 'py> for Table {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let wrong = || PyTypeError::new_err("a table of Arrow columns is asked for");
        let reader = object.extract::<AnyArray>().map_err(|_| wrong())?;
        let reader = reader.into_reader()?;
        let DataType::Struct(fields) = reader.field().data_type().clone() else {
            return Err(wrong());
        };
        let chunks = reader.collect::<Result<Vec<_>, ArrowError>>();
        let chunks = chunks.map_err(|e| PyValueError::new_err(e.to_string()))?;
        Ok(Self {
            chunks: chunks.iter().map(|c| c.as_struct().clone()).collect(),
            fields,
        })
    }
}

impl Table {
    pub(crate) fn len(&self) -> usize {
        self.chunks.iter().map(Array::len).sum()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields.find(name).is_some()
    }

    fn column(&self, name: &str) -> PyResult<(DataType, Vec<ArrayRef>)> {
        let (at, field) = self
            .fields
            .find(name)
            .ok_or_else(|| PyValueError::new_err(format!("the table has no column \"{name}\"")))?;
        let chunks = self.chunks.iter().map(|c| Arc::clone(c.column(at)));
        Ok((field.data_type().clone(), chunks.collect()))
    }

    /// A column of texts.
    pub(crate) fn texts(&self, name: &str) -> PyResult<Texts> {
        let (kind, chunks) = self.column(name)?;
        Texts::new(chunks, kind)
    }

    /// A column of whole numbers, all of them there.
    pub(crate) fn numbers(&self, name: &str) -> PyResult<Vec<i64>> {
        let mut numbers = Vec::with_capacity(self.len());
        for chunk in self.column(name)?.1 {
            numbers.extend(whole(name, &chunk)?);
        }
        Ok(numbers)
    }

    /// A column of lists of whole numbers.
    pub(crate) fn lists(&self, name: &str) -> PyResult<Vec<Vec<i64>>> {
        let mut lists = Vec::with_capacity(self.len());
        for chunk in self.column(name)?.1 {
            for row in 0..chunk.len() {
                let items = match chunk.data_type() {
                    DataType::List(_) => chunk.as_list::<i32>().value(row),
                    DataType::LargeList(_) => chunk.as_list::<i64>().value(row),
                    kind => return Err(unfit(name, kind, "lists of whole numbers")),
                };
                lists.push(whole(name, &items)?);
            }
        }
        Ok(lists)
    }

    /// A column of numbers between 0 and 1 that some rows lack.
    pub(crate) fn shares(&self, name: &str) -> PyResult<Vec<Option<f32>>> {
        let mut shares = Vec::with_capacity(self.len());
        for chunk in self.column(name)?.1 {
            match chunk.data_type() {
                DataType::Float32 => shares.extend(chunk.as_primitive::<Float32Type>()),
                DataType::Float64 => {
                    let narrow = |x: Option<f64>| x.map(|x| x as f32);
                    shares.extend(chunk.as_primitive::<Float64Type>().iter().map(narrow));
                }
                kind => return Err(unfit(name, kind, "numbers")),
            }
        }
        Ok(shares)
    }

    /// A column of what holds or does not.
    pub(crate) fn flags(&self, name: &str) -> PyResult<Vec<bool>> {
        let mut flags = Vec::with_capacity(self.len());
        for chunk in self.column(name)?.1 {
            let held = chunk.as_boolean_opt();
            let held = held.ok_or_else(|| unfit(name, chunk.data_type(), "booleans"))?;
            flags.extend(held.iter().map(|flag| flag == Some(true)));
        }
        Ok(flags)
    }

    /// A column of names, which may be numbers.
    pub(crate) fn names(&self, name: &str) -> PyResult<Vec<String>> {
        if let Ok(numbers) = self.numbers(name) {
            return Ok(numbers.iter().map(ToString::to_string).collect());
        }
        let texts = self.texts(name)?;
        let names = (0..texts.len()).map(|row| texts.get(row).unwrap_or_default().to_owned());
        Ok(names.collect())
    }
}

fn unfit(name: &str, kind: &DataType, wanted: &str) -> PyErr {
    PyTypeError::new_err(format!(
        "the column \"{name}\" is of type {kind}: {wanted} are asked for"
    ))
}

fn whole(name: &str, array: &ArrayRef) -> PyResult<Vec<i64>> {
    if array.null_count() > 0 {
        return Err(PyValueError::new_err(format!(
            "the column \"{name}\" has rows without a value"
        )));
    }
    Ok(match array.data_type() {
        DataType::Int64 => array.as_primitive::<Int64Type>().values().to_vec(),
        DataType::Int32 => widened(array.as_primitive::<Int32Type>().values()),
        DataType::UInt32 => widened(array.as_primitive::<UInt32Type>().values()),
        kind => return Err(unfit(name, kind, "whole numbers")),
    })
}

fn widened<T: Copy + Into<i64>>(numbers: &[T]) -> Vec<i64> {
    numbers.iter().map(|n| (*n).into()).collect()
}
