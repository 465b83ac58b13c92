//! Which column is what.

use std::collections::HashMap;

/// The columns of a sheet by what they are for.
#[derive(Debug)]
pub struct Columns {
    pub number: usize,
    pub message: Option<usize>,
    pub media_url: Option<usize>,
    pub media_kind: Option<usize>,
    pub reference: Option<usize>,
    pub session: Option<usize>,
    /// Every column by its folded name, for `{name}` in a text.
    named: HashMap<String, usize>,
}

/// Names are compared without case, blanks, hyphens and underscores: `Media URL` is `mediaUrl`.
pub fn key(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, ' ' | '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// A name as it is shown again: that of a column may be as long as the file.
pub fn short(name: &str) -> String {
    const SHOWN: usize = 40;
    let mut short: String = name.chars().take(SHOWN).collect();
    if short.len() < name.len() {
        short.push('…');
    }
    short
}

impl Columns {
    /// `has_text`: a common text stands for a column of messages.
    pub fn find(names: &[String], has_text: bool) -> Result<Self, String> {
        let mut named: HashMap<String, usize> = HashMap::new();
        for (index, name) in names.iter().enumerate() {
            let key = key(name);
            if key.is_empty() {
                continue;
            }
            if let Some(first) = named.insert(key, index) {
                return Err(format!(
                    "The column \"{}\" is there twice, as number {} and {}. Rename or remove one of them.",
                    short(name),
                    first + 1,
                    index + 1
                ));
            }
        }
        let of = |name: &str| named.get(name).copied();
        let found = || {
            let names: Vec<String> = names
                .iter()
                .filter(|name| !name.is_empty())
                .take(20)
                .map(|name| format!("\"{}\"", short(name)))
                .collect();
            names.join(", ")
        };
        let Some(number) = of("number") else {
            return Err(format!(
                "There is no column \"number\". Found: {}. Needed: \"number\", and \"message\" unless you write one text \
                 for all. The first line must name the columns.",
                found()
            ));
        };
        let message = of("message");
        if message.is_none() && !has_text {
            return Err(format!(
                "There is no column \"message\" and no text for all. Found: {}. Add the column, or write the text.",
                found()
            ));
        }
        Ok(Self {
            number,
            message,
            media_url: of("mediaurl"),
            media_kind: of("mediatype"),
            reference: of("referenceid"),
            session: of("sessionid"),
            named,
        })
    }

    pub fn by_name(&self, name: &str) -> Option<usize> {
        self.named.get(&key(name)).copied()
    }

    /// Those that go into no message.
    pub fn ignored(&self, names: &[String], used: &[usize]) -> Vec<String> {
        let own = [
            Some(self.number),
            self.message,
            self.media_url,
            self.media_kind,
            self.reference,
            self.session,
        ];
        names
            .iter()
            .enumerate()
            .filter(|(index, name)| !name.is_empty() && !own.contains(&Some(*index)) && !used.contains(index))
            .map(|(_, name)| short(name))
            .collect()
    }
}
