//! Expressions of Polars: the functions that its engine calls by name, without Python between.
//!
//! Columns come and go by the Arrow C data interface in what Polars calls a `SeriesExport`, version
//! 0.1 of its plugins (<https://docs.pola.rs/user-guide/plugins/expr_plugins>). That is little
//! enough to be written out here: the crates of Polars would make the wheel several times as large
//! and tie it to one version.

#![allow(
    unsafe_code,
    reason = "memory is handed over by C's rules; every block says whose it is"
)]

use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::{CString, c_char, c_void};
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use arrow_array::ArrayRef;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
use arrow_array::{Array, StructArray, make_array};
use arrow_schema::{ArrowError, DataType, Field};
use serde::Deserialize;

use crate::columns::{self, Columns};
use crate::engine::{Engine, Settings};
use crate::texts::Texts;

/// The version of the interface, major and minor.
const VERSION: (u32, u32) = (0, 1);

/// A column on its way, as Polars lays it out.
#[repr(C)]
struct SeriesExport {
    field: *mut FFI_ArrowSchema,
    arrays: *mut *mut FFI_ArrowArray,
    len: usize,
    release: Option<unsafe extern "C" fn(*mut SeriesExport)>,
    private_data: *mut c_void,
}

/// What a column that goes out owns.
struct Owned {
    field: Box<FFI_ArrowSchema>,
    arrays: Box<[*mut FFI_ArrowArray]>,
}

/// Takes back what [`SeriesExport::new`] gave away. The arrays themselves have been moved out.
unsafe extern "C" fn release(export: *mut SeriesExport) {
    // SAFETY: Polars calls this once, with what it was given
    let owned = unsafe {
        let export = &mut *export;
        export.release = None;
        Box::from_raw(export.private_data.cast::<Owned>())
    };
    for array in &owned.arrays {
        // SAFETY: each came of a box; what was in it belongs to the reader
        drop(unsafe { Box::from_raw(array.cast::<ManuallyDrop<FFI_ArrowArray>>()) });
    }
    drop(owned.field);
}

impl SeriesExport {
    fn new(name: &str, array: &ArrayRef) -> Result<Self, ArrowError> {
        let field = Field::new(name, array.data_type().clone(), true);
        let data = FFI_ArrowArray::new(&array.to_data());
        let mut owned = Box::new(Owned {
            field: Box::new(FFI_ArrowSchema::try_from(&field)?),
            arrays: Box::new([Box::into_raw(Box::new(data))]),
        });
        Ok(Self {
            field: &raw mut *owned.field,
            arrays: owned.arrays.as_mut_ptr(),
            len: owned.arrays.len(),
            release: Some(release),
            private_data: Box::into_raw(owned).cast(),
        })
    }

    /// The name and the chunks of a column that came in; it is released.
    ///
    /// # Safety
    ///
    /// It is a column that Polars gave to this call, read once.
    unsafe fn read(mut self) -> Result<(String, Vec<ArrayRef>, DataType), ArrowError> {
        // SAFETY: the field and the arrays live until the release below; arrays are moved out
        let read = unsafe {
            let field = &*self.field;
            let arrays = match self.len {
                0 => &[],
                len => std::slice::from_raw_parts(self.arrays, len),
            };
            let arrays: Vec<_> = arrays.iter().map(|array| array.read()).collect();
            let name = field.name().unwrap_or_default().to_owned();
            let chunks = arrays
                .into_iter()
                .map(|array| Ok(make_array(from_ffi(array, field)?)))
                .collect::<Result<Vec<_>, ArrowError>>();
            chunks.and_then(|chunks| Ok((name, chunks, DataType::try_from(field)?)))
        };
        if let Some(release) = self.release {
            // SAFETY: the one who made it says how it is released
            unsafe { release(&raw mut self) };
        }
        read
    }
}

/// What an expression is told besides the texts.
#[derive(Deserialize)]
struct Options {
    /// Those of the linter, as JSON.
    settings: String,
    threads: usize,
    unsafe_fixes: bool,
}

impl Options {
    /// # Safety
    ///
    /// There are so many bytes, which outlive the call.
    unsafe fn read(bytes: *const u8, len: usize) -> Result<Self, String> {
        // SAFETY: as above
        let bytes = unsafe { std::slice::from_raw_parts(bytes, len) };
        serde_pickle::from_slice(bytes, serde_pickle::DeOptions::new()).map_err(|e| e.to_string())
    }

    /// The linter, which is made once.
    fn engine(&self) -> Result<Arc<Engine>, String> {
        static MADE: Mutex<Option<HashMap<String, Arc<Engine>>>> = Mutex::new(None);
        let mut made = MADE.lock().unwrap_or_else(|e| e.into_inner());
        let made = made.get_or_insert_default();
        if let Some(engine) = made.get(&self.settings) {
            return Ok(Arc::clone(engine));
        }
        let settings = Settings::read(&self.settings).map_err(|e| e.to_string())?;
        let engine = Arc::new(Engine::with(&settings).map_err(|e| e.to_string())?);
        if made.len() >= MOST {
            made.clear();
        }
        made.insert(self.settings.clone(), Arc::clone(&engine));
        Ok(engine)
    }
}

/// Linters that are kept.
const MOST: usize = 8;

thread_local! {
    static FAILED: RefCell<CString> = RefCell::default();
}

