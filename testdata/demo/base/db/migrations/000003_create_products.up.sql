CREATE TABLE products (
    sku varchar(32) PRIMARY KEY,
    title varchar(80) NOT NULL,
    legacy_code varchar(20) NOT NULL,
    price double precision NOT NULL
);
