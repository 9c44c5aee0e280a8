//! Columns of types that only the database knows, passed through as text.

use serde_json::json;

use crate::world::{altered, problems};

const HOSTS: &str = r#"
use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
#[can(create)]
#[can(update)]
pub struct Host {
    #[id]
    pub name: String,
    #[db(type = "inet")]
    pub address: Custom,
    #[db(type = "int4range")]
    pub ports: Option<Custom>,
}
"#;

#[tokio::test]
async fn native_values_are_written_read_changed_and_refused_as_the_database_has_them() {
    // The tests' own tables have plain text there; the server's get the types that the schema names.
    let types = "ALTER TABLE hosts ALTER address TYPE inet USING address::inet, ALTER ports TYPE int4range USING ports::int4range;";
    for world in altered(HOSTS, ("", ""), types).await {
        let native = world.name == "postgres";
        let body = json!({"name": "a", "address": "10.0.0.1/8", "ports": "[80,443]"});
        let (key, host) = world.create("Host", body).await.unwrap();
        assert_eq!(host["address"], "10.0.0.1/8", "{}", world.name);
        // The server's own way of writing it.
        assert_eq!(host["ports"], if native { "[80,444)" } else { "[80,443]" });
        assert_eq!(world.get("Host", &key).await.as_ref(), Some(&host));
        let host = world.update("Host", &key, json!({"address": "::1", "ports": null})).await.unwrap();
        let address = if native { "::1/128" } else { "::1" };
        assert_eq!(
            (&host["address"], &host["ports"]),
            (&json!(address), &json!(null)),
            "{}",
            world.name
        );
        let wrong = world.create("Host", json!({"name": "b", "address": 7})).await;
        assert_eq!(problems(wrong), [("address".to_owned(), "wrong_type")], "{}", world.name);
        if native {
            let wrong = world.create("Host", json!({"name": "b", "address": "nowhere"})).await;
            assert!(wrong.is_err(), "{wrong:?}");
            let wrong = world.update("Host", &key, json!({"ports": "[9,1]"})).await;
            assert!(wrong.is_err(), "{wrong:?}");
        }
        let many = json!([{"name": "c", "address": "10.0.0.2"}, {"name": "d", "address": "10.0.0.3", "ports": "[1,2)"}]);
        let (ctx, entity, reply) = (world.context(), world.ix("Host"), world.reply("Host"));
        let all = glaze_data::write::create_many(&ctx, entity, many.as_array().unwrap(), &reply)
            .await
            .unwrap();
        assert_eq!(all.len(), 2);
        assert_eq!(world.list("Host").await.len(), 3, "{}", world.name);
    }
}
