//! A shell's command.

use super::Sample;

pub fn write(sample: &Sample<'_>) -> String {
    let mut lines = Vec::new();
    lines.push(match sample.call.method.as_str() {
        "GET" => format!("curl {}", quote(&sample.url())),
        method => format!("curl -X {method} {}", quote(&sample.url())),
    });
    for (name, value) in sample.headers() {
        lines.push(format!("-H {}", quote(&format!("{name}: {value}"))));
    }
    if let Some(body) = &sample.call.body {
        lines.push(format!("--data-raw {}", quote(&body.pretty())));
    }
    lines.join(" \\\n  ")
}

/// Between single quotes a shell reads everything as it stands, but for the quote itself.
pub fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
