//! What a node knows of the past: kept while it lives, read back when it starts.

use super::{dispatch::Node, planner::Recalled, store::Store};
use pacing::History;
use types::Timestamp;

impl Node<'_> {
    /// The lane's history of now.
    pub fn bring_up(&mut self, store: &mut Store, session: usize, now: Timestamp) {
        let set_back = now < self.lanes[session].seen;
        self.lanes[session].seen = now;
        if set_back {
            self.lanes[session].unpark_all();
            if self.planner.reads_anew()
                && let Some(mut history) = self.lanes[session].history.take()
            {
                // It alone knows by how much, so its waits are written down before it is read anew.
                history.tick(&self.days, now);
                write(store, session, &history);
            }
        }
        if self.lanes[session].history.is_none() {
            let history = self.read(store, session, now);
            write(store, session, &history);
            self.lanes[session].history = Some(history);
        }
        let history = self.lanes[session].history.get_or_insert_default();
        if history.tick(&self.days, now) {
            let (today, cold) = store.used(session, history.day());
            history.set_used(today, cold);
        }
        if self.used.tick(&self.days, now) {
            let sum = (0..store.sessions.len())
                .map(|session| store.used(session, self.used.day).0)
                .sum();
            self.used.today = self.planner.organization_used(sum, self.started);
        }
        self.started = false;
    }

    /// What a restart can know of a session's past.
    pub fn read(&self, store: &Store, session: usize, now: Timestamp) -> History {
        let row = &store.sessions[session];
        let mut history = History::default();
        history.linked_at = row.linked_at;
        history.last_left_at = row.last_left_at;
        history.held_until = row.held_until;
        history.cold_until = row.cold_until;
        history.paused_until = row.paused_until;
        history.in_row = row.in_row;
        let mut hour: Vec<_> = row
            .counts
            .iter()
            .filter(|count| now - count.at < 3_600_000)
            .collect();
        hour.sort_by_key(|count| count.at);
        let hour = hour.iter().map(|count| (count.at, count.text)).collect();
        let used = store.used(session, self.days.day(now));
        let recalled = self.planner.recalled(Recalled { history, hour, used });
        let mut history = recalled.history;
        for (at, text) in recalled.hour {
            history.recall(at, text);
        }
        history.tick(&self.days, now);
        history.set_used(recalled.used.0, recalled.used.1);
        history
    }
}

/// A session's row says what its history does.
pub fn write(store: &mut Store, session: usize, history: &History) {
    let row = &mut store.sessions[session];
    row.last_left_at = history.last_left_at;
    row.held_until = history.held_until;
    row.cold_until = history.cold_until;
    row.paused_until = history.paused_until;
    row.in_row = history.in_row;
}
