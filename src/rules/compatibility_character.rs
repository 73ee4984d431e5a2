//! `compatibility-character`: a look-alike that fonts and converters put for an ordinary character.

use memchr::memchr3_iter;

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::{CharClass, Span, is_closing, is_han, is_opening};
use crate::told;

static CARD: Card = Card {
    name: "compatibility-character",
    group: Group::Encoding,
    severity: Severity::Warning,
    confidence: Confidence::High,
    default: true,
    summary: "a look-alike of an ordinary character: Kangxi radical ⼈ for 人, compatibility ideograph, vertical form, ligature",
    docs: "PDF files and converters write characters from blocks that exist for other purposes: Kangxi radicals (⼈ U+2F08 for 人 U+4EBA), CJK radicals, \
compatibility ideographs of Korean and Japanese sets, forms for vertical setting (︵ for （), small forms (﹐), half-width CJK marks (｡) and ligatures (ﬁ). They \
look the same, and no search finds the word. The fix puts the ordinary character.\n\nWhere the character is talked about (alone between quotation marks or \
brackets), and in code, the rule is silent. Full-width Latin letters and digits are a matter of taste and left alone; so are units (㎡, ℃) and Roman \
numerals (Ⅴ).",
    chinese: Chinese {
        name: "兼容字符",
        summary: "形似普通字的兼容字符：康熙部首⼈（人）、兼容汉字、竖排标点、连字",
        docs: "PDF 和转换程序会写出另有用途的编码：康熙部首（⼈ U+2F08，应为 人 U+4EBA）、中日韩部首、兼容汉字、竖排标点（︵）\
、小写变体（﹐）、半角中文标点（｡）和连字（ﬁ）。看起来一样，却检索不到。修复换成普通字符。\n\n单独在引号或括号中谈论该字符时以及在代码中不报。\
全角拉丁字母和数字属于习惯，不管；单位（㎡、℃）和罗马数字（Ⅴ）也不管。",
    },
    bad: &["⼈⺠的⽣活", "效\u{fa1d}率", "该ﬁle在此"],
    good: &[
        "明天要睡到中午(｡･ω･｡)。",
        "部首“⼈”在汉字里很常见。",
        "面积90㎡，水温20℃，第Ⅴ类。",
        "全角ＡＢＣ",
        "他在群里发了一个表情︿(￣︶￣)︿，大家都笑了。",
    ],
    fix: Some(Safety::Safe),
    yields_to: &["mojibake"],
    levels: &[],
};

