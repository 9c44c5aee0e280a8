//! Counting, in the text format of Prometheus. A handful of counters of our own: one addition each on the way of a request.

use std::{
    fmt::Write,
    sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use axum::http::{Method, StatusCode};

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OTHER"];
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];
/// Upper bounds in microseconds.
const BUCKETS: [u64; 12] = [
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 100_000, 500_000, 2_000_000, 10_000_000,
];

/// The counters of this process.
pub(crate) static METRICS: Metrics = Metrics::new();

/// Counters.
pub(crate) struct Metrics {
    requests: [[AtomicU64; CLASSES.len()]; METHODS.len()],
    buckets: [AtomicU64; BUCKETS.len()],
    micros: AtomicU64,
    in_flight: AtomicI64,
}

/// A request being worked on; no longer when dropped.
pub(crate) struct InFlight<'a>(&'a Metrics);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Relaxed);
    }
}

impl Metrics {
    const fn new() -> Metrics {
        Metrics {
            requests: [const { [const { AtomicU64::new(0) }; CLASSES.len()] }; METHODS.len()],
            buckets: [const { AtomicU64::new(0) }; BUCKETS.len()],
            micros: AtomicU64::new(0),
            in_flight: AtomicI64::new(0),
        }
    }

    pub(crate) fn begin(&self) -> InFlight<'_> {
        self.in_flight.fetch_add(1, Relaxed);
        InFlight(self)
    }

    pub(crate) fn end(&self, method: &Method, status: StatusCode, elapsed: Duration) {
        let method = METHODS
            .iter()
            .position(|name| *name == method.as_str())
            .unwrap_or(METHODS.len() - 1);
        let class = usize::from(status.as_u16() / 100).clamp(1, CLASSES.len()) - 1;
        self.requests[method][class].fetch_add(1, Relaxed);
        let micros = elapsed.as_micros() as u64;
        self.micros.fetch_add(micros, Relaxed);
        if let Some(bucket) = BUCKETS.iter().position(|bound| micros <= *bound) {
            self.buckets[bucket].fetch_add(1, Relaxed);
        }
    }

    /// The text that Prometheus reads.
    pub(crate) fn text(&self, ready: bool) -> String {
        let mut text = String::with_capacity(4096);
        let mut line = |line: std::fmt::Arguments<'_>| {
            let _ = writeln!(text, "{line}");
        };
        line(format_args!(
            "# HELP glaze_http_requests_total Requests answered.\n# TYPE glaze_http_requests_total counter"
        ));
        let mut total = 0;
        for (method, classes) in METHODS.iter().zip(&self.requests) {
            for (class, count) in CLASSES.iter().zip(classes) {
                let count = count.load(Relaxed);
                total += count;
                if count > 0 {
                    line(format_args!(
                        "glaze_http_requests_total{{method=\"{method}\",status=\"{class}\"}} {count}"
                    ));
                }
            }
        }
        line(format_args!(
            "# HELP glaze_http_request_seconds Time to answer.\n# TYPE glaze_http_request_seconds histogram"
        ));
        let mut below = 0;
        for (bound, count) in BUCKETS.iter().zip(&self.buckets) {
            below += count.load(Relaxed);
            line(format_args!(
                "glaze_http_request_seconds_bucket{{le=\"{}\"}} {below}",
                *bound as f64 / 1e6
            ));
        }
        line(format_args!("glaze_http_request_seconds_bucket{{le=\"+Inf\"}} {total}"));
        line(format_args!(
            "glaze_http_request_seconds_sum {}",
            self.micros.load(Relaxed) as f64 / 1e6
        ));
        line(format_args!("glaze_http_request_seconds_count {total}"));
        line(format_args!(
            "# HELP glaze_http_in_flight Requests being worked on.\n# TYPE glaze_http_in_flight gauge"
        ));
        line(format_args!("glaze_http_in_flight {}", self.in_flight.load(Relaxed)));
        line(format_args!(
            "# HELP glaze_ready Whether this node can do its work.\n# TYPE glaze_ready gauge"
        ));
        line(format_args!("glaze_ready {}", u8::from(ready)));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_add_up() {
        let metrics = Metrics::new();
        for micros in [50, 300, 90_000_000] {
            drop(metrics.begin());
            metrics.end(&Method::GET, StatusCode::OK, Duration::from_micros(micros));
        }
        let text = metrics.text(true);
        assert!(
            text.contains("glaze_http_requests_total{method=\"GET\",status=\"2xx\"} 3"),
            "{text}"
        );
        assert!(
            text.contains("le=\"0.0005\"} 2") && text.contains("le=\"10\"} 2") && text.contains("le=\"+Inf\"} 3"),
            "{text}"
        );
        assert!(text.contains("glaze_http_in_flight 0"));
    }
}
