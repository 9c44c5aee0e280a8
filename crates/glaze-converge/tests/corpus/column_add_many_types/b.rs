use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
    pub f0: Option<bool>,
    pub f1: Option<i16>,
    pub f2: Option<i32>,
    pub f3: Option<i64>,
    pub f4: Option<f32>,
    pub f5: Option<f64>,
    pub f6: Option<String>,
    pub f7: Option<Text>,
    pub f8: Option<Uuid>,
    pub f9: Option<Date>,
    pub f10: Option<Time>,
    pub f11: Option<DateTime>,
    pub f12: Option<Duration>,
    pub f13: Option<Json>,
    pub f14: Option<Bytes>,
    pub f15: Option<Decimal>,
    pub f16: Option<Money>,
    pub f17: Option<RichText>,
    pub f18: Option<Email>,
    pub f19: Option<Url>,
    pub f20: Option<Slug>,
    pub f21: Option<Color>,
    pub f22: Option<Point>,
}
