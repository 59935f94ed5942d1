import { mdiTextBoxSearchOutline } from '@mdi/js';
import { late } from '@/app/late';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: '/logs/:tab?',
  icon: mdiTextBoxSearchOutline,
  nav: { group: 'system', order: 70 },
  access: 'admin',
  component: late(() => import('./LogsPage')),
};
