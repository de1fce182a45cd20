//! A full, valid request for tests: the second one of Mali's employment agency, in French. The
//! people are invented.

use crate::answers::{Answer, Answers};
use crate::ids::{OpId, ReplicaId};
use crate::value::{Date, FieldId, Target, Value};

use super::*;

/// The day the example is checked on, before all its dates.
pub(crate) const TODAY: Date = Date { year: 2026, month: 3, day: 2 };

/// Returns the name of an item; `number` tells items apart.
pub(crate) const fn item(number: u64) -> OpId {
    OpId { replica: ReplicaId(7), counter: number }
}

/// The example's two authorities.
pub(crate) const AGENCY: OpId = item(1);
pub(crate) const MINISTRY: OpId = item(2);
/// The example's two activities.
pub(crate) const MISSION: OpId = item(3);
pub(crate) const WORKSHOP: OpId = item(4);
const OBSERVATORY: OpId = item(5);

/// Short ways to write answers down.
impl Answers {
    pub(crate) fn put(&mut self, target: Target, answer: Answer) -> &mut Self {
        self.by_target.insert(target, answer);
        self
    }

    pub(crate) fn set(&mut self, field: FieldId, value: Value) -> &mut Self {
        self.put(Target::of(field), Answer::Value(value))
    }

    pub(crate) fn line(&mut self, field: FieldId, text: &str) -> &mut Self {
        self.set(field, Value::Text(text.to_owned()))
    }

    pub(crate) fn choose(&mut self, field: FieldId, code: &str) -> &mut Self {
        self.set(field, Value::Code(code.to_owned()))
    }

    pub(crate) fn pick(&mut self, field: FieldId, codes: &[&str]) -> &mut Self {
        self.put(Target::of(field), Answer::Codes(codes.iter().map(|code| (*code).to_owned()).collect()))
    }

    pub(crate) fn write(&mut self, field: FieldId, text: &str) -> &mut Self {
        self.put(Target::of(field), Answer::Prose(text.to_owned()))
    }

    pub(crate) fn date_is(&mut self, field: FieldId, day: &str) -> &mut Self {
        self.set(field, Value::Date(Date::parse(day).expect("a date")))
    }

    pub(crate) fn tick(&mut self, field: FieldId, ticked: bool) -> &mut Self {
        self.set(field, Value::Flag(ticked))
    }

    pub(crate) fn list(&mut self, field: FieldId, items: &[OpId]) -> &mut Self {
        self.put(Target::of(field), Answer::Items(items.to_vec()))
    }

    pub(crate) fn clear(&mut self, field: FieldId) -> &mut Self {
        self.by_target.remove(&Target::of(field));
        self
    }

    pub(crate) fn unsettle(&mut self, target: Target) -> &mut Self {
        self.unsettled.insert(target);
        self
    }

    /// Answers a field of one item.
    pub(crate) fn within(&mut self, item: OpId, field: FieldId, value: Value) -> &mut Self {
        self.put(Target::in_item(item, field), Answer::Value(value))
    }

    /// Writes one authority down; the list has to name it too.
    pub(crate) fn authority(&mut self, item: OpId, name: &str, kind: &str, role: &str) -> &mut Self {
        let code = |code: &str| Answer::Value(Value::Code(code.to_owned()));
        self.put(Target::in_item(item, AUTHORITY_NAME), Answer::Value(Value::Text(name.to_owned())))
            .put(Target::in_item(item, AUTHORITY_TYPE), code(kind))
            .put(Target::in_item(item, AUTHORITY_COUNTRY), code("ML"))
            .put(Target::in_item(item, AUTHORITY_ROLE), code(role))
    }

    fn activity(&mut self, item: OpId, kind: &str, topic: &str, month: &str, participants: i64) -> &mut Self {
        let value = |value| Answer::Value(value);
        self.put(Target::in_item(item, ACTIVITY_TYPE), value(Value::Code(kind.to_owned())))
            .put(Target::in_item(item, ACTIVITY_TOPIC), value(Value::Text(topic.to_owned())))
            .put(Target::in_item(item, ACTIVITY_MONTH), value(Value::Date(Date::parse(month).expect("a month"))))
            .put(Target::in_item(item, ACTIVITY_PARTICIPANTS), value(Value::Number(participants)))
    }
}

