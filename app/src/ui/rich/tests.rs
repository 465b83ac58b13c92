//! What counts as a mark and what does not.

use super::*;

/// The pieces as marked-up text, to compare them at a glance.
fn shown(text: &str) -> String {
    fn show(pieces: &[Piece]) -> String {
        let one = |piece: &Piece| match piece {
            Piece::Plain(text) => text.clone(),
            Piece::Styled(Style::Bold, inner) => format!("<b>{}</b>", show(inner)),
            Piece::Styled(Style::Italic, inner) => format!("<i>{}</i>", show(inner)),
            Piece::Styled(Style::Struck, inner) => format!("<s>{}</s>", show(inner)),
            Piece::Mono(text) => format!("<m>{text}</m>"),
            Piece::Link(text) => format!("<a>{text}</a>"),
        };
        pieces.iter().map(one).collect()
    }
    show(&pieces(text))
}

#[test]
fn marks_at_the_edges_of_words_count() {
    for (text, expect) in [
        (
            "*bold* _italic_ ~struck~ ```mono```",
            "<b>bold</b> <i>italic</i> <s>struck</s> <m>mono</m>",
        ),
        ("*two words*", "<b>two words</b>"),
        ("(*so*), *so*.", "(<b>so</b>), <b>so</b>."),
        ("*_~all~_*", "<b><i><s>all</s></i></b>"),
        ("*a _b_ c*", "<b>a <i>b</i> c</b>"),
        ("*a b*c*", "<b>a b*c</b>"),
        ("**a**", "*<b>a</b>*"),
        ("*Übung* ok", "<b>Übung</b> ok"),
        ("*😀*", "<b>😀</b>"),
        ("```a *b* _c_```", "<m>a *b* _c_</m>"),
        ("*a ```*``` b*", "<b>a <m>*</m> b</b>"),
    ] {
        assert_eq!(shown(text), expect);
    }
}

#[test]
fn other_marks_are_text() {
    for text in [
        "2*3*4",
        "snake_case_name",
        "* a*",
        "*a *",
        "*a",
        "a*",
        "**",
        "***",
        "_ _",
        "* *",
        "~~~",
        "``````",
        "```   ```",
        "```a",
        "*a\nb*",
        "_a\r\nb_",
        "```a\nb```",
        "*",
        "",
        "file_*name",
        "a*b* c",
    ] {
        assert_eq!(shown(text), text, "{text:?}");
    }
}

#[test]
fn lines_stay_as_they_are() {
    assert_eq!(shown("*a*\n\n_b_\r\nc\n"), "<b>a</b>\n\n<i>b</i>\r\nc\n");
}

#[test]
fn only_addresses_of_the_web_are_links() {
    for (text, expect) in [
        (
            "see https://a.example/x_y_z?q=*1*&b=~2.",
            "see <a>https://a.example/x_y_z?q=*1*&b=~2</a>.",
        ),
        ("HTTP://A.example!", "<a>HTTP://A.example</a>!"),
        ("(https://a.example/b_(c))", "(<a>https://a.example/b_(c)</a>)"),
        ("(https://a.example)", "(<a>https://a.example</a>)"),
        ("*https://a.example*", "<b><a>https://a.example</a></b>"),
        (
            "_https://a.example/a_b here_",
            "<i><a>https://a.example/a_b</a> here</i>",
        ),
        ("```https://a.example```", "<m>https://a.example</m>"),
        ("\"https://a.example\"", "\"<a>https://a.example</a>\""),
    ] {
        assert_eq!(shown(text), expect);
    }
    for text in [
        "javascript:alert(1)",
        "ftp://a.example",
        "https://",
        "https://*",
        "xhttps://a.example",
        "data:text/html,x",
        "www.a.example",
        "https:// a.example",
    ] {
        assert_eq!(shown(text), text);
    }
}

#[test]
fn an_address_ends_where_the_text_is_turned() {
    for mark in (0x202A..=0x202E)
        .chain(0x2066..=0x2069)
        .chain([0x61C, 0x200E, 0x200F])
        .filter_map(char::from_u32)
    {
        let text = format!("https://a.example/{mark}moc.rehto");
        assert_eq!(
            shown(&text),
            format!("<a>https://a.example/</a>{mark}moc.rehto"),
            "{text:?}"
        );
        let text = format!("https://{mark}a.example");
        assert_eq!(shown(&text), text, "{text:?}");
    }
    // Letters that read from the right are letters.
    assert_eq!(
        shown("https://a.example/\u{5D0}"),
        "<a>https://a.example/\u{5D0}</a>"
    );
}

#[test]
fn nothing_is_lost_or_slow_whatever_is_written() {
    let bare = |pieces: &[Piece]| -> usize {
        fn count(pieces: &[Piece]) -> usize {
            let one = |piece: &Piece| match piece {
                Piece::Plain(text) | Piece::Link(text) => text.len(),
                Piece::Mono(text) => text.len() + 6,
                Piece::Styled(_, inner) => count(inner) + 2,
            };
            pieces.iter().map(one).sum()
        }
        count(pieces)
    };
    for unit in [
        "*",
        "*a ",
        "_*~",
        "*_~a",
        "```",
        "```a",
        "*a* _",
        "https://a*",
        "~é~\n",
        "(",
        "a_",
        "*a _b ",
    ] {
        let text = unit.repeat(4_000);
        let pieces = pieces(&text);
        assert_eq!(bare(&pieces), text.len(), "{unit:?}");
    }
}
