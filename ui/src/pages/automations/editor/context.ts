/** What the parts of an open editor share. The object stays the same while it is open; what changes is in stores. */

import { createContext, useContext } from 'react';
import type { Store } from '@/data/store';
import type { Problem } from '../model/errors';
import type { Place } from '../model/tree';
import type { Config, Domain, Path, Piece, Role } from '../model/types';

export interface EditorApi {
  domain: Domain;
  /** The configuration as it is now; does not render again: for what happens on a press. */
  config: () => Config;
  edit: (change: (config: Config) => Config, key?: string) => void;
  set: (path: Path, value: unknown, key?: string) => void;
  insert: (list: Path, index: number, piece: Piece) => void;
  remove: (place: Place) => void;
  move: (from: Place, to: Place) => void;
  /** Ids of the pieces that are unfolded. */
  open: Store<ReadonlySet<string>>;
  toggle: (id: string, open?: boolean) => void;
  problems: Store<readonly Problem[]>;
  /** What can be pasted, of any editor in this browser. */
  clipboard: Store<Clip | null>;
  copy: (role: Role, piece: Piece) => void;
  /** The piece that is being dragged. */
  dragged: Store<Dragged | null>;
}

export interface Clip {
  role: Role;
  piece: Piece;
}

export interface Dragged extends Place {
  role: Role;
  piece: Piece;
}

export const EditorContext = createContext<EditorApi | null>(null);

export function useEditor(): EditorApi {
  const api = useContext(EditorContext);
  if (!api) throw new Error('There is no editor above this component');
  return api;
}
