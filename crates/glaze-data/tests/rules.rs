//! `#[cannot]`, rules on fields, `check`, and who may do what.

mod support;

use glaze_data::{
    Actor,
    access::{self, Allowed, Because, Effect, Matrix},
    bind,
};
use support::{schema_of, show, user};

const SHOP: &str = r#"
use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read, "open || check(owner, 'read')")]
#[can(update, "'clerk' in me.roles")]
#[cannot(update, "before.locked || locked")]
#[can(delete, "check(this, 'update')")]
#[cannot(delete, "'trainee' in me.roles")]
pub struct Shop {
    pub name: String,
    pub open: bool,
    pub locked: Option<bool>,
    pub owner: Option<Ref<Person>>,
    #[inverse(shop)]
    pub goods: Many<Good>,
}

#[entity(timestamps = false)]
#[can(read, "public")]
#[can(read, "'clerk' in me.roles")]
#[cannot(read, "hidden == true")]
pub struct Person {
    pub name: String,
    pub public: bool,
    pub hidden: Option<bool>,
    #[can(read, "'clerk' in me.roles")]
    #[cannot(read, "public")]
    pub phone: Option<String>,
    #[cannot(update, "hidden != null")]
    pub note: Option<String>,
    #[private]
    pub secret: Option<String>,
}

#[entity(timestamps = false)]
#[can(read, "check(shop, 'read')")]
#[can(create)]
#[cannot(create)]
pub struct Good {
    pub shop: Ref<Shop>,
    pub name: String,
}
"#;

fn rule(actor: &Actor, entity: &str, action: &str) -> String {
    let schema = schema_of(SHOP);
    let entity = schema.entity_by_name(entity).expect("an entity").ix;
    show::expr(&schema, &bind::policy(&schema, actor, entity, action))
}

fn field_rule(actor: &Actor, field: &str, action: &str) -> String {
    let schema = schema_of(SHOP);
    let person = schema.entity_by_name("Person").expect("an entity");
    let field = person.field_by_name(field).expect("a field").ix;
    show::expr(&schema, &bind::field_policy(&schema, actor, person.ix, field, action))
}

#[test]
fn cannot_wins() {
    assert_eq!(rule(&Actor::Anonymous, "Person", "read"), "(public && !hidden == true)");
    assert_eq!(rule(&user(&["clerk"]), "Person", "read"), "!hidden == true");
    assert_eq!(rule(&user(&["clerk"]), "Shop", "update"), "!(before.locked || locked)");
    // Nobody may do what is forbidden without a condition, except those whom rules do not bind.
    assert_eq!(rule(&user(&["clerk"]), "Good", "create"), "false");
    assert_eq!(rule(&user(&["admin"]), "Good", "create"), "true");
    assert_eq!(rule(&user(&["clerk", "trainee"]), "Shop", "delete"), "false");
}

#[test]
fn cannot_on_fields_narrows_what_the_entity_allows() {
    assert_eq!(field_rule(&Actor::Anonymous, "phone", "read"), "false");
    assert_eq!(field_rule(&user(&["clerk"]), "phone", "read"), "!public");
    assert_eq!(field_rule(&user(&[]), "note", "update"), "!hidden != null");
    assert_eq!(field_rule(&user(&[]), "note", "read"), "true");
    assert_eq!(field_rule(&user(&["admin"]), "secret", "read"), "false");
}

#[test]
fn check_puts_the_rule_of_the_other_entity_in_place() {
    assert_eq!(
        rule(&Actor::Anonymous, "Shop", "read"),
        "(open || Some r1:owner((r1.public && !r1.hidden == true)))"
    );
    assert_eq!(
        rule(&Actor::Anonymous, "Good", "read"),
        "Some r1:shop((r1.open || Some r2:r1.owner((r2.public && !r2.hidden == true))))"
    );
    // Of the row itself, for another action; nothing has changed it, so it is as it was.
    assert_eq!(rule(&user(&["clerk"]), "Shop", "delete"), "!(locked || locked)");
    assert_eq!(rule(&user(&[]), "Shop", "delete"), "false");
}

/// What the profile says of somebody is not known yet: neither `#[can]` nor `#[cannot]` may take that for an answer.
#[test]
fn what_is_not_known_of_somebody_lets_nothing_through() {
    let text = r#"
        use glaze::schema::*;
        #[entity]
        #[can(read, "team == me.name || open")]
        #[can(update)]
        #[cannot(update, "team != me.name")]
        #[can(delete)]
        #[cannot(delete, "me.name in ['x']")]
        pub struct Note { pub team: String, pub open: bool }
    "#;
    let schema = schema_of(text);
    let ruled = |actor: &Actor, action| show::expr(&schema, &bind::policy(&schema, actor, 0, action));
    assert_eq!(ruled(&user(&[]), "read"), "(null || open)");
    assert_eq!(ruled(&user(&[]), "update"), "null");
    assert_eq!(ruled(&user(&[]), "delete"), "null");
    assert_eq!(ruled(&Actor::Anonymous, "read"), "open");
    assert_eq!(ruled(&Actor::Anonymous, "update"), "false");
}

fn refused(text: &str) -> String {
    let file = glaze_source::SourceFile {
        path: "schema.rs".to_owned(),
        text: text.to_owned(),
    };
    let reading = glaze_source::read(&[file]);
    assert!(reading.model.is_none(), "{text} is accepted");
    let told = reading.diagnostics.iter().map(|found| {
        let help = found.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{}{help}", found.message)
    });
    told.collect::<Vec<_>>().join("\n")
}

