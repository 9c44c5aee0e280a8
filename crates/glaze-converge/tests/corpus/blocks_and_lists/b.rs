use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
    pub sections: Vec<Section>,
    pub words: Vec<String>,
    pub sizes: Vec<f64>,
}

#[blocks]
pub enum Section { Hero { heading: String }, Quote { text: String } }
