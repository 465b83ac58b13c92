//! A call written out in each language of the page.
//!
//! Every text of the form passes through the language's own quoting, so that a sample runs as it
//! stands whatever was typed.

mod c_sharp;
mod curl;
mod dart;
mod javascript;
mod literal;
mod php;
mod python;
#[cfg(test)]
mod tests;

use super::{call::Call, tree::Tree};

/// A language, or one of its libraries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    Curl,
    Php,
    Fetch,
    Axios,
    Python,
    CSharp,
    Dio,
    DartHttp,
}

impl Lang {
    pub const ALL: &'static [Self] = &[
        Self::Curl,
        Self::Php,
        Self::Fetch,
        Self::Axios,
        Self::Python,
        Self::CSharp,
        Self::Dio,
        Self::DartHttp,
    ];

    /// How addresses name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::Php => "php",
            Self::Fetch => "fetch",
            Self::Axios => "axios",
            Self::Python => "python",
            Self::CSharp => "csharp",
            Self::Dio => "dio",
            Self::DartHttp => "dart-http",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|lang| lang.name() == name)
    }

    /// What people call it. These are names, the same in every language.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::Php => "PHP",
            Self::Fetch => "fetch",
            Self::Axios => "axios",
            Self::Python => "Python",
            Self::CSharp => "C#",
            Self::Dio => "Dart dio",
            Self::DartHttp => "Dart http",
        }
    }

    /// The program that makes this call.
    pub fn write(self, sample: &Sample<'_>) -> String {
        match self {
            Self::Curl => curl::write(sample),
            Self::Php => php::write(sample),
            Self::Fetch => javascript::fetch(sample),
            Self::Axios => javascript::axios(sample),
            Self::Python => python::write(sample),
            Self::CSharp => c_sharp::write(sample),
            Self::Dio => dart::dio(sample),
            Self::DartHttp => dart::http(sample),
        }
    }
}

/// A call with where it goes and who makes it.
#[derive(Debug)]
pub struct Sample<'a> {
    pub call: &'a Call,
    /// `https://wa.example`
    pub base: &'a str,
    pub key: &'a str,
}

impl Sample<'_> {
    fn url(&self) -> String {
        format!("{}{}", self.base, self.call.path)
    }

    /// The headers, with the key and what the body is.
    fn headers(&self) -> Vec<(String, String)> {
        let mut headers = vec![("X-API-Key".to_owned(), self.key.to_owned())];
        if self.call.body.is_some() {
            headers.push(("Content-Type".into(), "application/json".into()));
        }
        headers.extend(self.call.headers.iter().cloned());
        headers
    }

    fn headers_tree(&self) -> Tree {
        Tree::Object(
            self.headers()
                .into_iter()
                .map(|(name, value)| (name, Tree::Text(value)))
                .collect(),
        )
    }
}
