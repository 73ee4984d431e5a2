//! Topic vectors by truncated singular value decomposition of the tf-idf matrix of paragraphs:
//! subspace iteration from a random start (Halko, Martinsson and Tropp 2011), then a small
//! symmetric eigenproblem.
//!
//! The matrix is never formed: each round walks over the paragraphs once. Sums are taken over a
//! fixed number of pieces in a fixed order, so that the outcome does not depend on the number of
//! threads.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::corpus::Text;
use super::words::cut;
use crate::model::lexicon::Lexicon;
use crate::model::topics::DIMENSIONS;

/// Directions that are followed beyond those wanted, so that the last ones settle.
const SPARE: usize = 8;
const WIDTH: usize = DIMENSIONS + SPARE;
const ROUNDS: usize = 5;
const PIECES: usize = 8;
/// Paragraphs with fewer different words say little.
const FEWEST_WORDS: usize = 4;

type Row = [f32; WIDTH];

/// The tf-idf matrix, a paragraph a row: words with their weights, rows of length one.
#[derive(Default)]
struct Matrix {
    ends: Vec<usize>,
    entries: Vec<(u32, f32)>,
}

impl Matrix {
    fn new(text: &Text, lexicon: Lexicon<'_>, words: usize) -> Self {
        let mut matrix = Matrix::default();
        let mut found = Vec::new();
        for paragraph in text.paragraphs() {
            found.clear();
            cut(lexicon, paragraph, |word| {
                if (word as usize) < words {
                    found.push(word);
                }
            });
            found.sort_unstable();
            let start = matrix.entries.len();
            for run in found.chunk_by(|one, other| one == other) {
                matrix.entries.push((
                    run[0],
                    (1.0 + (run.len() as f32).ln()) * lexicon.idf(run[0]),
                ));
            }
            let row = &mut matrix.entries[start..];
            if row.len() < FEWEST_WORDS {
                matrix.entries.truncate(start);
                continue;
            }
            let length = row
                .iter()
                .map(|(_, weight)| weight * weight)
                .sum::<f32>()
                .sqrt()
                .max(1e-6);
            row.iter_mut().for_each(|(_, weight)| *weight /= length);
            matrix.ends.push(matrix.entries.len());
        }
        matrix
    }

    fn rows(&self, from: usize, to: usize) -> impl Iterator<Item = &[(u32, f32)]> {
        let mut start = from.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.ends[from..to]
            .iter()
            .map(move |&end| &self.entries[std::mem::replace(&mut start, end)..end])
    }

    /// AᵀA times a block of vectors.
    fn square_times(&self, block: &[Row], threads: usize) -> Vec<Row> {
        let size = self.ends.len().div_ceil(PIECES).max(1);
        let next = AtomicUsize::new(0);
        let done: Vec<Mutex<Vec<Row>>> = (0..PIECES).map(|_| Mutex::default()).collect();
        std::thread::scope(|scope| {
            for _ in 0..threads.clamp(1, PIECES) {
                scope.spawn(|| {
                    while let Some(sum) = done
                        .get(next.fetch_add(1, Ordering::Relaxed))
                        .map(|sum| (sum, block.len()))
                    {
                        let piece = done
                            .iter()
                            .position(|other| std::ptr::eq(other, sum.0))
                            .unwrap_or_default();
                        let (from, to) = (
                            (piece * size).min(self.ends.len()),
                            ((piece + 1) * size).min(self.ends.len()),
                        );
                        let mut out = vec![[0.0; WIDTH]; sum.1];
                        for row in self.rows(from, to) {
                            let mut projected = [0.0; WIDTH];
                            for &(word, weight) in row {
                                add(&mut projected, &block[word as usize], weight);
                            }
                            for &(word, weight) in row {
                                add(&mut out[word as usize], &projected, weight);
                            }
                        }
                        *sum.0.lock().expect("no thread panics while it holds this") = out;
                    }
                });
            }
        });
        let mut sum = vec![[0.0; WIDTH]; block.len()];
        for piece in done {
            let piece = piece
                .into_inner()
                .expect("no thread panics while it holds this");
            for (row, more) in sum.iter_mut().zip(&piece) {
                add(row, more, 1.0);
            }
        }
        sum
    }
}

#[inline]
fn add(sum: &mut Row, row: &Row, weight: f32) {
    for (sum, value) in sum.iter_mut().zip(row) {
        *sum += weight * value;
    }
}

