/** The nested lists of a piece, for those who walk through a configuration (the graph of a trace, search for ids). */

import { asList, isRecord, type Path, type Piece, type Role } from '../model/types';

export interface Nested {
  /** Below the piece. */
  path: Path;
  role: Role;
  pieces: readonly Piece[];
}

export function nestedOf(piece: Piece): Nested[] {
  const found: Nested[] = [];
  const add = (role: Role, value: unknown, ...path: (string | number)[]) => {
    if (value !== undefined && value !== null) found.push({ path, role, pieces: asList<Piece>(value) });
  };
  if ('conditions' in piece) add('condition', piece.conditions, 'conditions');
  add('condition', piece.if, 'if');
  add('action', piece.then, 'then');
  add('action', piece.else, 'else');
  asList(piece.choose).forEach((option, index) => {
    if (!isRecord(option)) return;
    add('condition', option.conditions, 'choose', index, 'conditions');
    add('action', option.sequence, 'choose', index, 'sequence');
  });
  add('action', piece.default, 'default');
  add('action', piece.parallel, 'parallel');
  add('action', piece.sequence, 'sequence');
  add('trigger', piece.wait_for_trigger, 'wait_for_trigger');
  if (isRecord(piece.repeat)) {
    add('condition', piece.repeat.while, 'repeat', 'while');
    add('action', piece.repeat.sequence, 'repeat', 'sequence');
    add('condition', piece.repeat.until, 'repeat', 'until');
  }
  return found;
}
