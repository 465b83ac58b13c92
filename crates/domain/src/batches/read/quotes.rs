//! Quotes that do not close, found before anything is read: a reader that forgives them would
//! swallow half a file into one message.

/// Where quoting is broken: the line (from 1) and what is wrong there.
pub fn broken(text: &str, delimiter: char) -> Option<String> {
    let mut line = 1_u64;
    let mut opened: Option<u64> = None;
    let mut at_start = true;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (opened, c) {
            (Some(_), '"') => {
                if chars.next_if_eq(&'"').is_some() {
                    continue;
                }
                opened = None;
                match chars.peek() {
                    None | Some('\n' | '\r') => {}
                    Some(next) if *next == delimiter => {}
                    Some(_) => {
                        return Some(format!(
                            "Line {line}: after a closing quote there is more text in the same cell. Write quotes inside a \
                             quoted cell twice (\"\"), or remove them."
                        ));
                    }
                }
            }
            (None, '"') if at_start => opened = Some(line),
            _ => {}
        }
        if c == '\n' {
            line += 1;
        }
        at_start = opened.is_none() && (c == delimiter || c == '\n' || c == '\r');
    }
    opened.map(|line| {
        format!(
            "Line {line}: a quote is opened there and never closed. Close it, or write quotes inside a cell twice (\"\")."
        )
    })
}
