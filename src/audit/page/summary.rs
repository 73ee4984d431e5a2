//! What the page says without JavaScript: sums, what repeats, the worst.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::OnceLock;

use regex::Regex;
use serde::Serialize;

use crate::audit::compare::Changes;
use crate::audit::rows::first;
use crate::audit::screen::count;
use crate::audit::{
    Audit, CopiedFile, FileTotals, FoundHome, PlantedPhrase, Precision, RepeatedConfusion,
    RepeatedLine, Share, SharedPassage, SkippedFile, Totals,
};
use crate::corpus::Question;
use crate::registry::Registry;

/// Rows of tables that may be long.
const ROWS: usize = 50;
/// Sources and rules of the heat table.
const SOURCES: usize = 40;
const RULES: usize = 10;
/// Sentences at the head.
const ALERTS: usize = 3;
/// Damages per 100,000 characters from which a cell is of the next heat.
const HEAT: [f64; 5] = [0.0, 2.0, 8.0, 30.0, 100.0];

/// Everything that the template shows of an audit.
#[derive(Serialize)]
pub(super) struct Summary<'a> {
    kanwu: &'a str,
    c: &'a Totals,
    alerts: Vec<[String; 2]>,
    repeats: Repeats<'a>,
    rules: Vec<RuleRow<'a>>,
    precision: Option<&'a Precision>,
    changes: Option<&'a BTreeMap<String, Changes>>,
    heat: Heat<'a>,
    dates: Vec<DateRow>,
    worst: Vec<FileTotals>,
    skipped: &'a [SkippedFile],
    more_skipped: usize,
}

#[derive(Serialize)]
struct Repeats<'a> {
    watermarks: &'a [PlantedPhrase],
    confusions: &'a [RepeatedConfusion],
    lines: Vec<&'a RepeatedLine>,
    more_lines: usize,
    duplicates: Vec<CopiedFile>,
    more_duplicates: usize,
    passages: Vec<SharedPassage>,
    more_passages: usize,
    homes: Vec<FoundHome>,
    more_homes: usize,
}

#[derive(Serialize)]
struct RuleRow<'a> {
    name: &'a str,
    summary: &'static str,
    chinese: [&'static str; 2],
    errors: usize,
    warnings: usize,
    infos: usize,
    files: usize,
    rate: f64,
    stated: Option<f64>,
    judged: Option<Share>,
}

#[derive(Serialize)]
struct Heat<'a> {
    rules: Vec<&'a str>,
    rows: Vec<HeatRow<'a>>,
    more: usize,
}

/// A rate and how hot it is.
type Cell = (f64, usize);

#[derive(Serialize)]
struct HeatRow<'a> {
    name: &'a str,
    files: usize,
    all: Cell,
    cells: Vec<Cell>,
}

#[derive(Serialize)]
struct DateRow {
    name: String,
    files: usize,
    rate: f64,
    heat: usize,
}

impl<'a> Summary<'a> {
    pub(super) fn new(audit: &'a Audit) -> io::Result<Self> {
        let skipped = &audit.skipped[..audit.skipped.len().min(ROWS)];
        Ok(Self {
            kanwu: &audit.kanwu,
            c: &audit.collection,
            alerts: alerts(audit)?,
            repeats: repeats(audit)?,
            rules: rules(audit),
            precision: audit.precision.as_ref(),
            changes: audit.comparison.as_ref().map(|c| &c.rules),
            heat: heat(audit),
            dates: dates(audit)?,
            worst: audit.worst(ROWS)?,
            more_skipped: audit.skipped.len() - skipped.len(),
            skipped,
        })
    }
}