/// The vectors of the first `words` words, weighted by their idf.
pub(crate) fn vectors(
    text: &Text,
    lexicon: Lexicon<'_>,
    words: usize,
    threads: usize,
    progress: &mut dyn FnMut(&str, u64, u64),
) -> Vec<[f32; DIMENSIONS]> {
    let matrix = Matrix::new(text, lexicon, words);
    let mut state = 1u64;
    let mut random = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1u32 << 23) as f32 - 1.0
    };
    let mut block: Vec<Row> = (0..words)
        .map(|_| std::array::from_fn(|_| random()))
        .collect();
    orthonormalise(&mut block);
    for round in 0..ROUNDS {
        progress("finding topics", round as u64, ROUNDS as u64);
        block = matrix.square_times(&block, threads);
        orthonormalise(&mut block);
    }
    let image = matrix.square_times(&block, threads);
    let mut square = vec![[0.0f64; WIDTH]; WIDTH];
    for (row, image) in block.iter().zip(&image) {
        for (sums, &value) in square.iter_mut().zip(row) {
            for (sum, &other) in sums.iter_mut().zip(image) {
                *sum += f64::from(value) * f64::from(other);
            }
        }
    }
    let (values, rotation) = eigen(square);
    let mut order: Vec<usize> = (0..WIDTH).collect();
    order.sort_by(|&one, &other| values[other].total_cmp(&values[one]).then(one.cmp(&other)));
    let vector = |(row, word): (&Row, u32)| {
        let mut vector = [0.0; DIMENSIONS];
        for (value, &axis) in vector.iter_mut().zip(&order) {
            // the eigenvalue is the square of the singular value
            let scale = values[axis].max(0.0).powf(0.25);
            let along: f64 = row
                .iter()
                .zip(&rotation)
                .map(|(&value, axes)| f64::from(value) * axes[axis])
                .sum();
            *value = (along * scale * f64::from(lexicon.idf(word))) as f32;
        }
        vector
    };
    block.iter().zip(0..).map(vector).collect()
}

/// Makes the columns of the block orthogonal and of length one (modified Gram–Schmidt, in double
/// precision).
fn orthonormalise(block: &mut [Row]) {
    for column in 0..WIDTH {
        let mut along = [0.0f64; WIDTH];
        for row in block.iter() {
            let value = f64::from(row[column]);
            for (sum, &other) in along.iter_mut().zip(row) {
                *sum += value * f64::from(other);
            }
        }
        let length = along[column].sqrt().max(1e-20);
        for row in block.iter_mut() {
            let value = f64::from(row[column]) / length;
            row[column] = value as f32;
            for other in column + 1..WIDTH {
                row[other] = (f64::from(row[other]) - value * along[other] / length) as f32;
            }
        }
    }
}

/// Eigenvalues and eigenvectors (the columns) of a symmetric matrix, by Jacobi's rotations.
fn eigen(mut matrix: Vec<[f64; WIDTH]>) -> (Vec<f64>, Vec<[f64; WIDTH]>) {
    let mut vectors = vec![[0.0; WIDTH]; WIDTH];
    for (at, row) in vectors.iter_mut().enumerate() {
        row[at] = 1.0;
    }
    for _ in 0..30 {
        for p in 0..WIDTH {
            for q in p + 1..WIDTH {
                let off = matrix[p][q];
                if off.abs() < 1e-14 * (matrix[p][p] * matrix[q][q]).abs().sqrt() || off == 0.0 {
                    continue;
                }
                let theta = (matrix[q][q] - matrix[p][p]) / (2.0 * off);
                let tangent = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
                let sine = tangent * cosine;
                for row in matrix.iter_mut().chain(vectors.iter_mut()) {
                    let (one, other) = (row[p], row[q]);
                    row[p] = cosine * one - sine * other;
                    row[q] = sine * one + cosine * other;
                }
                let (above, below) = matrix.split_at_mut(q);
                for (one, other) in above[p].iter_mut().zip(&mut below[0]) {
                    (*one, *other) = (cosine * *one - sine * *other, sine * *one + cosine * *other);
                }
            }
        }
    }
    ((0..WIDTH).map(|at| matrix[at][at]).collect(), vectors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eigenvectors_of_a_symmetric_matrix() {
        let mut matrix = vec![[0.0; WIDTH]; WIDTH];
        for (p, row) in matrix.iter_mut().enumerate() {
            for (q, value) in row.iter_mut().enumerate() {
                *value = 1.0 / (p + q + 1) as f64 + if p == q { p as f64 } else { 0.0 };
            }
        }
        let (values, vectors) = eigen(matrix.clone());
        for axis in 0..WIDTH {
            for p in 0..WIDTH {
                let image: f64 = (0..WIDTH).map(|q| matrix[p][q] * vectors[q][axis]).sum();
                assert!((image - values[axis] * vectors[p][axis]).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn columns_become_orthonormal() {
        let mut state = 3u32;
        let mut block: Vec<Row> = (0..200)
            .map(|_| {
                std::array::from_fn(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (state >> 8) as f32 / (1 << 24) as f32
                })
            })
            .collect();
        orthonormalise(&mut block);
        for p in 0..WIDTH {
            for q in 0..=p {
                let dot: f32 = block.iter().map(|row| row[p] * row[q]).sum();
                assert!(
                    (dot - f32::from(u8::from(p == q))).abs() < 1e-3,
                    "{p} {q} {dot}"
                );
            }
        }
    }
}
