import { secondsOf, type Say } from './say';

/** "30 min before sunset". */
export function sunWords(event: unknown, offset: unknown, say: Say): string {
  const name = say.t(`sun.${event === 'sunrise' ? 'sunrise' : 'sunset'}`);
  const seconds = offset === undefined ? 0 : secondsOf(offset);
  if (!seconds) return name;
  return say.t(seconds < 0 ? 'sun.before' : 'sun.after', { event: name, time: say.duration(Math.abs(seconds)) });
}
