//! Sends a call from the browser, as any program would: with the key, without the login's cookie.

use super::call::Call;

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    pub status: u16,
    pub status_text: String,
    /// From sending to the last byte.
    pub millis: i64,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answered {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// Sends it to this very server and tells the answer, or nothing where none came. Does nothing on
/// the server.
pub fn send(call: Call, key: String, then: impl FnOnce(Option<Answered>) + 'static) {
    #[cfg(feature = "hydrate")]
    leptos::task::spawn_local(async move { then(browser::fetch(call, key).await.ok()) });
    #[cfg(not(feature = "hydrate"))]
    let _ = (call, key, then);
}

#[cfg(feature = "hydrate")]
mod browser {
    use super::{Answered, Call};
    use js_sys::{Array, Uint8Array, futures::JsFuture};
    use leptos::prelude::window;
    use wasm_bindgen::{JsCast, JsValue};
    use web_sys::{Headers, RequestCache, RequestCredentials, RequestInit, Response};

    pub async fn fetch(call: Call, key: String) -> Result<Answered, JsValue> {
        let headers = Headers::new()?;
        headers.set("X-API-Key", &key)?;
        if call.body.is_some() {
            headers.set("Content-Type", "application/json")?;
        }
        for (name, value) in &call.headers {
            headers.set(name, value)?;
        }
        let options = RequestInit::new();
        options.set_method(&call.method);
        options.set_headers(&headers);
        options.set_credentials(RequestCredentials::Omit);
        options.set_cache(RequestCache::NoStore);
        if let Some(body) = &call.body {
            options.set_body(&body.pretty().into());
        }
        let begun = js_sys::Date::now();
        let response = JsFuture::from(window().fetch_with_str_and_init(&call.path, &options)).await?;
        let response: Response = response.unchecked_into();
        let bytes = JsFuture::from(response.array_buffer()?).await?;
        let millis = (js_sys::Date::now() - begun) as i64;
        let pairs = js_sys::try_iter(&response.headers())?.into_iter().flatten();
        let headers = pairs
            .filter_map(|pair| {
                let pair = Array::from(&pair.ok()?);
                Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
            })
            .collect();
        Ok(Answered {
            status: response.status(),
            status_text: response.status_text(),
            millis,
            headers,
            body: Uint8Array::new(&bytes).to_vec(),
        })
    }
}
