//! How many calls of `/api/send` are accepted durably, and what each costs.

use super::{CONNECTIONS, Limits, Setting, limits, void_if_lost};
use crate::{
    load::{Load, Measured, drive},
    place::Place,
    process::{self, Syncs},
    report::{Line, Report},
    server::{Installation, Server},
};
use anyhow::Result;
use db::Engine;
use std::time::Duration;

/// What else the server does meanwhile.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Meanwhile {
    /// The session is stopped: accepting only.
    Nothing,
    /// The sandbox session is connected: every message is also sent, ticked off and told of.
    Sending,
}

pub async fn measure(setting: &Setting, engine: Engine, limits: &Limits, report: &mut Report) -> Result<()> {
    for meanwhile in [Meanwhile::Nothing, Meanwhile::Sending] {
        for (place, connections) in CONNECTIONS.into_iter().enumerate() {
            let installation = Installation::make(&setting.binary, engine, &setting.below).await?;
            let phase = Phase {
                setting,
                installation: &installation,
                meanwhile,
                connections,
            };
            let done = phase.run(limits, limits.bare[place], report).await;
            installation.place.remove().await?;
            done?;
        }
    }
    Ok(())
}

struct Phase<'a> {
    setting: &'a Setting,
    installation: &'a Installation,
    meanwhile: Meanwhile,
    connections: usize,
}

impl Phase<'_> {
    async fn run(&self, limits: &Limits, bare: f64, report: &mut Report) -> Result<()> {
        let installation = self.installation;
        let engine = installation.place.engine;
        let mut server = installation.start()?;
        installation.ready(&mut server).await?;
        if self.meanwhile == Meanwhile::Nothing {
            let path = format!("/api/v1/sessions/{}/stop", installation.access.session);
            installation.call("POST", &path, "").await?;
        }
        let (measured, mut costs) = self.load(&server).await?;
        // At once after the last answer: what is not on disk now will not be there.
        server.kill()?;
        installation.place.quiet().await?;
        costs.after(&installation.place).await;
        let rows = installation.place.counts().await?.all();
        void_if_lost(report, &self.title(engine), measured.good, measured.bad, rows);

        let group = self.title(engine);
        let commits = limits.of(engine);
        let goal = if engine == Engine::Sqlite {
            20_000.0
        } else {
            15_000.0
        };
        let mut line = Line::new(
            &group,
            format!("{} connections", self.connections),
            measured.rate(),
            "/s",
        )
        .times(measured.percentile(0.5), measured.percentile(0.99))
        .against("bare axum", bare)
        .against(
            "single-row commits",
            if self.connections == 1 {
                commits.single
            } else {
                commits.many
            },
        );
        if self.connections == 32 {
            line = line.at_least(goal);
        }
        if measured.bad > 0 {
            line = line.note(format!("{} calls were refused or broke", measured.bad));
        }
        report.lines.push(line);
        costs.tell(&group, self.connections, &measured, report);
        Ok(())
    }

    fn title(&self, engine: Engine) -> String {
        let engine = super::name(engine);
        match self.meanwhile {
            Meanwhile::Nothing => format!("{engine}: /api/send, session stopped"),
            Meanwhile::Sending => format!("{engine}: /api/send, everything running"),
        }
    }

    async fn load(&self, server: &Server) -> Result<(Measured, Costs)> {
        let installation = self.installation;
        let load = Load {
            address: installation.address,
            connections: self.connections,
            time: self.setting.time,
            most: self.setting.most,
        };
        let template = limits::template(&installation.access.key)?;
        let backends = installation.place.backends().await?;
        let cpu = |pids: &[u32]| pids.iter().map(|pid| process::cpu(*pid)).sum::<Duration>();
        let (own, theirs) = (process::cpu(server.pid()), cpu(&backends));
        let logged = installation.place.log_syncs().await;
        let watched = if logged.is_none() {
            Syncs::watch(server.pid(), load.time)
        } else {
            None
        };
        let measured = drive(load, template).await?;
        let costs = Costs {
            own: process::cpu(server.pid()).saturating_sub(own),
            theirs: (!backends.is_empty()).then(|| cpu(&backends).saturating_sub(theirs)),
            watched,
            logged,
            syncs: None,
        };
        Ok((measured, costs))
    }
}

/// What a phase cost.
struct Costs {
    own: Duration,
    /// Of PostgreSQL's processes for this database.
    theirs: Option<Duration>,
    watched: Option<Syncs>,
    /// PostgreSQL's count at the beginning.
    logged: Option<i64>,
    syncs: Option<u64>,
}

impl Costs {
    /// PostgreSQL's processes hand in their counts when they end, so this comes after the kill.
    async fn after(&mut self, place: &Place) {
        self.syncs = match (self.logged, self.watched.take()) {
            (Some(before), _) => place.log_syncs().await.map(|after| (after - before) as u64),
            (None, watched) => watched.and_then(Syncs::count),
        };
    }

    fn tell(&self, group: &str, connections: usize, measured: &Measured, report: &mut Report) {
        let each = |time: Duration| time.as_secs_f64() * 1e6 / measured.good.max(1) as f64;
        let name = |what: &str| format!("  {what}, {connections} connections");
        report.lines.push(Line::new(
            group,
            name("server CPU per message"),
            each(self.own),
            "µs",
        ));
        if let Some(theirs) = self.theirs {
            report.lines.push(Line::new(
                group,
                name("PostgreSQL CPU per message"),
                each(theirs),
                "µs",
            ));
        }
        let line = match self.syncs {
            Some(syncs) => {
                let rate = syncs as f64 / measured.elapsed.as_secs_f64();
                let each = measured.good as f64 / syncs.max(1) as f64;
                Line::new(group, name("forced writes"), rate, "/s")
                    .note(format!("{each:.1} messages share one"))
            }
            None => Line::new(group, name("forced writes"), 0.0, "/s").note("not counted: needs perf"),
        };
        report.lines.push(line);
    }
}
