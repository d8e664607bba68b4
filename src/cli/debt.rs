//! `driftline debt`: what contract and schema owe.

use clap::Args;

use crate::check::trend::{self, Measure};
use crate::check::{self, Settings};
use crate::config::FailOnDebt;
use crate::config::nearest::nearest;
use crate::debt::{Count, Filter, Point, Standing, Trend, names_any, same};
use crate::policy::Verdict;
use crate::report::debt::{Asked, Owed, What, csv, html, json, markdown, text};
use crate::report::terminal::Options;
use crate::report::{Comparison, Revision};
use crate::revision::{self, Compared, INDEX, Request, Tree, WORKTREE};
use crate::rules::{self, Status};

use super::args::Global;
use super::environment::Environment;
use super::format::{Format, Target};
use super::past::{self, Known, PastArgs};
use super::progress::Progress;
use super::{Ended, Failure, output, settings, words};

#[derive(Debug, Clone, Args)]
pub struct DebtArgs {
    /// REV, A..B or A...B; WORKTREE, a folder or a file; by default HEAD
    pub revision: Option<String>,
    /// Only findings of this rule; * stands for any text (repeatable)
    #[arg(long, value_name = "ID", value_parser = words::text(words::rules), hide_possible_values = true)]
    pub rule: Vec<String>,
    /// Only findings about this table or schema, or this part of it; * stands for any text (repeatable)
    #[arg(long, value_name = "NAME")]
    pub entity: Vec<String>,
    /// Only findings in files of this owner in CODEOWNERS; `none` for files of nobody (repeatable)
    #[arg(long, value_name = "NAME")]
    pub owner: Vec<String>,
    /// Show how it moved, measured at so many commits of the range or of the whole history
    #[arg(long, value_name = "POINTS", num_args = 0..=1, require_equals = true, default_missing_value = "24")]
    pub trend: Option<usize>,
    /// Exit with 1 when A..B adds debt, as `fail-on-debt: introduced` does
    #[arg(long)]
    pub fail_on_debt: bool,
    /// Exit with 0 in place of 1
    #[arg(long)]
    pub exit_zero: bool,
    /// Leave nothing out
    #[arg(long)]
    pub all: bool,
    /// Neither read nor write what earlier runs kept
    #[arg(long)]
    pub no_cache: bool,
    /// text, markdown, html, json or csv (of the trend); FORMAT, FORMAT=FILE or FILE.EXT
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = Target::parse)]
    pub output: Vec<Target>,
}

/// What this command prints.
const FORMATS: [Format; 5] = [Format::Text, Format::Markdown, Format::Html, Format::Json, Format::Csv];

pub fn run(args: &DebtArgs, global: &Global, environment: &Environment) -> Result<Ended, Failure> {
    output::check_targets(&args.output, &FORMATS)?;
    check(args)?;
    let settings = settings::of(global, environment)?;
    let opened = open(args, &settings, global, environment)?;
    let known = history(opened.head(), args, global, environment)?;
    let standing = standing(&opened, known.as_ref(), &settings, args, global, environment)?;
    named(args, &standing)?;
    let trend = match (args.trend, &known) {
        (None, _) => None,
        (Some(points), Some(known)) => Some(trend(points, &opened, known, &standing, args, global, environment)?),
        (Some(_), None) => {
            return Err(Failure::new(
                format!("`{}` has no history", opened.head().spec),
                "a trend needs a repository: name a revision, or none for HEAD",
            ));
        }
    };
    let config = settings.config(opened.head())?;
    let filter = Filter { rules: args.rule.clone(), entities: args.entity.clone(), owners: args.owner.clone() };
    let asked = Asked {
        what: opened.what(),
        chosen: chosen(args),
        filter: &filter,
        budgets: &config.budgets,
        ratchet: args.fail_on_debt || config.fail_on_debt == FailOnDebt::Introduced,
        today: settings.today,
    };
    let owed = Owed::new(standing, trend, asked);
    output::write_all(&args.output, global, |target| match (target.format, &owed.trend) {
        (Format::Json, _) => json::render(&owed),
        (Format::Markdown, _) => markdown::render(&owed),
        (Format::Html, _) => html::render(&owed),
        (Format::Csv, Some(trend)) => csv::render(trend),
        _ => {
            let here = target.file.is_none();
            let columns = environment.columns.filter(|_| here);
            let colours = here && environment.colours(global.color);
            text::render(&owed, Options { colours, columns, all: args.all, links: None })
        }
    })?;
    let verdict = if owed.fails.is_empty() { Verdict::Clean } else { Verdict::Findings };
    Ok(Ended::Judged { verdict, exit_zero: args.exit_zero })
}

