//! What the fuzz targets hold.

pub mod judge;