/// From U+2E80, after Unicode's EquivalentUnifiedIdeograph; itself where there is none.
const RADICALS: &str = "⺀厂乛乚乙亻冂𠘨刀刂卜㔾小尐兀尣尢𡯂巳幺彑彐忄心扌攵⺚旡日月歺母民氵氺灬爫爬丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿\
肉𦥑艹艺艻虎衤覀西见角𧢲讠贝𧾷车辶辷辸邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟";
/// From U+2F00; 户, 青 and 黄 in the form of today instead of 戶, 靑, 黃.
const KANGXI: &str = "一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓彐彡彳\
心戈户手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸\
缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨青非面革韋韭音\
頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黄黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠";
/// From U+F900: canonical decompositions; itself where it is a unified ideograph in truth.
const IDEOGRAPHS: &str = "豈更車賈滑串句龜龜契金喇奈懶癩羅蘿螺裸邏樂洛烙珞落酪駱亂卵欄爛蘭鸞嵐濫藍襤拉臘蠟廊朗浪狼郎來冷勞擄櫓爐盧老蘆虜路露魯鷺碌\
祿綠菉錄鹿論壟弄籠聾牢磊賂雷壘屢樓淚漏累縷陋勒肋凜凌稜綾菱陵讀拏樂諾丹寧怒率異北磻便復不泌數索參塞省葉說殺辰沈拾若掠略亮\
兩凉梁糧良諒量勵呂女廬旅濾礪閭驪麗黎力曆歷轢年憐戀撚漣煉璉秊練聯輦蓮連鍊列劣咽烈裂說廉念捻殮簾獵令囹寧嶺怜玲瑩羚聆鈴零靈\
領例禮醴隸惡了僚寮尿料樂燎療蓼遼龍暈阮劉杻柳流溜琉留硫紐類六戮陸倫崙淪輪律慄栗率隆利吏履易李梨泥理痢罹裏裡里離匿溺吝燐璘\
藺隣鱗麟林淋臨立笠粒狀炙識什茶刺切度拓糖宅洞暴輻行降見廓兀嗀﨎﨏塚﨑晴﨓﨔凞猪益礼神祥福靖精羽﨟蘒﨡諸﨣﨤逸都﨧﨨﨩飯飼\
館鶴郞隷侮僧免勉勤卑喝嘆器塀墨層屮悔慨憎懲敏既暑梅海渚漢煮爫琢碑社祉祈祐祖祝禍禎穀突節練縉繁署者臭艹艹著褐視謁謹賓贈辶逸\
難響頻恵𤋮舘﩮﩯並况全侀充冀勇勺喝啕喙嗢塚墳奄奔婢嬨廒廙彩徭惘慎愈憎慠懲戴揄搜摒敖晴朗望杖歹殺流滛滋漢瀞煮瞧爵犯猪瑱甆画\
瘝瘟益盛直睊着磌窱節类絛練缾者荒華蝹襁覆視調諸請謁諾諭謹變贈輸遲醙鉶陼難靖韛響頋頻鬒龜𢡊𢡄𣏕㮝䀘䀹𥉉𥳐𧻓齃龎";
/// From U+2F800: canonical decompositions.
const SUPPLEMENT: &str = "丽丸乁𠄢你侮侻倂偺備僧像㒞𠘺免兔兤具𠔜㒹內再𠕋冗冤仌冬况𩇟凵刃㓟刻剆割剷㔕勇勉勤勺包匆北卉卑博即卽卿卿卿𠨬灰及叟𠭣叫叱吆\
咞吸呈周咢哶唐啓啣善善喙喫喳嗂圖嘆圗噑噴切壮城埴堍型堲報墬𡓤売壷夆多夢奢𡚨𡛪姬娛娧姘婦㛮㛼嬈嬾嬾𡧈寃寘寧寳𡬘寿将当尢㞁屠\
屮峀岍𡷤嵃𡷦嵮嵫嵼巡巢㠯巽帨帽幩㡢𢆃㡼庰庳庶廊𪎒廾𢌱𢌱舁弢弢㣇𣊸𦇚形彫㣣徚忍志忹悁㤺㤜悔𢛔惇慈慌慎慌慺憎憲憤憯懞懲懶成戛\
扝抱拔捐𢬌挽拼捨掃揤𢯱搢揅掩㨮摩摾撝摷㩬敏敬𣀊旣書晉㬙暑㬈㫤冒冕最暜肭䏙朗望朡杞杓𣏃㭉柺枅桒梅𣑭梎栟椔㮝楂榣槪檨𣚣櫛㰘次\
𣢧歔㱎歲殟殺殻𣪍𡴋𣫺汎𣲼沿泍汧洖派海流浩浸涅𣴞洴港湮㴳滋滇𣻑淹潮𣽞𣾎濆瀹瀞瀛㶖灊災灷炭𠔥煅𤉣熜𤎫爨爵牐𤘈犀犕𤜵𤠔獺王㺬玥\
㺸㺸瑇瑜瑱璅瓊㼛甤𤰶甾𤲒異𢆟瘐𤾡𤾸𥁄㿼䀈直𥃳𥃲𥄙𥄳眞真真睊䀹瞋䁆䂖𥐝硎碌磌䃣𥘦祖𥚚𥛅福秫䄯穀穊穏𥥼𥪧𥪧竮䈂𥮫篆築䈧𥲀糒䊠\
糨糣紀𥾆絣䌁緇縂繅䌴𦈨𦉇䍙𦋙罺𦌾羕翺者𦓚𦔣聠𦖨聰𣍟䏕育脃䐋脾媵𦞧𦞵𣎓𣎜舁舄辞䑫芑芋芝劳花芳芽苦𦬼若茝荣莭茣莽菧著荓菊菌菜\
𦰶𦵫𦳕䔫蓱蓳蔖𧏊蕤𦼬䕝䕡𦾱𧃒䕫虐虜虧虩蚩蚈蜎蛢蝹蜨蝫螆䗗蟡蠁䗹衠衣𧙧裗裞䘵裺㒻𧢮𧥦䚾䛇誠諭變豕𧲨貫賁贛起𧼯𠠄跋趼跰𠣞軔輸\
𨗒𨗭邔郱鄑𨜮鄛鈸鋗鋘鉼鏹鐕𨯺開䦕閷𨵷䧦雃嶲霣𩅅𩈚䩮䩶韠𩐊䪲𩒖頋頋頩𩖶飢䬳餩馧駂駾䯎𩬰鬒鱀鳽䳎䳭鵧𪃎䳸𪄅𪈎𪊑麻䵖黹黾鼅鼏鼖\
鼻𪘀";
/// Vertical, small and half-width marks, each followed by the ordinary one.
const MARKS: &str = "︐，︑、︒。︓：︔；︕！︖？︗〖︘〗︙…︱—︲–︵（︶）︷｛︸｝︹〔︺〕︻【︼】︽《︾》︿〈﹀〉﹁「﹂」﹃『﹄』﹇［﹈］\
﹐，﹑、﹒·﹔；﹕：﹖？﹗！﹘—﹙（﹚）﹛｛﹜｝﹝〔﹞〕﹟#﹠&﹡*﹢+﹣-﹤<﹥>﹦=﹩$﹪%﹫@｡。｢「｣」､、";
/// From U+FB00.
const LIGATURES: [&str; 7] = ["ff", "fi", "fl", "ffi", "ffl", "st", "st"];

