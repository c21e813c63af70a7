CREATE TABLE budget_line (
	id TEXT NOT NULL,
	title TEXT NOT NULL,
	CONSTRAINT pk_budget_line PRIMARY KEY (id)
)
;;
CREATE TABLE entitlement (
	id TEXT NOT NULL,
	policy TEXT NOT NULL,
	period TEXT NOT NULL,
	uscc TEXT NOT NULL,
	item TEXT NOT NULL,
	part BIGINT NOT NULL,
	state TEXT NOT NULL,
	CONSTRAINT pk_entitlement PRIMARY KEY (id),
	CONSTRAINT uq_entitlement_policy_period_uscc_item_part UNIQUE (policy, period, uscc, item, part),
	CONSTRAINT uq_entitlement_id_uscc UNIQUE (id, uscc)
)
;;
CREATE INDEX ix_entitlement_state ON entitlement (state)
;;
CREATE TABLE notice (
	id TEXT NOT NULL,
	title TEXT NOT NULL,
	published_on TEXT NOT NULL,
	ends_on TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	published_by TEXT NOT NULL,
	published_at TEXT NOT NULL,
	CONSTRAINT pk_notice PRIMARY KEY (id)
)
;;
CREATE TABLE officer (
	id TEXT NOT NULL,
	name TEXT NOT NULL,
	roles TEXT NOT NULL,
	password_hash TEXT NOT NULL,
	totp_secret TEXT,
	totp_step BIGINT NOT NULL,
	failures BIGINT NOT NULL,
	locked_until TEXT,
	created_at TEXT NOT NULL,
	created_by TEXT NOT NULL,
	disabled_at TEXT,
	CONSTRAINT pk_officer PRIMARY KEY (id)
)
;;
CREATE TABLE payee (
	id BIGSERIAL NOT NULL,
	uscc TEXT NOT NULL,
	account_name TEXT NOT NULL,
	account_no TEXT NOT NULL,
	bank_name TEXT NOT NULL,
	bank_code TEXT NOT NULL,
	source TEXT NOT NULL,
	entered_by TEXT NOT NULL,
	entered_at TEXT NOT NULL,
	reason TEXT NOT NULL,
	CONSTRAINT pk_payee PRIMARY KEY (id),
	CONSTRAINT uq_payee_id_uscc UNIQUE (id, uscc)
)
;;
CREATE INDEX ix_payee_entered ON payee (entered_by, entered_at)
;;
CREATE INDEX ix_payee_uscc ON payee (uscc)
;;
CREATE TABLE return_file (
	sha256 TEXT NOT NULL,
	number BIGINT NOT NULL,
	name TEXT NOT NULL,
	lines BIGINT NOT NULL,
	booked_by TEXT NOT NULL,
	booked_at TEXT NOT NULL,
	CONSTRAINT pk_return_file PRIMARY KEY (sha256),
	CONSTRAINT uq_return_file_number UNIQUE (number)
)
;;
CREATE TABLE run (
	id TEXT NOT NULL,
	period TEXT NOT NULL,
	as_of TEXT NOT NULL,
	snapshot_id TEXT NOT NULL,
	folder TEXT NOT NULL,
	taken_at TEXT NOT NULL,
	taken_by TEXT NOT NULL,
	CONSTRAINT pk_run PRIMARY KEY (id)
)
;;
CREATE TABLE sample (
	id TEXT NOT NULL,
	policy TEXT NOT NULL,
	seed TEXT NOT NULL,
	size BIGINT NOT NULL,
	population BIGINT NOT NULL,
	through BIGINT NOT NULL,
	drawn_by TEXT NOT NULL,
	drawn_at TEXT NOT NULL,
	CONSTRAINT pk_sample PRIMARY KEY (id)
)
;;
CREATE INDEX ix_sample_policy ON sample (policy)
;;
CREATE TABLE transition (
	kind TEXT NOT NULL,
	from_state TEXT NOT NULL,
	to_state TEXT NOT NULL,
	CONSTRAINT pk_transition PRIMARY KEY (kind, from_state, to_state)
)
;;
CREATE TABLE account_listing (
	payee_id BIGINT NOT NULL,
	data_date TEXT NOT NULL,
	through TEXT NOT NULL,
	CONSTRAINT pk_account_listing PRIMARY KEY (payee_id, data_date),
	CONSTRAINT fk_account_listing_payee_id FOREIGN KEY(payee_id) REFERENCES payee (id)
)
;;
CREATE TABLE batch (
	id TEXT NOT NULL,
	content_sha256 TEXT NOT NULL,
	channel TEXT NOT NULL,
	channel_sha256 TEXT NOT NULL,
	terms TEXT NOT NULL,
	payer_name TEXT NOT NULL,
	payer_account TEXT NOT NULL,
	payer_bank_code TEXT NOT NULL,
	made_by TEXT NOT NULL,
	made_at TEXT NOT NULL,
	cooling_since TEXT NOT NULL,
	signatures BIGINT NOT NULL,
	items BIGINT NOT NULL,
	total_fen BIGINT NOT NULL,
	state TEXT NOT NULL,
	CONSTRAINT pk_batch PRIMARY KEY (id),
	CONSTRAINT uq_batch_id_content_sha256 UNIQUE (id, content_sha256),
	CONSTRAINT ck_batch_total_fen_positive CHECK (total_fen > 0),
	CONSTRAINT ck_batch_signatures_two_or_three CHECK (signatures IN (2, 3)),
	CONSTRAINT fk_batch_made_by FOREIGN KEY(made_by) REFERENCES officer (id)
)
;;
CREATE INDEX ix_batch_state ON batch (state)
;;
CREATE TABLE event (
	seq BIGSERIAL NOT NULL,
	kind TEXT NOT NULL,
	subject TEXT NOT NULL,
	from_state TEXT NOT NULL,
	to_state TEXT NOT NULL,
	actor TEXT NOT NULL,
	at TEXT NOT NULL,
	code TEXT NOT NULL,
	reason TEXT NOT NULL,
	CONSTRAINT pk_event PRIMARY KEY (seq),
	CONSTRAINT fk_event_kind_from_state_to_state FOREIGN KEY(kind, from_state, to_state) REFERENCES transition (kind, from_state, to_state)
)
;;
CREATE INDEX ix_event_subject ON event (kind, subject)
;;
CREATE TABLE hold (
	id TEXT NOT NULL,
	entitlement_id TEXT NOT NULL,
	code TEXT NOT NULL,
	detail TEXT NOT NULL,
	state TEXT NOT NULL,
	CONSTRAINT pk_hold PRIMARY KEY (id),
	CONSTRAINT fk_hold_entitlement_id FOREIGN KEY(entitlement_id) REFERENCES entitlement (id)
)
;;
CREATE INDEX ix_hold_entitlement_id ON hold (entitlement_id)
;;
CREATE INDEX ix_hold_state ON hold (state)
;;
CREATE UNIQUE INDEX uq_hold_open ON hold (entitlement_id, code) WHERE state = 'placed'
;;
CREATE TABLE login (
	id BIGSERIAL NOT NULL,
	token_sha256 TEXT NOT NULL,
	officer_id TEXT NOT NULL,
	at TEXT NOT NULL,
	expires_at TEXT NOT NULL,
	ended_at TEXT,
	CONSTRAINT pk_login PRIMARY KEY (id),
	CONSTRAINT uq_login_token_sha256 UNIQUE (token_sha256),
	CONSTRAINT fk_login_officer_id FOREIGN KEY(officer_id) REFERENCES officer (id)
)
;;
CREATE TABLE notice_item (
	notice_id TEXT NOT NULL,
	entitlement_id TEXT NOT NULL,
	CONSTRAINT pk_notice_item PRIMARY KEY (notice_id, entitlement_id),
	CONSTRAINT fk_notice_item_notice_id FOREIGN KEY(notice_id) REFERENCES notice (id),
	CONSTRAINT fk_notice_item_entitlement_id FOREIGN KEY(entitlement_id) REFERENCES entitlement (id)
)
;;
CREATE INDEX ix_notice_item_entitlement_id ON notice_item (entitlement_id)
;;
CREATE TABLE objection (
	id TEXT NOT NULL,
	entitlement_id TEXT NOT NULL,
	raised_by TEXT NOT NULL,
	contact TEXT NOT NULL,
	raised_on TEXT NOT NULL,
	grounds TEXT NOT NULL,
	state TEXT NOT NULL,
	CONSTRAINT pk_objection PRIMARY KEY (id),
	CONSTRAINT fk_objection_entitlement_id FOREIGN KEY(entitlement_id) REFERENCES entitlement (id)
)
;;
CREATE INDEX ix_objection_entitlement ON objection (entitlement_id, state)
;;
CREATE INDEX ix_objection_state ON objection (state)
;;
CREATE TABLE proposal (
	id BIGSERIAL NOT NULL,
	entitlement_id TEXT NOT NULL,
	run_id TEXT NOT NULL,
	policy_sha256 TEXT NOT NULL,
	firm_name TEXT NOT NULL,
	region TEXT NOT NULL,
	clause TEXT NOT NULL,
	line TEXT NOT NULL,
	due_on TEXT NOT NULL,
	unknown TEXT NOT NULL,
	amount_fen BIGINT,
	CONSTRAINT pk_proposal PRIMARY KEY (id),
	CONSTRAINT ck_proposal_amount_fen_positive CHECK (amount_fen > 0),
	CONSTRAINT ck_proposal_amount_or_why_not CHECK (amount_fen IS NOT NULL OR unknown <> ''),
	CONSTRAINT uq_proposal_entitlement_id_run_id UNIQUE (entitlement_id, run_id),
	CONSTRAINT uq_proposal_id_entitlement_id UNIQUE (id, entitlement_id),
	CONSTRAINT uq_proposal_id_entitlement_id_amount_fen UNIQUE (id, entitlement_id, amount_fen),
	CONSTRAINT fk_proposal_entitlement_id FOREIGN KEY(entitlement_id) REFERENCES entitlement (id),
	CONSTRAINT fk_proposal_run_id FOREIGN KEY(run_id) REFERENCES run (id),
	CONSTRAINT fk_proposal_line FOREIGN KEY(line) REFERENCES budget_line (id)
)
;;
CREATE INDEX ix_proposal_run ON proposal (run_id)
;;
CREATE TABLE run_policy (
	run_id TEXT NOT NULL,
	policy TEXT NOT NULL,
	policy_sha256 TEXT NOT NULL,
	taken_at TEXT NOT NULL,
	taken_by TEXT NOT NULL,
	reason TEXT NOT NULL,
	CONSTRAINT pk_run_policy PRIMARY KEY (run_id, policy),
	CONSTRAINT fk_run_policy_run_id FOREIGN KEY(run_id) REFERENCES run (id)
)
;;
CREATE INDEX ix_run_policy_policy ON run_policy (policy)
;;
CREATE TABLE approval (
	batch_id TEXT NOT NULL,
	officer_id TEXT NOT NULL,
	role TEXT NOT NULL,
	content_sha256 TEXT NOT NULL,
	at TEXT NOT NULL,
	CONSTRAINT pk_approval PRIMARY KEY (batch_id, officer_id),
	CONSTRAINT uq_approval_batch_id_role UNIQUE (batch_id, role),
	CONSTRAINT fk_approval_batch_id_content_sha256 FOREIGN KEY(batch_id, content_sha256) REFERENCES batch (id, content_sha256),
	CONSTRAINT ck_approval_role_known CHECK (role IN ('maker', 'checker', 'approver')),
	CONSTRAINT fk_approval_officer_id FOREIGN KEY(officer_id) REFERENCES officer (id)
)
;;
CREATE TABLE bank_file (
	batch_id TEXT NOT NULL,
	part BIGINT NOT NULL,
	name TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	bytes BIGINT NOT NULL,
	payments BIGINT NOT NULL,
	total_fen BIGINT NOT NULL,
	made_at TEXT NOT NULL,
	CONSTRAINT pk_bank_file PRIMARY KEY (batch_id, part),
	CONSTRAINT ck_bank_file_total_fen_positive CHECK (total_fen > 0),
	CONSTRAINT fk_bank_file_batch_id FOREIGN KEY(batch_id) REFERENCES batch (id)
)
;;
CREATE TABLE batch_item (
	batch_id TEXT NOT NULL,
	payment_id TEXT NOT NULL,
	entitlement_id TEXT NOT NULL,
	uscc TEXT NOT NULL,
	proposal_id BIGINT NOT NULL,
	payee_id BIGINT NOT NULL,
	attempt BIGINT NOT NULL,
	amount_fen BIGINT NOT NULL,
	line TEXT NOT NULL,
	purpose TEXT NOT NULL,
	CONSTRAINT pk_batch_item PRIMARY KEY (batch_id, payment_id),
	CONSTRAINT uq_batch_item_batch_id_entitlement_id UNIQUE (batch_id, entitlement_id),
	CONSTRAINT uq_batch_item_batch_id_payment_id_entitlement_id_attemp_a9a1 UNIQUE (batch_id, payment_id, entitlement_id, attempt, amount_fen),
	CONSTRAINT fk_batch_item_entitlement_id_uscc FOREIGN KEY(entitlement_id, uscc) REFERENCES entitlement (id, uscc),
	CONSTRAINT fk_batch_item_proposal_id_entitlement_id_amount_fen FOREIGN KEY(proposal_id, entitlement_id, amount_fen) REFERENCES proposal (id, entitlement_id, amount_fen),
	CONSTRAINT fk_batch_item_payee_id_uscc FOREIGN KEY(payee_id, uscc) REFERENCES payee (id, uscc),
	CONSTRAINT fk_batch_item_batch_id FOREIGN KEY(batch_id) REFERENCES batch (id),
	CONSTRAINT fk_batch_item_line FOREIGN KEY(line) REFERENCES budget_line (id)
)
;;
CREATE TABLE reminder (
	notice_id TEXT NOT NULL,
	entitlement_id TEXT NOT NULL,
	reminded_on TEXT NOT NULL,
	reminded_by TEXT NOT NULL,
	reminded_at TEXT NOT NULL,
	CONSTRAINT pk_reminder PRIMARY KEY (notice_id, entitlement_id, reminded_on),
	CONSTRAINT fk_reminder_notice_id_entitlement_id FOREIGN KEY(notice_id, entitlement_id) REFERENCES notice_item (notice_id, entitlement_id)
)
;;
CREATE INDEX ix_reminder_entitlement ON reminder (entitlement_id)
;;
CREATE TABLE spot_check (
	id TEXT NOT NULL,
	sample_id TEXT NOT NULL,
	entitlement_id TEXT NOT NULL,
	proposal_id BIGINT NOT NULL,
	state TEXT NOT NULL,
	CONSTRAINT pk_spot_check PRIMARY KEY (id),
	CONSTRAINT uq_spot_check_sample_id_entitlement_id UNIQUE (sample_id, entitlement_id),
	CONSTRAINT fk_spot_check_proposal_id_entitlement_id FOREIGN KEY(proposal_id, entitlement_id) REFERENCES proposal (id, entitlement_id),
	CONSTRAINT fk_spot_check_sample_id FOREIGN KEY(sample_id) REFERENCES sample (id),
	CONSTRAINT fk_spot_check_entitlement_id FOREIGN KEY(entitlement_id) REFERENCES entitlement (id)
)
;;
CREATE INDEX ix_spot_check_entitlement_id ON spot_check (entitlement_id)
;;
CREATE INDEX ix_spot_check_state ON spot_check (state)
;;
CREATE TABLE payment (
	id TEXT NOT NULL,
	batch_id TEXT NOT NULL,
	entitlement_id TEXT NOT NULL,
	attempt BIGINT NOT NULL,
	amount_fen BIGINT NOT NULL,
	state TEXT NOT NULL,
	CONSTRAINT pk_payment PRIMARY KEY (id),
	CONSTRAINT uq_payment_entitlement_id_attempt UNIQUE (entitlement_id, attempt),
	CONSTRAINT fk_payment_batch_id_id_entitlement_id_attempt_amount_fen FOREIGN KEY(batch_id, id, entitlement_id, attempt, amount_fen) REFERENCES batch_item (batch_id, payment_id, entitlement_id, attempt, amount_fen)
)
;;
CREATE INDEX ix_payment_batch ON payment (batch_id)
;;
CREATE UNIQUE INDEX uq_payment_live ON payment (entitlement_id) WHERE state NOT IN ('voided', 'returned')
;;
CREATE TABLE recovery (
	id TEXT NOT NULL,
	payment_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	amount_fen BIGINT NOT NULL,
	ordered_by TEXT NOT NULL,
	ordered_at TEXT NOT NULL,
	basis TEXT NOT NULL,
	state TEXT NOT NULL,
	CONSTRAINT pk_recovery PRIMARY KEY (id),
	CONSTRAINT ck_recovery_amount_fen_positive CHECK (amount_fen > 0),
	CONSTRAINT ck_recovery_kind_known CHECK (kind IN ('principal', 'interest')),
	CONSTRAINT fk_recovery_payment_id FOREIGN KEY(payment_id) REFERENCES payment (id),
	CONSTRAINT fk_recovery_ordered_by FOREIGN KEY(ordered_by) REFERENCES officer (id)
)
;;
CREATE INDEX ix_recovery_payment_id ON recovery (payment_id)
;;
CREATE INDEX ix_recovery_state ON recovery (state)
;;
CREATE TABLE resolution (
	id TEXT NOT NULL,
	payment_id TEXT NOT NULL,
	to_state TEXT NOT NULL,
	evidence TEXT NOT NULL,
	heard BIGINT NOT NULL,
	proposed_by TEXT NOT NULL,
	proposed_at TEXT NOT NULL,
	decided_by TEXT,
	state TEXT NOT NULL,
	CONSTRAINT pk_resolution PRIMARY KEY (id),
	CONSTRAINT ck_resolution_to_state_known CHECK (to_state IN ('paid', 'returned')),
	CONSTRAINT ck_resolution_two_officers CHECK (decided_by IS NULL OR decided_by <> proposed_by),
	CONSTRAINT fk_resolution_payment_id FOREIGN KEY(payment_id) REFERENCES payment (id),
	CONSTRAINT fk_resolution_proposed_by FOREIGN KEY(proposed_by) REFERENCES officer (id),
	CONSTRAINT fk_resolution_decided_by FOREIGN KEY(decided_by) REFERENCES officer (id)
)
;;
CREATE INDEX ix_resolution_payment_id ON resolution (payment_id)
;;
CREATE INDEX ix_resolution_state ON resolution (state)
;;
CREATE TABLE return_line (
	file_sha256 TEXT NOT NULL,
	line BIGINT NOT NULL,
	payment_text TEXT NOT NULL,
	payment_id TEXT,
	answer TEXT NOT NULL,
	fen BIGINT,
	code TEXT NOT NULL,
	reason TEXT NOT NULL,
	said_on TEXT NOT NULL,
	outcome TEXT NOT NULL,
	CONSTRAINT pk_return_line PRIMARY KEY (file_sha256, line),
	CONSTRAINT fk_return_line_file_sha256 FOREIGN KEY(file_sha256) REFERENCES return_file (sha256),
	CONSTRAINT fk_return_line_payment_id FOREIGN KEY(payment_id) REFERENCES payment (id)
)
;;
CREATE INDEX ix_return_line_payment_id ON return_line (payment_id)
;;
CREATE TABLE transfer (
	id TEXT NOT NULL,
	kind TEXT NOT NULL,
	line TEXT NOT NULL,
	debit TEXT NOT NULL,
	credit TEXT NOT NULL,
	fen BIGINT NOT NULL,
	payment_id TEXT,
	recovery_id TEXT,
	actor TEXT NOT NULL,
	at TEXT NOT NULL,
	reason TEXT NOT NULL,
	CONSTRAINT pk_transfer PRIMARY KEY (id),
	CONSTRAINT ck_transfer_fen_positive CHECK (fen > 0),
	CONSTRAINT ck_transfer_kind_known CHECK (kind IN ('grant', 'cut', 'commit', 'uncommit', 'send', 'settle', 'return', 'unsettle', 'resettle', 'claim', 'recover', 'write_off', 'unclaim')),
	CONSTRAINT ck_transfer_accounts_of_kind CHECK (kind = 'grant' AND debit = 'available' AND credit = 'appropriated' OR kind = 'cut' AND debit = 'appropriated' AND credit = 'available' OR kind = 'commit' AND debit = 'committed' AND credit = 'available' OR kind = 'uncommit' AND debit = 'available' AND credit = 'committed' OR kind = 'send' AND debit = 'clearing' AND credit = 'committed' OR kind = 'settle' AND debit = 'paid' AND credit = 'clearing' OR kind = 'return' AND debit = 'available' AND credit = 'clearing' OR kind = 'unsettle' AND debit = 'available' AND credit = 'paid' OR kind = 'resettle' AND debit = 'paid' AND credit = 'available' OR kind = 'claim' AND debit = 'receivable' AND credit = 'claimed' OR kind = 'recover' AND debit = 'recovered' AND credit = 'receivable' OR kind = 'write_off' AND debit = 'written_off' AND credit = 'receivable' OR kind = 'unclaim' AND debit = 'claimed' AND credit = 'receivable'),
	CONSTRAINT ck_transfer_of_a_payment CHECK ((payment_id IS NULL) = (kind IN ('grant', 'cut', 'claim', 'recover', 'write_off', 'unclaim'))),
	CONSTRAINT ck_transfer_of_a_recovery CHECK ((recovery_id IS NOT NULL) = (kind IN ('claim', 'recover', 'write_off', 'unclaim'))),
	CONSTRAINT fk_transfer_line FOREIGN KEY(line) REFERENCES budget_line (id),
	CONSTRAINT fk_transfer_payment_id FOREIGN KEY(payment_id) REFERENCES payment (id),
	CONSTRAINT fk_transfer_recovery_id FOREIGN KEY(recovery_id) REFERENCES recovery (id)
)
;;
CREATE INDEX ix_transfer_recovery ON transfer (recovery_id) WHERE recovery_id IS NOT NULL
;;
CREATE UNIQUE INDEX uq_transfer_answer ON transfer (payment_id) WHERE kind IN ('settle', 'return')
;;
CREATE UNIQUE INDEX uq_transfer_commit ON transfer (payment_id) WHERE kind = 'commit'
;;
CREATE UNIQUE INDEX uq_transfer_release ON transfer (payment_id) WHERE kind IN ('send', 'uncommit')
;;
CREATE UNIQUE INDEX uq_transfer_restoration ON transfer (payment_id) WHERE kind = 'resettle'
;;
CREATE UNIQUE INDEX uq_transfer_reversal ON transfer (payment_id) WHERE kind = 'unsettle'
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', '', 'proposed')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', '', 'undetermined')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'undetermined', 'proposed')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'undetermined', 'withdrawn')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'proposed', 'reconfirmed')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'proposed', 'refused')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'proposed', 'withdrawn')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'proposed', 'undetermined')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'reconfirmed', 'published')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'reconfirmed', 'refused')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'reconfirmed', 'withdrawn')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'reconfirmed', 'undetermined')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'reconfirmed', 'proposed')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'published', 'confirmed')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'published', 'declined')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'published', 'lapsed')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'published', 'refused')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'published', 'withdrawn')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'published', 'undetermined')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'published', 'proposed')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'confirmed', 'declined')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'confirmed', 'refused')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'confirmed', 'withdrawn')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'confirmed', 'undetermined')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'confirmed', 'proposed')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'declined', 'published')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'declined', 'withdrawn')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'declined', 'undetermined')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'declined', 'proposed')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'lapsed', 'published')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'lapsed', 'withdrawn')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'lapsed', 'undetermined')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'lapsed', 'proposed')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'refused', 'proposed')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'refused', 'undetermined')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'withdrawn', 'proposed')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('entitlement', 'withdrawn', 'undetermined')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('batch', '', 'planned')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('batch', 'planned', 'approved')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('batch', 'planned', 'cancelled')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('batch', 'approved', 'sealed')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('batch', 'approved', 'cancelled')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('batch', 'sealed', 'released')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('batch', 'sealed', 'cancelled')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('batch', 'released', 'closed')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('payment', '', 'batched')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('payment', 'batched', 'sent')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('payment', 'batched', 'voided')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('payment', 'sent', 'paid')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('payment', 'sent', 'returned')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('payment', 'sent', 'unknown')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('payment', 'unknown', 'paid')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('payment', 'unknown', 'returned')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('payment', 'paid', 'returned')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('payment', 'returned', 'paid')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('spot_check', '', 'drawn')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('spot_check', 'drawn', 'ok')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('spot_check', 'drawn', 'wrong')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('objection', '', 'open')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('objection', 'open', 'upheld')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('objection', 'open', 'dismissed')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('objection', 'open', 'withdrawn')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('hold', '', 'placed')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('hold', 'placed', 'lifted')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('recovery', '', 'ordered')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('recovery', 'ordered', 'recovered')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('recovery', 'ordered', 'written_off')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('recovery', 'ordered', 'cancelled')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('resolution', '', 'proposed')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('resolution', 'proposed', 'confirmed')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('resolution', 'proposed', 'rejected')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('officer', '', 'open')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('officer', 'open', 'open')
;;
INSERT INTO transition (kind, from_state, to_state) VALUES ('officer', 'open', 'closed')
;;
CREATE FUNCTION mianshen_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE USING MESSAGE = TG_ARGV[0], ERRCODE = 'check_violation'; END $$
;;
CREATE TRIGGER budget_line_keep BEFORE UPDATE ON budget_line FOR EACH ROW WHEN (NEW."id" IS DISTINCT FROM OLD."id") EXECUTE FUNCTION mianshen_refuse('rows of budget_line are never changed')
;;
CREATE TRIGGER budget_line_stay BEFORE DELETE ON budget_line FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of budget_line are never deleted')
;;
CREATE TRIGGER budget_line_whole BEFORE TRUNCATE ON budget_line FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of budget_line are never deleted')
;;
CREATE TRIGGER entitlement_keep BEFORE UPDATE ON entitlement FOR EACH ROW WHEN (NEW."id" IS DISTINCT FROM OLD."id" OR NEW."policy" IS DISTINCT FROM OLD."policy" OR NEW."period" IS DISTINCT FROM OLD."period" OR NEW."uscc" IS DISTINCT FROM OLD."uscc" OR NEW."item" IS DISTINCT FROM OLD."item" OR NEW."part" IS DISTINCT FROM OLD."part") EXECUTE FUNCTION mianshen_refuse('rows of entitlement are never changed')
;;
CREATE TRIGGER entitlement_stay BEFORE DELETE ON entitlement FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of entitlement are never deleted')
;;
CREATE TRIGGER entitlement_whole BEFORE TRUNCATE ON entitlement FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of entitlement are never deleted')
;;
CREATE TRIGGER notice_keep BEFORE UPDATE ON notice FOR EACH ROW WHEN (NEW."id" IS DISTINCT FROM OLD."id" OR NEW."title" IS DISTINCT FROM OLD."title" OR NEW."published_on" IS DISTINCT FROM OLD."published_on" OR NEW."ends_on" IS DISTINCT FROM OLD."ends_on" OR NEW."sha256" IS DISTINCT FROM OLD."sha256" OR NEW."published_by" IS DISTINCT FROM OLD."published_by" OR NEW."published_at" IS DISTINCT FROM OLD."published_at") EXECUTE FUNCTION mianshen_refuse('rows of notice are never changed')
;;
CREATE TRIGGER notice_stay BEFORE DELETE ON notice FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of notice are never deleted')
;;
CREATE TRIGGER notice_whole BEFORE TRUNCATE ON notice FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of notice are never deleted')
;;
CREATE TRIGGER officer_keep BEFORE UPDATE ON officer FOR EACH ROW WHEN (NEW."id" IS DISTINCT FROM OLD."id" OR NEW."created_at" IS DISTINCT FROM OLD."created_at" OR NEW."created_by" IS DISTINCT FROM OLD."created_by") EXECUTE FUNCTION mianshen_refuse('rows of officer are never changed')
;;
CREATE TRIGGER officer_stay BEFORE DELETE ON officer FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of officer are never deleted')
;;
CREATE TRIGGER officer_whole BEFORE TRUNCATE ON officer FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of officer are never deleted')
;;
CREATE TRIGGER payee_keep BEFORE UPDATE ON payee FOR EACH ROW WHEN (NEW."id" IS DISTINCT FROM OLD."id" OR NEW."uscc" IS DISTINCT FROM OLD."uscc" OR NEW."account_name" IS DISTINCT FROM OLD."account_name" OR NEW."account_no" IS DISTINCT FROM OLD."account_no" OR NEW."bank_name" IS DISTINCT FROM OLD."bank_name" OR NEW."bank_code" IS DISTINCT FROM OLD."bank_code" OR NEW."source" IS DISTINCT FROM OLD."source" OR NEW."entered_by" IS DISTINCT FROM OLD."entered_by" OR NEW."entered_at" IS DISTINCT FROM OLD."entered_at" OR NEW."reason" IS DISTINCT FROM OLD."reason") EXECUTE FUNCTION mianshen_refuse('rows of payee are never changed')
;;
CREATE TRIGGER payee_stay BEFORE DELETE ON payee FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of payee are never deleted')
;;
CREATE TRIGGER payee_whole BEFORE TRUNCATE ON payee FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of payee are never deleted')
;;
CREATE TRIGGER return_file_keep BEFORE UPDATE ON return_file FOR EACH ROW WHEN (NEW."sha256" IS DISTINCT FROM OLD."sha256" OR NEW."number" IS DISTINCT FROM OLD."number" OR NEW."name" IS DISTINCT FROM OLD."name" OR NEW."lines" IS DISTINCT FROM OLD."lines" OR NEW."booked_by" IS DISTINCT FROM OLD."booked_by" OR NEW."booked_at" IS DISTINCT FROM OLD."booked_at") EXECUTE FUNCTION mianshen_refuse('rows of return_file are never changed')
;;
CREATE TRIGGER return_file_stay BEFORE DELETE ON return_file FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of return_file are never deleted')
;;
CREATE TRIGGER return_file_whole BEFORE TRUNCATE ON return_file FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of return_file are never deleted')
;;
CREATE TRIGGER run_keep BEFORE UPDATE ON run FOR EACH ROW WHEN (NEW."id" IS DISTINCT FROM OLD."id" OR NEW."period" IS DISTINCT FROM OLD."period" OR NEW."as_of" IS DISTINCT FROM OLD."as_of" OR NEW."snapshot_id" IS DISTINCT FROM OLD."snapshot_id" OR NEW."folder" IS DISTINCT FROM OLD."folder" OR NEW."taken_at" IS DISTINCT FROM OLD."taken_at" OR NEW."taken_by" IS DISTINCT FROM OLD."taken_by") EXECUTE FUNCTION mianshen_refuse('rows of run are never changed')
;;
CREATE TRIGGER run_stay BEFORE DELETE ON run FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of run are never deleted')
;;
CREATE TRIGGER run_whole BEFORE TRUNCATE ON run FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of run are never deleted')
;;
CREATE TRIGGER sample_keep BEFORE UPDATE ON sample FOR EACH ROW WHEN (NEW."id" IS DISTINCT FROM OLD."id" OR NEW."policy" IS DISTINCT FROM OLD."policy" OR NEW."seed" IS DISTINCT FROM OLD."seed" OR NEW."size" IS DISTINCT FROM OLD."size" OR NEW."population" IS DISTINCT FROM OLD."population" OR NEW."through" IS DISTINCT FROM OLD."through" OR NEW."drawn_by" IS DISTINCT FROM OLD."drawn_by" OR NEW."drawn_at" IS DISTINCT FROM OLD."drawn_at") EXECUTE FUNCTION mianshen_refuse('rows of sample are never changed')
;;
CREATE TRIGGER sample_stay BEFORE DELETE ON sample FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of sample are never deleted')
;;
CREATE TRIGGER sample_whole BEFORE TRUNCATE ON sample FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of sample are never deleted')
;;
CREATE TRIGGER transition_keep BEFORE UPDATE ON transition FOR EACH ROW WHEN (NEW."kind" IS DISTINCT FROM OLD."kind" OR NEW."from_state" IS DISTINCT FROM OLD."from_state" OR NEW."to_state" IS DISTINCT FROM OLD."to_state") EXECUTE FUNCTION mianshen_refuse('rows of transition are never changed')
;;
CREATE TRIGGER transition_stay BEFORE DELETE ON transition FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of transition are never deleted')
;;
CREATE TRIGGER transition_whole BEFORE TRUNCATE ON transition FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of transition are never deleted')
;;
CREATE TRIGGER account_listing_keep BEFORE UPDATE ON account_listing FOR EACH ROW WHEN (NEW."payee_id" IS DISTINCT FROM OLD."payee_id" OR NEW."data_date" IS DISTINCT FROM OLD."data_date" OR NEW."through" IS DISTINCT FROM OLD."through") EXECUTE FUNCTION mianshen_refuse('rows of account_listing are never changed')
;;
CREATE TRIGGER account_listing_stay BEFORE DELETE ON account_listing FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of account_listing are never deleted')
;;
CREATE TRIGGER account_listing_whole BEFORE TRUNCATE ON account_listing FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of account_listing are never deleted')
;;
CREATE TRIGGER batch_keep BEFORE UPDATE ON batch FOR EACH ROW WHEN (NEW."id" IS DISTINCT FROM OLD."id" OR NEW."content_sha256" IS DISTINCT FROM OLD."content_sha256" OR NEW."channel" IS DISTINCT FROM OLD."channel" OR NEW."channel_sha256" IS DISTINCT FROM OLD."channel_sha256" OR NEW."terms" IS DISTINCT FROM OLD."terms" OR NEW."payer_name" IS DISTINCT FROM OLD."payer_name" OR NEW."payer_account" IS DISTINCT FROM OLD."payer_account" OR NEW."payer_bank_code" IS DISTINCT FROM OLD."payer_bank_code" OR NEW."made_by" IS DISTINCT FROM OLD."made_by" OR NEW."made_at" IS DISTINCT FROM OLD."made_at" OR NEW."cooling_since" IS DISTINCT FROM OLD."cooling_since" OR NEW."signatures" IS DISTINCT FROM OLD."signatures" OR NEW."items" IS DISTINCT FROM OLD."items" OR NEW."total_fen" IS DISTINCT FROM OLD."total_fen") EXECUTE FUNCTION mianshen_refuse('rows of batch are never changed')
;;
CREATE TRIGGER batch_stay BEFORE DELETE ON batch FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of batch are never deleted')
;;
CREATE TRIGGER batch_whole BEFORE TRUNCATE ON batch FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of batch are never deleted')
;;
CREATE TRIGGER event_keep BEFORE UPDATE ON event FOR EACH ROW WHEN (NEW."seq" IS DISTINCT FROM OLD."seq" OR NEW."kind" IS DISTINCT FROM OLD."kind" OR NEW."subject" IS DISTINCT FROM OLD."subject" OR NEW."from_state" IS DISTINCT FROM OLD."from_state" OR NEW."to_state" IS DISTINCT FROM OLD."to_state" OR NEW."actor" IS DISTINCT FROM OLD."actor" OR NEW."at" IS DISTINCT FROM OLD."at" OR NEW."code" IS DISTINCT FROM OLD."code" OR NEW."reason" IS DISTINCT FROM OLD."reason") EXECUTE FUNCTION mianshen_refuse('rows of event are never changed')
;;
CREATE TRIGGER event_stay BEFORE DELETE ON event FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of event are never deleted')
;;
CREATE TRIGGER event_whole BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of event are never deleted')
;;
CREATE TRIGGER hold_keep BEFORE UPDATE ON hold FOR EACH ROW WHEN (NEW."id" IS DISTINCT FROM OLD."id" OR NEW."entitlement_id" IS DISTINCT FROM OLD."entitlement_id" OR NEW."code" IS DISTINCT FROM OLD."code" OR NEW."detail" IS DISTINCT FROM OLD."detail") EXECUTE FUNCTION mianshen_refuse('rows of hold are never changed')
;;
CREATE TRIGGER hold_stay BEFORE DELETE ON hold FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of hold are never deleted')
;;
CREATE TRIGGER hold_whole BEFORE TRUNCATE ON hold FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of hold are never deleted')
;;
CREATE TRIGGER login_keep BEFORE UPDATE ON login FOR EACH ROW WHEN (NEW."id" IS DISTINCT FROM OLD."id" OR NEW."token_sha256" IS DISTINCT FROM OLD."token_sha256" OR NEW."officer_id" IS DISTINCT FROM OLD."officer_id" OR NEW."at" IS DISTINCT FROM OLD."at" OR NEW."expires_at" IS DISTINCT FROM OLD."expires_at") EXECUTE FUNCTION mianshen_refuse('rows of login are never changed')
;;
CREATE TRIGGER login_stay BEFORE DELETE ON login FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of login are never deleted')
;;
CREATE TRIGGER login_whole BEFORE TRUNCATE ON login FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of login are never deleted')
;;
CREATE TRIGGER notice_item_keep BEFORE UPDATE ON notice_item FOR EACH ROW WHEN (NEW."notice_id" IS DISTINCT FROM OLD."notice_id" OR NEW."entitlement_id" IS DISTINCT FROM OLD."entitlement_id") EXECUTE FUNCTION mianshen_refuse('rows of notice_item are never changed')
;;
CREATE TRIGGER notice_item_stay BEFORE DELETE ON notice_item FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of notice_item are never deleted')
;;
CREATE TRIGGER notice_item_whole BEFORE TRUNCATE ON notice_item FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of notice_item are never deleted')
;;
CREATE TRIGGER objection_keep BEFORE UPDATE ON objection FOR EACH ROW WHEN (NEW."id" IS DISTINCT FROM OLD."id" OR NEW."entitlement_id" IS DISTINCT FROM OLD."entitlement_id" OR NEW."raised_by" IS DISTINCT FROM OLD."raised_by" OR NEW."contact" IS DISTINCT FROM OLD."contact" OR NEW."raised_on" IS DISTINCT FROM OLD."raised_on" OR NEW."grounds" IS DISTINCT FROM OLD."grounds") EXECUTE FUNCTION mianshen_refuse('rows of objection are never changed')
;;
CREATE TRIGGER objection_stay BEFORE DELETE ON objection FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of objection are never deleted')
;;
CREATE TRIGGER objection_whole BEFORE TRUNCATE ON objection FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of objection are never deleted')
;;
CREATE TRIGGER proposal_keep BEFORE UPDATE ON proposal FOR EACH ROW WHEN (NEW."id" IS DISTINCT FROM OLD."id" OR NEW."entitlement_id" IS DISTINCT FROM OLD."entitlement_id" OR NEW."run_id" IS DISTINCT FROM OLD."run_id" OR NEW."policy_sha256" IS DISTINCT FROM OLD."policy_sha256" OR NEW."firm_name" IS DISTINCT FROM OLD."firm_name" OR NEW."region" IS DISTINCT FROM OLD."region" OR NEW."clause" IS DISTINCT FROM OLD."clause" OR NEW."line" IS DISTINCT FROM OLD."line" OR NEW."due_on" IS DISTINCT FROM OLD."due_on" OR NEW."unknown" IS DISTINCT FROM OLD."unknown" OR NEW."amount_fen" IS DISTINCT FROM OLD."amount_fen") EXECUTE FUNCTION mianshen_refuse('rows of proposal are never changed')
;;
CREATE TRIGGER proposal_stay BEFORE DELETE ON proposal FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of proposal are never deleted')
;;
CREATE TRIGGER proposal_whole BEFORE TRUNCATE ON proposal FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of proposal are never deleted')
;;
CREATE TRIGGER run_policy_keep BEFORE UPDATE ON run_policy FOR EACH ROW WHEN (NEW."run_id" IS DISTINCT FROM OLD."run_id" OR NEW."policy" IS DISTINCT FROM OLD."policy" OR NEW."policy_sha256" IS DISTINCT FROM OLD."policy_sha256" OR NEW."taken_at" IS DISTINCT FROM OLD."taken_at" OR NEW."taken_by" IS DISTINCT FROM OLD."taken_by" OR NEW."reason" IS DISTINCT FROM OLD."reason") EXECUTE FUNCTION mianshen_refuse('rows of run_policy are never changed')
;;
CREATE TRIGGER run_policy_stay BEFORE DELETE ON run_policy FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of run_policy are never deleted')
;;
CREATE TRIGGER run_policy_whole BEFORE TRUNCATE ON run_policy FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of run_policy are never deleted')
;;
CREATE TRIGGER approval_keep BEFORE UPDATE ON approval FOR EACH ROW WHEN (NEW."batch_id" IS DISTINCT FROM OLD."batch_id" OR NEW."officer_id" IS DISTINCT FROM OLD."officer_id" OR NEW."role" IS DISTINCT FROM OLD."role" OR NEW."content_sha256" IS DISTINCT FROM OLD."content_sha256" OR NEW."at" IS DISTINCT FROM OLD."at") EXECUTE FUNCTION mianshen_refuse('rows of approval are never changed')
;;
CREATE TRIGGER approval_stay BEFORE DELETE ON approval FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of approval are never deleted')
;;
CREATE TRIGGER approval_whole BEFORE TRUNCATE ON approval FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of approval are never deleted')
;;
CREATE TRIGGER bank_file_keep BEFORE UPDATE ON bank_file FOR EACH ROW WHEN (NEW."batch_id" IS DISTINCT FROM OLD."batch_id" OR NEW."part" IS DISTINCT FROM OLD."part" OR NEW."name" IS DISTINCT FROM OLD."name" OR NEW."sha256" IS DISTINCT FROM OLD."sha256" OR NEW."bytes" IS DISTINCT FROM OLD."bytes" OR NEW."payments" IS DISTINCT FROM OLD."payments" OR NEW."total_fen" IS DISTINCT FROM OLD."total_fen" OR NEW."made_at" IS DISTINCT FROM OLD."made_at") EXECUTE FUNCTION mianshen_refuse('rows of bank_file are never changed')
;;
CREATE TRIGGER bank_file_stay BEFORE DELETE ON bank_file FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of bank_file are never deleted')
;;
CREATE TRIGGER bank_file_whole BEFORE TRUNCATE ON bank_file FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of bank_file are never deleted')
;;
CREATE TRIGGER batch_item_keep BEFORE UPDATE ON batch_item FOR EACH ROW WHEN (NEW."batch_id" IS DISTINCT FROM OLD."batch_id" OR NEW."payment_id" IS DISTINCT FROM OLD."payment_id" OR NEW."entitlement_id" IS DISTINCT FROM OLD."entitlement_id" OR NEW."uscc" IS DISTINCT FROM OLD."uscc" OR NEW."proposal_id" IS DISTINCT FROM OLD."proposal_id" OR NEW."payee_id" IS DISTINCT FROM OLD."payee_id" OR NEW."attempt" IS DISTINCT FROM OLD."attempt" OR NEW."amount_fen" IS DISTINCT FROM OLD."amount_fen" OR NEW."line" IS DISTINCT FROM OLD."line" OR NEW."purpose" IS DISTINCT FROM OLD."purpose") EXECUTE FUNCTION mianshen_refuse('rows of batch_item are never changed')
;;
CREATE TRIGGER batch_item_stay BEFORE DELETE ON batch_item FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of batch_item are never deleted')
;;
CREATE TRIGGER batch_item_whole BEFORE TRUNCATE ON batch_item FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of batch_item are never deleted')
;;
CREATE TRIGGER reminder_keep BEFORE UPDATE ON reminder FOR EACH ROW WHEN (NEW."notice_id" IS DISTINCT FROM OLD."notice_id" OR NEW."entitlement_id" IS DISTINCT FROM OLD."entitlement_id" OR NEW."reminded_on" IS DISTINCT FROM OLD."reminded_on" OR NEW."reminded_by" IS DISTINCT FROM OLD."reminded_by" OR NEW."reminded_at" IS DISTINCT FROM OLD."reminded_at") EXECUTE FUNCTION mianshen_refuse('rows of reminder are never changed')
;;
CREATE TRIGGER reminder_stay BEFORE DELETE ON reminder FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of reminder are never deleted')
;;
CREATE TRIGGER reminder_whole BEFORE TRUNCATE ON reminder FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of reminder are never deleted')
;;
CREATE TRIGGER spot_check_keep BEFORE UPDATE ON spot_check FOR EACH ROW WHEN (NEW."id" IS DISTINCT FROM OLD."id" OR NEW."sample_id" IS DISTINCT FROM OLD."sample_id" OR NEW."entitlement_id" IS DISTINCT FROM OLD."entitlement_id" OR NEW."proposal_id" IS DISTINCT FROM OLD."proposal_id") EXECUTE FUNCTION mianshen_refuse('rows of spot_check are never changed')
;;
CREATE TRIGGER spot_check_stay BEFORE DELETE ON spot_check FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of spot_check are never deleted')
;;
CREATE TRIGGER spot_check_whole BEFORE TRUNCATE ON spot_check FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of spot_check are never deleted')
;;
CREATE TRIGGER payment_keep BEFORE UPDATE ON payment FOR EACH ROW WHEN (NEW."id" IS DISTINCT FROM OLD."id" OR NEW."batch_id" IS DISTINCT FROM OLD."batch_id" OR NEW."entitlement_id" IS DISTINCT FROM OLD."entitlement_id" OR NEW."attempt" IS DISTINCT FROM OLD."attempt" OR NEW."amount_fen" IS DISTINCT FROM OLD."amount_fen") EXECUTE FUNCTION mianshen_refuse('rows of payment are never changed')
;;
CREATE TRIGGER payment_stay BEFORE DELETE ON payment FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of payment are never deleted')
;;
CREATE TRIGGER payment_whole BEFORE TRUNCATE ON payment FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of payment are never deleted')
;;
CREATE TRIGGER recovery_keep BEFORE UPDATE ON recovery FOR EACH ROW WHEN (NEW."id" IS DISTINCT FROM OLD."id" OR NEW."payment_id" IS DISTINCT FROM OLD."payment_id" OR NEW."kind" IS DISTINCT FROM OLD."kind" OR NEW."amount_fen" IS DISTINCT FROM OLD."amount_fen" OR NEW."ordered_by" IS DISTINCT FROM OLD."ordered_by" OR NEW."ordered_at" IS DISTINCT FROM OLD."ordered_at" OR NEW."basis" IS DISTINCT FROM OLD."basis") EXECUTE FUNCTION mianshen_refuse('rows of recovery are never changed')
;;
CREATE TRIGGER recovery_stay BEFORE DELETE ON recovery FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of recovery are never deleted')
;;
CREATE TRIGGER recovery_whole BEFORE TRUNCATE ON recovery FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of recovery are never deleted')
;;
CREATE TRIGGER resolution_keep BEFORE UPDATE ON resolution FOR EACH ROW WHEN (NEW."id" IS DISTINCT FROM OLD."id" OR NEW."payment_id" IS DISTINCT FROM OLD."payment_id" OR NEW."to_state" IS DISTINCT FROM OLD."to_state" OR NEW."evidence" IS DISTINCT FROM OLD."evidence" OR NEW."heard" IS DISTINCT FROM OLD."heard" OR NEW."proposed_by" IS DISTINCT FROM OLD."proposed_by" OR NEW."proposed_at" IS DISTINCT FROM OLD."proposed_at") EXECUTE FUNCTION mianshen_refuse('rows of resolution are never changed')
;;
CREATE TRIGGER resolution_stay BEFORE DELETE ON resolution FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of resolution are never deleted')
;;
CREATE TRIGGER resolution_whole BEFORE TRUNCATE ON resolution FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of resolution are never deleted')
;;
CREATE TRIGGER return_line_keep BEFORE UPDATE ON return_line FOR EACH ROW WHEN (NEW."file_sha256" IS DISTINCT FROM OLD."file_sha256" OR NEW."line" IS DISTINCT FROM OLD."line" OR NEW."payment_text" IS DISTINCT FROM OLD."payment_text" OR NEW."payment_id" IS DISTINCT FROM OLD."payment_id" OR NEW."answer" IS DISTINCT FROM OLD."answer" OR NEW."fen" IS DISTINCT FROM OLD."fen" OR NEW."code" IS DISTINCT FROM OLD."code" OR NEW."reason" IS DISTINCT FROM OLD."reason" OR NEW."said_on" IS DISTINCT FROM OLD."said_on" OR NEW."outcome" IS DISTINCT FROM OLD."outcome") EXECUTE FUNCTION mianshen_refuse('rows of return_line are never changed')
;;
CREATE TRIGGER return_line_stay BEFORE DELETE ON return_line FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of return_line are never deleted')
;;
CREATE TRIGGER return_line_whole BEFORE TRUNCATE ON return_line FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of return_line are never deleted')
;;
CREATE TRIGGER transfer_keep BEFORE UPDATE ON transfer FOR EACH ROW WHEN (NEW."id" IS DISTINCT FROM OLD."id" OR NEW."kind" IS DISTINCT FROM OLD."kind" OR NEW."line" IS DISTINCT FROM OLD."line" OR NEW."debit" IS DISTINCT FROM OLD."debit" OR NEW."credit" IS DISTINCT FROM OLD."credit" OR NEW."fen" IS DISTINCT FROM OLD."fen" OR NEW."payment_id" IS DISTINCT FROM OLD."payment_id" OR NEW."recovery_id" IS DISTINCT FROM OLD."recovery_id" OR NEW."actor" IS DISTINCT FROM OLD."actor" OR NEW."at" IS DISTINCT FROM OLD."at" OR NEW."reason" IS DISTINCT FROM OLD."reason") EXECUTE FUNCTION mianshen_refuse('rows of transfer are never changed')
;;
CREATE TRIGGER transfer_stay BEFORE DELETE ON transfer FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of transfer are never deleted')
;;
CREATE TRIGGER transfer_whole BEFORE TRUNCATE ON transfer FOR EACH STATEMENT EXECUTE FUNCTION mianshen_refuse('rows of transfer are never deleted')
;;
CREATE FUNCTION mianshen_entitlement_begins() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM transition t WHERE t.kind = 'entitlement' AND t.from_state = '' AND t.to_state = NEW.state)) THEN RAISE EXCEPTION 'no such move of an entitlement' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER entitlement_begins BEFORE INSERT ON entitlement FOR EACH ROW EXECUTE FUNCTION mianshen_entitlement_begins()
;;
CREATE FUNCTION mianshen_entitlement_moves() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM transition t WHERE t.kind = 'entitlement' AND t.from_state = OLD.state AND t.to_state = NEW.state)) THEN RAISE EXCEPTION 'no such move of an entitlement' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER entitlement_moves BEFORE UPDATE ON entitlement FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION mianshen_entitlement_moves()
;;
CREATE FUNCTION mianshen_entitlement_begins_told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.kind = 'entitlement' AND e.subject = NEW.id AND e.from_state = '' AND e.to_state = NEW.state AND NOT EXISTS (SELECT 1 FROM event l WHERE l.kind = 'entitlement' AND l.subject = NEW.id AND l.seq > e.seq))) THEN RAISE EXCEPTION 'nobody says who moves an entitlement, when and why' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER entitlement_begins_told BEFORE INSERT ON entitlement FOR EACH ROW EXECUTE FUNCTION mianshen_entitlement_begins_told()
;;
CREATE FUNCTION mianshen_entitlement_moves_told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.kind = 'entitlement' AND e.subject = NEW.id AND e.from_state = OLD.state AND e.to_state = NEW.state AND NOT EXISTS (SELECT 1 FROM event l WHERE l.kind = 'entitlement' AND l.subject = NEW.id AND l.seq > e.seq))) THEN RAISE EXCEPTION 'nobody says who moves an entitlement, when and why' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER entitlement_moves_told BEFORE UPDATE ON entitlement FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION mianshen_entitlement_moves_told()
;;
CREATE FUNCTION mianshen_batch_begins() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM transition t WHERE t.kind = 'batch' AND t.from_state = '' AND t.to_state = NEW.state)) THEN RAISE EXCEPTION 'no such move of a batch' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER batch_begins BEFORE INSERT ON batch FOR EACH ROW EXECUTE FUNCTION mianshen_batch_begins()
;;
CREATE FUNCTION mianshen_batch_moves() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM transition t WHERE t.kind = 'batch' AND t.from_state = OLD.state AND t.to_state = NEW.state)) THEN RAISE EXCEPTION 'no such move of a batch' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER batch_moves BEFORE UPDATE ON batch FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION mianshen_batch_moves()
;;
CREATE FUNCTION mianshen_batch_begins_told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.kind = 'batch' AND e.subject = NEW.id AND e.from_state = '' AND e.to_state = NEW.state AND NOT EXISTS (SELECT 1 FROM event l WHERE l.kind = 'batch' AND l.subject = NEW.id AND l.seq > e.seq))) THEN RAISE EXCEPTION 'nobody says who moves a batch, when and why' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER batch_begins_told BEFORE INSERT ON batch FOR EACH ROW EXECUTE FUNCTION mianshen_batch_begins_told()
;;
CREATE FUNCTION mianshen_batch_moves_told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.kind = 'batch' AND e.subject = NEW.id AND e.from_state = OLD.state AND e.to_state = NEW.state AND NOT EXISTS (SELECT 1 FROM event l WHERE l.kind = 'batch' AND l.subject = NEW.id AND l.seq > e.seq))) THEN RAISE EXCEPTION 'nobody says who moves a batch, when and why' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER batch_moves_told BEFORE UPDATE ON batch FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION mianshen_batch_moves_told()
;;
CREATE FUNCTION mianshen_payment_begins() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM transition t WHERE t.kind = 'payment' AND t.from_state = '' AND t.to_state = NEW.state)) THEN RAISE EXCEPTION 'no such move of a payment' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER payment_begins BEFORE INSERT ON payment FOR EACH ROW EXECUTE FUNCTION mianshen_payment_begins()
;;
CREATE FUNCTION mianshen_payment_moves() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM transition t WHERE t.kind = 'payment' AND t.from_state = OLD.state AND t.to_state = NEW.state)) THEN RAISE EXCEPTION 'no such move of a payment' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER payment_moves BEFORE UPDATE ON payment FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION mianshen_payment_moves()
;;
CREATE FUNCTION mianshen_payment_begins_told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.kind = 'payment' AND e.subject = NEW.id AND e.from_state = '' AND e.to_state = NEW.state AND NOT EXISTS (SELECT 1 FROM event l WHERE l.kind = 'payment' AND l.subject = NEW.id AND l.seq > e.seq))) THEN RAISE EXCEPTION 'nobody says who moves a payment, when and why' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER payment_begins_told BEFORE INSERT ON payment FOR EACH ROW EXECUTE FUNCTION mianshen_payment_begins_told()
;;
CREATE FUNCTION mianshen_payment_moves_told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.kind = 'payment' AND e.subject = NEW.id AND e.from_state = OLD.state AND e.to_state = NEW.state AND NOT EXISTS (SELECT 1 FROM event l WHERE l.kind = 'payment' AND l.subject = NEW.id AND l.seq > e.seq))) THEN RAISE EXCEPTION 'nobody says who moves a payment, when and why' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER payment_moves_told BEFORE UPDATE ON payment FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION mianshen_payment_moves_told()
;;
CREATE FUNCTION mianshen_spot_check_begins() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM transition t WHERE t.kind = 'spot_check' AND t.from_state = '' AND t.to_state = NEW.state)) THEN RAISE EXCEPTION 'no such move of a spot_check' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER spot_check_begins BEFORE INSERT ON spot_check FOR EACH ROW EXECUTE FUNCTION mianshen_spot_check_begins()
;;
CREATE FUNCTION mianshen_spot_check_moves() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM transition t WHERE t.kind = 'spot_check' AND t.from_state = OLD.state AND t.to_state = NEW.state)) THEN RAISE EXCEPTION 'no such move of a spot_check' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER spot_check_moves BEFORE UPDATE ON spot_check FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION mianshen_spot_check_moves()
;;
CREATE FUNCTION mianshen_spot_check_begins_told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.kind = 'spot_check' AND e.subject = NEW.id AND e.from_state = '' AND e.to_state = NEW.state AND NOT EXISTS (SELECT 1 FROM event l WHERE l.kind = 'spot_check' AND l.subject = NEW.id AND l.seq > e.seq))) THEN RAISE EXCEPTION 'nobody says who moves a spot_check, when and why' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER spot_check_begins_told BEFORE INSERT ON spot_check FOR EACH ROW EXECUTE FUNCTION mianshen_spot_check_begins_told()
;;
CREATE FUNCTION mianshen_spot_check_moves_told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.kind = 'spot_check' AND e.subject = NEW.id AND e.from_state = OLD.state AND e.to_state = NEW.state AND NOT EXISTS (SELECT 1 FROM event l WHERE l.kind = 'spot_check' AND l.subject = NEW.id AND l.seq > e.seq))) THEN RAISE EXCEPTION 'nobody says who moves a spot_check, when and why' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER spot_check_moves_told BEFORE UPDATE ON spot_check FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION mianshen_spot_check_moves_told()
;;
CREATE FUNCTION mianshen_objection_begins() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM transition t WHERE t.kind = 'objection' AND t.from_state = '' AND t.to_state = NEW.state)) THEN RAISE EXCEPTION 'no such move of an objection' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER objection_begins BEFORE INSERT ON objection FOR EACH ROW EXECUTE FUNCTION mianshen_objection_begins()
;;
CREATE FUNCTION mianshen_objection_moves() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM transition t WHERE t.kind = 'objection' AND t.from_state = OLD.state AND t.to_state = NEW.state)) THEN RAISE EXCEPTION 'no such move of an objection' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER objection_moves BEFORE UPDATE ON objection FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION mianshen_objection_moves()
;;
CREATE FUNCTION mianshen_objection_begins_told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.kind = 'objection' AND e.subject = NEW.id AND e.from_state = '' AND e.to_state = NEW.state AND NOT EXISTS (SELECT 1 FROM event l WHERE l.kind = 'objection' AND l.subject = NEW.id AND l.seq > e.seq))) THEN RAISE EXCEPTION 'nobody says who moves an objection, when and why' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER objection_begins_told BEFORE INSERT ON objection FOR EACH ROW EXECUTE FUNCTION mianshen_objection_begins_told()
;;
CREATE FUNCTION mianshen_objection_moves_told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.kind = 'objection' AND e.subject = NEW.id AND e.from_state = OLD.state AND e.to_state = NEW.state AND NOT EXISTS (SELECT 1 FROM event l WHERE l.kind = 'objection' AND l.subject = NEW.id AND l.seq > e.seq))) THEN RAISE EXCEPTION 'nobody says who moves an objection, when and why' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER objection_moves_told BEFORE UPDATE ON objection FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION mianshen_objection_moves_told()
;;
CREATE FUNCTION mianshen_hold_begins() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM transition t WHERE t.kind = 'hold' AND t.from_state = '' AND t.to_state = NEW.state)) THEN RAISE EXCEPTION 'no such move of a hold' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER hold_begins BEFORE INSERT ON hold FOR EACH ROW EXECUTE FUNCTION mianshen_hold_begins()
;;
CREATE FUNCTION mianshen_hold_moves() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM transition t WHERE t.kind = 'hold' AND t.from_state = OLD.state AND t.to_state = NEW.state)) THEN RAISE EXCEPTION 'no such move of a hold' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER hold_moves BEFORE UPDATE ON hold FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION mianshen_hold_moves()
;;
CREATE FUNCTION mianshen_hold_begins_told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.kind = 'hold' AND e.subject = NEW.id AND e.from_state = '' AND e.to_state = NEW.state AND NOT EXISTS (SELECT 1 FROM event l WHERE l.kind = 'hold' AND l.subject = NEW.id AND l.seq > e.seq))) THEN RAISE EXCEPTION 'nobody says who moves a hold, when and why' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER hold_begins_told BEFORE INSERT ON hold FOR EACH ROW EXECUTE FUNCTION mianshen_hold_begins_told()
;;
CREATE FUNCTION mianshen_hold_moves_told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.kind = 'hold' AND e.subject = NEW.id AND e.from_state = OLD.state AND e.to_state = NEW.state AND NOT EXISTS (SELECT 1 FROM event l WHERE l.kind = 'hold' AND l.subject = NEW.id AND l.seq > e.seq))) THEN RAISE EXCEPTION 'nobody says who moves a hold, when and why' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER hold_moves_told BEFORE UPDATE ON hold FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION mianshen_hold_moves_told()
;;
CREATE FUNCTION mianshen_recovery_begins() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM transition t WHERE t.kind = 'recovery' AND t.from_state = '' AND t.to_state = NEW.state)) THEN RAISE EXCEPTION 'no such move of a recovery' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER recovery_begins BEFORE INSERT ON recovery FOR EACH ROW EXECUTE FUNCTION mianshen_recovery_begins()
;;
CREATE FUNCTION mianshen_recovery_moves() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM transition t WHERE t.kind = 'recovery' AND t.from_state = OLD.state AND t.to_state = NEW.state)) THEN RAISE EXCEPTION 'no such move of a recovery' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER recovery_moves BEFORE UPDATE ON recovery FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION mianshen_recovery_moves()
;;
CREATE FUNCTION mianshen_recovery_begins_told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.kind = 'recovery' AND e.subject = NEW.id AND e.from_state = '' AND e.to_state = NEW.state AND NOT EXISTS (SELECT 1 FROM event l WHERE l.kind = 'recovery' AND l.subject = NEW.id AND l.seq > e.seq))) THEN RAISE EXCEPTION 'nobody says who moves a recovery, when and why' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER recovery_begins_told BEFORE INSERT ON recovery FOR EACH ROW EXECUTE FUNCTION mianshen_recovery_begins_told()
;;
CREATE FUNCTION mianshen_recovery_moves_told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.kind = 'recovery' AND e.subject = NEW.id AND e.from_state = OLD.state AND e.to_state = NEW.state AND NOT EXISTS (SELECT 1 FROM event l WHERE l.kind = 'recovery' AND l.subject = NEW.id AND l.seq > e.seq))) THEN RAISE EXCEPTION 'nobody says who moves a recovery, when and why' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER recovery_moves_told BEFORE UPDATE ON recovery FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION mianshen_recovery_moves_told()
;;
CREATE FUNCTION mianshen_resolution_begins() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM transition t WHERE t.kind = 'resolution' AND t.from_state = '' AND t.to_state = NEW.state)) THEN RAISE EXCEPTION 'no such move of a resolution' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER resolution_begins BEFORE INSERT ON resolution FOR EACH ROW EXECUTE FUNCTION mianshen_resolution_begins()
;;
CREATE FUNCTION mianshen_resolution_moves() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM transition t WHERE t.kind = 'resolution' AND t.from_state = OLD.state AND t.to_state = NEW.state)) THEN RAISE EXCEPTION 'no such move of a resolution' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER resolution_moves BEFORE UPDATE ON resolution FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION mianshen_resolution_moves()
;;
CREATE FUNCTION mianshen_resolution_begins_told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.kind = 'resolution' AND e.subject = NEW.id AND e.from_state = '' AND e.to_state = NEW.state AND NOT EXISTS (SELECT 1 FROM event l WHERE l.kind = 'resolution' AND l.subject = NEW.id AND l.seq > e.seq))) THEN RAISE EXCEPTION 'nobody says who moves a resolution, when and why' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER resolution_begins_told BEFORE INSERT ON resolution FOR EACH ROW EXECUTE FUNCTION mianshen_resolution_begins_told()
;;
CREATE FUNCTION mianshen_resolution_moves_told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.kind = 'resolution' AND e.subject = NEW.id AND e.from_state = OLD.state AND e.to_state = NEW.state AND NOT EXISTS (SELECT 1 FROM event l WHERE l.kind = 'resolution' AND l.subject = NEW.id AND l.seq > e.seq))) THEN RAISE EXCEPTION 'nobody says who moves a resolution, when and why' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER resolution_moves_told BEFORE UPDATE ON resolution FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION mianshen_resolution_moves_told()
;;
CREATE FUNCTION mianshen_transition_fixed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'the graph of the states is what it was made as' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER transition_fixed BEFORE INSERT ON transition FOR EACH ROW EXECUTE FUNCTION mianshen_transition_fixed()
;;
CREATE FUNCTION mianshen_officer_stays_closed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE coalesce(NEW.disabled_at, '') <> OLD.disabled_at) THEN RAISE EXCEPTION 'an account that is closed stays so' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER officer_stays_closed BEFORE UPDATE ON officer FOR EACH ROW WHEN (OLD.disabled_at IS NOT NULL) EXECUTE FUNCTION mianshen_officer_stays_closed()
;;
CREATE FUNCTION mianshen_login_stays_ended() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE coalesce(NEW.ended_at, '') <> OLD.ended_at) THEN RAISE EXCEPTION 'a login that has ended stays so' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER login_stays_ended BEFORE UPDATE ON login FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION mianshen_login_stays_ended()
;;
CREATE FUNCTION mianshen_resolution_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE coalesce(NEW.decided_by, '') <> coalesce(OLD.decided_by, '')) THEN RAISE EXCEPTION 'who decided stays who they are' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER resolution_decided_once BEFORE UPDATE ON resolution FOR EACH ROW WHEN (OLD.state <> 'proposed') EXECUTE FUNCTION mianshen_resolution_decided_once()
;;
CREATE FUNCTION mianshen_payment_approved_batch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM batch b WHERE b.id = NEW.batch_id AND b.state <> 'approved') THEN RAISE EXCEPTION 'a payment belongs to a batch that is being approved' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER payment_approved_batch BEFORE INSERT ON payment FOR EACH ROW EXECUTE FUNCTION mianshen_payment_approved_batch()
;;
CREATE FUNCTION mianshen_payment_confirmed_entitlement() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM entitlement e WHERE e.id = NEW.entitlement_id AND e.state <> 'confirmed') THEN RAISE EXCEPTION 'only a confirmed entitlement is paid' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER payment_confirmed_entitlement BEFORE INSERT ON payment FOR EACH ROW EXECUTE FUNCTION mianshen_payment_confirmed_entitlement()
;;
CREATE FUNCTION mianshen_payment_no_open_objection() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM objection o WHERE o.entitlement_id = NEW.entitlement_id AND o.state = 'open') THEN RAISE EXCEPTION 'an objection is open' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER payment_no_open_objection BEFORE INSERT ON payment FOR EACH ROW EXECUTE FUNCTION mianshen_payment_no_open_objection()
;;
CREATE FUNCTION mianshen_payment_no_open_hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM hold h WHERE h.entitlement_id = NEW.entitlement_id AND h.state = 'placed') THEN RAISE EXCEPTION 'the entitlement is held' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER payment_no_open_hold BEFORE INSERT ON payment FOR EACH ROW EXECUTE FUNCTION mianshen_payment_no_open_hold()
;;
CREATE FUNCTION mianshen_payment_newest_proposal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM batch_item i JOIN proposal p ON p.entitlement_id = i.entitlement_id AND p.id > i.proposal_id WHERE i.batch_id = NEW.batch_id AND i.payment_id = NEW.id) THEN RAISE EXCEPTION 'a later run says something else of the entitlement' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER payment_newest_proposal BEFORE INSERT ON payment FOR EACH ROW EXECUTE FUNCTION mianshen_payment_newest_proposal()
;;
CREATE FUNCTION mianshen_payment_released_batch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM batch b WHERE b.id = NEW.batch_id AND b.state <> 'released') THEN RAISE EXCEPTION 'a payment is sent when its batch is released' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER payment_released_batch BEFORE UPDATE ON payment FOR EACH ROW WHEN (NEW.state = 'sent' AND OLD.state <> 'sent') EXECUTE FUNCTION mianshen_payment_released_batch()
;;
CREATE FUNCTION mianshen_approval_maker_made_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM batch b WHERE b.id = NEW.batch_id AND (NEW.role = 'maker') <> (b.made_by = NEW.officer_id)) THEN RAISE EXCEPTION 'who made a batch signs it as its maker, and nobody else does' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER approval_maker_made_it BEFORE INSERT ON approval FOR EACH ROW EXECUTE FUNCTION mianshen_approval_maker_made_it()
;;
CREATE FUNCTION mianshen_approval_no_own_account() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM batch b JOIN payee p ON p.entered_by = NEW.officer_id AND p.entered_at >= b.cooling_since WHERE b.id = NEW.batch_id AND (p.id IN (SELECT i.payee_id FROM batch_item i WHERE i.batch_id = NEW.batch_id)) IS TRUE) THEN RAISE EXCEPTION 'who entered an account lately may not approve a payment to it' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER approval_no_own_account BEFORE INSERT ON approval FOR EACH ROW WHEN (NEW.role <> 'maker') EXECUTE FUNCTION mianshen_approval_no_own_account()
;;
CREATE FUNCTION mianshen_approval_planned_batch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM batch b WHERE b.id = NEW.batch_id AND b.state <> 'planned') THEN RAISE EXCEPTION 'a batch is signed while it is planned' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER approval_planned_batch BEFORE INSERT ON approval FOR EACH ROW EXECUTE FUNCTION mianshen_approval_planned_batch()
;;
CREATE FUNCTION mianshen_batch_signed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM batch b WHERE b.id = NEW.id AND b.signatures > (SELECT count(*) FROM approval a WHERE a.batch_id = NEW.id)) THEN RAISE EXCEPTION 'a signature is missing' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER batch_signed BEFORE UPDATE ON batch FOR EACH ROW WHEN (NEW.state = 'approved' AND OLD.state <> 'approved') EXECUTE FUNCTION mianshen_batch_signed()
;;
CREATE FUNCTION mianshen_batch_files_equal_payments() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM batch b WHERE b.id = NEW.id AND coalesce((SELECT sum(f.total_fen) FROM bank_file f WHERE f.batch_id = NEW.id), 0) <> coalesce((SELECT sum(p.amount_fen) FROM payment p WHERE p.batch_id = NEW.id AND p.state = 'batched'), 0)) THEN RAISE EXCEPTION 'the files of the batch do not come to what its payments do' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER batch_files_equal_payments BEFORE UPDATE ON batch FOR EACH ROW WHEN (NEW.state = 'released' AND OLD.state <> 'released') EXECUTE FUNCTION mianshen_batch_files_equal_payments()
;;
CREATE FUNCTION mianshen_batch_covered() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM (SELECT i.line, sum(i.amount_fen) AS fen FROM batch_item i WHERE i.batch_id = NEW.id GROUP BY i.line) w WHERE w.fen > coalesce((SELECT sum(CASE WHEN t.debit = 'available' THEN t.fen ELSE -t.fen END) FROM transfer t WHERE t.line = w.line AND (t.debit = 'available' OR t.credit = 'available')), 0) - coalesce((SELECT sum(i.amount_fen) FROM batch b JOIN batch_item i ON i.batch_id = b.id WHERE b.state = 'approved' AND i.line = w.line AND NOT EXISTS (SELECT 1 FROM transfer t WHERE t.payment_id = i.payment_id AND t.kind = 'commit')), 0)) THEN RAISE EXCEPTION 'a line of the budget does not have the money of the batch' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER batch_covered BEFORE UPDATE ON batch FOR EACH ROW WHEN (NEW.state = 'approved' AND OLD.state <> 'approved') EXECUTE FUNCTION mianshen_batch_covered()
;;
CREATE FUNCTION mianshen_transfer_as_approved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM payment p JOIN batch b ON b.id = p.batch_id JOIN batch_item i ON i.batch_id = p.batch_id AND i.payment_id = p.id WHERE p.id = NEW.payment_id AND b.state = 'approved' AND p.amount_fen = NEW.fen AND i.line = NEW.line)) THEN RAISE EXCEPTION 'money is committed as its batch was approved, and not otherwise' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER transfer_as_approved BEFORE INSERT ON transfer FOR EACH ROW WHEN (NEW.kind = 'commit') EXECUTE FUNCTION mianshen_transfer_as_approved()
;;
CREATE FUNCTION mianshen_transfer_line_has_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NEW.fen > coalesce((SELECT sum(CASE WHEN t.debit = 'available' THEN t.fen ELSE -t.fen END) FROM transfer t WHERE t.line = NEW.line AND (t.debit = 'available' OR t.credit = 'available')), 0) - coalesce((SELECT sum(i.amount_fen) FROM batch b JOIN batch_item i ON i.batch_id = b.id WHERE b.state = 'approved' AND i.line = NEW.line AND NOT EXISTS (SELECT 1 FROM transfer t WHERE t.payment_id = i.payment_id AND t.kind = 'commit')), 0)) THEN RAISE EXCEPTION 'the line of the budget does not have this money' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER transfer_line_has_it BEFORE INSERT ON transfer FOR EACH ROW WHEN (NEW.credit = 'available' AND NEW.kind <> 'commit') EXECUTE FUNCTION mianshen_transfer_line_has_it()
;;
CREATE FUNCTION mianshen_batch_item_unsigned() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM approval a WHERE a.batch_id = NEW.batch_id) THEN RAISE EXCEPTION 'what is signed takes no more items' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER batch_item_unsigned BEFORE INSERT ON batch_item FOR EACH ROW EXECUTE FUNCTION mianshen_batch_item_unsigned()
;;
CREATE FUNCTION mianshen_batch_as_counted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NEW.items <> (SELECT count(*) FROM batch_item i WHERE i.batch_id = NEW.id) OR NEW.total_fen <> coalesce((SELECT sum(i.amount_fen) FROM batch_item i WHERE i.batch_id = NEW.id), 0)) THEN RAISE EXCEPTION 'the items of the batch do not come to what it says' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER batch_as_counted BEFORE UPDATE ON batch FOR EACH ROW WHEN (NEW.state = 'approved' AND OLD.state <> 'approved') EXECUTE FUNCTION mianshen_batch_as_counted()
;;
CREATE FUNCTION mianshen_approval_has_role() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM officer o WHERE o.id = NEW.officer_id AND NOT (o.disabled_at IS NOT NULL OR replace(' ' || o.roles || ' ', ' ' || NEW.role || ' ', '') = ' ' || o.roles || ' '))) THEN RAISE EXCEPTION 'the officer does not have the role in which they sign' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER approval_has_role BEFORE INSERT ON approval FOR EACH ROW EXECUTE FUNCTION mianshen_approval_has_role()
;;
CREATE FUNCTION mianshen_batch_signers_stand_by_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM approval a JOIN officer o ON o.id = a.officer_id WHERE a.batch_id = NEW.id AND (o.disabled_at IS NOT NULL OR replace(' ' || o.roles || ' ', ' ' || a.role || ' ', '') = ' ' || o.roles || ' ')) THEN RAISE EXCEPTION 'who signed has no open account any more, or not the role' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER batch_signers_stand_by_it BEFORE UPDATE ON batch FOR EACH ROW WHEN (NEW.state = 'approved' AND OLD.state <> 'approved') EXECUTE FUNCTION mianshen_batch_signers_stand_by_it()
;;
CREATE FUNCTION mianshen_bank_file_being_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM batch b WHERE b.id = NEW.batch_id AND b.state <> 'approved') THEN RAISE EXCEPTION 'files belong to a batch that is being sealed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER bank_file_being_sealed BEFORE INSERT ON bank_file FOR EACH ROW EXECUTE FUNCTION mianshen_bank_file_being_sealed()
;;
CREATE FUNCTION mianshen_payment_sent_unless_objected() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM objection o WHERE o.entitlement_id = NEW.entitlement_id AND o.state = 'open') THEN RAISE EXCEPTION 'a payment is not sent while an objection is open' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER payment_sent_unless_objected BEFORE UPDATE ON payment FOR EACH ROW WHEN (NEW.state = 'sent' AND OLD.state <> 'sent') EXECUTE FUNCTION mianshen_payment_sent_unless_objected()
;;
CREATE FUNCTION mianshen_payment_sent_if_confirmed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM entitlement e WHERE e.id = NEW.entitlement_id AND e.state <> 'confirmed') THEN RAISE EXCEPTION 'a payment is sent for what is confirmed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER payment_sent_if_confirmed BEFORE UPDATE ON payment FOR EACH ROW WHEN (NEW.state = 'sent' AND OLD.state <> 'sent') EXECUTE FUNCTION mianshen_payment_sent_if_confirmed()
;;
CREATE FUNCTION mianshen_batch_nothing_left_behind() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM payment p WHERE p.batch_id = NEW.id AND p.state <> 'voided') THEN RAISE EXCEPTION 'a batch is cancelled when its payments are voided' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER batch_nothing_left_behind BEFORE UPDATE ON batch FOR EACH ROW WHEN (NEW.state = 'cancelled' AND OLD.state <> 'cancelled') EXECUTE FUNCTION mianshen_batch_nothing_left_behind()
;;
CREATE FUNCTION mianshen_payment_sent_unless_held() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM hold h WHERE h.entitlement_id = NEW.entitlement_id AND h.state = 'placed') THEN RAISE EXCEPTION 'a payment of what is held is not sent' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER payment_sent_unless_held BEFORE UPDATE ON payment FOR EACH ROW WHEN (NEW.state = 'sent' AND OLD.state <> 'sent') EXECUTE FUNCTION mianshen_payment_sent_unless_held()
;;
CREATE FUNCTION mianshen_payment_two_officers_against_the_bank() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM payment p WHERE p.id = NEW.id AND NOT EXISTS (SELECT 1 FROM resolution r WHERE r.payment_id = NEW.id AND r.to_state = NEW.state AND r.state = 'confirmed')) THEN RAISE EXCEPTION 'what was paid is returned, and what was returned paid, by two officers only' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER payment_two_officers_against_the_bank BEFORE UPDATE ON payment FOR EACH ROW WHEN (NEW.state = 'returned' AND OLD.state = 'paid' OR NEW.state = 'paid' AND OLD.state = 'returned') EXECUTE FUNCTION mianshen_payment_two_officers_against_the_bank()
;;
CREATE FUNCTION mianshen_payment_nothing_asked_back() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM payment p WHERE p.id = NEW.id AND (coalesce((SELECT sum(r.amount_fen) FROM recovery r WHERE r.payment_id = p.id AND r.kind = 'principal'), 0) - coalesce((SELECT sum(t.fen) FROM transfer t JOIN recovery r ON r.id = t.recovery_id WHERE r.payment_id = p.id AND r.kind = 'principal' AND t.kind = 'unclaim'), 0)) > 0) THEN RAISE EXCEPTION 'what was asked back of the firm is not returned by the bank' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER payment_nothing_asked_back BEFORE UPDATE ON payment FOR EACH ROW WHEN (NEW.state = 'returned' AND OLD.state = 'paid') EXECUTE FUNCTION mianshen_payment_nothing_asked_back()
;;
CREATE FUNCTION mianshen_transfer_as_committed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM transfer c WHERE c.id = 'commit:' || NEW.payment_id AND c.payment_id = NEW.payment_id AND c.fen = NEW.fen AND c.line = NEW.line)) THEN RAISE EXCEPTION 'money of a payment moves as it was committed, whole and on its line' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER transfer_as_committed BEFORE INSERT ON transfer FOR EACH ROW WHEN (NEW.payment_id IS NOT NULL AND NEW.kind <> 'commit') EXECUTE FUNCTION mianshen_transfer_as_committed()
;;
CREATE FUNCTION mianshen_transfer_as_the_payment_stands() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM payment p WHERE p.id = NEW.payment_id AND NOT (NEW.kind = 'uncommit' AND p.state = 'voided') AND p.state <> CASE NEW.kind WHEN 'uncommit' THEN 'batched' WHEN 'send' THEN 'sent' WHEN 'settle' THEN 'paid' WHEN 'resettle' THEN 'paid' ELSE 'returned' END) THEN RAISE EXCEPTION 'money moves with its payment, and not otherwise' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER transfer_as_the_payment_stands BEFORE INSERT ON transfer FOR EACH ROW WHEN (NEW.payment_id IS NOT NULL AND NEW.kind <> 'commit') EXECUTE FUNCTION mianshen_transfer_as_the_payment_stands()
;;
CREATE FUNCTION mianshen_resolution_two_officers() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 WHERE NEW.decided_by IS NULL) THEN RAISE EXCEPTION 'another officer confirms what one proposed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER resolution_two_officers BEFORE UPDATE ON resolution FOR EACH ROW WHEN (NEW.state = 'confirmed' AND OLD.state <> 'confirmed') EXECUTE FUNCTION mianshen_resolution_two_officers()
;;
CREATE FUNCTION mianshen_resolution_both_stand_by_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM officer o WHERE o.id = NEW.proposed_by AND (o.disabled_at IS NOT NULL OR replace(' ' || o.roles || ' ', ' ' || 'maker' || ' ', '') = ' ' || o.roles || ' ') OR o.id = NEW.decided_by AND (o.disabled_at IS NOT NULL OR replace(' ' || o.roles || ' ', ' ' || 'checker' || ' ', '') = ' ' || o.roles || ' ') AND (o.disabled_at IS NOT NULL OR replace(' ' || o.roles || ' ', ' ' || 'approver' || ' ', '') = ' ' || o.roles || ' ')) THEN RAISE EXCEPTION 'who proposed or confirms it has no open account any more, or not the role' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER resolution_both_stand_by_it BEFORE UPDATE ON resolution FOR EACH ROW WHEN (NEW.state = 'confirmed' AND OLD.state <> 'confirmed') EXECUTE FUNCTION mianshen_resolution_both_stand_by_it()
;;
CREATE FUNCTION mianshen_recovery_paid_payment() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM payment p WHERE p.id = NEW.payment_id AND (p.state <> 'paid' OR NEW.kind = 'principal' AND p.amount_fen < NEW.amount_fen + (coalesce((SELECT sum(r.amount_fen) FROM recovery r WHERE r.payment_id = p.id AND r.kind = 'principal'), 0) - coalesce((SELECT sum(t.fen) FROM transfer t JOIN recovery r ON r.id = t.recovery_id WHERE r.payment_id = p.id AND r.kind = 'principal' AND t.kind = 'unclaim'), 0)))) THEN RAISE EXCEPTION 'no more is asked back than was paid' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER recovery_paid_payment BEFORE INSERT ON recovery FOR EACH ROW EXECUTE FUNCTION mianshen_recovery_paid_payment()
;;
CREATE FUNCTION mianshen_transfer_within_the_recovery() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM recovery r WHERE r.id = NEW.recovery_id AND (r.state <> 'ordered' OR r.amount_fen < NEW.fen + coalesce((SELECT sum(t.fen) FROM transfer t WHERE t.recovery_id = r.id AND t.kind IN ('recover', 'write_off', 'unclaim')), 0))) THEN RAISE EXCEPTION 'no more comes back than was asked back' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER transfer_within_the_recovery BEFORE INSERT ON transfer FOR EACH ROW WHEN (NEW.recovery_id IS NOT NULL AND NEW.kind <> 'claim') EXECUTE FUNCTION mianshen_transfer_within_the_recovery()
;;
