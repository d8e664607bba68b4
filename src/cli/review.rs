//! `check --output github-review` and `gitlab-review`: the options, and the document.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;

use crate::config::nearest::nearest;
use crate::model::patch::Patch;
use crate::report::review::{self, Context, Provider, Refs};
use crate::report::{Report, markdown};

use super::args::Global;
use super::format::{Format, Target};
use super::{Failure, output, settings};

/// Options of the outputs github-review and gitlab-review.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "Review bots (github-review, gitlab-review)")]
pub struct ReviewArgs {
    /// Print only this part of the review: review, files, summary, discussions, note, resolved, left_out
    #[arg(long, value_name = "PART")]
    pub part: Option<String>,
    /// What was posted before: fingerprints, or the comments as the provider lists them; only new comments are printed
    #[arg(long, value_name = "FILE")]
    pub posted: Vec<PathBuf>,
    /// Tells the comments of several jobs apart [default: default]
    #[arg(long, value_name = "KEY", value_parser = key)]
    pub review_key: Option<String>,
    /// Ask for changes when there are errors, which holds the merge (GitHub)
    #[arg(long)]
    pub request_changes: bool,
    /// The commits of the merge request, as its `diff_refs` name them (GitLab)
    #[arg(long, value_name = "BASE,START,HEAD", value_parser = refs)]
    pub gitlab_refs: Option<Refs>,
}

/// It stands in an HTML comment.
fn key(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || ['.', '_', ':', '/'].contains(&c);
    let part = |part: &str| !part.is_empty() && part.chars().all(fits);
    if text.len() <= 100 && text.split('-').all(part) {
        Ok(text.to_string())
    } else {
        Err("use letters, digits, `.`, `_`, `:`, `/` and single `-` between them, at most 100".to_string())
    }
}

fn refs(text: &str) -> Result<Refs, String> {
    let hash = |hash: &str| (hash.len() >= 7 && hash.bytes().all(|b| b.is_ascii_hexdigit())).then(|| hash.to_string());
    match text.split(',').map(|part| hash(part.trim())).collect::<Vec<_>>().as_slice() {
        [Some(base), Some(start), Some(head)] => {
            Ok(Refs { base: Some(base.clone()), start: Some(start.clone()), head: Some(head.clone()) })
        }
        _ => Err("three hashes are needed: base_sha,start_sha,head_sha of the merge request's diff_refs".to_string()),
    }
}

/// Whose review a format is.
pub fn provider(format: Format) -> Option<Provider> {
    match format {
        Format::GithubReview => Some(Provider::GitHub),
        Format::GitlabReview => Some(Provider::GitLab),
        _ => None,
    }
}

/// Refuses what would be ignored.
pub fn check(args: &ReviewArgs, targets: &[Target]) -> Result<(), Failure> {
    let providers: Vec<Provider> = targets.iter().filter_map(|target| provider(target.format)).collect();
    if providers.is_empty() && (ReviewArgs { review_key: None, ..args.clone() }) != ReviewArgs::default() {
        return Err(Failure::new(
            "an option of reviews was given, but no review is asked for",
            "add `--output github-review` or `--output gitlab-review`",
        ));
    }
    let of_one = [
        (args.request_changes, Provider::GitHub, "--request-changes", "github-review"),
        (args.gitlab_refs.is_some(), Provider::GitLab, "--gitlab-refs", "gitlab-review"),
    ];
    if let Some((_, _, option, format)) = of_one.iter().find(|(given, of, ..)| *given && !providers.contains(of)) {
        return Err(Failure::new(
            format!("`{option}` says nothing about the reviews that are asked for"),
            format!("leave it out, or add `--output {format}`"),
        ));
    }
    let Some(part) = &args.part else { return Ok(()) };
    for provider in providers {
        let parts = provider.parts();
        if !parts.contains(&part.as_str()) {
            let hint = match nearest(part, parts.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its parts are {}", parts.join(", ")),
            };
            return Err(Failure::new(format!("this review has no part `{part}`"), hint));
        }
    }
    Ok(())
}

/// What reviews need beside the report; says what keeps them from being posted.
pub fn context(
    args: &ReviewArgs,
    global: &Global,
    targets: &[Target],
    patch: Option<Patch>,
) -> Result<Context, Failure> {
    let Some(patch) = patch else {
        return Err(Failure::new(
            "a review is about lines of a pull request, and what is compared is no repository",
            "compare two revisions, or print `--output markdown` for a comment",
        ));
    };
    let mut posted = BTreeSet::new();
    for file in &args.posted {
        let bytes = std::fs::read(settings::path(global, file)).map_err(|e| {
            Failure::new(
                format!("cannot read `{}`: {}", file.display(), output::reason(&e)),
                "give `--posted` a file with the comments that were posted before; an empty one when there are none",
            )
        })?;
        posted.extend(review::fingerprints(&String::from_utf8_lossy(&bytes), args.key()));
    }
    if patch.head.is_none() {
        output::message(
            "note: the head is no commit, so this review cannot be posted; `--head HEAD` makes one that can",
        );
    }
    let refs = args.gitlab_refs.clone().unwrap_or_default();
    let gitlab = targets.iter().any(|target| target.format == Format::GitlabReview);
    match (&refs.base, &refs.head) {
        (None, _) if gitlab => output::message(
            "note: base_sha and start_sha are null; `--gitlab-refs BASE,START,HEAD` fills in what the merge request's diff_refs say",
        ),
        (Some(base), Some(head)) => {
            let same = |refs: &str, ours: &str| ours.starts_with(refs);
            if !same(base, &patch.base) || patch.head.as_ref().is_some_and(|ours| !same(head, ours)) {
                output::message(&format!(
                    "note: the lines are those of {} → {}, which is not what `--gitlab-refs` says; some may be refused",
                    patch.base,
                    patch.head.as_deref().unwrap_or("the working tree"),
                ));
            }
        }
        _ => {}
    }
    let key = args.key().to_string();
    Ok(Context { patch, key, posted, request_changes: args.request_changes, refs })
}

impl ReviewArgs {
    /// The key of all comments.
    pub fn key(&self) -> &str {
        self.review_key.as_deref().unwrap_or(markdown::KEY)
    }
}

/// The document of a format that is a review.
pub fn text(report: &Report, context: Option<&Context>, format: Format, args: &ReviewArgs) -> Option<String> {
    Some(review::render(report, context?, provider(format)?, args.part.as_deref()))
}
