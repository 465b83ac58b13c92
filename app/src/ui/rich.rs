//! A message's text as WhatsApp shows it: `*bold*`, `_italic_`, `~struck~`, ```` ```mono``` ````
//! and links. It is parsed into pieces and drawn as elements, so that nothing in it is ever HTML.

use leptos::prelude::*;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Plain(String),
    Styled(Style, Vec<Piece>),
    Mono(String),
    Link(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Bold,
    Italic,
    Struck,
}

impl Style {
    const fn of(mark: char) -> Option<Self> {
        match mark {
            '*' => Some(Self::Bold),
            '_' => Some(Self::Italic),
            '~' => Some(Self::Struck),
            _ => None,
        }
    }
}

const MONO: &str = "```";

/// The pieces of a text. Marks count at the edges of words only, and never across lines.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut all = Vec::new();
    for line in text.split_inclusive('\n') {
        let end = line.trim_end_matches(['\n', '\r']).len();
        read(&line[..end], &[], &mut all);
        add(&mut all, &line[end..]);
    }
    all
}

/// Adds plain text, to the piece before it where that is plain too.
fn add(all: &mut Vec<Piece>, text: &str) {
    match all.last_mut() {
        _ if text.is_empty() => {}
        Some(Piece::Plain(before)) => before.push_str(text),
        _ => all.push(Piece::Plain(text.into())),
    }
}

/// Reads a line, or what lies between two marks of one. A style within itself means nothing, so
/// this goes three deep at most.
fn read(line: &str, within: &[char], all: &mut Vec<Piece>) {
    let mut before = None;
    let mut at = 0;
    // Marks for which nothing was found to end them: nothing will be found further on.
    let mut unended: Vec<char> = Vec::new();
    while let Some(mark) = line[at..].chars().next() {
        let rest = &line[at..];
        let (piece, length) = match special(rest, before) {
            Some(found) => found,
            None => match Style::of(mark).filter(|_| !within.contains(&mark) && !unended.contains(&mark)) {
                Some(style) if opens(rest, before) => {
                    if let Some(inner) = until_end(rest, mark) {
                        let mut pieces = Vec::new();
                        read(inner, &[within, &[mark]].concat(), &mut pieces);
                        (Piece::Styled(style, pieces), inner.len() + 2)
                    } else {
                        unended.push(mark);
                        (Piece::Plain(mark.into()), mark.len_utf8())
                    }
                }
                _ => (Piece::Plain(mark.into()), mark.len_utf8()),
            },
        };
        match piece {
            Piece::Plain(text) => add(all, &text),
            other => all.push(other),
        }
        at += length;
        before = line[..at].chars().next_back();
    }
}

/// Mono text or a link that begins here, with how long it is in the line.
fn special(rest: &str, before: Option<char>) -> Option<(Piece, usize)> {
    if let Some(inner) = rest.strip_prefix(MONO) {
        let inner = &inner[..inner.find(MONO)?];
        let blank = inner.trim().is_empty();
        return (!blank).then(|| (Piece::Mono(inner.into()), inner.len() + 2 * MONO.len()));
    }
    if before.is_some_and(char::is_alphanumeric) {
        return None;
    }
    let link = link(rest)?;
    Some((Piece::Link(link.into()), link.len()))
}

/// The address at the beginning, without the punctuation of the sentence around it.
fn link(rest: &str) -> Option<&str> {
    let scheme = ["https://", "http://"].into_iter().find(|scheme| {
        rest.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })?;
    if !rest[scheme.len()..].starts_with(char::is_alphanumeric) {
        return None;
    }
    let ends =
        |c: char| c.is_whitespace() || c.is_control() || turns(c) || matches!(c, '<' | '>' | '"' | '`');
    let mut link = &rest[..rest.find(ends).unwrap_or(rest.len())];
    // A bracket belongs to the address only if it was opened in it.
    let mut unopened = link
        .matches(')')
        .count()
        .saturating_sub(link.matches('(').count());
    while let Some(last) = link.chars().next_back() {
        match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' | '…' => {}
            ')' if unopened > 0 => unopened -= 1,
            _ => break,
        }
        link = &link[..link.len() - last.len_utf8()];
    }
    Some(link)
}

/// Invisible, and turns how the text around it reads: an address with one would look like another.
const fn turns(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A mark opens before a word and not within one.
fn opens(rest: &str, before: Option<char>) -> bool {
    let mut chars = rest.chars();
    let (mark, next) = (chars.next(), chars.next());
    !before.is_some_and(char::is_alphanumeric) && next.is_some_and(|c| !c.is_whitespace()) && next != mark
}

/// What lies between the mark at the beginning and the one that ends it. Marks within mono text
/// and links end nothing.
fn until_end(rest: &str, mark: char) -> Option<&str> {
    let mut before = mark;
    let mut at = 1;
    while let Some(now) = rest[at..].chars().next() {
        if let Some((_, length)) = special(&rest[at..], Some(before)) {
            at += length;
            before = rest[..at].chars().next_back()?;
            continue;
        }
        let after = rest[at + now.len_utf8()..].chars().next();
        if now == mark && at > 1 && !before.is_whitespace() && !after.is_some_and(char::is_alphanumeric) {
            return Some(&rest[1..at]);
        }
        at += now.len_utf8();
        before = now;
    }
    None
}

/// A message's text, for inside its bubble.
#[component]
pub fn Rich(#[prop(into)] text: String) -> impl IntoView {
    draw(pieces(&text))
}

fn draw(pieces: Vec<Piece>) -> AnyView {
    let drawn = pieces.into_iter().map(|piece| match piece {
        Piece::Plain(text) => text.into_any(),
        Piece::Styled(Style::Bold, inner) => view! { <strong>{draw(inner)}</strong> }.into_any(),
        Piece::Styled(Style::Italic, inner) => view! { <em>{draw(inner)}</em> }.into_any(),
        Piece::Styled(Style::Struck, inner) => view! { <s>{draw(inner)}</s> }.into_any(),
        Piece::Mono(text) => view! { <code>{text}</code> }.into_any(),
        Piece::Link(href) => {
            let word = href.clone();
            // Its direction keeps a mark before it from turning it.
            view! { <a href=href dir="ltr" rel="noopener noreferrer nofollow" target="_blank">{word}</a> }
                .into_any()
        }
    });
    drawn.collect_view().into_any()
}

#[cfg(test)]
mod tests;
