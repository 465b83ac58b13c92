//! Ids and choices of a filled database: the same seed makes the same ones.

use rand::{Rng as _, rngs::StdRng};

pub const MINUTE: i64 = 60_000;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

/// A UUID of version 7 for that moment, as the database spells it.
pub fn id(at: i64, random: &mut StdRng) -> String {
    let (high, low): (u16, u64) = (random.random(), random.random());
    format!(
        "{at:012x}7{:03x}{:016x}",
        high & 0x0fff,
        low & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
    )
}

/// One of so many, the first ones far more often.
pub fn early(count: usize, random: &mut StdRng) -> usize {
    let at = random.random::<f64>().powi(3) * count as f64;
    (at as usize).min(count.saturating_sub(1))
}

/// Whether something comes about that does so in so many of a hundred cases.
pub fn percent(share: u32, random: &mut StdRng) -> bool {
    random.random_range(0..100) < share
}

/// A text as businesses write it.
pub fn text(nth: u64, random: &mut StdRng) -> String {
    const BEGIN: [&str; 6] = [
        "Hello, your order",
        "Good morning! Your parcel",
        "Reminder: the appointment",
        "Thank you, your payment",
        "Halo, pesanan Anda",
        "Guten Tag, Ihre Bestellung",
    ];
    const END: [&str; 6] = [
        "has left our house and should be with you tomorrow.",
        "is ready. Come by whenever it suits you, we are here until six.",
        "could not be delivered. Please tell us when somebody is at home, and we send it again at no cost.",
        "is confirmed.",
        "sudah kami terima.\nTerima kasih!",
        "was changed as you asked. If anything is not as you wished, answer to this message and we see to it.",
    ];
    let (begin, end) = (
        random.random_range(0..BEGIN.len()),
        random.random_range(0..END.len()),
    );
    format!("{} {:06} {}", BEGIN[begin], nth % 1_000_000, END[end])
}

/// A few words as customers write them.
pub fn answer(random: &mut StdRng) -> &'static str {
    const WORDS: [&str; 6] = [
        "Thank you!",
        "When will it come?",
        "I'd like to change the address, it's 12 Elm Street now.",
        "Ok",
        "Terima kasih",
        "Can you call me?",
    ];
    WORDS[random.random_range(0..WORDS.len())]
}
