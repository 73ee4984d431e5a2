//! Writes the declared rules of `rules/<group>/<name>.toml` into the binary as tables, so that nothing is parsed at start-up.

use std::fmt::{self, Write};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::{env, fs};

use lzma_rust2::XzReader;
use regex_syntax::hir::literal::{Extractor, Literal};
use regex_syntax::hir::print::Printer;
use regex_syntax::hir::{Class, Hir, HirKind, Look};

#[allow(dead_code, reason = "places of mistakes are told by the crate itself")]
#[path = "src/pattern/schema.rs"]
mod schema;

#[allow(dead_code, reason = "lists are searched by the crate itself")]
#[path = "src/pattern/word_list.rs"]
mod word_list;

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
    println!("cargo::rerun-if-changed=src/pattern/word_list.rs");
    unpack_model();
    let mut files = Vec::new();
    collect(Path::new("rules"), &mut files);
    files.sort();
    let mut out = String::from("&[\n");
    // A rule lies in rules/<group>/<name>.toml; further patterns of it in the folder rules/<group>/<name>/.
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

/// Unpacks the model of Chinese, which the program reads in place: packed it is a third smaller, and fits into a published crate.
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

/// What every match of a regex begins with, where it can only match from the beginning of its place: whether the regex needs to be compiled
/// at all is then seen without it. Nothing if there are too many beginnings, or any is.
fn openings(pattern: &PatternDeclaration, regex: &str) -> Vec<String> {
    let anchored = matches!(
        pattern.scope,
        "paragraph" | "line" | "paragraph-start" | "document-start"
    );
    let Some(parsed) = regex_syntax::parse(regex)
        .ok()
        .filter(|_| anchored && pattern.kind == "regexes")
    else {
        return Vec::new();
    };
    let mut sequence = Extractor::new().extract(&parsed);
    sequence.dedup();
    let text = |literal: &Literal| String::from_utf8(literal.as_bytes().to_vec()).ok();
    let texts: Option<Vec<String>> = sequence
        .literals()
        .and_then(|literals| literals.iter().map(text).collect());
    texts
        .filter(|texts| texts.iter().all(|text| !text.is_empty()))
        .unwrap_or_default()
}

/// A regex with all its classes spelt out, for the small engine, which knows no Unicode; nothing where it asks for borders of words or lines.
fn lite(pattern: &PatternDeclaration, regex: &str) -> String {
    if pattern.kind != "regexes" || pattern.scope == "anywhere" {
        return String::new();
    }
    let Ok(parsed) = regex_syntax::parse(regex) else {
        return String::new();
    };
    let known = |look| matches!(look, Look::Start | Look::End);
    let mut spelt = String::new();
    if parsed.properties().look_set().iter().all(known) {
        let printed = Printer::new().print(&parsed, &mut spelt);
        printed.unwrap_or_else(|e| panic!("{regex}: {e}"));
    }
    spelt
}

/// What is needed for a regex to match, so that it need not be compiled where it cannot.
struct Needs {
    /// Literals of which every match holds one; nothing if there are none.
    holds: Vec<String>,
    /// How many characters of the place it is tried on stand before and behind that literal at most.
    reach: [u16; 2],
    /// Further sets of texts: every match holds one of each.
    parts: Vec<Vec<String>>,
}

/// Lists as references to arrays of references, as the tables in the binary hold them.
struct Slices<'a>(&'a [Vec<String>]);

impl fmt::Debug for Slices<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        self.0
            .iter()
            .try_for_each(|list| write!(f, "&{list:?}, "))?;
        f.write_str("]")
    }
}

fn needs(pattern: &PatternDeclaration, regex: &str) -> Needs {
    let mut needs = Needs {
        holds: Vec::new(),
        reach: [u16::MAX; 2],
        parts: Vec::new(),
    };
    let parsed = regex_syntax::parse(regex).ok();
    let Some(parsed) = parsed.filter(|_| pattern.kind == "regexes") else {
        return needs;
    };
    let mut sets = held(&parsed);
    let Some(best) = most_telling(&sets) else {
        return needs;
    };
    let Held { texts, reach } = sets.swap_remove(best);
    needs.holds = texts;
    let whole = matches!(pattern.scope, "paragraph" | "line");
    let bound = |is_bounded: bool, characters: Option<usize>| {
        let characters = characters.filter(|_| is_bounded);
        characters
            .and_then(|n| u16::try_from(n).ok())
            .unwrap_or(u16::MAX)
    };
    needs.reach = [
        bound(whole || pattern.scope.ends_with("-start"), reach[0]),
        bound(whole || pattern.scope.ends_with("-end"), reach[1]),
    ];
    sets.retain(|set| set.shortest() > 0);
    needs.parts = sets.into_iter().map(|set| set.texts).collect();
    needs
}

/// Texts of which a piece of a regex holds one in every match.
struct Held {
    texts: Vec<String>,
    /// How many characters stand before and behind it at most; nothing where there is no limit.
    reach: [Option<usize>; 2],
}

impl Held {
    fn shortest(&self) -> usize {
        self.texts.iter().map(String::len).min().unwrap_or(0)
    }

