//! Rows of evidence, packed and read again in their order: a large file has a million of them, and
//! most of what a row holds is what the one before it held, or a small whole number.

/// Rows of so many columns. Of each column two bits tell how it is written, after them stand the
/// numbers.
#[derive(Debug)]
pub(super) struct PackedRows<const WIDTH: usize> {
    bytes: Vec<u8>,
    last: [f32; WIDTH],
}

/// The number of the row before.
const SAME: u8 = 0;
/// A whole number, in a byte.
const WHOLE: u8 = 1;
/// Any number, in four bytes.
const FULL: u8 = 2;
/// Columns of which a byte tells.
const COLUMNS: usize = 4;

impl<const WIDTH: usize> Default for PackedRows<WIDTH> {
    fn default() -> Self {
        Self {
            bytes: Vec::new(),
            last: [0.0; WIDTH],
        }
    }
}

impl<const WIDTH: usize> PackedRows<WIDTH> {
    /// Makes room for so many bytes more.
    pub(super) fn reserve(&mut self, bytes: usize) {
        self.bytes.reserve(bytes);
    }

    /// Adds a row.
    pub(super) fn push(&mut self, row: &[f32; WIDTH]) {
        let head = self.bytes.len();
        self.bytes.resize(head + WIDTH.div_ceil(COLUMNS), 0);
        for (column, number) in row.iter().enumerate() {
            let same = |other: f32| other.to_bits() == number.to_bits();
            let whole = *number as i8;
            let code = if same(self.last[column]) {
                SAME
            } else if same(f32::from(whole)) {
                self.bytes.push(whole as u8);
                WHOLE
            } else {
                self.bytes.extend(number.to_bits().to_le_bytes());
                FULL
            };
            self.bytes[head + column / COLUMNS] |= code << (column % COLUMNS * 2);
        }
        self.last = *row;
    }

    /// All of them, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = [f32; WIDTH]> + '_ {
        let (mut bytes, mut row) = (self.bytes.as_slice(), [0.0; WIDTH]);
        std::iter::from_fn(move || {
            let (codes, mut rest) = bytes.split_at_checked(WIDTH.div_ceil(COLUMNS))?;
            for (column, number) in row.iter_mut().enumerate() {
                match codes[column / COLUMNS] >> (column % COLUMNS * 2) & 3 {
                    SAME => {}
                    WHOLE => {
                        let (whole, after) = rest.split_first()?;
                        *number = f32::from(*whole as i8);
                        rest = after;
                    }
                    _ => {
                        let (bits, after) = rest.split_first_chunk()?;
                        *number = f32::from_bits(u32::from_le_bytes(*bits));
                        rest = after;
                    }
                }
            }
            bytes = rest;
            Some(row)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::PackedRows;

    #[test]
    fn rows_come_back_to_the_last_bit() {
        let numbers = [0.0, -0.0, 1.0, -128.0, 127.0, 128.0, 0.5, -7.25, f32::NAN];
        let number = |n: usize| numbers[n % numbers.len()];
        let rows: Vec<[f32; 7]> = (0..200)
            .map(|row| std::array::from_fn(|column| number(row / 3 * column + row % 2)))
            .collect();
        let mut packed = PackedRows::default();
        rows.iter().for_each(|row| packed.push(row));
        let bits = |row: [f32; 7]| row.map(f32::to_bits);
        let read: Vec<_> = packed.iter().map(bits).collect();
        assert_eq!(read, rows.iter().copied().map(bits).collect::<Vec<_>>());
        assert!(packed.bytes.len() < 200 * 7 * 4);
    }
}
