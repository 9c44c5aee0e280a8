//! Random expressions of every function and operator: what SQL makes of them and what the evaluation in process makes of them are the
//! same rows, nulls included, on both databases.

use glaze_data::bind::for_actor;
use glaze_expr::{Allow, Expected, check_with};
use proptest::{prelude::*, test_runner::TestRunner};

use crate::{
    questions::{check_rows, editor, owner},
    world::World,
};

/// Decisions in a row; when they are used up, the simplest is taken. So expressions end, and shrink.
struct Tape<'a>(std::slice::Iter<'a, u8>);

impl Tape<'_> {
    fn below(&mut self, end: usize) -> usize {
        self.0.next().map_or(0, |byte| usize::from(*byte) % end)
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.below(from.len())]
    }

    fn number(&mut self) -> String {
        match self.below(9) {
            0 => self.pick(&["views", "small", "pages", "rank"]).to_owned(),
            1 => self.pick(&["0", "1", "-1", "3", "12", "100"]).to_owned(),
            2 => format!("({} {} {})", self.number(), self.pick(&["+", "-", "*", "/", "%"]), self.small()),
            3 => format!(
                "size({})",
                self.pick(&["title", "keywords", "numbers", "tags", "reviews", "body", "author.name"])
            ),
            4 => format!("abs({})", self.number()),
            5 => format!(
                "{}({})",
                self.pick(&["year", "month", "day"]),
                self.pick(&["day", "published_at", "seo.at"])
            ),
            6 => format!("coalesce({}, {})", self.pick(&["pages", "prequel.views", "small"]), self.small()),
            7 => format!("size(reviews.filter(r, {}))", self.review()),
            _ => format!("({} ? {} : {})", self.bool(), self.number(), self.small()),
        }
    }

    fn small(&mut self) -> String {
        self.pick(&["1", "2", "0", "-3", "7", "small", "prequel.small"]).to_owned()
    }

    fn decimal(&mut self) -> String {
        let whole = ["price", "ratio", "score", "weight", "seo.weight", "prequel.price"];
        match self.below(4) {
            0 | 1 => self.pick(&whole).to_owned(),
            2 => format!("abs({})", self.pick(&whole)),
            _ => format!("round({}, {})", self.pick(&whole), self.pick(&["0", "1", "2"])),
        }
    }

    fn text(&mut self) -> String {
        match self.below(7) {
            0 | 1 => self
                .pick(&[
                    "title",
                    "slug",
                    "author.name",
                    "seo.title",
                    "data.n",
                    "data['a']['b']",
                    "prequel.title",
                ])
                .to_owned(),
            2 => self.pick(&["'rust'", "''", "'%'", "'_'", "'A'", "'é'", "'über'", "'x'"]).to_owned(),
            3 => format!("{}({})", self.pick(&["lower", "upper", "trim"]), self.text()),
            4 => format!(
                "coalesce({}, {})",
                self.pick(&["author.name", "seo.title", "second.name"]),
                self.text()
            ),
            5 => format!("({} + {})", self.text(), self.text()),
            _ => format!("({} ? {} : {})", self.bool(), self.text(), self.text()),
        }
    }

    fn review(&mut self) -> String {
        match self.below(5) {
            0 => "r.approved".to_owned(),
            1 => format!("r.stars {} {}", self.order(), self.pick(&["1", "3", "views", "small"])),
            2 => "r.text.icontains('A')".to_owned(),
            3 => format!("(r.approved || {})", self.review()),
            _ => format!("!({})", self.review()),
        }
    }

    fn order(&mut self) -> &'static str {
        self.pick(&["==", "!=", "<", "<=", ">", ">="])
    }

    fn bool(&mut self) -> String {
        match self.below(18) {
            0 => "free".to_owned(),
            1 | 2 => format!("{} {} {}", self.number(), self.order(), self.number()),
            3 => format!(
                "{} {} {}",
                self.decimal(),
                self.order(),
                self.pick(&["0.5", "1.5", "-3.99", "12.5", "0.0"])
            ),
            4 => format!("{} {} {}", self.text(), self.order(), self.text()),
            5 => {
                let test = self.pick(&["contains", "startsWith", "endsWith", "icontains", "istartsWith", "iendsWith"]);
                format!("{}.{test}({})", self.text(), self.text())
            }
            6 => format!(
                "{} {} null",
                self.pick(&["author", "mood", "pages", "seo", "subject", "day", "data.n"]),
                self.pick(&["==", "!="])
            ),
            7 => format!("has({})", self.pick(&["mood", "body", "price", "author", "length", "hour"])),
            8 => format!(
                "{} {} '{}'",
                self.pick(&["status", "mood", "prequel.mood"]),
                self.pick(&["==", "!="]),
                self.pick(&["draft", "in_review", "published"])
            ),
            9 => format!(
                "{} in {}",
                self.pick(&["mood", "status"]),
                self.pick(&["['draft']", "['draft', 'published']"])
            ),
            10 => format!(
                "{} in {}",
                self.pick(&["pages", "small", "views"]),
                self.pick(&["[1, 2, 10]", "[0]", "numbers"])
            ),
            11 => format!("reviews.{}(r, {})", self.pick(&["exists", "all"]), self.review()),
            12 => format!(
                "{}.exists(t, t.name.{}('r'))",
                self.pick(&["tags", "tags"]),
                self.pick(&["startsWith", "icontains"])
            ),
            13 => self.moment(),
            14 => format!("keywords.contains({})", self.pick(&["'a'", "'b'", "'x'"])),
            15 => format!("!({})", self.bool()),
            16 => format!("({} && {})", self.bool(), self.bool()),
            _ => format!("({} || {})", self.bool(), self.bool()),
        }
    }

    fn moment(&mut self) -> String {
        let order = self.order();
        match self.below(7) {
            0 => format!("published_at {order} now"),
            1 => format!("published_at {order} timestamp('2026-01-01T00:00:00Z')"),
            2 => format!("published_at + duration('PT1H') {order} timestamp('2026-01-01T00:00:00.5Z')"),
            3 => format!("day {order} date('2000-01-01')"),
            4 => format!("hour {order} time('06:52:00')"),
            5 => format!("length {order} duration('PT1H')"),
            _ => self
                .pick(&[
                    "owner == me.id",
                    "owner != me.id",
                    "'editor' in me.roles",
                    "me == null",
                    "author.active",
                ])
                .to_owned(),
        }
    }
}

