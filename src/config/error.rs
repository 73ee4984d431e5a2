//! What can be wrong with a configuration, with the place in the file.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use miette::{Diagnostic, NamedSource, SourceSpan};

use crate::corpus::LearnedError;
use crate::judgements::JudgementError;
use crate::model::container::ModelError;
use crate::pattern::PackError;
use crate::said;
use crate::selection::UnknownRule;
use crate::text::visible_excerpt;

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum ConfigError {
    /// The file, or a file it names, cannot be read.
    #[error("{}", said!("cannot read {}", path.display(); "无法读取 {}", path.display()))]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A mistake in the file.
    #[error("{message}")]
    Invalid {
        /// What is wrong; names the file and the line.
        message: String,
        /// What to write instead.
        #[help]
        help: Option<String>,
        /// The file's text.
        #[source_code]
        text: Arc<NamedSource<String>>,
        /// Where.
        #[label("{}", said!("here"; "此处"))]
        span: SourceSpan,
    },
    /// A rule or group on the command line that there is not.
    #[error(transparent)]
    UnknownRule(#[from] UnknownRule),
    /// A rule pack that cannot be used.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Pack(#[from] PackError),
    /// What was learned of sites, in a file that cannot be used.
    #[error(transparent)]
    Learned(#[from] LearnedError),
    /// Judgements that cannot be used.
    #[error(transparent)]
    Judgement(#[from] JudgementError),
    /// A language model that cannot be used.
    #[error("{}: {reason}", path.display())]
    #[diagnostic(help(
        "{}",
        said!("`kanwu model info FILE` shows what a model holds; `kanwu train` writes one"; "`kanwu model info 文件` 显示模型的内容；`kanwu train` 写出模型")
    ))]
    Model {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: ModelError,
    },
    /// A word list that is no text.
    #[error("{}: {reason}", path.display())]
    WordList {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
}

impl ConfigError {
    /// A mistake at `span` of the configuration file `path`.
    pub(super) fn invalid(
        path: &Path,
        text: &str,
        span: &Range<usize>,
        message: &str,
        help: Option<String>,
    ) -> Self {
        let start = span.start.min(text.len());
        let end = span.end.clamp(start, text.len());
        let line = text[..start].matches('\n').count() + 1;
        let name = path.display().to_string();
        Self::Invalid {
            message: format!("{name}:{line}: {message}"),
            help,
            text: Arc::new(NamedSource::new(name, visible_excerpt(text)).with_language("toml")),
            span: (start..end).into(),
        }
    }
}
