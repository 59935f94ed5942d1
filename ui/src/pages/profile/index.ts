import { lazy } from 'react';
import { mdiAccountCircleOutline } from '@mdi/js';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: '/profile',
  icon: mdiAccountCircleOutline,
  nav: null,
  access: 'user',
  component: lazy(() => import('./ProfilePage')),
};
