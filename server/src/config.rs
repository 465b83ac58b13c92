//! Where the data is: what every command that touches it takes.

use anyhow::{Context, Result};
use clap::Args;
use db::{Db, Options};
use domain::{Clock, Config, Domain, Random, Secrets, Shared};
use std::path::PathBuf;

#[derive(Args, Clone, Debug)]
pub struct DataArgs {
    /// Where attachments, the encryption key and (without --database-url) the database lie
    #[arg(
        long,
        env = "SWITCHBOARD_DATA",
        value_name = "FOLDER",
        default_value = "./data"
    )]
    pub data: PathBuf,

    /// postgres://USER:PASSWORD@HOST/DATABASE or sqlite://PATH; without it, SQLite in the data folder
    #[arg(
        long,
        env = "SWITCHBOARD_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    pub database_url: Option<String>,
}

/// What only a serving node has; other commands take the defaults.
#[derive(Clone, Debug, Default)]
pub struct NodeArgs {
    pub public_url: String,
    pub node: String,
    pub allow_net: Vec<String>,
}

impl DataArgs {
    /// Opens the database, brings its tables up to date and builds the rooms over it.
    pub async fn open(&self, node: NodeArgs) -> Result<Domain> {
        let db = self.open_db().await?;
        self.build(db, node)
    }

    /// The same for `serve`, of which a SQLite file takes one at a time.
    pub async fn open_alone(&self, node: NodeArgs) -> Result<Domain> {
        let db = self.open_db().await?;
        db.lock_file()?;
        self.build(db, node)
    }

    async fn open_db(&self) -> Result<Db> {
        domain::make_private(&self.data)
            .with_context(|| format!("the data folder {} cannot be made", self.data.display()))?;
        let url = match &self.database_url {
            Some(url) => url.clone(),
            None => format!("sqlite://{}", self.data.join("switchboard.db").display()),
        };
        Db::open(&Options::new(url))
            .await
            .context("the database could not be opened")
    }

    fn build(&self, db: Db, node: NodeArgs) -> Result<Domain> {
        let random = Random::System;
        let secrets = Secrets::open(&self.data, random.clone())
            .with_context(|| format!("the encryption key in {} cannot be used", self.data.display()))?;
        let config = Config {
            data: self.data.clone(),
            public_url: node.public_url,
            node: node.node,
            allow_net: node.allow_net,
        };
        Ok(Domain::new(Shared::new(
            db,
            Clock::System,
            random,
            secrets,
            config,
        )))
    }
}
