//! What each kind of change asks for around the deployment of the code: the table behind the order of steps.
//!
//! While code is being deployed, old code runs on the new database or new code on the old one. A migration goes first when old
//! code can live with it and new code cannot live without it, and last in the opposite case. Where neither can, the change
//! leaves a step out (expand, deploy, contract).

/// When a step happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Phase {
    Before,
    Deploy,
    After,
}

impl Phase {
    pub fn name(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::Deploy => "deploy",
            Self::After => "after",
        }
    }
}

/// A kind of change of both layers for which the order matters; in the order in which steps of one phase are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// A column or table, with a property for it.
    Create,
    /// The same, but rows cannot be written without it.
    CreateRequired,
    /// The contract lets in what the column could not hold.
    Widen,
    RenameTable,
    Rename,
    /// Values of another form, so that none fits both.
    Convert,
    Narrow,
    /// The column goes, and the property stays.
    Move,
    /// The column goes with its property.
    Retire,
    /// It goes with its property, and rows cannot be written without it.
    RetireRequired,
}

/// One step that a kind of change asks for. `{subjects}` and `{properties}` stand for names, `{it}` for the subjects.
pub struct Part {
    pub phase: Phase,
    /// The change has it nowhere.
    pub missing: bool,
    pub what: &'static str,
    pub why: &'static str,
}

const fn part(phase: Phase, what: &'static str, why: &'static str) -> Part {
    Part { phase, missing: false, what, why }
}

const fn missing(phase: Phase, what: &'static str, why: &'static str) -> Part {
    Part { phase, missing: true, what, why }
}

const AT_ONCE: &str =
    "This change does it at once: code that still runs fails after the migration, the code of this change before it.";
const LATER: &str = "Only then does no running code use {it}.";

impl Need {
    pub const ALL: [Need; 10] = [
        Self::Create,
        Self::CreateRequired,
        Self::Widen,
        Self::RenameTable,
        Self::Rename,
        Self::Convert,
        Self::Narrow,
        Self::Move,
        Self::RetireRequired,
        Self::Retire,
    ];

    /// The steps around the deployment.
    pub fn parts(self) -> &'static [Part] {
        use Phase::{After, Before};
        const CREATE: &[Part] =
            &[part(Before, "Run the migration that adds {subjects}.", "The code of this change reads or writes {it}.")];
        const CREATE_REQUIRED: &[Part] = &[
            missing(
                Before,
                "Add {subjects} as nullable or with a default.",
                "Code that still runs inserts rows without {it}, and this change adds {it} `NOT NULL` without a default.",
            ),
            missing(
                After,
                "Fill {subjects} in every row and set {it} `NOT NULL`.",
                "Only then does all running code write {it}.",
            ),
        ];
        const WIDEN: &[Part] = &[part(
            Before,
            "Run the migration that lets {subjects} hold more.",
            "Once the code is deployed, clients may send {properties} as the contract now allows; the database must not refuse that.",
        )];
        const RENAME_TABLE: &[Part] = &[
            missing(Before, "Make {subjects} reachable under both names, the new one as a view.", AT_ONCE),
            missing(After, "Rename {subjects} in a later release.", LATER),
        ];
        const RENAME: &[Part] = &[
            missing(Before, "Add a column with the new name beside {subjects} and keep both filled.", AT_ONCE),
            missing(After, "Drop {subjects} in a later release.", LATER),
        ];
        const CONVERT: &[Part] = &[
            missing(Before, "Add a column of the new type beside {subjects} and keep both filled.", AT_ONCE),
            missing(After, "Drop {subjects} as it was in a later release.", LATER),
        ];
        const NARROW: &[Part] = &[part(
            After,
            "Bring the rows in line and run the migration that narrows {subjects}.",
            "Code that still runs writes what will be refused then.",
        )];
        const MOVE: &[Part] = &[part(
            After,
            "Run the migration that drops {subjects}.",
            "Code that still runs fills {properties} from {it}.",
        )];
        const RETIRE_LATER: Part = missing(
            After,
            "Drop {subjects} in a later release.",
            "This change drops {it} together with {properties}, and code that still runs uses {it}.",
        );
        const RETIRE: &[Part] = &[RETIRE_LATER];
        const RETIRE_REQUIRED: &[Part] = &[
            missing(
                Before,
                "Make {subjects} nullable or give {it} a default.",
                "The code of this change inserts rows without {it}, which `NOT NULL` refuses until the drop.",
            ),
            RETIRE_LATER,
        ];
        match self {
            Self::Create => CREATE,
            Self::CreateRequired => CREATE_REQUIRED,
            Self::Widen => WIDEN,
            Self::RenameTable => RENAME_TABLE,
            Self::Rename => RENAME,
            Self::Convert => CONVERT,
            Self::Narrow => NARROW,
            Self::Move => MOVE,
            Self::Retire => RETIRE,
            Self::RetireRequired => RETIRE_REQUIRED,
        }
    }
}
