//! What scores are worth: a rising curve from the scores of rows to log-odds.

/// A row with its score.
pub(super) struct Scored {
    pub(super) score: f32,
    pub(super) label: bool,
    pub(super) weight: f64,
    pub(super) offset: f64,
}

/// Rows with neighbouring scores.
#[derive(Default)]
struct Group {
    rows: Vec<Scored>,
    score: f64,
    right: f64,
    weight: f64,
}

impl Group {
    fn push(&mut self, row: Scored) {
        self.score += f64::from(row.score) * row.weight;
        self.weight += row.weight;
        self.right += if row.label { row.weight } else { 0.0 };
        self.rows.push(row);
    }

    fn merge(&mut self, other: Self) {
        self.score += other.score;
        self.weight += other.weight;
        self.right += other.right;
        self.rows.extend(other.rows);
    }

    /// The log-odds that, with the offsets of the rows, explain how many are right; half a row each
    /// way keeps them finite.
    fn log_odds(&self) -> f64 {
        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        let expected = |v: f64| {
            let rows = self.rows.iter().map(|r| r.weight * sigmoid(v + r.offset));
            sigmoid(v) + rows.sum::<f64>()
        };
        let (mut low, mut high) = (-30.0, 30.0);
        for _ in 0..48 {
            let middle = (low + high) / 2.0;
            if expected(middle) < self.right + 0.5 {
                low = middle;
            } else {
                high = middle;
            }
        }
        (low + high) / 2.0
    }
}

/// A rising curve from scores to log-odds: groups of neighbouring scores, each with its observed
/// odds, merged where they run backwards (pool adjacent violators).
pub(super) fn calibration(mut scored: Vec<Scored>) -> Vec<(f32, f32)> {
    scored.sort_by(|a, b| a.score.total_cmp(&b.score).then(a.label.cmp(&b.label)));
    // A group holds enough of the rarer answer to be counted on.
    let rarer: f64 = scored.iter().filter(|s| s.label).map(|s| s.weight).sum();
    let enough = (rarer / 24.0).max(30.0);
    let mut groups: Vec<(Group, f64)> = Vec::new();
    let mut open = Group::default();
    for row in scored {
        open.push(row);
        if open.right >= enough || (open.right >= 4.0 && open.weight >= 400.0 * enough) {
            let mut group = std::mem::take(&mut open);
            let mut log_odds = group.log_odds();
            while let Some((mut before, _)) = groups.pop_if(|(_, before)| *before >= log_odds) {
                before.merge(group);
                group = before;
                log_odds = group.log_odds();
            }
            groups.push((group, log_odds));
        }
    }
    if open.weight > 0.0 {
        if let Some((mut last, _)) = groups.pop() {
            last.merge(open);
            open = last;
        }
        let log_odds = open.log_odds();
        groups.push((open, log_odds));
    }
    let mut knots: Vec<(f32, f32)> = Vec::new();
    for (group, log_odds) in groups {
        let knot = ((group.score / group.weight) as f32, log_odds as f32);
        if knots.last().is_none_or(|last| last.0 < knot.0) {
            knots.push(knot);
        }
    }
    knots
}
