//! `kanwu judge`: people say of findings whether they are right, one key each.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use console::{Key, Term};
use miette::{Context, IntoDiagnostic, Report, miette};

use super::checker::{self, Checked, Way};
use super::input::{self, Job, guarded};
use super::options::Looked;
use super::output::{self, Written};
use super::portions::{Portion, Stretch};
use super::schedule::in_order;
use crate::audit::{Record, Sampled, sample};
use crate::config::Told;
use crate::finding::Severity;
use crate::judgements::{FILE_NAME, Judgement, Judgements, Verdict};
use crate::language::Lang;
use crate::pattern;
use crate::registry::Registry;
use crate::report::Skipped;
use crate::rule::Group;
use crate::text::{is_han, visible};
use crate::told;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    looked: Looked,
    /// What `kanwu audit --profile` learned of the sites. Several are merged
    #[arg(long, value_name = "FILE")]
    profile: Vec<PathBuf>,
    /// The file that judgements are added to [default: the one that the configuration names, or
    /// kanwu.judgements.jsonl]
    #[arg(long, value_name = "FILE")]
    judgements: Option<PathBuf>,
    /// So many findings of each rule at most, drawn by chance
    #[arg(long, value_name = "N", default_value_t = 50)]
    sample: usize,
    /// By which chance draws
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Findings at least this severe
    #[arg(long, value_enum, value_name = "SEVERITY", default_value = "warning")]
    level: Severity,
    /// Who judges
    #[arg(long, value_name = "NAME", default_value = "")]
    by: String,
    /// Why, kept with each judgement of this run
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    /// Judge without asking: with --fingerprint those findings, else all of the sample
    #[arg(long, value_enum)]
    verdict: Option<Verdict>,
    /// Only the findings with these fingerprints
    #[arg(long, value_name = "HEX", value_delimiter = ',')]
    fingerprint: Vec<String>,
    /// Only list what is to be judged: fingerprint, rule, place and text, between tabs
    #[arg(long, conflicts_with = "verdict")]
    list: bool,
    /// Write what was judged as a word list to standard output, and check nothing: wrong words for
    /// a pack, or words that are right
    #[arg(long, value_enum, conflicts_with_all = ["verdict", "list"])]
    export: Option<Export>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Export {
    /// Wrong words and what they should read, as `kanwu learn` keeps them
    Pack,
    /// Words that were taken for wrong and are right
    Vocabulary,
}

pub(super) fn run(arguments: &Arguments, lang: Lang) -> miette::Result<ExitCode> {
    let mut configs = arguments.looked.configs(&arguments.profile)?;
    let inputs = input::collect(&arguments.looked.paths, None, &mut configs, false)?;
    inputs.skipped.iter().for_each(output::skipped);
    let (path, is_named) = file(arguments, &inputs.jobs)?;
    let mut judgements = match path.symlink_metadata() {
        Ok(_) => Judgements::read(&path).map_err(Report::msg)?,
        Err(_) => Judgements::default(),
    };
    if let Some(export) = arguments.export {
        let text = match export {
            Export::Pack => pack(&judgements),
            Export::Vocabulary => vocabulary(&judgements),
        };
        io::stdout().lock().write_all(text.as_bytes()).written()?;
        return Ok(ExitCode::SUCCESS);
    }
    let (queue, unread) = queue(arguments, &inputs.jobs, &judgements, lang)?;
    if arguments.list {
        list(&queue).written()?;
    } else {
        let before = judgements.list.len();
        let asked = match arguments.verdict {
            Some(verdict) => {
                let all = queue.iter().map(|s| judgement(arguments, s, verdict));
                judgements.list.extend(all);
                Ok(())
            }
            None if io::stdin().is_terminal() => ask(arguments, &queue, &mut judgements, lang),
            None => Err(miette!(
                help = lang.pick(
                    "--verdict right, wrong or unsure judges without asking; --list says what there is to judge",
                    "--verdict right、wrong 或 unsure 不询问直接评判；--list 列出待评判的发现"
                ),
                "{}",
                lang.pick("there is no terminal to ask on", "没有可供询问的终端")
            )),
        };
        // what was said before a mistake is not lost
        let more = judgements.list.len() - before;
        if more > 0 {
            judgements.write(&path).map_err(Report::msg)?;
        }
        asked?;
        let name = path.display();
        let plural = if more == 1 { "" } else { "s" };
        let added = told!(
            "{more} judgement{plural} added to {name}";
            "已把{more}条评判写入 {name}"
        );
        output::note(added.read(lang));
        if more > 0 && !is_named {
            let hint = told!(
                "`judgements = [\"{name}\"]` in kanwu.toml lets checks and the editor pass over what is wrong";
                "在 kanwu.toml 中写 `judgements = [\"{name}\"]`，检查和编辑器便略过误报"
            );
            output::note(hint.read(lang));
        }
    }
    Ok(if unread || !inputs.skipped.is_empty() {
        ExitCode::from(super::FAILED)
    } else {
        ExitCode::SUCCESS
    })
}

