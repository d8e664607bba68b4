//! Edits at random, until something is told otherwise.

use super::dice::Dice;
use super::judge::{Verdict, judge};
use super::made::{Made, edit, yaml};

#[test]
fn what_is_left_compares_like_the_whole_after_any_edit() {
    let long = std::env::var_os("DRIFTLINE_LONG").is_some();
    let first = std::env::var("DRIFTLINE_SEED").ok().and_then(|seed| seed.parse().ok());
    let seeds = first.map_or(0..if long { 2_000 } else { 40 }, |seed: u64| seed..seed + 1);
    let (mut cut, mut full) = (0, Vec::new());
    for seed in seeds.clone() {
        let mut dice = Dice(seed);
        let base = Made::new(&mut dice).contract(&mut dice);
        let mut head = base.clone();
        for _ in 0..=dice.roll(3) {
            edit(&mut dice, &mut head);
        }
        let same_hand = dice.0;
        let written = |value: &serde_json::Value, form: usize| match form {
            0 => ("a.json", serde_json::to_string_pretty(value).expect("JSON")),
            1 => ("a.json", value.to_string()),
            _ => ("a.yaml", yaml(value, &mut Dice(same_hand))),
        };
        let form = dice.roll(5);
        let ((path, base), (_, head)) = (written(&base, form), written(&head, form));
        match judge(path, base.as_bytes(), head.as_bytes()) {
            Verdict::Full(why) => full.push(why),
            Verdict::Same { .. } => cut += 1,
            Verdict::Different(text) => panic!("seed {seed}:\n{text}\n--- base\n{base}\n--- head\n{head}"),
        }
    }
    full.sort_unstable();
    full.chunk_by(|a, b| a == b).for_each(|same| println!("{} {}", same.len(), same[0]));
    assert!(first.is_some() || cut > 12, "only {cut} pairs were cut");
}
