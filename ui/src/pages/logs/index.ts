import { lazy } from 'react';
import { mdiTextBoxSearchOutline } from '@mdi/js';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: '/logs/:tab?',
  icon: mdiTextBoxSearchOutline,
  nav: { group: 'system', order: 70 },
  access: 'admin',
  component: lazy(() => import('./LogsPage')),
};