/// Refuses what could only surprise.
fn check(args: &DebtArgs) -> Result<(), Failure> {
    if let Some(id) = args.rule.iter().find(|id| !id.contains('*') && rules::find(id).is_none()) {
        return Err(Failure::new(format!("there is no rule `{id}`"), words::hint(id, &words::rules())));
    }
    if args.trend.is_none() && args.output.iter().any(|target| target.format == Format::Csv) {
        return Err(Failure::new("only a trend is a table", "add `--trend`, or use `--output json`"));
    }
    if args.trend.is_some() && !(args.entity.is_empty() && args.owner.is_empty()) {
        return Err(Failure::new(
            "a trend is counted by rule alone",
            "leave out `--entity` and `--owner`, or `--trend`",
        ));
    }
    Ok(())
}

/// Refuses names that nothing has: no findings there would be an all-clear.
fn named(args: &DebtArgs, standing: &Standing) -> Result<(), Failure> {
    let about = |word: &str| {
        let filter = Filter { entities: vec![word.to_string()], ..Filter::default() };
        standing.entries.iter().any(|entry| filter.lets(entry))
    };
    if let Some(word) = args.entity.iter().find(|word| !names_any(word, &standing.names) && !about(word)) {
        let hint = match nearest(word, standing.names.iter().map(|name| &**name)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`driftline model` lists all entities; `*` stands for any text".to_string(),
        };
        return Err(Failure::new(format!("nothing is called `{word}`"), hint));
    }
    if let Some(word) =
        args.owner.iter().find(|word| *word != "none" && !standing.owners.iter().any(|owner| same(word, owner)))
    {
        let hint = match nearest(word, standing.owners.iter().map(|name| &**name)) {
            Some(near) => format!("did you mean `{near}`?"),
            None if standing.owners.is_empty() => "there is no CODEOWNERS, or nobody in it".to_string(),
            None => format!("CODEOWNERS has {}", standing.owners.join(", ")),
        };
        return Err(Failure::new(format!("`{word}` owns nothing"), hint));
    }
    Ok(())
}

/// The options that choose findings.
fn chosen(args: &DebtArgs) -> Option<String> {
    let of = |noun: &str, words: &[String]| (!words.is_empty()).then(|| format!("{noun} {}", words.join(", ")));
    let parts = [of("rule", &args.rule), of("entity", &args.entity), of("owner", &args.owner)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| format!("only {}", parts.join("; ")))
}

/// What was asked for.
enum Opened {
    One(Tree),
    Step(Box<Compared>),
}

impl Opened {
    fn head(&self) -> &Tree {
        match self {
            Self::One(tree) => tree,
            Self::Step(compared) => &compared.head,
        }
    }

    fn what(&self) -> What {
        let of = |tree: &Tree| Revision { spec: tree.spec.clone(), commit: tree.commit.clone() };
        match self {
            Self::One(tree) => What::One(of(tree)),
            Self::Step(compared) => What::Step(Comparison {
                base: of(&compared.base),
                head: of(&compared.head),
                merge_base: compared.merge_base.clone(),
            }),
        }
    }
}

