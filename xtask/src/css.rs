//! Joins the style sheets into one: `@import` lines are replaced by what they
//! name, wrapped in the layer they ask for. Nothing else is understood or
//! changed, so that what a browser gets is what was written.
use anyhow::{Context, Result, bail};
use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

/// Reads a style sheet with all it imports.
pub fn bundle(main: &Path) -> Result<String> {
    let mut css = String::new();
    inline(main, &mut Vec::new(), &mut css)?;
    Ok(css)
}

/// Takes out comments, indents and empty lines. What is left compresses as
/// well as minified text does, and no declaration was touched.
pub fn strip(css: &str) -> String {
    let bare: String = parts(css)
        .filter(|part| part.kind != Kind::Comment)
        .map(|part| part.text)
        .collect();
    let lines: Vec<&str> = bare
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("\n") + "\n"
}

/// The text with its comments blanked out; lines stay where they are.
pub fn without_comments(css: &str) -> String {
    let newlines = |text: &str| "\n".repeat(text.matches('\n').count());
    parts(css)
        .map(|part| {
            if part.kind == Kind::Comment {
                newlines(part.text)
            } else {
                part.text.to_owned()
            }
        })
        .collect()
}

fn inline(file: &Path, open: &mut Vec<PathBuf>, css: &mut String) -> Result<()> {
    if open.iter().any(|path| path == file) {
        bail!("{} imports itself", file.display());
    }
    let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let folder = file.parent().unwrap_or(Path::new("."));
    open.push(file.to_path_buf());
    for part in parts(&text) {
        match part.kind {
            Kind::Import => import(part.text, folder, open, css)
                .with_context(|| format!("{}: {}", file.display(), part.text))?,
            Kind::Rest => {
                refuse_relative_assets(part.text).with_context(|| file.display().to_string())?;
                css.push_str(part.text);
            }
            Kind::Comment | Kind::String => css.push_str(part.text),
        }
    }
    open.pop();
    Ok(())
}

fn import(statement: &str, folder: &Path, open: &mut Vec<PathBuf>, css: &mut String) -> Result<()> {
    let import = Import::parse(statement)?;
    let mut inner = String::new();
    inline(&folder.join(import.path), open, &mut inner)?;
    let inner = inner.trim_end();
    match import.layer {
        Some(layer) => write!(
            css,
            "@layer {layer}{}{{\n{inner}\n}}",
            if layer.is_empty() { "" } else { " " }
        )?,
        None => css.push_str(inner),
    }
    Ok(())
}

/// A relative address would point into the folder of the joined file, where
/// nothing of the sort lies.
fn refuse_relative_assets(text: &str) -> Result<()> {
    for rest in text.split("url(").skip(1) {
        let address = rest.trim_start().trim_start_matches(['"', '\'']);
        let absolute = ["/", "#", "data:", "https:"]
            .iter()
            .any(|start| address.starts_with(start));
        if !absolute {
            let shown: String = address
                .chars()
                .take_while(|c| !matches!(c, '"' | '\'' | ')'))
                .collect();
            bail!("url(\"{shown}\") is relative; put the file into public/ and write url(\"/{shown}\")");
        }
    }
    Ok(())
}

/// One `@import`: which file, and the layer it goes into.
#[derive(Debug, PartialEq)]
struct Import<'a> {
    path: &'a str,
    layer: Option<&'a str>,
}

impl<'a> Import<'a> {
    fn parse(statement: &'a str) -> Result<Self> {
        let rest = statement
            .trim_start_matches("@import")
            .trim_end_matches(';')
            .trim();
        let (address, rest) = if let Some(rest) = rest.strip_prefix("url(") {
            rest.split_once(')')
                .context("the bracket of url( is not closed")?
        } else {
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
            let quote = quote.context("an import is url(\"file.css\") or \"file.css\"")?;
            rest[1..]
                .split_once(quote)
                .context("the quotation mark is not closed")?
        };
        let path = address.trim().trim_matches(['"', '\'']);
        if path.contains("://") || path.starts_with('/') {
            bail!("only files of this folder can be imported");
        }
        let layer = match rest.trim() {
            "" => None,
            "layer" => Some(""),
            rest => Some(
                rest.strip_prefix("layer(")
                    .and_then(|rest| rest.strip_suffix(')'))
                    .with_context(|| format!("`{rest}` is not understood after an import"))?
                    .trim(),
            ),
        };
        Ok(Self { path, layer })
    }
}

