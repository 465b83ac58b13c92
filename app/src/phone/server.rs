//! What the phone page asks the server, and what one does while holding the phones.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use types::{
    AppError, Timestamp,
    sandbox::{Phone, PhoneChat, PhoneMessage},
};

#[cfg(feature = "ssr")]
use crate::{
    door::{answer, door},
    routes,
    ui::url,
};
#[cfg(feature = "ssr")]
use types::{
    Recipient, SessionId,
    sandbox::{ArmFault, FaultKind, Incoming, Pair},
};

/// How many of a chat's newest messages its screen shows.
#[cfg(feature = "ssr")]
const SHOWN: u32 = 100;

/// What the customers' phones show: every chat, and the one that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screens {
    pub chats: Vec<PhoneChat>,
    /// Whose chat is open; `None` while there is no customer.
    pub open: Option<String>,
    /// Oldest first.
    pub messages: Vec<PhoneMessage>,
    pub as_of: Timestamp,
}

#[server(prefix = "/fn", endpoint = "load_phone")]
pub async fn load_phone(id: String) -> Result<Phone, AppError> {
    let (domain, ctx) = door().await?;
    answer(&ctx, domain.sandbox.phone(&ctx, session_id(&id)?).await)
}

/// Without a number the customer with the newest message is open.
#[server(prefix = "/fn", endpoint = "load_screens")]
pub async fn load_screens(id: String, number: String) -> Result<Screens, AppError> {
    let (domain, ctx) = door().await?;
    let id = session_id(&id)?;
    let chats = answer(&ctx, domain.sandbox.chats(&ctx, id).await)?;
    let open = if number.is_empty() {
        chats.first().map(|chat| chat.number.clone())
    } else {
        Some(customer(&number)?)
    };
    let messages = match &open {
        Some(number) => answer(
            &ctx,
            domain.sandbox.latest_messages(&ctx, id, number, SHOWN).await,
        )?,
        None => Vec::new(),
    };
    Ok(Screens {
        chats,
        open,
        messages,
        as_of: domain.shared.now(),
    })
}

/// Opens the phone of one more customer. Nothing is stored until they write or are written to.
#[server(name = AddCustomer, prefix = "/fn", endpoint = "add_customer")]
pub async fn add_customer(
    id: String,
    number: String,
    #[server(default)] name: String,
) -> Result<(), AppError> {
    let (domain, ctx) = door().await?;
    let id = session_id(&id)?;
    let number = customer(&number)?;
    answer(&ctx, domain.sandbox.phone(&ctx, id).await)?;
    leptos_axum::redirect(&url::href(
        &routes::phone(id),
        &[("with", &number), ("name", name.trim())],
    ));
    Ok(())
}

/// The customer writes; with `from_me` the linked phone writes to the customer.
#[server(name = WriteOnPhone, prefix = "/fn", endpoint = "write_on_phone")]
pub async fn write_on_phone(
    id: String,
    number: String,
    text: String,
    #[server(default)] name: String,
    #[server(default)] from_me: bool,
) -> Result<(), AppError> {
    let (domain, ctx) = door().await?;
    let name = Some(name).filter(|name| !name.is_empty() && !from_me);
    let input = Incoming {
        from: number,
        text: Some(text),
        name,
        from_me,
    };
    answer(
        &ctx,
        domain
            .sandbox
            .incoming(&ctx, session_id(&id)?, input)
            .await
            .map(drop),
    )
}

/// Links the phone: with the pairing code, or without one by scanning what is shown now.
#[server(name = PairPhone, prefix = "/fn", endpoint = "pair_phone")]
pub async fn pair_phone(id: String, #[server(default)] code: String) -> Result<(), AppError> {
    let (domain, ctx) = door().await?;
    let input = Pair {
        qr: None,
        code: Some(code).filter(|code| !code.trim().is_empty()),
    };
    answer(
        &ctx,
        domain.sandbox.pair(&ctx, session_id(&id)?, input).await.map(drop),
    )
}

/// Arms a fault. The delay is in seconds, because people write it.
#[server(name = ArmPhoneFault, prefix = "/fn", endpoint = "arm_phone_fault")]
pub async fn arm_phone_fault(
    id: String,
    #[server(default)] kind: String,
    #[server(default)] count: String,
    #[server(default)] delay: String,
) -> Result<(), AppError> {
    let (domain, ctx) = door().await?;
    let id = session_id(&id)?;
    let kind = FaultKind::from_name(&kind)
        .ok_or_else(|| AppError::field("kind", "Choose what happens to the next messages"))?;
    let count = match count.trim() {
        "" => None,
        text => Some(
            text.parse()
                .map_err(|_| AppError::field("count", "Write a whole number, for example 3"))?,
        ),
    };
    let delay_ms = millis(&delay)?;
    if kind == FaultKind::Delay && delay_ms.is_none() {
        return Err(AppError::field(
            "delay",
            "Say how many seconds late the answers come, for example 1.5",
        ));
    }
    answer(
        &ctx,
        domain
            .sandbox
            .arm(
                &ctx,
                id,
                ArmFault {
                    kind,
                    count,
                    delay_ms,
                },
            )
            .await
            .map(drop),
    )
}

#[server(name = ClearPhoneFaults, prefix = "/fn", endpoint = "clear_phone_faults")]
pub async fn clear_phone_faults(id: String) -> Result<(), AppError> {
    let (domain, ctx) = door().await?;
    answer(
        &ctx,
        domain
            .sandbox
            .clear_faults(&ctx, session_id(&id)?)
            .await
            .map(drop),
    )
}

/// Every customer opens their chat.
#[server(name = ReadEverything, prefix = "/fn", endpoint = "read_everything")]
pub async fn read_everything(id: String) -> Result<(), AppError> {
    let (domain, ctx) = door().await?;
    let id = session_id(&id)?;
    for chat in answer(&ctx, domain.sandbox.chats(&ctx, id).await)? {
        answer(&ctx, domain.sandbox.read_all(&ctx, id, &chat.number).await)?;
    }
    Ok(())
}

#[cfg(feature = "ssr")]
fn session_id(text: &str) -> Result<SessionId, AppError> {
    text.parse().map_err(|_| AppError::not_found("session"))
}

#[cfg(feature = "ssr")]
fn customer(text: &str) -> Result<String, AppError> {
    let read = text.parse::<Recipient>();
    read.map(|recipient| recipient.number())
        .map_err(|error| AppError::field("number", error.to_string()))
}

/// Seconds as people write them, to the millisecond; nothing stays nothing.
#[cfg(feature = "ssr")]
fn millis(seconds: &str) -> Result<Option<i64>, AppError> {
    const DAY: f64 = 86_400.0;
    let text = seconds.trim().replace(',', ".");
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<f64>() {
        Ok(seconds) if (0.0..=DAY).contains(&seconds) => Ok(Some((seconds * 1_000.0).round() as i64)),
        _ => Err(AppError::field(
            "delay",
            "Write seconds from 0 to 86,400 (one day), for example 1.5",
        )),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn seconds_as_people_write_them() {
        for (text, expect) in [
            ("", Ok(None)),
            (" 1.5 ", Ok(Some(1_500))),
            ("0,25", Ok(Some(250))),
            ("0", Ok(Some(0))),
        ] {
            assert_eq!(millis(text), expect, "{text:?}");
        }
        for text in ["soon", "-1", "86401", "NaN", "inf"] {
            assert!(millis(text).is_err(), "{text:?}");
        }
    }
}
