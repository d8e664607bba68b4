//! What PostgreSQL's everyday functions give.

use crate::model::origin::Text;
use crate::model::sql::Dialect;

use super::super::catalog::ColumnType;
use super::Missing;
use super::resolve::Resolver;
use super::unify::UNKNOWN;

#[derive(Clone, Copy)]
enum Gives {
    Type(&'static str),
    /// What its first argument is, without length and precision.
    First,
    /// The same, of the argument at that place.
    Argument(usize),
    /// What all arguments have in common.
    Common,
    /// Its first argument, as the comparison with the second has it.
    NullIf,
    /// The greatest or least: texts become `text`, and some types have no order.
    Extreme,
    Sum,
    Average,
    /// `double precision` of such, `numeric` of other numbers.
    Numeric,
    /// `numeric` of such, `double precision` of other numbers.
    Floating,
    ArrayOf,
    Element,
    /// `date_trunc`: of a date it gives a timestamp.
    Truncated,
    /// `bytea` of such, `text` of the rest.
    TextOrBytes,
}

use Gives::{
    Argument, ArrayOf, Average, Common, Element, Extreme, First, Floating, Numeric, Sum, TextOrBytes, Truncated, Type,
};

const FUNCTIONS: &[(&[&str], Gives)] = &[
    (
        &[
            "count",
            "row_number",
            "rank",
            "dense_rank",
            "nextval",
            "currval",
            "lastval",
            "setval",
            "txid_current",
            "pg_total_relation_size",
            "pg_relation_size",
            "hashtextextended",
            "regr_count",
        ],
        Type("bigint"),
    ),
    (&["min", "max"], Extreme),
    (&["sum"], Sum),
    (&["avg"], Average),
    (&["stddev", "stddev_pop", "stddev_samp", "variance", "var_pop", "var_samp"], Numeric),
    (
        &[
            "corr",
            "covar_pop",
            "covar_samp",
            "percent_rank",
            "cume_dist",
            "random",
            "date_part",
            "pi",
            "percentile_cont",
            "regr_slope",
            "regr_intercept",
            "cbrt",
            "sin",
            "cos",
            "tan",
            "atan",
            "atan2",
            "radians",
            "degrees",
        ],
        Type("double precision"),
    ),
    (&["coalesce", "greatest", "least"], Common),
    (&["nullif"], Gives::NullIf),
    (
        &[
            "first_value",
            "last_value",
            "lag",
            "lead",
            "nth_value",
            "any_value",
            "abs",
            "array_append",
            "array_cat",
            "array_remove",
            "array_replace",
            "generate_series",
            "mod",
            "gcd",
            "lcm",
        ],
        First,
    ),
    (&["array_prepend"], Argument(1)),
    (&["date_trunc"], Truncated),
    (&["round", "ceil", "ceiling", "floor", "trunc", "sign", "power", "pow", "sqrt", "exp", "ln", "log"], Floating),
    (
        &[
            "lower",
            "upper",
            "initcap",
            "replace",
            "translate",
            "left",
            "right",
            "lpad",
            "rpad",
            "repeat",
            "reverse",
            "split_part",
            "format",
            "concat",
            "concat_ws",
            "md5",
            "chr",
            "to_char",
            "to_hex",
            "encode",
            "quote_ident",
            "quote_literal",
            "quote_nullable",
            "regexp_replace",
            "regexp_substr",
            "jsonb_typeof",
            "json_typeof",
            "json_extract_path_text",
            "jsonb_extract_path_text",
            "json_array_elements_text",
            "jsonb_array_elements_text",
            "jsonb_object_keys",
            "json_object_keys",
            "jsonb_pretty",
            "array_to_string",
            "array_dims",
            "current_setting",
            "pg_size_pretty",
            "version",
            "pg_get_viewdef",
            "pg_get_expr",
            "host",
            "unaccent",
            "set_config",
            "obj_description",
            "col_description",
            "regexp_split_to_table",
            "string_to_table",
        ],
        Type("text"),
    ),
    (&["trim", "btrim", "ltrim", "rtrim", "substring", "substr", "overlay", "string_agg"], TextOrBytes),
    (
        &[
            "length",
            "char_length",
            "character_length",
            "octet_length",
            "bit_length",
            "position",
            "strpos",
            "ascii",
            "array_length",
            "array_upper",
            "array_lower",
            "array_ndims",
            "cardinality",
            "array_position",
            "json_array_length",
            "jsonb_array_length",
            "num_nulls",
            "num_nonnulls",
            "ntile",
            "width_bucket",
            "hashtext",
            "regexp_count",
            "regexp_instr",
            "pg_backend_pid",
        ],
        Type("integer"),
    ),
    (
        &[
            "now",
            "clock_timestamp",
            "statement_timestamp",
            "transaction_timestamp",
            "to_timestamp",
            "make_timestamptz",
            "current_timestamp",
        ],
        Type("timestamptz"),
    ),
    (&["localtimestamp", "make_timestamp"], Type("timestamp")),
    (&["current_date", "to_date", "make_date", "date"], Type("date")),
    (&["current_time"], Type("timetz")),
    (&["localtime", "make_time"], Type("time")),
    (&["age", "make_interval", "justify_days", "justify_hours", "justify_interval"], Type("interval")),
    (&["extract", "to_number", "div", "factorial"], Type("numeric")),
    (
        &[
            "bool_or",
            "bool_and",
            "every",
            "exists",
            "starts_with",
            "isfinite",
            "pg_try_advisory_lock",
            "regexp_like",
            "jsonb_exists",
            "jsonb_path_exists",
            "isempty",
            "has_table_privilege",
        ],
        Type("boolean"),
    ),
    (&["gen_random_uuid", "uuid_generate_v4", "uuid_generate_v1", "uuidv4", "uuidv7"], Type("uuid")),
    (
        &[
            "to_jsonb",
            "jsonb_agg",
            "jsonb_build_object",
            "jsonb_build_array",
            "jsonb_object_agg",
            "jsonb_object",
            "jsonb_set",
            "jsonb_insert",
            "jsonb_strip_nulls",
            "jsonb_extract_path",
            "jsonb_array_elements",
            "jsonb_path_query",
            "jsonb_path_query_first",
            "jsonb_path_query_array",
        ],
        Type("jsonb"),
    ),
    (
        &[
            "to_json",
            "row_to_json",
            "array_to_json",
            "json_agg",
            "json_build_object",
            "json_build_array",
            "json_object_agg",
            "json_object",
            "json_strip_nulls",
            "json_extract_path",
            "json_array_elements",
        ],
        Type("json"),
    ),
    (&["array_agg"], ArrayOf),
    (&["unnest", "mode"], Element),
    (&["string_to_array", "regexp_split_to_array", "regexp_matches", "regexp_match"], Type("text[]")),
    (&["decode", "sha256", "sha512", "sha224", "sha384", "convert_to", "digest", "gen_random_bytes"], Type("bytea")),
    (&["to_tsvector", "setweight", "strip"], Type("tsvector")),
    (&["to_tsquery", "plainto_tsquery", "phraseto_tsquery", "websearch_to_tsquery"], Type("tsquery")),
    (&["ts_rank", "ts_rank_cd", "similarity", "word_similarity"], Type("real")),
    (
        &[
            "current_user",
            "session_user",
            "user",
            "current_role",
            "current_schema",
            "current_database",
            "current_catalog",
        ],
        Type("name"),
    ),
    (&["int4range"], Type("int4range")),
    (&["int8range"], Type("int8range")),
    (&["numrange"], Type("numrange")),
    (&["daterange"], Type("daterange")),
    (&["tsrange"], Type("tsrange")),
    (&["tstzrange"], Type("tstzrange")),
];

/// Types that have neither a greatest nor a least value.
const WITHOUT_EXTREMES: &[&str] = &["boolean", "uuid", "json", "jsonb", "tsvector", "point"];

impl Resolver<'_> {
    /// The type of a call; blank when it is not known.
    pub fn call(&self, name: &str, arguments: &[ColumnType]) -> ColumnType {
        let Some((_, gives)) = FUNCTIONS.iter().find(|(names, _)| names.contains(&name)) else { return self.blank() };
        if self.catalog.dialect != Dialect::Postgres {
            return match gives {
                Common | Extreme | First => self.common(arguments.to_vec()),
                _ => self.blank(),
            };
        }
        let at = |place: usize| arguments.get(place).map_or_else(|| self.blank(), |ty| self.bare(ty));
        let first = at(0);
        let plain = if first.named.is_none() && first.dimensions == 0 { &*first.text } else { "" };
        match gives {
            Type(text) => self.type_of(text),
            Argument(place) => at(*place),
            Gives::NullIf => {
                let common = self.bare(&self.common(arguments.to_vec()));
                match arguments.first() {
                    // Texts of a length are compared as `text`.
                    _ if &*common.text == "character varying" => self.type_of("text"),
                    Some(own) if self.bare(own).text == common.text => self.base(own),
                    _ => common,
                }
            }
            Common => self.common(arguments.to_vec()),
            First => match plain {
                UNKNOWN => self.blank(),
                _ => first,
            },
            Extreme if WITHOUT_EXTREMES.contains(&plain) => {
                self.lacks(Missing::Function(Text::from(name), first.text));
                self.blank()
            }
            Extreme => match plain {
                "character varying" | "name" | UNKNOWN => self.type_of("text"),
                _ => first,
            },
            Sum => match plain {
                "smallint" | "integer" => self.type_of("bigint"),
                "bigint" | "numeric" => self.type_of("numeric"),
                "real" | "double precision" | "interval" | "money" => first,
                _ => self.blank(),
            },
            Average => match plain {
                "smallint" | "integer" | "bigint" | "numeric" => self.type_of("numeric"),
                "real" | "double precision" => self.type_of("double precision"),
                "interval" => first,
                _ => self.blank(),
            },
            Numeric => match plain {
                "smallint" | "integer" | "bigint" | "numeric" => self.type_of("numeric"),
                "real" | "double precision" => self.type_of("double precision"),
                _ => self.blank(),
            },
            Floating => match (plain, arguments.len()) {
                ("", _) | (UNKNOWN, _) => self.blank(),
                // With a number of digits there is only that of `numeric`.
                (_, 2) if matches!(name, "round" | "trunc") => self.type_of("numeric"),
                ("numeric", _) => self.type_of("numeric"),
                _ => self.type_of("double precision"),
            },
            ArrayOf if first.text.is_empty() || &*first.text == UNKNOWN => self.blank(),
            ArrayOf => ColumnType { dimensions: first.dimensions.max(1), ..first },
            Element if first.dimensions == 0 => self.blank(),
            Element => ColumnType { dimensions: 0, ..first },
            Truncated => match &*at(1).text {
                "timestamp without time zone" | "interval" => at(1),
                "timestamp with time zone" | "date" => self.type_of("timestamptz"),
                _ => self.blank(),
            },
            TextOrBytes => match plain {
                "bytea" => first,
                _ => self.type_of("text"),
            },
        }
    }
}
