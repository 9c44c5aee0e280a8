//! A shop: products in categories, customers who order and review them. It shows every field type.

use glaze::schema::*;

/// A maker of products.
#[entity(label = name, icon = "factory")]
#[can(read)]
pub struct Brand {
    #[field(max = 120)]
    #[unique]
    pub name: String,
    #[slug(from = name)]
    #[unique]
    pub slug: String,
    pub website: Option<Url>,
    pub color: Option<Color>,
    /// Country of the seat, ISO 3166-1 alpha-2.
    #[field(min = 2, max = 2, pattern = "[A-Z]{2}")]
    pub country: Option<String>,
    pub founded_on: Option<Date>,
    #[inverse(brand)]
    pub products: Many<Product>,
}

/// A shelf of the shop; shelves nest.
#[entity(label = name, icon = "folder")]
#[can(read)]
#[index(parent)]
pub struct Category {
    #[field(max = 80)]
    pub name: String,
    #[slug(from = name)]
    #[unique]
    pub slug: String,
    pub parent: Option<Ref<Category>>,
    #[inverse(parent)]
    pub children: Many<Category>,
    #[default(0)]
    pub position: i16,
    #[inverse(category)]
    pub products: Many<Product>,
}

/// Something to buy.
#[entity(label = name, icon = "package")]
#[can(read, "status == 'active' || 'editor' in me.roles")]
#[can(create, "'editor' in me.roles")]
#[can(update, "'editor' in me.roles")]
#[can(delete, "'editor' in me.roles && stock == 0")]
#[index(status, released_on desc)]
#[index(brand)]
#[index(category)]
#[rule("compare_at == null || compare_at > price", "The crossed-out price must be above the price.")]
pub struct Product {
    #[field(max = 160)]
    pub name: String,
    #[slug(from = name)]
    #[unique]
    pub slug: String,
    /// Stock keeping unit.
    #[unique]
    #[field(max = 32, pattern = "[A-Z0-9-]+")]
    pub sku: String,
    pub summary: Option<Text>,
    pub description: RichText,
    #[field(min = 0, currency = "EUR")]
    pub price: Money,
    #[field(min = 0, currency = "EUR")]
    pub compare_at: Option<Money>,
    /// Share of the price that is tax.
    #[field(precision = 5, scale = 4, min = 0, max = 1)]
    #[default("0.1900")]
    pub tax_rate: Decimal,
    #[default(0)]
    #[field(min = 0)]
    pub stock: i32,
    #[default(Draft)]
    pub status: ProductStatus,
    pub released_on: Option<Date>,
    pub brand: Ref<Brand>,
    pub category: Option<Ref<Category>>,
    pub tags: Many<Tag>,
    pub cover: Option<Asset>,
    pub dimensions: Option<Dimensions>,
    pub sections: Vec<Section>,
    pub features: Vec<String>,
    pub sizes: Vec<f64>,
    /// How long it takes to leave the house.
    pub handling_time: Option<Duration>,
    /// Mean of the reviews, 1 to 5.
    pub rating: Option<f32>,
    pub manual: Option<Url>,
    /// Whatever the supplier sends along.
    pub supplier_data: Option<Json>,
    /// Fingerprint of the packaging photo.
    pub fingerprint: Option<Bytes>,
    #[private]
    pub purchase_price: Option<Money>,
    #[computed("stock > 0")]
    pub available: bool,
    #[computed("name + ' (' + sku + ')'", stored)]
    pub display_name: String,
    #[inverse(product)]
    pub reviews: Many<Review>,
}

/// Whether a product can be bought.
pub enum ProductStatus {
    Draft,
    Active,
    SoldOut,
    Discontinued,
}

/// A word that products share.
#[entity(label = name, icon = "tag")]
#[can(read)]
pub struct Tag {
    #[unique]
    #[field(max = 60)]
    pub name: String,
    #[slug(from = name)]
    #[unique]
    pub slug: Slug,
}

