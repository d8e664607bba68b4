-- Titles of up to 120 characters since the catalogue of spring.
ALTER TABLE products ALTER COLUMN title TYPE varchar(120);
