ALTER TABLE products ADD COLUMN exact_price numeric(12,2) CHECK (exact_price >= 0);
UPDATE products SET exact_price = price;
ALTER TABLE products ALTER COLUMN price DROP NOT NULL;
