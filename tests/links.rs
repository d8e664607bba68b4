//! Which columns and properties are linked, and which tempting pairs are not.

mod support;

use driftline::check::understand;
use driftline::config::Config;
use driftline::model::Link;
use driftline::revision::Tree;

/// A contract whose components are these, each given out by one operation.
fn contract(schemas: &[(&str, &str)]) -> String {
    let mut text = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n".to_string();
    for (name, _) in schemas {
        text.push_str(&format!(
            "  /{name}:\n    get:\n      responses:\n        '200':\n          description: ok\n          content:\n            \
             application/json:\n              schema: {{$ref: '#/components/schemas/{name}'}}\n"
        ));
    }
    text.push_str("components:\n  schemas:\n");
    for (name, properties) in schemas {
        text.push_str(&format!("    {name}:\n      type: object\n      properties:\n"));
        properties.split(", ").for_each(|p| text.push_str(&format!("        {p}\n")));
    }
    text
}

fn links(schemas: &[(&str, &str)], sql: &str) -> Vec<Link> {
    let files = [
        ("openapi.yaml".to_string(), contract(schemas).into_bytes()),
        ("db/migrations/000001_init.up.sql".to_string(), sql.as_bytes().to_vec()),
    ];
    let understood = understand(&Tree::from_memory("head", files), &Config::default());
    assert!(understood.model.problems.is_empty(), "{:?}", understood.model.problems);
    understood.links
}

/// `property=column` of the links that may drive an error.
fn certain(schemas: &[(&str, &str)], sql: &str) -> Vec<String> {
    let all = links(schemas, sql).into_iter();
    all.filter(|l| l.confidence >= driftline::link::CERTAIN).map(|l| format!("{}={}", l.property, l.column)).collect()
}

const USERS: &str =
    "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, display_name text, created_at timestamptz);";
const S: &str = "{type: string}";
const N: &str = "{type: integer}";

