-- +goose Up
-- Who waits for each commit of a run marks its head beside the events, and leaves the row of the log as it is: a page less a commit.
-- 1: the last event of its log. 0: another one follows, so that a lost tail is found. NULL: the row of the log says where it ends.
ALTER TABLE events ADD COLUMN is_head INTEGER;

-- Where each log ends: as its row says, or behind that at the event that is marked. When what followed its last event is lost, it ends
-- at the place of that, with a hash of zeros.
CREATE VIEW heads (log, seq, hash) AS
SELECT l.log, coalesce(e.seq + 1 - e.is_head, l.seq), CASE e.is_head WHEN 1 THEN e.hash WHEN 0 THEN zeroblob(32) ELSE l.hash END
FROM logs AS l
LEFT JOIN events AS e ON e.log = l.log AND e.seq = (SELECT max(seq) FROM events WHERE log = l.log)
  AND e.is_head IN (0, 1) AND e.seq + 1 - e.is_head > l.seq;

-- +goose Down
DROP VIEW heads;
ALTER TABLE events DROP COLUMN is_head;
