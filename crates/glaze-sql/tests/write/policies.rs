//! Who may write: before and after, on fields, on targets, on the other side; and nothing left behind by a refusal.

use glaze_data::{
    Actor,
    write::{Action, Key, WriteError},
};
use glaze_model::Value;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::world::{World, id, problems, worlds};

const DESK: &str = r#"
use glaze::schema::*;

#[entity]
#[can(read)]
#[can(create, "'lead' in me.roles")]
#[can(update, "'lead' in me.roles")]
pub struct Team {
    pub name: String,
    pub lead: Uuid,
    #[inverse(team)]
    pub tickets: Many<Ticket>,
}

#[entity]
#[can(read, "owner == me.id || team.lead == me.id")]
#[can(create, "owner == me.id && state == 'open'")]
#[can(update, "owner == me.id && before.state != 'closed'")]
#[can(update, "team.lead == me.id")]
#[can(delete, "owner == me.id && notes.all(n, n.text != 'keep')")]
#[rule("ends == null || ends >= starts", "It cannot end before it starts.")]
pub struct Ticket {
    pub title: String,
    pub owner: Uuid,
    #[default(Open)]
    pub state: State,
    pub team: Option<Ref<Team>>,
    #[can(update, "team.lead == me.id")]
    #[can(create, "priority == 0")]
    #[default(0)]
    pub priority: i32,
    #[default(0)]
    pub starts: i32,
    pub ends: Option<i32>,
    #[inverse(ticket)]
    pub notes: Many<Note>,
    pub related: Many<Secret>,
    pub main: Option<Ref<Secret>>,
}

pub enum State { Open, Closed }

#[entity]
#[can(read)]
#[can(create, "ticket.owner == me.id")]
#[can(update, "text != 'locked'")]
pub struct Note {
    pub ticket: Option<Ref<Ticket>>,
    pub text: String,
    #[unique]
    pub label: Option<String>,
}

#[entity]
#[can(read, "public")]
#[can(update, "'lead' in me.roles")]
pub struct Secret {
    #[unique]
    pub name: String,
    pub public: bool,
}
"#;

const ANN: Uuid = Uuid::from_u128(1);
const LEA: Uuid = Uuid::from_u128(2);

fn user(id: Uuid, roles: &[&str]) -> Actor {
    Actor::User {
        id,
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
    }
}

/// Ann, and the lead of her team.
fn people(world: &World) -> (World, World) {
    (world.acting(user(ANN, &[])), world.acting(user(LEA, &["lead"])))
}

fn refused<T: std::fmt::Debug>(result: Result<T, WriteError>) -> (Action, String, Option<String>) {
    match result {
        Err(WriteError::Forbidden { action, entity, field }) => (action, entity, field),
        other => panic!("a refusal was expected, not {other:?}"),
    }
}

#[tokio::test]
async fn a_new_row_is_judged_as_it_will_be() {
    for world in worlds(DESK).await {
        let (ann, _) = people(&world);
        let good = json!({"title": "x", "owner": ANN});
        ann.create("Ticket", good.clone()).await.unwrap();
        for wrong in [
            json!({"title": "x", "owner": LEA}),
            json!({"title": "x", "owner": ANN, "state": "closed"}),
        ] {
            assert_eq!(
                refused(ann.create("Ticket", wrong).await),
                (Action::Create, "Ticket".to_owned(), None),
                "{}",
                world.name
            );
        }
        let field = refused(ann.create("Ticket", json!({"title": "x", "owner": ANN, "priority": 3})).await);
        assert_eq!(field.2.as_deref(), Some("priority"));
        refused(world.create("Ticket", good).await);
        refused(ann.create("Team", json!({"name": "x", "lead": ANN})).await);
        assert_eq!(world.list("Ticket").await.len(), 1, "{}", world.name);
        assert!(world.list("Team").await.is_empty());
    }
}

