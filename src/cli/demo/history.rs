//! How the demo came to be: what `main` holds, commit by commit. Authors and dates are fixed, so that hashes are the same
//! everywhere, and so is what `driftline debt` and `driftline log` tell.

use super::files::{BASE, FIRST_CUSTOMER, FIRST_PRODUCT, File};

/// A commit to be made.
pub struct Commit {
    pub author: (&'static str, &'static str),
    /// Seconds since 1970.
    pub time: i64,
    pub message: &'static str,
    /// What it adds and replaces.
    pub files: Vec<(&'static str, String)>,
}

const CONTRACT: &str = "api/openapi.yaml";
const JANE: (&str, &str) = ("Jane Miller", "jane@example.com");
const OMAR: (&str, &str) = ("Omar Haddad", "omar@example.com");
const LIN: (&str, &str) = ("Lin Chen", "lin@example.com");

/// A step of `main`: what comes with it as it is at the end, by the beginnings of paths; which paths the contract has then, and
/// its version; and what is not yet as it is at the end.
struct Step {
    author: (&'static str, &'static str),
    time: i64,
    message: &'static str,
    brings: &'static [&'static str],
    contract: Option<(&'static [&'static str], &'static str)>,
    before: &'static [File],
}

const STEPS: &[Step] = &[
    Step {
        author: JANE,
        time: 1_678_093_200, // 2023-03-06
        message: "Customers",
        brings: &["db/migrations/000001", "db/migrations/000002", "api/schemas/error.yaml"],
        contract: Some((&["/customers"], "1.0.0")),
        before: &[("api/schemas/customer.yaml", FIRST_CUSTOMER)],
    },
    Step {
        author: JANE,
        time: 1_684_141_200, // 2023-05-15
        message: "Products with their prices",
        brings: &["db/migrations/000003"],
        contract: Some((&["/customers", "/products"], "1.1.0")),
        before: &[("api/schemas/product.yaml", FIRST_PRODUCT)],
    },
    Step {
        author: OMAR,
        time: 1_694_422_800, // 2023-09-11
        message: "Orders of products by customers",
        brings: &["db/migrations/000004", "db/migrations/000005", "db/migrations/000006", "api/schemas/order.yaml"],
        contract: Some((&["/customers", "/products", "/orders:", "/orders/{orderId}:"], "1.4.0")),
        before: &[],
    },
    Step {
        author: OMAR,
        time: 1_708_333_200, // 2024-02-19
        message: "Phone numbers of customers",
        brings: &["db/migrations/000007", "api/schemas/customer.yaml"],
        contract: None,
        before: &[],
    },
    Step {
        author: LIN,
        time: 1_717_405_200, // 2024-06-03
        message: "Orders of a customer are found by an index",
        brings: &["db/migrations/000009"],
        contract: None,
        before: &[],
    },
    Step {
        author: LIN,
        time: 1_728_896_400, // 2024-10-14
        message: "Exact prices beside the old ones; longer titles",
        brings: &["db/migrations/000008", "db/migrations/000010", "api/schemas/product.yaml"],
        contract: None,
        before: &[],
    },
    Step {
        author: JANE,
        time: 1_748_854_800, // 2025-06-02
        message: "Orders as the accounting system reads them",
        brings: &[".github/CODEOWNERS"],
        contract: Some((&["/"], "1.8.0")),
        before: &[],
    },
];

/// The commits of `main`, the oldest first.
pub fn main() -> Vec<Commit> {
    STEPS.iter().map(commit).collect()
}

/// The commit of the branch.
pub fn branch(files: &[File]) -> Commit {
    let files = files.iter().map(|(path, text)| (*path, (*text).to_string())).collect();
    Commit { author: OMAR, time: 1_767_693_600, message: "Refunds and order notes", files }
}

fn commit(step: &Step) -> Commit {
    let comes = |path: &str| step.brings.iter().any(|start| path.starts_with(start));
    let whole = BASE.iter().filter(|(path, _)| comes(path)).map(|(path, text)| (*path, (*text).to_string()));
    let before = step.before.iter().map(|(path, text)| (*path, (*text).to_string()));
    let contract = step.contract.and_then(|(paths, version)| {
        let (path, text) = BASE.iter().find(|(path, _)| *path == CONTRACT)?;
        Some((*path, with_paths(text, paths).replace("version: 1.8.0", &format!("version: {version}"))))
    });
    let files = whole.chain(before).chain(contract).collect();
    Commit { author: step.author, time: step.time, message: step.message, files }
}

/// The contract with those of its paths that begin so.
fn with_paths(text: &str, starts: &[&str]) -> String {
    let mut out = String::new();
    let mut kept = true;
    for line in text.lines() {
        if let Some(path) = line.strip_prefix("  /") {
            kept = starts.iter().any(|start| format!("/{path}").starts_with(start));
        } else if !line.starts_with(' ') {
            kept = true;
        }
        if kept {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn at_the_end_main_holds_what_the_folder_holds() {
        let mut files: BTreeMap<&str, String> = BTreeMap::new();
        for commit in main() {
            files.extend(commit.files);
        }
        let want: BTreeMap<&str, String> = BASE.iter().map(|(path, text)| (*path, (*text).to_string())).collect();
        assert_eq!(files, want);
        assert!(STEPS.windows(2).all(|pair| pair[0].time < pair[1].time));
    }
}
