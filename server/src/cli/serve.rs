//! `relais serve`: from the options to a running server and back to a closed database.

use tokio::net::TcpListener;

use super::{Failure, Serve, lock, logs, say};
use crate::client::ClientFiles;
use crate::config::Config;
use crate::listen::{self, Ended};
use crate::{Server, demo};

/// Runs the portal until it is told to stop.
pub async fn serve(options: Serve) -> Result<(), Failure> {
    logs::start()?;
    // From the first moment on, so that a signal during start is not lost.
    let stop = stop_signal()?;
    let mut config = Config::in_folder(&options.data.data);
    config.insecure_cookies = options.insecure_cookies;
    config.trusted_proxies = options.trusted_proxies;
    if let Some(folder) = options.client {
        config.client = ClientFiles::Folder(folder);
    }
    let server = crate::open(config).await?;
    let _lock = lock(&options.data.data)?;
    if options.demo && !demo::claim(&server).await? {
        return Err(Failure(format!(
            "the data folder {} holds accounts of its own; the demo, whose password everybody knows, is not added to them",
            options.data.data.display()
        )));
    }
    let listener = TcpListener::bind(&options.listen).await.map_err(|error| {
        Failure(format!("cannot listen on {}: {error}. Another address is chosen with --listen", options.listen))
    })?;
    if options.demo {
        demo::load(&server).await?;
    }
    if server.store.is_demo().await? {
        tracing::warn!("this is a demo: everybody knows the password of its accounts; keep no real work in it");
    }
    // Nobody may be reading; that is no reason not to serve.
    if let Err(failure) = introduce(&server, &listener, options.demo).await {
        tracing::warn!(%failure, "the greeting was not printed");
    }
    let store = server.store.clone();
    let ended = listen::serve(server, listener, stop).await;
    store.close().await;
    match ended {
        Ended::Stopped => Ok(()),
        Ended::Broken => Err(Failure("the disk lost a write; start again to recover".to_owned())),
    }
}

async fn introduce(server: &Server, listener: &TcpListener, demo: bool) -> Result<(), Failure> {
    let address = listener.local_addr()?;
    say(format_args!("Relais is ready at http://{address}"))?;
    if demo {
        say(format_args!("Demo accounts, all with the password {}:", demo::PASSWORD))?;
        for account in demo::MAIN {
            say(format_args!("  {:<10} {} ({})", account.login, account.name, account.role.code()))?;
        }
        say(format_args!("and the focal point of each country: {}", focal_points()))?;
    } else if server.store.people().await?.is_empty() {
        say(format_args!("There are no accounts yet: `relais user add --help` says how to add one."))?;
    }
    Ok(())
}

fn focal_points() -> String {
    let logins: Vec<&str> = demo::COUNTRIES.iter().map(|account| account.login).collect();
    logins.join(", ")
}

#[cfg(unix)]
fn stop_signal() -> Result<impl Future<Output = ()>, Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("told to stop; finishing what is under way");
    })
}

#[cfg(not(unix))]
fn stop_signal() -> Result<impl Future<Output = ()>, Failure> {
    Ok(async {
        // Without a handler the server cannot be stopped gently, which is no reason to stop now.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
