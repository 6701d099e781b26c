/*
 * The SQL of the hand-written PostgreSQL parts: one statement a row, and the same as one function.
 */
#include "hand_postgres.h"

#define TAKE_TEXT                                                                                  \
        "UPDATE stock SET revision = revision + 1, available = available - $3, "                   \
        "allocated = allocated + $3 "                                                              \
        "WHERE tenant = 0 AND sku = $1 AND site = $2 AND lot = '' AND available >= $3"

const hand_statement hand_statements[STATEMENTS] = {
        [BEGIN] = {"BEGIN", 0, {0}},
        [COMMIT] = {"COMMIT", 0, {0}},
        [RULES] = {"SELECT revision FROM policy WHERE tenant = 0 AND name = 'rules'", 0, {0}},
        [PRICE] = {"SELECT r.price_minor, p.kind, p.scale, p.tax_class, p.revision "
                   "FROM product p JOIN price r ON r.tenant = p.tenant AND r.sku = p.sku "
                   "WHERE p.tenant = 0 AND p.sku = $1 AND r.currency = 'EUR' AND r.channel = '' "
                   "AND r.from_us <= $2 ORDER BY r.from_us DESC LIMIT 1",
                2, {TEXT, BIGINT}},
        [STOCK] = {"SELECT site, lot, available FROM stock WHERE tenant = 0 AND sku = $1 "
                   "ORDER BY site, lot",
                1, {TEXT}},
        [COMMAND] = {"INSERT INTO command(tenant, id, name, request, answer, at_us, revision) "
                     "VALUES(0, $1, 'order_place', $2, $3, $4, 1)",
                4, {UUID, BYTEA, BYTEA, BIGINT}},
        [EVENT] = {"INSERT INTO event(tenant, subject_id, number, kind, at_us, command_id, actor, "
                   "detail, revision) VALUES(0, $1, 1, $2, $3, $1, 'bench', '', 1)",
                3, {UUID, BIGINT, BIGINT}},
        [EFFECT] = {"INSERT INTO effect(tenant, subject_id, number, kind, state, due_us, "
                    "attempts, revision) VALUES(0, $1, 1, $2, $3, $4, 0, 1)",
                4, {UUID, BIGINT, BIGINT, BIGINT}},
        [MOVE] = {"INSERT INTO stock_move(tenant, command_id, number, sku, site, lot, scale, "
                  "from_bucket, to_bucket, quantity, at_us, subject_id, reason, revision) "
                  "VALUES(0, $1, $2, $3, $4, '', 0, 1, 3, $5, $6, $1, NULL, 1)",
                6, {UUID, BIGINT, TEXT, TEXT, BIGINT, BIGINT}},
        [ORDER] = {"INSERT INTO sales_order(tenant, id, number, state, channel, customer, "
                   "currency, tax_mode, rounding, rounding_level, ship_country, ship_postcode, "
                   "shipping_option, purchase_order, note, hold_id, saved_us, placed_us, "
                   "earliest_us, latest_us, goods_minor, discount_minor, shipping_minor, "
                   "tax_minor, total_minor, cancelled_minor, refunded_minor, event_count, "
                   "version, revision) "
                   "VALUES(0, $1, NULL, 2, 'web', $2, 'EUR', 1, 1, 1, 'DE', '', '', '', '', NULL, "
                   "$3, $3, NULL, NULL, $4, 0, 0, $5, $6, 0, 0, 1, 1, 1)",
                6, {UUID, TEXT, BIGINT, BIGINT, BIGINT, BIGINT}},
        [LINE] = {"INSERT INTO order_line(tenant, order_id, number, sku, kind, scale, quantity, "
                  "unit_price_minor, goods_minor, discount_minor, order_discount_minor, "
                  "tax_rate_ppm, tax_minor, total_minor, shipping_minor, shipping_tax_minor, "
                  "cancelled, performed, returned, refunded, shipping_refunded, revision) "
                  "VALUES(0, $1, $2, $3, 1, 0, $4, $5, $6, 0, 0, $7, $8, $6, 0, 0, 0, 0, 0, 0, 0, "
                  "1)",
                8, {UUID, BIGINT, TEXT, BIGINT, BIGINT, BIGINT, BIGINT, BIGINT}},
        [ALLOCATION] = {"INSERT INTO allocation(tenant, order_id, line, site, lot, reason, "
                        "allocated, released, picked, packed, shipped, delivered, revision) "
                        "VALUES(0, $1, $2, $3, '', 1, $4, 0, 0, 0, 0, 0, 1)",
                4, {UUID, BIGINT, TEXT, BIGINT}},
        [TAKE] = {TAKE_TEXT, 3, {TEXT, TEXT, BIGINT}},
        /* In a pipeline nobody looks at the count before the commit: a miss must be an error. */
        [TAKE_SURE] = {"WITH taken AS (" TAKE_TEXT " RETURNING 1) "
                       "SELECT 1 / (CASE WHEN count(*) = 1 THEN 1 ELSE 0 END) FROM taken",
                3, {TEXT, TEXT, BIGINT}},
        [FUNCTION] = {"SELECT hand_place($1, $2, $3, $4, $5, $6, $7)", 7,
                {UUID, TEXT, BIGINT, TEXTS, BIGINTS, BYTEA, BYTEA}},
};

