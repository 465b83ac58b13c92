//! JavaScript, by itself and with axios.

use super::{
    Sample,
    literal::{Dialect, escaped, unseen},
};
use std::fmt::Write as _;

const JAVASCRIPT: Dialect = Dialect {
    text: quote,
    key,
    list: ("[", "]"),
    map: ("{", "}"),
    empty_map: "{}",
    yes: "true",
    no: "false",
    null: "null",
    step: 2,
};

pub fn fetch(sample: &Sample<'_>) -> String {
    let mut options = format!(
        "  method: {},\n  headers: {},\n",
        quote(&sample.call.method),
        JAVASCRIPT.write(&sample.headers_tree(), 1)
    );
    if let Some(body) = &sample.call.body {
        let _ = writeln!(options, "  body: JSON.stringify({}),", JAVASCRIPT.write(body, 1));
    }
    format!(
        "fetch({}, {{\n{options}}})\n  .then(async (response) => console.log(response.status, await response.text()))\n  \
         .catch(console.error);\n",
        quote(&sample.url())
    )
}

pub fn axios(sample: &Sample<'_>) -> String {
    let mut options = format!(
        "  method: {},\n  url: {},\n  headers: {},\n",
        quote(&sample.call.method),
        quote(&sample.url()),
        JAVASCRIPT.write(&sample.headers_tree(), 1)
    );
    if let Some(body) = &sample.call.body {
        let _ = writeln!(options, "  data: {},", JAVASCRIPT.write(body, 1));
    }
    format!(
        "const axios = require(\"axios\");\n\naxios({{\n{options}}})\n  \
         .then((response) => console.log(response.status, response.data))\n  \
         .catch((error) => console.error(error.response?.status, error.response?.data ?? error.message));\n"
    )
}

fn key(name: &str) -> String {
    let plain = name
        .chars()
        .enumerate()
        .all(|(at, c)| c == '_' || c.is_ascii_alphabetic() || (at > 0 && c.is_ascii_digit()));
    // Written without quotes this one would set what the object is made from.
    if plain && !name.is_empty() && name != "__proto__" {
        format!("{name}: ")
    } else if name == "__proto__" {
        format!("[{}]: ", quote(name))
    } else {
        format!("{}: ", quote(name))
    }
}

fn quote(text: &str) -> String {
    let quoted = escaped(text, '"', |c| unseen(c).then(|| format!("\\u{:04x}", c as u32)));
    // Inside a page this would end the script.
    quoted.replace("</", "<\\/")
}
