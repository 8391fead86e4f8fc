//! Starting and stopping the server.

use crate::{
    AppState,
    api::Door,
    config::{Config, Secret, Storage},
    feed::Hub,
    guard,
    line::Line,
    listen, router,
    session::Sessions,
    site,
    sms::Gateway,
    state, timers,
    tls::{self, Peer, TlsListener},
    virtual_farmer,
};
use axum::{
    extract::{ConnectInfo, Request},
    middleware::map_request,
};
use market::{Clock, Market, db::Db, order::Batching};
use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

/// A kept page is made anew after this long even if nothing was heard: another server may have
/// changed what it shows.
const PAGE_LIFE: Duration = Duration::from_secs(1);
/// How long open requests may take once the server is going: as long as any may, and a little more to
/// be told so. The market then closes in bounded time by itself.
const GRACE: Duration = guard::PATIENCE.saturating_add(Duration::from_secs(2));
/// How long timers may take to end what they are at.
const TIMERS_GRACE: Duration = Duration::from_secs(5);

/// What went wrong while starting.
pub type StartError = Box<dyn std::error::Error + Send + Sync>;

/// A server that runs.
pub struct Running {
    /// Where it listens for HTTP.
    pub http: SocketAddr,
    /// What its handlers share.
    pub state: AppState,
    closing: watch::Sender<bool>,
    tasks: JoinSet<()>,
    server: tokio::task::JoinHandle<io::Result<()>>,
}

/// Opens the market that `storage` names, migrated when it is SQLite.
///
/// # Errors
/// When the database does not answer, or the secret cannot be kept, or is missing.
pub async fn open_market(storage: &Storage) -> Result<(Market, Vec<u8>), StartError> {
    let url = &storage.database_url.0;
    let folder = data_folder(url);
    std::fs::create_dir_all(&folder)?;
    let secret = match &storage.secret {
        Some(secret) => secret.expose().as_bytes().to_vec(),
        None if url.starts_with("sqlite:") => kept_secret(&folder.join("secret"))?,
        // every server would make its own, and none could read what another one wrote
        None => {
            return Err(
                "TIANTOU_SECRET is not set. With PostgreSQL every server and command needs the same \
                        secret: set it to a long random text (for one: openssl rand -hex 32) and keep it."
                    .into(),
            );
        }
    };
    let clock = storage.clock_file.clone().map_or(Clock::System, Clock::Shifted);
    let db = Db::open(url).await?;
    if url.starts_with("sqlite:") {
        db.migrate().await?;
    }
    Ok((Market::new(db, clock, &secret), secret))
}

/// Refuses to go on with another secret than the one the database was filled with.
///
/// # Errors
/// That, or when the database does not answer.
pub(crate) async fn check_secret(market: &Market) -> Result<(), StartError> {
    market.check_secret().await?.map_err(|wrong| {
        format!(
            "{wrong}: set TIANTOU_SECRET to the first one, or put its file back beside the database. If it is \
             lost, `tiantou migrate --replace-secret` goes on with this one."
        )
        .into()
    })
}

/// The folder of the SQLite file.
fn data_folder(url: &str) -> PathBuf {
    let file = url
        .strip_prefix("sqlite:")
        .map(|path| path.trim_start_matches("//").split('?').next().unwrap_or(path));
    match file.and_then(|path| Path::new(path).parent()) {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        Some(_) => PathBuf::from("."),
        None => PathBuf::from("data"),
    }
}

/// Reads the secret, or makes one that only this user can read.
fn kept_secret(file: &Path) -> io::Result<Vec<u8>> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    match std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
    {
        Ok(mut made) => {
            let secret: Secret = format!("{}{}", market::request_id(), market::request_id())
                .parse()
                .map_err(io::Error::other)?;
            made.write_all(secret.expose().as_bytes())?;
            made.sync_all()?;
            Ok(secret.expose().as_bytes().to_vec())
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => std::fs::read(file),
        Err(error) => Err(error),
    }
}

