//! Sentences with gaps. The server takes them from `locales/`, an island fills in what it knows.

/// `sentence` with every `{name}` replaced by its value.
///
/// A value is not looked into again: somebody called `{n}` stays `{n}`.
pub(super) fn fill(sentence: &str, values: &[(&str, &str)]) -> String {
    let mut whole = String::with_capacity(sentence.len() + 16);
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        whole.push_str(before);
        let gap = after.split_once('}');
        let value = gap.and_then(|(name, _)| values.iter().find(|(known, _)| *known == name));
        match (gap, value) {
            (Some((_, after)), Some((_, value))) => {
                whole.push_str(value);
                rest = after;
            }
            _ => {
                whole.push('{');
                rest = after;
            }
        }
    }
    whole.push_str(rest);
    whole
}

/// `sentence` with its `{n}` replaced.
pub(super) fn count(sentence: &str, n: i64) -> String {
    fill(sentence, &[("n", &n.to_string())])
}

/// Seconds as a countdown's parts: `08`, `21`, with the hours before them where there are any.
pub(super) fn countdown(seconds: i64) -> Vec<String> {
    let seconds = seconds.max(0);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let parts = [hours, minutes, seconds];
    let from = usize::from(hours == 0);
    parts[from..].iter().map(|part| format!("{part:02}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled_once() {
        assert_eq!(
            fill("{who} 刚买了 {n} 份", &[("who", "{n}**"), ("n", "2")]),
            "{n}** 刚买了 2 份"
        );
        assert_eq!(fill("{unknown} {", &[("n", "2")]), "{unknown} {");
        assert_eq!(count("再来 {n} 人", 3), "再来 3 人");
    }

    #[test]
    fn a_countdown_shows_hours_only_when_there_are_some() {
        assert_eq!(countdown(501).join(":"), "08:21");
        assert_eq!(countdown(0).join(":"), "00:00");
        assert_eq!(countdown(-5).join(":"), "00:00");
        assert_eq!(countdown(20_405).join(":"), "05:40:05");
        assert_eq!(countdown(359_999).join(":"), "99:59:59");
    }
}
