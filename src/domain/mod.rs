//! Two domains in, same / narrows / widens / both / undecided out, with witnesses. Must not know where domains come from.
