//! C# with `HttpClient`.

use super::{
    Sample,
    literal::{Dialect, escaped, unseen},
};
use std::fmt::Write as _;

const C_SHARP: Dialect = Dialect {
    text: quote,
    key: |name| format!("[{}] = ", quote(name)),
    list: ("new object?[] {", "}"),
    map: ("new Dictionary<string, object?> {", "}"),
    empty_map: "new Dictionary<string, object?>()",
    yes: "true",
    no: "false",
    null: "null",
    step: 4,
};

pub fn write(sample: &Sample<'_>) -> String {
    let mut lines = String::from(
        "using System.Net.Http;\nusing System.Text;\nusing System.Text.Json;\n\nusing var client = new HttpClient();\n",
    );
    let _ = writeln!(
        lines,
        "using var request = new HttpRequestMessage(new HttpMethod({}), {});",
        quote(&sample.call.method),
        quote(&sample.url())
    );
    // What the content is belongs to the content here.
    for (name, value) in sample.headers() {
        if name != "Content-Type" {
            let _ = writeln!(lines, "request.Headers.Add({}, {});", quote(&name), quote(&value));
        }
    }
    if let Some(body) = &sample.call.body {
        let _ = writeln!(lines, "var body = {};", C_SHARP.write(body, 0));
        lines += "request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, \"application/json\");\n";
    }
    lines
        + "\nusing var response = await client.SendAsync(request);\n\
             Console.WriteLine((int)response.StatusCode);\n\
             Console.WriteLine(await response.Content.ReadAsStringAsync());\n"
}

fn quote(text: &str) -> String {
    escaped(text, '"', |c| unseen(c).then(|| format!("\\u{:04x}", c as u32)))
}
