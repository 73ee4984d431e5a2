//! Documents without what recurs in their sources, once that is known: where the lines stand that
//! are left out.

use super::comparable::{Body, Fold};

/// The lines that are left out, by document.
pub(crate) struct Masked {
    fold: Fold,
    cuts: Vec<(u32, [u32; 2])>,
}

impl Masked {
    /// Of lines in any order, each with its document, in bytes.
    pub(crate) fn new(mut cuts: Vec<(u32, [u32; 2])>) -> Self {
        cuts.sort_unstable();
        cuts.shrink_to_fit();
        Self {
            fold: Fold::new(),
            cuts,
        }
    }

    /// Reads the comparable characters of a document into `body`.
    pub(crate) fn body(&self, text: &str, document: usize, body: &mut Body) {
        let first = self.cuts.partition_point(|c| (c.0 as usize) < document);
        let mut from = 0;
        body.clear();
        for (_, span) in self.cuts[first..]
            .iter()
            .take_while(|c| c.0 as usize == document)
        {
            let [start, end] = span.map(|at| at as usize);
            // nothing where the file has changed since
            body.push(self.fold, text.get(from..start).unwrap_or_default(), from);
            from = end;
        }
        body.push(self.fold, text.get(from..).unwrap_or_default(), from);
    }
}
