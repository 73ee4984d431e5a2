//! `--rules`: the rule packs of users.

use std::path::PathBuf;

use crate::pattern;
use crate::registry::Registry;

#[derive(Debug, Default, clap::Args)]
pub(super) struct Packs {
    /// Rules of your own: a rule file, or a folder of them (see docs/rule-packs.md)
    #[arg(id = "packs", long = "rules", value_name = "DIR|FILE")]
    pub(super) paths: Vec<PathBuf>,
}

impl Packs {
    /// The rules of kanwu and those of the packs.
    pub(super) fn registry(&self) -> miette::Result<Registry> {
        let mut registry = Registry::builtin();
        if !self.paths.is_empty() {
            let taken: Vec<_> = registry.cards().iter().map(|card| card.name).collect();
            registry.add(Box::new(pattern::load(&self.paths, &taken)?));
        }
        Ok(registry)
    }
}
