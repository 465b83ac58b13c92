//! The first message as a command, with everything filled in but the key.

use super::text::text;
use crate::{i18n::fill, ui::CodeBlock};
use leptos::prelude::*;

/// The README's command for this server. The key stands there to be replaced: it is shown once,
/// when it is made, and nobody has it afterwards.
fn command(public_url: &str) -> String {
    const CURL: &str = "curl {url}/api/send \\\n  -H 'X-API-Key: {key}' \\\n  -H 'Content-Type: application/json' \\\n  -d '{\"number\": \"6281234567890\", \"message\": \"{text}\"}'";
    let t = text();
    fill(
        CURL,
        &[
            ("url", public_url.trim_end_matches('/')),
            ("key", t.key_placeholder),
            ("text", t.hello),
        ],
    )
}

#[component]
pub fn FirstMessage(
    #[prop(into)] public_url: String,
    /// Unique on the page.
    id: &'static str,
) -> impl IntoView {
    view! { <CodeBlock name=text().first_message code=command(&public_url) id=id/> }
}

#[cfg(test)]
mod tests {
    use super::command;

    #[test]
    fn the_command_needs_only_a_key() {
        let command = command("https://switchboard.example/");
        assert!(command.starts_with("curl https://switchboard.example/api/send "));
        assert!(command.contains("X-API-Key: YOUR_API_KEY"));
        assert!(
            command.contains(r#"-d '{"number": "6281234567890", "message": "#),
            "{command}"
        );
    }
}
