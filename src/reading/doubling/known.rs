//! What is known of doublings and need not be weighed: where names of offices and places meet their
//! institutions, ways of speaking, sounds.

use memchr::memmem;

use super::Doubling;
use crate::reading::register::is_spoken;
use crate::text::is_han;

/// Kinds of forms: `kind TAB what is doubled TAB forms`; the file says what each kind is.
const LISTS: &str = include_str!("../../../rules/repeat/doublings.tsv");

/// What stands before a name but is no part of one: where it stands before 县县政府, no name ends
/// with the first 县.
const BEFORE_NAMES: &str =
    "由被把将对向从在与及让使给为是就跟按以至到了着过并而也还又再则却且但因若如";

/// Marks after which a clause begins.
const BEGINS: &str = "。！？；，：…“‘「『【（(!?,;:—～~";
/// Marks that end a clause.
const ENDS: &str = "。！？；，：…”’」』】）)!?,;:—～~.";

/// What is added to a word that is called out: 佩服佩服啊.
const EXCLAIMS: &str = "啊呀哦哈";

/// What stands after a verb that is said twice: 让让她, 说说吧, 保养保养才好.
const AFTER_VERBS: &str = "看吧着我你他她它您嘛呢就再才";

/// What no verb that is said twice has behind it.
const UNSAID: &str = "了过着著得";

/// What stands before a verb that somebody does or is to do for a while: 给他|提提意见, 再|唱唱歌.
const ASKED: &str = "我你您他她它们咱家要想以能该得去来帮给再多先就都也还好便";

/// What stands after a verb that somebody is wished to do for a while: 运动运动吧.
const WISHED: &str = "吧嘛呢";

/// The last characters of adverbs behind which 在 says that something is going on.
const ADVERBS: &str = "直正都还总也仍老却又早就终";

/// What is known of a doubling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// It is right.
    Right,
    /// One copy is too many.
    Slip,
    /// A verb said twice as people do, most likely.
    Verb,
    /// The same, with what is done behind it: right where people speak.
    Spoken,
}

/// The forms of a kind for what is doubled.
fn forms(kind: &str, unit: &str) -> impl Iterator<Item = &'static str> {
    // The first line is a comment, so that each of the others stands behind the end of one.
    let beginning = ["\n", kind, "\t", unit, "\t"].concat();
    let at = memmem::find(LISTS.as_bytes(), beginning.as_bytes());
    let rest = at.map_or("", |at| &LISTS[at + beginning.len()..]);
    rest.lines()
        .next()
        .unwrap_or_default()
        .split(' ')
        .filter(|f| !f.is_empty())
}

/// Whether a verb or a quality of two characters is said twice for "a little, once". Edited text
/// has them too seldom to count.
pub(super) fn is_said_for_a_while(unit: &str) -> bool {
    forms("verb", "-").any(|verb| verb == unit)
}

/// What the lexicon says of what is doubled.
#[derive(Clone, Copy, Debug, Default)]
pub struct Words {
    /// Whether it is a verb.
    pub is_verb: bool,
    /// Whether it is a noun or an adverb and nothing else: people do not answer with it.
    pub is_thing: bool,
    /// Whether another word begins with its second copy.
    pub begins_another: bool,
    /// Whether that word is of two characters and no verb: 唱歌 as what is sung, but not 提出.
    pub has_object: bool,
    /// Whether another word ends with its first copy; told of single characters.
    pub ends_another: bool,
}