#[tokio::test]
async fn a_change_is_judged_as_it_was_and_as_it_will_be() {
    for world in worlds(DESK).await {
        let (ann, _) = people(&world);
        let (key, _) = ann.create("Ticket", json!({"title": "x", "owner": ANN})).await.unwrap();
        refused(ann.update("Ticket", &key, json!({"owner": LEA})).await);
        ann.update("Ticket", &key, json!({"state": "closed"})).await.unwrap();
        let late = refused(ann.update("Ticket", &key, json!({"state": "open"})).await);
        assert_eq!(late, (Action::Update, "Ticket".to_owned(), None), "{}", world.name);
        // Nobody else knows that the ticket is there.
        let other = world.acting(user(LEA, &[]));
        assert!(
            matches!(other.update("Ticket", &key, json!({"title": "y"})).await, Err(WriteError::NotFound)),
            "{}",
            world.name
        );
        assert!(matches!(other.delete("Ticket", &key).await, Err(WriteError::NotFound)));
        assert_eq!(ann.list("Ticket").await[0]["title"], "x");
    }
}

#[tokio::test]
async fn rules_through_relations_are_judged_too() {
    for world in worlds(DESK).await {
        let (ann, lea) = people(&world);
        let (team, _) = lea.create("Team", json!({"name": "t", "lead": LEA})).await.unwrap();
        let (key, _) = ann
            .create("Ticket", json!({"title": "x", "owner": ANN, "team": id(&team)}))
            .await
            .unwrap();
        let urgent = lea.update("Ticket", &key, json!({"priority": 5})).await.unwrap();
        assert_eq!(urgent["priority"], 5, "{}", world.name);
        let field = refused(ann.update("Ticket", &key, json!({"priority": 6})).await);
        assert_eq!(field.2.as_deref(), Some("priority"), "{}", world.name);
        // The lead may not let the ticket go: afterwards it would be out of reach.
        refused(lea.update("Ticket", &key, json!({"team": null})).await);
        ann.update("Ticket", &key, json!({"notes": {"create": [{"text": "keep"}]}}))
            .await
            .unwrap();
        refused(ann.delete("Ticket", &key).await);
        let foreign = refused(lea.update("Ticket", &key, json!({"notes": {"create": [{"text": "by lea"}]}})).await);
        assert_eq!((foreign.0, foreign.1.as_str()), (Action::Create, "Note"), "{}", world.name);
        assert_eq!(world.list("Note").await.len(), 1, "{}", world.name);
    }
}

#[tokio::test]
async fn the_other_side_needs_its_own_permission() {
    for world in worlds(DESK).await {
        let (ann, _) = people(&world);
        let (first, _) = ann
            .create(
                "Ticket",
                json!({"title": "x", "owner": ANN, "notes": [{"create": {"text": "locked"}}]}),
            )
            .await
            .unwrap();
        let (second, _) = ann.create("Ticket", json!({"title": "y", "owner": ANN})).await.unwrap();
        let note = world.list("Note").await[0]["id"].clone();
        let taken = refused(ann.update("Ticket", &second, json!({"title": "z", "notes": [note]})).await);
        assert_eq!((taken.0, taken.1.as_str()), (Action::Update, "Note"), "{}", world.name);
        refused(ann.update("Ticket", &first, json!({"notes": []})).await);
        let titles: Vec<Json> = ann.list("Ticket").await.iter().map(|ticket| ticket["title"].clone()).collect();
        assert!(titles.contains(&json!("y")), "{} nothing is left of a refused change", world.name);
    }
}

