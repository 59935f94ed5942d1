import { lazy } from 'react';
import { mdiTextureBox } from '@mdi/js';
import type { PageDefinition } from '@/app/pages';

const load = () => import('./AreasPage');

export const page: PageDefinition = {
  path: ['/areas', '/areas/:id'],
  icon: mdiTextureBox,
  nav: { group: 'organise', order: 20 },
  access: 'user',
  component: lazy(load),
  load,
  needs: ['areas', 'floors', 'devices', 'entities'],
};
