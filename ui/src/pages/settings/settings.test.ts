import { describe, expect, it } from 'vitest';
import { fill, formatBytes, hostOf } from './parts/words';
import { diffLines, withContext } from './sections/files/diff';
import { blocksOf, changedSections, whatFollows } from './sections/files/sections';
import { treeOf, whyNotNamed } from './sections/files/tree';
import { asText, sinceWords } from './sections/health/health';
import { changesOf, type HomeDraft } from './sections/home/draft';
import { inOrder, type Issue, wordsOf } from './sections/repairs/issues';
import { newKey } from './sections/backups/key';
import { findSettings, type NamedSection } from './sections';

const kinds = (theirs: string, mine: string) => diffLines(theirs, mine).map((line) => `${{ same: ' ', mine: '+', theirs: '-', skipped: '…' }[line.kind]}${line.text}`);

describe('what differs between two texts', () => {
  it('is shown line by line', () => {
    expect(kinds('a\nb\nc\nd', 'a\nx\nc\ny\nd')).toEqual([' a', '-b', '+x', ' c', '+y', ' d']);
    expect(kinds('', 'a')).toEqual(['-', '+a']);
    expect(kinds('a\nb', 'a\nb')).toEqual([' a', ' b']);
  });

  it('puts both texts together again', () => {
    const [theirs, mine] = ['one\ntwo\nthree\nfour\n', 'zero\ntwo\nfour\nthree\n'];
    const lines = diffLines(theirs, mine);
    expect(lines.filter((line) => line.kind !== 'mine').map((line) => line.text).join('\n')).toBe(theirs);
    expect(lines.filter((line) => line.kind !== 'theirs').map((line) => line.text).join('\n')).toBe(mine);
  });

  it('leaves out what is the same far away', () => {
    const before = Array.from({ length: 40 }, (_, index) => `line ${index}`);
    const after = before.map((line, index) => (index === 20 ? 'other' : line));
    const shown = withContext(diffLines(before.join('\n'), after.join('\n')));
    expect(shown[0]).toEqual({ kind: 'skipped', text: '17' });
    expect(shown.at(-1)).toEqual({ kind: 'skipped', text: '16' });
    expect(shown).toHaveLength(10);
  });

  it('does not stand still with large texts', () => {
    const [a, b] = [0, 1].map((which) => Array.from({ length: 5000 }, (_, index) => `${which} ${index}`).join('\n'));
    expect(diffLines(a!, b!)).toHaveLength(10_000);
  });
});

describe('what a saved file needs', () => {
  const before = 'homeassistant:\n  name: Home\n\nautomation: !include automations.yaml\nautomation second:\n  - id: a\n# a remark\nhttp:\n  server_port: 1\n';

  it('knows the sections', () => {
    expect([...blocksOf(before).keys()]).toEqual(['homeassistant', 'automation', 'http']);
    expect(changedSections('configuration.yaml', before, before.replace('id: a', 'id: b'))).toEqual(['automation']);
    expect(changedSections('configuration.yaml', before, before.replace('# a remark', '# another'))).toEqual([]);
    expect(changedSections('scripts.yaml', '', 'x')).toEqual(['script']);
    expect(changedSections('packages/a.yaml', '', 'x')).toBeNull();
  });

  it('is reading again, or a restart', () => {
    const can = (section: string) => section === 'automation';
    expect(whatFollows(['automation'], can)).toEqual({ is: 'reload', domains: ['automation'] });
    expect(whatFollows(['automation', 'http'], can)).toEqual({ is: 'restart', sections: ['http'] });
    expect(whatFollows(null, can)).toEqual({ is: 'all' });
    expect(whatFollows([], can)).toEqual({ is: 'nothing' });
  });
});

