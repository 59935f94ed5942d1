import { lazy } from 'react';
import { mdiPlayBoxMultipleOutline } from '@mdi/js';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: '/media-browser',
  icon: mdiPlayBoxMultipleOutline,
  nav: { group: 'home', order: 40 },
  access: 'user',
  component: lazy(() => import('./MediaPage')),
};
