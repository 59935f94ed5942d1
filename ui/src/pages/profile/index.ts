import { mdiAccountCircleOutline } from '@mdi/js';
import { late } from '@/app/late';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: '/profile',
  icon: mdiAccountCircleOutline,
  nav: null,
  access: 'user',
  component: late(() => import('./ProfilePage')),
};
