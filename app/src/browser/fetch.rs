//! The call of [`super::send`].

use super::{Answered, Request};
use js_sys::{Array, Uint8Array, futures::JsFuture};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Headers, RequestCache, RequestCredentials, RequestInit, Response};

pub async fn fetch(request: Request) -> Result<Answered, JsValue> {
    let headers = Headers::new()?;
    for (name, value) in &request.headers {
        headers.set(name, value)?;
    }
    let options = RequestInit::new();
    options.set_method(&request.method);
    options.set_headers(&headers);
    options.set_credentials(RequestCredentials::Omit);
    options.set_cache(RequestCache::NoStore);
    if let Some(body) = &request.body {
        options.set_body(&body.as_str().into());
    }
    let begun = js_sys::Date::now();
    let response = JsFuture::from(window().fetch_with_str_and_init(&request.href, &options)).await?;
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
