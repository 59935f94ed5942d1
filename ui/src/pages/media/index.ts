import { mdiPlayBoxMultipleOutline } from '@mdi/js';
import { late } from '@/app/late';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: '/media-browser',
  icon: mdiPlayBoxMultipleOutline,
  nav: { group: 'home', order: 40 },
  access: 'user',
  component: late(() => import('./MediaPage')),
};
