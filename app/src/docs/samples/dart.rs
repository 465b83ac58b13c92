//! Dart with dio, and with http.

use super::{
    Sample,
    literal::{Dialect, escaped, unseen},
};

const DART: Dialect = Dialect {
    text: quote,
    key: |name| format!("{}: ", quote(name)),
    list: ("[", "]"),
    map: ("{", "}"),
    empty_map: "<String, dynamic>{}",
    yes: "true",
    no: "false",
    null: "null",
    step: 2,
};

pub fn dio(sample: &Sample<'_>) -> String {
    let data = sample
        .call
        .body
        .as_ref()
        .map(|body| format!("    data: {},\n", DART.write(body, 2)))
        .unwrap_or_default();
    format!(
        "import 'package:dio/dio.dart';\n\nFuture<void> main() async {{\n  \
         final response = await Dio().request<dynamic>(\n    {},\n{data}    options: Options(\n      method: {},\n      \
         headers: {},\n      validateStatus: (_) => true,\n    ),\n  );\n  \
         print('${{response.statusCode}} ${{response.data}}');\n}}\n",
        quote(&sample.url()),
        quote(&sample.call.method),
        DART.write(&sample.headers_tree(), 3)
    )
}

pub fn http(sample: &Sample<'_>) -> String {
    let (import, body) = match &sample.call.body {
        Some(body) => (
            "import 'dart:convert';\n",
            format!("\n    ..body = jsonEncode({})", DART.write(body, 2)),
        ),
        None => ("", String::new()),
    };
    format!(
        "{import}import 'package:http/http.dart' as http;\n\nFuture<void> main() async {{\n  \
         final request = http.Request({}, Uri.parse({}))\n    ..headers.addAll({}){body};\n  \
         final response = await http.Response.fromStream(await request.send());\n  \
         print('${{response.statusCode}} ${{response.body}}');\n}}\n",
        quote(&sample.call.method),
        quote(&sample.url()),
        DART.write(&sample.headers_tree(), 2)
    )
}

fn quote(text: &str) -> String {
    escaped(text, '\'', |c| match c {
        '$' => Some("\\$".into()),
        c if unseen(c) => Some(format!("\\u{{{:x}}}", c as u32)),
        _ => None,
    })
}
