import { mdiMagnify } from '@mdi/js';
import { late } from '@/app/late';
import type { PageDefinition } from '@/app/pages';

/** `/search` opens the quick bar: for links, and for phones without Ctrl+K. */
export const page: PageDefinition = {
  path: '/search',
  icon: mdiMagnify,
  nav: null,
  access: 'user',
  component: late(() => import('./SearchPage')),
};
