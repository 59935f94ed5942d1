/** What a kind of trigger, condition or action is to the editor. One file a kind; its name is the kind's. */

import type { ComponentType } from 'react';
import type { Selector } from '@/data/types';
import type { Path, Piece, Role } from '../model/types';
import type { Say } from './say';

/** Where it stands in the list of what can be added. */
export type Group = 'states' | 'time' | 'do' | 'blocks' | 'wait' | 'signals';
export const GROUPS: readonly Group[] = ['states', 'do', 'time', 'wait', 'blocks', 'signals'];

export interface Field {
  name: string;
  selector: Selector;
  required?: boolean;
  /** Whether there is a sentence about it in the texts (`fields.<name>_hint`). */
  hint?: boolean;
  /** Shown only then. */
  when?: (piece: Piece) => boolean;
}

export interface FormProps {
  piece: Piece;
  /** Where it stands in the configuration; its nested lists are below. */
  path: Path;
  /** `key`: changes of the same key in a row are one step of "undo". */
  change: (next: Piece, key?: string) => void;
}

export interface Kind {
  /** A path of `@mdi/js`. */
  icon: string;
  group: Group;
  /** Among those of its group; what people need most comes first, the others follow as their files do. */
  order?: number;
  make: () => Piece;
  /** What is edited with the server's selectors, in this order; texts at `<role>s.<kind>.fields.<name>`. */
  fields?: readonly Field[];
  /** Beside or instead of fields. */
  Form?: ComponentType<FormProps>;
  /** Keys that `Form` edits. */
  keys?: readonly string[];
  /** Whether the form can show it; without: always. What it cannot is edited as YAML. */
  fits?: (piece: Piece) => boolean;
  /** One line in plain words. */
  summary: (piece: Piece, say: Say) => string;
}

export interface NamedKind extends Kind {
  name: string;
  role: Role;
}

/** Keys that every piece of a role may have. */
export const BASE: Record<Role, readonly string[]> = {
  trigger: ['trigger', 'id', 'alias', 'enabled', 'variables'],
  condition: ['condition', 'alias', 'enabled'],
  action: ['alias', 'enabled', 'continue_on_error', 'metadata'],
};
