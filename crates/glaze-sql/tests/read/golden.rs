//! The statements of some questions, side by side for both dialects: a change in what is sent to a database is seen here first.

use std::fmt::Write;

use glaze_data::Actor;
use glaze_sql::query::{NoComputed, QueryDialect, ReadPlan, Shape, Tables, compile_read, plan::Node};

use crate::{
    questions::editor,
    rows::LIBRARY,
    world::{ask, schema},
};

fn statements(plan: &ReadPlan) -> String {
    let mut out = String::new();
    statements_of(&mut out, 1, &plan.root);
    if let Some(count) = &plan.count {
        writeln!(out, "  {}", count.sql).unwrap();
    }
    out
}

fn statements_of(out: &mut String, depth: usize, node: &Node) {
    writeln!(out, "{:1$}{2}", "", depth * 2, node.statement.sql).unwrap();
    for child in &node.children {
        statements_of(out, depth + 1, &child.node);
    }
}

#[test]
fn what_is_sent() {
    let schema = schema(LIBRARY);
    let dialects: [&dyn QueryDialect; 2] = [&glaze_sqlite::store::SqliteQueries, &glaze_postgres::store::PostgresQueries];
    let mut out = String::new();
    for (question, actor) in [
        ("tags", Actor::Anonymous),
        ("tags/1", Actor::Anonymous),
        ("shelfs/1,A?fields=height", Actor::Anonymous),
        ("books?fields=title&limit=5&offset=10&count=exact", Actor::Anonymous),
        (
            "books?fields=title&filter[price][_gte]=5&filter[status]=draft&sort=-publishedAt",
            editor(),
        ),
        (
            "books?fields=title&filter[author][name][_icontains]=ann&sort=author.name",
            Actor::Anonymous,
        ),
        (
            "books?fields=title&filter[tags][name]=rust&filter[keywords][_contains]=a&filter[views][_in]=1,2",
            editor(),
        ),
        ("books?fields=title&filter[reviews][_every][stars][_gte]=3", editor()),
        (
            "books?fields=title&include=author,tags,reviews&include[reviews][limit]=3&include[reviews][sort]=-stars",
            Actor::Anonymous,
        ),
        ("books?fields=title&include=subject,shelf", editor()),
        ("shelfs?include=books&include[books][limit]=2&fields=height,books.title", editor()),
        ("books?fields=title&search=rust+words", editor()),
        ("books?fields=notes,seo,rank&filter[data][a][b]=x", editor()),
    ] {
        let asked = ask(&schema, &actor, question).unwrap();
        writeln!(out, "{question}").unwrap();
        for dialect in dialects {
            let shape = Shape::of_read(&asked.read);
            let tables = Tables {
                model: schema.model(),
                dialect,
                computed: &NoComputed,
            };
            let plan = compile_read(tables, &asked.read, &shape).unwrap();
            writeln!(out, " {}\n{}", dialect.name(), statements(&plan).trim_end()).unwrap();
        }
        out.push('\n');
    }
    insta::assert_snapshot!(out);
}

#[test]
fn questions_that_differ_in_values_only_have_one_shape() {
    let schema = schema(LIBRARY);
    let shape = |question: &str| {
        let asked = ask(&schema, &editor(), question).unwrap();
        let shape = Shape::of_read(&asked.read);
        (shape.bytes.clone(), shape.values())
    };
    for (one, other) in [
        ("books?filter[title]=a", "books?filter[title]=b"),
        ("books?filter[views][_in]=1,2", "books?filter[views][_in]=3,4,5"),
        ("books?search=a", "books?search=b c"),
        ("books?offset=10", "books?offset=20"),
        (
            "books?include=reviews&include[reviews][filter][stars]=1",
            "books?include=reviews&include[reviews][filter][stars]=2",
        ),
    ] {
        assert_eq!(shape(one).0, shape(other).0, "{one} {other}");
    }
    for (one, other) in [
        ("books?filter[title]=a", "books?filter[slug]=a"),
        ("books?filter[title]=a", "books?filter[title][_neq]=a"),
        ("books", "books?limit=5"),
        ("books", "books?count=exact"),
        ("books?sort=views", "books?sort=-views"),
        ("books?fields=title", "books?fields=slug"),
        ("books?include=author", "books?include=second"),
        ("books?search=a", "books?search=%21"),
    ] {
        assert_ne!(shape(one).0, shape(other).0, "{one} {other}");
    }
}
