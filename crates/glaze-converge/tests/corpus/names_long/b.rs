use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
#[index(a_rather_long_field_name_number_one, a_rather_long_field_name_number_two)]
#[unique(a_rather_long_field_name_number_two, a_rather_long_field_name_number_one)]
pub struct AnEntityWithAnUnusuallyLongNameForTheSakeOfTesting {
    pub a_rather_long_field_name_number_one: i64,
    pub a_rather_long_field_name_number_two: i64,
}
#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
}
