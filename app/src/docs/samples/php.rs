//! PHP with its curl extension.

use super::{
    Sample,
    literal::{Dialect, escaped, unseen},
};
use crate::docs::tree::Tree;

const PHP: Dialect = Dialect {
    text: quote,
    key: |name| format!("{} => ", quote(name)),
    list: ("[", "]"),
    map: ("[", "]"),
    // An empty array would be written as a list.
    empty_map: "new stdClass()",
    yes: "true",
    no: "false",
    null: "null",
    step: 4,
};

pub fn write(sample: &Sample<'_>) -> String {
    let headers = sample
        .headers()
        .into_iter()
        .map(|(name, value)| Tree::Text(format!("{name}: {value}")))
        .collect();
    let mut options = vec![
        format!("CURLOPT_CUSTOMREQUEST => {}", quote(&sample.call.method)),
        "CURLOPT_RETURNTRANSFER => true".into(),
        format!("CURLOPT_HTTPHEADER => {}", PHP.write(&Tree::List(headers), 1)),
    ];
    if let Some(body) = &sample.call.body {
        options.push(format!(
            "CURLOPT_POSTFIELDS => json_encode({})",
            PHP.write(body, 1)
        ));
    }
    let options: Vec<String> = options.iter().map(|option| format!("    {option},\n")).collect();
    let options = options.concat();
    format!(
        "<?php\n$curl = curl_init({});\ncurl_setopt_array($curl, [\n{options}]);\n$answer = curl_exec($curl);\n\
         if ($answer === false) {{\n    throw new RuntimeException(curl_error($curl));\n}}\n\
         echo curl_getinfo($curl, CURLINFO_RESPONSE_CODE), \"\\n\", $answer, \"\\n\";\n",
        quote(&sample.url())
    )
}

/// Single quotes where nothing needs more, as people write it; else double quotes, in which a
/// dollar sign would begin a variable.
fn quote(text: &str) -> String {
    if !text.chars().any(|c| c.is_control() || unseen(c)) {
        return format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"));
    }
    escaped(text, '"', |c| match c {
        '$' => Some("\\$".into()),
        c if unseen(c) => Some(format!("\\u{{{:x}}}", c as u32)),
        _ => None,
    })
}