/// What is known of a doubling of `text`; `simplified` gives the simplified form of a character.
pub fn known(
    text: &str,
    doubling: &Doubling,
    words: Words,
    simplified: impl Fn(char) -> char,
) -> Option<Known> {
    let Doubling {
        start, middle, end, ..
    } = *doubling;
    let unit: String = text[start..middle].chars().map(&simplified).collect();
    let mut before: Vec<char> = text[..start]
        .chars()
        .rev()
        .take(4)
        .map(&simplified)
        .collect();
    before.reverse();
    let before: String = before.into_iter().collect();
    let after: String = text[end..].chars().take(3).map(&simplified).collect();
    let answers = !words.is_thing || is_spoken(text, start);
    if is_sound(&unit) || is_said_right(&before, &unit, &after, answers) {
        return Some(Known::Right);
    }
    // 该处理处理: what is to be done is done
    if words.is_verb && doubling.length > 1 && before.ends_with('该') {
        return Some(Known::Right);
    }
    let ends_with = |kind| forms(kind, &unit).any(|form| before.ends_with(form));
    if doubling.length == 1 {
        if ends_with("ends") {
            return Some(Known::Right);
        }
        if forms("office", &unit).any(|rest| after.starts_with(rest)) {
            return Some(Known::Right);
        }
        if !words.begins_another && forms("word", "-").any(|doubled| doubled == unit) {
            return Some(Known::Right);
        }
        // 一直在|在意
        let ongoing = || forms("ongoing", &unit).any(|rest| after.starts_with(rest));
        if before.ends_with(|c| ADVERBS.contains(c)) && ongoing() {
            return Some(Known::Right);
        }
        if forms("seam", &unit).any(|rest| after.starts_with(rest)) {
            return seam(&before, ends_with("name"));
        }
    }
    let is_place = forms("place", "-").any(|place| place == unit);
    if is_place && forms("body", "-").any(|body| after.starts_with(body)) {
        return Some(Known::Right);
    }
    let next = after.chars().next();
    let acts = doubling.length == 1 && forms("act", "-").any(|acts| acts.contains(&unit));
    if acts && next.is_some_and(is_han) {
        let last = before.chars().next_back();
        let asked = last.is_none_or(|c| ASKED.contains(c) || BEGINS.contains(c) || c == '\n');
        // 再唱唱歌, 去扫扫雪: the verb and its object are often a word as well
        if asked && (!words.begins_another || words.has_object) {
            return Some(Known::Right);
        }
        if !words.begins_another {
            // 一般用用的话, but not 看看了一眼, 数量量很大 or 会会写
            let grammar = next.is_some_and(|c| UNSAID.contains(c)) || unit == "会";
            return Some(match grammar || words.ends_another {
                true => Known::Verb,
                false => Known::Spoken,
            });
        }
    }
    let stops = next.is_none_or(|c| ENDS.contains(c) || AFTER_VERBS.contains(c) || c == '\n');
    if !words.is_verb || !stops {
        return None;
    }
    // 找他理论理论, 运动运动吧
    let asked = before.ends_with(|c| ASKED.contains(c)) || next.is_some_and(|c| WISHED.contains(c));
    Some(match doubling.length {
        2 if asked => Known::Right,
        _ => Known::Verb,
    })
}

/// 县县政府 after `before`: right where a name ends with the first 县, or a row of levels
/// (省、市|市场监管局).
fn seam(before: &str, is_name: bool) -> Option<Known> {
    let mut back = before.chars().rev();
    let last = back.next();
    let in_row = last == Some('、') && back.next().is_some_and(|c| LEVELS.contains(c));
    match last {
        _ if is_name || in_row => Some(Known::Right),
        None | Some('\n') => Some(Known::Slip),
        Some(c) if BEFORE_NAMES.contains(c) || BEGINS.contains(c) => Some(Known::Slip),
        Some(c) if is_han(c) => Some(Known::Right),
        Some(_) => None,
    }
}

/// The last characters of levels of administration.
const LEVELS: &str = "国省市县区镇乡村州旗盟";

fn is_sound(unit: &str) -> bool {
    let is_sound = |c| forms("sound", "-").any(|sounds| sounds.contains(c));
    unit.chars().count() <= 2 && unit.chars().all(is_sound)
}

/// Words that end as what goes on and on does, and are prepositions: nobody says them twice.
const PREPOSITIONS: [&str; 8] = [
    "随着", "沿着", "本着", "凭着", "为着", "趁着", "朝着", "顺着",
];

