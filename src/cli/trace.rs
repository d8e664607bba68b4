//! `driftline trace`: where a value comes from and where it goes.

use crate::report::trace::{Traced, dot, json, mermaid, text};
use crate::trace;

use super::args::{Global, TraceArgs};
use super::environment::Environment;
use super::format::Format;
use super::{Ended, Failure, output, reading};

pub fn run(args: &TraceArgs, global: &Global, environment: &Environment) -> Result<Ended, Failure> {
    output::check_targets(&args.output, &[Format::Text, Format::Json, Format::Mermaid, Format::Dot])?;
    let (revision, known) = reading::understand(args.revision.as_deref(), global, environment)?;
    let traces = trace::trace(&known.model, &known.links, &args.subject).map_err(|unknown| {
        let hint = match unknown.near {
            Some(near) => format!("did you mean `{near}`? `driftline model` lists all names"),
            None => "`driftline model` lists all names; `*` stands for any text: `users.*`, `*.email`".to_string(),
        };
        Failure::new(format!("nothing is called `{}`", args.subject), hint)
    })?;
    let traced = Traced { revision, words: &args.subject, traces: &traces, files: &known.files };
    output::write_all(&args.output, global, |target| match target.format {
        Format::Json => json::render(&traced),
        Format::Mermaid => mermaid::render(&traced),
        Format::Dot => dot::render(&traced),
        _ => text::render(&traced),
    })?;
    Ok(Ended::Done)
}
