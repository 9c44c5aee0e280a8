-- A code forge: Rails style, loose and composite foreign keys, partitions, text limited by checks.
CREATE EXTENSION pg_trgm;
-- prelude ends
CREATE TABLE users (
  id bigint NOT NULL,
  email character varying NOT NULL,
  username character varying NOT NULL,
  name character varying,
  admin boolean DEFAULT false NOT NULL,
  state character varying DEFAULT 'active',
  projects_limit integer NOT NULL,
  sign_in_count integer DEFAULT 0,
  last_sign_in_at timestamp with time zone,
  confirmed_at timestamp with time zone,
  preferred_language character varying,
  otp_secret bytea,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE users_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE users_id_seq OWNED BY users.id;
ALTER TABLE ONLY users ALTER COLUMN id SET DEFAULT nextval('users_id_seq'::regclass);
ALTER TABLE ONLY users ADD CONSTRAINT users_pkey PRIMARY KEY (id);
CREATE UNIQUE INDEX index_users_on_username ON users USING btree (username);
CREATE UNIQUE INDEX index_users_on_email ON users USING btree (email);
CREATE TABLE namespaces (
  id bigint NOT NULL,
  name character varying NOT NULL,
  path character varying NOT NULL,
  owner_id bigint,
  parent_id bigint,
  type character varying DEFAULT 'User',
  visibility_level integer DEFAULT 20 NOT NULL,
  traversal_ids bigint[] DEFAULT '{}',
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE namespaces_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE namespaces_id_seq OWNED BY namespaces.id;
ALTER TABLE ONLY namespaces ALTER COLUMN id SET DEFAULT nextval('namespaces_id_seq'::regclass);
ALTER TABLE ONLY namespaces ADD CONSTRAINT namespaces_pkey PRIMARY KEY (id);
CREATE INDEX index_namespaces_on_owner_id_only ON namespaces USING btree (owner_id) WHERE (owner_id IS NOT NULL);
CREATE INDEX index_namespaces_on_parent_id_only ON namespaces USING btree (parent_id) WHERE (parent_id IS NOT NULL);
CREATE UNIQUE INDEX index_namespaces_on_parent_id_and_name ON namespaces USING btree (parent_id, name);
CREATE TABLE projects (
  id bigint NOT NULL,
  name character varying,
  path character varying,
  description text,
  namespace_id bigint NOT NULL,
  creator_id bigint,
  star_count integer DEFAULT 0 NOT NULL,
  archived boolean DEFAULT false NOT NULL,
  repository_storage character varying DEFAULT 'default',
  settings jsonb DEFAULT '{}',
  last_activity_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE projects_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE projects_id_seq OWNED BY projects.id;
ALTER TABLE ONLY projects ALTER COLUMN id SET DEFAULT nextval('projects_id_seq'::regclass);
ALTER TABLE ONLY projects ADD CONSTRAINT projects_pkey PRIMARY KEY (id);
CREATE INDEX index_projects_on_namespace_id_only ON projects USING btree (namespace_id);
CREATE INDEX index_projects_on_creator_id_only ON projects USING btree (creator_id) WHERE (creator_id IS NOT NULL);
CREATE INDEX index_projects_on_name ON projects USING btree (name);
CREATE UNIQUE INDEX index_projects_on_namespace_id_and_path ON projects USING btree (namespace_id, path);
CREATE TABLE project_authorizations (
  user_id bigint NOT NULL,
  project_id bigint NOT NULL,
  access_level integer NOT NULL
);
CREATE INDEX index_project_authorizations_on_user_id_only ON project_authorizations USING btree (user_id);
CREATE INDEX index_project_authorizations_on_project_id_only ON project_authorizations USING btree (project_id);
ALTER TABLE ONLY project_authorizations ADD CONSTRAINT project_authorizations_pkey PRIMARY KEY (user_id, project_id, access_level);
CREATE TABLE members (
  id bigint NOT NULL,
  access_level integer NOT NULL,
  source_id bigint NOT NULL,
  source_type character varying NOT NULL,
  user_id bigint,
  invite_email character varying,
  expires_at date,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE members_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE members_id_seq OWNED BY members.id;
ALTER TABLE ONLY members ALTER COLUMN id SET DEFAULT nextval('members_id_seq'::regclass);
ALTER TABLE ONLY members ADD CONSTRAINT members_pkey PRIMARY KEY (id);
CREATE INDEX index_members_on_user_id_only ON members USING btree (user_id) WHERE (user_id IS NOT NULL);
CREATE INDEX index_members_on_source_id_and_source_type ON members USING btree (source_id, source_type);
CREATE TABLE keys (
  id bigint NOT NULL,
  user_id bigint,
  title character varying,
  key text,
  fingerprint_sha256 bytea,
  type character varying,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE keys_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE keys_id_seq OWNED BY keys.id;
ALTER TABLE ONLY keys ALTER COLUMN id SET DEFAULT nextval('keys_id_seq'::regclass);
ALTER TABLE ONLY keys ADD CONSTRAINT keys_pkey PRIMARY KEY (id);
CREATE INDEX index_keys_on_user_id_only ON keys USING btree (user_id) WHERE (user_id IS NOT NULL);
CREATE UNIQUE INDEX index_keys_on_fingerprint_sha256 ON keys USING btree (fingerprint_sha256);
CREATE TABLE emails (
  id bigint NOT NULL,
  user_id bigint NOT NULL,
  email character varying NOT NULL,
  detumbled text,
  CONSTRAINT check_emails_detumbled CHECK ((char_length(detumbled) <= 2048)),
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE emails_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE emails_id_seq OWNED BY emails.id;
ALTER TABLE ONLY emails ALTER COLUMN id SET DEFAULT nextval('emails_id_seq'::regclass);
ALTER TABLE ONLY emails ADD CONSTRAINT emails_pkey PRIMARY KEY (id);
CREATE INDEX index_emails_on_user_id_only ON emails USING btree (user_id);
CREATE UNIQUE INDEX index_emails_on_email ON emails USING btree (email);
CREATE TABLE identities (
  id bigint NOT NULL,
  user_id bigint,
  provider character varying,
  extern_uid character varying,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE identities_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE identities_id_seq OWNED BY identities.id;
ALTER TABLE ONLY identities ALTER COLUMN id SET DEFAULT nextval('identities_id_seq'::regclass);
ALTER TABLE ONLY identities ADD CONSTRAINT identities_pkey PRIMARY KEY (id);
CREATE INDEX index_identities_on_user_id_only ON identities USING btree (user_id) WHERE (user_id IS NOT NULL);
CREATE UNIQUE INDEX index_identities_on_provider_and_extern_uid ON identities USING btree (provider, extern_uid);
CREATE TABLE personal_access_tokens (
  id bigint NOT NULL,
  user_id bigint NOT NULL,
  name character varying NOT NULL,
  scopes character varying DEFAULT '--- []',
  token_digest character varying,
  expires_at date,
  revoked boolean DEFAULT false,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE personal_access_tokens_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE personal_access_tokens_id_seq OWNED BY personal_access_tokens.id;
ALTER TABLE ONLY personal_access_tokens ALTER COLUMN id SET DEFAULT nextval('personal_access_tokens_id_seq'::regclass);
ALTER TABLE ONLY personal_access_tokens ADD CONSTRAINT personal_access_tokens_pkey PRIMARY KEY (id);
CREATE INDEX index_personal_access_tokens_on_user_id_only ON personal_access_tokens USING btree (user_id);
CREATE UNIQUE INDEX index_personal_access_tokens_on_token_digest ON personal_access_tokens USING btree (token_digest);
CREATE TABLE deploy_keys_projects (
  id bigint NOT NULL,
  deploy_key_id bigint NOT NULL,
  project_id bigint NOT NULL,
  can_push boolean DEFAULT false NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE deploy_keys_projects_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE deploy_keys_projects_id_seq OWNED BY deploy_keys_projects.id;
ALTER TABLE ONLY deploy_keys_projects ALTER COLUMN id SET DEFAULT nextval('deploy_keys_projects_id_seq'::regclass);
ALTER TABLE ONLY deploy_keys_projects ADD CONSTRAINT deploy_keys_projects_pkey PRIMARY KEY (id);
CREATE INDEX index_deploy_keys_projects_on_deploy_key_id_only ON deploy_keys_projects USING btree (deploy_key_id);
CREATE INDEX index_deploy_keys_projects_on_project_id_only ON deploy_keys_projects USING btree (project_id);
CREATE TABLE protected_branches (
  id bigint NOT NULL,
  project_id bigint,
  namespace_id bigint,
  name character varying NOT NULL,
  allow_force_push boolean DEFAULT false NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE protected_branches_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE protected_branches_id_seq OWNED BY protected_branches.id;
ALTER TABLE ONLY protected_branches ALTER COLUMN id SET DEFAULT nextval('protected_branches_id_seq'::regclass);
ALTER TABLE ONLY protected_branches ADD CONSTRAINT protected_branches_pkey PRIMARY KEY (id);
CREATE INDEX index_protected_branches_on_project_id_only ON protected_branches USING btree (project_id) WHERE (project_id IS NOT NULL);
CREATE INDEX index_protected_branches_on_namespace_id_only ON protected_branches USING btree (namespace_id) WHERE (namespace_id IS NOT NULL);
CREATE TABLE protected_branch_levels (
  id bigint NOT NULL,
  protected_branch_id bigint NOT NULL,
  access_level integer DEFAULT 40,
  user_id bigint,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE protected_branch_levels_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE protected_branch_levels_id_seq OWNED BY protected_branch_levels.id;
ALTER TABLE ONLY protected_branch_levels ALTER COLUMN id SET DEFAULT nextval('protected_branch_levels_id_seq'::regclass);
ALTER TABLE ONLY protected_branch_levels ADD CONSTRAINT protected_branch_levels_pkey PRIMARY KEY (id);
CREATE INDEX index_protected_branch_levels_on_protected_branch_id_only ON protected_branch_levels USING btree (protected_branch_id);
CREATE INDEX index_protected_branch_levels_on_user_id_only ON protected_branch_levels USING btree (user_id) WHERE (user_id IS NOT NULL);
CREATE INDEX index_protected_branch_levels_on_access_level ON protected_branch_levels USING btree (access_level);
CREATE TABLE labels (
  id bigint NOT NULL,
  title character varying,
  color character varying,
  project_id bigint,
  namespace_id bigint,
  template boolean DEFAULT false,
  type character varying,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE labels_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE labels_id_seq OWNED BY labels.id;
ALTER TABLE ONLY labels ALTER COLUMN id SET DEFAULT nextval('labels_id_seq'::regclass);
ALTER TABLE ONLY labels ADD CONSTRAINT labels_pkey PRIMARY KEY (id);
CREATE INDEX index_labels_on_project_id_only ON labels USING btree (project_id) WHERE (project_id IS NOT NULL);
CREATE INDEX index_labels_on_namespace_id_only ON labels USING btree (namespace_id) WHERE (namespace_id IS NOT NULL);
CREATE INDEX index_labels_on_type_and_project_id ON labels USING btree (type, project_id);
CREATE TABLE label_links (
  id bigint NOT NULL,
  label_id bigint,
  target_id bigint,
  target_type character varying,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE label_links_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE label_links_id_seq OWNED BY label_links.id;
ALTER TABLE ONLY label_links ALTER COLUMN id SET DEFAULT nextval('label_links_id_seq'::regclass);
ALTER TABLE ONLY label_links ADD CONSTRAINT label_links_pkey PRIMARY KEY (id);
CREATE INDEX index_label_links_on_label_id_only ON label_links USING btree (label_id) WHERE (label_id IS NOT NULL);
CREATE INDEX index_label_links_on_target_id_and_target_type ON label_links USING btree (target_id, target_type);
CREATE TABLE label_priorities (
  id bigint NOT NULL,
  project_id bigint NOT NULL,
  label_id bigint NOT NULL,
  priority integer NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE label_priorities_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE label_priorities_id_seq OWNED BY label_priorities.id;
ALTER TABLE ONLY label_priorities ALTER COLUMN id SET DEFAULT nextval('label_priorities_id_seq'::regclass);
ALTER TABLE ONLY label_priorities ADD CONSTRAINT label_priorities_pkey PRIMARY KEY (id);
CREATE INDEX index_label_priorities_on_project_id_only ON label_priorities USING btree (project_id);
CREATE INDEX index_label_priorities_on_label_id_only ON label_priorities USING btree (label_id);
CREATE UNIQUE INDEX index_label_priorities_on_project_id_and_label_id ON label_priorities USING btree (project_id, label_id);
CREATE TABLE milestones (
  id bigint NOT NULL,
  title character varying NOT NULL,
  project_id bigint,
  namespace_id bigint,
  description text,
  due_date date,
  state character varying,
  iid integer,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE milestones_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE milestones_id_seq OWNED BY milestones.id;
ALTER TABLE ONLY milestones ALTER COLUMN id SET DEFAULT nextval('milestones_id_seq'::regclass);
ALTER TABLE ONLY milestones ADD CONSTRAINT milestones_pkey PRIMARY KEY (id);
CREATE INDEX index_milestones_on_project_id_only ON milestones USING btree (project_id) WHERE (project_id IS NOT NULL);
CREATE INDEX index_milestones_on_namespace_id_only ON milestones USING btree (namespace_id) WHERE (namespace_id IS NOT NULL);
CREATE UNIQUE INDEX index_milestones_on_project_id_and_iid ON milestones USING btree (project_id, iid);
CREATE TABLE issues (
  id bigint NOT NULL,
  title character varying,
  author_id bigint,
  project_id bigint,
  milestone_id bigint,
  description text,
  CONSTRAINT check_issues_description CHECK ((char_length(description) <= 2048)),
  iid integer,
  weight integer,
  confidential boolean DEFAULT false NOT NULL,
  closed_at timestamp with time zone,
  relative_position integer,
  health_status smallint,
  duplicated_to_id bigint,
  lock_version integer DEFAULT 0,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE issues_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE issues_id_seq OWNED BY issues.id;
ALTER TABLE ONLY issues ALTER COLUMN id SET DEFAULT nextval('issues_id_seq'::regclass);
ALTER TABLE ONLY issues ADD CONSTRAINT issues_pkey PRIMARY KEY (id);
CREATE INDEX index_issues_on_author_id_only ON issues USING btree (author_id) WHERE (author_id IS NOT NULL);
CREATE INDEX index_issues_on_project_id_only ON issues USING btree (project_id) WHERE (project_id IS NOT NULL);
CREATE INDEX index_issues_on_milestone_id_only ON issues USING btree (milestone_id) WHERE (milestone_id IS NOT NULL);
CREATE INDEX index_issues_on_duplicated_to_id_only ON issues USING btree (duplicated_to_id) WHERE (duplicated_to_id IS NOT NULL);
CREATE UNIQUE INDEX index_issues_on_project_id_and_iid ON issues USING btree (project_id, iid);
CREATE TABLE issue_assignees (
  user_id bigint NOT NULL,
  issue_id bigint NOT NULL
);
CREATE INDEX index_issue_assignees_on_user_id_only ON issue_assignees USING btree (user_id);
CREATE INDEX index_issue_assignees_on_issue_id_only ON issue_assignees USING btree (issue_id);
ALTER TABLE ONLY issue_assignees ADD CONSTRAINT issue_assignees_pkey PRIMARY KEY (issue_id, user_id);
CREATE TABLE issue_links (
  id bigint NOT NULL,
  source_id bigint NOT NULL,
  target_id bigint NOT NULL,
  link_type smallint DEFAULT 0 NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE issue_links_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE issue_links_id_seq OWNED BY issue_links.id;
ALTER TABLE ONLY issue_links ALTER COLUMN id SET DEFAULT nextval('issue_links_id_seq'::regclass);
ALTER TABLE ONLY issue_links ADD CONSTRAINT issue_links_pkey PRIMARY KEY (id);
CREATE INDEX index_issue_links_on_source_id_only ON issue_links USING btree (source_id);
CREATE INDEX index_issue_links_on_target_id_only ON issue_links USING btree (target_id);
CREATE UNIQUE INDEX index_issue_links_on_source_id_and_target_id ON issue_links USING btree (source_id, target_id);
CREATE TABLE issue_metrics (
  id bigint NOT NULL,
  issue_id bigint NOT NULL,
  first_mentioned_in_commit_at timestamp with time zone,
  first_added_to_board_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE issue_metrics_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE issue_metrics_id_seq OWNED BY issue_metrics.id;
ALTER TABLE ONLY issue_metrics ALTER COLUMN id SET DEFAULT nextval('issue_metrics_id_seq'::regclass);
ALTER TABLE ONLY issue_metrics ADD CONSTRAINT issue_metrics_pkey PRIMARY KEY (id);
CREATE INDEX index_issue_metrics_on_issue_id_only ON issue_metrics USING btree (issue_id);
CREATE UNIQUE INDEX index_issue_metrics_on_issue_id ON issue_metrics USING btree (issue_id);
CREATE TABLE merge_requests (
  id bigint NOT NULL,
  target_branch character varying NOT NULL,
  source_branch character varying NOT NULL,
  source_project_id bigint,
  target_project_id bigint NOT NULL,
  author_id bigint,
  assignee_id bigint,
  title character varying,
  iid integer,
  merge_status character varying DEFAULT 'unchecked' NOT NULL,
  merge_params text,
  CONSTRAINT check_merge_requests_merge_params CHECK ((char_length(merge_params) <= 255)),
  squash boolean DEFAULT false NOT NULL,
  milestone_id bigint,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE merge_requests_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE merge_requests_id_seq OWNED BY merge_requests.id;
ALTER TABLE ONLY merge_requests ALTER COLUMN id SET DEFAULT nextval('merge_requests_id_seq'::regclass);
ALTER TABLE ONLY merge_requests ADD CONSTRAINT merge_requests_pkey PRIMARY KEY (id);
CREATE INDEX index_merge_requests_on_source_project_id_only ON merge_requests USING btree (source_project_id) WHERE (source_project_id IS NOT NULL);
CREATE INDEX index_merge_requests_on_target_project_id_only ON merge_requests USING btree (target_project_id);
CREATE INDEX index_merge_requests_on_author_id_only ON merge_requests USING btree (author_id) WHERE (author_id IS NOT NULL);
CREATE INDEX index_merge_requests_on_assignee_id_only ON merge_requests USING btree (assignee_id) WHERE (assignee_id IS NOT NULL);
CREATE INDEX index_merge_requests_on_milestone_id_only ON merge_requests USING btree (milestone_id) WHERE (milestone_id IS NOT NULL);
CREATE UNIQUE INDEX index_merge_requests_on_target_project_id_and_iid ON merge_requests USING btree (target_project_id, iid);
CREATE TABLE merge_request_diffs (
  id bigint NOT NULL,
  merge_request_id bigint NOT NULL,
  state character varying,
  base_commit_sha character varying,
  head_commit_sha character varying,
  commits_count integer,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE merge_request_diffs_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE merge_request_diffs_id_seq OWNED BY merge_request_diffs.id;
ALTER TABLE ONLY merge_request_diffs ALTER COLUMN id SET DEFAULT nextval('merge_request_diffs_id_seq'::regclass);
ALTER TABLE ONLY merge_request_diffs ADD CONSTRAINT merge_request_diffs_pkey PRIMARY KEY (id);
CREATE INDEX index_merge_request_diffs_on_merge_request_id_only ON merge_request_diffs USING btree (merge_request_id);
CREATE UNIQUE INDEX index_merge_request_diffs_on_merge_request_id_and_base_commit_s ON merge_request_diffs USING btree (merge_request_id, base_commit_sha);
CREATE TABLE merge_request_reviewers (
  id bigint NOT NULL,
  user_id bigint NOT NULL,
  merge_request_id bigint NOT NULL,
  state smallint DEFAULT 0 NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE merge_request_reviewers_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE merge_request_reviewers_id_seq OWNED BY merge_request_reviewers.id;
ALTER TABLE ONLY merge_request_reviewers ALTER COLUMN id SET DEFAULT nextval('merge_request_reviewers_id_seq'::regclass);
ALTER TABLE ONLY merge_request_reviewers ADD CONSTRAINT merge_request_reviewers_pkey PRIMARY KEY (id);
CREATE INDEX index_merge_request_reviewers_on_user_id_only ON merge_request_reviewers USING btree (user_id);
CREATE INDEX index_merge_request_reviewers_on_merge_request_id_only ON merge_request_reviewers USING btree (merge_request_id);
CREATE UNIQUE INDEX index_merge_request_reviewers_on_merge_request_id_and_user_id ON merge_request_reviewers USING btree (merge_request_id, user_id);
CREATE TABLE approvals (
  id bigint NOT NULL,
  merge_request_id bigint NOT NULL,
  user_id bigint NOT NULL,
  patch_id bytea,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE approvals_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE approvals_id_seq OWNED BY approvals.id;
ALTER TABLE ONLY approvals ALTER COLUMN id SET DEFAULT nextval('approvals_id_seq'::regclass);
ALTER TABLE ONLY approvals ADD CONSTRAINT approvals_pkey PRIMARY KEY (id);
CREATE INDEX index_approvals_on_merge_request_id_only ON approvals USING btree (merge_request_id);
CREATE INDEX index_approvals_on_user_id_only ON approvals USING btree (user_id);
CREATE UNIQUE INDEX index_approvals_on_user_id_and_merge_request_id ON approvals USING btree (user_id, merge_request_id);
CREATE TABLE notes (
  id bigint NOT NULL,
  note text,
  CONSTRAINT check_notes_note CHECK ((char_length(note) <= 255)),
  noteable_type character varying,
  author_id bigint,
  project_id bigint,
  noteable_id bigint,
  line_code character varying,
  system boolean DEFAULT false NOT NULL,
  position text,
  CONSTRAINT check_notes_position CHECK ((char_length(position) <= 2048)),
  resolved_at timestamp with time zone,
  resolved_by_id bigint,
  discussion_id character varying,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE notes_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE notes_id_seq OWNED BY notes.id;
ALTER TABLE ONLY notes ALTER COLUMN id SET DEFAULT nextval('notes_id_seq'::regclass);
ALTER TABLE ONLY notes ADD CONSTRAINT notes_pkey PRIMARY KEY (id);
CREATE INDEX index_notes_on_author_id_only ON notes USING btree (author_id) WHERE (author_id IS NOT NULL);
CREATE INDEX index_notes_on_project_id_only ON notes USING btree (project_id) WHERE (project_id IS NOT NULL);
CREATE INDEX index_notes_on_resolved_by_id_only ON notes USING btree (resolved_by_id) WHERE (resolved_by_id IS NOT NULL);
CREATE INDEX index_notes_on_noteable_id_and_noteable_type ON notes USING btree (noteable_id, noteable_type);
CREATE TABLE award_emoji (
  id bigint NOT NULL,
  name character varying,
  user_id bigint,
  awardable_id bigint,
  awardable_type character varying,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE award_emoji_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE award_emoji_id_seq OWNED BY award_emoji.id;
ALTER TABLE ONLY award_emoji ALTER COLUMN id SET DEFAULT nextval('award_emoji_id_seq'::regclass);
ALTER TABLE ONLY award_emoji ADD CONSTRAINT award_emoji_pkey PRIMARY KEY (id);
CREATE INDEX index_award_emoji_on_user_id_only ON award_emoji USING btree (user_id) WHERE (user_id IS NOT NULL);
CREATE INDEX index_award_emoji_on_awardable_type_and_awardable_id ON award_emoji USING btree (awardable_type, awardable_id);
CREATE TABLE todos (
  id bigint NOT NULL,
  user_id bigint NOT NULL,
  project_id bigint,
  target_id bigint,
  target_type character varying NOT NULL,
  author_id bigint NOT NULL,
  action integer NOT NULL,
  state character varying NOT NULL,
  note_id bigint,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE todos_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE todos_id_seq OWNED BY todos.id;
ALTER TABLE ONLY todos ALTER COLUMN id SET DEFAULT nextval('todos_id_seq'::regclass);
ALTER TABLE ONLY todos ADD CONSTRAINT todos_pkey PRIMARY KEY (id);
CREATE INDEX index_todos_on_user_id_only ON todos USING btree (user_id);
CREATE INDEX index_todos_on_project_id_only ON todos USING btree (project_id) WHERE (project_id IS NOT NULL);
CREATE INDEX index_todos_on_author_id_only ON todos USING btree (author_id);
CREATE INDEX index_todos_on_note_id_only ON todos USING btree (note_id) WHERE (note_id IS NOT NULL);
CREATE TABLE events (
  id bigint NOT NULL,
  project_id bigint,
  author_id bigint NOT NULL,
  target_id bigint,
  action smallint NOT NULL,
  target_type character varying,
  group_id bigint,
  fingerprint bytea,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE events_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE events_id_seq OWNED BY events.id;
ALTER TABLE ONLY events ALTER COLUMN id SET DEFAULT nextval('events_id_seq'::regclass);
ALTER TABLE ONLY events ADD CONSTRAINT events_pkey PRIMARY KEY (id);
CREATE INDEX index_events_on_project_id_only ON events USING btree (project_id) WHERE (project_id IS NOT NULL);
CREATE INDEX index_events_on_author_id_only ON events USING btree (author_id);
CREATE INDEX index_events_on_group_id_only ON events USING btree (group_id) WHERE (group_id IS NOT NULL);
CREATE TABLE push_event_payloads (
  commit_count bigint NOT NULL,
  event_id bigint NOT NULL,
  action smallint NOT NULL,
  ref text,
  CONSTRAINT check_push_event_payloads_ref CHECK ((char_length(ref) <= 255))
);
CREATE INDEX index_push_event_payloads_on_event_id_only ON push_event_payloads USING btree (event_id);
ALTER TABLE ONLY push_event_payloads ADD CONSTRAINT push_event_payloads_pkey PRIMARY KEY (event_id);
CREATE TABLE snippets (
  id bigint NOT NULL,
  title character varying,
  content text,
  CONSTRAINT check_snippets_content CHECK ((char_length(content) <= 255)),
  author_id bigint NOT NULL,
  project_id bigint,
  file_name character varying,
  visibility_level integer DEFAULT 0 NOT NULL,
  secret boolean DEFAULT false NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE snippets_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE snippets_id_seq OWNED BY snippets.id;
ALTER TABLE ONLY snippets ALTER COLUMN id SET DEFAULT nextval('snippets_id_seq'::regclass);
ALTER TABLE ONLY snippets ADD CONSTRAINT snippets_pkey PRIMARY KEY (id);
CREATE INDEX index_snippets_on_author_id_only ON snippets USING btree (author_id);
CREATE INDEX index_snippets_on_project_id_only ON snippets USING btree (project_id) WHERE (project_id IS NOT NULL);
CREATE TABLE web_hooks (
  id bigint NOT NULL,
  url character varying,
  project_id bigint,
  push_events boolean DEFAULT true NOT NULL,
  enable_ssl_verification boolean DEFAULT true,
  token bytea,
  recent_failures smallint DEFAULT 0 NOT NULL,
  backoff_count smallint DEFAULT 0 NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE web_hooks_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE web_hooks_id_seq OWNED BY web_hooks.id;
ALTER TABLE ONLY web_hooks ALTER COLUMN id SET DEFAULT nextval('web_hooks_id_seq'::regclass);
ALTER TABLE ONLY web_hooks ADD CONSTRAINT web_hooks_pkey PRIMARY KEY (id);
CREATE INDEX index_web_hooks_on_project_id_only ON web_hooks USING btree (project_id) WHERE (project_id IS NOT NULL);
CREATE TABLE environments (
  id bigint NOT NULL,
  project_id bigint NOT NULL,
  name character varying NOT NULL,
  slug character varying NOT NULL,
  state character varying DEFAULT 'available',
  auto_stop_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE environments_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE environments_id_seq OWNED BY environments.id;
ALTER TABLE ONLY environments ALTER COLUMN id SET DEFAULT nextval('environments_id_seq'::regclass);
ALTER TABLE ONLY environments ADD CONSTRAINT environments_pkey PRIMARY KEY (id);
CREATE INDEX index_environments_on_project_id_only ON environments USING btree (project_id);
CREATE UNIQUE INDEX index_environments_on_project_id_and_name ON environments USING btree (project_id, name);
CREATE UNIQUE INDEX index_environments_on_project_id_and_slug ON environments USING btree (project_id, slug);
CREATE TABLE deployments (
  id bigint NOT NULL,
  iid integer NOT NULL,
  project_id bigint NOT NULL,
  environment_id bigint NOT NULL,
  ref character varying NOT NULL,
  sha character varying NOT NULL,
  user_id bigint,
  status smallint NOT NULL,
  finished_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE deployments_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE deployments_id_seq OWNED BY deployments.id;
ALTER TABLE ONLY deployments ALTER COLUMN id SET DEFAULT nextval('deployments_id_seq'::regclass);
ALTER TABLE ONLY deployments ADD CONSTRAINT deployments_pkey PRIMARY KEY (id);
CREATE INDEX index_deployments_on_project_id_only ON deployments USING btree (project_id);
CREATE INDEX index_deployments_on_environment_id_only ON deployments USING btree (environment_id);
CREATE INDEX index_deployments_on_user_id_only ON deployments USING btree (user_id) WHERE (user_id IS NOT NULL);
CREATE UNIQUE INDEX index_deployments_on_project_id_and_iid ON deployments USING btree (project_id, iid);
CREATE TABLE releases (
  id bigint NOT NULL,
  tag character varying,
  project_id bigint,
  author_id bigint,
  name character varying,
  sha character varying,
  released_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE releases_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE releases_id_seq OWNED BY releases.id;
ALTER TABLE ONLY releases ALTER COLUMN id SET DEFAULT nextval('releases_id_seq'::regclass);
ALTER TABLE ONLY releases ADD CONSTRAINT releases_pkey PRIMARY KEY (id);
CREATE INDEX index_releases_on_project_id_only ON releases USING btree (project_id) WHERE (project_id IS NOT NULL);
CREATE INDEX index_releases_on_author_id_only ON releases USING btree (author_id) WHERE (author_id IS NOT NULL);
CREATE UNIQUE INDEX index_releases_on_project_id_and_tag ON releases USING btree (project_id, tag);
CREATE TABLE release_links (
  id bigint NOT NULL,
  release_id bigint NOT NULL,
  url character varying NOT NULL,
  name character varying NOT NULL,
  link_type smallint DEFAULT 0,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE release_links_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE release_links_id_seq OWNED BY release_links.id;
ALTER TABLE ONLY release_links ALTER COLUMN id SET DEFAULT nextval('release_links_id_seq'::regclass);
ALTER TABLE ONLY release_links ADD CONSTRAINT release_links_pkey PRIMARY KEY (id);
CREATE INDEX index_release_links_on_release_id_only ON release_links USING btree (release_id);
CREATE UNIQUE INDEX index_release_links_on_release_id_and_name ON release_links USING btree (release_id, name);
CREATE TABLE boards (
  id bigint NOT NULL,
  project_id bigint,
  namespace_id bigint,
  name character varying DEFAULT 'Development' NOT NULL,
  milestone_id bigint,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE boards_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE boards_id_seq OWNED BY boards.id;
ALTER TABLE ONLY boards ALTER COLUMN id SET DEFAULT nextval('boards_id_seq'::regclass);
ALTER TABLE ONLY boards ADD CONSTRAINT boards_pkey PRIMARY KEY (id);
CREATE INDEX index_boards_on_project_id_only ON boards USING btree (project_id) WHERE (project_id IS NOT NULL);
CREATE INDEX index_boards_on_namespace_id_only ON boards USING btree (namespace_id) WHERE (namespace_id IS NOT NULL);
CREATE INDEX index_boards_on_milestone_id_only ON boards USING btree (milestone_id) WHERE (milestone_id IS NOT NULL);
CREATE TABLE lists (
  id bigint NOT NULL,
  board_id bigint NOT NULL,
  label_id bigint,
  list_type integer DEFAULT 1 NOT NULL,
  position integer,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE lists_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE lists_id_seq OWNED BY lists.id;
ALTER TABLE ONLY lists ALTER COLUMN id SET DEFAULT nextval('lists_id_seq'::regclass);
ALTER TABLE ONLY lists ADD CONSTRAINT lists_pkey PRIMARY KEY (id);
CREATE INDEX index_lists_on_board_id_only ON lists USING btree (board_id);
CREATE INDEX index_lists_on_label_id_only ON lists USING btree (label_id) WHERE (label_id IS NOT NULL);
CREATE UNIQUE INDEX index_lists_on_board_id_and_label_id ON lists USING btree (board_id, label_id);
CREATE TABLE subscriptions (
  id bigint NOT NULL,
  user_id bigint NOT NULL,
  subscribable_id bigint,
  subscribable_type character varying,
  subscribed boolean,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE subscriptions_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE subscriptions_id_seq OWNED BY subscriptions.id;
ALTER TABLE ONLY subscriptions ALTER COLUMN id SET DEFAULT nextval('subscriptions_id_seq'::regclass);
ALTER TABLE ONLY subscriptions ADD CONSTRAINT subscriptions_pkey PRIMARY KEY (id);
CREATE INDEX index_subscriptions_on_user_id_only ON subscriptions USING btree (user_id);
CREATE UNIQUE INDEX index_subscriptions_on_subscribable_id_and_subscribable_type_an ON subscriptions USING btree (subscribable_id, subscribable_type, user_id);
CREATE TABLE runners (
  id bigint NOT NULL,
  token character varying NOT NULL,
  contacted_at timestamp with time zone,
  active boolean DEFAULT true NOT NULL,
  description character varying,
  tags text[] DEFAULT '{}',
  maximum_timeout integer,
  ip inet,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE runners_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE runners_id_seq OWNED BY runners.id;
ALTER TABLE ONLY runners ALTER COLUMN id SET DEFAULT nextval('runners_id_seq'::regclass);
ALTER TABLE ONLY runners ADD CONSTRAINT runners_pkey PRIMARY KEY (id);
CREATE UNIQUE INDEX index_runners_on_token ON runners USING btree (token);
CREATE TABLE packages (
  id bigint NOT NULL,
  project_id bigint NOT NULL,
  name character varying NOT NULL,
  version character varying,
  package_type smallint NOT NULL,
  status smallint DEFAULT 0 NOT NULL,
  creator_id bigint,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE packages_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE packages_id_seq OWNED BY packages.id;
ALTER TABLE ONLY packages ALTER COLUMN id SET DEFAULT nextval('packages_id_seq'::regclass);
ALTER TABLE ONLY packages ADD CONSTRAINT packages_pkey PRIMARY KEY (id);
CREATE INDEX index_packages_on_project_id_only ON packages USING btree (project_id);
CREATE INDEX index_packages_on_creator_id_only ON packages USING btree (creator_id) WHERE (creator_id IS NOT NULL);
CREATE TABLE package_files (
  id bigint NOT NULL,
  package_id bigint NOT NULL,
  file_name text NOT NULL,
  size bigint,
  file_sha256 bytea,
  verification_retry_count smallint,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE package_files_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE package_files_id_seq OWNED BY package_files.id;
ALTER TABLE ONLY package_files ALTER COLUMN id SET DEFAULT nextval('package_files_id_seq'::regclass);
ALTER TABLE ONLY package_files ADD CONSTRAINT package_files_pkey PRIMARY KEY (id);
CREATE INDEX index_package_files_on_package_id_only ON package_files USING btree (package_id);
CREATE TABLE feature_flags (
  id bigint NOT NULL,
  project_id bigint NOT NULL,
  name character varying NOT NULL,
  active boolean DEFAULT true NOT NULL,
  iid integer NOT NULL,
  version smallint DEFAULT 1 NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE feature_flags_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE feature_flags_id_seq OWNED BY feature_flags.id;
ALTER TABLE ONLY feature_flags ALTER COLUMN id SET DEFAULT nextval('feature_flags_id_seq'::regclass);
ALTER TABLE ONLY feature_flags ADD CONSTRAINT feature_flags_pkey PRIMARY KEY (id);
CREATE INDEX index_feature_flags_on_project_id_only ON feature_flags USING btree (project_id);
CREATE UNIQUE INDEX index_feature_flags_on_project_id_and_name ON feature_flags USING btree (project_id, name);
CREATE TABLE feature_flag_scopes (
  id bigint NOT NULL,
  feature_flag_id bigint NOT NULL,
  environment_scope character varying DEFAULT '*' NOT NULL,
  active boolean NOT NULL,
  strategies jsonb DEFAULT '[{"name": "default", "parameters": {}}]',
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE feature_flag_scopes_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE feature_flag_scopes_id_seq OWNED BY feature_flag_scopes.id;
ALTER TABLE ONLY feature_flag_scopes ALTER COLUMN id SET DEFAULT nextval('feature_flag_scopes_id_seq'::regclass);
ALTER TABLE ONLY feature_flag_scopes ADD CONSTRAINT feature_flag_scopes_pkey PRIMARY KEY (id);
CREATE INDEX index_feature_flag_scopes_on_feature_flag_id_only ON feature_flag_scopes USING btree (feature_flag_id);
CREATE UNIQUE INDEX index_feature_flag_scopes_on_feature_flag_id_and_environment_sc ON feature_flag_scopes USING btree (feature_flag_id, environment_scope);
CREATE TABLE spam_logs (
  id bigint NOT NULL,
  user_id bigint,
  source_ip inet,
  via_api boolean,
  title character varying,
  recaptcha_verified boolean DEFAULT false NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp without time zone
);
CREATE SEQUENCE spam_logs_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE spam_logs_id_seq OWNED BY spam_logs.id;
ALTER TABLE ONLY spam_logs ALTER COLUMN id SET DEFAULT nextval('spam_logs_id_seq'::regclass);
ALTER TABLE ONLY spam_logs ADD CONSTRAINT spam_logs_pkey PRIMARY KEY (id);
CREATE INDEX index_spam_logs_on_user_id_only ON spam_logs USING btree (user_id) WHERE (user_id IS NOT NULL);
ALTER TABLE ONLY namespaces ADD CONSTRAINT fk_rails_9e3779b1 FOREIGN KEY (owner_id) REFERENCES users(id) ON DELETE SET NULL;
ALTER TABLE ONLY namespaces ADD CONSTRAINT fk_rails_3c6ef362 FOREIGN KEY (parent_id) REFERENCES namespaces(id) ON DELETE SET NULL;
ALTER TABLE ONLY projects ADD CONSTRAINT fk_rails_daa66d13 FOREIGN KEY (namespace_id) REFERENCES namespaces(id) ON DELETE CASCADE;
ALTER TABLE ONLY projects ADD CONSTRAINT fk_rails_78dde6c4 FOREIGN KEY (creator_id) REFERENCES users(id) ON DELETE SET NULL;
ALTER TABLE ONLY project_authorizations ADD CONSTRAINT fk_rails_17156075 FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;
ALTER TABLE ONLY project_authorizations ADD CONSTRAINT fk_rails_b54cda26 FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE CASCADE;
ALTER TABLE ONLY keys ADD CONSTRAINT fk_rails_f1bbcd88 FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE SET NULL;
ALTER TABLE ONLY emails ADD CONSTRAINT fk_rails_8ff34739 FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;
ALTER TABLE ONLY identities ADD CONSTRAINT fk_rails_2e2ac0ea FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE SET NULL;
ALTER TABLE ONLY personal_access_tokens ADD CONSTRAINT fk_rails_cc623a9b FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;
ALTER TABLE ONLY deploy_keys_projects ADD CONSTRAINT fk_rails_6a99b44c FOREIGN KEY (deploy_key_id) REFERENCES keys(id) ON DELETE CASCADE;
ALTER TABLE ONLY deploy_keys_projects ADD CONSTRAINT fk_rails_08d12dfd FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE CASCADE;
ALTER TABLE ONLY protected_branches ADD CONSTRAINT fk_rails_4540215f FOREIGN KEY (namespace_id) REFERENCES namespaces(id) ON DELETE SET NULL;
ALTER TABLE ONLY protected_branch_levels ADD CONSTRAINT fk_rails_e3779b10 FOREIGN KEY (protected_branch_id) REFERENCES protected_branches(id) ON DELETE CASCADE;
ALTER TABLE ONLY protected_branch_levels ADD CONSTRAINT fk_rails_81af14c1 FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE SET NULL;
ALTER TABLE ONLY labels ADD CONSTRAINT fk_rails_1fe68e72 FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE SET NULL;
ALTER TABLE ONLY labels ADD CONSTRAINT fk_rails_be1e0823 FOREIGN KEY (namespace_id) REFERENCES namespaces(id) ON DELETE SET NULL;
ALTER TABLE ONLY label_links ADD CONSTRAINT fk_rails_5c5581d4 FOREIGN KEY (label_id) REFERENCES labels(id) ON DELETE SET NULL;
ALTER TABLE ONLY label_priorities ADD CONSTRAINT fk_rails_98c47536 FOREIGN KEY (label_id) REFERENCES labels(id) ON DELETE CASCADE;
ALTER TABLE ONLY milestones ADD CONSTRAINT fk_rails_36fbeee7 FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE SET NULL;
ALTER TABLE ONLY milestones ADD CONSTRAINT fk_rails_d5336898 FOREIGN KEY (namespace_id) REFERENCES namespaces(id) ON DELETE SET NULL;
ALTER TABLE ONLY issues ADD CONSTRAINT fk_rails_736ae249 FOREIGN KEY (author_id) REFERENCES users(id) ON DELETE SET NULL;
ALTER TABLE ONLY issues ADD CONSTRAINT fk_rails_11a25bfa FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE SET NULL;
ALTER TABLE ONLY issues ADD CONSTRAINT fk_rails_afd9d5ab FOREIGN KEY (milestone_id) REFERENCES milestones(id) ON DELETE SET NULL;
ALTER TABLE ONLY issue_assignees ADD CONSTRAINT fk_rails_ec48c90d FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;
ALTER TABLE ONLY issue_assignees ADD CONSTRAINT fk_rails_8a8042be FOREIGN KEY (issue_id) REFERENCES issues(id) ON DELETE CASCADE;
ALTER TABLE ONLY issue_links ADD CONSTRAINT fk_rails_28b7bc6f FOREIGN KEY (source_id) REFERENCES issues(id) ON DELETE CASCADE;
ALTER TABLE ONLY issue_links ADD CONSTRAINT fk_rails_c6ef3620 FOREIGN KEY (target_id) REFERENCES issues(id) ON DELETE CASCADE;
ALTER TABLE ONLY issue_metrics ADD CONSTRAINT fk_rails_6526afd1 FOREIGN KEY (issue_id) REFERENCES issues(id) ON DELETE CASCADE;
ALTER TABLE ONLY merge_requests ADD CONSTRAINT fk_rails_035e2982 FOREIGN KEY (source_project_id) REFERENCES projects(id) ON DELETE SET NULL;
ALTER TABLE ONLY merge_requests ADD CONSTRAINT fk_rails_3fcd1ce4 FOREIGN KEY (author_id) REFERENCES users(id) ON DELETE SET NULL;
ALTER TABLE ONLY merge_requests ADD CONSTRAINT fk_rails_de049695 FOREIGN KEY (assignee_id) REFERENCES users(id) ON DELETE SET NULL;
ALTER TABLE ONLY merge_requests ADD CONSTRAINT fk_rails_7c3c1046 FOREIGN KEY (milestone_id) REFERENCES milestones(id) ON DELETE SET NULL;
ALTER TABLE ONLY merge_request_diffs ADD CONSTRAINT fk_rails_1a7389f7 FOREIGN KEY (merge_request_id) REFERENCES merge_requests(id) ON DELETE CASCADE;
ALTER TABLE ONLY merge_request_reviewers ADD CONSTRAINT fk_rails_b8ab03a8 FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;
ALTER TABLE ONLY merge_request_reviewers ADD CONSTRAINT fk_rails_56e27d59 FOREIGN KEY (merge_request_id) REFERENCES merge_requests(id) ON DELETE CASCADE;
ALTER TABLE ONLY approvals ADD CONSTRAINT fk_rails_935170bb FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;
ALTER TABLE ONLY notes ADD CONSTRAINT fk_rails_3188ea6c FOREIGN KEY (author_id) REFERENCES users(id) ON DELETE SET NULL;
ALTER TABLE ONLY notes ADD CONSTRAINT fk_rails_cfc0641d FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE SET NULL;
ALTER TABLE ONLY notes ADD CONSTRAINT fk_rails_6df7ddce FOREIGN KEY (resolved_by_id) REFERENCES users(id) ON DELETE SET NULL;
ALTER TABLE ONLY award_emoji ADD CONSTRAINT fk_rails_0c2f577f FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE SET NULL;
ALTER TABLE ONLY todos ADD CONSTRAINT fk_rails_aa66d130 FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;
ALTER TABLE ONLY todos ADD CONSTRAINT fk_rails_e6d5c492 FOREIGN KEY (author_id) REFERENCES users(id) ON DELETE CASCADE;
ALTER TABLE ONLY todos ADD CONSTRAINT fk_rails_850d3e43 FOREIGN KEY (note_id) REFERENCES notes(id) ON DELETE SET NULL;
ALTER TABLE ONLY events ADD CONSTRAINT fk_rails_2344b7f4 FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE SET NULL;
ALTER TABLE ONLY events ADD CONSTRAINT fk_rails_c17c31a5 FOREIGN KEY (author_id) REFERENCES users(id) ON DELETE CASCADE;
ALTER TABLE ONLY events ADD CONSTRAINT fk_rails_5fb3ab56 FOREIGN KEY (group_id) REFERENCES namespaces(id) ON DELETE SET NULL;
ALTER TABLE ONLY push_event_payloads ADD CONSTRAINT fk_rails_fdeb2507 FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE CASCADE;
ALTER TABLE ONLY snippets ADD CONSTRAINT fk_rails_3a5a1869 FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE SET NULL;
ALTER TABLE ONLY web_hooks ADD CONSTRAINT fk_rails_d891921a FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE SET NULL;
ALTER TABLE ONLY environments ADD CONSTRAINT fk_rails_76c90bcb FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE CASCADE;
ALTER TABLE ONLY deployments ADD CONSTRAINT fk_rails_1500857c FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE CASCADE;
ALTER TABLE ONLY deployments ADD CONSTRAINT fk_rails_b337ff2d FOREIGN KEY (environment_id) REFERENCES environments(id) ON DELETE CASCADE;
ALTER TABLE ONLY deployments ADD CONSTRAINT fk_rails_516f78de FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE SET NULL;
ALTER TABLE ONLY releases ADD CONSTRAINT fk_rails_8dde6c40 FOREIGN KEY (author_id) REFERENCES users(id) ON DELETE SET NULL;
ALTER TABLE ONLY release_links ADD CONSTRAINT fk_rails_2c15e5f1 FOREIGN KEY (release_id) REFERENCES releases(id) ON DELETE CASCADE;
ALTER TABLE ONLY boards ADD CONSTRAINT fk_rails_ca4d5fa2 FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE SET NULL;
ALTER TABLE ONLY boards ADD CONSTRAINT fk_rails_6884d953 FOREIGN KEY (namespace_id) REFERENCES namespaces(id) ON DELETE SET NULL;
ALTER TABLE ONLY boards ADD CONSTRAINT fk_rails_06bc5304 FOREIGN KEY (milestone_id) REFERENCES milestones(id) ON DELETE SET NULL;
ALTER TABLE ONLY lists ADD CONSTRAINT fk_rails_a4f3ccb5 FOREIGN KEY (board_id) REFERENCES boards(id) ON DELETE CASCADE;
ALTER TABLE ONLY subscriptions ADD CONSTRAINT fk_rails_e162c017 FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;
ALTER TABLE ONLY packages ADD CONSTRAINT fk_rails_7f9a39c8 FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE CASCADE;
ALTER TABLE ONLY packages ADD CONSTRAINT fk_rails_1dd1b379 FOREIGN KEY (creator_id) REFERENCES users(id) ON DELETE SET NULL;
ALTER TABLE ONLY package_files ADD CONSTRAINT fk_rails_bc092d2a FOREIGN KEY (package_id) REFERENCES packages(id) ON DELETE CASCADE;
ALTER TABLE ONLY feature_flags ADD CONSTRAINT fk_rails_5a40a6db FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE CASCADE;
ALTER TABLE ONLY feature_flag_scopes ADD CONSTRAINT fk_rails_f878208c FOREIGN KEY (feature_flag_id) REFERENCES feature_flags(id) ON DELETE CASCADE;
CREATE TABLE p_builds (
  id bigint NOT NULL, partition_id bigint NOT NULL DEFAULT 100, project_id bigint, name character varying, status character varying, commit_id bigint, options jsonb, tag boolean,
  upstream_id bigint, upstream_partition_id bigint DEFAULT 100, created_at timestamp without time zone,
  CONSTRAINT p_builds_pkey PRIMARY KEY (id, partition_id)
) PARTITION BY LIST (partition_id);
CREATE SCHEMA partitions_dynamic;
CREATE TABLE partitions_dynamic.builds_100 PARTITION OF p_builds FOR VALUES IN ('100');
CREATE TABLE partitions_dynamic.builds_101 PARTITION OF p_builds FOR VALUES IN ('101');
CREATE TABLE p_build_metadata (
  build_id bigint NOT NULL, partition_id bigint NOT NULL DEFAULT 100, project_id bigint NOT NULL, timeout integer, secrets jsonb DEFAULT '{}'::jsonb NOT NULL, id_tokens jsonb DEFAULT '{}'::jsonb NOT NULL,
  CONSTRAINT p_build_metadata_pkey PRIMARY KEY (build_id, partition_id),
  CONSTRAINT fk_build FOREIGN KEY (partition_id, build_id) REFERENCES p_builds (partition_id, id) ON UPDATE CASCADE ON DELETE CASCADE
) PARTITION BY LIST (partition_id);
CREATE TABLE partitions_dynamic.build_metadata_100 PARTITION OF p_build_metadata FOR VALUES IN ('100');
CREATE TABLE build_needs (
  id bigserial PRIMARY KEY, name text NOT NULL, artifacts boolean DEFAULT true NOT NULL, build_id bigint NOT NULL, partition_id bigint NOT NULL, project_id bigint,
  CONSTRAINT fk_build FOREIGN KEY (partition_id, build_id) REFERENCES p_builds (partition_id, id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT check_name CHECK ((char_length(name) <= 255)) NOT VALID
);
CREATE UNIQUE INDEX index_build_needs ON build_needs (build_id, name);
CREATE TABLE audit_events (
  id bigint NOT NULL, author_id bigint NOT NULL, entity_id bigint NOT NULL, details text, ip_address inet, created_at timestamp without time zone NOT NULL,
  CONSTRAINT check_83ff8406e2 CHECK ((char_length(details) <= 5500)), PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);
CREATE TABLE partitions_dynamic.audit_events_000000 PARTITION OF audit_events FOR VALUES FROM (MINVALUE) TO ('2024-01-01 00:00:00');
CREATE TABLE analytics_events (event_id integer NOT NULL, issue_id bigint NOT NULL, start_at timestamp with time zone NOT NULL, state smallint DEFAULT 1 NOT NULL, PRIMARY KEY (event_id, issue_id)) PARTITION BY HASH (issue_id);
CREATE TABLE partitions_dynamic.analytics_events_00 PARTITION OF analytics_events FOR VALUES WITH (modulus 2, remainder 0);
CREATE TABLE partitions_dynamic.analytics_events_01 PARTITION OF analytics_events FOR VALUES WITH (modulus 2, remainder 1);
CREATE UNLOGGED TABLE loose_queue (id bigserial PRIMARY KEY, fully_qualified_table_name text NOT NULL, primary_key_value bigint NOT NULL);
CREATE INDEX index_issues_trigram ON issues USING gin (title gin_trgm_ops);
CREATE INDEX index_issues_open ON issues (project_id, relative_position, id DESC) WHERE (closed_at IS NULL);
CREATE UNIQUE INDEX index_users_on_lower_username ON users (lower((username)::text));
CREATE INDEX index_namespaces_traversal ON namespaces USING gin (traversal_ids);
CREATE INDEX index_events_brin ON events USING brin (created_at) WITH (pages_per_range='64');
CREATE INDEX index_projects_on_settings ON projects ((settings ->> 'plan'::text)) WHERE (archived IS FALSE);
ALTER TABLE projects ADD CONSTRAINT check_owner CHECK ((num_nonnulls(namespace_id, creator_id) >= 1)) NOT VALID;
ALTER TABLE boards ADD CONSTRAINT check_one_parent CHECK (((project_id IS NULL) <> (namespace_id IS NULL)));
ALTER TABLE issues ADD CONSTRAINT no_self_duplicate CHECK ((duplicated_to_id <> id));
CREATE FUNCTION keep_traversal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.traversal_ids := ARRAY[NEW.id]; RETURN NEW; END $$;
CREATE TRIGGER keep_traversal BEFORE INSERT ON namespaces FOR EACH ROW EXECUTE FUNCTION keep_traversal();
CREATE VIEW open_issues AS SELECT i.id, i.title, p.name AS project FROM issues i JOIN projects p ON p.id = i.project_id WHERE i.closed_at IS NULL;
CREATE TABLE schema_migrations (version character varying NOT NULL PRIMARY KEY, finished_at timestamp with time zone DEFAULT now());
CREATE TABLE ar_internal_metadata (key character varying NOT NULL PRIMARY KEY, value character varying, created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL);
