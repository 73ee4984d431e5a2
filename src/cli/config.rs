//! `kanwu config`: what applies to a file and where it comes from; the schema of the configuration.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::output::Written;
use clap::{Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::options::{ConfigOptions, RuleOptions};
use crate::config::{self, Config, Layer, Located, Profile};
use crate::levels::number;
use crate::registry::Registry;
use crate::said;
use crate::text::visible;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show what applies to a file, and where each setting comes from
    Show(Box<Show>),
    /// Print the JSON Schema of kanwu.toml
    Schema,
}

#[derive(Debug, clap::Args)]
struct Show {
    /// The file; it need not exist
    file: PathBuf,
    #[command(flatten)]
    rules: RuleOptions,
    #[command(flatten)]
    config: ConfigOptions,
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// Lines to read
    #[default]
    Text,
    /// One object
    Json,
}

pub(super) fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let page = match &arguments.command {
        Command::Show(show) => {
            let mut configs = show.rules.configs(show.config.choice(), &[], None)?;
            let profile = configs.profile(&show.file)?;
            let shown = Shown::new(&show.file, &profile, &show.rules);
            match show.format {
                Format::Text => shown.text(),
                Format::Json => format!("{:#}\n", shown.json()),
            }
        }
        Command::Schema => format!("{:#}\n", config::json_schema(&Registry::builtin())),
    };
    io::stdout().write_all(page.as_bytes()).written()?;
    Ok(ExitCode::SUCCESS)
}

/// A setting: its key, its value, and where that was said.
struct Setting {
    key: &'static str,
    value: Value,
    source: String,
}

struct Shown<'a> {
    file: &'a Path,
    config: Option<&'a Config>,
    settings: Vec<Setting>,
    rules: Vec<&'static str>,
}

impl<'a> Shown<'a> {
    fn new(file: &'a Path, profile: &'a Profile, options: &RuleOptions) -> Self {
        let mut rules: Vec<_> = profile.linter.cards().map(|c| c.name).collect();
        rules.sort_unstable();
        let mut shown = Self {
            file,
            config: profile.config.as_deref(),
            settings: Vec::new(),
            rules,
        };
        if let Some(config) = shown.config {
            shown.layer(config, &config.layer, "");
            if let Some(baseline) = &config.baseline {
                shown.push(
                    "baseline",
                    json!(baseline.value),
                    place(config, baseline, ""),
                );
            }
            if let Some(lang) = &config.lang {
                shown.push("lang", json!(lang.value.name()), place(config, lang, ""));
            }
            if let Some(model) = &config.model {
                shown.push("model", json!(model.value), place(config, model, ""));
            }
            for list in [
                ("vocabulary", &config.vocabulary),
                ("vocabulary-files", &config.vocabulary_files),
                ("packs", &config.packs),
                ("include", &config.include),
                ("exclude", &config.exclude),
            ] {
                shown.list(config, list.0, list.1, "");
            }
            for settings in &config.rules {
                for level in &settings.levels {
                    let (severity, probability) = level.value;
                    let value = number(probability).map_or(json!("never"), Value::from);
                    let value = json!({severity.name(): value});
                    let value = json!({settings.rule.value.as_str(): {"levels": value}});
                    shown.push("rules", value, place(config, level, ""));
                }
            }
            let applying = config.per_file.iter().zip(&profile.per_file);
            for (per_file, _) in applying.filter(|(_, on)| **on) {
                let globs: Vec<_> = per_file.files.iter().map(|f| f.value.as_str()).collect();
                let what = format!(" (per-file {})", globs.join(", "));
                shown.layer(config, &per_file.layer, &what);
            }
        }
        shown.command_line(options);
        shown
    }

    fn command_line(&mut self, options: &RuleOptions) {
        for (key, names) in [
            ("select", &options.select),
            ("extend-select", &options.extend_select),
            ("ignore", &options.ignore),
        ] {
            if !names.is_empty() {
                self.push(key, json!(names), said!("command line"; "命令行"));
            }
        }
        if let Some(encoding) = options.encoding {
            self.push(
                "encoding",
                json!(encoding.name()),
                said!("command line"; "命令行"),
            );
        }
        if let Some(model) = &options.model {
            let file = model.display().to_string();
            self.push("model", json!(file), said!("command line"; "命令行"));
        }
        if !options.vocabulary.is_empty() {
            let files: Vec<_> = options
                .vocabulary
                .iter()
                .map(|p| p.display().to_string())
                .collect();
            self.push(
                "vocabulary-files",
                json!(files),
                said!("command line"; "命令行"),
            );
        }
    }

    fn layer(&mut self, config: &Config, layer: &Layer, what: &str) {
        self.list(config, "select", &layer.select, what);
        self.list(config, "extend-select", &layer.extend_select, what);
        self.list(config, "ignore", &layer.ignore, what);
        for (rule, severity) in &layer.severity {
            let value = json!({rule.value.as_str(): severity.name()});
            self.push("severity", value, place(config, rule, what));
        }
        if let Some(level) = &layer.level {
            let source = place(config, level, what);
            self.push("level", json!(level.value.name()), source);
        }
        if let Some(kind) = &layer.kind {
            self.push("as", json!(kind.value.name()), place(config, kind, what));
        }
        self.list(config, "field", &layer.fields, what);
        if let Some(encoding) = &layer.encoding {
            let source = place(config, encoding, what);
            self.push("encoding", json!(encoding.value.name()), source);
        }
    }

    fn list(&mut self, config: &Config, key: &'static str, values: &[Located<String>], what: &str) {
        if let Some(first) = values.first() {
            let texts: Vec<_> = values.iter().map(|v| v.value.as_str()).collect();
            self.push(key, json!(texts), place(config, first, what));
        }
    }

    fn push(&mut self, key: &'static str, value: Value, source: String) {
        self.settings.push(Setting { key, value, source });
    }

    fn text(&self) -> String {
        let mut page = said!("file: {}\n", visible(&self.file.display().to_string()); "文件：{}\n", visible(&self.file.display().to_string()));
        let path = self.config.map_or_else(
            || said!("none: the defaults apply"; "无：按默认"),
            |c| c.path.display().to_string(),
        );
        page += &said!("configuration: {}\n", visible(&path); "配置：{}\n", visible(&path));
        if !self.settings.is_empty() {
            page += &said!("settings, later ones on top:\n"; "设置（后者优先）：\n");
        }
        for setting in &self.settings {
            page += &format!(
                "  {} = {}  # {}\n",
                setting.key, setting.value, setting.source
            );
        }
        page += &said!("rules that are on: {}\n", self.rules.join(", "); "开启的规则：{}\n", self.rules.join("、"));
        page
    }

    fn json(&self) -> Value {
        let settings: Vec<_> = self
            .settings
            .iter()
            .map(|s| json!({"key": s.key, "value": s.value, "source": s.source}))
            .collect();
        json!({
            "file": self.file.display().to_string(),
            "configuration": self.config.map(|c| c.path.display().to_string()),
            "settings": settings,
            "rules": self.rules,
        })
    }
}

fn place<T>(config: &Config, at: &Located<T>, what: &str) -> String {
    let name = config.path.file_name().unwrap_or_default();
    format!(
        "{}:{}{what}",
        name.to_string_lossy(),
        config.line(at.span.start)
    )
}
