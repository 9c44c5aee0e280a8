//! Figures, as a table and as JSON.

use serde_json::{Map, Value, json};

/// What was measured, in order.
#[derive(Default)]
pub struct Report {
    figures: Vec<(String, Map<String, Value>)>,
}

impl Report {
    /// Throughput against a floor.
    pub fn rate(&mut self, key: &str, ratio: f64, rps: f64, p99_ms: f64, floor_rps: f64, target: f64) {
        self.add(key, json!({"ratio": round(ratio, 3), "rps": rps.round(), "p99_ms": round(p99_ms, 2), "floor_rps": floor_rps.round(), "target": target}));
    }

    /// Any other figure, with the bound it should keep.
    pub fn figure(&mut self, key: &str, value: f64, unit: &str, bound: f64) {
        self.add(key, json!({"value": round(value, 2), "unit": unit, "bound": bound}));
    }

    fn add(&mut self, key: &str, figure: Value) {
        if let Value::Object(map) = figure {
            self.figures.push((key.to_owned(), map));
        }
    }

    /// `{"sqlite.one": {"ratio": …, "rps": …, "p99_ms": …}, …}`
    pub fn json(&self) -> String {
        let map: Map<String, Value> = self
            .figures
            .iter()
            .map(|(key, map)| (key.clone(), Value::Object(map.clone())))
            .collect();
        format!("{:#}\n", Value::Object(map))
    }

    /// A table for people.
    pub fn print(&self) {
        println!(
            "\n{:<24} {:>8} {:>8} {:>10} {:>10} {:>9}",
            "", "ratio", "target", "requests/s", "floor", "p99 ms"
        );
        for (key, map) in &self.figures {
            let number = |name: &str| map.get(name).and_then(Value::as_f64);
            match number("ratio") {
                Some(ratio) => println!(
                    "{key:<24} {ratio:>8.2} {:>8.2} {:>10.0} {:>10.0} {:>9.2}{}",
                    number("target").unwrap_or(0.0),
                    number("rps").unwrap_or(0.0),
                    number("floor_rps").unwrap_or(0.0),
                    number("p99_ms").unwrap_or(0.0),
                    if ratio < number("target").unwrap_or(0.0) { "   missed" } else { "" }
                ),
                None => {
                    let (value, bound) = (number("value").unwrap_or(0.0), number("bound").unwrap_or(0.0));
                    let unit = map.get("unit").and_then(Value::as_str).unwrap_or("");
                    println!(
                        "{key:<24} {value:>8.2} {unit} (at most {bound}){}",
                        if value > bound { "   missed" } else { "" }
                    );
                }
            }
        }
    }
}

fn round(value: f64, digits: i32) -> f64 {
    let scale = 10f64.powi(digits);
    (value * scale).round() / scale
}
