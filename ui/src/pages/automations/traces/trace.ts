/** A trace as the server gives it, and what is read out of it. */

import type { ShortTrace } from '../list/automations';
import { spell } from '../model/spelling';
import { type Config, isRecord, type Piece, type Role } from '../model/types';

/** One execution of a step. */
export interface Step {
  path: string;
  timestamp: string;
  result?: Record<string, unknown>;
  changed_variables?: Record<string, unknown>;
  error?: string;
  /** A script's run that this step began. */
  child_id?: { domain: 'automation' | 'script'; item_id: string; run_id: string };
}

export interface Trace extends ShortTrace {
  trace: Record<string, Step[]>;
  config: Config | null;
  blueprint_inputs: Config | null;
  context: { id: string; parent_id: string | null; user_id: string | null };
}

/** The configuration that ran, in the spelling that the graph is made from. */
export const configOf = (trace: Trace): Config => spell(trace.domain, trace.config ?? {});

/** All steps in the order of time; those of the same moment in the order in which they were reported. */
export function inOrder(trace: Trace): Step[] {
  return Object.values(trace.trace)
    .flat()
    .map((step, index) => ({ step, index }))
    .sort((a, b) => Date.parse(a.step.timestamp) - Date.parse(b.step.timestamp) || micro(a.step.timestamp) - micro(b.step.timestamp) || a.index - b.index)
    .map(({ step }) => step);
}

/** The part of a second that `Date` does not keep. */
const micro = (timestamp: string): number => Number(/\.\d{3}(\d{3})/.exec(timestamp)?.[1] ?? 0);

/** Milliseconds between two moments, to the microsecond. */
export function between(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from) + (micro(to) - micro(from)) / 1000;
}

/** Steps below a path that are no nodes of their own: the conditions of an `if`, the entities of a state. */
export function within(trace: Trace, path: string, nodes: ReadonlySet<string>): Step[] {
  return Object.entries(trace.trace)
    .filter(([key]) => key.startsWith(`${path}/`) && !nodes.has(key) && ![...nodes].some((node) => node !== path && node.startsWith(`${path}/`) && key.startsWith(`${node}/`)))
    .flatMap(([, steps]) => steps);
}

/** The condition at the top that was false, with what was seen; null: all were true. */
export function falseCondition(trace: Trace): { index: number; piece: Piece | undefined; seen: Step[] } | null {
  for (const [path, steps] of Object.entries(trace.trace)) {
    const index = /^condition\/(\d+)$/.exec(path)?.[1];
    if (index === undefined || !steps.some((step) => step.result?.result === false || step.error)) continue;
    const pieces = configOf(trace).conditions;
    const piece: unknown = Array.isArray(pieces) ? pieces[Number(index)] : undefined;
    const seen = [...steps, ...Object.entries(trace.trace).filter(([key]) => key.startsWith(`${path}/`)).flatMap(([, inside]) => inside)];
    return { index: Number(index), piece: isRecord(piece) ? piece : undefined, seen };
  }
  return null;
}

const PARTS: Record<string, string> = { trigger: 'triggers', condition: 'conditions', action: 'actions' };

/** What stands in the configuration at a path of a trace. */
export function pieceAt(config: Config, path: string): Piece | undefined {
  const parts = path.split('/');
  let now: unknown = config;
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index]!;
    // `if/condition/0`: the conditions stand at `if` itself.
    if (part === 'condition' && parts[index - 1] === 'if') continue;
    // `parallel/0/sequence/0`: a branch of a single action is that action.
    if (part === 'sequence' && parts[index - 2] === 'parallel' && isRecord(now) && !Array.isArray(now.sequence)) {
      index += 1;
      continue;
    }
    const key = index === 0 ? (PARTS[part] ?? part) : part;
    now = Array.isArray(now) ? (now as unknown[])[Number(part)] : isRecord(now) ? now[key] : undefined;
  }
  return isRecord(now) ? now : undefined;
}

/** The role of what stands at a path of a trace. */
export function roleAt(path: string): Role {
  const words = path.split('/').filter((part) => Number.isNaN(Number(part)));
  const last = words.at(-1);
  if (last === 'trigger') return 'trigger';
  return last === 'condition' || last === 'conditions' || last === 'while' || last === 'until' ? 'condition' : 'action';
}