pub(super) struct CompatibilityCharacter;

impl Rule for CompatibilityCharacter {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        let text = document.text();
        let mut run: Option<(Span, String)> = None;
        for start in candidates(text.as_bytes()) {
            let Some(c) = text[start..].chars().next() else {
                continue;
            };
            let Some(plain) = ordinary(c) else {
                continue;
            };
            let span = Span::new(start, start + c.len_utf8());
            if document.mask().touches(span) || is_cited(text, span) || is_drawn(text, span, c) {
                continue;
            }
            match &mut run {
                Some((last, plains)) if last.end() == start => {
                    *last = Span::new(last.start(), span.end());
                    plains.push_str(&plain);
                }
                _ => {
                    if let Some((span, plains)) = run.replace((span, plain)) {
                        findings.push(describe(document, span, plains));
                    }
                }
            }
        }
        if let Some((span, plains)) = run {
            findings.push(describe(document, span, plains));
        }
    }
}

/// Where the first two bytes of a character of the blocks concerned stand; in ordinary text nearly
/// nowhere.
fn candidates(bytes: &[u8]) -> impl Iterator<Item = usize> + '_ {
    memchr3_iter(0xe2, 0xef, 0xf0, bytes).filter(|at| {
        let second = bytes.get(at + 1).copied().unwrap_or(0);
        match bytes[*at] {
            0xe2 => matches!(second, 0xba..=0xbf),
            0xef => matches!(second, 0xa4..=0xac | 0xb8 | 0xb9 | 0xbd),
            _ => second == 0xaf,
        }
    })
}

/// The ordinary character or characters, where `c` is a look-alike.
fn ordinary(c: char) -> Option<String> {
    let nth = |table: &str, first: u32| table.chars().nth((u32::from(c) - first) as usize);
    let plain = match c {
        '\u{2e80}'..='\u{2ef3}' => nth(RADICALS, 0x2e80)?,
        '\u{2f00}'..='\u{2fd5}' => nth(KANGXI, 0x2f00)?,
        '\u{f900}'..='\u{fad9}' => nth(IDEOGRAPHS, 0xf900)?,
        '\u{2f800}'..='\u{2fa1d}' => nth(SUPPLEMENT, 0x2f800)?,
        '\u{fb00}'..='\u{fb06}' => {
            return LIGATURES
                .get(u32::from(c) as usize - 0xfb00)
                .map(|l| (*l).to_owned());
        }
        _ => {
            let mut pairs = MARKS.chars();
            loop {
                let (form, plain) = (pairs.next()?, pairs.next()?);
                if form == c {
                    break plain;
                }
            }
        }
    };
    (plain != c).then(|| plain.to_string())
}

