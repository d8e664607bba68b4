//! Ordered SQL files in, the schema that replaying them gives and what each migration did out. Must not know OpenAPI, git, rules.