/// Returns the example.
pub(crate) fn mali() -> Answers {
    let mut answers = Answers::default();
    who(&mut answers);
    what(&mut answers);
    people_and_timing(&mut answers);
    answers
}

fn who(answers: &mut Answers) {
    answers
        .choose(KIND, KIND_JOINT)
        .list(AUTHORITIES, &[AGENCY, MINISTRY])
        .authority(AGENCY, "Agence nationale pour l’emploi (ANPE)", "agency", ROLE_LEAD)
        .authority(MINISTRY, "Ministère de l’Emploi et de la Formation professionnelle", "ministry", "co")
        .line(FOCAL_FAMILY_NAME, "Coulibaly")
        .line(FOCAL_GIVEN_NAME, "Mariam")
        .line(FOCAL_TITLE, "Mme")
        .line(FOCAL_FUNCTION, "Cheffe de la division des statistiques")
        .line(FOCAL_EMAIL, "m.coulibaly@anpe.example.ml")
        .line(FOCAL_PHONE, "+223 20 22 00 00")
        .choose(FOCAL_PREFERRED_CHANNEL, "email")
        .choose(FOCAL_SAFE_TO_CONTACT, "yes");
}

fn what(answers: &mut Answers) {
    answers
        .line(TITLE, "Mali II : statistiques de la migration de travail")
        .choose(DOCUMENT_LANGUAGE, "fr")
        .pick(PARTNER_COUNTRIES, &["ML"])
        .pick(THEMATIC_AREAS, &["HO", "LM"])
        .pick(THEMES, &["DAT", "LAB"])
        .write(
            CONTEXT_AND_PROBLEM,
            "Depuis le manuel de 2018, huit antennes comptent les départs chacune à sa façon. En 2024, \
             15000000 de travailleurs étaient concernés selon le décret n° 2012-345.",
        )
        .line(NATIONAL_STRATEGY, "Politique nationale de migration, 2014")
        .pick(SDG_TARGETS, &["10.7", "17.18"])
        .pick(GCM_OBJECTIVES, &["1", "6"])
        .write(GAP_INDIVIDUAL, "Les agents des antennes n’ont pas appris à tenir un registre commun.")
        .write(OBJECTIVES, "Des chiffres comparables sur la migration de travail.")
        .write(EXPECTED_RESULTS, "Les huit antennes recueillent les mêmes données selon un manuel commun.")
        .pick(EXPECTED_OUTPUTS, &["manual", "curriculum"])
        .list(PROPOSED_ACTIVITIES, &[MISSION, WORKSHOP])
        .activity(MISSION, "FFM", "État des lieux des données dans trois antennes", "2026-10", 8)
        .activity(WORKSHOP, "KEW", "Définitions communes : départ, retour, placement", "2026-12", 24);
}

fn people_and_timing(answers: &mut Answers) {
    answers
        .write(TARGET_GROUPS, "Statisticiens et référents des huit antennes.")
        .set(ESTIMATED_PARTICIPANTS, Value::Number(120))
        .set(WOMEN_SHARE, Value::Number(40))
        .list(INTERAGENCY_ACTORS, &[OBSERVATORY])
        .put(
            Target::in_item(OBSERVATORY, ACTOR_NAME),
            Answer::Value(Value::Text("Observatoire national de l’emploi et de la formation".to_owned())),
        )
        .write(PREVIOUS_COOPERATION, "Une action sur la gestion de la migration de travail.")
        .line(EARLIER_REFERENCES, "2014 -05")
        .tick(NO_OTHER_DONORS, true)
        .choose(EU_DELEGATION_INFORMED, "yes")
        .write(GENDER_AND_RIGHTS, "Les données seront ventilées par sexe.")
        .write(SUSTAINABILITY, "L’observatoire tiendra le bulletin.")
        .write(PARTNER_CONTRIBUTION, "Salle et temps de travail des agents.")
        .date_is(EARLIEST, "2026-09-01")
        .date_is(LATEST, "2027-12-31")
        .choose(URGENCY, "ordinary")
        .pick(WORKING_LANGUAGES, &["fr"])
        .choose(INTERPRETATION_NEEDED, "no")
        .tick(LETTER_TO_FOLLOW, true)
        .date_is(LETTER_EXPECTED_ON, "2026-04-15")
        .tick(DECLARES_MANDATE, true)
        .tick(DECLARES_NOTICE_READ, true)
        .tick(DECLARES_NO_VICTIM_DATA, true);
}
