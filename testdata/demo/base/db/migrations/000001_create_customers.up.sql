CREATE TABLE customers (
    id uuid PRIMARY KEY,
    name varchar(200) NOT NULL,
    email varchar(254) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
