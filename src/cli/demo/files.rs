//! The files of the demo's revisions, from `testdata/demo`.

/// Path and text of a file.
pub type File = (&'static str, &'static str);

/// A file of a revision, by its path in it.
macro_rules! file {
    ($side:literal, $path:literal) => {
        ($path, include_str!(concat!("../../../testdata/demo/", $side, "/", $path)))
    };
}

/// What `main` holds.
pub const BASE: &[File] = &[
    file!("base", ".github/CODEOWNERS"),
    file!("base", "api/openapi.yaml"),
    file!("base", "api/schemas/customer.yaml"),
    file!("base", "api/schemas/error.yaml"),
    file!("base", "api/schemas/order.yaml"),
    file!("base", "api/schemas/product.yaml"),
    file!("base", "db/migrations/000001_create_customers.down.sql"),
    file!("base", "db/migrations/000001_create_customers.up.sql"),
    file!("base", "db/migrations/000002_unique_customer_email.down.sql"),
    file!("base", "db/migrations/000002_unique_customer_email.up.sql"),
    file!("base", "db/migrations/000003_create_products.down.sql"),
    file!("base", "db/migrations/000003_create_products.up.sql"),
    file!("base", "db/migrations/000004_create_order_status.down.sql"),
    file!("base", "db/migrations/000004_create_order_status.up.sql"),
    file!("base", "db/migrations/000005_create_orders.down.sql"),
    file!("base", "db/migrations/000005_create_orders.up.sql"),
    file!("base", "db/migrations/000006_create_order_lines.down.sql"),
    file!("base", "db/migrations/000006_create_order_lines.up.sql"),
    file!("base", "db/migrations/000007_add_customer_phone.down.sql"),
    file!("base", "db/migrations/000007_add_customer_phone.up.sql"),
    file!("base", "db/migrations/000008_widen_product_title.down.sql"),
    file!("base", "db/migrations/000008_widen_product_title.up.sql"),
    file!("base", "db/migrations/000009_index_order_customer.down.sql"),
    file!("base", "db/migrations/000009_index_order_customer.up.sql"),
    file!("base", "db/migrations/000010_exact_price.down.sql"),
    file!("base", "db/migrations/000010_exact_price.up.sql"),
];

/// What two schemas were before `main` came to what it holds.
pub const FIRST_CUSTOMER: &str = include_str!("../../../testdata/demo/history/customer.yaml");
pub const FIRST_PRODUCT: &str = include_str!("../../../testdata/demo/history/product.yaml");

/// What the branch adds and replaces.
pub const HEAD: &[File] = &[
    file!("head", "api/openapi.yaml"),
    file!("head", "api/schemas/customer.yaml"),
    file!("head", "api/schemas/order.yaml"),
    file!("head", "db/migrations/000008_widen_product_title.up.sql"),
    file!("head", "db/migrations/000011_drop_product_legacy_code.down.sql"),
    file!("head", "db/migrations/000011_drop_product_legacy_code.up.sql"),
    file!("head", "db/migrations/000012_shorten_email.down.sql"),
    file!("head", "db/migrations/000012_shorten_email.up.sql"),
    file!("head", "db/migrations/000013_refunds.down.sql"),
    file!("head", "db/migrations/000013_refunds.up.sql"),
    file!("head", "db/migrations/000014_order_note.down.sql"),
    file!("head", "db/migrations/000014_order_note.up.sql"),
    file!("head", "db/migrations/000015_longer_reference.down.sql"),
    file!("head", "db/migrations/000015_longer_reference.up.sql"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// A file that is forgotten here would silently be missing from the demo.
    #[test]
    fn every_file_of_the_folder_is_listed() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/demo");
        for (side, files) in [("base", BASE), ("head", HEAD)] {
            let mut found = 0;
            let mut open = vec![root.join(side)];
            while let Some(folder) = open.pop() {
                for entry in std::fs::read_dir(folder).unwrap() {
                    let path = entry.unwrap().path();
                    if path.is_dir() {
                        open.push(path);
                    } else {
                        found += 1;
                    }
                }
            }
            assert_eq!(found, files.len(), "{side}");
        }
    }
}
