//! The static half of the guard: what can be said of a URL without asking anybody.

use crate::address::may_reach;
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use thiserror::Error;
use url::{Host, Url};

const MAX_CHARACTERS: usize = 2_048;

/// Why a URL is not taken. The sentences are shown to callers, beside the field's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum UrlError {
    #[error("The link is empty. Give the full address of the file, beginning with https://.")]
    Missing,
    #[error("The link is longer than 2,048 characters. Give a shorter one.")]
    TooLong,
    #[error("The link is not a valid address. Give the full address of the file, beginning with https://.")]
    NotUrl,
    #[error("The link must begin with http:// or https://.")]
    Scheme,
    #[error("The link holds a user name or password. Give a link that works without them.")]
    Credentials,
    #[error(
        "The link points to a private or local address. Put the file on a server that the internet can reach, or let the operator open that network with --allow-net."
    )]
    Private,
}

/// What can be refused before anything is fetched: the check at accept, with no network opened.
pub fn check_url(text: &str) -> Result<Url, UrlError> {
    check(text, &[])
}

pub(crate) fn check(text: &str, allow: &[IpNet]) -> Result<Url, UrlError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(UrlError::Missing);
    }
    if text.chars().count() > MAX_CHARACTERS {
        return Err(UrlError::TooLong);
    }
    let url = Url::parse(text).map_err(|_| UrlError::NotUrl)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(UrlError::Scheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UrlError::Credentials);
    }
    // The parser has already turned decimal, octal, hexadecimal and short forms of an IPv4
    // address into the address they stand for.
    let reachable = match url.host().ok_or(UrlError::NotUrl)? {
        Host::Ipv4(v4) => may_reach(IpAddr::V4(v4), allow),
        Host::Ipv6(v6) => may_reach(IpAddr::V6(v6), allow),
        Host::Domain(name) => !is_local_name(name) || opens_loopback(allow),
    };
    if reachable {
        Ok(url)
    } else {
        Err(UrlError::Private)
    }
}

/// Names that mean this machine wherever they are asked for.
fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let last = name.rsplit('.').next().unwrap_or_default();
    matches!(
        last,
        "localhost" | "localdomain" | "ip6-localhost" | "ip6-loopback"
    )
}

fn opens_loopback(allow: &[IpNet]) -> bool {
    allow.iter().any(|net| {
        net.contains(&IpAddr::V4(Ipv4Addr::LOCALHOST)) || net.contains(&IpAddr::V6(Ipv6Addr::LOCALHOST))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuse(text: &str, expect: UrlError) {
        assert_eq!(check_url(text), Err(expect), "{text}");
    }

    #[test]
    fn ordinary_links() {
        for text in [
            "https://example.com/image.jpg",
            "http://example.com",
            "  HTTPS://Example.COM:8443/a%20b?x=1#y ",
            "https://example.com/@name:colon",
            "http://8.8.8.8/x.png",
            "http://[2606:4700::1111]/x.png",
            "https://bücher.example/katalog.pdf",
            "https://notlocalhost.example/",
        ] {
            assert!(check_url(text).is_ok(), "{text}: {:?}", check_url(text));
        }
    }

    #[test]
    fn what_is_no_link_to_a_file() {
        refuse("", UrlError::Missing);
        refuse("  \n", UrlError::Missing);
        refuse("example.com/image.jpg", UrlError::NotUrl);
        refuse("https://", UrlError::NotUrl);
        refuse("https://exa mple.com/", UrlError::NotUrl);
        refuse("https://example.com:99999/", UrlError::NotUrl);
        for text in [
            "ftp://example.com/x",
            "file:///etc/passwd",
            "data:text/plain,x",
            "gopher://example.com/",
        ] {
            refuse(text, UrlError::Scheme);
        }
        for text in [
            "http://me@example.com/",
            "http://me:secret@example.com/",
            "http://:secret@example.com/",
        ] {
            refuse(text, UrlError::Credentials);
        }
    }

    #[test]
    fn the_length_counts_characters() {
        let base = "https://example.com/";
        assert!(check_url(&format!("{base}{}", "ü".repeat(2_048 - base.len()))).is_ok());
        refuse(
            &format!("{base}{}", "a".repeat(2_049 - base.len())),
            UrlError::TooLong,
        );
    }

    #[test]
    fn private_addresses_in_every_spelling() {
        for text in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://0x7f.1/",
            "http://017700000001/",
            "http://127.0.0.1./",
            "http://①②⑦.⓪.⓪.①/",
            "http://0/",
            "http://10.0.0.1/",
            "http://169.254.169.254/latest/meta-data/",
            "http://192.168.1.1:8080/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[fd00::1]/",
            "http://[fe80::1]/",
            "http://[64:ff9b::a00:1]/",
            "http://localhost/",
            "http://LocalHost:3000/",
            "http://localhost./",
            "http://api.localhost/",
            "http://localhost.localdomain/",
            "http://ip6-localhost/",
        ] {
            refuse(text, UrlError::Private);
        }
    }

    #[test]
    fn an_opened_network_may_be_named() {
        let allow: Vec<IpNet> = vec!["127.0.0.0/8".parse().unwrap()];
        for text in [
            "http://127.0.0.1:9000/x",
            "http://localhost:9000/x",
            "http://[::ffff:127.0.0.1]/",
        ] {
            assert!(check(text, &allow).is_ok(), "{text}");
        }
        assert_eq!(check("http://10.0.0.1/", &allow), Err(UrlError::Private));
    }
}
