-- A product's page says how much of it was sold: without this every view would walk all orders.
CREATE INDEX orders_variant ON orders (variant_id, state, quantity);
