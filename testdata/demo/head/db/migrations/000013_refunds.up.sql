ALTER TYPE order_status ADD VALUE 'refunded';

CREATE TABLE refunds (
    order_id uuid NOT NULL REFERENCES orders (id),
    amount double precision NOT NULL,
    reason text,
    created_at timestamptz NOT NULL DEFAULT now()
);
