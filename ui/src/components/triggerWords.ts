/** What set a run off, in the words of whoever reads it. The server tells it in one line of English, which other clients know by heart. */

import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/data/hooks';
import { nameOf } from '@/data/words';

type Say = (key: string, values?: Record<string, string>) => string;

/** Lines that are the same each time. */
const PLAIN: Readonly<Record<string, string>> = {
  'time pattern': 'pattern',
  time: 'time',
  sunrise: 'sunrise',
  sunset: 'sunset',
  'sunrise with offset': 'sunriseOffset',
  'sunset with offset': 'sunsetOffset',
  'Home Assistant starting': 'start',
  'Home Assistant stopping': 'stop',
  'Tag scanned': 'tag',
  webhook: 'webhook',
  'time change or manual update via template': 'template',
};

const ID = '[a-z0-9_]+\\.[a-z0-9_]+';
/** Lines that name something: which text, and which value of it each group is. An `entity` is shown by its name. */
const NAMING: readonly (readonly [RegExp, string, readonly string[]])[] = [
  [new RegExp(`^state of (${ID})$`), 'state', ['entity']],
  [new RegExp(`^numeric state of (${ID})$`), 'number', ['entity']],
  [new RegExp(`^time set in (${ID})$`), 'timeIn', ['entity']],
  [new RegExp(`^(${ID}) via template$`), 'templateOf', ['entity']],
  [new RegExp(`^(${ID}) entering (.+)$`, 's'), 'entering', ['entity', 'zone']],
  [new RegExp(`^(${ID}) leaving (.+)$`, 's'), 'leaving', ['entity', 'zone']],
  [/^event '(.+)'$/s, 'event', ['event']],
  [/^mqtt topic (.+)$/s, 'mqtt', ['topic']],
  [/^geo_location - (.+)$/s, 'place', ['source']],
];

/** `state of binary_sensor.door` by the door's name, `time pattern` in words; what nobody knows (a custom event's) as it is. */
export function triggerWords(source: string, t: Say, name: (entityId: string) => string): string {
  const plain = Object.hasOwn(PLAIN, source) ? PLAIN[source] : undefined;
  if (plain) return t(`setOff.${plain}`);
  for (const [pattern, key, parts] of NAMING) {
    const found = pattern.exec(source);
    if (found) return t(`setOff.${key}`, Object.fromEntries(parts.map((part, index) => [part, part === 'entity' ? name(found[index + 1]!) : found[index + 1]!])));
  }
  return source;
}

/** A function that puts a trigger's line into words. */
export function useTriggerWords(): (source: string) => string {
  const { t } = useTranslation('components');
  const { entities } = useSession();
  return useCallback((source) => triggerWords(source, (key, values) => t(key, values ?? {}), (id) => nameOf(entities.get(id), id)), [t, entities]);
}