/// Starts everything and answers once the site can be asked.
///
/// # Errors
/// When an address is taken, the site is not built, or the database does not answer.
pub async fn start(config: Config) -> Result<Running, StartError> {
    let assets = site::assets(&config.site).map_err(|error| {
        format!(
            "{}/assets.json: {error} (run scripts/build.sh first)",
            config.site.display()
        )
    })?;
    crate::metrics::recorder();
    let (market, secret) = open_market(&config.storage).await?;
    check_secret(&market).await?;
    let market = match config.single_orders {
        true => market.with_batching(Batching::Single),
        false => market,
    };
    let listening = config.listening();
    let listener = TcpListener::bind(listening)
        .await
        .map_err(|error| format!("{listening}: {error}"))?;
    let http = listener.local_addr()?;
    let tickets = live::admission::Key::new(&secret);
    let live = start_live(&config, http, tickets.clone(), &market)?;
    let (closing, gone) = watch::channel(false);
    let mut tasks = JoinSet::new();
    let folder = data_folder(&config.storage.database_url.0);
    let kept = tls::keep(&config, &folder, http.ip(), &market, &gone, &mut tasks)?;
    let state = AppState {
        hub: Hub::default(),
        line: Line::new(market.clone(), config.orders_at_once as usize, &secret),
        api: Door::new(config.api_requests_per_minute),
        sms: Arc::new(Gateway::from_config(&config)),
        photos: crate::photo::Photos::default(),
        pages: moka::future::Cache::builder()
            .max_capacity(state::PAGES_KEPT)
            .time_to_live(PAGE_LIFE)
            .build(),
        assets: Arc::new(assets),
        site: config.site.clone(),
        tickets,
        origin: config.origin(http).into(),
        authority: kept.as_ref().and_then(|kept| kept.authority.clone()),
        demonstration: config.demo,
        posts_per_minute: config.posts_per_minute,
        market,
        live,
    };
    if config.demo {
        market::demo::fill(&state.market).await?;
        market::demo::keep_live(&state.market).await?;
    }
    let sessions = Sessions::open(state.market.db()).await?;
    let app = router::router(state.clone(), sessions.clone());
    let studio = match (&kept, config.demo) {
        (Some(_), true) => studio(&state, &gone, &mut tasks).await?,
        _ => http,
    };
    start_tasks(&mut tasks, &state, sessions, studio, &config, &gone);
    let listener = listen::patient(listener, listen::PATIENCE);
    let mut until = gone;
    let until = async move { timers::gone(&mut until).await };
    let server = match kept {
        Some(kept) => {
            let listener = TlsListener::new(listener, http, &kept.shelf)?;
            let app = app.layer(map_request(by_address));
            let server = axum::serve(listener, app.into_make_service_with_connect_info::<Peer>());
            tokio::spawn(server.with_graceful_shutdown(until).into_future())
        }
        None => {
            let server = axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>());
            tokio::spawn(server.with_graceful_shutdown(until).into_future())
        }
    };
    Ok(Running {
        http,
        state,
        closing,
        tasks,
        server,
    })
}

/// Handlers know the other end by its address, however the connection is made.
async fn by_address(mut request: Request) -> Request {
    let peer = request.extensions().get::<ConnectInfo<Peer>>().map(|info| info.0.0);
    if let Some(address) = peer {
        request.extensions_mut().insert(ConnectInfo(address));
    }
    request
}

/// A way in for the virtual farmer, who is in this process and needs no certificate.
async fn studio(
    state: &AppState,
    gone: &watch::Receiver<bool>,
    tasks: &mut JoinSet<()>,
) -> Result<SocketAddr, StartError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let (door, mut gone) = (live::router(state.live.clone()), gone.clone());
    tasks.spawn(async move {
        let until = async move { timers::gone(&mut gone).await };
        if let Err(error) = axum::serve(listener, door).with_graceful_shutdown(until).await {
            tracing::error!(%error, "the virtual farmer's door closed");
        }
    });
    Ok(address)
}

fn start_live(
    config: &Config,
    http: SocketAddr,
    key: live::admission::Key,
    market: &Market,
) -> Result<live::Live, StartError> {
    let mut udp = state::media_address(config);
    if config.media.is_none() {
        udp.set_port(http.port());
    }
    let clock = market.clone();
    let settings = live::Config {
        udp,
        public_addresses: match config.https.lan && config.media_address.is_empty() {
            true => tls::addresses(udp.ip()),
            false => config.media_address.clone(),
        },
        max_publishers: config.max_publishers,
        max_viewers: config.max_viewers,
        clock: live::Clock::new(move || clock.now().0),
        ..live::Config::default()
    };
    live::Live::start(settings, key).map_err(|error| format!("{udp} (UDP): {error}").into())
}

fn start_tasks(
    tasks: &mut JoinSet<()>,
    state: &AppState,
    sessions: Sessions,
    http: SocketAddr,
    config: &Config,
    gone: &watch::Receiver<bool>,
) {
    tasks.spawn(timers::settle(state.clone(), gone.clone()));
    tasks.spawn(timers::hear_others(state.clone(), gone.clone()));
    tasks.spawn(timers::heal_feed(state.clone(), gone.clone()));
    tasks.spawn(timers::forget_pages(state.clone(), gone.clone()));
    tasks.spawn(timers::tidy_door(state.clone(), gone.clone()));
    tasks.spawn(timers::forget_sessions(sessions, gone.clone()));
    tasks.spawn(state.hub.clone().run(state.market.clone()));
    if config.demo {
        tasks.spawn(virtual_farmer::publish(state.clone(), http, gone.clone()));
        tasks.spawn(virtual_farmer::look_after(state.clone(), gone.clone()));
    }
}

impl Running {
    /// Tells viewers to connect again, lets open requests end, answers the orders that were taken in,
    /// and closes the database.
    pub async fn stop(mut self) {
        self.state.hub.close();
        self.closing.send_replace(true);
        if tokio::time::timeout(GRACE, &mut self.server).await.is_err() {
            tracing::warn!("some requests did not end in time");
            self.server.abort();
        }
        if tokio::time::timeout(TIMERS_GRACE, async { while self.tasks.join_next().await.is_some() {} })
            .await
            .is_err()
        {
            self.tasks.abort_all();
        }
        self.state.live.shutdown().await;
        self.state.market.close().await;
    }
}
