/** The first view of the home as it was last time: shown while the rest of a large home is still on its way. */

import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession, useStore } from '@/data';
import { idsIn, remember, remembered } from '@/data/remembered';
import type { DashboardConfig, ViewConfig } from '@/lovelace/types';

/** So many cards are a screen, and some more. */
const CARDS = 100;

/** The view's first sections. */
export function beginningOf(view: ViewConfig): ViewConfig {
  if (!view.sections) return view;
  let count = 0;
  let room = CARDS;
  while (count < view.sections.length && (room -= view.sections[count]!.cards?.length ?? 0) >= 0) count += 1;
  return { ...view, sections: view.sections.slice(0, count) };
}

/**
 * @param config the default dashboard, null while it is not known, or another one is shown.
 * @param automatic whether nobody has written it.
 * @returns what can be shown until all states are there: `made` instead of a dashboard that nobody has written, and whether
 *   all that `config` begins with is there.
 */
export function useFirstView(config: DashboardConfig | null, automatic: boolean, loaded: boolean): { made: DashboardConfig | null; complete: boolean } {
  const { entities, user } = useSession();
  const { i18n } = useTranslation();
  useStore(entities.begun);
  const kept = useMemo(() => {
    const found = remembered();
    return found?.user === user.id && found.language === i18n.language ? found : null;
  }, [user, i18n.language]);

  useEffect(() => {
    const view = config?.views[0];
    if (!loaded || !view) return;
    const first = automatic ? beginningOf(view) : view;
    const all = [...idsIn(first)];
    const isThere = (id: string) => entities.stateOf(id) !== undefined;
    remember({ user: user.id, language: i18n.language, ids: all.filter(isThere), gone: all.filter((id) => !isThere(id)), ...(automatic ? { view: first } : {}) });
  }, [config, automatic, loaded, entities, user, i18n.language]);

  if (loaded || !kept) return { made: null, complete: loaded };
  const known = (id: string) => entities.stateOf(id) !== undefined || kept.gone.includes(id);
  return {
    made: kept.view && kept.ids.every(known) ? { views: [kept.view as ViewConfig] } : null,
    complete: config?.views[0] !== undefined && [...idsIn(config.views[0])].every(known),
  };
}
