//! Lists of successors in blocks of sixteen, whose keys are compared at once.

use std::ops::Range;

use wide::{u8x16, u16x16};

use crate::model::characters::CharId;
use crate::model::packed::U16s;

/// Entries of a block of n-grams.
pub(super) const LANES: usize = 16;
/// A block of bigrams: their keys (`u16`), then for each its log-probability, its back-off weight
/// (`u8`) and where its trigrams begin (`u16`, counted from those of its group).
pub(super) type Bigrams = Layout<BIGRAMS>;
pub(super) const BIGRAMS: usize = 96;
/// A block of trigrams: their keys (`u16`), then their log-probabilities (`u8`).
pub(super) type Trigrams = Layout<TRIGRAMS>;
pub(super) const TRIGRAMS: usize = 48;
/// Where a block's keys end.
pub(super) const VALUES: usize = LANES * 2;
/// A list cut into blocks of 16 entries, first their keys, then what belongs to them: whoever has
/// found the key has the rest in the cache.
pub(super) struct Layout<const BLOCK: usize>;

impl<const BLOCK: usize> Layout<BLOCK> {
    /// Where something about an entry lies, of `size` bytes each, from `offset` on in the block.
    #[inline]
    pub(super) const fn place(entry: usize, offset: usize, size: usize) -> usize {
        entry / LANES * BLOCK + offset + entry % LANES * size
    }

    #[inline]
    pub(super) fn key(blocks: &[[u8; BLOCK]], entry: usize) -> u16 {
        let block = blocks.get(entry / LANES);
        block.map_or(0, |block| U16s(block).get(entry % LANES))
    }

    pub(super) fn fits(blocks: &[[u8; BLOCK]], entries: usize) -> bool {
        blocks.len() == entries.div_ceil(LANES)
    }

    /// Blocks with these keys in place, and room for some more.
    pub(super) fn blocks(keys: &[u16], more: usize) -> Vec<u8> {
        let mut blocks = vec![0; (keys.len() + more).div_ceil(LANES) * BLOCK];
        for (at, key) in keys.iter().enumerate() {
            blocks[Self::place(at, 0, 2)..][..2].copy_from_slice(&key.to_le_bytes());
        }
        blocks
    }

    /// Where `key` stands in a list sorted by reversed numbers: all keys of the block where it is
    /// likely to stand are compared at once, then, rarely, those of the next blocks on one side.
    #[inline]
    pub(super) fn search(blocks: &[[u8; BLOCK]], list: Range<usize>, key: u16) -> Option<usize> {
        Self::settle(blocks, &Self::probe(blocks, list, key))
    }

    /// Fetches the block where `key` is likely to stand.
    #[inline]
    pub(super) fn probe(blocks: &[[u8; BLOCK]], list: Range<usize>, key: u16) -> Probe {
        let length = list.end.saturating_sub(list.start);
        let guess = list.start + ((usize::from(key) * length) >> 16);
        let block = guess / LANES;
        Probe {
            keys: Self::keys(blocks, block).unwrap_or_default(),
            block: block as u32,
            start: list.start as u32,
            end: list.end as u32,
            key,
        }
    }

    /// Looks at what was fetched.
    #[inline]
    pub(super) fn settle(blocks: &[[u8; BLOCK]], probe: &Probe) -> Option<usize> {
        let Probe {
            keys, block, key, ..
        } = *probe;
        let list = probe.start..probe.end;
        let found = keys.find(block, &list, key);
        if found.is_some() {
            return found;
        }
        match keys.goes_on(block, &list, key) {
            0 => None,
            direction => Self::search_on(blocks, &list, key, block, direction),
        }
    }

    /// The search from a block on that does not hold the key.
    #[inline(never)]
    pub(super) fn search_on(
        blocks: &[[u8; BLOCK]],
        list: &Range<u32>,
        key: u16,
        mut block: u32,
        direction: i32,
    ) -> Option<usize> {
        loop {
            block = block.checked_add_signed(direction)?;
            let keys = Self::keys(blocks, block as usize)?;
            let found = keys.find(block, list, key);
            if found.is_some() {
                return found;
            }
            if keys.goes_on(block, list, key) != direction {
                return None;
            }
        }
    }

