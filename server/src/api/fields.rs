//! A JSON object, taken apart field by field, so that every bad field is named at once.

use super::problem::ApiError;
use http::StatusCode;
use serde_json::{Map, Value};
use types::FieldError;

/// The fields of an object that were not taken yet. `null` is the same as absent.
#[derive(Debug)]
pub struct Fields {
    object: Map<String, Value>,
    /// Stands before the names in errors, for example `messages[3].`.
    prefix: String,
    /// Names match without regard to case, as a client of seed 002 needs.
    folded: bool,
    problems: Vec<FieldError>,
}

/// A parsed value takes many times its text in memory. Ten thousand full rows stay far below this.
const MOST_VALUES: usize = 400_000;

/// How many values a JSON text has at most: what stands after a comma or begins a list or object,
/// outside of strings.
fn values(body: &[u8]) -> usize {
    let (mut count, mut quoted, mut escaped) = (0, false, false);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' | b'[' | b'{' if !quoted => count += 1,
            _ => {}
        }
    }
    count
}

impl Fields {
    /// Reads a body that must be a JSON object.
    pub fn parse(body: &[u8]) -> Result<Self, ApiError> {
        if body.len() > 64 << 10 && values(body) > MOST_VALUES {
            return Err(ApiError::http(
                StatusCode::PAYLOAD_TOO_LARGE,
                "PAYLOAD_TOO_LARGE",
                "The body has more than 400,000 values",
            ));
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(object)) => Ok(Self::of(object, String::new())),
            Ok(_) => Err(invalid_json("The body must be a JSON object".into())),
            Err(error) => Err(invalid_json(format!(
                "The body is not JSON (line {}, column {})",
                error.line(),
                error.column()
            ))),
        }
    }

    /// Like [`Self::parse`], but nothing at all is an empty object.
    pub fn parse_or_empty(body: &[u8]) -> Result<Self, ApiError> {
        if body.is_empty() {
            Ok(Self::of(Map::new(), String::new()))
        } else {
            Self::parse(body)
        }
    }

    pub fn of(object: Map<String, Value>, prefix: String) -> Self {
        Self {
            object,
            prefix,
            folded: false,
            problems: Vec::new(),
        }
    }

    /// Names match without regard to case from here on.
    #[must_use]
    pub fn folded(mut self) -> Self {
        self.folded = true;
        self
    }

    /// The value as it is.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        let mut found = self.object.remove(name);
        if found.is_none() && self.folded {
            let key = self
                .object
                .keys()
                .find(|key| key.eq_ignore_ascii_case(name))
                .cloned();
            found = key.and_then(|key| self.object.remove(&key));
        }
        found.filter(|value| !value.is_null())
    }

    /// Text; blank is the same as absent. U+0000 is dropped here: no engine stores it.
    pub fn text(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            Value::String(mut text) => {
                if text.contains('\0') {
                    text.retain(|c| c != '\0');
                }
                (!text.trim().is_empty()).then_some(text)
            }
            _ => self.refuse(name, "This must be text in quotes"),
        }
    }

    /// Text that must be there.
    pub fn required(&mut self, name: &str, message: &str) -> Option<String> {
        let before = self.problems.len();
        let text = self.text(name);
        if text.is_none() && self.problems.len() == before {
            self.refuse::<()>(name, message);
        }
        text
    }

    /// A text that `read` understands.
    pub fn word<T>(&mut self, name: &str, message: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.text(name)?;
        match read(text.trim()) {
            Some(value) => Some(value),
            None => self.refuse(name, message),
        }
    }

    pub fn number(&mut self, name: &str) -> Option<i64> {
        match self.take(name)?.as_i64() {
            Some(number) => Some(number),
            None => self.refuse(name, "This must be a whole number"),
        }
    }

    pub fn flag(&mut self, name: &str) -> Option<bool> {
        match self.take(name)? {
            Value::Bool(flag) => Some(flag),
            _ => self.refuse(name, "This must be true or false"),
        }
    }

    pub fn list(&mut self, name: &str) -> Option<Vec<Value>> {
        match self.take(name)? {
            Value::Array(list) => Some(list),
            _ => self.refuse(name, "This must be a list in square brackets"),
        }
    }

    /// An object inside; give it back with [`Self::absorb`], so that its problems are told.
    pub fn object(&mut self, name: &str) -> Option<Self> {
        match self.take(name)? {
            Value::Object(object) => {
                let inner = Self::of(object, format!("{}{name}.", self.prefix));
                Some(if self.folded { inner.folded() } else { inner })
            }
            _ => self.refuse(name, "This must be an object in curly brackets"),
        }
    }

    pub fn absorb(&mut self, inner: Self) {
        self.problems.extend(inner.problems);
    }

    /// The names that were not taken, and what was wrong with those that were.
    pub fn into_parts(self) -> (Map<String, Value>, Vec<FieldError>) {
        (self.object, self.problems)
    }

    /// The names that were not taken.
    pub fn rest(self) -> Map<String, Value> {
        self.object
    }

    pub fn refuse<T>(&mut self, name: &str, message: impl Into<String>) -> Option<T> {
        let field = format!("{}{name}", self.prefix);
        self.problems.push(FieldError {
            field,
            code: "VALIDATION_ERROR".into(),
            message: message.into(),
        });
        None
    }

    pub fn problems_mut(&mut self) -> &mut Vec<FieldError> {
        &mut self.problems
    }

    /// Fails with everything that was wrong.
    pub fn finish(self) -> Result<(), types::AppError> {
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(types::AppError::Invalid {
                fields: self.problems,
            })
        }
    }
}

fn invalid_json(message: String) -> ApiError {
    ApiError::http(StatusCode::BAD_REQUEST, "INVALID_JSON", message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::AppError;

    #[test]
    fn names_fold_and_null_is_absent() {
        let mut fields = Fields::parse(br#"{"Number":"1","MediaUrl":null,"message":"  "}"#)
            .unwrap()
            .folded();
        assert_eq!(fields.text("number").as_deref(), Some("1"));
        assert_eq!(fields.text("mediaUrl"), None);
        assert_eq!(fields.text("message"), None);
        assert!(fields.finish().is_ok());
    }

    #[test]
    fn every_bad_field_is_named() {
        let mut fields = Fields::parse(br#"{"to":5,"media":{"url":[]}}"#).unwrap();
        fields.required("to", "Say whom it is for");
        let mut media = fields.object("media").unwrap();
        media.text("url");
        fields.absorb(media);
        let Err(AppError::Invalid { fields }) = fields.finish() else {
            panic!("it was accepted")
        };
        let names: Vec<_> = fields.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(names, ["to", "media.url"]);
    }

    #[test]
    fn only_objects_are_bodies() {
        for body in ["", "[]", "5", "{", "{\"a\":\"\u{fffd}"] {
            assert!(Fields::parse(body.as_bytes()).is_err(), "{body}");
        }
        assert!(Fields::parse(b"{\"a\":\"\xff\"}").is_err());
    }
}
