//! E-mail and password in, a person out.

use super::{People, email::Email, store};
use crate::{
    Error, Result,
    orgs::fields::{BadFields, bad},
};
use types::{AppError, OrganizationId, UserId, people::LogIn};

/// Where a try to log in comes from.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    pub ip: String,
    pub user_agent: String,
}

impl People {
    /// Who it is, and the organization to begin in. An unknown e-mail, a wrong password and a
    /// disabled user get the same answer after the same time.
    pub async fn log_in(&self, form: LogIn, from: Origin) -> Result<(UserId, Option<OrganizationId>)> {
        let mut wrong = BadFields::default();
        let email = wrong.take(Email::parse("email", &form.email));
        if form.password.is_empty() {
            wrong.take::<()>(Err(bad("password", "Write your password")));
        }
        wrong.done()?;
        self.limit.enter(&from.ip, &email.key, self.shared.now())?;
        match self.check_password(&email, form.password).await {
            Ok(Some(user)) => {
                self.limit.succeeded(&from.ip, &email.key);
                Ok((user, self.default_organization(user).await?))
            }
            Ok(None) => {
                tracing::info!(ip = %from.ip, "a log-in was refused");
                Err(AppError::Unauthenticated.into())
            }
            Err(error) => {
                self.limit.undone(&from.ip, &email.key);
                Err(error)
            }
        }
    }

    /// The organization a login begins in: the last one, else the first by name.
    pub(super) async fn default_organization(&self, user: UserId) -> Result<Option<OrganizationId>> {
        let last = self.user(user).await?.last_organization;
        let memberships = self.memberships(user).await?;
        Ok(memberships
            .iter()
            .find(|m| Some(m.organization) == last)
            .or(memberships.first())
            .map(|m| m.organization))
    }

    async fn check_password(&self, email: &Email, password: String) -> Result<Option<UserId>, Error> {
        let known = store::credentials(self.shared.read(), &email.key).await?;
        let (user, hash) = known.map(|known| (known.user, known.password_hash)).unzip();
        // Nobody's password is that long; hashing megabytes would be a gift to attackers.
        let password = if password.len() > 1_024 {
            String::new()
        } else {
            password
        };
        let right = self.passwords.verify(password, hash).await?;
        Ok(user.flatten().filter(|_| right))
    }
}
