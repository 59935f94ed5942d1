/** What the server tells of its actors; docs/console.md says what each figure means. */

export type ActorState =
  | 'running' | 'starting' | 'paused' | 'restarting' | 'failed' | 'stopped' | 'stopping' | 'killed' | 'gone' | 'deadlocked';

export interface Row {
  path: string;
  class: string;
  domain: string;
  state: ActorState;
  mailbox: number;
  oldest_s: number;
  messages_s: number;
  busy: number;
  restarts: number;
  score: number;
  pinned: boolean;
  countdown_s?: number;
  waiting_for?: string;
  waiting_s?: number;
  last_failure?: { time: number; error: string; message?: string | null };
  children?: number;
  processed?: number;
}

export interface Group {
  key: string;
  domain: string;
  class: string;
  path: string;
  count: number;
  messages_s: number;
  busy: number;
  mailbox: number;
  mailbox_max: number;
  oldest_s: number;
  restarts: number;
  states: Record<string, number>;
}

export interface Wait {
  asker: string | null;
  target: string | null;
  since_s: number | null;
  message: string | null;
  ahead: number;
}

/** `[time (s), late (ms), part of the processor, part in turns]` */
export type HubSecond = readonly [number, number, number, number];

export interface TypeRow {
  class: string;
  type: string;
  count_s: number;
  mean_ms: number;
  max_ms: number;
  busy: number;
  waits: boolean;
}

export interface Edge {
  from: string;
  to: string;
  per_s: number;
}

export interface Overview {
  time: number;
  actors: number;
  cost: { cpu: number; ms: number };
  totals: {
    messages_s: number; busy: number; mailbox: number; oldest_s: number; restarts: number; deaths: number; dead_letters: number;
    states: Record<string, number>;
  };
  groups: Group[];
  groups_total: number;
  guilty: Row[];
  types: TypeRow[];
  hub: { seconds: HubSecond[]; headroom: number; held: number; longest_ms: number; latest: { time: number; actor: string | null; ms: number; cpu_ms: number; stack: string[] }[] };
  dispatcher: { ready: number; turns_s: number; slow_turns: number; replaced_workers: number };
  bus: { published_s: number; delivered_s: number; listeners: number };
  flow: { nodes: string[]; edges: Edge[] };
  deadlocks: Wait[][];
}

export interface Page<T> {
  total: number;
  rows: T[];
}

export interface Death {
  time: number;
  path: string;
  class: string;
  error: string;
  message: string | null;
  stack: string;
}

/** So many messages waited less than that, and not less than the class before says; null: longer than all. */
export interface WaitClass {
  below_ms: number | null;
  count: number;
}

export interface ActorDetail extends Row {
  exists: boolean;
  vital: string | null;
  deaths: Death[];
  paused_until: number | null;
  refusals: Partial<Record<Action, string>>;
  logger?: { name: string; level: string; until: number | null };
  restart?: string;
  mailbox_limit?: number;
  overflow?: string;
  stack?: string[];
  busy_ms?: number;
  state_of?: unknown;
  since?: number;
  start_s?: number;
  is_tracing?: boolean;
  tracing_until?: number | null;
  trace?: { time: number; type: string; message: string; ms: number; waited_ms: number }[];
  /** While it is traced. */
  waits?: WaitClass[];
  waiting_types?: Record<string, number>;
  asks?: Wait | null;
  asked_by?: Wait[];
  asked_by_others?: number;
  subscriptions?: { event_type: string; key: string | null }[];
  subscriptions_total?: number;
  timers?: { in_s: number; type: string }[];
  timers_total?: number;
  memory_bytes?: number;
}

export type Action = 'restart' | 'stop' | 'start' | 'pause' | 'resume' | 'drain' | 'trace' | 'log_level';

export interface Letter {
  number: number;
  time: number;
  path: string;
  reason: string;
  type: string;
  sender: string | null;
  message: string;
  can_resend: boolean;
}

export interface LetterDetail extends Letter {
  fields: Record<string, string>;
  receiver_state: string;
}

export interface Letters extends Page<Letter> {
  by_reason: Record<string, number>;
  kept: number;
  found: number;
}

export interface AuditEntry {
  time: number;
  user: string;
  remote: string | null;
  action: string;
  path: string;
  result: string;
  ok: boolean;
}
