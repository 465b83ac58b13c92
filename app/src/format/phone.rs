//! Phone numbers as people read them.

/// `+62 811-0000-0142` of `628110000142`; a group's JID and anything else stay as they are.
pub fn phone(number: &str) -> String {
    let digits = number.strip_prefix('+').unwrap_or(number);
    if digits.len() < 7 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return number.into();
    }
    let (country, rest) = digits.split_at(country_length(digits));
    let groups: &[usize] = match rest.len() {
        ..=4 => &[],
        5..=7 => &[3],
        8 => &[4],
        9 | 10 => &[3, 3],
        11 => &[3, 4],
        _ => &[4, 4],
    };
    let mut out = format!("+{country} ");
    let mut left = rest;
    for length in groups {
        let (group, tail) = left.split_at(*length);
        out.push_str(group);
        out.push('-');
        left = tail;
    }
    out.push_str(left);
    out
}

/// How many digits the country code has (ITU E.164: one, two, else three).
fn country_length(digits: &str) -> usize {
    match digits
        .get(..2)
        .and_then(|two| two.parse::<u8>().ok())
        .unwrap_or(0)
    {
        10..=19 | 70..=79 => 1,
        20 | 27 | 30..=34 | 36 | 39..=41 | 43..=49 | 51..=58 | 60..=66 | 81 | 82 | 84 | 86 | 90..=95 | 98 => {
            2
        }
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_after_the_country_code() {
        for (number, expect) in [
            ("628110000142", "+62 811-000-0142"),
            ("6281100000142", "+62 811-0000-0142"),
            ("15550100142", "+1 555-010-0142"),
            ("4915112345678", "+49 151-1234-5678"),
            ("35312345678", "+353 1234-5678"),
            ("1001001", "+1 001-001"),
            ("120363xxx@g.us", "120363xxx@g.us"),
            ("123", "123"),
        ] {
            assert_eq!(phone(number), expect);
        }
    }
}