/// What there is to be said first, in sentences: in English and in Chinese.
fn alerts(audit: &Audit) -> io::Result<Vec<[String; 2]>> {
    let mut list = Vec::new();
    let r = &audit.repeats;
    for w in r.watermarks.iter().take(ALERTS) {
        let (n, text) = (count(w.documents), &w.text);
        list.push([
            format!("{n} files carry the watermark “{text}”."),
            format!("{n} 个文件带有水印“{text}”。"),
        ]);
    }
    for d in r.duplicates.iter().take(ALERTS) {
        let d = d?;
        let [first, second] = &d.files;
        let alike = format!("{:.0} %", d.alike * 100.0);
        list.push(if d.exact {
            [
                format!("{second} is {first}."),
                format!("{second} 与 {first} 完全相同。"),
            ]
        } else {
            [
                format!("{second} is a copy of {first}, {alike} alike."),
                format!("{second} 与 {first} 重复，相似度 {alike}。"),
            ]
        });
    }
    if r.duplicates.len() > ALERTS {
        let n = count(r.duplicates.len());
        list.push([
            format!("{n} files are copies of others."),
            format!("共有 {n} 个文件与其他文件重复。"),
        ]);
    }
    let is_home = |h: &FoundHome| h.kind == Question::Home;
    let mut homes = r.homes.iter();
    if let Some(h) = homes.find(|h| h.as_ref().map_or(true, is_home)) {
        let h = h?;
        let [file, other] = &h.files;
        list.push([
            format!("A part of {file} belongs to {other}."),
            format!("{file} 中有文字应属于 {other}。"),
        ]);
    }
    let masked = r.lines.iter().filter(|l| l.masked).count();
    if masked > 0 {
        let n = count(masked);
        list.push([
            format!("{n} lines are set by sites on their pages; they count for nothing else here."),
            format!("{n} 种行为站点固定内容，不计入其他各项。"),
        ]);
    }
    if !audit.skipped.is_empty() {
        let n = count(audit.skipped.len());
        list.push([
            format!("{n} files were not checked."),
            format!("{n} 个文件未能检查。"),
        ]);
    }
    if audit.collection.judged_wrong > 0 {
        let n = count(audit.collection.judged_wrong);
        list.push([
            format!("{n} findings were judged wrong and are left out."),
            format!("{n} 条结果经复核为误报，已排除。"),
        ]);
    }
    Ok(list)
}

fn repeats(audit: &Audit) -> io::Result<Repeats<'_>> {
    let r = &audit.repeats;
    let masked = || r.lines.iter().filter(|l| l.masked);
    let length = |p: &SharedPassage| Reverse(p.characters);
    let passages = first(r.passages.iter(), ROWS, |a, b| length(a).cmp(&length(b)))?;
    let duplicates: Vec<_> = r.duplicates.iter().take(ROWS).collect::<Result<_, _>>()?;
    // that the files are pages of one text is no damage
    let mut damages = 0;
    let homes = r.homes.iter().filter(|home| {
        let is_damage = home.as_ref().map_or(true, |h| !h.turns_page);
        damages += usize::from(is_damage);
        is_damage
    });
    let homes = first(homes, ROWS, |a, b| b.probability.total_cmp(&a.probability))?;
    Ok(Repeats {
        watermarks: &r.watermarks[..r.watermarks.len().min(ROWS)],
        confusions: &r.confusions[..r.confusions.len().min(ROWS)],
        lines: masked().take(ROWS).collect(),
        more_lines: masked().count().saturating_sub(ROWS),
        more_duplicates: r.duplicates.len() - duplicates.len(),
        duplicates,
        more_passages: r.passages.len() - passages.len(),
        more_homes: damages - homes.len(),
        homes,
        passages,
    })
}

fn rules(audit: &Audit) -> Vec<RuleRow<'_>> {
    let cards = Registry::builtin().cards();
    let mut rows: Vec<_> = audit
        .rules
        .iter()
        .map(|(name, r)| {
            let damages = r.errors + r.warnings;
            let card = cards.iter().find(|card| card.name == name);
            let judged = audit
                .precision
                .as_ref()
                .and_then(|p| p.rules.get(name)?.precision);
            RuleRow {
                name,
                summary: card.map_or("", |card| card.summary),
                chinese: card.map_or([""; 2], |c| [c.chinese.name, c.chinese.summary]),
                errors: r.errors,
                warnings: r.warnings,
                infos: r.infos,
                files: r.files,
                rate: per_100_000(damages, audit.collection.characters),
                stated: (damages > 0).then(|| r.expected / damages as f64),
                judged,
            }
        })
        .collect();
    rows.sort_by_key(|r| (Reverse((r.errors + r.warnings, r.infos)), r.name));
    rows
}

