ALTER TABLE products DROP COLUMN exact_price;
