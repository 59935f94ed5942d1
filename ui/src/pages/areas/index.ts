import { mdiTextureBox } from '@mdi/js';
import { late } from '@/app/late';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: ['/areas', '/areas/:id'],
  icon: mdiTextureBox,
  nav: { group: 'organise', order: 20 },
  access: 'user',
  component: late(() => import('./AreasPage')),
  needs: ['areas', 'floors', 'devices', 'entities'],
};
