//! `/api/v1/sandbox/{session}`.

use super::{
    op::{Op, Room},
    sessions::{EXAMPLE, UNREACHABLE},
};
use crate::api::body::SMALL;
use serde_json::json;
use types::sandbox::{ArmFault, Fault, Incoming, Pair, Phone, PhoneChat, PhoneMessage};

fn on(op: Op) -> Op {
    op.named("session", "A sandbox session", EXAMPLE)
}

pub fn room() -> Room {
    Room {
        name: "Sandbox phone",
        about: "The made-up phone of a sandbox session, for trying things and for tests: what customers see, what they \
                write, and what goes wrong.",
        ops: vec![
            on(Op::get("/api/v1/sandbox/{session}/phone", "The linked phone"))
                .gives::<Phone>("Its state and its faults"),
            on(Op::get("/api/v1/sandbox/{session}/chats", "Its customers"))
                .lists::<PhoneChat>("The last bubble of each, newest first"),
            on(Op::get(
                "/api/v1/sandbox/{session}/phones/{number}/messages",
                "What a customer's phone shows",
            ))
            .named(
                "number",
                "The customer's number, or a group's id",
                "6281234567890",
            )
            .pages::<PhoneMessage>("A page of bubbles, oldest first"),
            on(Op::post(
                "/api/v1/sandbox/{session}/incoming",
                "A customer writes",
            ))
            .takes::<Incoming>(
                SMALL,
                json!({"from": "6281234567890", "text": "Do you have coffee?", "name": "Siti"}),
            )
            .makes::<PhoneMessage>("The bubble")
            .fails(409, "LINE_UNREACHABLE", UNREACHABLE),
            on(Op::post(
                "/api/v1/sandbox/{session}/pair",
                "Scan the QR code or type the code",
            ))
            .about("An empty body scans what is shown now.")
            .may_take::<Pair>(SMALL, json!({}))
            .gives::<Phone>("The phone as it is now")
            .fails(
                409,
                "NOT_LINKING",
                "The session does not wait for a phone; start it",
            )
            .fails(409, "ALREADY_LINKED", "A phone is linked; log out first")
            .fails(409, "LINE_UNREACHABLE", UNREACHABLE),
            on(Op::post(
                "/api/v1/sandbox/{session}/faults",
                "Have something go wrong",
            ))
            .takes::<ArmFault>(SMALL, json!({"kind": "delivered", "count": 1, "delay_ms": 2_000}))
            .makes::<Fault>("The fault, which waits for the next message")
            .fails(
                409,
                "TOO_MANY_FAULTS",
                "100 faults wait on this phone; clear them first",
            )
            .fails(409, "LINE_UNREACHABLE", UNREACHABLE),
            on(Op::delete(
                "/api/v1/sandbox/{session}/faults",
                "Nothing goes wrong any more",
            )),
        ],
    }
}
