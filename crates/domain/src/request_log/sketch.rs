//! A JSON body as it is kept: without its secrets, its attachments shortened, the rest as it came.
//!
//! The text is read once from front to back and never taken apart, so that a body of a hundred
//! megabytes costs no memory, and one that is no good JSON (which is when somebody looks here)
//! is kept as well, with the same care.

use super::mask::{self, MASK};
use std::fmt::Write as _;

/// What is kept of a body, in bytes.
pub const KEPT: usize = 16 << 10;
/// A text of more is shortened, where the rest of the body would not fit otherwise.
const LONG: usize = 512;
/// How much of a long text is shown.
const SHOWN: usize = 48;
/// How much of it is looked at for what must not be shown.
const LOOKED_AT: usize = 4 << 10;

/// The body in at most about [`KEPT`] bytes; `None` when it is no text.
pub fn body(bytes: &[u8]) -> Option<String> {
    let mut sketch = Sketch {
        bytes,
        at: 0,
        out: String::with_capacity(bytes.len().min(KEPT) + 64),
        // What fits as a whole is kept as a whole, but for attachments.
        cut: bytes.len() > KEPT,
        binary: false,
    };
    sketch.run();
    (!sketch.binary).then_some(sketch.out)
}

/// The beginning of a text in at most that many bytes, and how much is missing.
pub fn shortened(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let kept = &text[..text.floor_char_boundary(most)];
    format!("{kept}… {} bytes more", text.len() - kept.len())
}

struct Sketch<'a> {
    bytes: &'a [u8],
    at: usize,
    out: String,
    cut: bool,
    binary: bool,
}

