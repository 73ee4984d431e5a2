//! UTF-8 read as GBK.
//!
//! The three bytes of a Chinese character and the first of the next one make two characters of GBK.
//! The first of them begins with a UTF-8 lead byte (E2–EF) and ends with a continuation byte
//! (80–BF): all such characters of GBK are rare ones. They are looked for; where the bytes after
//! one of them are continuation, lead, continuation … as UTF-8 has it, the stretch is decoded.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use encoding_rs::GBK;
use memchr::memmem;

use super::{Decoded, two_bytes};
use crate::text::{Census, Span};

/// What a character of GBK is in bytes; 0 for what is none. Indices from U+4E00, and from U+E000
/// for the private use area.
struct Tables {
    han: Vec<u16>,
    private: Vec<u16>,
    /// All others, sorted.
    others: Vec<(char, u16)>,
}

const HAN: u32 = 0x4e00;
const PRIVATE: u32 = 0xe000;

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let pairs: Vec<[u8; 3]> = (0x81..=0xfe)
        .flat_map(|lead| (0x40..=0xfe).map(move |trail| [lead, trail, b'\n']))
        .filter(|[_, trail, _]| *trail != 0x7f)
        .collect();
    let (text, _) = GBK.decode_without_bom_handling(pairs.as_flattened());
    let mut tables = Tables {
        han: vec![0; 0x5200],
        private: vec![0; 0x900],
        others: Vec::new(),
    };
    for (line, [lead, trail, _]) in text.lines().zip(&pairs) {
        let code = u16::from_be_bytes([*lead, *trail]);
        let mut chars = line.chars();
        let (Some(c), None) = (chars.next(), chars.next()) else {
            continue;
        };
        let place = u32::from(c);
        if let Some(slot) = tables.han.get_mut(place.wrapping_sub(HAN) as usize) {
            *slot = code;
        } else if let Some(slot) = tables.private.get_mut(place.wrapping_sub(PRIVATE) as usize) {
            *slot = code;
        } else if c != '\u{fffd}' {
            tables.others.push((c, code));
        }
    }
    // The ideographic space has two codes; the first is what it is written in.
    tables.others.sort_unstable();
    tables.others.dedup_by_key(|(c, _)| *c);
    tables
});

/// The Han characters of the basic block that [`is_marker`] is true of. Known without the tables,
/// which most texts never need.
const MARKERS: &str = "\
鈥鈦鈧鈨鈩鈪鈫鈬鈭鈮鈯鈰鈱鈲鈳鈴鈵鈶鈷鈸鈹鈺鈻鈼鈽鈾鈿鉀鉁鉂鉃鉄鉅狻猗猓猡猊猞猝猕猢猹猥猬猸猱獐獍獗獠獬獯獾舛夥飧夤夂饣\
饧饨饩饪銆銇銈銉銊銋銌銍銏銐銑銒銓銔銕銖銗銘銙銚銛銜銝銞銟銠銡銢銣銤銥銦銧恪恽悖悚悭悝悃悒悌悛惬悻悱惝惘惆惚悴愠愦愕愣惴\
愀愎愫慊慵憬憔憧鋩鋪鋫鋬鋭鋮鋯鋰鋱鋲鋳鋴鋵鋶鋷鋸鋹鋺鋻鋼鋽鋾鋿錀錁錂錃錄錅錆錇錈錉洹洧洌浃浈洇洄洙洎洫浍洮洵洚浏浒浔洳涑\
浯涞涠浞涓涔浜浠浼浣渚淇鍊鍋鍌鍍鍎鍏鍐鍑鍒鍓鍔鍕鍖鍗鍘鍙鍚鍛鍜鍝鍞鍟鍠鍡鍢鍣鍤鍥鍦鍧鍨鍩鍫濉澧澹澶濂濡濮濞濠濯瀚瀣瀛瀹瀵\
灏灞宀宄宕宓宥宸甯骞搴寤寮褰寰蹇鎬鎭鎮鎯鎰鎱鎲鎳鎴鎵鎶鎷鎸鎹鎺鎻鎼鎽鎾鎿鏀鏁鏂鏃鏄鏅鏆鏇鏈鏉鏋鏌鏍妗姊妫妞妤姒妲妯姗妾娅\
娆姝娈姣姘姹娌娉娲娴娑娣娓婀婧婊婕娼婢婵鐎鐏鐐鐑鐒鐓鐔鐕鐖鐗鐘鐙鐚鐛鐜鐝鐞鐟鐠鐡鐢鐣鐤鐥鐦鐧鐨鐩鐪鐫鐬鐭鐮纭纰纾绀绁绂绉\
绋绌绐绔绗绛绠绡绨绫绮绯绱绲缍绶绺绻绾缁缂缃缇缈鑰鑱鑲鑳鑴鑵鑶鑷鑸鑹鑺鑻鑼鑽鑾鑿钀钁钂钃钄钑钖钘铇铏铓铔铚铦铻锜锠琛琚瑁\
瑜瑗瑕瑙瑷瑭瑾璜璎璀璁璇璋璞璨璩璐璧瓒璺韪韫韬杌杓杞杈杩閫閬閭閮閯閰閱閲閳閴閵閶閷閸閹閺閻閼閽閾閿闀闁闂闃闄闅闆闇闈闉闊\
闋椤棰椋椁楗棣椐楱椹楠楂楝榄楫榀榘楸椴槌榇榈槎榉楦楣楹榛榧榻榫榭飥飦飩飪飫飬飭飮飯飰飱飲飳飴飵飶飷飸飹飺飻飼飽飾飿餀餁餂\
餃餄餅餆餇铩铫铮铯铳铴铵铷铹铼铽铿锃锂锆锇锉锊锍锎锏锒锓锔锕锖锘锛锝锞锟";

