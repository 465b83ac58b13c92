//! Rust read just well enough to tell code from comments and strings, and one
//! function from the next. A full parser would drop the comments, and those
//! carry the reasons that are looked for.

/// A string literal.
#[derive(Debug, PartialEq)]
pub struct Text<'a> {
    /// Where it begins in the file.
    pub at: usize,
    /// What is between the quotation marks, escapes as written.
    pub inner: &'a str,
}

/// A function with a body.
#[derive(Debug, PartialEq)]
pub struct Function<'a> {
    pub name: &'a str,
    /// Where the comments and attributes above it begin.
    pub from: usize,
    /// Where its body begins.
    pub body: usize,
    pub to: usize,
}

/// A file taken apart.
pub struct Source<'a> {
    pub text: &'a str,
    /// The text with comments and strings blanked; every byte keeps its place.
    pub code: String,
    pub strings: Vec<Text<'a>>,
}

impl<'a> Source<'a> {
    pub fn read(text: &'a str) -> Self {
        let mut code = text.as_bytes().to_vec();
        let mut strings = Vec::new();
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let rest = &text[at..];
            let length = if rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else if rest.starts_with("/*") {
                comment_length(rest)
            } else if let Some(literal) = string(rest, at > 0 && is_word(bytes[at - 1])) {
                strings.push(Text {
                    at,
                    inner: &rest[literal.from..literal.to],
                });
                literal.length
            } else if let Some(length) = character_length(rest) {
                length
            } else {
                // Step over a whole character, also a wide one.
                at += rest.chars().next().map_or(1, char::len_utf8);
                continue;
            };
            blank(&mut code[at..at + length]);
            at += length;
        }
        // Only whole characters were blanked, so nothing was cut apart.
        let code = String::from_utf8(code).unwrap_or_default();
        Self { text, code, strings }
    }

    /// The line a place is on, counted from one.
    pub fn line(&self, at: usize) -> usize {
        self.text[..at].matches('\n').count() + 1
    }

    /// Every place in the code where `word` stands by itself.
    pub fn words(&self, word: &str) -> Vec<usize> {
        let bytes = self.code.as_bytes();
        let free = |at: usize| at == 0 || !is_word(bytes[at - 1]);
        self.code
            .match_indices(word)
            .map(|(at, _)| at)
            .filter(|at| free(*at))
            .collect()
    }

    /// Where the tests at the end of the file begin.
    pub fn tests_from(&self) -> usize {
        let marks = self
            .code
            .match_indices("#[cfg(test)]")
            .map(|(at, mark)| (at, at + mark.len()));
        marks
            .filter(|(_, end)| {
                let next = self.code[*end..].trim_start();
                next.starts_with("mod ")
                    && next
                        .split(['{', ';'])
                        .next()
                        .is_some_and(|head| next[head.len()..].starts_with('{'))
            })
            .map(|(at, _)| at)
            .next()
            .unwrap_or(self.code.len())
    }

    /// Every function with a body, outer ones before inner ones.
    pub fn functions(&self) -> Vec<Function<'_>> {
        let mut found = Vec::new();
        for at in self.words("fn ") {
            let after = &self.code[at + 3..];
            let name_length = after
                .find(|c: char| !(c.is_alphanumeric() || c == '_'))
                .unwrap_or(after.len());
            let Some(body) = body_start(&self.code, at + 3 + name_length) else {
                continue;
            };
            let name = &after[..name_length];
            found.push(Function {
                name,
                from: self.block_above(at),
                body,
                to: block_end(&self.code, body),
            });
        }
        found
    }

    /// The innermost function around a place.
    pub fn function_around<'f>(functions: &'f [Function<'f>], at: usize) -> Option<&'f Function<'f>> {
        functions
            .iter()
            .rfind(|function| function.body <= at && at < function.to)
    }

    /// Where the comments and attributes directly above a place begin.
    pub fn block_above(&self, at: usize) -> usize {
        let mut from = self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        while from > 0 {
            let above = self.text[..from - 1].rfind('\n').map_or(0, |newline| newline + 1);
            let line = self.text[above..from].trim();
            if !(line.starts_with("//") || line.starts_with("#[")) {
                break;
            }
            from = above;
        }
        from
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}

