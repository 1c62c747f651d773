CREATE TABLE contact (id uuid PRIMARY KEY, data jsonb NOT NULL);
CREATE TABLE event (id uuid PRIMARY KEY, contact_id uuid NOT NULL, payload text NOT NULL,
                    created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE attempt (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, delivery_id uuid NOT NULL,
                      event_id uuid NOT NULL, webhook_id uuid NOT NULL, number integer NOT NULL,
                      started_at timestamptz NOT NULL, duration_ms integer NOT NULL, status integer NOT NULL,
                      signature text NOT NULL, headers jsonb NOT NULL);
