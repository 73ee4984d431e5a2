//! Writes the declared rules of `rules/<group>/<name>.toml` into the binary as tables, so that
//! nothing is parsed at start-up.

use std::fmt::Write;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::{env, fs};

use lzma_rust2::XzReader;

#[allow(dead_code, reason = "places of mistakes are told by the crate itself")]
#[path = "src/pattern/schema.rs"]
mod schema;

#[allow(dead_code, reason = "places of mistakes are told by the crate itself")]
#[path = "src/pattern/toml_table.rs"]
mod toml_table;

#[path = "build/needs.rs"]
mod needs;

#[allow(dead_code, reason = "lists are searched by the crate itself")]
#[path = "src/pattern/word_list.rs"]
mod word_list;

use needs::{Slices, lite, needs, openings};
use schema::{Declaration, PatternDeclaration, SchemaError};

/// Mistakes in our own rules are told in English.
macro_rules! said {
    ($english:literal $(, $value:expr)* ; $chinese:literal $(, $other:expr)* $(,)?) => {
        format!($english $(, $value)*)
    };
}
use said;

fn main() {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=src/pattern/schema.rs");
    println!("cargo::rerun-if-changed=src/pattern/toml_table.rs");
    println!("cargo::rerun-if-changed=src/pattern/word_list.rs");
    if env::var_os("CARGO_FEATURE_EMBEDDED_MODEL").is_some() {
        unpack_model();
    }
    let mut files = Vec::new();
    collect(Path::new("rules"), &mut files);
    files.sort();
    let mut out = String::from("&[\n");
    // A rule lies in rules/<group>/<name>.toml; further patterns of it in the folder
    // rules/<group>/<name>/.
    let (rules, parts): (Vec<_>, Vec<_>) = files
        .iter()
        .partition(|file| file.components().count() == 3);
    let mut untold = Vec::new();
    for file in rules {
        let text = read(file);
        match Declaration::parse(&text) {
            Ok(mut rule) => {
                for part in parts
                    .iter()
                    .filter(|p| p.parent() == Some(&file.with_extension("")))
                {
                    let text = read(part);
                    let further = schema::part(&text);
                    let further =
                        further.unwrap_or_else(|e| panic!("{}", describe(part, &text, &e)));
                    rule.patterns.extend(further);
                }
                read_lists(file, &mut rule);
                rule.patterns
                    .iter()
                    .for_each(|p| untold.extend(without_literals(p)));
                let place = Path::new("rules").join(rule.group).join(&rule.name);
                assert!(
                    file.with_extension("") == place,
                    "{}: the rule `{}` of group `{}` belongs into {}.toml",
                    file.display(),
                    rule.name,
                    rule.group,
                    place.display()
                );
                write_rule(&mut out, &rule);
            }
            Err(error) => panic!("{}", describe(file, &text, &error)),
        }
    }
    assert!(
        untold.is_empty(),
        "no literal of two characters is part of every match of these; give their patterns `requires`:\n{}",
        untold.join("\n")
    );
    out.push(']');
    let target = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("rules.rs");
    fs::write(&target, out).unwrap_or_else(|e| panic!("{}: {e}", target.display()));
}

/// Unpacks the model of Chinese, which the program reads in place: packed it is a third smaller,
/// and fits into a published crate.
fn unpack_model() {
    let packed = "model/zh.model.xz";
    println!("cargo::rerun-if-changed={packed}");
    let unpack = || -> std::io::Result<()> {
        let mut model = XzReader::new(BufReader::new(File::open(packed)?), true);
        let target = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("zh.model");
        std::io::copy(&mut model, &mut File::create(target)?)?;
        Ok(())
    };
    unpack().unwrap_or_else(|e| panic!("{packed}: {e}"));
}

/// Adds the rows of the lists that a rule names.
fn read_lists(file: &Path, rule: &mut Declaration) {
    for pattern in &mut rule.patterns {
        let Some((name, _)) = &pattern.list else {
            continue;
        };
        let path = file.with_file_name(name);
        println!("cargo::rerun-if-changed={}", path.display());
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let rows = word_list::read(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        pattern.rows.extend(rows);
    }
}

/// Writes the laid-out list of a pattern into files of their own; the expression that holds them.
fn words(rule: &Declaration, number: usize, pattern: &PatternDeclaration) -> String {
    if pattern.kind != "wrong-words" {
        return "None".into();
    }
    let (table, text) = word_list::encode(&pattern.rows);
    let folder = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let write = |ending: &str, bytes: &[u8]| {
        let file = folder.join(format!("{}-{number}.{ending}", rule.name));
        fs::write(&file, bytes).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        file.display().to_string()
    };
    let (table, text) = (write("table", &table), write("txt", text.as_bytes()));
    format!("Some(WordList::new(include_bytes!({table:?}), include_str!({text:?})))")
}

fn read(file: &Path) -> String {
    println!("cargo::rerun-if-changed={}", file.display());
    fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
}

/// Regexes that no literal sets off: they would be tried on every line.
fn without_literals(pattern: &PatternDeclaration) -> Vec<String> {
    const SHORTEST: usize = 3;
    let dull = |item: &&schema::ItemDeclaration| {
        let held = needs(pattern, &item.text).holds;
        let telling = |literal: &String| literal.chars().count() > 1 && literal.len() >= SHORTEST;
        held.is_empty() || !held.iter().all(telling)
    };
    if pattern.kind != "regexes" || !pattern.requires.is_empty() {
        return Vec::new();
    }
    let items = pattern.items.iter().filter(dull);
    items.map(|item| item.text.clone()).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "toml") {
            files.push(path);
        }
    }
}

