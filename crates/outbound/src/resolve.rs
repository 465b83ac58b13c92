//! The client's only resolver: it answers checked addresses or nothing.

use crate::address::may_reach;
use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};
use thiserror::Error;

/// Found again in the client's error chain, to tell a refusal from a name that does not exist.
#[derive(Debug, Error)]
pub(crate) enum NameError {
    #[error("the name leads to private addresses only")]
    Private,
    #[error("the name does not exist")]
    Unknown,
}

/// Where names are looked up.
pub(crate) enum Names {
    System,
    /// Answers one list of addresses after the other, the last one for ever.
    #[cfg(test)]
    Script(std::sync::Mutex<Vec<Vec<IpAddr>>>),
}

impl Names {
    async fn look_up(&self, name: &str) -> Result<Vec<IpAddr>, NameError> {
        match self {
            Self::System => {
                let found = tokio::net::lookup_host((name, 0))
                    .await
                    .map_err(|_| NameError::Unknown)?;
                Ok(found.map(|socket| socket.ip()).collect())
            }
            #[cfg(test)]
            Self::Script(answers) => {
                let mut answers = answers.lock().unwrap();
                Ok(if answers.len() > 1 {
                    answers.remove(0)
                } else {
                    answers[0].clone()
                })
            }
        }
    }
}

#[derive(Clone)]
pub(crate) struct GuardedResolver {
    pub(crate) names: Arc<Names>,
    pub(crate) allow: Arc<[IpNet]>,
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let Self { names, allow } = self.clone();
        Box::pin(async move {
            let found = names.look_up(name.as_str()).await?;
            if found.is_empty() {
                return Err(NameError::Unknown.into());
            }
            // The connector tries these and no others.
            let allowed: Vec<SocketAddr> = found
                .into_iter()
                .filter(|address| may_reach(*address, &allow))
                .map(|address| SocketAddr::new(address, 0))
                .collect();
            if allowed.is_empty() {
                return Err(NameError::Private.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}
