//! The first message as a command, with everything filled in but the key.

use super::text::text;
use crate::ui::CodeBlock;
use leptos::prelude::*;

/// The README's command for this server. The key stands there to be replaced: it is shown once,
/// when it is made, and nobody has it afterwards.
fn command(public_url: &str) -> String {
    let t = text();
    [
        &format!("curl {}/api/send \\", public_url.trim_end_matches('/')),
        &format!("  -H 'X-API-Key: {}' \\", t.key_placeholder),
        "  -H 'Content-Type: application/json' \\",
        &format!(
            r#"  -d '{{"number": "6281234567890", "message": "{}"}}'"#,
            t.hello
        ),
    ]
    .join("\n")
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
        let body = r#"-d '{"number": "6281234567890", "message": "Hello from Switchboard"}'"#;
        assert!(command.ends_with(body), "{command}");
    }
}
