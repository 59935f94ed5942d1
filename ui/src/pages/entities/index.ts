import { lazy } from 'react';
import { mdiShapeOutline } from '@mdi/js';
import type { PageDefinition } from '@/app/pages';

const load = () => import('./EntitiesPage');

export const page: PageDefinition = {
  path: '/entities/:entity?',
  icon: mdiShapeOutline,
  nav: { group: 'organise', order: 10, bar: 1 },
  access: 'user',
  component: lazy(load),
  load,
  needs: ['areas', 'labels', 'devices', 'entities'],
};
