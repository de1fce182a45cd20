//! The commands of `relais` and their options; each option can also be set in the environment.

mod accounts;
mod backup;
mod logs;
mod serve;

use std::fmt;
use std::fs::{File, TryLockError};
use std::io::{self, Write as _};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use shared::api::Role;

use crate::StartError;
use crate::error::Error;
use crate::store::backup::BackupError;
use crate::store::{OpenError, StoreError};

/// Reads the command line, does it, says how it went.
#[must_use]
pub fn main() -> ExitCode {
    let command = Relais::parse();
    let outcome = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::from);
    match outcome.and_then(|runtime| runtime.block_on(command.run())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(io::stderr(), "relais: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// The offline-first partner portal: one program, one data folder.
#[derive(Debug, Parser)]
#[command(name = "relais", version)]
pub struct Relais {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the portal.
    Serve(Serve),
    /// Write a copy of everything to one file; works beside a running server.
    Backup(Backup),
    /// Put a backup back, while no server runs on the folder.
    Restore(Restore),
    /// Manage accounts; works beside a running server.
    #[command(subcommand)]
    User(User),
    /// Manage requesting authorities; works beside a running server.
    #[command(subcommand)]
    Authority(Authority),
}

/// What a reader of the help learns besides the options.
const SERVE_NOTES: &str = "\
Stops on SIGTERM or Ctrl-C, once what is under way is finished. Logs go to standard error: plain \
lines on a terminal, otherwise JSON; RELAIS_LOG_FORMAT (json or text) chooses, RELAIS_LOG \
(e.g. info,server=debug) says how much.";

/// The options of `relais serve`.
#[derive(Args, Debug)]
#[command(after_help = SERVE_NOTES)]
struct Serve {
    /// Address and port to listen on. Put a proxy with HTTPS in front to be reached from elsewhere;
    /// it must pass on the Host header and set X-Forwarded-For.
    #[arg(long, env = "RELAIS_LISTEN", default_value = "127.0.0.1:8080")]
    listen: String,
    #[command(flatten)]
    data: Data,
    /// Load invented people and documents to try the portal with.
    #[arg(long, env = "RELAIS_DEMO")]
    demo: bool,
    /// Send session cookies over plain HTTP to any host: for trials on a closed network only.
    #[arg(long, env = "RELAIS_INSECURE_COOKIES")]
    insecure_cookies: bool,
    /// A proxy whose X-Forwarded-For is believed; this machine's own always is. May be repeated.
    #[arg(long = "trusted-proxy", env = "RELAIS_TRUSTED_PROXIES", value_name = "IP", value_delimiter = ',')]
    trusted_proxies: Vec<IpAddr>,
    /// Serve the client from this folder instead of the one inside the program.
    #[arg(long, env = "RELAIS_CLIENT", value_name = "DIR")]
    client: Option<PathBuf>,
}

#[derive(Args, Debug)]
struct Data {
    /// The folder that holds everything the server keeps; made when missing.
    #[arg(long, env = "RELAIS_DATA", value_name = "DIR", default_value = "data")]
    data: PathBuf,
}

#[derive(Args, Debug)]
struct Backup {
    /// The file to write; it must not exist.
    file: PathBuf,
    #[command(flatten)]
    data: Data,
}

#[derive(Args, Debug)]
struct Restore {
    /// A file written by `relais backup`.
    backup: PathBuf,
    /// Put a database that is there aside, in the same folder.
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    data: Data,
}

#[derive(Debug, Subcommand)]
enum User {
    /// Add an account and print its generated password, once.
    Add(UserAdd),
    /// List the accounts.
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Give an account a new password; signs it out everywhere.
    Password(UserPassword),
    /// Close an account; signs it out everywhere. Its work stays.
    Disable(UserName),
    /// Open a closed account again.
    Enable(UserName),
}

#[derive(Args, Debug)]
struct UserAdd {
    #[command(flatten)]
    user: UserName,
    /// The name others see.
    #[arg(long)]
    name: String,
    /// What the account may do, e.g. focal_point, project_officer or admin.
    #[arg(long, value_parser = parse_role)]
    role: Role,
    /// The number of the authority a focal point or signatory belongs to.
    #[arg(long, value_name = "ID")]
    authority: Option<u32>,
    /// The language the portal starts in.
    #[arg(long, default_value = "fr")]
    language: String,
    #[command(flatten)]
    password: PasswordSource,
}

#[derive(Args, Debug)]
struct UserPassword {
    #[command(flatten)]
    user: UserName,
    #[command(flatten)]
    password: PasswordSource,
}

#[derive(Args, Debug)]
struct UserName {
    /// The name typed to sign in; capital letters do not matter.
    #[arg(long)]
    login: String,
    #[command(flatten)]
    data: Data,
}

#[derive(Args, Clone, Copy, Debug)]
struct PasswordSource {
    /// Read the password from the first line of standard input instead of generating one.
    #[arg(long)]
    password_stdin: bool,
}

#[derive(Debug, Subcommand)]
enum Authority {
    /// Add an authority and print its number.
    Add(AuthorityAdd),
    /// List the authorities.
    List {
        #[command(flatten)]
        data: Data,
    },
}

#[derive(Args, Debug)]
struct AuthorityAdd {
    /// Its name in its own language.
    #[arg(long)]
    name: String,
    /// Its name in English.
    #[arg(long, default_value = "")]
    name_en: String,
    /// Its country (ISO 3166 alpha-2, e.g. KE).
    #[arg(long)]
    country: String,
    /// Its type, e.g. ministry or agency.
    #[arg(long)]
    kind: String,
    #[command(flatten)]
    data: Data,
}

impl Relais {
    /// Does what was asked.
    pub async fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Serve(options) => serve::serve(options).await,
            Command::Backup(options) => backup::back_up(options).await,
            Command::Restore(options) => backup::restore(options).await,
            Command::User(command) => accounts::user(command).await,
            Command::Authority(command) => accounts::authority(command).await,
        }
    }
}

/// Two servers on one folder would each believe to be the only writer.
fn lock(folder: &Path) -> Result<File, Failure> {
    let file = File::create(folder.join("relais.lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(Failure(format!("another server already uses the data folder {}", folder.display())))
        }
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

fn parse_role(code: &str) -> Result<Role, String> {
    let known = || Role::ALL.map(Role::code).join(", ");
    Role::parse(code).ok_or_else(|| format!("the roles are {}", known()))
}

/// Prints a line on standard output, where what was asked for goes.
fn say(line: fmt::Arguments<'_>) -> Result<(), Failure> {
    writeln!(io::stdout(), "{line}").map_err(Failure::from)
}

/// Why a command could not be done, as one sentence.
#[derive(Debug)]
pub struct Failure(String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        Self(error.to_string())
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Self(error.to_string())
    }
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        Self(error.to_string())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(match error {
            Error::Internal(detail) | Error::Malformed(detail) => detail,
            other => format!("{other:?}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Relais::command().debug_assert();
    }
}