/// A stretch of a style sheet.
struct Part<'a> {
    kind: Kind,
    text: &'a str,
}

/// Strings are told apart because a comment or an import inside one is
/// neither.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Comment,
    String,
    Import,
    Rest,
}

fn parts(css: &str) -> impl Iterator<Item = Part<'_>> {
    let mut left = css;
    std::iter::from_fn(move || {
        if left.is_empty() {
            return None;
        }
        let (kind, length) = if left.starts_with("/*") {
            (Kind::Comment, left.find("*/").map_or(left.len(), |end| end + 2))
        } else if left.starts_with("@import") {
            (Kind::Import, left.find(';').map_or(left.len(), |end| end + 1))
        } else if left.starts_with(['"', '\'']) {
            (Kind::String, string_length(left))
        } else {
            (Kind::Rest, rest_length(left))
        };
        let (text, tail) = left.split_at(length);
        left = tail;
        Some(Part { kind, text })
    })
}

fn string_length(text: &str) -> usize {
    let quote = text.as_bytes()[0];
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            byte if byte == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Up to the next comment, string or import. An address in `url(…)` stays in
/// one piece with what is before it.
fn rest_length(text: &str) -> usize {
    let mut from = 0;
    loop {
        let next = ["/*", "@import", "\"", "'"]
            .iter()
            .filter_map(|start| text[from..].find(start))
            .min();
        let Some(next) = next.map(|at| at + from) else {
            return text.len();
        };
        let in_url = text[..next].trim_end().ends_with("url(");
        if in_url {
            from = text[next..].find(')').map_or(text.len(), |end| next + end);
        } else if next > 0 {
            return next;
        } else {
            // A quotation mark can only be here once; never stand still.
            from = 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn bundled(files: &[(&str, &str)]) -> Result<String> {
        bundle(&folder(files).path().join("main.css"))
    }

    #[test]
    fn imports_are_replaced_in_their_layer_and_order() {
        let css = bundled(&[
            (
                "main.css",
                "/* all */\n@import url(\"a.css\");\n@import \"rooms/b.css\" layer(rooms.b);\ni { top: 0 }\n",
            ),
            ("a.css", "a { color: red }\n"),
            (
                "rooms/b.css",
                "@import url('../shared/c.css') layer;\nb { color: blue }\n",
            ),
            ("shared/c.css", "c {}\n"),
        ]);
        assert_eq!(
            css.unwrap(),
            "/* all */\na { color: red }\n@layer rooms.b {\n@layer {\nc {}\n}\nb { color: blue }\n}\ni { top: 0 }\n"
        );
    }

    #[test]
    fn what_only_looks_like_an_import_stays() {
        let text = "/* @import url(\"x.css\"); */\na::before { content: \"@import 'y.css';\" }\n";
        assert_eq!(bundled(&[("main.css", text)]).unwrap(), text);
    }

    #[test]
    fn mistakes_are_named() {
        let fails = |text: &str| format!("{:#}", bundled(&[("main.css", text)]).unwrap_err());
        assert!(fails("@import url(\"gone.css\");").contains("gone.css cannot be read"));
        assert!(fails("@import url(\"main.css\");").contains("imports itself"));
        assert!(fails("@import url(\"https://x.test/a.css\");").contains("only files of this folder"));
        assert!(fails("@import \"a.css\" screen;").contains("`screen` is not understood"));
        assert!(fails("a { background: url(\"x.svg\") }").contains("write url(\"/x.svg\")"));
    }

    #[test]
    fn absolute_assets_are_left_alone() {
        let text = "a { mask: url(\"/x.svg\"); background: url(data:image/svg+xml;base64,AA/*BB) }\n";
        assert_eq!(bundled(&[("main.css", text)]).unwrap(), text);
    }

    #[test]
    fn stripping_spares_strings() {
        let css = "/* one\n two */\n  a {\n    content: \"/* kept */ \\\" ' \";\n\n  }\n";
        assert_eq!(strip(css), "a {\ncontent: \"/* kept */ \\\" ' \";\n}\n");
    }

    #[test]
    fn blanked_comments_keep_the_lines() {
        assert_eq!(without_comments("a\n/* b\n c */ d\n"), "a\n\n d\n");
    }
}
