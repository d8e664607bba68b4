//! Where a branch began: the default branch, the merge base, and whether a shallow clone can be trusted with it.

use std::collections::{BTreeMap, BTreeSet};

use git2::{ErrorCode, Oid};

use super::error::{Error, Provider};
use super::repository::{Repo, git_error};

/// Which CI system set these variables.
pub fn provider(variables: &BTreeMap<String, String>) -> Provider {
    let table = [
        ("GITHUB_ACTIONS", Provider::GitHub),
        ("GITHUB_BASE_REF", Provider::GitHub),
        ("GITLAB_CI", Provider::GitLab),
        ("CI_MERGE_REQUEST_DIFF_BASE_SHA", Provider::GitLab),
        ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", Provider::GitLab),
        ("BITBUCKET_PR_DESTINATION_BRANCH", Provider::Bitbucket),
        ("SYSTEM_PULLREQUEST_TARGETBRANCH", Provider::Azure),
    ];
    table.iter().find(|(name, _)| set(variables, name).is_some()).map_or(Provider::Local, |(_, provider)| *provider)
}

fn set<'a>(variables: &'a BTreeMap<String, String>, name: &str) -> Option<&'a str> {
    variables.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
}

/// Variables that name the base of a pull request, in the order in which they are asked. One that is set decides:
/// going on to another base would compare with something nobody asked for.
const VARIABLES: [&str; 6] = [
    "GITHUB_BASE_REF",
    "CI_MERGE_REQUEST_DIFF_BASE_SHA",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
    "BITBUCKET_PR_DESTINATION_BRANCH",
    "SYSTEM_PULLREQUEST_TARGETBRANCH",
    "CHANGE_TARGET",
];

/// The revision to compare with when none was named: the configured one, the target of the pull request, the remote's
/// default branch, `main` or `master`.
pub fn default_branch(
    repo: &Repo,
    configured: Option<&str>,
    variables: &BTreeMap<String, String>,
) -> Result<String, Error> {
    if let Some(base) = configured {
        // A fresh clone knows the branch only as the remote's.
        let remote = format!("origin/{base}");
        let known = [base, remote.as_str()].into_iter().find(|name| repo.try_commit(name).is_some());
        return Ok(known.unwrap_or(base).to_string());
    }
    for variable in VARIABLES {
        let Some(value) = set(variables, variable) else { continue };
        let name = value.strip_prefix("refs/heads/").unwrap_or(value);
        let known = [format!("origin/{name}"), name.to_string()].into_iter().find(|n| repo.try_commit(n).is_some());
        if let Some(known) = known {
            return Ok(known);
        }
        // The checkout of a pull request's merge commit: its first parent is the tip of the base.
        let merged = set(variables, "GITHUB_REF").is_some_and(|r| r.starts_with("refs/pull/") && r.ends_with("/merge"));
        if variable == "GITHUB_BASE_REF" && merged && repo.try_commit("HEAD^2").is_some() {
            return Ok("HEAD^1".to_string());
        }
        let (variable, name) = (variable.to_string(), name.to_string());
        return Err(Error::BaseNotFetched { variable, name, provider: repo.provider });
    }
    let usual = ["origin/HEAD", "origin/main", "origin/master", "main", "master"];
    match usual.into_iter().find(|name| repo.try_commit(name).is_some()) {
        Some("origin/HEAD") => Ok(remote_head(repo)),
        Some(name) => Ok(name.to_string()),
        None => match repo.head() {
            Err(error @ Error::Empty { .. }) => Err(error),
            _ => Err(Error::NoDefaultBranch),
        },
    }
}

/// What `origin/HEAD` stands for.
fn remote_head(repo: &Repo) -> String {
    let reference = repo.git.find_reference("refs/remotes/origin/HEAD").ok();
    let target = reference.and_then(|r| r.symbolic_target().ok().flatten().map(str::to_string));
    target.and_then(|t| t.strip_prefix("refs/remotes/").map(str::to_string)).unwrap_or_else(|| "origin/HEAD".into())
}

/// The merge base of two commits, if this clone can be trusted with it.
///
/// A shallow clone can hold an older common ancestor while the right one is missing, so there the answer `m` counts
/// only if `m` is one of the tips, or if it is the only one and every commit at which the history is cut off, as far
/// as the tips reach it, is `m` or an ancestor of `m`.
pub fn merge_base(repo: &Repo, (base, base_name): (Oid, &str), (head, head_name): (Oid, &str)) -> Result<Oid, Error> {
    if base == head {
        return Ok(base);
    }
    let too_short = || Error::TooShort { base: base_name.into(), head: head_name.into(), provider: repo.provider };
    let shallow = repo.git.is_shallow();
    let bases = match repo.git.merge_bases(base, head) {
        Ok(bases) => bases,
        Err(_) if shallow => return Err(too_short()),
        Err(e) if e.code() == ErrorCode::NotFound => {
            return Err(Error::NoMergeBase { base: base_name.into(), head: head_name.into() });
        }
        Err(e) => return Err(git_error("looking for the merge base", &e)),
    };
    let Some(found) = bases.first().copied() else { return Err(too_short()) };
    if !shallow || found == base || found == head {
        return Ok(found);
    }
    if bases.len() != 1 {
        return Err(too_short());
    }
    let cut = boundary(repo);
    let beyond = || -> Result<bool, git2::Error> {
        let mut walk = repo.git.revwalk()?;
        walk.push(base)?;
        walk.push(head)?;
        walk.hide(found)?;
        for commit in walk {
            if cut.contains(&commit?) {
                return Ok(true);
            }
        }
        Ok(false)
    };
    match beyond() {
        Ok(false) => Ok(found),
        _ => Err(too_short()),
    }
}

/// The commits at which a shallow clone's history is cut off.
pub fn boundary(repo: &Repo) -> BTreeSet<Oid> {
    let text = std::fs::read_to_string(repo.git.commondir().join("shallow")).unwrap_or_default();
    text.lines().filter_map(|line| Oid::from_str_ext(line.trim(), repo.git.object_format()).ok()).collect()
}
