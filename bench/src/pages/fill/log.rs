//! The last week of the request log.

use super::{
    book::Organization,
    chance::{self, DAY, percent},
    rows::Rows,
};
use crate::row;
use rand::{Rng as _, rngs::StdRng};

const INTO: &str = "request_log (organization_id, id, at, method, url, status, duration_ms, ip, key_prefix, session_id, \
     first_queue_id, last_queue_id, queued, request_bytes, response_bytes, request_headers, response_headers, \
     request_body, response_body)";
const ASKED: &str =
    "host: messages.example\nuser-agent: php/8.3\ncontent-type: application/json\nx-api-key: ••••\n";
const ANSWERED: &str = "content-type: application/json\nx-request-id: req\n";

/// One call.
struct Call<'a> {
    at: i64,
    method: &'static str,
    url: String,
    status: i64,
    session: Option<&'a String>,
    queue_id: Option<i64>,
    asked: Option<String>,
    answered: String,
}

#[derive(Debug)]
pub struct Log {
    pub rows: Rows,
    /// How many lines each organization has.
    pub entries: Vec<(String, i64)>,
    now: i64,
}

impl Log {
    /// As long as the product keeps lines by itself, and a little less.
    const KEPT: i64 = 7 * DAY - chance::HOUR;

    pub fn new(now: i64) -> Self {
        Self {
            rows: Rows::new(INTO),
            entries: Vec::new(),
            now,
        }
    }

    /// The call that brought a message, and those that asked what became of it.
    pub fn sent(
        &mut self,
        own: &Organization,
        session: usize,
        queue_id: i64,
        jid: &str,
        at: i64,
        random: &mut StdRng,
    ) {
        if at < self.now - Self::KEPT {
            return;
        }
        let to = jid.split('@').next().unwrap_or_default();
        let asked =
            format!(r#"{{"number":"{to}","message":"Your order {queue_id:06} has left our house."}}"#);
        let post = |status, queue_id, answered: String| Call {
            at,
            method: "POST",
            url: "/api/send".into(),
            status,
            session: Some(&own.sessions[session].key),
            queue_id,
            asked: Some(asked.clone()),
            answered,
        };
        if percent(4, random) {
            let refused = r#"{"success":false,"error":"INVALID","message":"Write a number"}"#.to_owned();
            self.push(own, post(400, None, refused), random);
        }
        let queued = format!(r#"{{"success":true,"queueId":{queue_id},"status":"pending"}}"#);
        self.push(own, post(200, Some(queue_id), queued), random);
        for nth in 1..=random.random_range(4..9) {
            let call = Call {
                at: at + nth * 7_000,
                method: "GET",
                url: format!("/api/message-status/{queue_id}"),
                status: if percent(1, random) { 429 } else { 200 },
                session: None,
                queue_id: None,
                asked: None,
                answered: format!(r#"{{"success":true,"queueId":{queue_id},"status":"sent"}}"#),
            };
            if call.at < self.now {
                self.push(own, call, random);
            }
        }
    }

    fn push(&mut self, own: &Organization, call: Call<'_>, random: &mut StdRng) {
        match self.entries.iter_mut().find(|(key, _)| *key == own.key) {
            Some((_, entries)) => *entries += 1,
            None => self.entries.push((own.key.clone(), 1)),
        }
        self.rows.push(row![
            &own.key,
            &chance::id(call.at, random),
            call.at,
            call.method,
            &call.url,
            call.status,
            random.random_range(1..30_i64),
            "203.0.113.7",
            "sb_FillFill",
            call.session,
            call.queue_id,
            call.queue_id,
            i64::from(call.queue_id.is_some()),
            call.asked.as_ref().map_or(0, |text| text.len() as i64),
            call.answered.len() as i64,
            ASKED,
            ANSWERED,
            call.asked.as_ref(),
            &call.answered
        ]);
    }
}
