//! Asking the server who is signed in, signing out, and the ways to where people sign in.
//!
//! Does not know how anybody signs in: the first page does that, see `public/start.js`.

use leptos::prelude::*;
use shared::api::{RefusalCode, SignedIn};

use super::{Link, Session, remembered};
use crate::api::{Api, CallError};
use crate::browser;
use crate::sync::TransportError;

/// Where people sign in. No program has a page there.
const SIGN_IN: &str = "/sign-in";

/// What came of asking who is signed in.
enum Answer {
    Who(SignedIn),
    SignedOut,
    Refused,
    Impostor,
    Away,
}

impl Session {
    /// Asks the server who is signed in, and lets sync run when it is the person at this device.
    pub async fn verify(self) {
        let named = remembered::named();
        match read(Api.session().await) {
            // Somebody signed in or out in another tab meanwhile: this is about the one before.
            Answer::Who(who) if remembered::named() != named && remembered::is_other(who.person) => {
                browser::reload_page();
            }
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
            Answer::Refused => self.link.set(Link::Faulty),
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

    /// Signs out: nothing on the device is erased, and it no longer opens without a password.
    pub async fn sign_out(self) {
        self.remember(None).await;
        // Not reached now, the server is told by the first page.
        let _ = Api.sign_out().await;
        browser::load_page(SIGN_IN);
    }

    /// Lets a person in whom the server knows. `before`: they had signed in here before.
    async fn welcome(self, who: SignedIn, before: bool) {
        let known = self.account.with_untracked(|here| here.as_ref() == Some(&who));
        remembered::announce(Some(&who));
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

    pub(super) async fn remember(self, who: Option<&SignedIn>) {
        if let Err(error) = remembered::write(who).await {
            self.report_fault(error);
        }
    }

    /// Returns whether the person has another program, which the first page starts next time. Not when the first page
    /// could not be told: it would start this one again.
    #[must_use]
    pub fn has_another_program(self, is_for_staff: bool) -> bool {
        self.account.with(|who| {
            who.as_ref().is_some_and(|who| who.role.in_office() != is_for_staff && remembered::knows_program_of(who))
        })
    }

    /// Starts the page again when another tab signed out, or somebody else in: it must not go on with these documents.
    pub fn leave_if_replaced(self) {
        let replaced =
            self.account.with_untracked(|who| who.as_ref().is_some_and(|who| remembered::is_other(who.person)));
        if replaced {
            browser::reload_page();
        }
    }
}

/// Returns the address where whoever is here signs in and then comes back to the page they are at.
#[must_use]
pub fn address() -> String {
    let location = browser::window().location();
    let here = [location.pathname(), location.search(), location.hash()].map(Result::unwrap_or_default).concat();
    format!("{SIGN_IN}?next={}", String::from(js_sys::encode_uri_component(&here)))
}

fn read(answer: Result<SignedIn, CallError>) -> Answer {
    match answer {
        Ok(who) => Answer::Who(who),
        Err(CallError::Refused(refusal)) if refusal.error.code == RefusalCode::NotSignedIn => Answer::SignedOut,
        Err(CallError::Refused(_)) => Answer::Refused,
        Err(CallError::Transport(TransportError::Impostor)) => Answer::Impostor,
        Err(CallError::Transport(TransportError::SignedOut)) => Answer::SignedOut,
        Err(CallError::Transport(_)) => Answer::Away,
    }
}