describe('files', () => {
  it('stand in folders, the first one first', () => {
    const file = (path: string) => ({ path, size: 1, modified: 0 });
    const tree = treeOf([file('automations.yaml'), file('configuration.yaml'), file('packages/a.yaml'), file('packages/garden/b.yaml')]);
    expect(tree.files.map((each) => each.path)).toEqual(['configuration.yaml', 'automations.yaml']);
    expect(tree.folders[0]?.files[0]?.path).toBe('packages/a.yaml');
    expect(tree.folders[0]?.folders[0]?.path).toBe('packages/garden');
  });

  it('have names that the server takes', () => {
    const taken = new Set(['a.yaml']);
    expect(['a.yaml', 'a.txt', '/a.yaml', '../a.yaml', 'x//a.yaml', '.a.yaml', 'x/b.yaml'].map((path) => whyNotNamed(path, taken))).toEqual(['taken', 'ending', 'outside', 'outside', 'outside', 'outside', null]);
  });
});

describe('words', () => {
  it('say sizes, times and hosts', () => {
    expect(formatBytes(1_536_000, 'en')).toBe('1.5\u00a0MB');
    expect(formatBytes(999, 'en')).toBe('999\u00a0B');
    expect(sinceWords(90_061, 'en')).toBe('1 day 1 hr');
    expect(sinceWords(42, 'en')).toBe('42 sec');
    expect(hostOf('http://10.0.0.7:8123/')).toBe('10.0.0.7:8123');
    expect(hostOf('my app')).toBe('my app');
  });

  it('of the server are filled in', () => {
    expect(fill('The disk of {name} is full: {what}', { name: 'home' })).toBe('The disk of home is full: {what}');
  });

  it('tell facts as a text', () => {
    expect(asText({ recorder: { info: { since: { type: 'date', value: '2026' }, on: true } } })).toBe('## recorder\nsince: 2026\non: true');
  });
});

describe('the home', () => {
  const draft: HomeDraft = { location_name: 'Home', latitude: 1, longitude: 2, elevation: 3, radius: 100, unit_system: 'metric', time_zone: 'UTC', currency: 'EUR', country: null, language: 'en' };

  it('sends only what differs and is not empty', () => {
    expect(changesOf(draft, { ...draft, latitude: 5, longitude: null, country: 'DE', location_name: '' })).toEqual({ latitude: 5, country: 'DE' });
    expect(changesOf(draft, draft)).toEqual({});
  });
});

describe('repair issues', () => {
  const issue = (severity: Issue['severity'], created: string): Issue => ({ domain: 'hue', issue_id: created, created, ignored: false, is_fixable: false, issue_domain: null, learn_more_url: null, severity, translation_key: 'gone', translation_placeholders: { name: 'Bridge' } });

  it('come with the worst first', () => {
    const found = inOrder([issue('warning', '3'), issue('error', '1'), issue('error', '2'), issue('critical', '0')]);
    expect(found.map((each) => each.created)).toEqual(['0', '2', '1', '3']);
  });

  it('have the words of the server', () => {
    const texts = { 'component.hue.issues.gone.title': '{name} is gone' };
    expect(wordsOf(issue('error', '1'), 'title', texts)).toBe('Bridge is gone');
    expect(wordsOf(issue('error', '1'), 'description', texts)).toBe('');
  });
});

describe('keys for backups', () => {
  it('are long, and have no letters that look alike', () => {
    expect(newKey()).toMatch(/^([A-HJ-NP-Z2-9]{5}-){4}[A-HJ-NP-Z2-9]{5}$/);
    expect(newKey()).not.toBe(newKey());
  });
});

describe('the search over settings', () => {
  const section = (name: string) => ({ name, href: `/settings/${name}` }) as NamedSection;
  const texts = (name: string) => ({ title: name, text: `All about ${name}`, words: [`${name} password`, 'Time zone'] });

  it('finds sections and what can be set in them', () => {
    const found = (typed: string) => findSettings(typed, [section('users'), section('home')], texts).map((hit) => `${hit.section.name}:${hit.word}`);
    expect(found('users')).toEqual(['users:', 'users:users password']);
    expect(found('ZONE time')).toEqual(['users:Time zone', 'home:Time zone']);
    expect(found('nonsense')).toEqual([]);
    expect(found('  ')).toEqual([]);
  });
});