    /// The keys of a block.
    #[inline]
    pub(super) fn keys(blocks: &[[u8; BLOCK]], block: usize) -> Option<Keys> {
        Some(Keys::of(blocks.get(block)?.first_chunk()?))
    }
}

/// The keys of a block.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Keys(u16x16);

impl Keys {
    #[inline]
    pub(super) fn of(bytes: &[u8; VALUES]) -> Self {
        let keys = bytes.as_chunks().0;
        let keys = std::array::from_fn(|lane| u16::from_le_bytes(keys[lane]));
        Self(u16x16::new(keys))
    }

    #[inline]
    pub(super) fn first(&self) -> u16 {
        self.0.as_array()[0]
    }

    #[inline]
    pub(super) fn last(&self) -> u16 {
        self.0.as_array()[LANES - 1]
    }

    /// Where `key` stands in the list, if in this block. All keys are compared at once; the
    /// neighbours of a list may hold the same key.
    #[inline]
    pub(super) fn find(&self, block: u32, list: &Range<u32>, key: u16) -> Option<usize> {
        let equal = self.0.simd_eq(u16x16::splat(key)).to_bitmask();
        let list = list.start as usize..list.end as usize;
        let found = equal & inside(block as usize, &list);
        (found != 0).then(|| block as usize * LANES + found.trailing_zeros() as usize)
    }

    /// On which side of a block the list goes on, if the key can stand there.
    #[inline]
    pub(super) fn goes_on(&self, block: u32, list: &Range<u32>, key: u16) -> i32 {
        let first = block as usize * LANES;
        let back = (first > list.start as usize) & (key < self.first());
        let forth = (first + LANES < list.end as usize) & (key > self.last());
        i32::from(forth) - i32::from(back)
    }
}

/// The bits of a character's number the other way round: the keys of the lists. By halves, from a
/// table.
#[inline]
pub(super) fn reversed(id: CharId) -> u16 {
    const HALF: [u8; 256] = {
        let mut table = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            table[byte] = (byte as u8).reverse_bits();
            byte += 1;
        }
        table
    };
    let [low, high] = id.to_le_bytes();
    u16::from_be_bytes([HALF[usize::from(low)], HALF[usize::from(high)]])
}

/// A look-up under way: the list, the key, and the block where it is likely to stand.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Probe {
    keys: Keys,
    block: u32,
    start: u32,
    end: u32,
    key: u16,
}

/// The lanes of a block that belong to a list, a bit each.
#[inline]
pub(super) fn inside(block: usize, list: &Range<usize>) -> u32 {
    let first = block * LANES;
    let before = list.start.saturating_sub(first).min(LANES) as u32;
    let behind = (first + LANES).saturating_sub(list.end).min(LANES) as u32;
    (u32::from(u16::MAX) << before) & (u32::from(u16::MAX) >> behind)
}

/// The lanes of a block that are set in `bits` and belong to a list.
#[inline]
pub(super) fn lanes(
    bits: u32,
    block: usize,
    list: &Range<usize>,
) -> impl Iterator<Item = usize> + use<> {
    let mut left = bits & inside(block, list);
    std::iter::from_fn(move || {
        let lane = (left != 0).then_some(left.trailing_zeros() as usize)?;
        left &= left - 1;
        Some(lane)
    })
}

/// The lanes of a block of trigrams whose log-probability is at most so many steps below zero, a
/// bit each.
#[inline]
pub(super) fn up_to(block: &[u8; TRIGRAMS], most: u8) -> u32 {
    let values = block[VALUES..]
        .first_chunk()
        .copied()
        .unwrap_or([u8::MAX; LANES]);
    u8x16::new(values).simd_le(u8x16::splat(most)).to_bitmask()
}
