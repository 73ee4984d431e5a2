//! Forms of the same character: traditional, Japanese, old print; each with the form that modern
//! simplified text uses.

use super::packed::{U16s, join, sections};

pub(crate) const PART: &str = "variants";
pub(crate) const VERSION: u32 = 1;

const FIRST: u32 = 0x4E00;
const COUNT: usize = 0xA000 - 0x4E00;

/// Where a form is at home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Ordinary in traditional text: 調.
    Traditional,
    /// Ordinary in Japanese: 対.
    Japanese,
    /// Old print and rare by-forms: 髙, 吿.
    Old,
}

/// Which script a character speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// None: it is written so everywhere, or is no Chinese character.
    Any,
    /// Simplified text only.
    Simplified,
    /// Not simplified text.
    Foreign,
}

/// The table of forms. A view of the model file.
#[derive(Clone, Copy, Debug)]
pub struct Variants<'a> {
    ordinary: U16s<'a>,
    kinds: &'a [u8],
}

impl<'a> Variants<'a> {
    pub(crate) fn parse(body: &'a [u8]) -> Option<Self> {
        let [ordinary, kinds] = sections(body)?;
        let table = Self {
            ordinary: U16s(ordinary),
            kinds,
        };
        (table.ordinary.len() == COUNT && kinds.len() == COUNT).then_some(table)
    }

    /// Which script a character speaks for.
    #[inline]
    pub fn script(self, c: char) -> Script {
        let kind = (c as u32)
            .checked_sub(FIRST)
            .and_then(|slot| self.kinds.get(slot as usize));
        match kind {
            None | Some(0) => Script::Any,
            Some(4) => Script::Simplified,
            Some(_) => Script::Foreign,
        }
    }

    /// How many characters there are of each script, of characters with their numbers.
    pub(crate) fn count(self, characters: impl Iterator<Item = (char, usize)>) -> OfScripts {
        let mut of = OfScripts::default();
        for (c, count) in characters {
            match self.script(c) {
                Script::Any => {}
                Script::Foreign => of.foreign += count,
                Script::Simplified => of.simplified += count,
            }
        }
        of
    }

    /// The form that simplified text uses, and where this one is at home; nothing for what is
    /// ordinary in simplified text.
    #[inline]
    pub fn simplified(self, form: char) -> Option<(char, Form)> {
        let slot = (form as u32).checked_sub(FIRST)? as usize;
        let kind = match self.kinds.get(slot)? & 3 {
            1 => Form::Traditional,
            2 => Form::Japanese,
            3 => Form::Old,
            _ => return None,
        };
        Some((char::from_u32(u32::from(self.ordinary.get(slot)))?, kind))
    }

    /// The character that a form is counted and read as: a traditional one as its simplified form,
    /// so that one model reads both scripts.
    #[inline]
    pub fn read_as(self, form: char) -> char {
        match self.simplified(form) {
            Some((simplified, Form::Traditional)) => simplified,
            _ => form,
        }
    }

    /// The form that traditional text uses for a character that only simplified text writes so.
    #[inline]
    pub fn traditional(self, form: char) -> Option<char> {
        let slot = (form as u32).checked_sub(FIRST)? as usize;
        let simple = self.kinds.get(slot)? & 4 != 0;
        simple.then(|| char::from_u32(u32::from(self.ordinary.get(slot))))?
    }
}

/// Characters that speak for a script, by how many there are.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct OfScripts {
    /// What only simplified text has.
    pub(crate) simplified: usize,
    /// What simplified text does not have.
    pub(crate) foreign: usize,
}

/// Lays the part out: (form, ordinary form, its home) for simplified text, (simplified,
/// traditional) for the reverse.
pub(crate) fn encode(forms: &[(char, char, Form)], simple: &[(char, char)]) -> Vec<u8> {
    let mut ordinary = vec![0_u16; COUNT];
    let mut kinds = vec![0_u8; COUNT];
    let mut set = |from: char, to: char, kind: u8| {
        let slot = (from as u32)
            .checked_sub(FIRST)
            .map(|s| s as usize)
            .filter(|&s| s < COUNT);
        if let (Some(slot), Ok(to)) = (slot, u16::try_from(to as u32)) {
            (ordinary[slot], kinds[slot]) = (to, kind);
        }
    };
    for &(form, to, home) in forms {
        set(
            form,
            to,
            match home {
                Form::Traditional => 1,
                Form::Japanese => 2,
                Form::Old => 3,
            },
        );
    }
    for &(form, to) in simple {
        set(form, to, 4);
    }
    join([
        &ordinary
            .iter()
            .flat_map(|n| n.to_le_bytes())
            .collect::<Vec<u8>>(),
        &kinds,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_directions() {
        let body = encode(
            &[('調', '调', Form::Traditional), ('髙', '高', Form::Old)],
            &[('调', '調')],
        );
        let variants = Variants::parse(&body).expect("just encoded");
        assert_eq!(variants.simplified('髙'), Some(('高', Form::Old)));
        assert_eq!(variants.simplified('调'), None);
        assert_eq!(variants.traditional('调'), Some('調'));
        assert_eq!(variants.traditional('髙'), None);
        assert_eq!(variants.simplified('a'), None);
    }
}
