//! The HTML report: its structure as a browser's parser reads it, nothing foreign among its elements, every link with a target.

use std::collections::BTreeSet;
use std::fmt::Write;

use driftline::report::{Options, Report, html};
use driftline::rules::{Finding, Severity};
use scraper::{ElementRef, Html, Node, Selector};
use sha2::{Digest, Sha256};

use super::bench::{Bench, CONTRACT, everything, finding, nasty, one};
use super::pictures;

fn page(report: &Report) -> (String, Html) {
    let text = html::render(report);
    let page = Html::parse_document(&text);
    (text, page)
}

fn all<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

/// Elements with their classes and texts, indented; what is the same on every page is left out.
fn outline(page: &Html) -> String {
    const ATTRIBUTES: [&str; 10] =
        ["class", "id", "href", "role", "aria-label", "data-s", "data-t", "data-l", "data-e", "data-o"];
    let mut out = String::new();
    let mut open: Vec<_> = vec![(page.root_element().children().filter(|n| n.value().is_element()).last(), 0)];
    while let Some((node, depth)) = open.pop() {
        let Some(node) = node else { continue };
        match node.value() {
            Node::Text(text) if !text.trim().is_empty() => {
                let text: Vec<&str> = text.split_whitespace().collect();
                let _ = writeln!(out, "{:1$}{2}", "", depth * 2, text.join(" "));
            }
            Node::Element(element) if element.name() != "script" => {
                let _ = write!(out, "{:1$}<{2}", "", depth * 2, element.name());
                for name in ATTRIBUTES {
                    if let Some(value) = element.attr(name) {
                        let _ = write!(out, " {name}={value:?}");
                    }
                }
                out.push_str(">\n");
                open.extend(node.children().rev().map(|child| (Some(child), depth + 1)));
            }
            _ => {}
        }
    }
    out
}

/// What must hold of every page, whatever the report says.
#[track_caller]
fn is_sound(text: &str, page: &Html) {
    assert_eq!(page.errors.iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
    let mut ids = BTreeSet::new();
    for element in all(page, "[id]") {
        assert!(ids.insert(element.attr("id").unwrap()), "twice on the page: {:?}", element.attr("id"));
    }
    for link in all(page, "[href]") {
        let href = link.attr("href").unwrap();
        assert!(href.strip_prefix('#').is_some_and(|id| ids.contains(id)), "leads nowhere: {href}");
    }
    for reference in ["aria-labelledby", "aria-describedby"] {
        for element in all(page, &format!("[{reference}]")) {
            for id in element.attr(reference).unwrap().split(' ') {
                assert!(ids.contains(id), "{reference} names nothing: {id}");
            }
        }
    }
    let mut level = 0;
    for heading in all(page, "h1, h2, h3, h4, h5, h6") {
        let own: usize = heading.value().name()[1..].parse().unwrap();
        assert!(own <= level + 1, "from h{level} to h{own}: {:?}", heading.text().collect::<String>());
        level = own;
    }
    // A policy of the server may forbid inline styles, and nothing may be loaded.
    for element in all(page, "*") {
        for (name, value) in element.value().attrs() {
            assert!(name != "style" && !name.starts_with("on") && name != "src", "{name}={value}");
        }
    }
    assert!(!text.contains("url(") && !text.contains("@import"));
    assert_eq!((all(page, "script").len(), all(page, "style").len(), all(page, "main").len()), (1, 1, 1));
    assert!(all(page, "iframe, object, embed, img, link, base, form, input").is_empty());
}

#[test]
fn html_golden() {
    let reports =
        [("html_clean", Bench::new()), ("html_one", one()), ("html_everything", everything()), ("html_nasty", nasty())];
    for (name, bench) in reports {
        let (text, page) = page(&bench.report(Options::default()));
        is_sound(&text, &page);
        insta::assert_snapshot!(name, outline(&page));
    }
}

#[test]
fn html_draws_what_changed() {
    let (text, page) = page(&pictures::shop());
    is_sound(&text, &page);
    insta::assert_snapshot!("html_pictures", outline(&page));
    assert_eq!(all(&page, "svg.picture").len(), 2);
    for picture in all(&page, "svg.picture") {
        let children: Vec<&str> = picture.child_elements().take(2).map(|child| child.value().name()).collect();
        assert_eq!(children, ["title", "desc"]);
    }
}

#[test]
fn foreign_text_stays_text() {
    let evil = "\"><script>alert(1)</script><img src=x onerror=alert(1)>' onload='x' <!-- ]]> </style></title></svg>";
    let (text, page) = page(&pictures::named(evil));
    is_sound(&text, &page);
    let known = html_elements(&self::page(&pictures::shop()).1);
    let found = html_elements(&page);
    assert!(found.is_subset(&known), "{:?}", found.difference(&known));
    assert!(page.root_element().text().collect::<String>().contains("<script>alert(1)</script>"));
    // Neither line ends nor control characters of a name reach an attribute.
    let nasty = html::render(&nasty().report(Options::default()));
    assert!(!nasty.contains('\u{1b}') && !nasty.contains('\u{7}'));
}

/// Names of all elements, each with the names of its attributes.
fn html_elements(page: &Html) -> BTreeSet<(String, String)> {
    let named = |element: ElementRef<'_>| {
        let own = element.value().name().to_string();
        element
            .value()
            .attrs()
            .map(|(name, _)| (own.clone(), name.to_string()))
            .chain([(own.clone(), String::new())])
            .collect::<Vec<_>>()
    };
    all(page, "*").into_iter().flat_map(named).collect()
}

#[test]
fn the_policy_of_the_page_lets_its_own_script_run() {
    let (_, page) = page(&Bench::new().report(Options::default()));
    let script: String = all(&page, "script")[0].text().collect();
    let policy = all(&page, "meta[http-equiv]")[0].attr("content").unwrap();
    let hash = format!("'sha256-{}'", base64(&Sha256::digest(script.as_bytes())));
    assert!(policy.contains(&hash), "the script changed: write {hash} into src/report/html/mod.rs");
}

fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let value = chunk.iter().fold(0u32, |value, byte| value << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let sign = SIGNS[(value >> (18 - 6 * at)) as usize & 63] as char;
            out.push(if at <= chunk.len() { sign } else { '=' });
        }
    }
    out
}

#[test]
fn every_finding_has_its_own_anchor() {
    let mut bench = everything();
    let again = bench.found.changes[0].clone();
    bench.found.changes.push(again);
    let (text, page) = page(&bench.report(Options::default()));
    is_sound(&text, &page);
    assert_eq!(all(&page, "article").len(), all(&page, "article[id^='v1:']").len());
}

#[test]
fn ten_thousand_findings_stay_small() {
    let mut bench = Bench::new();
    for number in 0..10_000 {
        bench.found.changes.push(Finding {
            head: Some(bench.at("api/openapi.yaml", CONTRACT, "status:")),
            ..finding("enum-value-added", Severity::Error, &format!("Entity{}.attribute{number}", number % 300))
        });
    }
    let text = html::render(&bench.report(Options::default()));
    assert_eq!(text.matches("<article").count(), 10_000);
    assert!(text.len() < 16_000_000, "{} bytes", text.len());
}
