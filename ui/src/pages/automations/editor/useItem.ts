/** The state of one open automation or script: history, draft, what the server thinks of it. */

import { useCallback, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from 'react';
import { Store } from '@/data/store';
import { edited, type Editing, opened, type Version, versionOfText } from '../model/history';
import { copyOf, equal, idOf, inherit } from '../model/sharing';
import { at, changeAt, insertAt, listAt, move, removeAt } from '../model/tree';
import type { Domain } from '../model/types';
import { clipboard, copyPiece } from './clipboard';
import type { Dragged, EditorApi } from './context';
import { draftOf, forgetDraft, keepDraft } from './drafts';

export interface Item {
  state: Editing;
  api: EditorApi;
  /** Whether something differs from what the server has. */
  dirty: boolean;
  /** When the changes that were found at the opening were made; null: none were found. */
  draftFrom: number | null;
  type: (text: string) => void;
  undo: () => void;
  redo: () => void;
  /** This is what the server has now. */
  saved: (version: Version) => void;
  /** Back to what the server has. */
  revert: () => void;
}

const DRAFT_MS = 400;

/** @param draftKey where unsaved changes are kept in this browser. */
export function useItem(domain: Domain, initial: Version, draftKey: string, isNew: boolean): Item {
  const draft = useMemo(() => draftOf(draftKey), [draftKey]);
  const [base, setBase] = useState(initial);
  const [state, dispatch] = useReducer(edited, null, () => {
    if (!draft || draft.text === initial.text) return opened(domain, initial);
    return { ...opened(domain, versionOfText(domain, draft.text, initial.config)), past: [initial] };
  });
  const dirty = state.now.text !== base.text && !(isNew && equal(state.now.config, base.config));
  const latest = useRef({ state, dirty });
  useLayoutEffect(() => {
    latest.current = { state, dirty };
  });

  useEffect(() => {
    const timer = setTimeout(() => {
      if (dirty) keepDraft(draftKey, state.now.text);
      else forgetDraft(draftKey);
    }, DRAFT_MS);
    return () => clearTimeout(timer);
  }, [draftKey, dirty, state.now.text]);

  // What was typed in the last moment before leaving is kept as well.
  useEffect(() => {
    const keep = () => {
      if (latest.current.dirty) keepDraft(draftKey, latest.current.state.now.text);
    };
    addEventListener('pagehide', keep);
    return () => {
      removeEventListener('pagehide', keep);
      keep();
    };
  }, [draftKey]);

  const api = useMemo<EditorApi>(() => {
    const open = new Store<ReadonlySet<string>>(new Set());
    const edit: EditorApi['edit'] = (change, key) => dispatch({ do: 'edit', change, at: Date.now(), ...(key === undefined ? {} : { key }) });
    const toggle: EditorApi['toggle'] = (id, wanted) => {
      const next = new Set(open.get());
      if (wanted ?? !next.has(id)) next.add(id);
      else next.delete(id);
      open.set(next);
    };
    return {
      domain,
      config: () => latest.current.state.now.config,
      edit,
      set: (path, value, key) => edit((config) => changeAt(config, path, (before) => inherit(before, value)), key),
      insert: (list, index, piece) => {
        const made = copyOf(piece);
        toggle(idOf(made), true);
        edit((config) => insertAt(config, list, index, made));
      },
      remove: ({ list, index }) => edit((config) => (at(config, list) === undefined ? config : removeAt(config, list, index))),
      move: (from, to) => edit((config) => (listAt(config, from.list)[from.index] === undefined ? config : move(config, from, to))),
      open,
      toggle,
      problems: new Store([]),
      clipboard,
      copy: (role, piece) => copyPiece({ role, piece }),
      dragged: new Store<Dragged | null>(null),
    };
  }, [domain]);

  return {
    state,
    api,
    dirty,
    draftFrom: draft && dirty && (!isNew || draft.text !== '') ? draft.at : null,
    type: useCallback((text) => dispatch({ do: 'type', text, at: Date.now() }), []),
    undo: useCallback(() => dispatch({ do: 'undo' }), []),
    redo: useCallback(() => dispatch({ do: 'redo' }), []),
    saved: useCallback(
      (version) => {
        setBase(version);
        latest.current = { ...latest.current, dirty: false };
        forgetDraft(draftKey);
      },
      [draftKey],
    ),
    revert: useCallback(() => {
      forgetDraft(draftKey);
      dispatch({ do: 'type', text: base.text, at: Date.now() });
    }, [draftKey, base.text]),
  };
}