impl<'a> Sketch<'a> {
    fn run(&mut self) {
        while let Some(byte) = self.peek() {
            if self.out.len() >= KEPT {
                let _ = write!(self.out, "… {} bytes more", self.bytes.len() - self.at);
                return;
            }
            if self.binary {
                return;
            }
            match byte {
                b'"' | b'\'' => self.text(),
                _ if is_word(byte) => self.word(),
                0 => {
                    self.binary = true;
                }
                _ => self.other(),
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// A text in quotes: a name, or a value whose name is no secret's.
    fn text(&mut self) {
        let raw = self.quoted();
        if self.is_name() {
            let name = plain(raw);
            self.push(raw, false);
            self.value_of(&name);
        } else {
            self.push(raw, true);
        }
    }

    /// A name without quotes, a number, `true`, or what somebody meant to be one of these.
    fn word(&mut self) {
        let from = self.at;
        while self.peek().is_some_and(is_word) {
            self.at += 1;
        }
        let raw = &self.bytes[from..self.at];
        let name = self.is_name().then(|| String::from_utf8_lossy(raw).into_owned());
        self.push(raw, true);
        if let Some(name) = name {
            self.value_of(&name);
        }
    }

    /// Blanks and signs, up to where something begins.
    fn other(&mut self) {
        let from = self.at;
        while let Some(byte) = self.peek() {
            if byte == b'"' || byte == b'\'' || byte == 0 || is_word(byte) || self.at - from > 4_096 {
                break;
            }
            self.at += 1;
        }
        let raw = &self.bytes[from..self.at];
        self.push(raw, false);
        if raw.ends_with(b"//") {
            self.logged_in_as();
        }
    }

    /// Reads over who logs in at an address that stands without quotes.
    fn logged_in_as(&mut self) {
        let rest = &self.bytes[self.at..];
        let host = rest
            .iter()
            .position(|byte| byte.is_ascii_whitespace() || b"/?#\"'<>\\&,".contains(byte))
            .unwrap_or(rest.len());
        if let Some(at) = rest[..host].iter().rposition(|byte| *byte == b'@') {
            self.at += at;
            self.out.push_str(MASK);
        }
    }

    /// Whether what was just read is the name of something.
    fn is_name(&self) -> bool {
        let rest = &self.bytes[self.at..];
        rest.iter()
            .find(|byte| !byte.is_ascii_whitespace())
            .is_some_and(|byte| *byte == b':' || *byte == b'=')
    }

    /// Reads over the value of a secret; leaves any other where it is.
    fn value_of(&mut self, name: &str) {
        let parameter = self.peek() == Some(b'=');
        if !(mask::is_secret(name) || parameter && mask::is_secret_parameter(name)) {
            return;
        }
        let from = self.at;
        while self
            .peek()
            .is_some_and(|byte| byte.is_ascii_whitespace() || byte == b':' || byte == b'=')
        {
            self.at += 1;
        }
        let between = &self.bytes[from..self.at];
        self.push(between, false);
        match self.peek() {
            None => return,
            Some(b'"' | b'\'') => {
                self.quoted();
            }
            Some(b'{' | b'[') => self.nested(),
            Some(_) => self.bare(),
        }
        let _ = write!(self.out, "\"{MASK}\"");
    }

    /// An object or a list, to its end.
    fn nested(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' | b'\'' => {
                    self.quoted();
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }

    fn bare(&mut self) {
        while self.peek().is_some_and(|byte| !b",}]&\r\n".contains(&byte)) {
            self.at += 1;
        }
    }

    /// The text that begins here, with its quotes; without an end it goes on to the end of all.
    fn quoted(&mut self) -> &'a [u8] {
        const STEP: usize = 64;
        let quote = self.bytes[self.at];
        let from = self.at;
        self.at += 1;
        loop {
            // Attachments are megabytes without either sign: many bytes are looked at in one go.
            while let Some(chunk) = self.bytes.get(self.at..self.at + STEP) {
                let stop = chunk.iter().fold(0, |found, byte| {
                    found | u8::from(*byte == quote) | u8::from(*byte == b'\\')
                });
                if stop != 0 {
                    break;
                }
                self.at += STEP;
            }
            match self.peek() {
                None => break,
                Some(b'\\') => self.at = (self.at + 2).min(self.bytes.len()),
                Some(byte) => {
                    self.at += 1;
                    if byte == quote {
                        break;
                    }
                }
            }
        }
        &self.bytes[from..self.at]
    }

    /// Keeps that piece. A long value is shortened when it is an attachment, or when the body as a
    /// whole does not fit.
    fn push(&mut self, raw: &[u8], value: bool) {
        let long = raw.len() > LONG && (self.cut || value && is_base64(raw));
        let shown = if long { &raw[..SHOWN] } else { raw };
        let text = match std::str::from_utf8(shown) {
            Ok(text) => text,
            // Only the cut may have gone through a character.
            Err(error) if long && error.valid_up_to() + 4 > SHOWN => {
                std::str::from_utf8(&shown[..error.valid_up_to()]).unwrap_or_default()
            }
            Err(_) => {
                self.binary = true;
                return;
            }
        };
        if text.contains('\0') {
            self.binary = true;
            return;
        }
        // A key may be spelled so that it does not look like one.
        let spelled = text.contains("\\u");
        if long {
            let shown = if spelled {
                MASK.into()
            } else if text.contains("://") {
                // Its secrets must be seen as a whole to be known as such.
                let more = String::from_utf8_lossy(&raw[..raw.len().min(LOOKED_AT)]);
                let whole = mask::text(&more);
                whole[..whole.floor_char_boundary(SHOWN)].to_owned().into()
            } else {
                mask::keys(text)
            };
            let quote = raw.first().filter(|byte| matches!(byte, b'"' | b'\''));
            if let (true, Some(quote)) = (spelled, quote) {
                self.out.push(char::from(*quote));
            }
            let _ = write!(self.out, "{shown}… {} bytes more", raw.len() - text.len());
            if let Some(quote) = quote.filter(|quote| raw.last() == Some(quote)) {
                self.out.push(char::from(*quote));
            }
        } else if spelled && mask::keys(&plain(raw)) != plain(raw) {
            let _ = write!(self.out, "\"{MASK}\"");
        } else if !value {
            self.out.push_str(&mask::keys(text));
        } else if text.contains('\\') {
            // Some programs write each stroke of an address as `\/`.
            let said = plain(raw);
            let seen = mask::text(&said);
            if seen == said {
                self.out.push_str(&mask::keys(text));
            } else {
                let _ = write!(self.out, "{}", serde_json::Value::from(seen));
            }
        } else {
            self.out.push_str(&mask::text(text));
        }
    }
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'$') || byte >= 0x80
}

/// Looks at the beginning only: nobody writes half a thousand letters without a blank.
fn is_base64(raw: &[u8]) -> bool {
    let data = b"data:";
    let start = &raw[1..];
    start.starts_with(data)
        || start.iter().take(LONG - 2).all(|byte| {
            byte.is_ascii_alphanumeric()
                || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_' | b'\\' | b'\n' | b'\r')
        })
}

/// What a text in quotes says.
fn plain(raw: &[u8]) -> String {
    if let Ok(text) = serde_json::from_slice::<String>(raw) {
        return text;
    }
    String::from_utf8_lossy(raw).trim_matches(['"', '\'']).to_owned()
}

#[cfg(test)]
mod tests;