/// The file of judgements, and whether whatever checks these files reads it.
fn file(arguments: &Arguments, jobs: &[Job]) -> miette::Result<(PathBuf, bool)> {
    let config = jobs.first().and_then(|job| job.profile.config.as_ref());
    let named = config
        .map(|c| c.judgement_files())
        .transpose()?
        .unwrap_or_default();
    Ok(match &arguments.judgements {
        Some(path) => {
            let full = crate::config::absolute(path);
            (path.clone(), named.contains(&full))
        }
        None => match named.into_iter().next() {
            Some(path) => (path, true),
            None => (PathBuf::from(FILE_NAME), false),
        },
    })
}

/// What is to be judged, rule by rule; and whether a file could not be checked.
fn queue(
    arguments: &Arguments,
    jobs: &[Job],
    judgements: &Judgements,
    lang: Lang,
) -> miette::Result<(Vec<Sampled>, bool)> {
    let settled = judgements.settled();
    let is_settled = |finding: &Record| {
        u64::from_str_radix(&finding.fingerprint, 16).is_ok_and(|p| settled.contains_key(&p))
    };
    let wanted: HashSet<&str> = arguments.fingerprint.iter().map(String::as_str).collect();
    let mut rules: BTreeMap<String, BTreeMap<u64, Sampled>> = BTreeMap::new();
    let mut unread = false;
    let mut take = |file: &str, finding: Record| {
        let asked = if wanted.is_empty() {
            finding.severity >= arguments.level && !is_settled(&finding)
        } else {
            wanted.contains(finding.fingerprint.as_str())
        };
        if asked {
            let of_rule = rules.entry(finding.rule.clone()).or_default();
            let place = sample::order(&finding.fingerprint, arguments.seed);
            let file = file.to_owned();
            of_rule.entry(place).or_insert(Sampled { file, finding });
            if wanted.is_empty() && of_rule.len() > arguments.sample {
                of_rule.pop_last();
            }
        }
    };
    let portions = Portion::of_all(jobs);
    let threads = std::thread::available_parallelism().map_or(1, Into::into);
    in_order(
        &portions,
        threads.clamp(1, portions.len().max(1)),
        |portion| check(portion, &jobs[portion.job], lang),
        |outcome| {
            let stretches = outcome.unwrap_or_else(|skipped| {
                output::skipped(&skipped);
                unread = true;
                Vec::new()
            });
            for (file, checked) in stretches {
                let findings = checked.documents.into_iter().flat_map(|d| d.findings);
                findings.for_each(|finding| take(&file, finding));
                checked.unread.iter().for_each(output::skipped);
                unread |= !checked.unread.is_empty();
            }
            Ok(())
        },
    )
    .written()?;
    let queue: Vec<_> = rules
        .into_values()
        .flat_map(BTreeMap::into_values)
        .collect();
    if let Some(missing) = wanted
        .iter()
        .find(|w| queue.iter().all(|s| s.finding.fingerprint != **w))
    {
        let missing = visible(missing);
        let said = told!(
            "no finding here has the fingerprint {missing}";
            "此处没有指纹为 {missing} 的发现"
        );
        return Err(miette!(
            help = lang.pick(
                "`kanwu judge --list` lists the findings with their fingerprints",
                "`kanwu judge --list` 列出发现及其指纹"
            ),
            "{}",
            said.read(lang)
        ));
    }
    Ok((queue, unread))
}

/// The documents of a portion with their findings, each with the name of the file in which it
/// stands.
fn check(portion: &Portion, job: &Job, lang: Lang) -> Result<Vec<(String, Checked)>, Skipped> {
    let way = Way {
        lang,
        drawn: (0, 0),
    };
    let check = |stretch: &Stretch| {
        let told = Told {
            marks: &mut Vec::new,
            known: None,
            asks: false,
        };
        let checked = checker::read(job, portion, stretch, Some(told), way)?;
        Ok((stretch.name(&job.input), checked))
    };
    guarded(&job.input, || {
        portion.read(job)?.iter().map(check).collect()
    })
}

fn judgement(arguments: &Arguments, sampled: &Sampled, verdict: Verdict) -> Judgement {
    let finding = &sampled.finding;
    Judgement {
        fingerprint: finding.fingerprint.clone(),
        rule: finding.rule.clone(),
        text: finding.text.clone(),
        verdict,
        by: arguments.by.clone(),
        at: jiff::Timestamp::now()
            .strftime("%Y-%m-%dT%H:%M:%SZ")
            .to_string(),
        note: arguments.note.clone(),
        probability: Some(finding.probability),
        replacement: finding.replacement.clone(),
    }
}

