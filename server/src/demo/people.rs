//! The demo's people and their authorities: the 28 countries of the regional statistics of 2018
//! (domain.md §4.2). The authorities are modelled on the real ones; the people are invented.

use shared::api::Role;

use crate::store::people::NewAuthority;

/// One account to try the portal with.
#[derive(Clone, Copy, Debug)]
pub struct DemoAccount {
    /// The name typed to sign in.
    pub login: &'static str,
    /// The name shown to others; invented.
    pub name: &'static str,
    /// What the account may do.
    pub role: Role,
    /// The language it starts in.
    pub language: &'static str,
    /// Where the person works; none for staff.
    pub authority: Option<NewAuthority<'static>>,
}

const fn staff(login: &'static str, name: &'static str) -> DemoAccount {
    DemoAccount { login, name, role: Role::ProjectOfficer, language: "fr", authority: None }
}

/// A focal point: login, name, language of the screen, then the authority's country, type, own name
/// and English name.
const fn focal(
    login: &'static str,
    name: &'static str,
    language: &'static str,
    country: &'static str,
    kind: &'static str,
    authority: &'static str,
    name_en: &'static str,
) -> DemoAccount {
    let authority = Some(NewAuthority { name: authority, name_en, country, kind });
    DemoAccount { login, name, role: Role::FocalPoint, language, authority }
}

const DIS: &str = "Directorate of Immigration Services";

/// The accounts shown at start.
pub const MAIN: &[DemoAccount] = &[
    focal("kenya", "Wanjiru Kamau", "en", "KE", "agency", DIS, DIS),
    focal("kenya2", "Otieno Odhiambo", "en", "KE", "agency", DIS, DIS),
    staff("staff", "Claire Delmas"),
];

/// One focal point for every other country, and two more authorities of the demo's requests.
#[rustfmt::skip]
pub const COUNTRIES: &[DemoAccount] = &[
    focal("central-african-republic", "Arlette Ngaïssona", "fr", "CF", "ministry", "Ministère de l’Intérieur et de la Sécurité publique", "Ministry of Interior and Public Security"),
    focal("dr-congo", "Patient Mbuyi", "fr", "CD", "ministry", "Ministère de l’Emploi, du Travail et de la Prévoyance sociale", "Ministry of Employment and Social Affairs"),
    focal("kenya-interior", "Esther Njoroge", "en", "KE", "ministry", "Ministry of Interior and Coordination of National Government", "Ministry of Interior and Coordination of National Government"),
    focal("madagascar", "Voahirana Rakotomalala", "fr", "MG", "ministry", "Ministère des Affaires étrangères, Direction de la diaspora", "Ministry of Foreign Affairs, Diaspora Directorate"),
    focal("malawi", "Chikondi Banda", "en", "MW", "ministry", "Department of Immigration and Citizenship Services", "Department of Immigration and Citizenship Services"),
    focal("rwanda", "Diane Uwase", "en", "RW", "security", "Directorate General of Immigration and Emigration", "Directorate General of Immigration and Emigration"),
    focal("benin", "Firmin Houngbédji", "fr", "BJ", "ministry", "Ministère du Cadre de vie et du Développement durable", "Ministry of Living Environment and Sustainable Development"),
    focal("burkina-faso", "Salimata Ouédraogo", "fr", "BF", "ministry", "Ministère de l’Intégration africaine et des Burkinabè de l’extérieur", "Ministry of African Integration and Burkinabe Abroad"),
    focal("cabo-verde", "Nilda Tavares", "fr", "CV", "ministry", "Ministério da Família e Inclusão Social, Direção Geral da Imigração", "Ministry of Family and Social Inclusion, General Directorate of Immigration"),
    focal("guinea-bissau", "Braima Sanhá", "fr", "GW", "ministry", "Secretaria de Estado do Ambiente", "Secretary of State’s Office for the Environment"),
    focal("ghana", "Akosua Mensah", "en", "GH", "security", "Ghana Immigration Service", "Ghana Immigration Service"),
    focal("mali", "Mariam Coulibaly", "fr", "ML", "agency", "Agence nationale pour l’emploi (ANPE)", "National Employment Agency"),
    focal("mali-femmes", "Fanta Traoré", "fr", "ML", "cso", "Réseau des femmes du fleuve", "Women of the River Network"),
    focal("niger", "Aïchatou Issoufou", "fr", "NE", "ministry", "Ministère de la Jeunesse et des Sports", "Ministry of Youth and Sports"),
    focal("nigeria", "Ngozi Okafor", "en", "NG", "security", "Nigeria Immigration Service", "Nigeria Immigration Service"),
    focal("togo", "Kossi Amégan", "fr", "TG", "ministry", "Ministère des Affaires étrangères, de l’Intégration régionale et des Togolais de l’extérieur", "Ministry of Foreign Affairs, Regional Integration and Togolese Abroad"),
    focal("tajikistan", "Farrukh Saidov", "en", "TJ", "ministry", "Министерство труда, миграции и занятости населения", "Ministry of Labour, Migration and Employment"),
    focal("thailand", "Somsri Charoen", "en", "TH", "ministry", "กระทรวงการพัฒนาสังคมและความมั่นคงของมนุษย์", "Ministry of Social Development and Human Security"),
    focal("timor-leste", "Domingos da Costa Guterres", "en", "TL", "security", "Serviço de Migração", "Migration Service"),
    focal("myanmar", "Daw Khin Hla", "en", "MM", "ministry", "အလုပ်သမားညွှန်ကြားမှုဦးစီးဌာန", "Department of Labour"),
    focal("belarus", "Alena Kavalyova", "en", "BY", "ministry", "Министерство внутренних дел, Департамент по гражданству и миграции", "Ministry of Interior, Department of Citizenship and Migration"),
    focal("jordan", "Rania Haddad", "en", "JO", "ministry", "وزارة التنمية الاجتماعية", "Ministry of Social Development"),
    focal("moldova", "Ion Rusu", "en", "MD", "security", "Inspectoratul General al Poliției de Frontieră", "General Inspectorate of Border Police"),
    focal("tunisia", "Leïla Ben Amor", "fr", "TN", "agency", "Observatoire national de la migration", "National Migration Observatory"),
    focal("costa-rica", "Ana Lucía Mora Jiménez", "en", "CR", "security", "Dirección General de Migración y Extranjería", "General Directorate of Migration and Foreign Nationals"),
    focal("dominican-republic", "Rafael Peña", "en", "DO", "agency", "Instituto Nacional de Migración", "National Migration Institute"),
    focal("mexico", "Guadalupe Hernández", "en", "MX", "agency", "Instituto Nacional de Migración", "National Migration Institute"),
    focal("paraguay", "Blanca Giménez", "en", "PY", "ministry", "Ministerio de Relaciones Exteriores, Dirección de Atención a las Comunidades Paraguayas en el Extranjero", "Ministry of Foreign Affairs, Directorate for Paraguayan Communities Abroad"),
    focal("peru", "Julio Quispe", "en", "PE", "ministry", "Ministerio del Interior, Dirección General de Seguridad Democrática", "Ministry of Interior, General Directorate of Democratic Security"),
];
