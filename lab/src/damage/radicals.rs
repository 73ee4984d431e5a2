//! Characters that fonts and converters put in the place of ordinary ones.

/// The Kangxi radicals in the order of their code points, from U+2F00.
const RADICALS: &str = "一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓彐彡彳心戈戶手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨靑非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠";

/// Compatibility ideographs that converters from Korean and Japanese sets leave in Chinese text.
const COMPATIBILITY: [(char, char); 21] = [
    ('更', '\u{F901}'),
    ('不', '\u{F967}'),
    ('年', '\u{F98E}'),
    ('福', '\u{FA1B}'),
    ('神', '\u{FA19}'),
    ('精', '\u{FA1D}'),
    ('拉', '\u{F925}'),
    ('利', '\u{F9DD}'),
    ('流', '\u{F9CA}'),
    ('六', '\u{F9D1}'),
    ('例', '\u{F9B5}'),
    ('料', '\u{F9BE}'),
    ('北', '\u{F963}'),
    ('路', '\u{F937}'),
    ('林', '\u{F9F4}'),
    ('理', '\u{F9E4}'),
    ('量', '\u{F97E}'),
    ('列', '\u{F99C}'),
    ('律', '\u{F9D8}'),
    ('若', '\u{F974}'),
    ('省', '\u{F96D}'),
];

/// A character that looks like `c` and is not it, with the name of its block.
pub(super) fn look_alike(c: char) -> Option<(char, &'static str)> {
    if let Some(&(_, other)) = COMPATIBILITY.iter().find(|&&(plain, _)| plain == c) {
        return Some((other, "ideograph"));
    }
    let position = RADICALS.chars().position(|radical| radical == c)?;
    char::from_u32(0x2F00 + position as u32).map(|other| (other, "radical"))
}
