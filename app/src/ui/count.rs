//! Numbers as people read them.

/// With a comma every three digits: 1,286.
pub fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = if number < 0 { String::from("-") } else { String::new() };
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_three_digits_have_a_comma() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1286, "1,286"),
            (-12_345_678, "-12,345,678"),
            (100_000, "100,000"),
        ] {
            assert_eq!(super::thousands(number), text);
        }
    }
}
