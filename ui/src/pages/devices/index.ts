import { mdiDevices } from '@mdi/js';
import { late } from '@/app/late';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: ['/devices', '/devices/:id'],
  icon: mdiDevices,
  nav: { group: 'organise', order: 30 },
  access: 'user',
  component: late(() => import('./DevicesPage')),
  needs: ['areas', 'labels', 'devices', 'entities'],
};
