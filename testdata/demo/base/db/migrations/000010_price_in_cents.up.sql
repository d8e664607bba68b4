ALTER TABLE products ADD COLUMN price_cents bigint CHECK (price_cents >= 0);
UPDATE products SET price_cents = round(price * 100);
