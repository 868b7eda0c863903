-- When these tables were made, the artifacts of a run were always in .autonomous_runs/<run_id>.

CREATE TABLE runs (
    run_id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL,
    state TEXT NOT NULL,
    artifact_root TEXT NOT NULL DEFAULT '.autonomous_runs'
);

CREATE TABLE phases (
    run_id TEXT NOT NULL,
    phase_id TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (run_id, phase_id)
);

CREATE TABLE artifacts (
    run_id TEXT NOT NULL,
    path TEXT NOT NULL
);
