import { lazy } from 'react';
import { mdiHomeVariantOutline } from '@mdi/js';
import type { PageDefinition } from '@/app/pages';

const load = () => import('./HomePage');

export const page: PageDefinition = {
  path: ['/', '/home/:dashboard?/:view?'],
  icon: mdiHomeVariantOutline,
  nav: { group: 'home', order: 0, bar: 0 },
  access: 'user',
  component: lazy(load),
  load,
  needs: ['areas', 'floors', 'devices', 'entities'],
};