#[test]
fn check_refuses_what_it_cannot_ask() {
    let with = |rule: &str, other: &str| {
        format!(
            "use glaze::schema::*;\n#[entity]\n#[can(read, \"{rule}\")]\npub struct A {{ pub b: Ref<B>, pub n: i32 }}\n#[entity]\n{other}\npub struct B {{ #[inverse(b)] pub all: Many<A> }}"
        )
    };
    for (rule, other, wanted) in [
        ("check(b, 'fly')", "", "no rule of B speaks of 'fly'"),
        ("check(b, 'create')", "", "can't be created"),
        ("check(n, 'read')", "", "`check` takes a row"),
        ("check(b, n)", "", "constant text"),
        ("check(this, 'read')", "", "asks for itself: read of A → read of A"),
        (
            "check(b, 'read')",
            "#[can(read, \"all.exists(a, check(a, 'read'))\")]",
            "read of A → read of B → read of A",
        ),
    ] {
        let told = refused(&with(rule, other));
        assert!(told.contains(wanted), "{rule}: {told}");
    }
    let validation = "use glaze::schema::*;\n#[entity]\n#[rule(\"check(this, 'read')\", \"No.\")]\npub struct A { pub n: i32 }";
    assert!(refused(validation).contains("only `#[can]` and `#[cannot]`"));
}

#[test]
fn explaining_names_the_rule() {
    let schema = schema_of(SHOP);
    let shop = schema.entity_by_name("Shop").expect("an entity").ix;
    let told = |actor: &Actor, action: &str| access::explain(&schema, actor, shop, action);
    let nobody = told(&Actor::Anonymous, "update");
    assert_eq!(nobody.verdict.allowed, Allowed::Never);
    assert_eq!(nobody.reasons()[1], "update of Shop: no `#[can(update)]` holds");
    let trainee = told(&user(&["clerk", "trainee"]), "delete");
    assert_eq!(
        trainee.reasons()[1],
        "delete of Shop: #[cannot(delete, \"'trainee' in me.roles\")] stops it"
    );
    let admin = told(&user(&["admin"]), "delete");
    assert_eq!((admin.verdict.allowed, admin.steps[0].because), (Allowed::Always, Because::Admin));
    let create = told(&Actor::Anonymous, "create");
    assert_eq!(create.steps[0].because, Because::NoRule);
}

fn matrix(text: &str) -> Matrix {
    access::matrix(&schema_of(text))
}

#[test]
fn the_matrix_says_who_may_do_what() {
    let matrix = matrix(SHOP);
    let cell = |who: &str, action: &str, entity: &str, field: Option<&str>| {
        let found = matrix
            .rows
            .iter()
            .find(|row| row.who == who && row.action == action && row.entity == entity && row.field.as_deref() == field);
        let verdict = &found.unwrap_or_else(|| panic!("{who} {action} {entity}")).verdict;
        (verdict.allowed, verdict.condition.clone().unwrap_or_default())
    };
    assert_eq!(
        cell("anonymous", "read", "Person", None),
        (Allowed::Sometimes, "public && !(hidden == true)".to_owned())
    );
    assert_eq!(cell("user", "update", "Shop", None).0, Allowed::Never);
    assert_eq!(cell("role:clerk", "update", "Shop", None).0, Allowed::Sometimes);
    assert_eq!(cell("anonymous", "read", "Person", Some("phone")).0, Allowed::Never);
    assert_eq!(cell("role:clerk", "read", "Person", Some("secret")).0, Allowed::Never);
    assert!(matrix.rows.iter().any(|row| row.who == "role:trainee"));
    assert!(!matrix.rows.iter().any(|row| row.entity == "User"));
}

#[test]
fn those_who_are_affected_alike_stand_in_one_sentence() {
    let opened = SHOP.replace("#[can(create)]\n#[cannot(create)]", "#[can(create)]");
    let changes = access::difference(&matrix(SHOP), &matrix(&opened));
    assert_eq!(
        access::sentences(&changes),
        ["anonymous, role:clerk, role:trainee and user may now create Good"]
    );
}

#[test]
fn an_edit_tells_what_it_opens_and_closes() {
    let before = matrix(SHOP);
    assert_eq!(access::difference(&before, &before), []);
    let told = |from: &str, to: &str| {
        assert_eq!(SHOP.matches(from).count(), 1, "{from}");
        let changes = access::difference(&before, &matrix(&SHOP.replace(from, to)));
        changes.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        told("#[can(create)]\n#[cannot(create)]", "#[can(create)]"),
        [
            "anonymous may now create Good",
            "role:clerk may now create Good",
            "role:trainee may now create Good",
            "user may now create Good"
        ]
    );
    assert_eq!(
        told(
            "    #[can(read, \"'clerk' in me.roles\")]\n    #[cannot(read, \"public\")]\n",
            "    #[cannot(read)]\n"
        ),
        ["role:clerk may no longer read Person.phone"]
    );
    let private = told("    #[private]\n", "");
    assert!(
        private.contains(&"anonymous may now read Person.secret where public && !(hidden == true)".to_owned()),
        "{private:?}"
    );
    let differs = access::difference(&before, &matrix(&SHOP.replace("\"public\")]\n#[can", "\"name != ''\")]\n#[can")));
    assert!(differs.iter().any(|change| change.effect == Effect::Differs), "{differs:?}");
}
