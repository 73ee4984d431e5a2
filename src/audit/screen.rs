//! What the terminal shows of an audit: thirty lines.

use std::fmt::Write;

use super::compare::{Changes, Comparison};
use super::{Audit, Precision, Repeats, Share};

const RULES: usize = 8;
const FILES: usize = 5;
const SOURCES: usize = 3;

/// The screen.
#[must_use]
pub fn screen(audit: &Audit) -> String {
    let mut out = String::new();
    // writing to a string does not fail
    let _ = head(&mut out, audit);
    let _ = rules(&mut out, audit);
    let _ = worst(&mut out, audit);
    let _ = repeats(&mut out, &audit.repeats);
    let _ = audit.precision.iter().try_for_each(|p| trust(&mut out, p));
    let _ = audit
        .comparison
        .iter()
        .try_for_each(|c| changed(&mut out, c));
    out
}

fn head(out: &mut String, audit: &Audit) -> std::fmt::Result {
    let c = &audit.collection;
    writeln!(
        out,
        "{} files, {} characters, {} sources{}",
        count(c.files),
        count(c.characters),
        count(audit.sources.len()),
        match audit.skipped.len() {
            0 => String::new(),
            n => format!("; {} not checked", count(n)),
        }
    )?;
    let [share, low, high] = c.damaged_share.map(|s| s * 100.0);
    writeln!(
        out,
        "score {:.1} (median of files {:.1}): {share:.2} % of the characters stand in damaged paragraphs (95 %: {low:.2} to {high:.2})",
        c.score, c.median_score
    )?;
    writeln!(
        out,
        "{} errors and {} warnings in {} files, {} of them expected to be right; {} notes",
        count(c.errors),
        count(c.warnings),
        count(c.damaged_files),
        count(c.expected.round() as usize),
        count(c.infos)
    )
}

fn rules(out: &mut String, audit: &Audit) -> std::fmt::Result {
    let mut rules: Vec<_> = audit
        .rules
        .iter()
        .filter(|(_, r)| r.errors + r.warnings > 0)
        .collect();
    if rules.is_empty() {
        return Ok(());
    }
    rules.sort_by_key(|(name, r)| (usize::MAX - r.errors - r.warnings, *name));
    writeln!(
        out,
        "\n{:26} {:>9} {:>9} {:>9} {:>12} {:>9}",
        "rule", "errors", "warnings", "files", "per 100,000", "right"
    )?;
    for (name, r) in rules.iter().take(RULES) {
        let found = r.errors + r.warnings;
        let rate = found as f64 * 1e5 / audit.collection.characters.max(1) as f64;
        writeln!(
            out,
            "{name:26} {:>9} {:>9} {:>9} {rate:>12.2} {:>8.0}%",
            count(r.errors),
            count(r.warnings),
            count(r.files),
            r.expected * 100.0 / found as f64
        )?;
    }
    match rules.get(RULES..) {
        Some(rest) if !rest.is_empty() => {
            let found: usize = rest.iter().map(|(_, r)| r.errors + r.warnings).sum();
            writeln!(
                out,
                "and {} more rules with {} findings",
                rest.len(),
                count(found)
            )
        }
        _ => Ok(()),
    }
}

fn worst(out: &mut String, audit: &Audit) -> std::fmt::Result {
    let mut files: Vec<_> = audit
        .files
        .iter()
        .filter(|f| f.errors + f.warnings > 0)
        .collect();
    files.sort_by(|a, b| {
        a.score
            .total_cmp(&b.score)
            .then_with(|| a.file.cmp(&b.file))
    });
    if !files.is_empty() {
        writeln!(out, "\nworst files")?;
    }
    for f in files.iter().take(FILES) {
        writeln!(
            out,
            "{:>5.1}  {}  {} errors, {} warnings in {} characters: {}",
            f.score,
            visible(&f.file),
            f.errors,
            f.warnings,
            count(f.characters),
            f.causes.join(", ")
        )?;
    }
    if audit.sources.len() < 2 {
        return Ok(());
    }
    let rate = |damage: f64, characters: usize| damage * 1000.0 / characters.max(1) as f64;
    let mut sources: Vec<_> = audit
        .sources
        .iter()
        .filter(|(_, s)| s.damages > 0)
        .collect();
    sources.sort_by(|a, b| {
        rate(b.1.damage, b.1.characters)
            .total_cmp(&rate(a.1.damage, a.1.characters))
            .then_with(|| a.0.cmp(b.0))
    });
    if !sources.is_empty() {
        let shown: Vec<_> = sources
            .iter()
            .take(SOURCES)
            .map(|(name, s)| {
                format!(
                    "{} ({:.2} a 1,000 characters)",
                    visible(name),
                    rate(s.damage, s.characters)
                )
            })
            .collect();
        writeln!(out, "worst sources: {}", shown.join(", "))?;
    }
    Ok(())
}

