CREATE TABLE orders (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customers (id),
    reference varchar(64),
    status order_status NOT NULL DEFAULT 'pending',
    total_cents bigint NOT NULL,
    placed_at timestamptz NOT NULL DEFAULT now()
);
