//! What pieces of evidence mean, in words; and which of them spoke loudest for a finding.
//!
//! The trees keep the mean of every node, so a row is taken apart by the way it goes through them:
//! at each step the difference of the means belongs to the piece of evidence that was asked there
//! (Saabas, *Interpreting random forests*, 2014). The shares add up to the log-odds before
//! calibration, less those of an average row.

use crate::model::Model;

/// Declares the evidence that fitted trees weigh. Each piece stands once: its field, its name in
/// the model, what it means in English and in Chinese; the order is that of the columns. A row is
/// built by field and read by field; `columns` is what the trees are handed.
macro_rules! evidence {
    (
        $(#[$about:meta])*
        $visibility:vis struct $row:ident {
            $($field:ident = $name:literal: $english:literal, $chinese:literal;)+
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug)]
        $visibility struct $row {
            $(#[doc = $english] $visibility $field: f32,)+
        }

        impl $row {
            /// The names in the model, in the order of the columns.
            $visibility const NAMES: &'static [&'static str] = &[$($name),+];
            /// How many there are.
            $visibility const WIDTH: usize = Self::NAMES.len();
            /// What each means, in English and in Chinese.
            pub(crate) const MEANINGS: &'static [[&'static str; 2]] = &[$([$english, $chinese]),+];

            /// The row as trees read it.
            #[must_use]
            $visibility fn columns(&self) -> [f32; Self::WIDTH] {
                [$(self.$field),+]
            }

            /// The pieces that speak loudest, by the trees of a part of a model.
            #[allow(dead_code, reason = "not every row is told of")]
            #[must_use]
            pub(crate) fn loudest(
                &self,
                model: &$crate::model::Model,
                part: &'static str,
            ) -> Vec<$crate::reading::evidence::Weighed> {
                $crate::reading::evidence::loudest(model, part, Self::NAMES, &self.columns())
            }

            /// A row that trees have read.
            #[allow(dead_code, reason = "not every row is read again")]
            #[must_use]
            $visibility fn of(columns: &[f32; Self::WIDTH]) -> Self {
                let [$($field),+] = *columns;
                Self { $($field),+ }
            }
        }
    };
}
pub(crate) use evidence;

/// A piece of evidence that was weighed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighed {
    /// The part of the model whose trees weigh it.
    pub part: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its value; what is missing is NaN.
    pub value: f32,
    /// What it added to the log-odds, in nats; below zero where it speaks against.
    pub share: f32,
}

/// Pieces of evidence that are told of a finding.
const TOLD: usize = 3;

/// The loudest pieces of evidence in a row of the part of a model that holds these trees, the
/// loudest first.
pub(crate) fn loudest(
    model: &Model,
    part: &'static str,
    names: &'static [&'static str],
    row: &[f32],
) -> Vec<Weighed> {
    let Some(trees) = model.forest(part) else {
        return Vec::new();
    };
    let shares = trees.shares(row);
    let pieces = names.iter().zip(row).zip(shares);
    of_loudest(pieces.map(|((name, value), share)| Weighed {
        part,
        name,
        value: *value,
        share,
    }))
}

/// The loudest of some pieces.
pub(crate) fn of_loudest(pieces: impl IntoIterator<Item = Weighed>) -> Vec<Weighed> {
    let mut pieces: Vec<Weighed> = pieces.into_iter().filter(|p| p.share != 0.0).collect();
    pieces.sort_by(|a, b| b.share.abs().total_cmp(&a.share.abs()));
    // a large file has many that are kept
    pieces[..pieces.len().min(TOLD)].to_vec()
}

/// The columns of some pieces of evidence among the names of all of a row, a bit each; a name that
/// is not among them does not compile.
pub(crate) const fn columns(all: &[&str], some: &[&str]) -> u64 {
    let (mut bits, mut at) = (0, 0);
    while at < some.len() {
        bits |= 1 << column(all, some[at]);
        at += 1;
    }
    bits
}

/// The column of a piece of evidence; one that does not exist does not compile.
pub(crate) const fn column(all: &[&str], name: &str) -> usize {
    let mut at = 0;
    while !is_same(all[at].as_bytes(), name.as_bytes()) {
        at += 1;
    }
    at
}

const fn is_same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}
