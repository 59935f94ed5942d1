/** All kinds, found by their files. */

import { isRecord, type Piece, type Role } from '../model/types';
import type { Kind, NamedKind } from './kind';

const found = import.meta.glob<Kind>(['./triggers/*.tsx', './conditions/*.tsx', './actions/*.tsx'], { eager: true, import: 'kind' });

const ROLES: Record<string, Role> = { triggers: 'trigger', conditions: 'condition', actions: 'action' };

const byRole: Record<Role, Map<string, NamedKind>> = { trigger: new Map(), condition: new Map(), action: new Map() };
for (const [file, kind] of Object.entries(found)) {
  const [folder, base] = file.split('/').slice(-2);
  const role = ROLES[folder ?? '']!;
  const name = (base ?? '').replace('.tsx', '');
  byRole[role].set(name, { ...kind, name, role });
}

export const kindsOf = (role: Role): readonly NamedKind[] => [...byRole[role].values()].sort((a, b) => (a.order ?? 100) - (b.order ?? 100));

/** The kind of this name; undefined: there is none (here). */
export const kindNamed = (role: Role, name: string): NamedKind | undefined => byRole[role].get(name);

/** An action's kind is told by a key that only it has. */
const ACTION_KEYS: Readonly<Record<string, string>> = { action: 'service', device_id: 'device' };
const NAMES = [...byRole.action.keys()];

/** Whether an action is a condition that stands among the actions. */
export const isConditionAction = (piece: Piece): boolean => 'condition' in piece && !('action' in piece);

export function actionName(piece: Piece): string | undefined {
  for (const key of Object.keys(piece)) {
    const name = ACTION_KEYS[key] ?? (key !== 'service' && key !== 'device' && NAMES.includes(key) ? key : undefined);
    if (name) return name;
  }
  return undefined;
}

/** The kind of a piece; undefined: none that this editor knows. */
export function kindOf(role: Role, piece: Piece): NamedKind | undefined {
  if (role === 'trigger') return byRole.trigger.get(String(piece.trigger));
  if (role === 'condition') return byRole.condition.get(String(piece.condition));
  if (isConditionAction(piece)) return byRole.condition.get(String(piece.condition));
  const name = actionName(piece);
  return name === undefined ? undefined : byRole.action.get(name);
}

/** Whether a piece may stand in a list of `role`: a condition may stand among actions, and back. */
export function fitsInto(piece: Piece, from: Role, into: Role): boolean {
  if (from === into) return true;
  if (from === 'trigger' || into === 'trigger') return false;
  return into === 'action' || isConditionAction(piece);
}

export const isPiece = (value: unknown): value is Piece => isRecord(value);
