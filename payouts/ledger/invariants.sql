-- What must hold in every ledger at every moment. Each query finds the rows that break an invariant: what, and how.
-- Both SQLite and PostgreSQL run it as it stands. `{kind}` is done for every kind of row that has states.

-- I1 books follow payments
SELECT id, state || ' with other transfers than that'
FROM (
    SELECT p.id, p.state, coalesce(sum(CASE t.kind WHEN 'commit' THEN 1 WHEN 'uncommit' THEN 10 WHEN 'send' THEN 100
        WHEN 'settle' THEN 1000 WHEN 'return' THEN 10000 WHEN 'unsettle' THEN 100000
        WHEN 'resettle' THEN 1000000 ELSE 10000000 END), 0) AS kinds
    FROM payment p LEFT JOIN transfer t ON t.payment_id = p.id GROUP BY p.id, p.state
) b
WHERE NOT (state = 'batched' AND kinds = 1 OR state = 'voided' AND kinds = 11 OR state = 'sent' AND kinds = 101
    OR state = 'unknown' AND kinds = 101 OR state = 'paid' AND kinds IN (1101, 1010101, 1101101)
    OR state = 'returned' AND kinds IN (10101, 101101, 1110101));

-- I1 amounts are the payment's
SELECT t.id, 'booked ' || t.fen || ' of ' || p.amount_fen FROM transfer t JOIN payment p ON p.id =
t.payment_id WHERE t.fen <> p.amount_fen;

-- I2 one live payment
SELECT entitlement_id, count(*) || ' live payments' FROM payment WHERE state NOT IN ('voided', 'returned')
GROUP BY entitlement_id HAVING count(*) > 1;

-- I3 sent in a released batch
SELECT p.id, p.state || ' in a batch that is ' || b.state FROM payment p JOIN batch b ON b.id = p.batch_id
WHERE p.state IN ('sent', 'unknown', 'paid', 'returned') AND b.state NOT IN ('released', 'closed');

-- I3 the files of a released batch are known
SELECT b.id, 'no file is known' FROM batch b WHERE b.state IN ('released', 'closed') AND EXISTS (SELECT 1 FROM
payment p WHERE p.batch_id = b.id AND p.state <> 'voided') AND NOT EXISTS (SELECT 1 FROM bank_file f WHERE
f.batch_id = b.id);

-- I4 files = payments
SELECT b.id, 'files come to other than the payments' FROM batch b WHERE b.state IN ('released', 'closed') AND
coalesce((SELECT sum(f.total_fen) FROM bank_file f WHERE f.batch_id = b.id), 0) <> coalesce((SELECT
sum(p.amount_fen) FROM payment p WHERE p.batch_id = b.id AND p.state <> 'voided'), 0);

-- I4 payments = approved total
SELECT b.id, 'payments come to other than what was approved' FROM batch b WHERE b.state IN ('approved',
'sealed', 'released', 'closed') AND b.total_fen <> coalesce((SELECT sum(p.amount_fen) FROM payment p WHERE
p.batch_id = b.id), 0);

-- I5 signed by enough
SELECT b.id, 'a signature is missing' FROM batch b WHERE b.state IN ('approved', 'sealed', 'released',
'closed') AND b.signatures > (SELECT count(DISTINCT a.officer_id) FROM approval a WHERE a.batch_id = b.id AND
a.content_sha256 = b.content_sha256);

-- I5 maker is not checker
SELECT a.batch_id, a.officer_id FROM approval a JOIN batch b ON b.id = a.batch_id WHERE (a.role = 'maker') <>
(a.officer_id = b.made_by);

-- I9 every line has an outcome
SELECT f.sha256, f.lines || ' lines' FROM return_file f WHERE f.lines <> (SELECT count(*) FROM return_line l
WHERE l.file_sha256 = f.sha256);

-- no line is overspent
SELECT line, 'available ' || sum(fen) FROM (SELECT line, fen FROM transfer WHERE debit = 'available' UNION ALL
SELECT line, -fen FROM transfer WHERE credit = 'available') t GROUP BY line HAVING sum(fen) < 0;

-- no more is asked back than was paid
SELECT p.id, 'asked back ' || sum(r.amount_fen - r.given_up) FROM payment p JOIN (
    SELECT payment_id, amount_fen, coalesce((SELECT sum(t.fen) FROM transfer t WHERE t.recovery_id = recovery.id AND
    t.kind = 'unclaim'), 0) AS given_up FROM recovery WHERE kind = 'principal'
) r ON r.payment_id = p.id GROUP BY p.id, p.amount_fen HAVING sum(r.amount_fen - r.given_up) > p.amount_fen;

-- books follow recoveries
SELECT r.id, r.state || ' ' || r.amount_fen || ', claimed ' || r.claimed || ', ended ' || r.ended
FROM (
    SELECT v.id, v.state, v.amount_fen, coalesce(sum(CASE WHEN t.kind = 'claim' THEN t.fen END), 0) AS claimed,
        coalesce(sum(CASE WHEN t.kind IN ('recover', 'write_off', 'unclaim') THEN t.fen END), 0) AS ended
    FROM recovery v LEFT JOIN transfer t ON t.recovery_id = v.id GROUP BY v.id, v.state, v.amount_fen
) r
WHERE r.claimed <> r.amount_fen OR r.ended > r.amount_fen OR (r.state = 'ordered') <> (r.ended < r.amount_fen);

-- I8 states follow events
SELECT s.id, 'is ' || s.state || ', its events say ' || coalesce(last.to_state, 'nothing')
FROM {kind} s LEFT JOIN (
    SELECT e.subject, e.to_state FROM event e
    JOIN (SELECT subject, max(seq) AS seq FROM event WHERE kind = '{kind}' GROUP BY subject) m ON m.seq = e.seq
) last ON last.subject = s.id
WHERE last.to_state IS NULL OR last.to_state <> s.state;

-- I8 events follow each other
SELECT subject, 'an event begins at ' || from_state || ' after ' || before
FROM (SELECT subject, from_state, lag(to_state, 1, '') OVER (PARTITION BY kind, subject ORDER BY seq) AS before
      FROM event) c
WHERE from_state <> before;
