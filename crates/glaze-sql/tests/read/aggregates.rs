//! Aggregates: the same on both databases, and right.

use std::borrow::Cow;

use glaze_data::{Actor, Limits, bind, bound::Args, query};

use crate::{
    questions::editor,
    world::{World, now},
};

async fn aggregate(world: &World, actor: &Actor, path: &str, raw: &str) -> String {
    let entity = world.schema.entity_by_path(path).unwrap();
    let params: Vec<(Cow<str>, Cow<str>)> = query::split(raw).unwrap();
    let asked =
        query::parse_aggregate(&world.schema, entity, &params, &Limits::default()).unwrap_or_else(|errors| panic!("{raw}: {errors:?}"));
    let bound = bind::bind_aggregate(&world.schema, actor, &asked, &Limits::default()).unwrap_or_else(|error| panic!("{raw}: {error}"));
    let args = Args {
        me: actor.id(),
        now: now(),
        key: Vec::new(),
    };
    let text = |body: Vec<u8>| String::from_utf8(body).unwrap();
    let sqlite = text(
        world
            .sqlite
            .aggregate(&bound, &args)
            .await
            .unwrap_or_else(|error| panic!("{raw}: {error}")),
    );
    let postgres = text(
        world
            .postgres
            .aggregate(&bound, &args)
            .await
            .unwrap_or_else(|error| panic!("{raw}: {error}")),
    );
    assert_eq!(sqlite, postgres, "{raw}");
    sqlite
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_databases_add_up_to_the_same() {
    let world = World::library().await;
    for raw in [
        "count=*",
        "count=*&groupBy=status",
        "count=*,pages&groupBy=status,mood&sort=-count",
        "sum=price,views,score,ratio,pages&avg=price,views,score,ratio,pages",
        "sum=price&avg=price&groupBy=mood",
        "min=price,title,publishedAt,day,hour,score&max=price,title,publishedAt,day,hour,score",
        "countDistinct=status,mood,price,author,title",
        "count=*&groupBy=publishedAt:year",
        "count=*&groupBy=publishedAt:month&sort=-publishedAt",
        "count=*&groupBy=publishedAt:hour",
        "count=*&groupBy=day:month",
        "count=*&groupBy=shelf.height",
        "count=*&groupBy=author",
        "count=*&sum=price&groupBy=status&filter[views][_gt]=1&limit=1",
        "sum=price&filter[views]=12345",
        "count=*&groupBy=price,free",
    ] {
        for actor in [Actor::Anonymous, editor()] {
            aggregate(&world, &actor, "books", raw).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sums_are_exact_and_means_have_six_digits() {
    let world = World::library().await;
    let answer = aggregate(
        &world,
        &editor(),
        "books",
        "count=*&sum=price,views&avg=price&groupBy=status&filter[slug][_in]=book-1,book-5,book-3,book-7",
    )
    .await;
    assert_eq!(
        answer,
        concat!(
            r#"[{"group":{"status":"in_review"},"count":2,"sum":{"price":"12.50","views":9},"avg":{"price":"6.250000"}},"#,
            r#"{"group":{"status":"published"},"count":2,"sum":{"price":"8.51","views":"9007199254740992"},"avg":{"price":"4.255000"}}]"#
        )
    );
}
