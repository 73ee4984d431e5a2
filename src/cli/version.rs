//! `kanwu --version`, and with `--verbose` what this program was built from.

use std::io::{self, Write};
use std::process::ExitCode;

use super::output::Written;

use crate::model::Model;
use crate::registry::Registry;

pub(super) fn run(verbose: bool) -> miette::Result<ExitCode> {
    let mut text = format!("kanwu {}\n", env!("CARGO_PKG_VERSION"));
    if verbose {
        text.push_str(&details());
    }
    io::stdout().write_all(text.as_bytes()).written()?;
    Ok(ExitCode::SUCCESS)
}

fn details() -> String {
    let cards = Registry::builtin().cards();
    let on = cards.iter().filter(|card| card.default).count();
    let profile = if cfg!(debug_assertions) {
        "debug"
    } else {
        "release"
    };
    let mut lines = vec![
        format!(
            "build: {profile}, {} {}",
            std::env::consts::ARCH,
            std::env::consts::OS
        ),
        format!("rules: {}, {on} on by default", cards.len()),
    ];
    let provenance = Model::embedded().provenance();
    for step in &provenance.steps {
        let names: Vec<_> = step.sources.iter().map(|s| s.name.as_str()).collect();
        let characters: u64 = step.sources.iter().map(|s| s.characters).sum();
        lines.push(format!(
            "model: {} by kanwu {} {}, from {} ({characters} characters)",
            step.parts.join(", "),
            step.version,
            step.command,
            names.join(", "),
        ));
        let measured = step.measured.iter().map(|(n, v)| format!("{n} {v}"));
        let measured: Vec<_> = measured.collect();
        if !measured.is_empty() {
            lines.push(format!("       {}", measured.join(", ")));
        }
    }
    if provenance.steps.is_empty() {
        lines.push("model: does not say where it comes from".to_owned());
    }
    lines.join("\n") + "\n"
}
