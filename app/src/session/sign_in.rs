//! Signing in and out, and asking the server who is signed in.
//!
//! Does not know how a page words what it hears.

use leptos::prelude::*;
use shared::api::{RefusalCode, RefusalMessage, SignIn, SignedIn};

use super::{Link, Session, remembered};
use crate::api::{Api, CallError};
use crate::browser;
use crate::sync::TransportError;

/// Why nobody was signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInError {
    /// Name and password open no account.
    WrongCredentials,
    /// The server refuses, in its own words.
    Refused(RefusalMessage),
    /// Something else answers in the server's name.
    Impostor,
    /// The server is not reached.
    Offline,
}

/// What came of asking who is signed in.
enum Answer {
    Who(SignedIn),
    SignedOut,
    Refused(RefusalMessage),
    Impostor,
    Away,
}

impl Session {
    /// Asks the server who is signed in, and lets sync run when it is the person at this device.
    pub async fn verify(self) {
        let answer = if self.account.with_untracked(Option::is_none) && remembered::has_left() {
            // The server may not have heard of it yet.
            Api.sign_out().await.and_then(|()| Err(TransportError::SignedOut.into()))
        } else {
            Api.session().await
        };
        match read(answer) {
            Answer::Who(who) => {
                let here = self.account.with_untracked(|here| here.as_ref().map(|here| here.person));
                if here.is_some_and(|here| here != who.person) {
                    self.stop_sync();
                    self.link.set(Link::OtherPerson);
                } else {
                    // With nobody here the browser still knows its session: what was kept of the person is gone.
                    self.welcome(who, true).await;
                }
            }
            Answer::SignedOut => self.link.set(Link::SignedOut),
            Answer::Refused(_) => self.link.set(Link::Faulty),
            Answer::Impostor => self.link.set(Link::Impostor),
            Answer::Away => self.link.set(Link::Away),
        }
    }

    /// Asks again, unless the server was reached already.
    pub async fn verify_if_lost(self) {
        if self.link.get_untracked() == Link::Reached {
            self.send_now();
        } else {
            self.verify().await;
        }
    }

    /// Signs in.
    ///
    /// # Errors
    /// Nobody was signed in.
    pub async fn sign_in(self, login: &str, password: &str) -> Result<(), SignInError> {
        let with = SignIn { login: login.to_owned(), password: password.to_owned(), device_label: device_label() };
        match read(Api.sign_in(&with).await) {
            Answer::Who(who) => {
                if self.account.with_untracked(|here| here.as_ref().is_some_and(|here| here.person != who.person)) {
                    // Another person's documents are never shown to this one: the page starts again.
                    self.remember(Some(&who)).await;
                    browser::load_page("/");
                    return Ok(());
                }
                self.welcome(who, false).await;
                Ok(())
            }
            Answer::Refused(message) => Err(SignInError::Refused(message)),
            Answer::SignedOut => Err(SignInError::WrongCredentials),
            Answer::Impostor => Err(SignInError::Impostor),
            Answer::Away => Err(SignInError::Offline),
        }
    }

    /// Signs out: nothing on the device is erased, and it no longer opens without a password.
    pub async fn sign_out(self) {
        self.remember(None).await;
        // Not reached now, the server is told at the next start.
        let _ = Api.sign_out().await;
        browser::load_page("/");
    }

    /// Lets a person in whom the server knows. `before`: they had signed in here before.
    async fn welcome(self, who: SignedIn, before: bool) {
        let known = self.account.with_untracked(|here| here.as_ref() == Some(&who));
        if self.repository().is_none()
            && let Err(error) = self.open(who.clone(), before).await
        {
            self.report_fault(error);
        }
        if !known {
            self.remember(Some(&who)).await;
        }
        self.account.set(Some(who));
        self.link.set(Link::Reached);
        self.start_sync();
    }

    async fn remember(self, who: Option<&SignedIn>) {
        if let Err(error) = remembered::write(who).await {
            self.report_fault(error);
        }
    }

    /// Starts the page again when another tab signed out, or somebody else in: it must not go on with these documents.
    pub fn leave_if_replaced(self) {
        let replaced =
            self.account.with_untracked(|who| who.as_ref().is_some_and(|who| remembered::is_other(who.person)));
        if replaced {
            let reloaded = browser::window().location().reload();
            debug_assert!(reloaded.is_ok(), "a page can be loaded again");
        }
    }
}

fn read(answer: Result<SignedIn, CallError>) -> Answer {
    match answer {
        Ok(who) => Answer::Who(who),
        Err(CallError::Refused(refusal)) if refusal.error.code == RefusalCode::NotSignedIn => Answer::SignedOut,
        Err(CallError::Refused(refusal)) => Answer::Refused(refusal.error.message),
        Err(CallError::Transport(TransportError::Impostor)) => Answer::Impostor,
        Err(CallError::Transport(TransportError::SignedOut)) => Answer::SignedOut,
        Err(CallError::Transport(_)) => Answer::Away,
    }
}

/// Returns what this browser calls itself, for the list of open sessions.
fn device_label() -> String {
    let agent = browser::window().navigator().user_agent().unwrap_or_default();
    let found = |names: &[&'static str]| names.iter().copied().find(|name| agent.contains(name)).unwrap_or("");
    let program = found(&["Firefox", "Edg", "Chrome", "Safari"]);
    let system = found(&["Android", "iPhone", "Windows", "Mac", "Linux"]);
    format!("{program} {system}").trim().to_owned()
}