impl Tables {
    fn code(&self, c: char) -> Option<u16> {
        let place = u32::from(c);
        let listed =
            |table: &[u16], first: u32| table.get(place.wrapping_sub(first) as usize).copied();
        let code = listed(&self.han, HAN)
            .or_else(|| listed(&self.private, PRIVATE))
            .or_else(|| {
                let at = self.others.binary_search_by_key(&c, |(c, _)| *c).ok()?;
                Some(self.others[at].1)
            });
        code.filter(|code| *code != 0)
    }
}

/// What a character of GBK is in bytes. Making the tables costs as much as some thousand
/// characters with all rules: the first that are asked for are encoded one by one, and so are the
/// few that only the newest edition of the standard gives a code.
fn code(c: char) -> Option<u16> {
    /// A rare character and what stands behind it, a few times over.
    const ENCODED: u32 = 128;
    static ASKED: AtomicU32 = AtomicU32::new(0);
    let one_by_one = || two_bytes(GBK, c).map(u16::from_be_bytes);
    if ASKED.load(Ordering::Relaxed) < ENCODED {
        ASKED.fetch_add(1, Ordering::Relaxed);
        return one_by_one();
    }
    TABLES.code(c).or_else(one_by_one)
}

/// Whether a character is in daily use: of the first level of GB 2312 (3,755 characters in order of
/// their sounds), or a mark.
pub(super) fn is_daily(c: char) -> bool {
    matches!(
        c,
        '，' | '。'
            | '、'
            | '“'
            | '”'
            | '‘'
            | '’'
            | '：'
            | '；'
            | '？'
            | '！'
            | '（'
            | '）'
            | '《'
            | '》'
            | '—'
            | '…'
            | '·'
            | '\u{3000}'
    ) || code(c).is_some_and(|code| matches!(code, 0xb0a1..=0xd7f9) && code & 0xff >= 0xa1)
}

/// Whether these are a lead byte of UTF-8 and a continuation byte.
fn is_marker(code: u16) -> bool {
    matches!(code >> 8, 0xe2..=0xe9 | 0xef) && matches!(code & 0xff, 0x80..=0xbf)
}

/// Whether a character may stand after a marker: it holds the last byte of one character of UTF-8
/// and the first of the next. Asked without the tables: a marker alone is a rare character in
/// ordinary text, and no reason to make them.
fn goes_on(c: char) -> bool {
    if matches!(c, '€' | '\u{fffd}' | '?') {
        return true;
    }
    matches!(
        two_bytes(GBK, c),
        Some([0x80..=0xbf, 0x40..=0x7e | 0xe2..=0xe9 | 0xef])
    )
}

/// Finds such stretches.
pub(super) fn search(text: &str, census: &Census, add: &mut impl FnMut(Decoded)) {
    let mut places: Vec<(usize, usize)> = Vec::new();
    for marker in MARKERS.chars().filter(|c| census.has(*c)) {
        let mut character = [0; 4];
        let character = marker.encode_utf8(&mut character);
        let found = memmem::find_iter(text.as_bytes(), character);
        places.extend(found.map(|at| (at, at + character.len())));
    }
    places.sort_unstable();
    let mut done = 0;
    for (at, next) in places {
        if at < done || !text[next..].chars().next().is_some_and(goes_on) {
            continue;
        }
        if let Some(decoded) = decode(text, at) {
            done = decoded.span.end();
            add(decoded);
        }
    }
}

/// The longest mojibake that may be decoded in one piece, in characters: keeps a search from
/// running over the whole text.
const LONGEST: usize = 4000;

