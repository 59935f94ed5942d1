import { describe, expect, it } from 'vitest';
import german from './locales/de.json';
import { triggerWords } from './triggerWords';

const texts = german.setOff as Record<string, string>;
const say = (key: string, values: Record<string, string> = {}) => texts[key.replace('setOff.', '')]!.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name]!);
const words = (source: string) => triggerWords(source, say, (id) => ({ 'binary_sensor.door': 'Haustür', 'person.ann': 'Ann' })[id] ?? id);

describe('what set a run off', () => {
  it.each([
    ['time pattern', 'Zeitmuster'],
    ['time', 'Uhrzeit'],
    ['time set in input_datetime.wake', 'Uhrzeit aus input_datetime.wake'],
    ['sunset', 'Sonnenuntergang'],
    ['sunset with offset', 'Sonnenuntergang mit Versatz'],
    ['state of binary_sensor.door', 'Haustür'],
    ['numeric state of binary_sensor.door', 'Wert von Haustür'],
    ['binary_sensor.door via template', 'Haustür, laut Vorlage'],
    ['time change or manual update via template', 'Vorlage'],
    ["event 'doorbell'", 'Ereignis „doorbell“'],
    ['mqtt topic home/bell', 'MQTT-Nachricht auf home/bell'],
    ['person.ann entering Old Town', 'Ann kommt an: Old Town'],
    ['person.ann leaving Old Town', 'Ann geht: Old Town'],
    ['Home Assistant starting', 'Start von Marge'],
    ['geo_location - usgs', 'Ort auf der Karte (usgs)'],
  ])('is said in German: %s', (source, expected) => {
    expect(words(source)).toBe(expected);
  });

  it('is left as it is when nobody knows what it says', () => {
    expect(words('a programme of its own')).toBe('a programme of its own');
    expect(words('constructor')).toBe('constructor');
  });
});