#[test]
fn forms_of_a_name_are_one_name() {
    let expected = ["email=users.email", "display=users.display_name", "created=users.created_at"];
    for (entity, display, created) in [
        ("User", "displayName", "createdAt"),
        ("Users", "display_name", "created_at"),
        ("UserResponse", "display-name", "created-at"),
        ("CreateUserRequest", "DisplayName", "CreatedAt"),
        ("api.v1.User", "displayName", "createdAt"),
    ] {
        let found = certain(&[(entity, &format!("email: {S}, {display}: {S}, {created}: {S}"))], USERS);
        let expected: Vec<String> = expected
            .iter()
            .map(|link| {
                let link = link.replace("display=", &format!("{display}=")).replace("created=", &format!("{created}="));
                format!("{entity}.{link}")
            })
            .collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn tables_are_found_behind_prefixes() {
    let sql = "CREATE TABLE app_users (id bigint, email text, phone text);
               CREATE TABLE app_orders (id bigint, item text);
               CREATE TABLE app_items (item_id bigint, item_title text, item_price text, item_weight text);";
    let schemas =
        [("User", format!("id: {N}, email: {S}, phone: {S}")), ("Item", format!("id: {N}, title: {S}, price: {S}"))];
    let schemas: Vec<(&str, &str)> = schemas.iter().map(|(n, p)| (*n, p.as_str())).collect();
    assert_eq!(
        certain(&schemas, sql),
        [
            "User.id=app_users.id",
            "User.email=app_users.email",
            "User.phone=app_users.phone",
            "Item.id=app_items.item_id",
            "Item.title=app_items.item_title",
            "Item.price=app_items.item_price",
        ]
    );
}

#[test]
fn false_friends_are_not_certain() {
    let unrelated =
        "CREATE TABLE jobs (id bigint, name text, status text, created_at timestamptz, payload text, retries int);";
    let cases: [(&str, String, &str); 7] = [
        ("common names alone", format!("id: {N}, name: {S}, status: {S}, createdAt: {S}"), unrelated),
        (
            "two tables of one name",
            format!("id: {N}, email: {S}, displayName: {S}"),
            "CREATE TABLE crm.users (id bigint, email text, display_name text);
             CREATE TABLE auth.users (id bigint, email text, display_name text);",
        ),
        (
            "the name of a table that holds something else",
            format!("login: {S}, avatarUrl: {S}, followers: {N}, bio: {S}, id: {N}"),
            "CREATE TABLE users (id bigint, host text, grants text, max_connections int, plugin text);",
        ),
        (
            "an item of a table without a table of its own",
            format!("sku: {S}, quantity: {N}, id: {N}"),
            "CREATE TABLE users (id bigint, total text); CREATE TABLE t (id bigint);",
        ),
        ("a slug in front of a number", format!("id: {S}, email: {N}"), USERS),
        ("a secret that is stored hashed", format!("password: {S}"), "CREATE TABLE users (id bigint, password text);"),
        ("an embedded object", "email: {type: object}".to_string(), USERS),
    ];
    for (what, properties, sql) in cases {
        let found: Vec<String> = certain(&[("User", &properties)], sql);
        assert_eq!(found, Vec::<String>::new(), "{what}");
    }
}

#[test]
fn twins_go_to_their_own_tables() {
    let sql = "CREATE TABLE artifacts (id bigint, digest text, size bigint);
               CREATE TABLE artifact_trash (id bigint, digest text, size bigint);";
    let properties = format!("digest: {S}, size: {N}");
    assert_eq!(
        certain(&[("Artifact", &properties), ("ArtifactTrash", &properties)], sql),
        [
            "Artifact.digest=artifacts.digest",
            "Artifact.size=artifacts.size",
            "ArtifactTrash.digest=artifact_trash.digest",
            "ArtifactTrash.size=artifact_trash.size",
        ]
    );
}

#[test]
fn attributes_find_the_table_when_the_name_does_not() {
    let sql = "CREATE TABLE acls (id bigint, principal_kind text, principal_ref text, role_ref text, granted_by text);
               CREATE TABLE users (id bigint, email text);";
    let properties = format!("principalKind: {S}, principalRef: {S}, roleRef: {S}, grantedBy: {S}");
    let found = links(&[("RoleMapping", &properties)], sql);
    assert_eq!(found.len(), 4);
    assert!(found.iter().all(|l| l.confidence >= driftline::link::CERTAIN), "{found:?}");
    assert!(found[0].reason.contains("nearly the same attributes"), "{}", found[0].reason);
}

/// Each: what is shown, the entities with their properties, the tables, and the certain links of the last entity.
#[test]
fn ways_in_which_names_differ() {
    let text = |names: &str| names.split(' ').map(|n| format!("{n}: {S}")).collect::<Vec<_>>().join(", ");
    type Entities = &'static [(&'static str, &'static str)];
    let cases: [(&str, Entities, &str, &str); 18] = [
        (
            "columns that begin with a word of their own",
            &[("Space", "parentPath depth isPublic forkPolicy")],
            "CREATE TABLE spc (sp_id text, sp_parent_path text, sp_depth text, sp_is_public text, sp_fork_policy text);",
            "parentPath=spc.sp_parent_path depth=spc.sp_depth isPublic=spc.sp_is_public forkPolicy=spc.sp_fork_policy",
        ),
        (
            "a table with more words in front",
            &[("PreheatPolicy", "filters trigger provider_id")],
            "CREATE TABLE p2p_preheat_policies (id bigint, filters text, trigger text, provider_id text);",
            "filters=p2p_preheat_policies.filters trigger=p2p_preheat_policies.trigger provider_id=p2p_preheat_policies.provider_id",
        ),
        (
            "a small variant of what is certain",
            &[("ApplicationOut", "name rateLimit owner"), ("ApplicationPatch", "name rateLimit notes other")],
            "CREATE TABLE application (id bigint, name text, rate_limit text, owner text);",
            "name=application.name rateLimit=application.rate_limit",
        ),
        (
            "the words of another service",
            &[("EndpointOut", "url secretKey filterTypes"), ("IngestEndpointOut", "url secretKey filterTypes")],
            "CREATE TABLE endpoint (id bigint, url text, secret_key text, filter_types text);",
            "",
        ),
        (
            "an event of another version",
            &[("V1Event", "resourceKey seenAt scope")],
            "CREATE TABLE event (id bigint, resource_key text, seen_at text, scope text); CREATE TABLE v1_task (id bigint);",
            "",
        ),
        (
            "a table that is copied for reading",
            &[("TaskEvent", "eventType retryCount output")],
            "CREATE TABLE task_event (event_type text, retry_count text, output text);
             CREATE TABLE task_events_olap (event_type text, retry_count text, output text);",
            "",
        ),
        (
            "sums over rows",
            &[("SecuritySummary", "critical_cnt high_cnt medium_cnt low_cnt")],
            "CREATE TABLE scan_report (id bigint, critical_cnt text, high_cnt text, medium_cnt text, low_cnt text);",
            "",
        ),
        (
            "other words for moments, and the table's own name",
            &[("Warehouse", "name storageProfile creationTime deleteProfile")],
            "CREATE TABLE warehouse (warehouse_id text, warehouse_name text, storage_profile text, created_at text, delete_profile text);",
            "name=warehouse.warehouse_name storageProfile=warehouse.storage_profile creationTime=warehouse.created_at \
             deleteProfile=warehouse.delete_profile",
        ),
        (
            "two columns that could both be meant",
            &[("Run", "startedBy exitCode created")],
            "CREATE TABLE run (started_by text, exit_code text, created_at text, creation_time text);",
            "startedBy=run.started_by exitCode=run.exit_code",
        ),
        (
            "a package in front of all names",
            &[
                ("TypesA", "a1"), ("TypesB", "b1"), ("TypesC", "c1"), ("TypesD", "d1"), ("TypesE", "e1"), ("TypesF", "f1"),
                ("TypesG", "g1"), ("TypesPipeline", "configPath defaultBranch"),
            ],
            "CREATE TABLE pipelines (config_path text, default_branch text);",
            "configPath=pipelines.config_path defaultBranch=pipelines.default_branch",
        ),
        (
            "a table next to the one that was found",
            &[("Package", "normalizedName defaultChannel appVersion contentUrl readmeFile")],
            "CREATE TABLE package (package_id bigint PRIMARY KEY, normalized_name text, default_channel text);
             CREATE TABLE release (package_id bigint REFERENCES package (package_id), app_version text, content_url text, readme_file text);",
            "normalizedName=package.normalized_name defaultChannel=package.default_channel appVersion=release.app_version \
             contentUrl=release.content_url readmeFile=release.readme_file",
        ),
        (
            "what a foreign key leads to is shown, not stored",
            &[("Job", "workflowName retryLimit timeoutAt")],
            "CREATE TABLE workflows (id bigint PRIMARY KEY, name text, title text);
             CREATE TABLE jobs (workflow_id bigint REFERENCES workflows (id), retry_limit text, timeout_at text);",
            "retryLimit=jobs.retry_limit timeoutAt=jobs.timeout_at",
        ),
        (
            "words in another order, and a key named after its table",
            &[("Repository", "systemsApplicable defaultBranch kind")],
            "CREATE TABLE repository (id bigint, applicable_systems text, default_branch text, repository_kind_id text);",
            "systemsApplicable=repository.applicable_systems defaultBranch=repository.default_branch kind=repository.repository_kind_id",
        ),
        (
            "operations call it like the table",
            &[("executions", "startTime endTime trigger")],
            "CREATE TABLE execution (id bigint, start_time text, end_time text, trigger text, vendor text, extra text);",
            "startTime=execution.start_time endTime=execution.end_time trigger=execution.trigger",
        ),
        (
            "a table with a word more between those of the name",
            &[("UpstreamConfig", "source authType url")],
            "CREATE TABLE upstream_proxy_configs (id bigint, source text, auth_type text, url text);",
            "source=upstream_proxy_configs.source authType=upstream_proxy_configs.auth_type url=upstream_proxy_configs.url",
        ),
        (
            "a request for a few attributes of what it names",
            &[("ChangeWarehouseFormatPolicy", "defaultFormat allowedFormats")],
            "CREATE TABLE warehouse (id bigint, name text, default_format text, allowed_formats text, status text);",
            "defaultFormat=warehouse.default_format allowedFormats=warehouse.allowed_formats",
        ),
        (
            "a role that has what a policy has, and is none",
            &[("Permission", "resource action")],
            "CREATE TABLE permission_policy (id bigint, resource text, action text);",
            "",
        ),
        (
            "columns that are named after the variant",
            &[("Registry", "url region accessKey"), ("RegistryCredential", "accessKey accessSecret region type")],
            "CREATE TABLE registry (url text, region text, access_key text, access_secret text, type text, credential_type text);",
            "accessKey=registry.access_key region=registry.region type=registry.credential_type",
        ),
    ];
    for (what, entities, sql, expected) in cases {
        let schemas: Vec<(&str, String)> = entities.iter().map(|(name, names)| (*name, text(names))).collect();
        let schemas: Vec<(&str, &str)> = schemas.iter().map(|(n, p)| (*n, p.as_str())).collect();
        let last = schemas.last().map(|(name, _)| format!("{name}.")).unwrap_or_default();
        let found = certain(&schemas, sql);
        let found: Vec<&str> = found.iter().filter_map(|l| l.strip_prefix(&last)).collect();
        assert_eq!(found, expected.split_whitespace().collect::<Vec<_>>(), "{what}");
    }
}

/// Values that code is known to translate keep the link certain; keys in another form do not.
#[test]
fn forms_that_code_translates() {
    let cases = [
        ("{type: integer,format: int64}", "timestamptz", true),
        ("{type: string,format: date-time}", "bigint", true),
        ("{type: boolean}", "smallint", true),
        ("{type: string,enum: [a,b]}", "integer", true),
        ("{type: array,items: {type: string}}", "text", true),
        ("{type: object}", "text", true),
        ("{type: string}", "jsonb", true),
        ("{type: string}", "integer", false),
        ("{type: boolean}", "timestamptz", false),
        ("{type: integer}", "text", false),
    ];
    for (property, column, expected) in cases {
        let sql = format!("CREATE TABLE users (id bigint, email text, display_name text, worth {column});");
        let found = certain(&[("User", &format!("email: {S}, displayName: {S}, worth: {property}"))], &sql);
        assert_eq!(found.contains(&"User.worth=users.worth".to_string()), expected, "{property} {column}: {found:?}");
    }
    let sql = "CREATE TABLE users (id bigint, email text, display_name text, team_id integer);";
    let found = certain(&[("User", &format!("email: {S}, displayName: {S}, teamId: {{type: string,enum: [a]}}"))], sql);
    assert!(!found.contains(&"User.teamId=users.team_id".to_string()), "{found:?}");
}

#[test]
fn embedded_objects_stand_in_the_table_of_what_embeds_them() {
    let sql = "CREATE TABLE webhooks (id bigint, event_name text, source_name text, auth__basic__username text,
               auth__hmac__algorithm text, auth__hmac__encoding text, retry_count integer);";
    let webhook = format!(
        "eventName: {S}, sourceName: {S}, basic: {{$ref: '#/components/schemas/BasicAuth'}}, hmac: {{$ref: '#/components/schemas/HmacAuth'}}"
    );
    let schemas = [
        ("Webhook", webhook.as_str()),
        ("BasicAuth", &format!("username: {S}")),
        ("HmacAuth", &format!("algorithm: {S}, encoding: {S}, retryCount: {N}")),
    ];
    let found = links(&schemas, sql);
    let told = |name: &str| {
        let link = found.iter().find(|link| &*link.property == name)?;
        Some((link.column.to_string(), link.confidence))
    };
    assert_eq!(told("HmacAuth.algorithm"), Some(("webhooks.auth__hmac__algorithm".to_string(), 0.9)));
    assert_eq!(told("HmacAuth.encoding"), Some(("webhooks.auth__hmac__encoding".to_string(), 0.9)));
    assert_eq!(told("HmacAuth.retryCount"), None, "a column that is not named after the object");
    assert_eq!(told("BasicAuth.username"), Some(("webhooks.auth__basic__username".to_string(), 0.75)));
}

/// What is likely and no more: the links of the last entity that are not certain.
#[test]
fn likely_links_show_and_drive_nothing() {
    let text = |names: &str| names.split(' ').map(|n| format!("{n}: {S}")).collect::<Vec<_>>().join(", ");
    type Entities = &'static [(&'static str, &'static str)];
    let people = "CREATE TABLE accounts (id bigint PRIMARY KEY, name text);
        CREATE TABLE members (id bigint PRIMARY KEY, nick_name text, phone_number text, current_location text,
          account_id bigint REFERENCES accounts (id));
        CREATE TABLE member_settings (member_id bigint REFERENCES members (id), data text, favourite_colour text);";
    let cases: [(&str, Entities, &str, &str); 8] = [
        (
            "a word more in the column",
            &[("Member", "nickName phoneNumber location")],
            people,
            "location=members.current_location",
        ),
        (
            "named after what the key leads to",
            &[("Member", "nickName phoneNumber accountName")],
            people,
            "accountName=accounts.name",
        ),
        ("called like the key", &[("Member", "nickName phoneNumber account")], people, "account=accounts.name"),
        (
            "held by a table that is named after both",
            &[("Member", "nickName phoneNumber settings")],
            people,
            "settings=member_settings.data",
        ),
        (
            "in one of the tables around",
            &[("Member", "nickName phoneNumber favouriteColour")],
            people,
            "favouriteColour=member_settings.favourite_colour",
        ),
        (
            "like another entity that is certain",
            &[
                ("Member", "nickName phoneNumber badge rank shelf"),
                ("LookupByTemplate", "nickName phoneNumber badge rank colour"),
            ],
            people,
            "nickName=members.nick_name phoneNumber=members.phone_number",
        ),
        (
            "named after another row of the same table",
            &[("Job", "retryLimit timeoutAt parentJobTitle")],
            "CREATE TABLE jobs (uuid uuid PRIMARY KEY, retry_limit text, timeout_at text, title text,
               parent_job_uuid uuid REFERENCES jobs (uuid));",
            "parentJobTitle=jobs.title",
        ),
        (
            "read through a view of that name",
            &[("ActiveMember", "nickName phoneNumber")],
            "CREATE TABLE people_of_all_kinds (id bigint, nick text, phone text);
             CREATE VIEW active_members AS SELECT nick AS nick_name, phone AS phone_number FROM people_of_all_kinds;",
            "nickName=active_members.nick_name phoneNumber=active_members.phone_number",
        ),
    ];
    for (what, entities, sql, expected) in cases {
        let schemas: Vec<(&str, String)> = entities.iter().map(|(name, names)| (*name, text(names))).collect();
        let schemas: Vec<(&str, &str)> = schemas.iter().map(|(n, p)| (*n, p.as_str())).collect();
        let last = schemas.last().map(|(name, _)| format!("{name}.")).unwrap_or_default();
        let found = links(&schemas, sql);
        let found = found.iter().filter(|l| l.confidence < driftline::link::CERTAIN);
        let found: Vec<String> =
            found.filter_map(|l| Some(format!("{}={}", l.property.strip_prefix(&last)?, l.column))).collect();
        assert_eq!(found, expected.split_whitespace().collect::<Vec<_>>(), "{what}");
    }
}