fn open(args: &DebtArgs, settings: &Settings, global: &Global, environment: &Environment) -> Result<Opened, Failure> {
    let dir = settings::folder(global);
    let spec = args.revision.as_deref().unwrap_or("HEAD");
    if !revision::is_range(spec) || dir.join(spec).exists() {
        return Ok(Opened::One(revision::open_one(&dir, Some(spec))?));
    }
    let configured =
        settings.config_file.as_ref().map(|(path, bytes)| crate::config::parse(bytes, path)).transpose()?;
    let request = Request {
        configured_base: configured.and_then(|config| config.base),
        variables: environment.variables.clone(),
        ..Request::of([spec])
    };
    Ok(Opened::Step(Box::new(revision::open(&dir, &request)?)))
}

/// What led to a tree; nothing leads to a folder.
fn history(tree: &Tree, args: &DebtArgs, global: &Global, environment: &Environment) -> Result<Option<Known>, Failure> {
    let spec = match (&tree.commit, tree.spec.as_str()) {
        (Some(commit), _) => commit.as_str(),
        (None, WORKTREE | INDEX) => "HEAD",
        (None, _) => return Ok(None),
    };
    let args = PastArgs { no_cache: args.no_cache, ..PastArgs::default() };
    past::read(Some(spec), &args, global, environment).map(Some)
}

fn standing(
    opened: &Opened,
    known: Option<&Known>,
    settings: &Settings,
    args: &DebtArgs,
    global: &Global,
    environment: &Environment,
) -> Result<Standing, Failure> {
    let past = known.map(|known| &known.past);
    let compared = match opened {
        Opened::One(tree) => {
            let _progress = Progress::start("reading", environment.watched() && global.quiet == 0);
            return Ok(check::debt::standing(tree, settings, past)?);
        }
        Opened::Step(compared) => compared,
    };
    // What led to the base is part of what led to head, unless they went apart.
    let place = |known: &Known| {
        let base = compared.base.commit.as_ref()?;
        known.walk.steps.iter().position(|step| step.id == *base)
    };
    let base = match known.and_then(|known| Some((known, place(known)?))) {
        Some((known, at)) => Some(trend::at_step(&known.walk, &known.past, at)),
        None => history(&compared.base, args, global, environment)?.map(|known| known.past),
    };
    let _progress = Progress::start("comparing", environment.watched() && global.quiet == 0);
    Ok(check::debt::between(compared, settings, (base.as_ref(), past))?)
}

/// How it moved over the range, or over all that led to the revision.
fn trend(
    points: usize,
    opened: &Opened,
    known: &Known,
    standing: &Standing,
    args: &DebtArgs,
    global: &Global,
    environment: &Environment,
) -> Result<Trend, Failure> {
    let stands = standing.entries.iter().filter(|entry| entry.finding.status != Status::Resolved);
    let now = Count::of(stands, standing.entities);
    let committed = opened.head().commit.is_some();
    let steps = match opened {
        Opened::One(_) => usize::MAX,
        Opened::Step(compared) => {
            let base = compared.base.commit.as_deref().unwrap_or("HEAD");
            let range = revision::Range { spec: Some(format!("{base}..{}", known.walk.tip)), all: false };
            // The base itself is where the curve begins.
            revision::walk(&settings::folder(global), &range)?.steps.len() + 1
        }
    };
    let progress = Progress::start("measuring", environment.watched() && global.quiet == 0);
    let counter = progress.counter();
    let count = |done, total| counter.set(done, total);
    let newest = committed.then(|| now.clone());
    let measure = Measure { walk: &known.walk, past: &known.past, steps, points, config: &known.config, newest };
    let mut trend = trend::along(&measure, &known.cache, &past::work(&count))?;
    if !committed {
        let subject = "not committed".to_string();
        trend.points.push(Point { commit: None, date: environment.today(), subject, count: now });
    }
    if !args.rule.is_empty() {
        let wanted = |id: &str| args.rule.iter().any(|word| crate::config::glob::text_matches(word, id));
        trend.points.iter_mut().for_each(|point| point.count.rules.retain(|id, _| wanted(id)));
    }
    Ok(trend)
}
