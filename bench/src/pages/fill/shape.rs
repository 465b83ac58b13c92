//! How much there is and whose it is: skewed, as life is.

use super::Size;
use rand::{Rng as _, rngs::StdRng};

/// Organizations beside the large one are cut from this cloth.
const ZONES: [&str; 6] = [
    "Asia/Jakarta",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "UTC",
    "Australia/Lord_Howe",
];

/// What a session of the filled database is like. None of those with a queue may send it away
/// while pages are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Connected, and nothing waits for it.
    Free,
    /// Connected; it has sent as much as it may today.
    Spent,
    /// Connected; its hours begin later.
    Closed,
    Stopped,
    LoggedOut,
}

impl Kind {
    pub const fn is_linked(self) -> bool {
        !matches!(self, Self::LoggedOut)
    }
}

#[derive(Clone, Debug)]
pub struct Organization {
    pub name: String,
    pub zone: &'static str,
    /// Messages that have been and gone, in and out.
    pub past: u32,
    pub waiting: u32,
    pub chats: u32,
    pub sessions: Vec<Kind>,
    pub people: u32,
}

/// The organizations, the large one first. The second has a free session and no queue.
pub fn organizations(size: Size, random: &mut StdRng) -> Vec<Organization> {
    let others = size.organizations - 1;
    let waiting = size.messages / 10;
    // What waits elsewhere, where sessions are stopped.
    let elsewhere = size.messages / 100;
    let past = size.messages - waiting - elsewhere;
    let empty = |index: u32| index > 2 && index.is_multiple_of(10);
    let weight = |index: u32| {
        if empty(index) {
            0.0
        } else {
            1.0 / f64::from(index + 2).powf(0.8)
        }
    };
    let all: f64 = (0..others).map(weight).sum();
    let share = |of: u32, index: u32| (f64::from(of) * 0.7 * weight(index) / all) as u32;
    let holders = (0..others)
        .filter(|index| has_queue(*index, empty(*index)))
        .count() as u32;
    let mut list: Vec<Organization> = (0..others)
        .map(|index| {
            let queue = has_queue(index, empty(index));
            let mut sessions: Vec<Kind> = (0..=random.random_range(0..4_u32))
                .map(|nth| match (queue, nth) {
                    (true, 0) => Kind::Stopped,
                    // Whatever waits without a name could leave through one that is free.
                    (true, _) => Kind::Free,
                    (_, 3) => Kind::LoggedOut,
                    _ => Kind::Free,
                })
                .collect();
            if empty(index) {
                sessions.truncate((index % 20 / 10) as usize);
            }
            Organization {
                name: format!("{} {}", NAMES[index as usize % NAMES.len()], index + 2),
                zone: ZONES[index as usize % ZONES.len()],
                past: share(past, index),
                waiting: if queue { elsewhere / holders.max(1) } else { 0 },
                // Somebody at least, where there is a message.
                chats: share(size.chats, index).clamp(share(past, index).min(1), share(past, index)),
                sessions,
                people: 1 + index % 4,
            }
        })
        .collect();
    let given = |of: fn(&Organization) -> u32| list.iter().map(of).sum::<u32>();
    let large = Organization {
        name: "Kopi Lestari".into(),
        zone: ZONES[0],
        past: past - given(|one| one.past),
        waiting: waiting + elsewhere - given(|one| one.waiting),
        chats: size.chats - given(|one| one.chats),
        sessions: large_sessions(),
        people: 12,
    };
    list.insert(0, large);
    list
}

const fn has_queue(index: u32, empty: bool) -> bool {
    index > 0 && index % 5 == 2 && !empty
}

fn large_sessions() -> Vec<Kind> {
    let mut kinds = vec![Kind::Spent; 10];
    kinds.extend([Kind::Closed; 4]);
    kinds.extend([Kind::Stopped; 3]);
    kinds.extend([Kind::LoggedOut; 3]);
    kinds
}

const NAMES: [&str; 12] = [
    "Toko Melati",
    "Nordlicht Apotheke",
    "Harbor Dental",
    "Sari Travel",
    "Fahrrad Krause",
    "Elm Street Books",
    "Chennai Textiles",
    "Warung Sinar",
    "Praxis am Park",
    "Bright Cleaning",
    "Kedai Biru",
    "Stadtwerke Nord",
];