/* Sets where there are several rows, so that few statements run; the stock last, by key. */
const char *const hand_function_text =
        "CREATE OR REPLACE FUNCTION hand_place(p_id uuid, p_customer text, p_at bigint, "
        "p_skus text[], p_quantities bigint[], p_request bytea, p_answer bytea) "
        "RETURNS bigint LANGUAGE plpgsql AS $body$\n"
        "DECLARE\n"
        "  rules bigint; price bigint; place text;\n"
        "  prices bigint[]; totals bigint[]; taxes bigint[]; sites text[];\n"
        "  total bigint := 0; tax bigint := 0; taken bigint; wanted record;\n"
        "BEGIN\n"
        "  SELECT revision INTO STRICT rules FROM policy WHERE tenant = 0 AND name = 'rules';\n"
        "  INSERT INTO command(tenant, id, name, request, answer, at_us, revision)\n"
        "    VALUES(0, p_id, 'order_place', p_request, p_answer, p_at, 1);\n"
        "  INSERT INTO event(tenant, subject_id, number, kind, at_us, command_id, actor, detail,\n"
        "    revision) VALUES(0, p_id, 1, 11, p_at, p_id, 'bench', '', 1);\n"
        "  INSERT INTO effect(tenant, subject_id, number, kind, state, due_us, attempts, "
        "revision)\n"
        "    VALUES(0, p_id, 1, 11, 1, p_at, 0, 1);\n"
        "  FOR n IN 1 .. cardinality(p_skus) LOOP\n"
        "    SELECT r.price_minor INTO STRICT price\n"
        "      FROM product p JOIN price r ON r.tenant = p.tenant AND r.sku = p.sku\n"
        "      WHERE p.tenant = 0 AND p.sku = p_skus[n] AND r.currency = 'EUR'\n"
        "      AND r.channel = '' AND r.from_us <= p_at ORDER BY r.from_us DESC LIMIT 1;\n"
        "    SELECT s.site INTO STRICT place FROM stock s WHERE s.tenant = 0\n"
        "      AND s.sku = p_skus[n] AND s.available >= p_quantities[n]\n"
        "      ORDER BY s.site, s.lot LIMIT 1;\n"
        "    prices[n] := price;\n"
        "    sites[n] := place;\n"
        "    totals[n] := price * p_quantities[n];\n"
        "    taxes[n] := (totals[n] * 380000 + 1190000) / 2380000;\n"
        "    total := total + totals[n];\n"
        "    tax := tax + taxes[n];\n"
        "  END LOOP;\n"
        "  INSERT INTO stock_move(tenant, command_id, number, sku, site, lot, scale, from_bucket,\n"
        "    to_bucket, quantity, at_us, subject_id, reason, revision)\n"
        "    SELECT 0, p_id, l.n, l.sku, l.site, '', 0, 1, 3, l.quantity, p_at, p_id, NULL, 1\n"
        "    FROM unnest(p_skus, sites, p_quantities) WITH ORDINALITY l(sku, site, quantity, n);\n"
        "  INSERT INTO sales_order(tenant, id, number, state, channel, customer, currency,\n"
        "    tax_mode, rounding, rounding_level, ship_country, ship_postcode, shipping_option,\n"
        "    purchase_order, note, hold_id, saved_us, placed_us, earliest_us, latest_us,\n"
        "    goods_minor, discount_minor, shipping_minor, tax_minor, total_minor,\n"
        "    cancelled_minor, refunded_minor, event_count, version, revision)\n"
        "    VALUES(0, p_id, NULL, 2, 'web', p_customer, 'EUR', 1, 1, 1, 'DE', '', '', '', '',\n"
        "    NULL, p_at, p_at, NULL, NULL, total, 0, 0, tax, total, 0, 0, 1, 1, 1);\n"
        "  INSERT INTO order_line(tenant, order_id, number, sku, kind, scale, quantity,\n"
        "    unit_price_minor, goods_minor, discount_minor, order_discount_minor, tax_rate_ppm,\n"
        "    tax_minor, total_minor, shipping_minor, shipping_tax_minor, cancelled, performed,\n"
        "    returned, refunded, shipping_refunded, revision)\n"
        "    SELECT 0, p_id, l.n, l.sku, 1, 0, l.quantity, l.price, l.total, 0, 0, 190000, l.tax,\n"
        "    l.total, 0, 0, 0, 0, 0, 0, 0, 1\n"
        "    FROM unnest(p_skus, p_quantities, prices, totals, taxes)\n"
        "    WITH ORDINALITY l(sku, quantity, price, total, tax, n);\n"
        "  INSERT INTO allocation(tenant, order_id, line, site, lot, reason, allocated, released,\n"
        "    picked, packed, shipped, delivered, revision)\n"
        "    SELECT 0, p_id, l.n, l.site, '', 1, l.quantity, 0, 0, 0, 0, 0, 1\n"
        "    FROM unnest(sites, p_quantities) WITH ORDINALITY l(site, quantity, n);\n"
        "  FOR wanted IN SELECT l.sku, l.site, l.quantity\n"
        "    FROM unnest(p_skus, sites, p_quantities) l(sku, site, quantity)\n"
        "    ORDER BY l.sku COLLATE \"C\", l.site COLLATE \"C\" LOOP\n"
        "    UPDATE stock SET revision = revision + 1, available = available - wanted.quantity,\n"
        "      allocated = allocated + wanted.quantity WHERE tenant = 0 AND sku = wanted.sku\n"
        "      AND site = wanted.site AND lot = '' AND available >= wanted.quantity;\n"
        "    GET DIAGNOSTICS taken = ROW_COUNT;\n"
        "    IF taken <> 1 THEN RAISE EXCEPTION 'out of stock: %', wanted.sku; END IF;\n"
        "  END LOOP;\n"
        "  RETURN total;\n"
        "END $body$";
