/** The settings: each folder of `sections/` that has an `index.ts` is a page of its own at `/settings/<folder>`. */

import type { ComponentType, LazyExoticComponent } from 'react';
import type { User } from '@/data';

export const GROUPS = ['people', 'home', 'safety', 'system'] as const;

export interface Section {
  /** A path of `@mdi/js`. */
  icon: string;
  group: (typeof GROUPS)[number];
  order: number;
  access: 'admin' | 'owner';
  /** What the section shows below its header; texts in `locales`, under `sections.<folder>`. */
  component: LazyExoticComponent<ComponentType>;
  /** It takes all the width there is. */
  wide?: boolean;
}

export interface NamedSection extends Section {
  name: string;
  href: string;
}

const found = import.meta.glob<Section>('./sections/*/index.ts', { eager: true, import: 'section' });

export const sections: readonly NamedSection[] = Object.entries(found)
  .map(([file, section]) => {
    const name = file.split('/').at(-2) ?? '';
    return { ...section, name, href: `/settings/${name}` };
  })
  .sort((a, b) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group) || a.order - b.order);

export const mayOpenSection = (section: Section, user: User): boolean => section.access === 'admin' || user.is_owner;

export interface Hit {
  section: NamedSection;
  /** The one of the section's words that fits; empty: the section itself. */
  word: string;
}

/** What the settings have for some typed words. `texts`: a section's title, its line, and what can be set there. */
export function findSettings(typed: string, among: readonly NamedSection[], texts: (name: string) => { title: string; text: string; words: readonly string[] }): Hit[] {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [];
  const fits = (text: string) => wanted.every((word) => text.toLowerCase().includes(word));
  return among.flatMap((section) => {
    const { title, text, words } = texts(section.name);
    const inside = words.filter((word) => fits(`${word} ${title}`) && fits(word));
    const own = fits(`${title} ${text}`) ? [{ section, word: '' }] : [];
    return [...own, ...inside.map((word) => ({ section, word }))];
  });
}