/// Decodes the stretch that begins at `start`, if it is one.
fn decode(text: &str, start: usize) -> Option<Decoded> {
    let mut out = String::new();
    let (mut good, mut daily, mut bad) = (0, 0, 0);
    // Bytes of the character being put together, and where the garbled character of the first of
    // them begins.
    let mut open: Vec<u8> = Vec::with_capacity(4);
    let mut end = start;
    // Whether the last garbled character holds a byte that belongs to nothing.
    let mut half = false;
    for (offset, c) in text[start..].char_indices().take(LONGEST) {
        let at = start + offset;
        let next = at + c.len_utf8();
        let bytes = match c {
            '€' => Some((0x80, None)),
            // A byte or two that GBK had no character for.
            '\u{fffd}' | '?' if !open.is_empty() || c == '\u{fffd}' => {
                open.clear();
                out.push('□');
                bad += 1;
                end = next;
                continue;
            }
            // Between characters, what is the same in both charsets.
            _ if c.is_ascii() && open.is_empty() && c != '\n' && good > 0 => {
                let rest = &text[next..];
                let follows = rest.chars().next().and_then(code).is_some_and(is_marker);
                if follows {
                    out.push(c);
                    continue;
                }
                break;
            }
            _ => code(c).map(|code| ((code >> 8) as u8, Some(code as u8))),
        };
        let Some((first, second)) = bytes else {
            break;
        };
        let mut fits = true;
        for byte in [Some(first), second].into_iter().flatten() {
            match (open.first().copied(), byte) {
                (None, 0xe2..=0xe9 | 0xef) => open.push(byte),
                (Some(_), 0x80..=0xbf) => open.push(byte),
                // The rest of the last character is lost; this is the next one.
                (Some(_), 0xe2..=0xe9 | 0xef) if good > 0 => {
                    open.clear();
                    open.push(byte);
                    out.push('□');
                    bad += 1;
                }
                _ => fits = false,
            }
            if !fits {
                break;
            }
            if open.len() == 3 {
                let c = std::str::from_utf8(&open)
                    .ok()
                    .and_then(|s| s.chars().next())?;
                out.push(c);
                good += 1;
                daily += usize::from(is_daily(c));
                open.clear();
            }
            end = next;
        }
        if !fits {
            half = end == next;
            break;
        }
    }
    // The last bytes of a stretch often make a garbled character with what follows, or none at all.
    let cut = half || !open.is_empty();
    if cut {
        out.push('□');
    }
    if good < 2 || daily * 4 < good * 3 || bad > good {
        return None;
    }
    Some(Decoded {
        span: Span::new(start, end),
        text: out,
        whole: bad == 0 && !cut,
        sure: true,
        charsets: ("UTF-8", "GBK"),
    })
}

#[cfg(test)]
mod tests {
    use encoding_rs::GBK;

    use super::super::two_bytes;
    use super::{HAN, MARKERS, TABLES, is_marker, search};
    use crate::text::Census;

    fn decoded(bytes: &[u8]) -> Vec<(usize, usize, String)> {
        let (text, _, _) = GBK.decode(bytes);
        let (mut found, mut before) = (Vec::new(), 0);
        search(&text, &Census::new(&text), &mut |d| {
            assert!(d.span.end() > before, "a search goes on");
            before = d.span.end();
            found.push((d.span.start(), d.span.end(), d.text));
        });
        found
    }

    #[test]
    fn the_markers_are_those_of_the_charset() {
        let pairs = (0x81..=0xfe).flat_map(|lead| (0x40..=0xfe).map(move |trail| [lead, trail]));
        let mut markers = String::new();
        for pair in pairs.filter(|pair| is_marker(u16::from_be_bytes(*pair))) {
            let (text, _) = GBK.decode_without_bom_handling(&pair);
            let mut chars = text.chars();
            if let (Some(c), None) = (chars.next(), chars.next())
                && (HAN..HAN + 0x5200).contains(&u32::from(c))
            {
                markers.push(c);
            }
        }
        assert_eq!(markers, MARKERS);
    }

    #[test]
    fn one_by_one_and_from_the_tables_a_character_has_the_same_bytes() {
        for c in ('\u{80}'..='\u{ffff}').filter(|c| *c != '€') {
            let one_by_one = two_bytes(GBK, c).map(u16::from_be_bytes);
            let listed = TABLES.code(c);
            assert!(
                listed.is_none() || listed == one_by_one,
                "{c} U+{:04X}",
                u32::from(c)
            );
        }
    }

    #[test]
    fn a_stretch_ends_with_the_character_that_holds_its_last_byte() {
        let bytes = ["昨日上午召开会议".as_bytes(), b"A"].concat();
        let (text, _, _) = GBK.decode(&bytes);
        assert_eq!(
            decoded(&bytes),
            [(0, text.len() - 1, "昨日上午召开会议".to_owned())]
        );
        let odd = ["昨日上午召开会".as_bytes(), b"A"].concat();
        let (text, _, _) = GBK.decode(&odd);
        assert_eq!(
            decoded(&odd),
            [(0, text.len(), "昨日上午召开会□".to_owned())]
        );
    }

    #[test]
    fn bytes_lost_between_two_characters_do_not_stop_the_search() {
        let bytes = [0xe5, 0x85, 0xb3, 0xe6, 0xe6, 0x85, 0xb3, 0x41];
        let found = decoded(&bytes);
        assert!(found.iter().all(|(start, end, _)| end > start), "{found:?}");
    }
}