fn repeats(out: &mut String, repeats: &Repeats) -> std::fmt::Result {
    let masked = repeats.lines.iter().filter(|l| l.masked).count();
    if masked + repeats.watermarks.len() + repeats.duplicates.len() + repeats.passages.len() == 0 {
        return Ok(());
    }
    writeln!(out, "\nwhat repeats across files")?;
    for w in repeats.watermarks.iter().take(2) {
        writeln!(
            out,
            "the watermark {} is planted in {} files, {} times",
            visible(&w.text),
            count(w.documents),
            count(w.times)
        )?;
    }
    if let Some(line) = repeats.lines.iter().find(|l| l.masked) {
        writeln!(
            out,
            "{} lines of sites, first of them {} in {} of {} files of {}",
            count(masked),
            visible(&shorten(&line.text)),
            count(line.documents),
            count(line.of),
            visible(&line.source)
        )?;
    }
    if let Some(copy) = repeats.duplicates.first() {
        let exact = repeats.duplicates.iter().filter(|d| d.exact).count();
        writeln!(
            out,
            "{} copies, {} of them exact, such as {} of {}",
            count(repeats.duplicates.len()),
            count(exact),
            visible(&copy.files[1]),
            visible(&copy.files[0])
        )?;
    }
    if let Some(p) = repeats.passages.iter().max_by_key(|p| p.characters) {
        writeln!(
            out,
            "{} shared passages, the longest of {} characters in {} and {}",
            count(repeats.passages.len()),
            count(p.characters),
            visible(&p.files[0]),
            visible(&p.files[1])
        )?;
    }
    Ok(())
}

/// How far the findings can be trusted, as people judged.
fn trust(out: &mut String, precision: &Precision) -> std::fmt::Result {
    writeln!(out, "\njudged by people")?;
    if !precision.rules.is_empty() {
        writeln!(
            out,
            "{:26} {:>7} {:>7} {:>7}   {:22} {:>12}",
            "rule", "right", "wrong", "unsure", "precision (95 %)", "more for ±5"
        )?;
    }
    for (name, rule) in &precision.rules {
        let share = rule.precision.map(percent).unwrap_or_default();
        let [right, wrong, unsure, more] =
            [rule.right, rule.wrong, rule.unsure, rule.more].map(count);
        writeln!(
            out,
            "{name:26} {right:>7} {wrong:>7} {unsure:>7}   {share:22} {more:>12}"
        )?;
    }
    if let Some(share) = precision.overall {
        writeln!(out, "all, weighted by findings: {}", percent(share))?;
    }
    if !precision.reliability.is_empty() {
        let bins: Vec<_> = precision
            .reliability
            .iter()
            .map(|b| {
                let stated = b.stated * 100.0;
                format!(
                    "stated {stated:.0} %: observed {} in {}",
                    percent(b.observed),
                    b.judged
                )
            })
            .collect();
        writeln!(out, "{}", bins.join("; "))?;
    }
    if let Some(u) = &precision.unflagged {
        let (share, damaged) = (percent(u.share), count(u.damaged));
        writeln!(
            out,
            "paragraphs without findings: {damaged} of {} damaged, {share}",
            count(u.judged)
        )?;
    }
    if precision.gone > 0 {
        writeln!(
            out,
            "{} judgements are of findings that are there no more",
            count(precision.gone)
        )?;
    }
    Ok(())
}

fn percent(share: Share) -> String {
    let [share, low, high] = share.map(|s| s * 100.0);
    format!("{share:.0} % ({low:.0} to {high:.0})")
}

/// What has changed since another audit.
fn changed(out: &mut String, comparison: &Comparison) -> std::fmt::Result {
    let [before, now] = comparison.score;
    writeln!(out, "\nsince then: score {before:.1} to {now:.1}")?;
    writeln!(
        out,
        "{:26} {:>9} {:>9} {:>9}",
        "rule", "new", "gone", "unchanged"
    )?;
    let mut rules: Vec<_> = comparison.rules.iter().collect();
    rules.sort_by_key(|(name, c)| (usize::MAX - c.new - c.gone, *name));
    let (shown, rest) = rules.split_at(rules.len().min(RULES));
    let mut line = |name: &str, c: Changes| {
        let [new, gone, unchanged] = [c.new, c.gone, c.unchanged].map(count);
        writeln!(out, "{name:26} {new:>9} {gone:>9} {unchanged:>9}")
    };
    shown.iter().try_for_each(|(name, c)| line(name, **c))?;
    if rest.is_empty() {
        return Ok(());
    }
    let sum = rest.iter().fold(Changes::default(), |sum, (_, c)| Changes {
        new: sum.new + c.new,
        gone: sum.gone + c.gone,
        unchanged: sum.unchanged + c.unchanged,
    });
    line("other rules", sum)
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(24) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A name or text of a file without what would steer a terminal.
fn visible(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars()
        .map(|c| if hidden(c) { '\u{fffd}' } else { c })
        .collect()
}

/// A number with commas between thousands.
pub(crate) fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::{count, visible};

    #[test]
    fn thousands_are_told_apart() {
        assert_eq!(
            [0, 999, 1000, 1_234_567].map(count),
            ["0", "999", "1,000", "1,234,567"]
        );
    }

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        assert_eq!(visible("a\u{1b}[2Jb\u{202e}"), "a\u{fffd}[2Jb\u{fffd}");
    }
}
