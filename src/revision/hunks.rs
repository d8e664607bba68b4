//! The lines of a change that a code review shows: merge base against head, three lines of context.
//!
//! Providers show this difference whatever base was chosen for the verdict. A comment on any other line is refused (by
//! GitHub together with the whole review), so everything doubtful is left out: what is binary, what is too long to be
//! shown, and the unchanged lines of a file of which it is open whether the provider takes it for renamed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use git2::{
    Delta, Diff, DiffFindOptions, DiffLineType, DiffOptions, ErrorCode, Index, Oid, Repository, Tree as GitTree,
};

use super::base::{merge_base, provider};
use super::error::Error;
use super::open::Compared;
use super::repository::{Repo, git_error};
use super::request::{INDEX, Request};
use crate::model::origin::Text;
use crate::model::patch::{FilePatch, Hunk, LineKind, Patch, PatchLine};

/// Lines around a change that a review shows and takes comments on.
const CONTEXT: u32 = 3;
/// Larger files are not compared line by line.
const LARGEST: i64 = 20_000_000;
/// What of one file is shown and takes comments. GitHub documents 20,000 lines and 500 KB ("Limits for viewing content and
/// diffs in a repository") and was seen to leave out 374 KB (derailed-dash/gemini-review-action#50); what all files have
/// together does not matter (reviewdog/reviewdog#1696), but it lists no more than 3,000 of them.
const FILE_LINES: usize = 20_000;
const FILE_BYTES: usize = 250_000;
const FILES: usize = 3_000;
/// Shares of equal lines from which a file counts as renamed: git's own is 50 %, GitLab's server asks for 30 %. Above
/// `SURE` all of them agree, below `DOUBTFUL` none takes it for a rename.
const SURE: u16 = 70;
const DOUBTFUL: u16 = 30;
/// As git's `diff.renameLimit`.
const RENAMES: usize = 1_000;

/// What a review of this comparison shows; `None` for folders and files outside of git.
pub fn patch(dir: &Path, request: &Request, compared: &Compared) -> Result<Option<Patch>, Error> {
    if compared.root.is_none() {
        return Ok(None);
    }
    let repo = Repo::discover(dir, provider(&request.variables))?;
    let head = match &compared.head.commit {
        Some(hash) => (oid(&repo, hash)?, compared.head.spec.as_str()),
        None => (repo.head()?, "HEAD"),
    };
    let base = match (&compared.merge_base, &compared.base.commit) {
        (Some(hash), _) => oid(&repo, hash)?,
        (None, Some(hash)) => merge_base(&repo, (oid(&repo, hash)?, &compared.base.spec), head)?,
        (None, None) => head.0,
    };
    let wanted = match compared.head.commit {
        Some(_) => Head::Commit(head.0),
        None if compared.head.spec == INDEX => {
            Head::Index(request.variables.get("GIT_INDEX_FILE").map(|file| repo.root().join(file)))
        }
        None => Head::Worktree,
    };
    let files = files(&repo.git, base, &wanted).map_err(|e| match e.code() {
        ErrorCode::NotFound => Error::Unsupported {
            what: "a partial clone in which changed files are missing",
            remedy: "a review needs all lines of the change; `git fetch --refetch --no-filter` fetches them",
        },
        _ => git_error("comparing line by line", &e),
    })?;
    Ok(Some(Patch { base: base.to_string(), head: compared.head.commit.clone(), files }))
}

enum Head {
    Commit(Oid),
    Index(Option<std::path::PathBuf>),
    Worktree,
}

fn oid(repo: &Repo, hash: &str) -> Result<Oid, Error> {
    Oid::from_str_ext(hash, repo.git.object_format()).map_err(|e| git_error("reading a hash", &e))
}

