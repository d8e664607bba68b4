//! Which terminals know links (OSC 8). One that does not may print the bytes, so an unknown one gets none.

use super::environment::Environment;

/// Variables that only terminals set which know links; a value is the beginning that it must have.
const KNOWN: &[(&str, &str)] = &[
    ("DOMTERM", ""),
    ("KITTY_WINDOW_ID", ""),
    ("KONSOLE_VERSION", ""),
    ("WEZTERM_PANE", ""),
    ("WT_SESSION", ""),
    ("TERM_PROGRAM", "iTerm"),
    ("TERM_PROGRAM", "vscode"),
    ("TERM_PROGRAM", "ghostty"),
    ("TERM_PROGRAM", "WezTerm"),
    ("TERM_PROGRAM", "Hyper"),
    ("TERM_PROGRAM", "rio"),
    ("TERM_PROGRAM", "Tabby"),
    ("TERM", "alacritty"),
    ("TERM", "foot"),
    ("TERM", "xterm-kitty"),
    ("TERM", "xterm-ghostty"),
    ("TERM", "contour"),
];

/// The first version of VTE (the terminals of GNOME and others) whose links were sound.
const VTE: u32 = 5000;

/// Whether the terminal on standard output is known to know links.
pub fn known(environment: &Environment) -> bool {
    let variable = |name: &str| environment.variables.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let term = variable("TERM").unwrap_or_default();
    // Multiplexers pass on the variables of the terminal around them, and not always its links.
    let between = term.starts_with("screen") || term.starts_with("tmux") || term == "dumb";
    let vte =
        variable("VTE_VERSION").and_then(|version| version.parse().ok()).is_some_and(|version: u32| version >= VTE);
    let named = KNOWN.iter().any(|(name, start)| variable(name).is_some_and(|value| value.starts_with(start)));
    environment.stdout_is_terminal && !between && (vte || named)
}

/// The start of a link to files below a folder: `file:///work/repo/`.
pub fn prefix(root: &std::path::Path) -> Option<String> {
    let root = std::path::absolute(root).ok()?;
    let text = root.to_str()?.replace('\\', "/");
    let slash = if text.starts_with('/') { "" } else { "/" };
    Some(format!("file://{slash}{}/", crate::report::uri(text.trim_end_matches('/'))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_terminals_get_no_links() {
        let cases: &[(&[(&str, &str)], bool)] = &[
            (&[], false),
            (&[("TERM", "xterm-256color")], false),
            (&[("TERM", "xterm-256color"), ("VTE_VERSION", "7003")], true),
            (&[("VTE_VERSION", "4205")], false),
            (&[("TERM", "screen-256color"), ("VTE_VERSION", "7003")], false),
            (&[("TERM_PROGRAM", "iTerm.app")], true),
            (&[("TERM_PROGRAM", "Apple_Terminal")], false),
            (&[("TERM", "dumb"), ("KITTY_WINDOW_ID", "1")], false),
        ];
        for (variables, want) in cases {
            let mut environment = Environment {
                variables: variables.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect(),
                stdout_is_terminal: true,
                stderr_is_terminal: false,
                columns: None,
                days: 0,
            };
            assert_eq!(known(&environment), *want, "{variables:?}");
            environment.stdout_is_terminal = false;
            assert!(!known(&environment));
        }
    }
}
