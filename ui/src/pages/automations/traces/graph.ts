/** The picture of a trace: boxes and lines with their places. Pure; nothing is drawn here. */

import { kindOf } from '../kinds';
import { asList, type Config, type Domain, isRecord, type Piece, type Role } from '../model/types';
import type { Trace } from './trace';

export type NodeState = 'done' | 'false' | 'error' | 'skipped' | 'off';

export interface Node {
  /** Of the trace. */
  path: string;
  role: Role | 'option' | 'start';
  piece: Piece | null;
  /** Words instead of a piece's: a key of the texts. */
  text?: { key: string; options?: Record<string, unknown> };
  state: NodeState;
  /** How often it was done. */
  times: number;
  x: number;
  y: number;
}

/** The key of the words for how a node fared. */
export const stateKey = (node: Node): string => `traces.state.${node.state === 'false' && node.role === 'option' ? 'notTaken' : node.state}`;

export interface Line {
  from: [number, number];
  to: [number, number];
  taken: boolean;
  /** Back to the beginning of a loop. */
  back?: boolean;
}

export interface Graph {
  nodes: Node[];
  lines: Line[];
  width: number;
  height: number;
}

export const BOX = { width: 184, height: 48 } as const;
const GAP_X = 20;
const GAP_Y = 30;

/** A part of the picture with its own origin: it is entered above and left below, in the middle. */
interface Block extends Graph {
  middle: number;
  /** Whether anything of it was done, and whether its end was reached. */
  entered: boolean;
  left: boolean;
}

const empty = (): Block => ({ nodes: [], lines: [], width: 0, height: 0, middle: 0, entered: false, left: false });

function shifted(block: Block, x: number, y: number): Block {
  return {
    ...block,
    nodes: block.nodes.map((node) => ({ ...node, x: node.x + x, y: node.y + y })),
    lines: block.lines.map((line) => ({ ...line, from: [line.from[0] + x, line.from[1] + y], to: [line.to[0] + x, line.to[1] + y] })),
    middle: block.middle + x,
  };
}

/** One below the other. */
function column(blocks: readonly Block[]): Block {
  const real = blocks.filter((block) => block.height > 0);
  const first = real[0];
  if (!first) return empty();
  const middle = Math.max(...real.map((block) => block.middle));
  const made: Block = { ...empty(), middle, entered: first.entered, left: real.at(-1)!.left };
  let y = 0;
  real.forEach((block, index) => {
    const placed = shifted(block, middle - block.middle, y);
    const before = real[index - 1];
    if (before) made.lines.push({ from: [middle, y - GAP_Y], to: [middle, y], taken: before.left && block.entered });
    made.nodes.push(...placed.nodes);
    made.lines.push(...placed.lines);
    made.width = Math.max(made.width, middle - block.middle + block.width);
    y += block.height + GAP_Y;
  });
  made.height = y - GAP_Y;
  return made;
}

/** Side by side below a head, and together again. */
function fork(head: Block | null, branches: readonly Block[]): Block {
  const width = branches.reduce((sum, branch) => sum + Math.max(branch.width, BOX.width) + GAP_X, -GAP_X);
  const middle = Math.max(width / 2, head?.middle ?? 0);
  const top = head ? head.height + GAP_Y : 0;
  const height = Math.max(0, ...branches.map((branch) => branch.height));
  const end = top + height + GAP_Y / 2;
  const made: Block = { ...empty(), middle, width: Math.max(width, head?.width ?? 0), height: end, entered: head ? head.entered : branches.some((each) => each.entered), left: branches.some((each) => each.left) };
  if (head) {
    const placed = shifted(head, middle - head.middle, 0);
    made.nodes.push(...placed.nodes);
    made.lines.push(...placed.lines);
  }
  let x = middle - width / 2;
  for (const branch of branches) {
    const room = Math.max(branch.width, BOX.width);
    const placed = shifted(branch, x + (branch.height > 0 ? (room - branch.width) / 2 : room / 2), top);
    made.nodes.push(...placed.nodes);
    made.lines.push(...placed.lines);
    const entry = placed.middle;
    if (head) made.lines.push({ from: [middle, head.height], to: [entry, top], taken: branch.entered });
    if (branch.height < height) made.lines.push({ from: [entry, top + branch.height], to: [entry, top + height], taken: branch.left });
    made.lines.push({ from: [entry, top + height], to: [middle, end], taken: branch.left });
    x += room + GAP_X;
  }
  return made;
}

class Builder {
  constructor(private readonly trace: Trace) {}

  private stateOf(path: string, piece: Piece | null, isCondition: boolean): NodeState {
    const steps = this.trace.trace[path];
    if (!steps) return piece?.enabled === false ? 'off' : 'skipped';
    if (steps.some((step) => step.error)) return 'error';
    const last = steps.at(-1)?.result;
    if (isCondition && last?.result === false) return 'false';
    return isCondition && last && last.result === null ? 'off' : 'done';
  }