fn list(queue: &[Sampled]) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for Sampled { file, finding: f } in queue {
        writeln!(
            out,
            "{}\t{}\t{}:{}:{}\t{}",
            f.fingerprint,
            f.rule,
            visible(file),
            f.line,
            f.column,
            visible(&f.text)
        )?;
    }
    out.flush()
}

/// Asks for each finding in turn.
fn ask(
    arguments: &Arguments,
    queue: &[Sampled],
    judgements: &mut Judgements,
    lang: Lang,
) -> miette::Result<()> {
    let term = Term::stdout();
    let before = judgements.list.len();
    let mut at = 0;
    term.write_line(lang.pick(
        "y damaged, as it says · n right as it stands · ? cannot tell · z back · s skip · q done",
        "y 属实，确有损坏 · n 误报，原文无误 · ? 无法判断 · z 退回 · s 跳过 · q 结束",
    ))
    .written()?;
    // the findings that were judged, in order, so that the last can be taken back
    let mut done = Vec::new();
    while let Some(sampled) = queue.get(at) {
        show(&term, sampled, at, queue.len()).written()?;
        let key = term
            .read_key()
            .into_diagnostic()
            .wrap_err("no key can be read")?;
        let verdict = match key {
            Key::Char('y') => Verdict::Right,
            Key::Char('n') => Verdict::Wrong,
            Key::Char('?' | 'u') => Verdict::Unsure,
            Key::Char('s') => {
                at += 1;
                continue;
            }
            Key::Char('z') if judgements.list.len() > before => {
                judgements.list.pop();
                at = done.pop().unwrap_or(0);
                continue;
            }
            Key::Char('q') | Key::Escape | Key::CtrlC | Key::Unknown => break,
            _ => continue,
        };
        judgements.list.push(judgement(arguments, sampled, verdict));
        done.push(at);
        at += 1;
    }
    Ok(())
}

fn show(term: &Term, sampled: &Sampled, at: usize, of: usize) -> io::Result<()> {
    let f = &sampled.finding;
    let bold = |text: &str| console::style(visible(text).into_owned()).bold().reverse();
    term.write_line(&format!(
        "\n{} of {of}  {}  {}:{}  {} %",
        at + 1,
        f.rule,
        visible(&sampled.file),
        f.line,
        (f.probability * 100.0).round()
    ))?;
    term.write_line(&format!(
        "  {}{}{}",
        visible(&f.before),
        bold(&f.text),
        visible(&f.after)
    ))?;
    term.write_line(&format!("  {}", visible(&f.message)))?;
    if let Some(replacement) = &f.replacement {
        term.write_line(&format!("  → {}", visible(replacement)))?;
    }
    Ok(())
}

/// Wrong words that people found right to be told of, as a pack holds them.
fn pack(judgements: &Judgements) -> String {
    let mut text = String::new();
    for judgement in settled(judgements, Verdict::Right) {
        let Some(right) = &judgement.replacement else {
            continue;
        };
        if !is_word(&judgement.text) || !is_word(right) {
            continue;
        }
        match pattern::learn(&text, &judgement.text, right) {
            Ok(Some(more)) => text = more,
            Ok(None) => {}
            Err(reason) => output::note(&format!("{}: {reason}", judgement.text)),
        }
    }
    text
}

/// Words that were taken for wrong.
fn vocabulary(judgements: &Judgements) -> String {
    // what other rules speak of is a place, and its text any part of a sentence
    let groups = [Group::Spelling, Group::Repeat, Group::Script];
    let cards = Registry::builtin().cards();
    let of_words = |rule: &str| {
        cards
            .iter()
            .any(|c| c.name == rule && groups.contains(&c.group))
    };
    let mut wrong = settled(judgements, Verdict::Wrong);
    wrong.retain(|judgement| of_words(&judgement.rule));
    let mut words: Vec<_> = wrong
        .iter()
        .map(|j| j.text.as_str())
        .filter(|w| is_word(w))
        .collect();
    words.sort_unstable();
    words.dedup();
    words.iter().map(|word| format!("{word}\n")).collect()
}

/// The judgements that hold and say so, in the order of their texts.
fn settled(judgements: &Judgements, verdict: Verdict) -> Vec<&Judgement> {
    let settled = judgements.settled().into_values();
    let mut list: Vec<_> = settled.filter(|j| j.verdict == verdict).collect();
    list.sort_by(|a, b| (&a.text, &a.fingerprint).cmp(&(&b.text, &b.fingerprint)));
    list
}

/// A word of Chinese: what stands in a list of words holds wherever it stands, so a single
/// character does not go in.
fn is_word(text: &str) -> bool {
    (2..=12).contains(&text.chars().count()) && text.chars().all(is_han)
}
