//! Catalog, diff, plan, migrations and the Database port.