  box(path: string, role: Node['role'], piece: Piece | null, text?: Node['text']): Block {
    const isCondition = role === 'condition' || role === 'option' || (role === 'action' && piece !== null && 'condition' in piece);
    const state = this.stateOf(path, piece, isCondition);
    const node: Node = { path, role, piece, state, times: this.trace.trace[path]?.length ?? 0, x: 0, y: 0, ...(text ? { text } : {}) };
    const entered = state !== 'skipped' && !(state === 'off' && !this.trace.trace[path]);
    return { nodes: [node], lines: [], width: BOX.width, height: BOX.height, middle: BOX.width / 2, entered, left: entered && state !== 'error' && state !== 'false' };
  }

  list(path: string, role: Role, pieces: unknown): Block {
    return column(asList<Piece>(pieces).filter(isRecord).map((piece, index) => this.piece(`${path}/${index}`, role, piece)));
  }

  piece(path: string, role: Role, piece: Piece): Block {
    const head = this.box(path, role, piece);
    const name = role === 'action' ? kindOf(role, piece)?.name : undefined;
    const passed = (branch: Block, taken: boolean): Block => (branch.height > 0 ? branch : { ...branch, entered: taken, left: taken });
    const choice = this.trace.trace[path]?.at(-1)?.result?.choice;
    switch (name) {
      case 'if':
        return fork(head, [
          passed(this.list(`${path}/then`, 'action', piece.then), choice === 'then'),
          passed(this.list(`${path}/else`, 'action', piece.else), head.entered && choice !== 'then'),
        ]);
      case 'choose': {
        const options = asList<Piece>(piece.choose).filter(isRecord);
        const branches = options.map((option, index) => {
          const at = `${path}/choose/${index}`;
          const text = typeof option.alias === 'string' ? undefined : { key: 'actions.choose.option', options: { number: index + 1 } };
          return column([this.box(at, 'option', option, text), this.list(`${at}/sequence`, 'action', option.sequence)]);
        });
        return fork(head, [...branches, passed(this.list(`${path}/default`, 'action', piece.default), head.entered && typeof choice !== 'number')]);
      }
      case 'parallel':
        return fork(
          head,
          asList<Piece>(piece.parallel).filter(isRecord).map((branch, index) => {
            const at = `${path}/parallel/${index}/sequence`;
            return Array.isArray(branch.sequence) && !('alias' in branch && Object.keys(branch).length > 2) ? this.list(at, 'action', branch.sequence) : this.piece(`${at}/0`, 'action', branch);
          }),
        );
      case 'sequence':
        return column([head, this.list(`${path}/sequence`, 'action', piece.sequence)]);
      case 'repeat': {
        const repeat = isRecord(piece.repeat) ? piece.repeat : {};
        const body = column([head, this.list(`${path}/repeat/sequence`, 'action', repeat.sequence)]);
        const again = (this.trace.trace[`${path}/repeat/sequence/0`]?.length ?? 0) > 1;
        const side = body.middle + BOX.width / 2 + 12;
        body.lines.push({ from: [side, body.height - BOX.height / 2], to: [side, BOX.height / 2], taken: again, back: true });
        return { ...body, width: Math.max(body.width, side + 14) };
      }
      default:
        return head;
    }
  }
}

/** Of many triggers, those that set it off stand in the middle, over the way that the run took. */
function aroundTheMiddle(triggers: readonly Block[]): Block[] {
  const taken = triggers.filter((each) => each.entered);
  const others = triggers.filter((each) => !each.entered);
  const half = Math.floor(others.length / 2);
  return [...others.slice(0, half), ...taken, ...others.slice(half)];
}

/** What was done, what was not, and which way the run took. */
export function graphOf(domain: Domain, trace: Trace, config: Config): Graph {
  const builder = new Builder(trace);
  const parts: Block[] = [];
  if (domain === 'automation') {
    const byHand = trace.trace.trigger && !Object.keys(trace.trace).some((path) => path.startsWith('trigger/'));
    const triggers = asList<Piece>(config.triggers).filter(isRecord).map((piece, index) => builder.box(`trigger/${index}`, 'trigger', piece));
    if (byHand) triggers.unshift(builder.box('trigger', 'start', null, { key: 'traces.byHand' }));
    parts.push(fork(null, aroundTheMiddle(triggers)), builder.list('condition', 'condition', config.conditions), builder.list('action', 'action', config.actions));
  } else {
    parts.push(builder.list('sequence', 'action', config.sequence));
  }
  const { nodes, lines, width, height } = column(parts);
  return { nodes, lines, width, height };
}
