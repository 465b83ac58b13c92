//! The first run: everything a first message needs, in one transaction.

use super::{People, email::Email, password, store};
use crate::{
    Result,
    keys::secret::{self, BASE62, SECRET_LENGTH},
    orgs::fields::{self, BadFields, bad},
    settings,
};
use types::{
    AppError, Permissions, Role, UserId,
    pacing::Limits,
    people::{SetUp, SetUpDone},
};

/// What `switchboard init` is given.
#[derive(Clone, Default)]
pub struct Init {
    pub email: String,
    pub password: String,
    /// The e-mail's first part when absent.
    pub name: Option<String>,
    pub organization: String,
    pub time_zone: String,
    /// Make a connected sandbox session too.
    pub sandbox: bool,
    /// Set the platform's delay to 0.
    pub no_pacing: bool,
}

/// The same for both doors, checked.
struct First {
    email: Email,
    password: String,
    name: String,
    organization: String,
    time_zone: String,
    sandbox: bool,
    no_pacing: bool,
    /// The hash of the token that must still be there, for those who come with one.
    token: Option<String>,
}

impl People {
    /// A new one-time token for the set-up link, while nobody has set up; earlier ones end.
    pub async fn setup_token(&self) -> Result<Option<String>> {
        if !self.is_empty().await? {
            return Ok(None);
        }
        let token = self.shared.random.text(BASE62, SECRET_LENGTH);
        let mut tx = self.shared.begin().await?;
        store::put_setup_token(tx.conn(), &secret::hash(&token)).await?;
        tx.commit().await?;
        Ok(Some(token))
    }

    /// Whether the form behind that link may be shown.
    pub async fn check_setup_token(&self, token: &str) -> Result<()> {
        // The token is read first: who wins meanwhile takes it away together with the emptiness.
        let right = store::setup_token_is(self.shared.read(), &secret::hash(token)).await?;
        if !self.is_empty().await? {
            return Err(already_set_up().into());
        }
        if right { Ok(()) } else { Err(wrong_token().into()) }
    }

    /// Makes the first super admin, organization and key from the form behind the set-up link.
    pub async fn set_up(&self, form: SetUp) -> Result<SetUpDone> {
        self.check_setup_token(&form.token).await?;
        let mut wrong = BadFields::default();
        let first = First {
            name: wrong.take(fields::name("name", &form.name)),
            email: wrong.take(Email::parse("email", &form.email)),
            password: wrong.take(password::check("password", &form.password).map(|()| form.password)),
            organization: wrong.take(fields::name("organization", &form.organization)),
            time_zone: wrong.take(fields::time_zone("time_zone", &form.time_zone)),
            sandbox: form.sandbox,
            no_pacing: false,
            token: Some(secret::hash(&form.token)),
        };
        wrong.done()?;
        self.make(first).await
    }

    /// The same for the command line, which needs no token: who can run it owns the database.
    pub async fn init(&self, input: Init) -> Result<SetUpDone> {
        if !self.is_empty().await? {
            return Err(already_set_up().into());
        }
        let mut wrong = BadFields::default();
        let email = wrong.take(Email::parse("email", &input.email));
        let name = match &input.name {
            Some(name) => wrong.take(fields::name("name", name)),
            None => email.local().to_owned(),
        };
        let first = First {
            email,
            name,
            password: wrong.take(password::check("password", &input.password).map(|()| input.password)),
            organization: wrong.take(fields::name("organization", &input.organization)),
            time_zone: wrong.take(fields::time_zone("time_zone", &input.time_zone)),
            sandbox: input.sandbox,
            no_pacing: input.no_pacing,
            token: None,
        };
        wrong.done()?;
        self.make(first).await
    }

    async fn make(&self, first: First) -> Result<SetUpDone> {
        let hash = self.passwords.hash(first.password).await?;
        let mut tx = self.shared.begin().await?;
        let now = tx.now();
        // Only one transaction can insert this row; others wait for it and then find it there.
        if !store::claim_set_up(tx.conn(), now).await? {
            return Err(already_set_up().into());
        }
        if !store::take_setup_token(tx.conn(), first.token.as_deref()).await? {
            return Err(wrong_token().into());
        }
        let user = UserId(self.shared.ids.uuid());
        let organization = self
            .orgs
            .create_in(&mut tx, &first.organization, &first.time_zone)
            .await?;
        let new = store::NewUser {
            id: user,
            email: &first.email,
            name: &first.name,
            password_hash: &hash,
            super_admin: true,
        };
        store::insert_user(tx.conn(), &new, now).await?;
        self.join_in(&mut tx, organization, user, Role::Owner).await?;
        let (_, api_key) = self
            .keys
            .create_in(&mut tx, organization, "First key", Permissions::all(), Some(user))
            .await?;
        let sandbox = if first.sandbox {
            Some(
                self.sessions
                    .create_linked_sandbox_in(&mut tx, organization, "Sandbox")
                    .await?,
            )
        } else {
            None
        };
        if first.no_pacing {
            settings::set_platform_in(&mut tx, &Limits::off()).await?;
        }
        tx.commit().await?;
        let (session, session_number) = sandbox.unzip();
        if let Some(session) = session {
            self.sessions.connect_later(session);
        }
        Ok(SetUpDone {
            organization,
            user,
            api_key,
            session,
            session_number,
        })
    }
}

fn already_set_up() -> AppError {
    AppError::conflict("ALREADY_SET_UP", "Switchboard is already set up. Log in instead.")
}

fn wrong_token() -> AppError {
    let error = bad(
        "token",
        "This set-up link is not valid any more. Restart `switchboard serve` and open the new link that it prints.",
    );
    AppError::Invalid { fields: vec![error] }
}
