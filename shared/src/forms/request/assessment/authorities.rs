//! E2 and E3: who may ask, and together with whom.

use std::collections::BTreeSet;

use super::finding::{Detail, RuleId, found, plain};
use crate::answers::Answers;
use crate::form::assessment::{Facts, Finding, Outcome};
use crate::forms::request::{AUTHORITIES, AUTHORITY_ROLE, AUTHORITY_TYPE, GOVERNMENT_ENDORSER, ROLE_LEAD};
use crate::lists::authority_types::{AuthorityType, Standing, authority_type};
use crate::value::Target;

/// E2: national administrations and regional organisations always; other state bodies, local
/// authorities and civil society since 2016; hosts and partners never.
pub(super) fn type_is_allowed(answers: &Answers, facts: &Facts) -> Finding {
    let Some(types) = all_types(answers) else {
        return plain(RuleId::E2, Outcome::Pending);
    };
    let matching = |test: &dyn Fn(&AuthorityType) -> bool| codes(types.iter().copied().filter(|known| test(known)));
    let never = matching(&|known| known.standing == Standing::NotAnAsker);
    if !never.is_empty() {
        return found(RuleId::E2, Outcome::Fails, Detail::NotAnAsker, never);
    }
    let too_early = matching(&|known| known.allowed_since().is_some_and(|since| facts.on < since));
    if !too_early.is_empty() {
        return found(RuleId::E2, Outcome::Fails, Detail::TooEarly, too_early);
    }
    plain(RuleId::E2, Outcome::Passes)
}

/// E3: civil society asks only together with a government; a local authority is advised to.
pub(super) fn government_stands_beside(answers: &Answers) -> Finding {
    if asks(answers, Standing::Government) {
        let concerned = asks(answers, Standing::CivilSociety) || asks(answers, Standing::Local);
        let outcome = if concerned { Outcome::Passes } else { Outcome::NotApplicable };
        return plain(RuleId::E3, outcome);
    }
    if all_types(answers).is_none() {
        return plain(RuleId::E3, Outcome::Pending);
    }
    if types(answers).any(|known| known.is_some_and(AuthorityType::joint_only)) {
        return found(RuleId::E3, Outcome::Fails, Detail::NoGovernment, Vec::new());
    }
    if !asks(answers, Standing::Local) {
        return plain(RuleId::E3, Outcome::NotApplicable);
    }
    // For a local authority an endorsement is enough; for civil society it is not.
    if answers.text(Target::of(GOVERNMENT_ENDORSER)).trim().is_empty() {
        found(RuleId::E3, Outcome::Warns, Detail::GovernmentAdvised, Vec::new())
    } else {
        plain(RuleId::E3, Outcome::Passes)
    }
}

/// Returns whether an authority of this standing is among those that ask.
pub(super) fn asks(answers: &Answers, standing: Standing) -> bool {
    types(answers).any(|known| known.is_some_and(|known| known.standing == standing))
}

/// Returns the standing of the lead authority.
pub(super) fn lead_standing(answers: &Answers) -> Option<Standing> {
    let lead = answers
        .items(AUTHORITIES)
        .iter()
        .find(|item| answers.code(Target::in_item(**item, AUTHORITY_ROLE)) == Some(ROLE_LEAD))?;
    answers.code(Target::in_item(*lead, AUTHORITY_TYPE)).and_then(authority_type).map(|known| known.standing)
}

/// Returns the type of each authority, `None` where it is not answered or not known.
fn types(answers: &Answers) -> impl Iterator<Item = Option<&'static AuthorityType>> {
    answers
        .items(AUTHORITIES)
        .iter()
        .map(|item| answers.code(Target::in_item(*item, AUTHORITY_TYPE)).and_then(authority_type))
}

/// Returns the types of all authorities, `None` while there is none or one of them is not known.
fn all_types(answers: &Answers) -> Option<Vec<&'static AuthorityType>> {
    types(answers).collect::<Option<Vec<_>>>().filter(|types| !types.is_empty())
}

fn codes<'a>(types: impl Iterator<Item = &'a AuthorityType>) -> Vec<String> {
    let codes: BTreeSet<&str> = types.map(|known| known.code).collect();
    codes.into_iter().map(ToOwned::to_owned).collect()
}
