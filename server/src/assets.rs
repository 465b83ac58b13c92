//! The browser's files: WebAssembly, styles, icons.
//!
//! In development they lie in a folder that `xtask` fills; a release binary carries them
//! (feature `embed`). Files below a folder named by their hash never change and are kept for a
//! year.

use crate::{AppState, Site};
use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, Method, StatusCode, header};
use leptos::{
    WasmSplitManifest,
    config::LeptosOptions,
    prelude::{ArcStoredValue, provide_context},
};
use std::{path::PathBuf, sync::Arc};
use tower::ServiceExt;
use tower_http::services::ServeDir;

const NAME: &str = "switchboard";
const HASHED: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const UNHASHED: HeaderValue = HeaderValue::from_static("public, no-cache");

pub enum Assets {
    Folder(PathBuf),
    #[cfg(feature = "embed")]
    Embedded,
}

impl Site {
    /// The files of this binary: inside it, or in `$SWITCHBOARD_SITE_DIR`, or beside it.
    pub fn find() -> Self {
        #[cfg(feature = "embed")]
        let assets = Assets::Embedded;
        #[cfg(not(feature = "embed"))]
        let assets = Assets::Folder(match std::env::var_os("SWITCHBOARD_SITE_DIR") {
            Some(folder) => folder.into(),
            None => beside_binary().unwrap_or_else(|| "site".into()),
        });
        Self::of(assets)
    }

    /// The files of that folder.
    pub fn in_folder(folder: PathBuf) -> Self {
        Self::of(Assets::Folder(folder))
    }

    fn of(assets: Assets) -> Self {
        let pkg = match assets.text("hash.txt") {
            Some(hash) => format!("pkg/{}", hash.trim()),
            None => "pkg".into(),
        };
        let parts = assets.text(&format!("{pkg}/__wasm_split_manifest.json"));
        let parts = parts.and_then(|text| serde_json::from_str(&text).ok());
        let options = LeptosOptions::builder()
            .output_name(NAME)
            .site_root("")
            .site_pkg_dir(pkg.as_str())
            .build();
        Self {
            assets,
            options,
            parts: Arc::new((format!("/{pkg}"), parts.unwrap_or_default())),
        }
    }

    fn is_hashed(&self, path: &str) -> bool {
        let (folder, _) = &*self.parts;
        folder != "/pkg"
            && path
                .strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with('/'))
    }

    /// Tells Leptos which files of the browser part belong to which page, so that a page can ask
    /// for them early. It would look for the list in a folder, which a release does not have.
    pub fn provide_parts(&self) {
        let (folder, parts) = &*self.parts;
        let script = "__wasm_split.______________________.js";
        provide_context(WasmSplitManifest(ArcStoredValue::new((
            folder.clone(),
            parts.clone(),
            script.into(),
        ))));
    }
}

#[cfg(not(feature = "embed"))]
fn beside_binary() -> Option<PathBuf> {
    Some(std::env::current_exe().ok()?.parent()?.parent()?.join("site"))
}

impl Assets {
    /// A file of the site as text.
    fn text(&self, path: &str) -> Option<String> {
        match self {
            Self::Folder(folder) => std::fs::read_to_string(folder.join(path)).ok(),
            #[cfg(feature = "embed")]
            Self::Embedded => String::from_utf8(embedded::Files::get(path)?.data.into_owned()).ok(),
        }
    }

    async fn serve(&self, request: Request) -> Option<Response> {
        match self {
            Self::Folder(folder) => {
                // Without a directory index: the folder's root is a page, not a file.
                let service = ServeDir::new(folder)
                    .append_index_html_on_directories(false)
                    .precompressed_br();
                let response = service.oneshot(request).await.ok()?;
                (response.status() != StatusCode::NOT_FOUND).then(|| response.map(Body::new).into_response())
            }
            #[cfg(feature = "embed")]
            Self::Embedded => embedded::serve(&request),
        }
    }
}

/// Answers requests for files before anything is asked about who wants them.
pub async fn files(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    // Pages have no dot in their last part; `hash.txt` is ours alone.
    let is_file = path.rsplit('/').next().is_some_and(|last| last.contains('.')) && path != "/hash.txt";
    if !reads || !is_file {
        return next.run(request).await;
    }
    let hashed = app.site.is_hashed(path);
    let mut ask = Request::new(Body::empty());
    *ask.method_mut() = request.method().clone();
    *ask.uri_mut() = request.uri().clone();
    *ask.headers_mut() = request.headers().clone();
    match app.site.assets.serve(ask).await {
        Some(mut response) => {
            let headers = response.headers_mut();
            headers.insert(header::CACHE_CONTROL, if hashed { HASHED } else { UNHASHED });
            headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
            response
        }
        // A page that is not there is drawn; a file that is not there is not worth that.
        None if path.starts_with("/pkg/") => StatusCode::NOT_FOUND.into_response(),
        None => next.run(request).await,
    }
}

#[cfg(feature = "embed")]
mod embedded {
    use super::{Body, HeaderValue, Request, Response, StatusCode, header};
    use crate::hex;
    use rust_embed::RustEmbed;
    use std::borrow::Cow;

    #[derive(RustEmbed)]
    #[folder = "$SWITCHBOARD_SITE_DIR"]
    pub struct Files;

    pub fn serve(request: &Request) -> Option<Response> {
        let path = request.uri().path().trim_start_matches('/');
        // Brotli files are another form of their neighbours, not files of their own.
        if path.rsplit('.').next() == Some("br") {
            return None;
        }
        let brotli = takes_brotli(request)
            .then(|| Files::get(&format!("{path}.br")))
            .flatten();
        let is_brotli = brotli.is_some();
        let file = brotli.or_else(|| Files::get(path))?;
        let tag = HeaderValue::try_from(format!("\"{}\"", &hex(&file.metadata.sha256_hash())[..32])).ok()?;
        let mut response = Response::new(Body::empty());
        if request.headers().get(header::IF_NONE_MATCH) == Some(&tag) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        } else {
            *response.body_mut() = match file.data {
                Cow::Borrowed(bytes) => Body::from(bytes),
                Cow::Owned(bytes) => Body::from(bytes),
            };
        }
        let headers = response.headers_mut();
        headers.insert(header::ETAG, tag);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
        if is_brotli {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
        }
        Some(response)
    }

    fn takes_brotli(request: &Request) -> bool {
        let accepts = request
            .headers()
            .get(header::ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok());
        accepts.unwrap_or_default().split(',').any(|coding| {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
            name.trim() == "br" && !weight.trim().eq_ignore_ascii_case("q=0")
        })
    }

    fn content_type(path: &str) -> &'static str {
        match path.rsplit('.').next().unwrap_or_default() {
            "js" => "text/javascript; charset=utf-8",
            "wasm" => "application/wasm",
            "css" => "text/css; charset=utf-8",
            "svg" => "image/svg+xml",
            "png" => "image/png",
            "ico" => "image/x-icon",
            "woff2" => "font/woff2",
            "json" | "webmanifest" => "application/json",
            "txt" => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        }
    }
}
