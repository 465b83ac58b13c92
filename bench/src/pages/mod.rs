//! `bench pages`: how long pages and lists take in a filled installation.

mod browser;
pub mod check;
pub mod fill;
mod list;
mod measure;
pub mod table;

use crate::{
    place::Place,
    server::{Installation, Server},
};
use anyhow::{Context as _, Result, ensure};
use browser::Who;
use db::{
    Db, Engine, Options,
    sqlx::{self, Row as _},
};
use domain::{Random, Secrets};
use fill::{Filled, First, Size};
use list::{NOTHING, ONE_ROW};
use measure::{Callers, Stream};
use std::{
    path::PathBuf,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use table::Table;
use types::{SessionId, Timestamp};

/// Messages a second that come in while pages are measured.
const PER_SECOND: u32 = 20;
/// Whom the set-up made; the same password opens every login of a filled installation.
const ADMIN: &str = "bench@switchboard.example";

/// What is to be measured.
#[derive(Clone, Debug)]
pub struct Setting {
    pub binary: PathBuf,
    pub engines: Vec<Engine>,
    pub below: PathBuf,
    pub size: Size,
    /// How often each page is asked for.
    pub times: usize,
    /// Only pages whose name has this in it.
    pub only: String,
}

pub async fn run(setting: &Setting) -> Result<Table> {
    let mut table = Table::default();
    for engine in &setting.engines {
        let installation = Installation::make(&setting.binary, *engine, &setting.below).await?;
        let done = measured(setting, &installation, &mut table).await;
        installation.place.remove().await?;
        done?;
    }
    Ok(table)
}

async fn measured(setting: &Setting, installation: &Installation, table: &mut Table) -> Result<()> {
    let (filled, took) = filled(installation, setting.size).await?;
    table.notes.push(format!(
        "{}: {} messages, {} chats, {} organizations, filled and counted in {:.0} s",
        name(installation.place.engine),
        setting.size.messages,
        setting.size.chats,
        setting.size.organizations,
        took.as_secs_f32()
    ));
    let mut server = installation.start()?;
    let begin = Instant::now();
    installation.ready(&mut server).await?;
    server.rests(Duration::from_mins(1)).await;
    table.notes.push(format!(
        "  the server was ready and at rest after {:.1} s",
        begin.elapsed().as_secs_f32()
    ));
    let answered = ask_for_everything(setting, installation, &filled, &server, table).await;
    answered.with_context(|| format!("the server said:\n{}", installation.last_words()))
}

async fn ask_for_everything(
    setting: &Setting,
    installation: &Installation,
    filled: &Filled,
    server: &Server,
    table: &mut Table,
) -> Result<()> {
    let address = installation.address;
    let callers = Callers {
        address,
        owner: browser::log_in(address, fill::OWNER).await?,
        admin: browser::log_in(address, ADMIN).await?,
        key: Who::Key(installation.access.key.clone()),
    };
    let day = |ago: i64| domain::time::day_of("Asia/Jakarta", Timestamp(now() - ago * 86_400_000));
    let pages = list::pages(filled, &day(1), &day(30));
    let engine = name(installation.place.engine);
    for busy in [false, true] {
        let keys = [installation.access.key.clone(), filled.key.clone()];
        let stream = busy.then(|| Stream::begin(address, keys, PER_SECOND));
        let (mut nothing, mut one_row) = (0.0, 0.0);
        for page in &pages {
            let limit = matches!(page.name, NOTHING | ONE_ROW);
            if !limit && !page.name.contains(&setting.only) {
                continue;
            }
            let times = callers.measure(page, setting.times).await?;
            match page.name {
                NOTHING => nothing = times.p50,
                ONE_ROW => one_row = times.p50,
                _ => {}
            }
            table
                .lines
                .push(table::line((engine, busy), page, times, nothing, one_row));
        }
        let this = |line: &&table::Line| line.engine == engine && line.busy == busy;
        let broken: usize = table.lines.iter().filter(this).map(|line| line.broken).sum();
        if broken > 0 {
            table.notes.push(format!(
                "  {broken} calls were not answered: the server closed their connections"
            ));
        }
        if let Some(stream) = stream {
            let accepted = stream.finish().await?;
            table
                .notes
                .push(format!("  {accepted} messages were accepted meanwhile"));
        }
    }
    server.rests(Duration::from_mins(1)).await;
    what_could_leave_left(&callers, filled).await
}

/// The second organization's messages leave at once, whatever waits beside them.
async fn what_could_leave_left(callers: &Callers, filled: &Filled) -> Result<()> {
    let key = Who::Key(filled.key.clone());
    let answer = browser::ask(callers.address, &key, &browser::Ask::get("/api/v1/queue?limit=1")).await?;
    let answer = answer.context("the queue was not answered")?;
    let body = String::from_utf8_lossy(&answer.body);
    ensure!(
        answer.status == 200 && body.contains(r#""total":0"#),
        "messages that nothing holds did not leave: {body}"
    );
    Ok(())
}

/// Fills and leaves it; answers how to look at it.
pub async fn only_fill(setting: &Setting) -> Result<String> {
    let engine = *setting.engines.first().context("no engine")?;
    let installation = Installation::make(&setting.binary, engine, &setting.below).await?;
    let (_, took) = filled(&installation, setting.size).await?;
    let url = installation.place.url();
    let folder = installation.place.keep();
    let database = url.map_or_else(String::new, |url| format!(" --database-url {url}"));
    Ok(format!(
        "Filled in {:.0} s. Look around in it with\n\n  {} serve --data {}{database}\n\n\
         and log in as {} (owns the large organization) or {ADMIN} (super admin, in every organization);\n\
         the password of everybody is “only for a measurement”. Delete the folder{} afterwards.\n\
         What waits is held by limits of the day on which it was filled: the next day some of it leaves.\n",
        took.as_secs_f32(),
        setting.binary.display(),
        folder.display(),
        fill::OWNER,
        if database.is_empty() {
            ""
        } else {
            " and the database"
        },
    ))
}

/// Starts the server once, so that everything is as at a first run, and fills what it has made.
async fn filled(installation: &Installation, size: Size) -> Result<(Filled, Duration)> {
    let size = size.check()?;
    let mut server = installation.start()?;
    installation.ready(&mut server).await?;
    server.kill()?;
    let place = &installation.place;
    place.quiet().await?;
    let begin = Instant::now();
    let url = place.database_url();
    let db = Db::connect(&Options {
        url,
        readers: 1,
        writers: 1,
    })
    .await?;
    let session: SessionId = installation
        .access
        .session
        .parse()
        .map_err(|_| anyhow::anyhow!("init named no session"))?;
    let row = sqlx::query("SELECT organization_id FROM sessions WHERE id = $1")
        .bind(session.key())
        .fetch_one(db.read())
        .await?;
    let first = First {
        organization: row.try_get("organization_id")?,
        session: session.key(),
    };
    let secrets = Secrets::open(place.folder(), Random::System)?;
    let filled = fill::fill(&db, &secrets, &first, size, now()).await?;
    check::kept_numbers(&db).await?;
    db.close().await;
    Ok((filled, begin.elapsed()))
}

fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_millis() as i64)
}

const fn name(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    }
}

impl Place {
    /// What to connect to.
    fn database_url(&self) -> String {
        self.url()
            .unwrap_or_else(|| format!("sqlite://{}", self.folder().join("switchboard.db").display()))
    }
}