/// Somebody who buys.
#[entity(label = name, icon = "user")]
#[can(read, "'support' in me.roles")]
#[can(update, "'support' in me.roles")]
#[unique(email, name)]
pub struct Customer {
    /// Number at the payment provider.
    pub external_id: Option<Uuid>,
    #[field(max = 160)]
    pub name: String,
    #[unique]
    pub email: Email,
    pub birthday: Option<Date>,
    #[default(false)]
    pub newsletter: bool,
    pub address: Address,
    /// Points of the loyalty programme.
    #[default(0)]
    pub points: i64,
    #[inverse(customer)]
    pub orders: Many<Order>,
}

/// A purchase.
#[entity(label = number, icon = "receipt")]
#[can(read, "'support' in me.roles")]
#[can(create, "'support' in me.roles")]
#[can(update, "'support' in me.roles && before.status != 'delivered'")]
#[index(customer)]
#[index(status, placed_at desc)]
pub struct Order {
    #[unique]
    pub number: i64,
    pub customer: Ref<Customer>,
    #[default(Pending)]
    pub status: OrderStatus,
    pub placed_at: DateTime,
    pub shipped_at: Option<DateTime>,
    #[field(min = 0, currency = "EUR")]
    pub total: Money,
    pub delivery_window: Option<Time>,
    #[inverse(order)]
    pub lines: Many<OrderLine>,
    pub note: Option<Text>,
}

/// How far an order is.
pub enum OrderStatus {
    Pending,
    Paid,
    Shipped,
    Delivered,
    Cancelled,
}

/// One position of an order.
#[entity(timestamps = false)]
#[can(read, "'support' in me.roles")]
#[can(create, "'support' in me.roles")]
#[index(product)]
pub struct OrderLine {
    #[id]
    #[on_delete(cascade)]
    pub order: Ref<Order>,
    #[id]
    #[field(min = 1)]
    pub position: i16,
    pub product: Ref<Product>,
    #[field(min = 1)]
    pub quantity: i16,
    pub unit_price: Money,
}

/// What a customer says of a product.
#[entity(label = headline, icon = "star")]
#[can(read, "approved || 'editor' in me.roles")]
#[can(create, "approved == false")]
#[can(update, "'editor' in me.roles")]
#[can(delete, "'editor' in me.roles")]
#[index(product, approved)]
pub struct Review {
    #[on_delete(cascade)]
    pub product: Ref<Product>,
    #[field(max = 120)]
    pub headline: String,
    #[field(max = 4000)]
    pub body: Option<Text>,
    #[field(min = 1, max = 5)]
    pub stars: i16,
    #[default(false)]
    pub approved: bool,
}

/// A shop one can walk into.
#[entity(label = city, icon = "map-pin")]
#[can(read)]
pub struct Store {
    #[field(max = 80)]
    pub city: String,
    pub location: Point,
    pub opens_at: Time,
    pub closes_at: Time,
    /// Floor space in square metres.
    pub floor_space: f64,
    pub address: Address,
}

/// A note of the team about anything.
#[entity(icon = "sticky-note")]
#[can(read, "'editor' in me.roles")]
#[can(create, "'editor' in me.roles")]
pub struct Remark {
    pub about: AnyOf<(Product, Brand, Order)>,
    pub text: Text,
    pub due_at: Option<DateTime>,
}

/// A building block of a product page.
#[blocks]
pub enum Section {
    Hero { heading: String, image: Option<Asset> },
    Quote { text: String, by: Option<String> },
    Specs { rows: Vec<String> },
}

/// Size and weight of the parcel.
#[embedded]
pub struct Dimensions {
    /// Millimetres.
    pub width: Option<i32>,
    /// Millimetres.
    pub height: Option<i32>,
    /// Millimetres.
    pub depth: Option<i32>,
    /// Kilograms.
    #[field(precision = 8, scale = 3)]
    pub weight: Option<Decimal>,
}

/// A postal address.
#[embedded]
pub struct Address {
    pub street: String,
    pub city: String,
    #[field(max = 12)]
    pub postcode: String,
    /// ISO 3166-1 alpha-2.
    #[field(min = 2, max = 2)]
    pub country: String,
}
