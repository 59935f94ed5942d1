/** What a new automation or script begins with, handed over from another page: a copy, a blueprint. */

import { type Config, isRecord } from '../model/types';

export const nameIn = (config: Config): string => (typeof config.alias === 'string' ? config.alias : '');

/** The same under another name, and without what it is known by. */
export function copyOfItem({ id: _id, ...config }: Config, alias: string): Config {
  return { ...config, alias };
}

const PREFIX = 'marge_start/';

export function keepStart(config: Config): string {
  const key = Date.now().toString(36);
  sessionStorage.setItem(PREFIX + key, JSON.stringify(config));
  return key;
}

export function readStart(key: string | null): Config | null {
  if (!key) return null;
  const found: unknown = JSON.parse(sessionStorage.getItem(PREFIX + key) ?? 'null');
  return isRecord(found) ? found : null;
}
