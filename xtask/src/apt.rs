//! Programs that Debian or Ubuntu provide. The only code that calls apt.
//!
//! Deliberately does not know what they are needed for, and calls nothing when all are there.

use std::path::Path;

use crate::child;
use crate::failure::Failure;
use crate::privilege::Privilege;

/// Something a package provides: how to see that it is there, and which packages bring it.
#[derive(Debug)]
pub struct Need {
    /// Programs (looked up in the search path) or absolute paths; any one of them is enough.
    pub found_as: &'static [&'static str],
    /// Package names, the best first; distributions name them differently.
    pub packages: &'static [&'static str],
}

impl Need {
    fn is_met(&self) -> bool {
        self.found_as.iter().any(|name| match name.starts_with('/') {
            true => Path::new(name).exists(),
            false => child::on_path(name),
        })
    }
}

/// Installs the packages of the needs that are not met.
pub fn ensure(needs: &[&Need]) -> Result<(), Failure> {
    let missing: Vec<&Need> = needs.iter().copied().filter(|need| !need.is_met()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let wished = first_choices(&missing);
    if !child::on_path("apt-get") {
        return Err(Failure::Missing {
            what: "some programs are missing, and this is not a Debian or Ubuntu system.".into(),
            remedy: format!("Install what these Debian packages contain, then try again:\n\n  {}", wished.join(" ")),
        });
    }
    let privilege = Privilege::require("some packages are missing", &lines(&wished))?;
    update(privilege);
    let chosen = known_choices(&missing)?;
    let mut install = privilege.command("apt-get");
    // Never takes away a program the person has, even where packages exclude each other.
    install.args(["install", "-y", "--no-install-recommends", "--no-remove"]);
    install.args(["-o", "DPkg::Lock::Timeout=120"]).args(&chosen);
    child::run(&format!("Packages ({})", chosen.join(" ")), install)?;
    match missing.iter().find(|need| !need.is_met()) {
        None => Ok(()),
        Some(need) => Err(Failure::Missing {
            what: format!(
                "{} was installed but {} is not there.",
                need.packages.join(" or "),
                need.found_as.join(" or ")
            ),
            remedy: "Look at the log of the packages, or install it by hand.".into(),
        }),
    }
}

/// Returns the lines a person would type.
fn lines(packages: &[&str]) -> String {
    format!("  apt-get update\n  apt-get install -y --no-install-recommends {}", packages.join(" "))
}

fn update(privilege: Privilege) {
    let mut update = privilege.command("apt-get");
    update.args(["update", "-q"]);
    // One unreachable source among many makes this fail although all we need is known: the install decides.
    let _ = child::run("Package lists", update);
}

fn first_choices(needs: &[&Need]) -> Vec<&'static str> {
    needs
        .iter()
        .filter_map(|need| need.packages.iter().copied().find(|name| is_known(name)).or(need.packages.first().copied()))
        .collect()
}

fn known_choices(needs: &[&Need]) -> Result<Vec<&'static str>, Failure> {
    needs
        .iter()
        .map(|need| {
            need.packages.iter().copied().find(|name| is_known(name)).ok_or_else(|| Failure::Missing {
                what: format!("this system offers no package {}.", need.packages.join(" or ")),
                remedy: format!("Install {} in another way, then try again.", need.found_as.join(" or ")),
            })
        })
        .collect()
}

fn is_known(package: &str) -> bool {
    let mut policy = child::command("apt-cache");
    policy.args(["policy", package]).env("LC_ALL", "C");
    child::answer(policy).is_some_and(|text| has_candidate(&text))
}

/// Reads the answer of `apt-cache policy`: a name that only other packages mention has no candidate.
fn has_candidate(policy: &str) -> bool {
    policy.lines().filter_map(|line| line.trim().strip_prefix("Candidate:")).any(|version| version.trim() != "(none)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_need_is_met_by_any_of_its_names() {
        let met = Need { found_as: &["no-such-program", "/bin/sh"], packages: &[] };
        let unmet = Need { found_as: &["no-such-program", "/no/such/file"], packages: &[] };
        assert!(met.is_met());
        assert!(!unmet.is_met());
    }

    #[test]
    fn only_a_package_with_a_candidate_can_be_installed() {
        assert!(has_candidate("xvfb:\n  Installed: (none)\n  Candidate: 2:21.1.7\n"));
        assert!(!has_candidate("chromium:\n  Installed: (none)\n  Candidate: (none)\n"));
        assert!(!has_candidate(""));
    }
}