fn describe(file: &Path, text: &str, error: &SchemaError) -> String {
    let line = text[..error.span.start.min(text.len())]
        .matches('\n')
        .count()
        + 1;
    let help = error.help.as_deref().unwrap_or_default();
    format!("{}:{line}: {}; {help}", file.display(), error.message)
}

fn write_rule(out: &mut String, rule: &Declaration) {
    let fixes: Vec<_> = rule.patterns.iter().filter_map(|p| p.fix).collect();
    let fix = match fixes.contains(&"safe") {
        true => Some("safe"),
        false => fixes.first().copied(),
    };
    let yields_to: Vec<_> = rule.yields_to.iter().map(|(name, _)| name).collect();
    let _ = writeln!(
        out,
        "Declared {{ card: &Card {{ name: {:?}, group: Group::{}, severity: Severity::{}, confidence: Confidence::{}, default: {}, \
         summary: {:?}, docs: {:?}, chinese: Chinese {{ name: {:?}, summary: {:?}, docs: {:?} }}, bad: &{:?}, good: &{:?}, fix: {}, yields_to: &{:?}, levels: {} }}, patterns: &[",
        rule.name,
        capital(rule.group),
        capital(rule.severity),
        capital(rule.confidence),
        rule.default,
        rule.summary,
        rule.docs,
        chinese(rule, "name-zh", rule.name_zh.as_ref()),
        chinese(rule, "summary-zh", rule.summary_zh.as_ref()),
        chinese(rule, "docs-zh", rule.docs_zh.as_ref()),
        rule.bad,
        rule.good,
        option("Safety", fix),
        yields_to,
        if rule.has_list() { "LEVELS" } else { "&[]" },
    );
    for (number, pattern) in rule.patterns.iter().enumerate() {
        write_pattern(out, rule, pattern, &words(rule, number, pattern));
    }
    out.push_str("] },\n");
}

/// The Chinese wording of something: a rule of the project that has none is not built.
fn chinese<'r>(rule: &Declaration, key: &str, wording: Option<&'r String>) -> &'r str {
    wording.unwrap_or_else(|| panic!("the rule `{}` has a text without `{key}`", rule.name))
}

fn write_pattern(out: &mut String, rule: &Declaration, pattern: &PatternDeclaration, words: &str) {
    let mut items = String::new();
    for item in &pattern.items {
        let needs = needs(pattern, &item.text);
        let _ = write!(
            items,
            "Item {{ text: {:?}, lite: {:?}, replacement: {:?}, openings: &{:?}, holds: &{:?}, reach: {:?}, parts: &{:?} }}, ",
            item.text,
            lite(pattern, &item.text),
            item.replacement,
            openings(pattern, &item.text),
            needs.holds,
            needs.reach,
            Slices(&needs.parts),
        );
    }
    let inside: Vec<_> = pattern
        .inside
        .iter()
        .map(|kind| format!("MaskKind::{}", capital(kind)))
        .collect();
    let per = match pattern.per {
        "document" => "Document",
        _ => "ThousandCharacters",
    };
    let message_zh = chinese(rule, "message-zh", pattern.message_zh.as_ref());
    let help = pattern.help.as_ref();
    let help = help.map(|help| [help, chinese(rule, "help-zh", pattern.help_zh.as_ref())]);
    let _ = writeln!(
        out,
        "    Pattern {{ kind: Kind::{}, scope: Scope::{}, items: &[{items}], words: {words}, requires: &{:?}, not_after: &{:?}, not_before: &{:?}, max_length: {}, documents: Documents::{}, script: Script::{}, alone: {}, \
         inside: &[{}], at_least: {}, per: Per::{per}, message: {:?}, help: {:?}, severity: {}, fix: {} }},",
        capital(pattern.kind),
        capital(pattern.scope),
        pattern.requires,
        pattern.not_after,
        pattern.not_before,
        pattern.max_length,
        capital(pattern.documents),
        capital(pattern.script),
        pattern.alone,
        inside.join(", "),
        pattern.at_least,
        [pattern.message.as_str(), message_zh],
        help,
        option("Severity", pattern.severity),
        option("Safety", pattern.fix),
    );
}

fn option(kind: &str, value: Option<&str>) -> String {
    value.map_or("None".into(), |v| format!("Some({kind}::{})", capital(v)))
}

/// `paragraph-start` as a Rust variant: `ParagraphStart`.
fn capital(name: &str) -> String {
    name.split('-')
        .map(|part| part[..1].to_uppercase() + &part[1..])
        .collect()
}
