//! `driftline trace`: where a value comes from and where it goes.

use crate::check;
use crate::report::Revision;
use crate::report::trace::{Traced, dot, json, mermaid, text};
use crate::revision;
use crate::trace;

use super::args::{Global, TraceArgs};
use super::environment::Environment;
use super::output::{self, Format, Target};
use super::progress::Progress;
use super::{Ended, Failure, settings};

pub fn run(args: &TraceArgs, global: &Global, environment: &Environment) -> Result<Ended, Failure> {
    output::check_targets(&args.output, &[Format::Text, Format::Json, Format::Mermaid, Format::Dot])?;
    let settings = settings::of(global, environment)?;
    let _progress = Progress::start("reading", environment.stderr_is_terminal && !global.quiet);
    let tree = revision::open_one(&settings::folder(global), args.revision.as_deref())?;
    let known = check::understand(&tree, &settings.config(&tree)?);
    let traces = trace::trace(&known.model, &known.links, &args.subject).map_err(|unknown| {
        let hint = match unknown.near {
            Some(near) => format!("did you mean `{near}`? `driftline model` lists all names"),
            None => "`driftline model` lists all names; `*` stands for any text: `users.*`, `*.email`".to_string(),
        };
        Failure::new(format!("nothing is called `{}`", args.subject), hint)
    })?;
    let traced = Traced {
        revision: Revision { spec: tree.spec.clone(), commit: tree.commit.clone() },
        words: &args.subject,
        traces: &traces,
        files: &known.files,
    };
    let asked =
        if args.output.is_empty() { vec![Target { format: Format::Text, file: None }] } else { args.output.clone() };
    for target in asked {
        let document = match target.format {
            Format::Json => json::render(&traced),
            Format::Mermaid => mermaid::render(&traced),
            Format::Dot => dot::render(&traced),
            Format::Text | Format::Markdown | Format::Short => text::render(&traced),
        };
        output::write(target.file.map(|file| settings::path(global, &file)).as_deref(), &document)?;
    }
    Ok(Ended::Done)
}