#[test]
fn hints_decide() {
    let with_hint = contract(&[("Canvas", "title: {x-column: name}")])
        .replace("      type: object\n", "      type: object\n      x-table: workflows\n");
    let sql = "CREATE TABLE workflows (id bigint, name text); CREATE TABLE canvases (id bigint, title text);";
    let files = [
        ("openapi.yaml".to_string(), with_hint.into_bytes()),
        ("db/migrations/000001_init.up.sql".to_string(), sql.as_bytes().to_vec()),
    ];
    let found = understand(&Tree::from_memory("head", files), &Config::default()).links;
    let found: Vec<_> = found.iter().map(|l| (&*l.property, &*l.column, l.confidence)).collect();
    assert_eq!(found, [("Canvas.title", "workflows.name", 1.0)]);
}

/// Every table and schema with the same names: all pairs would be 250,000.
#[test]
fn many_entities_are_linked_in_little_time() {
    let names: Vec<String> = (0..500).map(|n| format!("Thing{n}x")).collect();
    let properties = format!("id: {N}, name: {S}, status: {S}, createdAt: {S}, owner: {S}");
    let schemas: Vec<(&str, &str)> = names.iter().map(|n| (n.as_str(), properties.as_str())).collect();
    let sql: String = (0..500)
        .map(|n| {
            format!("CREATE TABLE thing{n}x (id bigint, name text, status text, created_at timestamptz, owner text);\n")
        })
        .collect();
    assert_eq!(links(&schemas, &sql).len(), 2500);
}

