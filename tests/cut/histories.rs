//! Real histories: `DRIFTLINE_CUT_HISTORIES=REPOSITORY:PATH[:REVISIONS],…` names bare repositories and a contract in each.

use std::time::Instant;

use driftline::read::openapi::cut;

use super::judge::{Verdict, judge, said};

#[test]
fn what_is_left_compares_like_the_whole_in_histories() {
    let Ok(list) = std::env::var("DRIFTLINE_CUT_HISTORIES") else { return };
    let mut failed = 0;
    for entry in list.split(',').filter(|entry| !entry.is_empty()) {
        let mut words = entry.split(':');
        let (repository, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let revisions = words.next().and_then(|n| n.parse().ok()).unwrap_or(100);
        failed += walk(repository, path, revisions);
    }
    assert_eq!(failed, 0);
}

/// The versions of the file along first parents, newest first.
fn versions(repository: &str, path: &str, revisions: usize) -> Vec<Vec<u8>> {
    let git = |args: &[&str]| {
        let out = std::process::Command::new("git").arg("-C").arg(repository).args(args).output().expect("git runs");
        out.stdout
    };
    let commits = git(&["log", "--first-parent", &format!("-{revisions}"), "--format=%H", "HEAD", "--", path]);
    let commits = String::from_utf8_lossy(&commits).into_owned();
    let texts = commits.lines().map(|commit| git(&["show", &format!("{commit}:{path}")]));
    texts.filter(|text| !text.is_empty()).collect()
}

fn walk(repository: &str, path: &str, revisions: usize) -> usize {
    let versions = versions(repository, path, revisions);
    let (mut full, mut same, mut failed) = (Vec::new(), Vec::new(), 0);
    for pair in versions.windows(2) {
        let [head, base] = pair else { continue };
        match judge(path, base, head) {
            Verdict::Full(why) => full.push(why),
            Verdict::Same { bytes, left } => same.push(left as f64 / bytes as f64),
            Verdict::Different(text) => {
                failed += 1;
                let length = text.char_indices().nth(3_000).map_or(text.len(), |(at, _)| at);
                println!("{repository} {path} pair {}\n{}", same.len() + full.len() + failed - 1, &text[..length]);
                if let Ok(folder) = std::env::var("DRIFTLINE_CUT_KEEP") {
                    let name = |side: &str| format!("{folder}/{failed}-{side}-{}", path.replace('/', "_"));
                    std::fs::write(name("base"), base)
                        .and_then(|()| std::fs::write(name("head"), head))
                        .expect("written");
                }
            }
        }
    }
    same.sort_by(f64::total_cmp);
    full.sort_unstable();
    let counts: Vec<String> = full.chunk_by(|a, b| a == b).map(|same| format!("{} {}", same.len(), same[0])).collect();
    let at = |part: usize| same.get(same.len() * part / 100).or(same.last()).copied().unwrap_or(1.0) * 100.0;
    println!(
        "{repository} {path}: {} pairs, {} the same, {failed} different, in full: {}; left {:.1} % in the middle, {:.1} % in nine of ten",
        versions.len().saturating_sub(1),
        same.len(),
        counts.join(", "),
        at(50),
        at(90)
    );
    times(path, &versions);
    failed
}

/// Milliseconds for both ways.
fn times(path: &str, versions: &[Vec<u8>]) {
    if std::env::var_os("DRIFTLINE_CUT_TIMES").is_none() {
        return;
    }
    let ms = |since: Instant| since.elapsed().as_secs_f64() * 1e3;
    let (mut outlines, mut cuts, mut less, mut whole, mut size) = (0.0, 0.0, 0.0, 0.0, 0);
    let mut pairs = 0;
    for pair in versions.windows(2) {
        let [head, base] = pair else { continue };
        let start = Instant::now();
        let theirs = cut::outline(head);
        outlines += ms(start);
        let Some((ours, theirs)) = cut::outline(base).zip(theirs) else { continue };
        pairs += 1;
        size += head.len();
        let start = Instant::now();
        let both = cut::cut((base, &ours), (head, &theirs));
        cuts += ms(start);
        let start = Instant::now();
        let (base_left, head_left) = both.as_ref().map_or((base, head), |(base, head)| (base, head));
        drop(said(path, base_left, head_left));
        less += ms(start);
        let start = Instant::now();
        drop(said(path, base, head));
        whole += ms(start);
    }
    let n = f64::from(pairs.max(1));
    println!(
        "  ms for each pair of {} KB: outline {:.2}, cut {:.2}, compare {:.2}; in full {:.2}",
        size / 1000 / pairs.max(1) as usize,
        outlines / n,
        cuts / n,
        less / n,
        whole / n
    );
}
