//! `kanwu completions` and `kanwu man`: both follow from the arguments themselves.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;
use miette::IntoDiagnostic;

use super::output::Written;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The shell
    shell: Shell,
}

#[derive(Debug, clap::Args)]
pub(super) struct ManArguments {
    /// Write kanwu.1, kanwu-check.1, … into this folder
    #[arg(long, value_name = "DIR")]
    output_dir: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let mut script = Vec::new();
    let mut command = super::Arguments::command();
    clap_complete::generate(arguments.shell, &mut command, "kanwu", &mut script);
    io::stdout().write_all(&script).written()?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn man(arguments: &ManArguments) -> miette::Result<ExitCode> {
    let command = super::Arguments::command();
    match &arguments.output_dir {
        Some(folder) => clap_mangen::generate_to(command, folder).into_diagnostic()?,
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(command)
                .render(&mut page)
                .into_diagnostic()?;
            io::stdout().write_all(&page).written()?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
