//! What people say of themselves, and where they are logged in.

use super::{People, device, password, store, store_logins};
use crate::{
    Ctx, Result,
    orgs::fields::{self, BadFields},
};
use types::{
    AppError, LoginId,
    people::{ChangePassword, Login, Profile, SaveProfile},
};

impl People {
    pub async fn profile(&self, ctx: &Ctx) -> Result<Profile> {
        let id = ctx.user()?;
        let now = self.shared.now();
        let user = self.user(id).await?;
        let logins = store_logins::of_user(self.shared.read(), id, now).await?;
        Ok(Profile {
            name: user.name,
            email: user.email,
            theme: user.theme,
            logins: logins
                .into_iter()
                .map(|row| Login {
                    id: row.id,
                    device: device::name(&row.user_agent),
                    ip: row.ip,
                    created_at: row.created_at,
                    seen_at: row.seen_at,
                    current: ctx.login == Some(row.id),
                })
                .collect(),
            as_of: now,
        })
    }

    pub async fn save_profile(&self, ctx: &Ctx, input: SaveProfile) -> Result<()> {
        let id = ctx.user()?;
        let mut wrong = BadFields::default();
        let name = wrong.take(fields::name("name", &input.name));
        wrong.done()?;
        let mut tx = self.shared.begin().await?;
        store::save_profile(tx.conn(), id, &name, input.theme).await?;
        tx.commit().await
    }

    /// Takes a new password and ends every other login: whoever knew the old one is out.
    pub async fn change_password(&self, ctx: &Ctx, input: ChangePassword) -> Result<()> {
        let id = ctx.user()?;
        let mut wrong = BadFields::default();
        wrong.take(password::check("new", &input.new));
        wrong.done()?;
        // A stolen login must not become a place to guess the password at.
        let place = id.to_string();
        self.limit.enter(&place, "", self.shared.now())?;
        let old = self.user(id).await?.password_hash;
        let current = if input.current.len() > 1_024 {
            String::new()
        } else {
            input.current
        };
        match self.passwords.verify(current, Some(old.clone())).await {
            Ok(true) => self.limit.succeeded(&place, ""),
            Ok(false) => {
                return Err(
                    AppError::field("current", "This is not your present password. Write it again.").into(),
                );
            }
            Err(error) => {
                self.limit.undone(&place, "");
                return Err(error);
            }
        }
        let new = self.passwords.hash(input.new).await?;
        let mut tx = self.shared.begin().await?;
        if !store::set_password(tx.conn(), id, &old, &new).await? {
            return Err(AppError::conflict(
                "PASSWORD_CHANGED",
                "The password was changed somewhere else a moment ago. Log in with the new one.",
            )
            .into());
        }
        store_logins::delete_others(tx.conn(), id, ctx.login).await?;
        tx.commit().await?;
        self.bump();
        Ok(())
    }

    /// Logs one of the person's own browsers out.
    pub async fn end_login(&self, ctx: &Ctx, login: LoginId) -> Result<()> {
        let id = ctx.user()?;
        let mut tx = self.shared.begin().await?;
        if !store_logins::end(tx.conn(), id, login).await? {
            return Err(AppError::not_found("login").into());
        }
        tx.commit().await?;
        self.bump();
        Ok(())
    }
}
