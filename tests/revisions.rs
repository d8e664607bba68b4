//! Revisions on real repositories, built with git2 in temporary folders and compared with the `git` command where it
//! is installed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use driftline::revision::{Compared, EntryKind, Error, INDEX, Request, Tree, WORKTREE, open, open_one, renames};
use git2::{Oid, Repository, RepositoryInitOptions, Signature, Time};
use tempfile::TempDir;

/// A repository in a temporary folder, with a clock of its own.
struct Repo {
    folder: TempDir,
    git: Repository,
    clock: std::cell::Cell<i64>,
}

impl Repo {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let git = Repository::init_opts(folder.path(), RepositoryInitOptions::new().initial_head("main")).unwrap();
        Self { folder, git, clock: 1_700_000_000.into() }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Commits the working tree on HEAD, with further parents.
    fn commit(&self, message: &str, merged: &[Oid]) -> Oid {
        let mut index = self.git.index().unwrap();
        index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).unwrap();
        index.update_all(["*"], None).unwrap();
        index.write().unwrap();
        let tree = self.git.find_tree(index.write_tree().unwrap()).unwrap();
        self.clock.set(self.clock.get() + 60);
        let who = Signature::new("Ada", "ada@example.com", &Time::new(self.clock.get(), 0)).unwrap();
        let head = self.git.head().ok().and_then(|h| h.target());
        let parents: Vec<_> = head.iter().chain(merged).map(|id| self.git.find_commit(*id).unwrap()).collect();
        let parents: Vec<_> = parents.iter().collect();
        self.git.commit(Some("HEAD"), &who, &who, message, &tree, &parents).unwrap()
    }

    fn branch(&self, name: &str, at: Oid) {
        self.git.branch(name, &self.git.find_commit(at).unwrap(), true).unwrap();
    }

    fn switch(&self, name: &str) {
        self.git.set_head(&format!("refs/heads/{name}")).unwrap();
        self.git.checkout_head(Some(git2::build::CheckoutBuilder::new().force().remove_untracked(true))).unwrap();
    }

    fn open(&self, specs: &[&str]) -> Result<Compared, Error> {
        open(self.path(), &Request::of(specs.iter().copied()))
    }
}

/// `main` and `feature` that left it at the second commit; HEAD is `feature`.
fn story() -> (Repo, BTreeMap<&'static str, Oid>) {
    let repo = Repo::new();
    let mut ids = BTreeMap::new();
    repo.write("openapi.yaml", "openapi: 3.0.0\n");
    repo.write(".gitignore", "*.log\nbuild/\n");
    ids.insert("first", repo.commit("first", &[]));
    repo.write("db/1_a.sql", "create table a (id int);\n");
    ids.insert("second", repo.commit("second: add a", &[]));
    repo.branch("feature", ids["second"]);
    repo.write("main-only.txt", "x");
    ids.insert("third", repo.commit("third", &[]));
    repo.git.reference("refs/tags/v1.0.0", ids["first"], false, "").unwrap();
    repo.switch("feature");
    repo.write("db/2_b.sql", "create table b (id int);\n");
    ids.insert("fourth", repo.commit("fourth", &[]));
    (repo, ids)
}

