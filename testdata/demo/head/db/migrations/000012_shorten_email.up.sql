-- The mail provider refuses longer addresses.
ALTER TABLE customers
    ALTER COLUMN email TYPE varchar(120);