/// Block comments nest.
fn comment_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0, 0);
    while at < bytes.len() {
        match &bytes[at..bytes.len().min(at + 2)] {
            b"/*" => (depth, at) = (depth + 1, at + 2),
            b"*/" => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

struct Literal {
    from: usize,
    to: usize,
    length: usize,
}

/// A string of any kind that begins right here.
fn string(text: &str, after_word: bool) -> Option<Literal> {
    let bytes = text.as_bytes();
    let prefix = bytes
        .iter()
        .take_while(|byte| matches!(byte, b'b' | b'c' | b'r'))
        .count();
    if prefix > 2 || (prefix > 0 && after_word) {
        return None;
    }
    let raw = bytes[..prefix].contains(&b'r');
    let hashes = if raw {
        bytes[prefix..].iter().take_while(|byte| **byte == b'#').count()
    } else {
        0
    };
    let from = prefix + hashes + 1;
    if bytes.get(from - 1) != Some(&b'"') {
        return None;
    }
    if raw {
        let end = format!("\"{}", "#".repeat(hashes));
        let to = text[from..].find(&end).map_or(text.len(), |end| from + end);
        return Some(Literal {
            from,
            to,
            length: text.len().min(to + end.len()),
        });
    }
    let mut escaped = false;
    for (at, byte) in bytes.iter().enumerate().skip(from) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => {
                return Some(Literal {
                    from,
                    to: at,
                    length: at + 1,
                });
            }
            _ => {}
        }
    }
    Some(Literal {
        from,
        to: text.len(),
        length: text.len(),
    })
}

/// A character such as `'"'`; a lifetime such as `'a` is none.
fn character_length(text: &str) -> Option<usize> {
    let mut chars = text.char_indices();
    if chars.next()?.1 != '\'' {
        return None;
    }
    let (_, first) = chars.next()?;
    if first == '\\' {
        let escape = chars.next()?.0;
        return text[escape + 1..].find('\'').map(|end| escape + end + 2);
    }
    let (end, close) = chars.next()?;
    (close == '\'').then_some(end + 1)
}

/// The `{` of a function's body; none for a declaration that ends in `;`.
fn body_start(code: &str, from: usize) -> Option<usize> {
    let mut depth = 0;
    for (at, byte) in code.bytes().enumerate().skip(from) {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b'{' if depth == 0 => return Some(at),
            b';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

fn block_end(code: &str, from: usize) -> usize {
    let mut depth = 0;
    for (at, byte) in code.bytes().enumerate().skip(from) {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return at + 1,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_found_and_blanked() {
        let text = r##"let a = "x\"y"; let b = r#"q"q"#; let c = b'"'; let d: &'a str = "é"; // "no"
/* "no" /* nested */ */ let r#type = '\'';"##;
        let source = Source::read(text);
        let inner: Vec<&str> = source.strings.iter().map(|text| text.inner).collect();
        assert_eq!(inner, ["x\\\"y", "q\"q", "é"]);
        assert_eq!(source.code.len(), text.len());
        assert!(source.code.contains("&'a str"));
        assert!(source.code.contains("let r#type ="));
        assert!(!source.code.contains("no"));
    }

    #[test]
    fn functions_know_their_comments_and_ends() {
        let text = "/// Why.\n#[inline]\npub async fn outer(a: [u8; 2]) -> u8 {\n    fn inner_in() { \"}\" }\n    1\n}\nfn declared();\n";
        let source = Source::read(text);
        let functions = source.functions();
        let names: Vec<&str> = functions.iter().map(|function| function.name).collect();
        assert_eq!(names, ["outer", "inner_in"]);
        assert_eq!(functions[0].from, 0);
        assert_eq!(&text[functions[0].to..], "\nfn declared();\n");
        let inside = text.find("\"}\"").unwrap();
        assert_eq!(
            Source::function_around(&functions, inside).unwrap().name,
            "inner_in"
        );
        assert_eq!(source.line(inside), 4);
    }

    #[test]
    fn tests_at_the_end_are_told_apart() {
        let with = |text: &str| Source::read(text).tests_from();
        assert_eq!(with("fn a() {}\n#[cfg(test)]\nmod tests {\n}\n"), 10);
        let elsewhere = "#[cfg(test)]\nmod tests;\nfn a() {}\n";
        assert_eq!(with(elsewhere), elsewhere.len());
    }
}