#[test]
fn random_expressions_mean_the_same_in_sql_and_in_process() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let world = runtime.block_on(World::library());
    let memory = world.memory();
    let actors = [owner(), editor()];
    let allow = Allow {
        before: false,
        relations: true,
        me: true,
        now: true,
        computed: true,
        matches: false,
    };
    let mut runner = TestRunner::new(ProptestConfig {
        cases: std::env::var("GLAZE_CASES")
            .ok()
            .and_then(|cases| cases.parse().ok())
            .unwrap_or(500),
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let (refused, cases) = (std::cell::Cell::new(0), runner.config().cases);
    let outcome = runner.run(&(prop::collection::vec(any::<u8>(), 1..60), 0..2usize), |(tape, who)| {
        let text = Tape(tape.iter()).bool();
        let Ok(expr) = check_with(world.schema.model(), "Book", &text, &Expected::Bool, allow) else {
            refused.set(refused.get() + 1);
            return Ok(());
        };
        let mut asked = world.ask(&editor(), "books?fields=slug&limit=100").unwrap();
        asked.read.filter = for_actor(&expr, &actors[who]);
        let answer = runtime.block_on(world.answer(&asked, &text));
        check_rows(&memory, &asked, &answer, &text);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    assert!(refused.get() * 3 < cases, "{} of {cases} were refused", refused.get());
}