/// Every schema shares its words with every table, and nothing else: 4,000,000 pairs that nobody looks at.
#[test]
fn common_words_lead_nowhere() {
    let names: Vec<String> = (0..2000).map(|n| format!("UserOther{n}Thing")).collect();
    let properties: Vec<String> = (0..2000).map(|n| format!("name: {S}, status: {S}, prop{n}: {S}")).collect();
    let schemas: Vec<(&str, &str)> = names.iter().zip(&properties).map(|(n, p)| (n.as_str(), p.as_str())).collect();
    let mut sql: String = (0..2000)
        .map(|n| format!("CREATE TABLE user_k{n}_thing (id bigint, name text, status text, col{n} text);\n"))
        .collect();
    sql.push_str("CREATE TABLE other (id bigint); CREATE TABLE another (id bigint);");
    assert_eq!(links(&schemas, &sql).len(), 0);
}

#[test]
fn settled_links_come_first_and_forbid_guesses() {
    let sql = "CREATE TABLE workflows (id bigint PRIMARY KEY, label text, owner_email text);\n\
        CREATE TABLE users (id bigint PRIMARY KEY, email text, display_name text);";
    let schemas = [
        ("Canvas", "id: {type: integer}, label: {type: string}"),
        ("User", "id: {type: integer}, email: {type: string}, display_name: {type: string}"),
    ];
    let links = |settled: &str| -> Vec<String> {
        let files = [
            ("openapi.yaml".to_string(), contract(&schemas).into_bytes()),
            ("db/migrations/000001_init.up.sql".to_string(), sql.as_bytes().to_vec()),
        ];
        let config = driftline::config::parse(settled.as_bytes(), "driftline.yaml").expect(settled);
        let understood = understand(&Tree::from_memory("head", files), &config);
        let mut found: Vec<String> = understood
            .links
            .iter()
            .filter(|l| l.confidence >= driftline::link::CERTAIN)
            .map(|l| format!("{}={}", l.property, l.column))
            .collect();
        found.sort();
        found
    };
    let guessed = ["User.display_name=users.display_name", "User.email=users.email", "User.id=users.id"];
    assert_eq!(links(""), guessed);
    let canvas = ["Canvas.id=workflows.id", "Canvas.label=workflows.label"];
    assert_eq!(links("links: {Canvas: workflows}"), [&canvas[..], &guessed[..]].concat());
    assert_eq!(links("links: {User: none}"), Vec::<String>::new());
    assert_eq!(links("links: {User.email: none}"), ["User.display_name=users.display_name", "User.id=users.id"]);
    assert_eq!(
        links("links: {User.email: workflows.owner_email}"),
        ["User.display_name=users.display_name", "User.email=workflows.owner_email", "User.id=users.id"]
    );
}