    /// The same, with more around it.
    fn inside(mut self, around: [Option<usize>; 2]) -> Self {
        for (reach, more) in self.reach.iter_mut().zip(around) {
            *reach = reach.zip(more).map(|(a, b)| a + b);
        }
        self
    }
}

/// Which of several sets says most.
fn most_telling(sets: &[Held]) -> Option<usize> {
    // Four characters say enough: then fewer are better.
    let telling = |at: &usize| {
        (
            sets[*at].shortest().min(12),
            usize::MAX - sets[*at].texts.len(),
        )
    };
    (0..sets.len())
        .filter(|at| sets[*at].shortest() > 0)
        .max_by_key(telling)
}

/// The sets of which every match of a piece of a regex holds one each.
fn held(piece: &Hir) -> Vec<Held> {
    match piece.kind() {
        HirKind::Capture(capture) => held(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => {
            let once = longest(&repetition.sub);
            let further = repetition.max.map(|most| most as usize - 1);
            let behind = once.zip(further).map(|(once, further)| once * further);
            let sets = held(&repetition.sub).into_iter();
            sets.map(|set| set.inside([Some(0), behind])).collect()
        }
        HirKind::Alternation(branches) => {
            let mut all = Held {
                texts: Vec::new(),
                reach: [Some(0); 2],
            };
            for branch in branches {
                let mut sets = held(branch);
                let Some(best) = most_telling(&sets) else {
                    return Vec::new();
                };
                let set = sets.swap_remove(best);
                all.texts.extend(set.texts);
                for (reach, other) in all.reach.iter_mut().zip(set.reach) {
                    *reach = (*reach).zip(other).map(|(a, b)| a.max(b));
                }
            }
            vec![all]
        }
        HirKind::Concat(pieces) => held_in_row(pieces),
        _ => {
            let set = |texts| Held {
                texts,
                reach: [Some(0); 2],
            };
            exact(piece).map(set).into_iter().collect()
        }
    }
}

/// The same of pieces one after the other. Neighbours of which all texts are known are one text.
fn held_in_row(pieces: &[Hir]) -> Vec<Held> {
    let length = |pieces: &[Hir]| -> Option<usize> { pieces.iter().map(longest).sum() };
    let mut sets: Vec<Held> = Vec::new();
    let mut at = 0;
    while at < pieces.len() {
        let (first, before) = (at, length(&pieces[..at]));
        let mut texts = vec![String::new()];
        while let Some(known) = pieces.get(at).and_then(exact) {
            if texts.len() * known.len() > MOST {
                break;
            }
            texts = product(&texts, &known);
            at += 1;
        }
        if at > first {
            let reach = [before, length(&pieces[at..])];
            sets.push(Held { texts, reach });
        } else {
            let around = [before, length(&pieces[at + 1..])];
            let inner = held(&pieces[at]).into_iter();
            sets.extend(inner.map(|set| set.inside(around)));
            at += 1;
        }
    }
    sets
}

/// How many characters a piece of a regex matches at most; nothing where there is no limit.
fn longest(piece: &Hir) -> Option<usize> {
    match piece.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(0),
        HirKind::Literal(literal) => Some(std::str::from_utf8(&literal.0).ok()?.chars().count()),
        HirKind::Class(_) => Some(1),
        HirKind::Capture(capture) => longest(&capture.sub),
        HirKind::Repetition(repetition) => {
            let once = longest(&repetition.sub)?;
            Some(repetition.max? as usize * once)
        }
        HirKind::Concat(pieces) => pieces.iter().map(longest).sum(),
        HirKind::Alternation(branches) => {
            let lengths: Option<Vec<usize>> = branches.iter().map(longest).collect();
            lengths?.into_iter().max()
        }
    }
}

/// The most texts that a piece is taken apart into.
const MOST: usize = 24;

/// All texts that a piece of a regex matches, where they are few.
fn exact(piece: &Hir) -> Option<Vec<String>> {
    let texts = match piece.kind() {
        HirKind::Empty => vec![String::new()],
        HirKind::Literal(literal) => vec![String::from_utf8(literal.0.to_vec()).ok()?],
        HirKind::Class(Class::Unicode(class)) => {
            let characters = class.iter().flat_map(|range| range.start()..=range.end());
            characters.take(MOST + 1).map(String::from).collect()
        }
        HirKind::Capture(capture) => exact(&capture.sub)?,
        HirKind::Repetition(repetition) if (repetition.min, repetition.max) == (0, Some(1)) => {
            let mut texts = exact(&repetition.sub)?;
            texts.push(String::new());
            texts
        }
        HirKind::Alternation(branches) => {
            let sets: Option<Vec<Vec<String>>> = branches.iter().map(exact).collect();
            sets?.concat()
        }
        HirKind::Concat(pieces) => {
            let mut texts = vec![String::new()];
            for piece in pieces {
                let next = exact(piece)?;
                if texts.len() * next.len() > MOST {
                    return None;
                }
                texts = product(&texts, &next);
            }
            texts
        }
        _ => return None,
    };
    (texts.len() <= MOST).then_some(texts)
}

fn product(heads: &[String], tails: &[String]) -> Vec<String> {
    let with = |head: &String| {
        tails
            .iter()
            .map(|tail| head.clone() + tail)
            .collect::<Vec<_>>()
    };
    heads.iter().flat_map(with).collect()
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
