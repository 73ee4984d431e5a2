//! Fits what `missing-character` and `extra-character` need: trees over the evidence of
//! `reading::proofreading::omissions`.
//!
//! Every place of the texts that the gate passes is taken for right. Each text is read a second
//! time with characters left out of its words and others set in, and what is found at those places
//! is taken for lapses.

use super::boost::{Options, Rows, fit_without_own, score_held_out};
use super::figures::{self, Figures};
use super::random::Random;
use crate::model::Model;
use crate::model::container::{ModelError, Writer};
use crate::model::trees::Trees;
use crate::reading::proofreading::omissions::{
    self, FITTED, Gate, Kind, Lapse, LapseFinder, Omission, PARTS, WIDTH,
};
use crate::said;
use crate::text::is_han;

/// Characters between two lapses of a damaged text, about.
const SPACING: usize = 120;
/// How often each text is damaged, in other places each time.
const TIMES: usize = 2;
/// Probability from which a place of the texts is taken for a lapse of its own.
const ASIDE: f32 = 0.8;
/// Probability from which a place counts as found when the trees are measured.
const FOUND: f32 = 0.5;

/// Adds the trees to a copy of a model.
///
/// # Errors
/// If what was fitted cannot be read back.
pub fn fit(
    model: &Model,
    (texts, unseen): (&[&str], &[&str]),
    tell: &mut dyn FnMut(&str),
) -> Result<(Writer, Figures), ModelError> {
    let gathered = gather(model, texts);
    let measured = gather(model, unseen);
    let mut figures = Figures::new();
    let mut writer = Writer::copy_of(model);
    for (kind, part) in PARTS.into_iter().enumerate() {
        let rows = &gathered.rows[kind];
        let lapses = rows.iter().filter(|r| r.1).count();
        let (rows_of_it, made, characters) = (rows.len(), gathered.made[kind], gathered.characters);
        tell(&said!(
            "{part}: {rows_of_it} rows, {lapses} of the {made} lapses, in {characters} characters";
            "{part}：{rows_of_it}行，其中脱漏{lapses}处（共{made}处），{characters}字"
        ));
        let trees = gathered.fit(kind, part, tell)?;
        measured.measure(kind, part, &trees, &mut figures);
        writer.put(part, omissions::VERSION, trees);
    }
    Ok((writer, figures))
}

/// A row, whether it is a lapse, whether it is from a damaged text, and its fold.
type Row = ([f32; WIDTH], bool, bool, u8);

#[derive(Default)]
struct Gathered {
    rows: [Vec<Row>; 2],
    made: [usize; 2],
    characters: usize,
}

fn kind_of(lapse: &Lapse) -> usize {
    usize::from(lapse.kind == Kind::Extra)
}

/// The paragraphs of a text: its lines.
pub(super) fn lines(text: &str) -> impl Iterator<Item = std::ops::Range<usize>> + Clone + '_ {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        start..start + line.trim_end().len()
    })
}

fn gather(model: &Model, texts: &[&str]) -> Gathered {
    let finder = LapseFinder::of(model);
    let mut random = Random::new(11);
    let mut gathered = Gathered::default();
    for (number, text) in texts.iter().enumerate() {
        let fold = (number % 4) as u8;
        gathered.characters += text.chars().count();
        // a text is read through the quick gate first, and through the close one if it has many
        // lapses
        let gate = if (number / 4) % 2 == 0 {
            &Gate::QUICK
        } else {
            &Gate::CLOSE
        };
        for lapse in finder.lapses(text, lines(text), gate) {
            gathered.rows[kind_of(&lapse)].push((lapse.row, false, false, fold));
        }
        for _ in 0..TIMES {
            let (damaged, made) = damage(model, text, &mut random);
            for (_, what) in &made {
                gathered.made[usize::from(what.is_none())] += 1;
            }
            for lapse in finder.lapses(&damaged, lines(&damaged), gate) {
                let next = made.partition_point(|m| m.0 + 6 < lapse.at);
                let near = made.get(next).filter(|m| m.0 <= lapse.at + 6);
                let Some(&(at, what)) = near else { continue };
                let right = match (lapse.kind, what) {
                    (Kind::Missing(id), Some(c)) => {
                        at == lapse.at && model.characters().id(c) == id
                    }
                    (Kind::Extra, None) => at == lapse.at,
                    _ => false,
                };
                gathered.rows[kind_of(&lapse)].push((lapse.row, right, true, fold));
            }
        }
    }
    gathered
}

