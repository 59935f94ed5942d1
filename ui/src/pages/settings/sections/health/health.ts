/** `/api/health`, as much as is shown. */
export interface HealthReport {
  version: string;
  entity_count: number;
  memory_rss_kb: number;
  uptime_seconds: number;
  startup_ms: number;
  state_changes: number;
  core: {
    database_bytes: number | null;
    /** 0 to 1 */
    disk_used: number | null;
    broken_parts: string[];
    recorder?: { last_error?: string | null };
  };
  integrations: Record<string, Part>;
  system: { load_1m: number; hub: { longest_ms: number } | null };
}

export interface Part {
  status: string | null;
  entities: number;
  restarts: number;
  uptime: number;
  last_error: string | null;
  devices?: number;
  unreachable?: number;
}

type Fact = string | number | boolean | null | { type: string; value: string };
/** What `system_health/info` tells, by part. */
export type Facts = Record<string, { info: Record<string, Fact> }>;

/** For a question to somebody who knows more. */
export function asText(facts: Facts): string {
  return Object.entries(facts)
    .map(([part, { info }]) => [`## ${part}`, ...Object.entries(info).map(([name, value]) => `${name}: ${typeof value === 'object' && value ? value.value : String(value)}`)].join('\n'))
    .join('\n\n');
}

const STEPS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** `90061` → "1 day 1 hr": the two largest units. */
export function sinceWords(seconds: number, language: string): string {
  let left = Math.max(0, Math.floor(seconds));
  const parts: string[] = [];
  for (const [unit, size] of STEPS) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count || parts.length) parts.push(new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(count));
    if (parts.length === 2) break;
  }
  return parts.join(' ') || new Intl.NumberFormat(language, { style: 'unit', unit: 'second', unitDisplay: 'short' }).format(left);
}
