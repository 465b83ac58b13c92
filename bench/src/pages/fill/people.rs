//! Organizations and who may look into them.

use super::{
    First, Size,
    book::{Organization, Session},
    chance::{self, percent},
    rows::Rows,
    shape,
};
use crate::row;
use anyhow::{Context as _, Result};
use db::{
    Db,
    sqlx::{self, Row as _},
};
use rand::{Rng as _, rngs::StdRng};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use types::pacing::{Limit, Limits};

/// Who owns the large organization and is in no other.
pub const OWNER: &str = "owner@switchboard.example";

/// The organizations, the one that the set-up made as the large one. Everybody gets the password
/// of whoever set up.
pub async fn make(
    db: &Db,
    first: &First,
    size: Size,
    now: i64,
    random: &mut StdRng,
) -> Result<Vec<Organization>> {
    let admin = sqlx::query("SELECT id, password_hash FROM users ORDER BY created_at LIMIT 1")
        .fetch_optional(db.read())
        .await?
        .context("nobody has set up this installation")?;
    let (admin, hash): (String, String) = (admin.try_get("id")?, admin.try_get("password_hash")?);
    let mut all: Vec<Organization> = shape::organizations(size, random)
        .into_iter()
        .enumerate()
        .map(|(nth, plan)| Organization::new(plan, nth, now, random))
        .collect();
    if let Some(large) = all.first_mut() {
        large.key.clone_from(&first.organization);
        if let Some(session) = large.sessions.first_mut() {
            *session = Session {
                is_first: true,
                ..Session::new(first.session.clone(), 0, session.kind, session.created_at)
            };
        }
    }
    let mut organizations = Rows::new("organizations (id, name, time_zone, limits, created_at)");
    let mut users = Rows::new("users (id, email, email_key, name, password_hash, created_at)");
    let mut members = Rows::new("members (organization_id, user_id, role, created_at)");
    for (nth, own) in all.iter_mut().enumerate() {
        // Nothing holds what the second one sends.
        let limits = if nth > 1 && percent(50, random) {
            Limits::defaults()
        } else {
            Limits::default()
        };
        if nth > 0 {
            organizations.push(row![
                &own.key,
                &own.plan.name,
                own.plan.zone,
                &limits.to_json(),
                own.created_at
            ]);
            members.push(row![&own.key, &admin, "owner", own.created_at]);
        }
        for person in 0..own.plan.people {
            let id = chance::id(own.created_at + i64::from(person), random);
            let email = if nth == 0 && person == 0 {
                OWNER.to_owned()
            } else {
                format!("person{person}@organization{nth}.example")
            };
            let name = if person == 0 {
                "Owner".to_owned()
            } else {
                format!("Person {person}")
            };
            let role = ["owner", "admin", "agent", "viewer"][person.min(3) as usize];
            users.push(row![&id, &email, &email, &name, &hash, own.created_at]);
            members.push(row![&own.key, &id, role, own.created_at]);
            if person == 0 {
                own.owner = id;
            }
        }
    }
    for rows in [&mut organizations, &mut users, &mut members] {
        rows.write(db).await?;
    }
    large_itself(db, &all[0], &admin).await?;
    Ok(all)
}

/// The organization of the set-up grows into the large one: product defaults instead of no pacing,
/// so that there is something to estimate.
async fn large_itself(db: &Db, large: &Organization, admin: &str) -> Result<()> {
    let limits = Limits::defaults().with(Limit::OrganizationDaily, 50_000);
    let mut tx = db.begin().await?;
    sqlx::query(
        "UPDATE organizations SET name = $1, time_zone = $2, limits = $3, created_at = $4 WHERE id = $5",
    )
    .bind(large.plan.name.as_str())
    .bind(large.plan.zone)
    .bind(limits.to_json())
    .bind(large.created_at)
    .bind(large.key.as_str())
    .execute(tx.conn())
    .await?;
    // Whoever set up looks at it first, among all the others.
    sqlx::query("UPDATE users SET last_organization_id = $1 WHERE id = $2")
        .bind(large.key.as_str())
        .bind(admin)
        .execute(tx.conn())
        .await?;
    Ok(tx.commit().await?)
}

/// A key that may send for that organization; answers it.
pub async fn add_key(db: &Db, own: &Organization, now: i64, random: &mut StdRng) -> Result<String> {
    let letters: String = (0..43)
        .map(|_| char::from(random.random_range(b'a'..=b'z')))
        .collect();
    let prefix = "sb_FillFill";
    let key = format!("{prefix}{letters}");
    let hash = Sha256::digest(key.as_bytes())
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
    let mut rows =
        Rows::new("api_keys (id, organization_id, name, prefix, hash, scopes, created_by, created_at)");
    rows.push(row![
        &chance::id(now, random),
        &own.key,
        "Filled",
        prefix,
        &hash,
        "messages:send queue:view sessions:view",
        &own.owner,
        now
    ]);
    rows.write(db).await?;
    Ok(key)
}
