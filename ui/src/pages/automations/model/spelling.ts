/** Any spelling that the server takes, as the one that the editor works with: lists are lists, old words are new ones. */

import { asList, type Config, type Domain, isRecord, isTemplate, type Piece } from './types';

/** An entry under another name, at the same place. */
function rename(piece: Piece, from: string, to: string): Piece {
  if (!(from in piece) || to in piece) return piece;
  return Object.fromEntries(Object.entries(piece).map(([key, value]) => [key === from ? to : key, value]));
}

/** `value` of one entry, at the same place. */
function replace(piece: Piece, key: string, change: (value: unknown) => unknown): Piece {
  return key in piece ? { ...piece, [key]: change(piece[key]) } : piece;
}

export function spellTrigger(value: unknown): Piece {
  return isRecord(value) ? rename(value, 'platform', 'trigger') : { trigger: value };
}

/** `- triggers: […]` inside a list is laid out, as the server does it. */
export function spellTriggers(value: unknown): Piece[] {
  return asList(value).flatMap((each) =>
    isRecord(each) && 'triggers' in each && Object.keys(each).length === 1 ? spellTriggers(each.triggers) : [spellTrigger(each)],
  );
}

export function spellCondition(value: unknown): Piece {
  if (!isRecord(value)) return { condition: 'template', value_template: value };
  let piece = value;
  if (isTemplate(piece.condition)) {
    const { condition, ...rest } = piece;
    piece = { condition: 'template', value_template: condition, ...rest };
  } else if (Array.isArray(piece.condition)) {
    const { condition, ...rest } = piece;
    piece = { ...rest, condition: 'and', conditions: condition };
  } else if (piece.condition === undefined) {
    for (const short of ['and', 'or', 'not']) {
      if (!(short in piece)) continue;
      const { [short]: inside, ...rest } = piece;
      piece = { ...rest, condition: short, conditions: inside };
      break;
    }
  }
  return replace(piece, 'conditions', spellConditions);
}

export const spellConditions = (value: unknown): Piece[] => asList(value).map(spellCondition);

const CONDITION_KEYS = ['condition', 'and', 'or', 'not'];

export function spellAction(value: unknown): Piece {
  if (isTemplate(value)) return spellCondition(value);
  if (!isRecord(value)) return { action: value };
  if (CONDITION_KEYS.some((key) => key in value) && !('action' in value) && !('service' in value)) return spellCondition(value);
  let piece = rename(rename(value, 'service', 'action'), 'service_template', 'action');
  for (const key of ['then', 'else', 'default', 'sequence']) piece = replace(piece, key, spellActions);
  piece = replace(piece, 'if', spellConditions);
  piece = replace(piece, 'wait_for_trigger', spellTriggers);
  piece = replace(piece, 'choose', (options) =>
    asList(options).map((each) => (isRecord(each) ? replace(replace(each, 'conditions', spellConditions), 'sequence', spellActions) : each)),
  );
  piece = replace(piece, 'parallel', (branches) =>
    asList(branches).map((each) => (Array.isArray(each) ? { sequence: spellActions(each) } : spellAction(each))),
  );
  return replace(piece, 'repeat', (repeat) => {
    if (!isRecord(repeat)) return repeat;
    return replace(replace(replace(repeat, 'while', spellConditions), 'until', spellConditions), 'sequence', spellActions);
  });
}

export const spellActions = (value: unknown): Piece[] => asList(value).map(spellAction);

/** The whole automation or script. What is no mapping is an empty one. */
export function spell(domain: Domain, value: unknown): Config {
  if (!isRecord(value)) return domain === 'automation' ? { triggers: [], conditions: [], actions: [] } : { sequence: [] };
  if ('use_blueprint' in value) return value;
  if (domain === 'script') return replace({ ...value, sequence: value.sequence ?? [] }, 'sequence', spellActions);
  let config = rename(rename(rename(value, 'trigger', 'triggers'), 'condition', 'conditions'), 'action', 'actions');
  config = { ...config, triggers: config.triggers ?? [], conditions: config.conditions ?? [], actions: config.actions ?? [] };
  return replace(replace(replace(config, 'triggers', spellTriggers), 'conditions', spellConditions), 'actions', spellActions);
}
