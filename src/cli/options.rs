//! Options that several commands share.

use std::fs;
use std::path::PathBuf;

use miette::{IntoDiagnostic, WrapErr};

use crate::document::Vocabulary;
use crate::registry::Selection;
use crate::text;

/// Which rules speak, and which words are right.
#[derive(Debug, Default, clap::Args)]
pub(super) struct RuleOptions {
    /// Check only these rules or groups, or `all`
    #[arg(long, value_delimiter = ',', value_name = "RULES")]
    pub(super) select: Vec<String>,
    /// Check these rules or groups on top of the others
    #[arg(long, value_delimiter = ',', value_name = "RULES")]
    pub(super) extend_select: Vec<String>,
    /// Do not check these rules or groups
    #[arg(long, value_delimiter = ',', value_name = "RULES")]
    pub(super) ignore: Vec<String>,
    /// A list of words that are right here, one a line
    #[arg(long, value_name = "FILE")]
    pub(super) vocabulary: Vec<PathBuf>,
}

impl RuleOptions {
    pub(super) fn selection(&self) -> Selection {
        Selection {
            select: self.select.clone(),
            extend_select: self.extend_select.clone(),
            ignore: self.ignore.clone(),
        }
    }

    /// The words of the lists that were named.
    pub(super) fn read_vocabulary(&self) -> miette::Result<Vocabulary> {
        let mut words = Vocabulary::default();
        for path in &self.vocabulary {
            let context = || format!("cannot read the word list {}", path.display());
            let bytes = fs::read(path).into_diagnostic().wrap_err_with(context)?;
            let decoded = text::decode(&bytes, None)
                .into_diagnostic()
                .wrap_err_with(context)?;
            words.extend_from_list(&decoded.text);
        }
        Ok(words)
    }
}
