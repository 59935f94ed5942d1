import { lazy } from 'react';
import { mdiTextureBox } from '@mdi/js';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: ['/areas', '/areas/:id'],
  icon: mdiTextureBox,
  nav: { group: 'organise', order: 20 },
  access: 'user',
  component: lazy(() => import('./AreasPage')),
};
