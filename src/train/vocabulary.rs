//! Which characters get a number.

use std::cmp::Reverse;

use super::corpus::{FOREIGN, Text};
use crate::model::characters::{FIRST, UNKNOWN};

/// The characters of the text that occur at least `least` times, and all of `always`, the most
/// common first.
pub(crate) fn choose(text: &Text, always: impl Iterator<Item = char>, least: u64) -> Vec<char> {
    let mut counts = vec![0u64; 0x1_0000];
    for &code in &text.codes {
        counts[usize::from(code)] += 1;
    }
    let mut wanted = vec![false; 0x1_0000];
    for character in always {
        if let Some(entry) = wanted.get_mut(character as usize) {
            *entry = true;
        }
    }
    let mut chosen: Vec<(Reverse<u64>, char)> = (u32::from(FIRST)..u32::from(FOREIGN))
        .filter(|&code| wanted[code as usize] || counts[code as usize] >= least)
        .filter_map(|code| Some((Reverse(counts[code as usize]), char::from_u32(code)?)))
        .collect();
    chosen.sort_unstable();
    chosen.into_iter().map(|(_, character)| character).collect()
}

/// Turns code points into the numbers of the model.
pub(crate) fn number(text: &mut Text, chars: &[char]) {
    let mut ids = vec![UNKNOWN; 0x1_0000];
    for class in 0..FIRST {
        ids[usize::from(class)] = class; // breaks and classes are numbers from the start
    }
    for (at, &character) in chars.iter().enumerate() {
        ids[character as usize] = at as u16 + FIRST;
    }
    for code in &mut text.codes {
        *code = ids[usize::from(*code)];
    }
}
