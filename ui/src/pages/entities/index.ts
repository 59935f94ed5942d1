import { mdiShapeOutline } from '@mdi/js';
import { late } from '@/app/late';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: '/entities/:entity?',
  icon: mdiShapeOutline,
  nav: { group: 'organise', order: 10, bar: 1 },
  access: 'user',
  component: late(() => import('./EntitiesPage')),
  needs: ['areas', 'labels', 'devices', 'entities'],
};