/// A text with characters left out of its words, and others set in: where, and which character is
/// missing (none where one is too much).
fn damage(model: &Model, text: &str, random: &mut Random) -> (String, Vec<(usize, Option<char>)>) {
    let mut words = Vec::new();
    model.segment(text, &mut words);
    let characters: Vec<char> = text.chars().filter(|&c| is_han(c)).collect();
    let (mut damaged, mut made) = (String::with_capacity(text.len()), Vec::new());
    let mut from = 0;
    let mut left = random.below(2 * SPACING);
    for word in &words {
        let count = usize::from(word.characters);
        if left > count {
            left -= count;
            continue;
        }
        let (start, end) = (word.start as usize, word.end as usize);
        let spelling = &text[start..end];
        if count < 2 || !spelling.chars().all(is_han) {
            continue;
        }
        let Some((at, c)) = spelling.char_indices().nth(random.below(count)) else {
            continue;
        };
        damaged.push_str(&text[from..start + at]);
        if random.below(2) == 0 {
            made.push((damaged.len(), Some(c)));
            from = start + at + c.len_utf8();
        } else {
            let extra = characters[random.below(characters.len())];
            if extra == c || text[..start + at].ends_with(extra) {
                from = start + at;
                continue;
            }
            made.push((damaged.len(), None));
            damaged.push(extra);
            from = start + at;
        }
        left = SPACING / 2 + random.below(SPACING);
    }
    damaged.push_str(&text[from..]);
    (damaged, made)
}

impl Gathered {
    /// Scraped text holds lapses itself.
    fn fit(
        &self,
        kind: usize,
        part: &'static str,
        tell: &mut dyn FnMut(&str),
    ) -> Result<Vec<u8>, ModelError> {
        let options = Options {
            trees: 140,
            leaves: 14,
            min_rows: 25.0,
            ..Options::default()
        };
        let all = &self.rows[kind];
        let weight = self.characters as f32 * FITTED / self.made[kind].max(1) as f32;
        let rows_of = |keep: &dyn Fn(&[f32; WIDTH]) -> bool| {
            let (mut rows, mut folds) = (Rows::new(Omission::NAMES), Vec::new());
            for row in all.iter().filter(|row| row.2 || keep(&row.0)) {
                rows.push(&row.0, row.1, if row.2 { weight } else { 1.0 });
                folds.push(row.3);
            }
            (rows, folds)
        };
        let (rows, folds) = rows_of(&|_| true);
        self.tell_curve(kind, &score_held_out(&rows, &folds, &options), tell);
        let is_lapse = |judge: &Trees<'_>, row: &[f32; WIDTH]| judge.probability(row) > ASIDE;
        fit_without_own((part, 1), &options, rows_of, is_lapse, tell)
    }

    /// Notes what trees find in texts that they were not fitted on.
    fn measure(&self, kind: usize, part: &str, trees: &[u8], into: &mut Figures) {
        let Ok(trees) = Trees::read(trees) else {
            return;
        };
        let found = |row: &&Row| trees.probability(&row.0) >= FOUND;
        let (damaged, clean): (Vec<&Row>, Vec<&Row>) = self.rows[kind].iter().partition(|r| r.2);
        let right = damaged.iter().filter(|r| r.1 && found(r)).count();
        let recall = right as f64 / self.made[kind].max(1) as f64;
        into.insert(format!("recall.{part}"), recall);
        let alarms = clean.iter().filter(|r| found(r)).count();
        figures::alarms(into, part, alarms, self.characters);
    }

    /// Says what is found of the lapses at a rate of places that the texts hold anyway, by trees
    /// that did not see the document.
    fn tell_curve(&self, kind: usize, scores: &[f32], tell: &mut dyn FnMut(&str)) {
        let mut ranked: Vec<(f32, &Row)> = scores.iter().copied().zip(&self.rows[kind]).collect();
        ranked.sort_by(|x, y| y.0.total_cmp(&x.0));
        let (mut found, mut alarms) = (0, 0);
        for (score, row) in ranked {
            found += usize::from(row.1);
            alarms += usize::from(!row.2);
            let allowed =
                |per: &&f32| (**per * self.characters as f32 / 1e5).round() as usize == alarms;
            if !row.2
                && let Some(per) = [0.3, 1.0, 2.0, 3.0, 5.0, 8.0].iter().find(allowed)
            {
                let recall = found as f32 / self.made[kind] as f32;
                tell(&said!(
                    "{recall:.3} found at {per} alarms per 100,000, log-odds {score:.2}";
                    "每十万字误报{per}处时找到{recall:.3}，对数几率{score:.2}"
                ));
            }
        }
    }
}
