//! Finding products by Chinese, English, pinyin and its initials.
//!
//! A product's searchable words are laid down once, when it is listed; a search is then a plain
//! LIKE over them, the same on both databases.

use super::{ProductCard, store};
use crate::{Error, Market};
use pinyin::ToPinyin;

/// Characters of a search that are looked at.
const LONGEST: usize = 40;
/// Words of a search that are looked at: as many as the statement has patterns.
pub(super) const WORDS: usize = 3;

impl Market {
    /// Cards of at most `limit` products that have every word of `text` in their name, farm or
    /// place, in Chinese, English, pinyin ("caomei") or initials ("cm"). Nothing for no words.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn search(&self, text: &str, limit: i64) -> Result<Vec<ProductCard>, Error> {
        match patterns(text) {
            Some(patterns) => {
                let among = store::Among::Fitting {
                    patterns: &patterns,
                    limit,
                };
                Ok(store::cards(&mut self.db.glance().await?, among).await?)
            }
            None => Ok(Vec::new()),
        }
    }
}

/// What is stored for `words`: each as it is, in pinyin and in initials, lower case, a line each.
pub(super) fn index<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut lines = Vec::new();
    for word in words {
        lines.push(word.to_lowercase());
        let spelled: Vec<_> = word.chars().map(|c| (c, c.to_pinyin())).collect();
        if spelled.iter().any(|(_, sound)| sound.is_some()) {
            let spell = |whole: bool| -> String {
                let part = |(c, sound): &(char, Option<pinyin::Pinyin>)| match sound {
                    Some(sound) if whole => sound.plain().replace('ü', "v"),
                    Some(sound) => sound.first_letter().to_owned(),
                    None => c.to_lowercase().filter(|c| c.is_alphanumeric()).collect(),
                };
                spelled.iter().map(part).collect()
            };
            lines.push(spell(true));
            lines.push(spell(false));
        }
    }
    lines.dedup();
    lines.join("\n")
}

/// LIKE patterns for the words of a search; `None` when it has no words.
pub(super) fn patterns(text: &str) -> Option<[String; WORDS]> {
    let blank = |c: char| if c.is_control() { ' ' } else { c };
    let text: String = text.chars().take(LONGEST).map(blank).collect::<String>().to_lowercase();
    let mut words = text
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric));
    let first = pattern(words.next()?);
    let next = |word: Option<&str>| word.map_or_else(|| "%".to_owned(), pattern);
    Some([first, next(words.next()), next(words.next())])
}

/// `word` anywhere, with LIKE's own signs taken literally.
fn pattern(word: &str) -> String {
    let mut pattern = String::from("%");
    for c in word.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_its_sounds_and_initials() {
        assert_eq!(
            index(["红颜草莓", "Hongyan"].into_iter()),
            "红颜草莓\nhongyancaomei\nhycm\nhongyan"
        );
        assert_eq!(index(["烟薯25号"].into_iter()), "烟薯25号\nyanshu25hao\nys25h");
        assert_eq!(index(["绿茶"].into_iter()), "绿茶\nlvcha\nlc");
    }

    #[test]
    fn signs_of_like_are_taken_literally() {
        assert_eq!(
            patterns(r"50%_\x"),
            Some([r"%50\%\_\\x%".into(), "%".into(), "%".into()])
        );
        assert_eq!(
            patterns("  CAO  mei "),
            Some(["%cao%".into(), "%mei%".into(), "%".into()])
        );
        assert_eq!(patterns("a\u{0}b"), Some(["%a%".into(), "%b%".into(), "%".into()]));
        assert_eq!(patterns("  "), None);
        assert_eq!(patterns("% _"), None);
        assert_eq!(
            patterns(&"莓".repeat(1000)).map(|p| p[0].chars().count()),
            Some(LONGEST + 2)
        );
    }
}