#[test]
fn settled_names_that_do_not_exist_are_said() {
    let file = |path: &str, text: String| (path.to_string(), text);
    let files = [
        file("openapi.yaml", contract(&[("User", "email: {type: string}")])),
        file("db/migrations/000001_init.up.sql", USERS.to_string()),
        file("driftline.yaml", "links: {Usr: users, User.email: users.mail}\n".to_string()),
    ];
    let notes = support::compare(&files, &files).notes;
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(
        notes[0].contains("`users.mail`, which is no table or column of head; did you mean `users.email`?"),
        "{notes:?}"
    );
    assert!(notes[1].contains("`Usr`, which is no schema or property of head; did you mean `User`?"), "{notes:?}");
}

#[test]
fn a_table_that_another_contract_shows_is_a_doubtful_proposal() {
    let mine = [("User", "id: {type: integer}, email: {type: string}, display_name: {type: string}")];
    let theirs =
        [("Invited", "email: {type: string}, display: {type: string}, lead: {type: string}, group: {type: string}")];
    let sql = "CREATE TABLE users (id bigint PRIMARY KEY, email text, display_name text, display text, lead text);";
    let proposed = |contracts: &[&[(&str, &str)]]| {
        let mut files = vec![("db/migrations/000001_init.up.sql".to_string(), sql.as_bytes().to_vec())];
        let texts = contracts.iter().enumerate();
        files.extend(texts.map(|(at, schemas)| (format!("api{at}/openapi.yaml"), contract(schemas).into_bytes())));
        let config = Config::default();
        let proposals = understand(&Tree::from_memory("head", files), &config).proposals(&config);
        proposals.iter().map(|p| (p.entity.to_string(), p.table.to_string(), p.likely)).collect::<Vec<_>>()
    };
    let proposal = |likely| vec![("Invited".to_string(), "users".to_string(), likely)];
    assert_eq!(proposed(&[&theirs]), proposal(true));
    assert_eq!(proposed(&[&theirs, &mine]), proposal(false));
}
