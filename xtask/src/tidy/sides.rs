//! Style sheets name sides by the direction of reading, so that a page turned
//! right to left needs no second sheet.
use super::{File, Finding};
use crate::css;

/// A line that really means a side of the screen says so.
const EXCUSE: &str = "/* physical:";

pub fn check(file: &File) -> Vec<Finding> {
    if !file.is("css") {
        return Vec::new();
    }
    let bare = css::without_comments(&file.text);
    let mut findings = Vec::new();
    for (number, (line, original)) in bare.lines().zip(file.text.lines()).enumerate() {
        if original.contains(EXCUSE) {
            continue;
        }
        for declaration in line.split(['{', '}', ';']) {
            if let Some((name, value)) = declaration.split_once(':')
                && let Some(instead) = logical(name.trim(), value.trim())
            {
                let text = format!(
                    "`{}` names a side of the screen; write `{instead}`, or say why with `{EXCUSE} … */`",
                    declaration.trim()
                );
                findings.push(Finding::new(file, number + 1, text));
            }
        }
    }
    findings
}

/// The word to use instead, if this one is about a side.
fn logical(name: &str, value: &str) -> Option<String> {
    let side = |side: &str| match side {
        "left" => Some("start"),
        "right" => Some("end"),
        _ => None,
    };
    if let Some(side) = side(name) {
        return Some(format!("inset-inline-{side}"));
    }
    if matches!(name, "text-align" | "float" | "clear") {
        let side = side(value.split_whitespace().next()?)?;
        let word = if name == "text-align" {
            side.to_owned()
        } else {
            format!("inline-{side}")
        };
        return Some(format!("{name}: {word}"));
    }
    let mut parts: Vec<&str> = name.split('-').collect();
    let known = matches!(parts[0], "margin" | "padding" | "border" | "scroll");
    if !known || !parts.iter().any(|part| side(part).is_some()) {
        return None;
    }
    if parts.last() == Some(&"radius") {
        let vertical = if parts.contains(&"top") { "start" } else { "end" };
        let horizontal = if parts.contains(&"left") { "start" } else { "end" };
        return Some(format!("border-{vertical}-{horizontal}-radius"));
    }
    for part in &mut parts {
        *part = match *part {
            "left" => "inline-start",
            "right" => "inline-end",
            other => other,
        };
    }
    Some(parts.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::file;

    #[test]
    fn sides_of_the_screen_are_refused() {
        let cases = [
            ("margin-left: 1px", "margin-inline-start"),
            ("right: 0", "inset-inline-end"),
            ("text-align: left", "text-align: start"),
            ("border-top-right-radius: 2px", "border-start-end-radius"),
            ("border-left-color: red", "border-inline-start-color"),
            ("scroll-padding-left: 0", "scroll-padding-inline-start"),
        ];
        for (declaration, instead) in cases {
            let found = check(&file(
                "style/a.css",
                &format!("/* one\n */ a {{ color: red; {declaration} }}\n"),
            ));
            assert_eq!(found.len(), 1, "{declaration}");
            assert_eq!(found[0].line, 2);
            assert!(
                found[0].text.contains(&format!("write `{instead}`")),
                "{}",
                found[0].text
            );
        }
    }

    #[test]
    fn directions_of_reading_and_excuses_pass() {
        let css = "a:hover { margin-inline-start: 1px; text-align: end; transition: left 1s }\n\
                   /* left: 0; */\n\
                   b { left: 50%; /* physical: the drawing is not text */ }\n";
        assert_eq!(check(&file("style/a.css", css)), []);
    }
}
