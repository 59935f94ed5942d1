import { lazy } from 'react';
import { mdiDevices } from '@mdi/js';
import type { PageDefinition } from '@/app/pages';

const load = () => import('./DevicesPage');

export const page: PageDefinition = {
  path: ['/devices', '/devices/:id'],
  icon: mdiDevices,
  nav: { group: 'organise', order: 30 },
  access: 'user',
  component: lazy(load),
  load,
  needs: ['areas', 'labels', 'devices', 'entities'],
};