fn per_100_000(n: usize, characters: usize) -> f64 {
    n as f64 * 1e5 / characters.max(1) as f64
}

fn cell(n: usize, characters: usize) -> Cell {
    let rate = per_100_000(n, characters);
    (rate, HEAT.iter().filter(|bound| rate > **bound).count())
}

/// The worst sources against the rules that speak most.
fn heat(audit: &Audit) -> Heat<'_> {
    let mut rules: Vec<_> = audit
        .rules
        .iter()
        .map(|(name, r)| (r.errors + r.warnings, name))
        .collect();
    rules.retain(|(n, _)| *n > 0);
    rules.sort_by_key(|(n, name)| (Reverse(*n), *name));
    rules.truncate(RULES);
    let mut sources: Vec<_> = audit.sources.iter().collect();
    sources.sort_by(|a, b| {
        let rate = |s: &crate::audit::SourceTotals| s.damage / s.characters.max(1) as f64;
        rate(b.1).total_cmp(&rate(a.1)).then_with(|| a.0.cmp(b.0))
    });
    let rows = sources.iter().take(SOURCES).map(|(name, s)| HeatRow {
        name,
        files: s.files,
        all: cell(s.damages, s.characters),
        cells: rules
            .iter()
            .map(|(_, rule)| cell(s.rules.get(*rule).copied().unwrap_or(0), s.characters))
            .collect(),
    });
    Heat {
        rows: rows.collect(),
        rules: rules.iter().map(|(_, name)| name.as_str()).collect(),
        more: sources.len().saturating_sub(SOURCES),
    }
}

/// By year, or by month where there are few years, if most names of files hold a date.
fn dates(audit: &Audit) -> io::Result<Vec<DateRow>> {
    static DATE: OnceLock<Option<Regex>> = OnceLock::new();
    const PATTERN: &str = r"(?:^|\D)((?:18|19|20)\d\d)(?:[-_/.年]?(0[1-9]|1[0-2])(?:[-_/.月]?(?:0[1-9]|[12]\d|3[01]))?)?(?:\D|$)";
    let Some(date) = DATE.get_or_init(|| Regex::new(PATTERN).ok()) else {
        return Ok(Vec::new());
    };
    let mut dated = 0;
    let mut months: BTreeMap<(String, Option<String>), [usize; 3]> = BTreeMap::new();
    for f in audit.files.iter() {
        let f = f?;
        let Some(found) = date.captures(&f.file) else {
            continue;
        };
        dated += 1;
        let month = found.get(2).map(|m| m.as_str().to_owned());
        let sum = months.entry((found[1].to_owned(), month)).or_default();
        sum[0] += 1;
        sum[1] += f.errors + f.warnings;
        sum[2] += f.characters;
    }
    if dated * 2 < audit.files.len().max(1) {
        return Ok(Vec::new());
    }
    let years: BTreeSet<_> = months.keys().map(|(year, _)| year).collect();
    let by_month = years.len() < 3;
    let mut sums: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    for ((year, month), of_month) in &months {
        let name = match month.as_ref().filter(|_| by_month) {
            Some(month) => format!("{year}-{month}"),
            None => year.clone(),
        };
        let sum = sums.entry(name).or_default();
        sum.iter_mut().zip(of_month).for_each(|(sum, n)| *sum += n);
    }
    if sums.len() < 2 {
        return Ok(Vec::new());
    }
    let rows = sums
        .into_iter()
        .map(|(name, [files, damages, characters])| {
            let (rate, heat) = cell(damages, characters);
            DateRow {
                name,
                files,
                rate,
                heat,
            }
        });
    Ok(rows.collect())
}
