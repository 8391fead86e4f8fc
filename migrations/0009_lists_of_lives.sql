-- Lists of sessions are read in their order however many there were.
CREATE INDEX lives_host ON lives (host_id, starts_at);
CREATE INDEX lives_started ON lives (state, started_at);
CREATE INDEX lives_ended ON lives (state, ended_at);