/// Alone between quotation marks or brackets: the text speaks about the character. Half-width
/// katakana have marks of their own width.
fn is_cited(text: &str, span: Span) -> bool {
    let before = text[..span.start()].chars().next_back();
    let after = text[span.end()..].chars().next();
    let quoted = before.is_some_and(|c| is_opening(c) || c == '"')
        && after.is_some_and(|c| is_closing(c) || c == '"');
    let katakana = |c: char| c >= '\u{ff66}' && CharClass::of(c) == CharClass::Kana;
    quoted || before.is_some_and(katakana) || after.is_some_and(katakana)
}

/// How far the other bracket of a pair is looked for, in characters.
const PAIR: usize = 60;

/// Part of a face such as ︿(￣︶￣)︿ or (｡･ω･｡).
fn is_drawn(text: &str, span: Span, c: char) -> bool {
    match is_half_width(&c) {
        true => stands_by_no_word(text, span),
        false => is_no_bracket_of_a_pair(text, span, c),
    }
}

fn is_word(c: char) -> bool {
    let class = CharClass::of(c);
    matches!(class, CharClass::Han | CharClass::Letter | CharClass::Digit)
}

/// Half-width marks: ｡｢｣､
fn is_half_width(c: &char) -> bool {
    ('\u{ff61}'..='\u{ff64}').contains(c)
}

/// So many half-width marks stand together at most.
const TOGETHER: usize = 4;

/// A half-width mark with no word before it and no Chinese behind it.
fn stands_by_no_word(text: &str, span: Span) -> bool {
    let no_mark = |c: &char| !is_half_width(c);
    let mut before = text[..span.start()].chars().rev().take(TOGETHER);
    let mut after = text[span.end()..].chars().take(TOGETHER);
    let word = |c: char| is_word(c) || is_closing(c);
    !(before.find(no_mark).is_some_and(word) || after.find(no_mark).is_some_and(is_han))
}

/// A vertical form that is no bracket of a pair with text between: brackets set vertically come so.
fn is_no_bracket_of_a_pair(text: &str, span: Span, c: char) -> bool {
    let bracket = |c: char| {
        let vertical = ('\u{fe35}'..='\u{fe48}').contains(&c);
        vertical.then(|| ordinary(c)?.chars().next()).flatten()
    };
    let Some(plain) = bracket(c) else {
        return false;
    };
    let opens = is_opening(plain);
    let pairs_with = |c: char| bracket(c).is_some_and(|other| is_opening(other) != opens);
    let is_paired = |chars: &mut dyn Iterator<Item = char>| {
        let mut words = false;
        for c in chars.take(PAIR).take_while(|c| *c != '\n') {
            if pairs_with(c) {
                return words;
            }
            words |= is_word(c);
        }
        false
    };
    !if opens {
        is_paired(&mut text[span.end()..].chars())
    } else {
        is_paired(&mut text[..span.start()].chars().rev())
    }
}

fn describe(document: &Reading<'_>, span: Span, plain: String) -> Finding {
    let text = document.slice(span);
    let mut chars = text.chars();
    let message = match (chars.next(), chars.next()) {
        (Some(c), None) => told!(
            "{c} (U+{:04X}) looks like {plain} and is another character", u32::from(c);
            "{c}（U+{:04X}）形似 {plain}，却是另一个字符", u32::from(c)
        ),
        _ => told!(
            "{text} looks like {plain} and is made of other characters";
            "{text} 形似 {plain}，却由其他字符组成"
        ),
    };
    Finding::new(&CARD, span, message)
        .defect(text)
        .help(told!("put {plain}"; "换成 {plain}"))
        .fix(Fix::replace(Safety::Safe, span, plain))
}

#[cfg(test)]
mod tests {
    use super::{IDEOGRAPHS, KANGXI, RADICALS, SUPPLEMENT, ordinary};

    #[test]
    fn tables_are_complete() {
        let lengths = [RADICALS, KANGXI, IDEOGRAPHS, SUPPLEMENT].map(|t| t.chars().count());
        assert_eq!(lengths, [116, 214, 474, 542]);
        for (form, plain) in [
            ("⼈", "人"),
            ("⿓", "龍"),
            ("⻓", "长"),
            ("︵", "（"),
            ("ﬃ", "ffi"),
        ] {
            let got = form.chars().next().and_then(ordinary);
            assert_eq!(got.as_deref(), Some(plain));
        }
        assert_eq!(ordinary('\u{fa0e}'), None);
        assert_eq!(ordinary('～'), None);
    }
}