fn files(git: &Repository, base: Oid, head: &Head) -> Result<Vec<FilePatch>, git2::Error> {
    let base = git.find_commit(base)?.tree()?;
    let mut diff = difference(git, &base, head)?;
    let renames = renames(&mut diff, DOUBTFUL)?;
    // libgit2 looks for renames once in a difference.
    let sure = match renames.is_empty() {
        true => BTreeMap::new(),
        false => self::renames(&mut difference(git, &base, head)?, SURE)?,
    };
    let stays = diff.deltas().filter(|delta| delta.status() != Delta::Deleted);
    let in_head: BTreeSet<Text> = stays.filter_map(|delta| path(delta.new_file())).collect();
    let mut files = Vec::new();
    for (index, delta) in diff.deltas().enumerate() {
        let (old, new) = match delta.status() {
            Delta::Added | Delta::Untracked => (false, true),
            Delta::Deleted => (true, false),
            Delta::Modified | Delta::Renamed | Delta::Typechange | Delta::Conflicted => (true, true),
            _ => continue,
        };
        let old_path = old.then(|| path(delta.old_file()));
        let new_path = new.then(|| path(delta.new_file()));
        // With one name that cannot be written, the other would stand for another change.
        let (None | Some(Some(_)), None | Some(Some(_))) = (&old_path, &new_path) else { continue };
        let (old_path, new_path) = (old_path.flatten(), new_path.flatten());
        // What became a link, or another kind of file, is deleted for libgit2 and still there for git.
        let still_there =
            delta.status() == Delta::Renamed && old_path.as_ref().is_some_and(|old| in_head.contains(old));
        let doubtful = still_there || new_path.as_ref().is_some_and(|path| renames.get(path) != sure.get(path));
        let shown = if files.len() < FILES { hunks(&diff, index)? } else { Shown::default() };
        let fits = shown.bytes <= FILE_BYTES && shown.lines <= FILE_LINES;
        let hunks = match (fits, doubtful) {
            (false, _) => Vec::new(),
            (true, false) => shown.hunks,
            (true, true) => shown.hunks.iter().flat_map(only_added).collect(),
        };
        files.push(FilePatch { old_path, new_path, hunks });
    }
    Ok(files)
}

fn difference<'a>(git: &'a Repository, base: &GitTree<'_>, head: &Head) -> Result<Diff<'a>, git2::Error> {
    let mut options = DiffOptions::new();
    options
        .context_lines(CONTEXT)
        .interhunk_lines(0)
        .indent_heuristic(true)
        .max_size(LARGEST)
        .ignore_submodules(true)
        .include_untracked(true)
        .recurse_untracked_dirs(true)
        .show_untracked_content(true);
    match head {
        Head::Commit(id) => {
            let tree = git.find_commit(*id)?.tree()?;
            git.diff_tree_to_tree(Some(base), Some(&tree), Some(&mut options))
        }
        Head::Index(file) => {
            let index = match file {
                Some(file) => Index::open_ext(file, git.object_format())?,
                None => git.index()?,
            };
            git.diff_tree_to_index(Some(base), Some(&index), Some(&mut options))
        }
        Head::Worktree => git.diff_tree_to_workdir_with_index(Some(base), Some(&mut options)),
    }
}

/// New and old path of what counts as renamed when this share of lines is equal.
fn renames(diff: &mut Diff<'_>, share: u16) -> Result<BTreeMap<Text, Text>, git2::Error> {
    let mut find = DiffFindOptions::new();
    find.renames(true).rename_threshold(share).rename_limit(RENAMES).dont_ignore_whitespace(true).for_untracked(true);
    diff.find_similar(Some(&mut find))?;
    let renamed = diff.deltas().filter(|delta| delta.status() == Delta::Renamed);
    Ok(renamed.filter_map(|delta| Some((path(delta.new_file())?, path(delta.old_file())?))).collect())
}

/// A path that providers and reports can name.
fn path(file: git2::DiffFile<'_>) -> Option<Text> {
    file.path_bytes().and_then(|path| std::str::from_utf8(path).ok()).map(Text::from)
}

/// What is shown of one file.
#[derive(Default)]
struct Shown {
    hunks: Vec<Hunk>,
    lines: usize,
    bytes: usize,
}

fn hunks(diff: &Diff<'_>, index: usize) -> Result<Shown, git2::Error> {
    let mut shown = Shown::default();
    let Some(patch) = git2::Patch::from_diff(diff, index)? else { return Ok(shown) };
    for at in 0..patch.num_hunks() {
        let (header, count) = patch.hunk(at)?;
        let (mut old, mut new) = (header.old_start(), header.new_start());
        let mut lines = Vec::with_capacity(count);
        for number in 0..count {
            let line = patch.line_in_hunk(at, number)?;
            let kind = match line.origin_value() {
                DiffLineType::Context => LineKind::Context,
                DiffLineType::Addition => LineKind::Added,
                DiffLineType::Deletion => LineKind::Deleted,
                // "No newline at end of file" is no line of either side.
                _ => continue,
            };
            lines.push(PatchLine { kind, old, new });
            old += u32::from(kind != LineKind::Added);
            new += u32::from(kind != LineKind::Deleted);
            shown.lines += 1;
            shown.bytes += line.content().len() + 1;
        }
        shown.hunks.push(Hunk { lines });
        if shown.lines > FILE_LINES || shown.bytes > FILE_BYTES {
            break;
        }
    }
    Ok(shown)
}

/// The runs of added lines: they are shown whether the file is taken for renamed or for new.
fn only_added(hunk: &Hunk) -> Vec<Hunk> {
    let runs = hunk.lines.split(|line| line.kind != LineKind::Added).filter(|run| !run.is_empty());
    runs.map(|run| Hunk { lines: run.to_vec() }).collect()
}