#[tokio::test]
async fn what_may_not_be_read_may_not_be_referred_to_and_is_as_if_it_were_not_there() {
    for world in worlds(DESK).await {
        let (ann, _) = people(&world);
        let system = world.acting(Actor::System);
        let (hidden, _) = system.create("Secret", json!({"name": "hidden", "public": false})).await.unwrap();
        let (open, _) = system.create("Secret", json!({"name": "open", "public": true})).await.unwrap();
        let ticket = |extra: Json| {
            let mut body = json!({"title": "x", "owner": ANN});
            body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            body
        };
        let nobody = json!("01900000-0000-7000-8000-000000000000");
        for target in [id(&hidden), nobody] {
            let one = ann.create("Ticket", ticket(json!({"main": target}))).await;
            assert_eq!(problems(one), [("main".to_owned(), "not_found_reference")], "{}", world.name);
            let many = ann.create("Ticket", ticket(json!({"related": [id(&open), target]}))).await;
            assert_eq!(problems(many), [("related".to_owned(), "not_found_reference")], "{}", world.name);
        }
        let (key, _) = ann
            .create("Ticket", ticket(json!({"main": id(&open), "related": [id(&open)]})))
            .await
            .unwrap();
        let late = ann.update("Ticket", &key, json!({"main": id(&hidden)})).await;
        assert_eq!(problems(late), [("main".to_owned(), "not_found_reference")]);
        let late = ann.update("Ticket", &key, json!({"related": {"connect": [id(&hidden)]}})).await;
        assert_eq!(problems(late), [("related".to_owned(), "not_found_reference")]);
        assert_eq!(ann.list("Ticket").await.len(), 1, "{}", world.name);
    }
}

#[tokio::test]
async fn rules_hold_for_the_merged_row() {
    for world in worlds(DESK).await {
        let (ann, _) = people(&world);
        let wrong = ann
            .create("Ticket", json!({"title": "x", "owner": ANN, "starts": 5, "ends": 3}))
            .await;
        assert_eq!(problems(wrong), [(String::new(), "rule")], "{}", world.name);
        let (key, _) = ann
            .create("Ticket", json!({"title": "x", "owner": ANN, "starts": 5, "ends": 6}))
            .await
            .unwrap();
        let wrong = ann.update("Ticket", &key, json!({"ends": 4})).await;
        assert_eq!(problems(wrong), [(String::new(), "rule")], "{}", world.name);
        ann.update("Ticket", &key, json!({"ends": null})).await.unwrap();
    }
}

#[tokio::test]
async fn a_replacement_leaves_alone_what_the_actor_may_not_write() {
    for world in worlds(DESK).await {
        let (ann, lea) = people(&world);
        let (team, _) = lea.create("Team", json!({"name": "t", "lead": LEA})).await.unwrap();
        let (key, _) = ann
            .create("Ticket", json!({"title": "x", "owner": ANN, "team": id(&team), "ends": 9}))
            .await
            .unwrap();
        lea.update("Ticket", &key, json!({"priority": 5})).await.unwrap();
        let after = ann
            .replace("Ticket", &key, json!({"title": "y", "owner": ANN, "team": id(&team)}))
            .await
            .unwrap();
        assert_eq!(
            (&after["title"], &after["priority"], &after["ends"]),
            (&json!("y"), &json!(5), &Json::Null),
            "{}",
            world.name
        );
    }
}

#[tokio::test]
async fn a_refused_write_says_nothing_of_other_rows() {
    for world in worlds(DESK).await {
        let system = world.acting(Actor::System);
        let (key, _) = system.create("Secret", json!({"name": "taken", "public": true})).await.unwrap();
        let (ann, _) = people(&world);
        refused(ann.create("Secret", json!({"name": "taken", "public": true})).await);
        refused(ann.update("Secret", &key, json!({"name": "taken"})).await);
        // The rule looks at the ticket, and is judged before the database says that the label is taken.
        let (mine, _) = ann.create("Ticket", json!({"title": "x", "owner": ANN})).await.unwrap();
        let note = |ticket: &Key| json!({"ticket": id(ticket), "text": "t", "label": "one"});
        ann.create("Note", note(&mine)).await.unwrap();
        assert_eq!(
            problems(ann.create("Note", note(&mine)).await),
            [("label".to_owned(), "unique")],
            "{}",
            world.name
        );
        let (foreign, _) = system.create("Ticket", json!({"title": "x", "owner": LEA})).await.unwrap();
        refused(ann.create("Note", note(&foreign)).await);
        let admin = world.acting(user(LEA, &["admin"]));
        assert_eq!(
            problems(admin.create("Secret", json!({"name": "taken", "public": true})).await),
            [("name".to_owned(), "unique")]
        );
        assert!(matches!(
            admin.update("Secret", &vec![Value::Uuid(ANN)], json!({"name": "x"})).await,
            Err(WriteError::NotFound)
        ));
    }
}