fn git(dir: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(dir)
        .args(["-c", "user.name=Ada", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always"])
        .args(arguments)
        .output()
        .ok()?;
    assert!(output.status.success() || arguments[0] == "merge-base", "{arguments:?}: {output:?}");
    Some(String::from_utf8(output.stdout).unwrap().trim_end().to_string())
}

fn paths(tree: &Tree) -> Vec<String> {
    tree.entries().map(|(path, _)| path.to_string()).collect()
}

fn text(tree: &Tree, path: &str) -> String {
    String::from_utf8(tree.read(path).unwrap().bytes).unwrap()
}

#[test]
fn without_arguments_the_branch_so_far() {
    let (repo, ids) = story();
    repo.write("new.yaml", "a: 1\n");
    repo.write("noise.log", "x");
    repo.write("build/out.json", "{}");
    repo.write("db/2_b.sql", "create table b (id bigint);\n");
    fs::remove_file(repo.path().join("db/1_a.sql")).unwrap();
    let index = fs::read(repo.path().join(".git/index")).unwrap();

    let compared = repo.open(&[]).unwrap();
    assert_eq!((compared.base.spec.as_str(), compared.head.spec.as_str()), ("main", WORKTREE));
    assert_eq!(compared.merge_base, Some(ids["second"].to_string()));
    assert_eq!(compared.base.commit, compared.merge_base);
    assert_eq!(paths(&compared.base), [".gitignore", "db/1_a.sql", "openapi.yaml"]);
    assert_eq!(paths(&compared.head), [".gitignore", "db/2_b.sql", "new.yaml", "openapi.yaml"]);
    assert_eq!(text(&compared.head, "db/2_b.sql"), "create table b (id bigint);\n");
    assert_eq!(fs::read(repo.path().join(".git/index")).unwrap(), index, "the index was written");

    if let Some(base) = git(repo.path(), &["merge-base", "main", "HEAD"]) {
        assert_eq!(compared.merge_base.unwrap(), base);
        let listed = git(repo.path(), &["ls-files", "-co", "--exclude-standard"]).unwrap();
        let mut listed: Vec<&str> = listed.lines().filter(|path| repo.path().join(path).exists()).collect();
        listed.sort_unstable();
        assert_eq!(paths(&compared.head), listed);
    }
}

#[test]
fn words_for_revisions() {
    let (repo, ids) = story();
    let short = ids["first"].to_string()[..8].to_string();
    let range = format!("{short}..HEAD~1");
    let (first, second, third, fourth) = (Some("first"), Some("second"), Some("third"), Some("fourth"));
    /// Words, and the commits of base, head and merge base.
    type Case<'a> = (&'a [&'a str], Option<&'a str>, Option<&'a str>, Option<&'a str>);
    let cases: &[Case<'_>] = &[
        (&["main"], second, None, second),
        (&["main..feature"], third, fourth, None),
        (&["main...feature"], second, fourth, second),
        (&["main.."], third, fourth, None),
        (&["v1.0.0..main"], first, third, None),
        (&[range.as_str()], first, second, None),
        (&[":/second"], second, None, second),
        (&["main^{/first}..main"], first, third, None),
        (&["HEAD..WORKTREE"], fourth, None, None),
        (&["HEAD..INDEX"], fourth, None, None),
        (&["feature", "main"], fourth, third, None),
    ];
    for (specs, base, head, merge_base) in cases {
        let compared = repo.open(specs).unwrap_or_else(|e| panic!("{specs:?}: {e}"));
        let id = |name: &Option<&str>| name.map(|n| ids[n].to_string());
        assert_eq!(compared.base.commit, id(base), "{specs:?}");
        assert_eq!(compared.head.commit, id(head), "{specs:?}");
        assert_eq!(compared.merge_base, id(merge_base), "{specs:?}");
    }
    let request = Request { base: Some("main".into()), head: Some("feature".into()), ..Request::default() };
    assert_eq!(open(repo.path(), &request).unwrap().merge_base, Some(ids["second"].to_string()));
    let request = Request { no_merge_base: true, ..request };
    assert_eq!(open(repo.path(), &request).unwrap().base.commit, Some(ids["third"].to_string()));
    // From a folder below the root the paths stay the same.
    let below = open(&repo.path().join("db"), &Request::of(["main..feature"])).unwrap();
    assert!(below.head.entry("db/2_b.sql").is_some());
    assert_eq!(open_one(repo.path(), Some("v1.0.0")).unwrap().commit, Some(ids["first"].to_string()));
    assert_eq!(open_one(repo.path(), None).unwrap().spec, WORKTREE);
}

#[test]
fn the_index_is_what_will_be_committed() {
    let (repo, ids) = story();
    repo.write("db/2_b.sql", "-- staged\n");
    let mut index = repo.git.index().unwrap();
    index.add_path(Path::new("db/2_b.sql")).unwrap();
    index.write().unwrap();
    repo.write("db/2_b.sql", "-- later\n");
    repo.write("untracked.sql", "");
    let compared = open(repo.path(), &Request { staged: true, ..Request::default() }).unwrap();
    assert_eq!(compared.base.commit, Some(ids["fourth"].to_string()));
    assert_eq!(compared.head.spec, INDEX);
    assert_eq!(text(&compared.head, "db/2_b.sql"), "-- staged\n");
    assert!(compared.head.entry("untracked.sql").is_none());
    assert_eq!(text(&repo.open(&["HEAD"]).unwrap().head, "db/2_b.sql"), "-- later\n");
}

#[test]
fn conflicts_and_intended_files() {
    let (repo, _) = story();
    let mut index = repo.git.index().unwrap();
    let mut entry = index.get_path(Path::new("openapi.yaml"), 0).unwrap();
    index.remove_path(Path::new("openapi.yaml")).unwrap();
    for (stage, text) in [(1u16, "base\n"), (2, "ours\n"), (3, "theirs\n")] {
        entry.id = repo.git.blob(text.as_bytes()).unwrap();
        entry.flags = (entry.flags & 0xfff) | (stage << 12);
        index.add(&entry).unwrap();
    }
    index.write().unwrap();
    repo.write("openapi.yaml", "<<<<<<< ours\n");
    let compared = repo.open(&["HEAD..INDEX"]).unwrap();
    assert_eq!(text(&compared.head, "openapi.yaml"), "ours\n");
    assert!(compared.notes.iter().any(|note| note.contains("conflicts")), "{:?}", compared.notes);
    assert_eq!(text(&repo.open(&["HEAD"]).unwrap().head, "openapi.yaml"), "<<<<<<< ours\n");

    let (repo, _) = story();
    repo.write("soon.yaml", "a: 1\n");
    if git(repo.path(), &["add", "-N", "soon.yaml"]).is_some() {
        assert!(repo.open(&["HEAD..INDEX"]).unwrap().head.entry("soon.yaml").is_none());
        assert_eq!(text(&repo.open(&["HEAD"]).unwrap().head, "soon.yaml"), "a: 1\n");
    }
}

#[test]
fn equal_contents_have_equal_ids() {
    let (repo, _) = story();
    // Same bytes, other time: still the blob of the commit.
    repo.write("openapi.yaml", "openapi: 3.0.0\n");
    repo.write("copy.yaml", "openapi: 3.0.0\n");
    let compared = repo.open(&["HEAD"]).unwrap();
    let blob = compared.base.entry("openapi.yaml").unwrap().id.clone().unwrap();
    assert_eq!(compared.head.read("openapi.yaml").unwrap().id, blob);
    assert_eq!(compared.head.read("copy.yaml").unwrap().id, blob);
    assert_eq!(compared.head.entry("db/1_a.sql").unwrap().id, compared.base.entry("db/1_a.sql").unwrap().id);

    // A checkout with CRLF is no change.
    repo.git.config().unwrap().set_str("core.autocrlf", "true").unwrap();
    repo.write("openapi.yaml", "openapi: 3.0.0\r\n");
    let compared = repo.open(&["HEAD"]).unwrap();
    assert_eq!(compared.head.read("openapi.yaml").unwrap().id, blob);
}

#[cfg(unix)]
#[test]
fn links_submodules_and_linked_worktrees() {
    let (repo, _) = story();
    std::os::unix::fs::symlink("openapi.yaml", repo.path().join("latest.yaml")).unwrap();
    let (other, ids) = story();
    let mut index = repo.git.index().unwrap();
    let mut entry = index.get_path(Path::new("openapi.yaml"), 0).unwrap();
    (entry.mode, entry.id, entry.path) = (0o160_000, ids["first"], b"sub".to_vec());
    index.add(&entry).unwrap();
    index.add_path(Path::new("latest.yaml")).unwrap();
    index.write().unwrap();
    let tree = repo.git.find_tree(index.write_tree().unwrap()).unwrap();
    let who = Signature::new("Ada", "a@example.com", &Time::new(1, 0)).unwrap();
    let parent = repo.git.head().unwrap().peel_to_commit().unwrap();
    repo.git.commit(Some("HEAD"), &who, &who, "links", &tree, &[&parent]).unwrap();
    drop(other);
    fs::create_dir(repo.path().join("sub")).unwrap();
    std::os::unix::fs::symlink("nowhere", repo.path().join("untracked-link.yaml")).unwrap();
    let compared = repo.open(&["HEAD"]).unwrap();
    for tree in [&compared.base, &compared.head] {
        assert_eq!(tree.entry("latest.yaml").unwrap().kind, EntryKind::Link);
        assert_eq!(text(tree, "latest.yaml"), "openapi.yaml");
    }
    assert_eq!(compared.base.entry("sub").unwrap().kind, EntryKind::Submodule);
    assert_eq!(text(&compared.head, "untracked-link.yaml"), "nowhere");

    let place = TempDir::new().unwrap();
    let at = place.path().join("linked");
    repo.git.worktree("linked", &at, None).unwrap();
    fs::write(at.join("only-here.yaml"), "a: 1\n").unwrap();
    let compared = open(&at, &Request::of(["main"])).unwrap();
    assert!(compared.head.entry("only-here.yaml").is_some());
    assert_eq!(compared.root.unwrap().canonicalize().unwrap(), at.canonicalize().unwrap());
}

#[test]
fn bare_repositories_have_commits_only() {
    let (repo, ids) = story();
    let copy = TempDir::new().unwrap();
    let bare = copy.path().join("copied.git");
    // A copied folder does not say that it is bare.
    copy_folder(&repo.path().join(".git"), &bare);
    for dir in [bare.clone(), bare.join("refs")] {
        let compared = open(&dir, &Request::of(["main...feature"])).unwrap();
        assert_eq!(compared.merge_base, Some(ids["second"].to_string()));
        assert!(compared.head.entry("db/2_b.sql").is_some());
    }
    assert_eq!(open(&bare, &Request::of(["main"])).unwrap().head.spec, "HEAD");
    let error = open(&bare, &Request::of(["main..WORKTREE"])).err().unwrap();
    assert!(matches!(error, Error::Bare { .. }) && error.hint().contains("A..B"), "{error}");
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for item in fs::read_dir(from).unwrap() {
        let item = item.unwrap();
        let target = to.join(item.file_name());
        if item.file_type().unwrap().is_dir() {
            copy_folder(&item.path(), &target);
        } else {
            fs::copy(item.path(), target).unwrap();
        }
    }
}

#[test]
fn errors_say_what_to_do() {
    let (repo, ids) = story();
    let nowhere = TempDir::new().unwrap();
    fs::write(nowhere.path().join("a.yaml"), "").unwrap();
    let empty = Repo::new();
    let orphan = {
        let who = Signature::new("Ada", "a@example.com", &Time::new(1, 0)).unwrap();
        let tree = repo.git.find_commit(ids["first"]).unwrap().tree().unwrap();
        repo.git.commit(Some("refs/heads/orphan"), &who, &who, "orphan", &tree, &[]).unwrap();
        "orphan"
    };
    let unrelated = format!("{orphan}...feature");
    let cases: Vec<(&Path, Vec<&str>, &str, &str)> = vec![
        (nowhere.path(), vec![], "not in a git repository", "driftline check OLD NEW"),
        (Path::new("/no/such/folder"), vec![], "there is no folder", "-C"),
        (repo.path(), vec!["mian"], "no revision `mian`", "did you mean `main`?"),
        (repo.path(), vec!["featur~1..main"], "no revision `featur~1`", "did you mean `feature~1`?"),
        (repo.path(), vec!["zzzzzzzz"], "no revision `zzzzzzzz`", "git fetch"),
        (repo.path(), vec!["HEAD:db"], "is a folder, not a commit", "`HEAD`"),
        (repo.path(), vec![&unrelated], "no common ancestor", "orphan..feature"),
        (repo.path(), vec!["a", "b", "c"], "3 revisions", "A..B"),
        (repo.path(), vec!["openapi.yaml", "nothing.yaml"], "no folder or file `nothing.yaml`", "two files"),
        (empty.path(), vec![], "has no commit yet", "commit once"),
        (empty.path(), vec!["HEAD"], "has no commit yet", "commit once"),
    ];
    for (dir, specs, message, hint) in cases {
        let error = open(dir, &Request::of(specs.iter().copied())).err().unwrap_or_else(|| panic!("{specs:?}"));
        assert!(error.to_string().contains(message), "{specs:?}: {error}");
        assert!(error.hint().contains(hint), "{specs:?}: {}", error.hint());
    }
}

#[cfg(unix)]
#[test]
fn a_repository_of_another_user_is_refused() {
    let (repo, _) = story();
    let gitdir = repo.path().join(".git");
    let mut strangers = vec![repo.path().to_path_buf(), gitdir];
    while let Some(path) = strangers.pop() {
        if std::os::unix::fs::chown(&path, Some(12_345), None).is_err() {
            return; // Only the superuser can make this situation.
        }
    }
    match repo.open(&["HEAD"]) {
        Err(error) => {
            assert!(matches!(error, Error::Ownership { .. }), "{error}");
            assert!(error.hint().contains("git config --global --add safe.directory"), "{}", error.hint());
        }
        Ok(_) => {
            let allowed = git2::Config::open_default().unwrap().snapshot().unwrap();
            assert!(allowed.multivar("safe.directory", None).is_ok(), "opened a stranger's repository");
        }
    }
}

#[test]
fn which_branch_is_the_default() {
    let (repo, ids) = story();
    let base = |request: &Request| open(repo.path(), request).map(|c| c.base.spec);
    let with = |pairs: &[(&str, &str)]| Request {
        variables: pairs.iter().map(|(k, v)| ((*k).to_string(), (*v).to_string())).collect(),
        ..Request::default()
    };
    assert_eq!(base(&Request::default()).unwrap(), "main");
    repo.git.reference("refs/remotes/origin/master", ids["second"], true, "").unwrap();
    assert_eq!(base(&Request::default()).unwrap(), "origin/master");
    repo.git.reference("refs/remotes/origin/develop", ids["second"], true, "").unwrap();
    repo.git.reference_symbolic("refs/remotes/origin/HEAD", "refs/remotes/origin/develop", true, "").unwrap();
    assert_eq!(base(&Request::default()).unwrap(), "origin/develop");

    let third = ids["third"].to_string();
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[("GITHUB_BASE_REF", "master")], "origin/master"),
        (&[("GITHUB_BASE_REF", "")], "origin/develop"),
        (&[("GITHUB_BASE_REF", "main")], "main"),
        (&[("CI_MERGE_REQUEST_DIFF_BASE_SHA", &third), ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "master")], &third),
        (&[("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "master")], "origin/master"),
        (&[("BITBUCKET_PR_DESTINATION_BRANCH", "master")], "origin/master"),
        (&[("SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/master")], "origin/master"),
        (&[("CHANGE_TARGET", "master")], "origin/master"),
    ];
    for (variables, expected) in cases {
        assert_eq!(base(&with(variables)).unwrap(), *expected, "{variables:?}");
    }
    let request = with(&[("GITHUB_BASE_REF", "release")]);
    let error = base(&request).unwrap_err();
    assert!(matches!(error, Error::BaseNotFetched { .. }) && error.hint().contains("fetch-depth: 0"), "{error}");

    // The head's own configuration comes before the variables, an explicit base before everything.
    repo.write("driftline.yaml", "base: v1.0.0\n");
    let request = with(&[("GITHUB_BASE_REF", "master")]);
    assert_eq!(base(&request).unwrap(), "v1.0.0");
    assert_eq!(base(&Request { configured_base: Some("main".into()), ..request.clone() }).unwrap(), "main");
    assert_eq!(base(&Request { base: Some("feature".into()), ..request }).unwrap(), "feature");
}

#[test]
fn the_merge_commit_of_a_pull_request() {
    let (repo, ids) = story();
    repo.switch("main");
    let merge = repo.commit("Merge", &[ids["fourth"]]);
    repo.git.set_head_detached(merge).unwrap();
    for branch in ["main", "feature"] {
        repo.git.find_reference(&format!("refs/heads/{branch}")).unwrap().delete().unwrap();
    }
    let variables = [("GITHUB_BASE_REF", "main"), ("GITHUB_REF", "refs/pull/7/merge")];
    let variables = variables.iter().map(|(k, v)| ((*k).to_string(), (*v).to_string())).collect();
    let compared = open(repo.path(), &Request { variables, ..Request::default() }).unwrap();
    assert_eq!(compared.base.commit, Some(ids["third"].to_string()));
}

/// A branch that also merged an older side branch: in a clone of some depths git itself answers with a base that is
/// too old. What is accepted has to be what the full history says.
#[test]
fn a_shallow_clone_is_never_trusted_with_a_wrong_base() {
    let repo = Repo::new();
    let steps = |branch: &str, steps: std::ops::Range<usize>, merged: Option<(usize, Oid)>| {
        let mut last = None;
        for n in steps {
            repo.write(&format!("{branch}.txt"), &n.to_string());
            let merged: Vec<Oid> = merged.iter().filter(|(at, _)| *at == n).map(|(_, id)| *id).collect();
            last = Some(repo.commit(&format!("{branch} {n}"), &merged));
        }
        last.unwrap()
    };
    let start = steps("main", 0..2, None);
    repo.branch("side", start);
    repo.switch("side");
    let side = steps("side", 0..1, None);
    repo.branch("side-a", side);
    repo.branch("side-b", side);
    repo.switch("side-a");
    let side_a = steps("side-a", 0..1, None);
    repo.switch("side-b");
    let side_b = steps("side-b", 0..1, None);
    repo.switch("main");
    let fork = steps("main", 2..7, Some((3, side)));
    repo.branch("feature", fork);
    steps("main", 7..13, Some((11, side_a)));
    repo.switch("feature");
    steps("feature", 0..6, Some((4, side_b)));
    let right = repo.open(&["main...feature"]).unwrap().merge_base.unwrap();
    assert_eq!(right, fork.to_string());

    let place = TempDir::new().unwrap();
    let url = format!("file://{}", repo.path().display());
    let (mut accepted, mut refused, mut misled) = (0, 0, 0);
    for depth in 1..16 {
        let clone: PathBuf = place.path().join(depth.to_string());
        let depth = format!("--depth={depth}");
        let target = clone.to_str().unwrap();
        if git(place.path(), &["clone", "-q", "--no-single-branch", &depth, &url, target]).is_none() {
            return; // No git command here.
        }
        let plain = git(&clone, &["merge-base", "origin/main", "origin/feature"]).unwrap();
        misled += usize::from(!plain.is_empty() && plain != right);
        let shallow = clone.join(".git/shallow").exists();
        match open(&clone, &Request::of(["origin/main...origin/feature"])) {
            Ok(compared) => {
                assert_eq!(compared.merge_base.as_deref(), Some(right.as_str()), "{depth}");
                accepted += 1;
            }
            Err(error) => {
                assert!(matches!(error, Error::TooShort { .. }) && shallow, "{depth}: {error}");
                assert!(error.hint().contains("git fetch --unshallow"), "{}", error.hint());
                refused += 1;
            }
        }
    }
    assert!(accepted > 0 && refused > 0, "{accepted} accepted, {refused} refused");
    assert!(misled > 0, "this history does not mislead git any more");

    let clone = place.path().join("1");
    for (variable, remedy) in [("GITHUB_ACTIONS", "fetch-depth: 0"), ("GITLAB_CI", "GIT_DEPTH: 0")] {
        let variables = BTreeMap::from([(variable.to_string(), "true".to_string())]);
        let request = Request { variables, ..Request::of(["origin/main...origin/feature"]) };
        assert!(open(&clone, &request).err().unwrap().hint().contains(remedy));
    }
    let error = open(&clone, &Request::of([format!("{right}..HEAD")])).err().unwrap();
    assert!(error.hint().contains("shallow"), "{error}: {}", error.hint());
    // What is not here may be in the part that is cut off, also when another name is near.
    let error = open(&clone, &Request::of(["origin/mian..HEAD"])).err().unwrap();
    assert!(error.hint().starts_with("this clone is shallow"), "{error}: {}", error.hint());
    assert!(error.hint().ends_with("or did you mean `origin/main`?"), "{error}: {}", error.hint());
}

#[test]
fn folders_and_files_instead_of_revisions() {
    let (repo, _) = story();
    for (path, text) in [
        ("old/api.yaml", "openapi: 3.0.0\n"),
        ("old/parts/user.yaml", "type: object\n"),
        ("new/api.yaml", "openapi: 3.0.1\n"),
        ("new/v2.yaml", "openapi: 3.0.2\n"),
    ] {
        repo.write(path, text);
    }
    let compared = repo.open(&["old", "new/"]).unwrap();
    assert_eq!(paths(&compared.base), ["api.yaml", "parts/user.yaml"]);
    assert!(compared.root.is_none() && compared.base.focus.is_none());

    // Two files are two versions of one, and what lies beside them can be referred to.
    let compared = repo.open(&["old/api.yaml", "new/v2.yaml"]).unwrap();
    for (tree, expected) in [(&compared.base, "openapi: 3.0.0\n"), (&compared.head, "openapi: 3.0.2\n")] {
        assert_eq!(tree.focus.as_deref(), Some("v2.yaml"));
        assert_eq!(text(tree, "v2.yaml"), expected);
    }
    assert_eq!(text(&compared.base, "parts/user.yaml"), "type: object\n");

    // A file against a folder is looked for in it.
    let compared = repo.open(&["old", "new/api.yaml"]).unwrap();
    assert_eq!(text(&compared.base, "api.yaml"), "openapi: 3.0.0\n");
    let compared = repo.open(&["old/api.yaml", "new"]).unwrap();
    assert_eq!(text(&compared.head, "api.yaml"), "openapi: 3.0.1\n");

    // Outside of every repository, too.
    let place = TempDir::new().unwrap();
    fs::write(place.path().join("a.sql"), "select 1").unwrap();
    fs::write(place.path().join("b.sql"), "select 1").unwrap();
    let compared = open(place.path(), &Request::of(["a.sql", "b.sql"])).unwrap();
    assert_eq!(compared.base.read("b.sql").unwrap().id, compared.head.read("b.sql").unwrap().id);
    assert_eq!(text(&open_one(place.path(), Some("a.sql")).unwrap(), "a.sql"), "select 1");
}

#[test]
fn a_blob_that_is_not_here_is_a_sentence() {
    let (repo, _) = story();
    let compared = repo.open(&["main..feature"]).unwrap();
    let id = compared.head.entry("openapi.yaml").unwrap().id.clone().unwrap();
    fs::remove_file(repo.path().join(".git/objects").join(&id[..2]).join(&id[2..])).unwrap();
    let error = repo.open(&["main..feature"]).unwrap().head.read("openapi.yaml").unwrap_err();
    assert!(error.contains("openapi.yaml") && error.contains("partial clone"), "{error}");
    // The working tree still has the bytes.
    assert_eq!(text(&repo.open(&["HEAD~1"]).unwrap().head, "openapi.yaml"), "openapi: 3.0.0\n");
}

#[test]
fn renamed_inputs_are_followed() {
    let (repo, _) = story();
    fs::create_dir(repo.path().join("api")).unwrap();
    fs::rename(repo.path().join("openapi.yaml"), repo.path().join("api/openapi.yaml")).unwrap();
    repo.commit("move", &[]);
    let compared = repo.open(&["HEAD~1..HEAD"]).unwrap();
    let expected = [("openapi.yaml".to_string(), "api/openapi.yaml".to_string())];
    assert_eq!(renames(&compared.base, &compared.head), expected);
}

#[test]
fn repositories_with_sha256() {
    let place = TempDir::new().unwrap();
    let Ok(output) = Command::new("git").args(["init", "-q", "--object-format=sha256"]).arg(place.path()).output()
    else {
        return;
    };
    if !output.status.success() {
        return;
    }
    fs::write(place.path().join("a.yaml"), "a: 1\n").unwrap();
    git(place.path(), &["add", "."]).unwrap();
    git(place.path(), &["commit", "-qm", "one"]).unwrap();
    fs::write(place.path().join("b.yaml"), "a: 1\n").unwrap();
    let compared = open(place.path(), &Request::of(["HEAD"])).unwrap();
    assert_eq!(compared.base.commit.as_ref().unwrap().len(), 64);
    assert_eq!(compared.head.read("b.yaml").unwrap().id, compared.base.read("a.yaml").unwrap().id);
}
