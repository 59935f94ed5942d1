/** What the server says of actions, in the language of who looks. It writes its sentences into the audit log, too, and always in English. */

import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

export interface Told {
  /** Of `said` in the texts. */
  key: string;
  values: Readonly<Record<string, string>>;
  /** The actor that the home cannot be without: of `vital` in the texts. */
  vital?: string;
}

const SENTENCES: readonly (readonly [key: string, pattern: RegExp])[] = [
  ['starting', /^It is starting\.$/],
  ['restarting', /^It is restarting\.$/],
  ['stops', /^It stops, and stays stopped until it is started\.$/],
  ['waits', /^Its messages wait for (?<seconds>[\d.]+) s, or until it is resumed\.$/],
  ['goesOn', /^It goes on\.$/],
  ['drained', /^(?<count>\d+) waiting messages? went to the dead letters\.$/],
  ['kept', /^Its messages are kept for (?<seconds>[\d.]+) s\.$/],
  ['keptNoMore', /^Its messages are kept no more\.$/],
  ['level', /^The logger (?<name>\S+) says (?<level>\w+) for (?<seconds>[\d.]+) s\.$/],
  ['resent', /^(?<type>\S+) was sent again\.$/],
  ['cleared', /^(?<count>\d+) dead letters? thrown away\.$/],
  ['done', /^done$/],
  ['refused', /^refused$/],
  ['livesOnce', /^(?<path>\S+) cannot be restarted: it lives once\. It can be stopped\.$/],
  ['runsAlready', /^(?<path>\S+) runs already\.$/],
  ['alone', /^(?<path>\S+) cannot be (?:restarted|stopped): no supervisor looks after it\.$/],
  ['runsNot', /^(?<path>\S+) cannot be paused: it does not run now\.$/],
  ['notPaused', /^(?<path>\S+) is not paused\.$/],
  ['levels', /^(?<count>\d+) loggers have a level for a while already\.$/],
  ['nobody', /^no actor at (?<path>\S+)$/],
  ['letterGone', /^The dead letter (?<number>\d+) is not kept any more\.$/],
  ['tooLarge', /^It was too large to be kept; only its text is\.$/],
  ['startFirst', /^(?<path>\S+) does not run; start it first\.$/],
  ['looksAfter', /^(?<path>\S+) looks after others; what it missed is over\.$/],
  ['notTaken', /^(?<path>\S+) did not take it; it is a dead letter again\.$/],
  ['parent', /^(?<path>\S+) cannot be (?:paused|drained): it has children, and would miss that one of them died\.$/],
];
const VITAL = /^(?<path>\/\S*) cannot be (?<verb>stopped|paused|drained): .+\.$/;

/** Which sentence it is; null: none that is known. */
export function toldBy(text: string): Told | null {
  for (const [key, pattern] of SENTENCES) {
    const found = pattern.exec(text);
    if (found) return { key, values: found.groups ?? {} };
  }
  const { path, verb } = VITAL.exec(text)?.groups ?? {};
  return path && verb ? { key: verb === 'drained' ? 'emptied' : verb, values: { path }, vital: path } : null;
}

/** A sentence in words of one's own language; one that is not known stays as the server has it. */
export function useSaid(): (text: string) => string {
  const { t, i18n } = useTranslation('console');
  return useCallback(
    (text) => {
      const told = toldBy(text);
      if (!told) return text;
      const { count, ...values } = told.values;
      if (told.vital === undefined) return t(`said.${told.key}`, { ...values, ...(count === undefined ? {} : { count: Number(count) }), defaultValue: text });
      const key = `vital.${told.vital}`;
      return i18n.exists(`console:${key}`) ? t('said.vital', { path: told.vital, cannot: t(`said.${told.key}`), why: t(key) }) : text;
    },
    [t, i18n],
  );
}

/** Why a message reached nobody. */
export function useReason(): (reason: string) => string {
  const { t } = useTranslation('console');
  return useCallback((reason) => t(`reason.${reason.replaceAll(' ', '_')}`, { defaultValue: reason }), [t]);
}
