//! Contract documents (2.0, 3.0, 3.1, 3.2; several files) in, [`crate::model::api::Api`] and problems out. Must not know SQL, git, rules.
