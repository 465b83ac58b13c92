//! Python with requests.

use super::{
    Sample,
    literal::{Dialect, escaped, unseen},
};
use std::fmt::Write as _;

const PYTHON: Dialect = Dialect {
    text: quote,
    key: |name| format!("{}: ", quote(name)),
    list: ("[", "]"),
    map: ("{", "}"),
    empty_map: "{}",
    yes: "True",
    no: "False",
    null: "None",
    step: 4,
};

pub fn write(sample: &Sample<'_>) -> String {
    let mut arguments = format!(
        "    {},\n    {},\n    headers={},\n",
        quote(&sample.call.method),
        quote(&sample.url()),
        PYTHON.write(&sample.headers_tree(), 1)
    );
    if let Some(body) = &sample.call.body {
        let _ = writeln!(arguments, "    json={},", PYTHON.write(body, 1));
    }
    format!(
        "import requests\n\nresponse = requests.request(\n{arguments}    timeout=30,\n)\n\
         print(response.status_code, response.text)\n"
    )
}

fn quote(text: &str) -> String {
    escaped(text, '"', |c| {
        unseen(c).then(|| match c as u32 {
            code @ 0..=0xff => format!("\\x{code:02x}"),
            code => format!("\\u{code:04x}"),
        })
    })
}
