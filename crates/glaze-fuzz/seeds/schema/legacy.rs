//! What `glaze pull` writes for a database with a history.
#![allow(dead_code)]
use glaze::schema::*;

/// Lines of an
/// order.
///
///  With a \ strange "comment".
#[entity(timestamps = false)]
#[was("OrderDetail")]
#[db(table = "Order Details", schema = "legacy")]
#[db(check = "\"Quantity\" > 0")]
#[unique(order, line_no)]
#[index(product desc, unit_price, unique, method = btree, where = "quantity > 0", name = "line_product")]
#[index(expr = "lower(\"Note\")" desc, db_where = r#""Note" IS NOT NULL"#)]
#[index(note, method = "my-gin")]
pub struct OrderLine {
    #[id(2)]
    #[db(column = "OrderID")]
    pub order: Ref<Order>,
    #[id(1)]
    pub line_no: i16,
    #[db(column = "ProductID", on_update = cascade, deferrable = deferred)]
    #[on_delete(no_action)]
    pub product: Ref<Product>,
    #[field(precision = 12, scale = 3, min = -10, max = 1000.5)]
    #[default(-1.500)]
    pub unit_price: Decimal,
    #[default(-3)]
    pub quantity: i32,
    #[default(0.5)]
    pub discount: f32,
    #[default("a \"b\" \\ c\nd")]
    pub note: Option<Text>,
    #[default(["a", "b"])]
    pub labels: Vec<String>,
    #[default([Small])]
    pub sizes: Vec<Size>,
    #[default([])]
    pub history: Vec<Address>,
    #[db(type = "tsrange", default = "'empty'::tsrange")]
    pub during: Option<Custom>,
    #[db(generated = "quantity * 2", stored = false)]
    pub doubled: i32,
    #[computed("quantity * 3", stored)]
    pub tripled: i64,
    #[default("{\"a\":1}")]
    pub extra: Json,
    #[default("2026-11-21")]
    pub since: Date,
    #[default("PT1H")]
    pub length: Duration,
    #[default(uuid)]
    pub token: Uuid,
    #[default("00000000-0000-0000-0000-000000000001")]
    #[private]
    pub fixed: Uuid,
    #[default(true)]
    pub r#type: bool,
    pub subject: AnyOf<(Order, Product)>,
    #[db(columns = "OwnerKind, OwnerKey")]
    pub owner: Option<AnyOf<(Order,)>>,
    #[db(column = "ship")]
    pub address: Option<Address>,
}

#[entity(id = false, timestamps = false, external)]
pub struct Log {
    pub line: Text,
    #[db(type = "varchar(40)", collate = "C")]
    #[field(max = 40, pattern = r"^\w+$", search = false, help = "What")]
    pub level: String,
}

#[entity]
pub struct Order {
    #[id]
    #[db(identity = by_default)]
    pub id: i64,
    #[inverse(order)]
    pub lines: Many<OrderLine>,
    #[db(table = "order_x_product", from_columns = "o_id", to_columns = "p_id", schema = "legacy")]
    pub products: Many<Product>,
    pub related: Many<Order>,
    #[inverse(related)]
    pub relating: Many<Order>,
    #[db(references = "code", fk = false)]
    pub first: Option<Ref<Product>>,
    #[db(columns = "lo, ll")]
    pub last_line: Option<Ref<OrderLine>>,
    pub best_line: Option<Ref<OrderLine>>,
    #[can(read, "'admin' in me.roles")]
    #[can(update, "'admin' in me.roles")]
    pub secret: Option<String>,
    #[inverse(order)]
    pub invoice: Option<Invoice>,
    #[db(column = "createdAt")]
    pub created_at: DateTime,
}

#[entity]
pub struct Invoice {
    #[unique]
    #[on_delete(cascade)]
    pub order: Ref<Order>,
    pub updated_at: DateTime,
    pub paid: Option<DateTime>,
}

#[entity]
pub struct Product {
    #[unique]
    pub code: String,
    #[inverse(products)]
    pub orders: Many<Order>,
    pub size: Option<Size>,
    pub parts: Vec<Part>,
}

/// Sizes.
#[db(type = "size_t", schema = "legacy", native = false)]
#[was("Sizes")]
pub enum Size {
    /// Small one.
    #[was("tiny")]
    Small,
    #[db(value = "X-Large")]
    XLarge,
}

#[embedded]
pub struct Address {
    pub street: Option<String>,
    #[db(column = "ctry")]
    pub country: Option<Ref<Country>>,
    #[default(Small)]
    pub size: Size,
}

#[entity]
pub struct Country {
    #[id]
    #[field(min = 2, max = 2)]
    pub code: String,
}

#[blocks]
pub enum Part {
    Divider,
    /// An address.
    #[db(value = "addr")]
    Place {
        /// Where.
        #[field(help = "x")]
        address: Address,
        more: Vec<Address>,
        picture: Option<Asset>,
    },
    Short { a: String },
}

#[extends(User)]
#[can(read)]
pub struct Profile {
    pub bio: Option<Text>,
}