/// Keeps what went wrong for whoever asks on this thread.
fn guarded(work: impl FnOnce() -> Result<(), String>) {
    let done = catch_unwind(AssertUnwindSafe(work));
    // the word by which Polars knows a panic
    let failed = match done {
        Ok(Ok(())) => return,
        Ok(Err(message)) => message.replace('\0', " "),
        Err(_) => "PANIC".to_owned(),
    };
    FAILED.with(|last| *last.borrow_mut() = CString::new(failed).unwrap_or_default());
}

/// What an expression makes of texts.
type Make = fn(&Engine, &Texts, &Options) -> Result<Columns, ArrowError>;

fn counted(engine: &Engine, texts: &Texts, options: &Options) -> Result<Columns, ArrowError> {
    without_rules(&columns::counts(&engine.rows(
        texts,
        options.threads,
        false,
    ))?)
}

/// Not every version of Polars knows maps.
fn without_rules(counts: &Columns) -> Result<Columns, ArrowError> {
    let (fields, arrays, _) = counts.as_struct().clone().into_parts();
    let kept = |field: &str| field != "rules";
    let columns = fields.iter().zip(arrays).filter(|(f, _)| kept(f.name()));
    let columns = columns.map(|(field, array)| (field.as_ref().clone(), array));
    let made: StructArray = columns::joined(columns.collect(), counts.as_struct().len())?;
    Ok(Columns::of_struct(made))
}

fn found(engine: &Engine, texts: &Texts, options: &Options) -> Result<Columns, ArrowError> {
    columns::lists(&engine.rows(texts, options.threads, true))
}

fn fixed(engine: &Engine, texts: &Texts, options: &Options) -> Result<Columns, ArrowError> {
    Ok(engine.mended_all(texts, options.threads, options.unsafe_fixes))
}

/// Runs an expression on the first of the columns that came in.
///
/// # Safety
///
/// The pointers are those of a call by Polars.
unsafe fn run(
    (inputs, count): (*mut SeriesExport, usize),
    (options, len): (*const u8, usize),
    out: *mut SeriesExport,
    make: Make,
) {
    guarded(|| {
        // SAFETY: this call owns the columns, and reads each once
        let read = (0..count).map(|n| unsafe { inputs.add(n).read().read() });
        let mut read = read.collect::<Result<Vec<_>, _>>().map_err(text)?;
        let (name, chunks, kind) = read.drain(..).next().ok_or("no column came in")?;
        // SAFETY: the options outlive the call
        let options = unsafe { Options::read(options, len)? };
        let texts = Texts::new(chunks, kind).map_err(|e| e.to_string())?;
        let made = make(&*options.engine()?, &texts, &options).map_err(text)?;
        let export = SeriesExport::new(&name, made.array()).map_err(text)?;
        // SAFETY: there is room for a column, which holds nothing yet
        unsafe { out.write(export) };
        Ok(())
    });
}

#[expect(clippy::needless_pass_by_value, reason = "it is what went wrong")]
fn text(error: ArrowError) -> String {
    error.to_string()
}

/// Says of which type the outcome of an expression is.
///
/// # Safety
///
/// The pointers are those of a call by Polars.
unsafe fn tell(inputs: *const FFI_ArrowSchema, out: *mut FFI_ArrowSchema, kind: Option<DataType>) {
    guarded(|| {
        // SAFETY: there is one field at least, of the texts
        let field = Field::try_from(unsafe { &*inputs }).map_err(text)?;
        let kind = kind.unwrap_or(DataType::Utf8View);
        let field = Field::new(field.name(), kind, true);
        // SAFETY: there is room for a field, which holds nothing yet
        unsafe { out.write(FFI_ArrowSchema::try_from(&field).map_err(text)?) };
        Ok(())
    });
}

/// The type of what there would be of no text.
fn kind(columns: Result<Columns, ArrowError>) -> Option<DataType> {
    Some(columns.ok()?.array().data_type().clone())
}

/// The two functions by which Polars calls an expression.
macro_rules! expression {
    ($run:ident, $tell:ident, $make:expr, $kind:expr) => {
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $run(
            inputs: *mut SeriesExport,
            count: usize,
            options: *const u8,
            len: usize,
            out: *mut SeriesExport,
            _context: *const c_void,
        ) {
            // SAFETY: Polars calls it as its plugins are called
            unsafe { run((inputs, count), (options, len), out, $make) }
        }

        #[unsafe(no_mangle)]
        unsafe extern "C" fn $tell(
            inputs: *const FFI_ArrowSchema,
            _count: usize,
            out: *mut FFI_ArrowSchema,
            _options: *const u8,
            _len: usize,
        ) {
            // SAFETY: Polars calls it as its plugins are called
            unsafe { tell(inputs, out, $kind) }
        }
    };
}

expression!(
    _polars_plugin_counts,
    _polars_plugin_field_counts,
    counted,
    kind(columns::counts(&[]).and_then(|counts| without_rules(&counts)))
);
expression!(
    _polars_plugin_findings,
    _polars_plugin_field_findings,
    found,
    kind(columns::lists(&[]))
);
expression!(_polars_plugin_fix, _polars_plugin_field_fix, fixed, None);

#[unsafe(no_mangle)]
extern "C" fn _polars_plugin_get_version() -> u32 {
    (VERSION.0 << 16) + VERSION.1
}

#[unsafe(no_mangle)]
extern "C" fn _polars_plugin_get_last_error_message() -> *const c_char {
    FAILED.with(|last| last.borrow().as_ptr())
}