/// Said twice: on and on (看着看着), for what is not told (如何如何), as an answer or a call
/// (过奖了过奖了，), stammered (你……你你, 我、我我). What is no answer stands between commas by
/// mistake.
fn is_said_right(before: &str, unit: &str, after: &str, answers: bool) -> bool {
    let characters = unit.chars().count();
    let goes_on = unit.ends_with(['着', '著']) && !PREPOSITIONS.contains(&unit);
    if characters == 2 && (goes_on || forms("said", "-").any(|f| f == unit)) {
        return true;
    }
    // 比喻比喻再比喻
    let mut others = after.chars();
    if characters == 2 && others.next().is_some_and(is_han) && others.as_str() == unit {
        return true;
    }
    let stammers = ["……", "…", "、", "——", "—"];
    let mut stammers = stammers.iter().filter_map(|mark| before.strip_suffix(mark));
    if stammers.any(|before| before.ends_with(unit)) {
        return true;
    }
    let begins = |c: char| c == '\n' || BEGINS.contains(c) && (answers || c != '，');
    let ends = |c: char| ENDS.contains(c) || EXCLAIMS.contains(c) || c == '\n';
    before.chars().next_back().is_none_or(begins) && after.chars().next().is_none_or(ends)
}

#[cfg(test)]
mod tests {
    use super::super::doublings;
    use super::{Known, Words, known};

    fn first(text: &str) -> Option<Known> {
        let mut found = Vec::new();
        doublings(text, 0, |d| found.push(d));
        let simplified = |c| match c {
            '縣' => '县',
            '長' => '长',
            '現' => '现',
            other => other,
        };
        known(text, &found[0], Words::default(), simplified)
    }

    #[test]
    fn an_institution_meets_the_name_of_its_place() {
        for text in [
            "台安县县长到会",
            "该县县长到会",
            "周至县县城很大",
            "台安縣縣長到會",
            "市市场监管局",
            "省、市市委负责人",
        ] {
            assert_eq!(first(text), Some(Known::Right), "{text}");
        }
        for text in ["由县县政府统筹", "县县政府召开了会议", "，镇镇长说"] {
            assert_eq!(first(text), Some(Known::Slip), "{text}");
        }
        for text in ["A县县长", "县县通公路"] {
            assert_eq!(first(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_said_twice_is_right() {
        for text in [
            "走着走着天黑了",
            "总说自己如何如何努力",
            "“多谢了多谢了，”他说",
            "水声哗啦哗啦地响",
            "你……你你别过来",
            "“我、我我不知道",
            "他一直在在意这件事",
            "女的的意思",
            "現在在家",
            "日本日本电视台",
            "给他提提意见",
        ] {
            let mut run = Vec::new();
            doublings(text, 0, |d| run.push(d));
            assert_eq!(
                known(text, &run[run.len() - 1], Words::default(), |c| {
                    if c == '現' { '现' } else { c }
                }),
                Some(Known::Right),
                "{text}"
            );
        }
        for text in ["推动高质量发展发展的源头", "随着随着秋天到来"] {
            assert_eq!(first(text), None, "{text}");
        }
        let thing = Words {
            is_thing: true,
            ..Words::default()
        };
        let of = |text: &str, words| {
            let mut run = Vec::new();
            doublings(text, 0, |d| run.push(d));
            known(text, &run[0], words, |c| c)
        };
        let text = "据了解，近年来近年来，客人多了";
        assert_eq!(
            (of(text, thing), of(text, Words::default())),
            (None, Some(Known::Right))
        );
        assert_eq!(of("“哎，老师老师，您慢走”", thing), Some(Known::Right));
        assert_eq!(first("如何用用简单的办法"), Some(Known::Spoken));
        let another = Words {
            begins_another: true,
            ..Words::default()
        };
        let mut run = Vec::new();
        doublings("他提提出", 0, |d| run.push(d));
        assert_eq!(known("他提提出", &run[0], another, |c| c), None);
    }
}
