//! Revisions of one SQL source replayed one after the other, and compared with their neighbours.
//!
//! `cargo bench --bench series` prints one line per history: microseconds per revision for the series, for reading each
//! revision alone, and for comparing neighbours. Another word runs only the histories with that word in their name.

use std::sync::Arc;
use std::time::{Duration, Instant};

use driftline::diff;
use driftline::model::sql::{Dialect, Schema};
use driftline::read::sql::{Series, read_with};
use driftline::revision::Tree;
use driftline::source::{Files, Role, Snapshot, SqlFile, SqlSource};

/// `path text` of each file of a revision.
type Revision = Vec<(String, String)>;

/// Of every so many revisions one is also read alone.
const ALONE: usize = 20;

fn main() {
    println!("{:<34} {:>9} {:>9} {:>9} {:>9} {:>9}", "history", "revisions", "series", "worst", "alone", "diff");
    let folder: Revision = (0..300).map(|n| (format!("db/{n:04}_step.sql"), step(n))).collect();
    let edited = |at: usize, revision: usize| {
        let mut files = folder.clone();
        files[at].1 += &format!("ALTER TABLE table_{} ADD COLUMN edit_{revision} text;\n", at / 3);
        files
    };
    measure("300 files appended", 300, "golang-migrate", |n| folder[..=n].to_vec());
    measure("the last of 300 files edited", 200, "golang-migrate", |n| edited(299, n));
    measure("the middle of 300 files edited", 200, "golang-migrate", |n| edited(150, n));
    measure("the first of 300 files edited", 200, "golang-migrate", |n| edited(0, n));
    measure("nothing changed in 300 files", 200, "golang-migrate", |_| folder.clone());
    measure("a column more in a dump", 1000, "dump", |n| vec![("db/structure.sql".to_string(), dump(n))]);
}

/// Makes a table every third time and changes it afterwards.
fn step(n: usize) -> String {
    let (table, other) = (n / 3, n / 6);
    match n % 3 {
        0 => table_text(table, other, 10) + &format!("CREATE INDEX table_{table}_owner ON table_{table} (owner_id);\n"),
        1 => format!(
            "ALTER TABLE table_{table} ADD COLUMN note text;\nALTER TABLE table_{other} ADD COLUMN more_{n} integer NOT NULL DEFAULT 0;\n"
        ),
        _ => format!(
            "ALTER TABLE table_{table} RENAME COLUMN note TO remark;\nALTER TABLE table_{table} ALTER COLUMN name TYPE varchar(160);\nINSERT INTO table_{other} (name) VALUES ('it''s; fine');\n"
        ),
    }
}

fn table_text(table: usize, other: usize, extra: usize) -> String {
    let columns: String = (0..extra).map(|c| format!("    extra_{c} integer DEFAULT {c} NOT NULL,\n")).collect();
    format!(
        "CREATE TABLE table_{table} (\n    id bigserial PRIMARY KEY,\n    name varchar(80) NOT NULL,\n    status text DEFAULT 'draft' NOT NULL CHECK (status IN ('draft', 'active')),\n{columns}    owner_id bigint REFERENCES table_{other} (id)\n);\n"
    )
}

/// As `pg_dump` writes it: tables, then keys.
fn dump(revision: usize) -> String {
    let mut text = String::from("SET statement_timeout = 0;\nSET search_path = '';\n\n");
    let changed = revision * 7919 % 300;
    for table in 0..300 {
        let more = if table == changed { "    changed text,\n" } else { "" };
        text += &format!(
            "CREATE TABLE public.table_{table} (\n    id bigint NOT NULL,\n    name character varying(80) NOT NULL,\n{more}    status text DEFAULT 'draft'::text NOT NULL,\n    note text,\n    price numeric(10,2),\n    created_at timestamp with time zone DEFAULT now() NOT NULL,\n    updated_at timestamp with time zone,\n    flag boolean DEFAULT false NOT NULL,\n    owner_id bigint,\n    CONSTRAINT status_known CHECK ((status = ANY (ARRAY['draft'::text, 'active'::text])))\n);\n\nCREATE SEQUENCE public.table_{table}_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;\nALTER SEQUENCE public.table_{table}_id_seq OWNED BY public.table_{table}.id;\nALTER TABLE ONLY public.table_{table} ALTER COLUMN id SET DEFAULT nextval('public.table_{table}_id_seq'::regclass);\n\n"
        );
    }
    for table in 0..300 {
        text += &format!(
            "ALTER TABLE ONLY public.table_{table}\n    ADD CONSTRAINT table_{table}_pkey PRIMARY KEY (id);\n\nCREATE INDEX table_{table}_owner ON public.table_{table} USING btree (owner_id);\n\n"
        );
    }
    for table in 0..300 {
        text += &format!(
            "ALTER TABLE ONLY public.table_{table}\n    ADD CONSTRAINT table_{table}_owner_fk FOREIGN KEY (owner_id) REFERENCES public.table_{}(id);\n\n",
            table / 2
        );
    }
    text
}

fn measure(name: &str, revisions: usize, layout: &'static str, of: impl Fn(usize) -> Revision) {
    if !std::env::args().skip(1).filter(|a| !a.starts_with('-')).all(|word| name.contains(word.as_str())) {
        return;
    }
    let (files, mut series, mut before) = (Files::default(), Series::new(), None::<Arc<Schema>>);
    let [mut read, mut worst, mut alone, mut compared] = [Duration::ZERO; 4];
    let mut singles = 0;
    for revision in 0..revisions {
        let texts = of(revision);
        let role = if layout == "dump" { Role::State } else { Role::Up };
        let list = texts.iter().map(|(path, _)| {
            let version = path.split(['/', '_']).nth(1).unwrap_or_default().into();
            SqlFile { path: path.as_str().into(), version, role }
        });
        let list = list.collect();
        let source = SqlSource { path: "db".into(), layout, dialect: Dialect::Postgres, said: true, files: list };
        let tree = Tree::from_memory("t", texts.into_iter().map(|(path, text)| (path, text.into_bytes())));
        let snapshot = Snapshot::new(&tree, &files);
        let start = Instant::now();
        let now = series.read(&source, &snapshot);
        // The first revision of a folder is read from its beginning.
        if revision > 0 {
            read += start.elapsed();
            worst = worst.max(start.elapsed());
        }
        if let Some(before) = &before {
            let start = Instant::now();
            std::hint::black_box(diff::sql::diff(before, &now.value));
            compared += start.elapsed();
        }
        if revision % ALONE == 0 {
            let start = Instant::now();
            std::hint::black_box(read_with(&source, &snapshot, &|_| false));
            alone += start.elapsed();
            singles += 1;
        }
        before = Some(now.value);
    }
    let each = |total: Duration, count: usize| total.as_micros() / count.max(1) as u128;
    let pairs = revisions - 1;
    println!(
        "{name:<34} {revisions:>9} {:>9} {:>9} {:>9} {:>9}",
        each(read, pairs),
        worst.as_micros(),
        each(alone, singles),
        each(compared, pairs)
    );
}
