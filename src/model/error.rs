//! Why a model does not open.

use std::path::PathBuf;

/// The format of the files that this program reads and writes.
pub(super) const FORMAT: u32 = 1;

/// Why a model file cannot be used.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum ModelError {
    /// The file cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file does not begin as a model does.
    #[error("this is not a language model of kanwu")]
    #[diagnostic(help("a model is written by `kanwu train CORPUS… -o FILE`"))]
    NotAModel,
    /// The file is of another format version.
    #[error("the model has format {found}, this program reads format {FORMAT}")]
    #[diagnostic(help("train the model again with this version of kanwu"))]
    Format {
        /// The version found.
        found: u32,
    },
    /// The file ends too early or goes on too long.
    #[error("the model says it has {expected} bytes, the file has {found}: a copy was cut short?")]
    Length {
        /// The length that the head of the file gives, in bytes.
        expected: u64,
        /// The length of the file, in bytes.
        found: u64,
    },
    /// The table of parts contradicts itself.
    #[error("the table of parts is damaged")]
    Table,
    /// The content of a part is not what was written.
    #[error("the part `{part}` is damaged: its checksum is wrong")]
    Checksum {
        /// The name of the part.
        part: String,
    },
    /// A part that every model needs is not there.
    #[error("the model has no part `{part}`")]
    Missing {
        /// The name of the part.
        part: &'static str,
    },
    /// A part was written by another version of kanwu.
    #[error("the part `{part}` has version {found}, this program reads version {supported}")]
    #[diagnostic(help("train the model again with this version of kanwu"))]
    Version {
        /// The name of the part.
        part: &'static str,
        /// The version found.
        found: u32,
        /// The version that can be read.
        supported: u32,
    },
    /// A part weighs another number of pieces of evidence than this program has.
    #[error("the part `{part}` weighs {found} pieces of evidence, this program has {given}")]
    #[diagnostic(help("train the model again with this version of kanwu"))]
    Columns {
        /// The name of the part.
        part: &'static str,
        /// How many it weighs.
        found: usize,
        /// How many the program has.
        given: usize,
    },
    /// A part weighs evidence that this program does not have.
    #[error("the part `{part}` weighs `{found}` where this program has `{given}`")]
    #[diagnostic(help("train the model again with this version of kanwu"))]
    Evidence {
        /// The name of the part.
        part: &'static str,
        /// What it weighs.
        found: String,
        /// What the program has in that place.
        given: &'static str,
    },
    /// The content of a part contradicts itself.
    #[error("the part `{part}` is damaged: {what}")]
    Damaged {
        /// The name of the part.
        part: &'static str,
        /// What is wrong.
        what: &'static str,
    },
}
