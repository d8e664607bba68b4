ALTER TABLE orders ADD COLUMN note varchar(500);
CREATE INDEX orders_placed_at_idx ON orders (placed_at);
