-- What the embedded broker owes its clients: retained messages, subscriptions, queues, QoS 2 messages on their way.
CREATE TABLE mqtt_state (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  client TEXT NOT NULL,
  key TEXT NOT NULL,
  facts TEXT NOT NULL, -- JSON
  payload BLOB NOT NULL,
  UNIQUE (kind, client, key)
) STRICT;
