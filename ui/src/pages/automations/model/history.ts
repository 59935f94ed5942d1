/** The state of an open editor: text and value in step, what was before and after. A reducer without side effects. */

import { share } from './sharing';
import { spell } from './spelling';
import type { Config, Domain } from './types';
import { type Mistake, parse, rewrite, write } from './yamlText';

export interface Version {
  text: string;
  /** What the text stands for, or stood for before it had a mistake. */
  config: Config;
  mistake: Mistake | null;
}

export interface Editing {
  domain: Domain;
  past: readonly Version[];
  now: Version;
  future: readonly Version[];
  /** What was changed last: changes of the same thing in a row are one step back. */
  last: { key: string; at: number } | null;
}

export type Change =
  | { do: 'open'; version: Version }
  | { do: 'edit'; change: (config: Config) => Config; key?: string; at: number }
  | { do: 'type'; text: string; at: number }
  | { do: 'undo' }
  | { do: 'redo' };

const TOGETHER_MS = 1200;
const STEPS = 200;

export function versionOf(config: Config): Version {
  return { text: write(config), config, mistake: null };
}

/** The version that a text is; `before` gives objects that did not change, and the value while there is a mistake. */
export function versionOfText(domain: Domain, text: string, before: Config): Version {
  const read = parse(text);
  if (read.mistake) return { text, config: before, mistake: read.mistake };
  return { text, config: share(before, spell(domain, read.value)), mistake: null };
}

/** What the server's file holds. */
export const versionOfFile = (domain: Domain, text: string): Version => versionOfText(domain, text, spell(domain, {}));

export const opened = (domain: Domain, version: Version): Editing => ({ domain, past: [], now: version, future: [], last: null });

function step(state: Editing, now: Version, key: string | undefined, at: number): Editing {
  const together = key !== undefined && state.last?.key === key && at - state.last.at < TOGETHER_MS;
  return {
    ...state,
    past: together ? state.past : [...state.past, state.now].slice(-STEPS),
    now,
    future: [],
    last: key === undefined ? null : { key, at },
  };
}

export function edited(state: Editing, change: Change): Editing {
  switch (change.do) {
    case 'open':
      return opened(state.domain, change.version);
    case 'type':
      if (change.text === state.now.text) return state;
      return step(state, versionOfText(state.domain, change.text, state.now.config), 'text', change.at);
    case 'edit': {
      const config = change.change(state.now.config);
      if (config === state.now.config) return state;
      // While the text has a mistake the form is closed; what comes all the same starts from its last good value.
      const text = state.now.mistake ? write(config) : rewrite(state.now.text, config);
      return step(state, { text, config, mistake: null }, change.key, change.at);
    }
    case 'undo': {
      const before = state.past.at(-1);
      return before ? { ...state, past: state.past.slice(0, -1), now: before, future: [state.now, ...state.future], last: null } : state;
    }
    case 'redo': {
      const [next, ...future] = state.future;
      return next ? { ...state, past: [...state.past, state.now], now: next, future, last: null } : state;
    }
  }
}
