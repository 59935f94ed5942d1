/** The pages: each folder of `src/pages/` that has an `index.ts` is one. */

import i18next from 'i18next';
import type { Need } from '@/data/session';
import type { User } from '@/data/types';
import type { Late } from './late';

export type Group = 'home' | 'automate' | 'organise' | 'observe' | 'system';
/** In the order in which the navigation shows them. */
export const GROUPS: readonly Group[] = ['home', 'automate', 'organise', 'observe', 'system'];

/** What `src/pages/<name>/index.ts` exports as `page`. */
export interface PageDefinition {
  /** Patterns of wouter: `/entities`, `/areas/:id`, `/settings/*?`. The first without its parameters is where the navigation leads. */
  path: string | readonly string[];
  /** A path of `@mdi/js`. */
  icon: string;
  /** Where it stands in the navigation; null: it is reached from elsewhere. `bar`: its place in a phone's bottom bar. */
  nav: { group: Group; order: number; bar?: number } | null;
  access: 'user' | 'admin' | 'owner';
  /** `late(() => import('./EntitiesPage'))`: the component is the file's default export; path parameters come from `useParams`. */
  component: Late;
  /** Registries that it begins with: asked for while the connection is made. */
  needs?: readonly Need[];
}

export interface Page extends PageDefinition {
  /** The folder's name: also the namespace of its texts, whose `title` names the page. */
  name: string;
  paths: readonly string[];
  /** Where the navigation leads. */
  href: string;
}

const found = import.meta.glob<PageDefinition>(['../pages/*/index.ts', '../pages/*/index.tsx'], { eager: true, import: 'page' });

/** All pages by the order of the navigation. */
export const pages: readonly Page[] = Object.entries(found)
  .map(([file, page]) => {
    const paths = typeof page.path === 'string' ? [page.path] : page.path;
    const href = (paths[0] ?? '/').replace(/\/[:*].*$/, '') || '/';
    return { ...page, name: file.split('/').at(-2) ?? '', paths, href };
  })
  .sort(
    (a, b) =>
      GROUPS.indexOf(a.nav?.group ?? 'system') - GROUPS.indexOf(b.nav?.group ?? 'system') ||
      (a.nav?.order ?? 0) - (b.nav?.order ?? 0),
  );

export function mayOpen(page: PageDefinition, user: User): boolean {
  if (page.access === 'owner') return user.is_owner;
  return page.access === 'user' || user.is_admin;
}

/** The page at an address, as far as one can tell from its beginning. */
export function pageAt(path: string): Page | undefined {
  const name = path.split('/')[1] ?? '';
  return pages.find((page) => page.paths.some((each) => each.split('/')[1] === name));
}

/** Have what a page is drawn with: its file and its texts. What fails here is tried again, and told, when the page is shown. */
export async function prepare(page: Page | undefined): Promise<void> {
  if (page) await Promise.allSettled([page.component.load(), i18next.loadNamespaces(page.name)]);
}
